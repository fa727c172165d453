"""A page's number of queries does not depend on how many rows it shows."""

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.periods import Period, PeriodKind
from dashboards import fragment_cache
from dashboards.overview.tabs import TABS
from dashboards.summaries import refresh as summaries
from dashboards.summaries.tasks import refresh_summaries
from programs.reports.cell_entry import CellEntry
from programs.reports.services import open_report, save_report
from spm.models import Domain
from tests import factories

PAGES = [
    (Role.OPERATOR, "/"),
    (Role.OPERATOR, "/program/"),
    (Role.OPERATOR, "/laporan/"),
    (Role.OPERATOR, "/pengadaan/"),
    (Role.OPERATOR, "/isian/{year}-Q1/"),
    (Role.OPERATOR, "/isian/{year}-01/"),
    (Role.OPERATOR, "/unggahan/"),
    (Role.OPERATOR, "/program/anggaran/"),
    (Role.AGENCY_HEAD, "/laporan/putusan/"),
    (Role.AGENCY_HEAD, "/"),
    (Role.AGENCY_HEAD, "/pernyataan/"),
    (Role.GOVERNORS_OFFICE, "/dasbor/"),
    (Role.GOVERNORS_OFFICE, "/dasbor/program/"),
    (Role.GOVERNORS_OFFICE, "/dasbor/peta/"),
    (Role.GOVERNORS_OFFICE, "/dasbor/banding/"),
    (Role.GOVERNORS_OFFICE, "/dasbor/banding/?jenis=opd"),
    (Role.AGENCY_HEAD, "/dasbor/opd/{agency}/"),
    (Role.GOVERNORS_OFFICE, "/peringatan/"),
    (Role.GOVERNORS_OFFICE, "/rapat/"),
    (Role.GOVERNORS_OFFICE, "/arahan/"),
    (Role.GOVERNORS_OFFICE, "/laporan/nilai/"),
    (Role.AUDITOR, "/audit/pengadaan/"),
    (Role.AUDITOR, "/"),
    (Role.VERIFIER, "/"),
    (Role.ADMINISTRATOR, "/"),
    (Role.DATA_STEWARD, "/"),
    (Role.DATA_STEWARD, "/acuan/"),
    (Role.DATA_STEWARD, "/acuan/aturan/"),
    (Role.GOVERNORS_OFFICE, "/mutu-data/"),
    (Role.GOVERNORS_OFFICE, "/spm/"),
    (Role.OPERATOR, "/spm/isian/"),
    (Role.OPERATOR, "/layanan/"),
    (Role.OPERATOR, "/layanan/?urut=-agency"),
    (Role.OPERATOR, "/layanan/peringkat/"),
    (Role.OPERATOR, "/program/?urut=-service"),
    (Role.OPERATOR, "/program/?unduh=csv"),
    (Role.GOVERNORS_OFFICE, "/laporan/nilai/?urut=indicator"),
    (Role.GOVERNORS_OFFICE, "/laporan/nilai/?unduh=csv"),
    (Role.OPERATOR, "/api/v1/programs/"),
    (Role.OPERATOR, "/api/v1/reports/"),
    (Role.OPERATOR, "/api/v1/packages/"),
]
MOST = 40


def add_rows(operator: User, count: int) -> None:
    for _number in range(count):
        indicator = factories.compared_indicator()
        report = factories.report_of(indicator.program, operator)
        key = report.values.get().pk
        cells = [CellEntry("v", key, "value", 99), CellEntry("v", key, "reason", "Alasan")]
        save_report(pk=report.pk, by=operator, version=report.version, cells=cells, submit=True)
        factories.sub_activity(indicator.program)
        open_report(
            program=indicator.program, period=Period(indicator.program.fiscal_year, PeriodKind.MONTH, 1), by=operator
        )
        factories.cleared_package(program=indicator.program)
        factories.PackageFactory()
        factories.public_service()


Asked = list[list[str]]  # what a page asks with few rows, and with more


@pytest.fixture(scope="module")
def asked_by_page() -> dict[tuple[Role, str], Asked]:
    """Filled by the first test that wants it: all pages over the same rows, which take longer to make than to show."""
    return {}


def ask_every_page(operator: User, client_of: Callable[[User], Client]) -> dict[tuple[Role, str], Asked]:
    clients: dict[Role, Any] = {
        role: client_of(operator if role == Role.OPERATOR else factories.member(role)) for role, _path in PAGES
    }
    found: dict[tuple[Role, str], Asked] = {page: [] for page in PAGES}
    for more in (2, 8):
        add_rows(operator, more)
        for role, path in PAGES:
            address = path.format(year=timezone.localdate().year, agency=factories.agency().pk)
            cache.clear()  # what another page left there would spare this one its questions
            clients[role].get(address)
            with CaptureQueriesContext(connection) as queries:
                answer = clients[role].get(address)
            ending = [] if answer.status_code == HTTPStatus.OK else [f"answered {answer.status_code}"]
            found[role, path].append([query["sql"] for query in queries] + ending)
    return found


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_queries_do_not_grow_with_rows(
    role: Role,
    path: str,
    operator: User,
    client_of: Callable[[User], Client],
    asked_by_page: dict[tuple[Role, str], Asked],
) -> None:
    if not asked_by_page:
        asked_by_page |= ask_every_page(operator, client_of)
    few, many = asked_by_page[role, path]
    assert not [text for text in few + many if text.startswith("answered ")]
    assert 0 < len(few) == len(many) <= MOST


DASHBOARDS = [
    "/dasbor/",
    *(f"/dasbor/?lihat={key}" for key in TABS),
    "/dasbor/?period={year}-Q1&agency={agency}&domain={domain}&region={region}",
    "/dasbor/peta/",
    "/dasbor/peta/?ukuran=menyimpang&agency={agency}",
    "/dasbor/opd/{agency}/",
    "/dasbor/program/?state=no_data",
    "/pengadaan/?declarations=missing",
    "/bendera/?subject=package&aside=no",
    "/laporan/nilai/?verdict=deviates",
    "/laporan/?kind=quarter&state=delivered",
]
AT_MOST = 12
NOT_A_QUESTION = ("SAVEPOINT", "RELEASE", "SET ", "BEGIN", "COMMIT")


@pytest.mark.parametrize("path", DASHBOARDS)
def test_a_dashboard_asks_at_most_twelve_times(
    path: str, operator: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cached or not: after a change of the summaries nothing of the page is cached but the names to choose from."""
    monkeypatch.setattr(fragment_cache, "MOST_SHOWN_AGE", dt.timedelta(-1))  # the reader renders what is not current
    add_rows(operator, 3)
    summaries.refresh()
    client: Any = client_of(factories.member(Role.GOVERNORS_OFFICE))
    places = {"agency": factories.agency().pk, "domain": Domain.objects.all()[0].pk, "region": factories.region().pk}
    path = path.format(year=timezone.localdate().year, **places)
    client.get(path)
    for made_anew in (False, True):
        if made_anew:
            add_rows(operator, 1)
            assert refresh_summaries()  # as the worker does
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        asked = [query["sql"] for query in queries if not query["sql"].startswith(NOT_A_QUESTION)]
        assert len(asked) <= AT_MOST, f"{made_anew=}\n" + "\n".join(sql[:150] for sql in asked)
