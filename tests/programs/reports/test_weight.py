"""What the sheets of an OPD with much to report weigh as they travel; `make bench ONLY=grid` measures it at size M."""

import gzip
import re

import pytest
from django.db.models import F
from django.db.models.functions import Mod
from django.utils import timezone

from accounts.models import User
from core.models import Region
from core.periods import Period
from kaltim_portal.embedded import ROOT
from programs.models import Progress, Recipients, ReportValue
from programs.reports.services import open_report
from tests import factories

FIRST_VISIT, AFTER = 150_000, 30_000
PROGRAMS, INDICATORS, SUB_ACTIVITIES = 10, 5, 8
YEAR = timezone.localdate().year
MONTH, QUARTER = f"{YEAR}-01", f"{YEAR}-Q1"


@pytest.fixture
def busy(operator: User) -> User:
    """An operator of ten programmes with all their figures of a month and a quarter."""
    regions = Region.objects.filter(level="regency")
    for _each in range(PROGRAMS):
        program = factories.ProgramFactory(regions=regions)
        factories.IndicatorFactory.create_batch(INDICATORS, program=program, by_region=True)
        for number in range(SUB_ACTIVITIES):
            factories.sub_activity(program, number)
        for when in (MONTH, QUARTER):
            open_report(program=program, period=Period.parse(when), by=operator)
    Progress.objects.update(planned_rupiah=F("pk") * 7919, financial_rupiah=F("pk") * 6311, physical_percent=8)
    ReportValue.objects.update(value=50 + Mod(F("pk") * 7, 40))
    Recipients.objects.update(people=F("pk") * 13)
    return operator


@pytest.mark.parametrize("when", [MONTH, QUARTER])
def test_the_sheet_is_light(when: str, busy: User) -> None:
    body = factories.signed_in(busy).get(f"/isian/{when}/").content
    loaded = {found.decode() for found in re.findall(rb'(?:href|src)="/static/([^"#]+)', body)}
    assert {"css/portal.css", "js/sheet.js"} <= loaded
    page = len(gzip.compress(body))
    files = sum(len(gzip.compress((ROOT / "static" / name).read_bytes())) for name in loaded)
    assert page < AFTER, page
    assert page + files < FIRST_VISIT, page + files
