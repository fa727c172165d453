"""The head of the overview: each figure is the number of the rows that its link leads to."""

import datetime as dt
import html
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.periods import Period, PeriodKind
from dashboards import fragment_cache
from dashboards.directives import services as directive_services
from dashboards.filters import DashboardFilter
from dashboards.models import ProgramStanding, SummaryState
from dashboards.overview import tiles
from dashboards.overview.tabs import TABS
from dashboards.summaries import refresh as summaries
from procurement.models import Flag
from public_services.models import PublicService
from spm.models import IndexValue
from tests import factories

ClientOf = Callable[[User], Client]
TODAY = timezone.localdate()


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


def test_figures_are_the_rows_behind_them(office: User, client_of: ClientOf) -> None:
    package, other = factories.PackageFactory(), factories.PackageFactory(fiscal_year=TODAY.year - 1)
    for code, row in (("K02", package), ("R028", package), ("K02", other)):
        Flag.objects.create(
            code=code, subject="package", key=row.rup_code, package=row, agency=row.agency, fiscal_year=row.fiscal_year
        )
    Flag.objects.create(code="K04", subject="buyer", key="o", agency=package.agency)
    Flag.objects.create(
        code="K05", subject="package", key="z", package=package, fiscal_year=TODAY.year, closed_at=timezone.now()
    )
    aside = Flag.objects.create(code="K06", subject="package", key="y", package=package, fiscal_year=TODAY.year)
    Flag.objects.filter(pk=aside.pk).update(suppressed_at=timezone.now(), suppressed_because="x", suppressed_by=office)
    for days in (-3, -1, 4):
        facts = {"agency": factories.agency(), "text": "x", "measure": "y", "given_on": TODAY - dt.timedelta(days=9)}
        directive_services.give(values=facts | {"due_on": TODAY + dt.timedelta(days=days)}, by=office)
    for level in (0, 4, 4):
        service = factories.public_service()
        PublicService.objects.filter(pk=service.pk).update(digital_level=level, address="https://layanan.go.id/")
    summaries.refresh()
    client = client_of(office)
    page = client.get("/dasbor/")
    whole = "".join(client.get(f"/dasbor/?lihat={key}").content.decode() for key in TABS)
    head, packages = page.context["headline"], page.context["packages"]
    assert (packages.flags, packages.flagged, head.directives_late, head.services, head.services_full) == (
        2,
        1,
        2,
        3,
        2,
    )
    links = dict(re.findall(r'<a class="tile[^"]*"\s+href="(/[^"?]+)\?([^"]*)"', html.unescape(whole)))
    for path, said in (
        ("/bendera/", packages.flags),
        ("/arahan/", head.directives_late),
        ("/layanan/", head.services_full),
    ):
        rows = client.get(f"{path}?{links[path]}").context["page"].paginator.count
        assert rows == said, path


def test_the_index_and_its_change(office: User) -> None:
    province = factories.region("64")
    assert tiles.spm_now(DashboardFilter(2025)) is None
    for year, month, index in ((2024, 5, "82"), (2025, 3, "81.5"), (2025, 4, "83"), (2025, 5, "84.25")):
        IndexValue.objects.create(
            level="region", region=province, period=Period(year, PeriodKind.MONTH, month), index=Decimal(index)
        )
    now = tiles.spm_now(DashboardFilter(2025))
    assert now is not None
    assert (now.index, now.change, str(now.month)) == (Decimal("84.25"), Decimal("2.25"), "2025-05")
    assert str(now.base) == "2024-05"


def test_each_part_stands_in_the_address_with_its_filters(office: User, client_of: ClientOf) -> None:
    client = client_of(office)
    agency = factories.agency()
    for key in TABS:
        page = client.get("/dasbor/", {"lihat": key, "agency": agency.pk})
        assert page.context["tab"] == key
        shown = html.unescape(page.content.decode())
        assert page.context["finding"] in shown
        for other in TABS:
            assert re.search(rf'href="/dasbor/\?tahun={TODAY.year}&agency={agency.pk}&lihat={other}"', shown)
        assert re.search(rf'<input type="hidden"\s+name="lihat" value="{key}"', shown), "filtering keeps the part"
    for odd in ("", "x", "../spm", "spm" * 200):
        shown = client.get("/dasbor/", {"lihat": odd}).content.decode()
        assert re.search(r'lihat=program"\s+aria-current="page"', shown), odd


def test_a_part_says_what_it_found(office: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragment_cache, "MOST_SHOWN_AGE", dt.timedelta(-1))  # the reader renders what is not current
    client = client_of(office)
    assert client.get("/dasbor/?lihat=spm").context["finding"].startswith("Belum ada bulan SPM")
    program = factories.ProgramFactory()
    summaries.refresh()
    stood = ProgramStanding.objects.filter(program=program, quarter=4)
    stood.update(state="off_track", spent_rupiah=program.budget_rupiah / 4, ceremonial_rupiah=1, direct_rupiah=3)
    SummaryState.objects.update(version=99)
    assert client.get("/dasbor/").context["finding"] == "1 dari 1 program melenceng atau berisiko"
    said = client.get("/dasbor/?lihat=budget").context["finding"]
    assert said == "25,0% anggaran terserap; seremonial mengambil 25,0% rincian anggaran"
