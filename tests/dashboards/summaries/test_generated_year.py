"""The summaries of a generated year: they say what its rows say, and follow every change of them."""

import copy
import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core import formats
from core.choices import Role
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter
from dashboards.models import PackageTally, ProgramStanding, RegionTally, StaleSubject, SummaryState
from dashboards.overview import figures
from dashboards.overview.packages import package_figures
from dashboards.overview.tabs import TABS
from dashboards.summaries import refresh as summaries
from procurement.models import Package
from programs.models import BudgetLine, Program, Recipients, Report, ReportValue
from tests import factories, generated_year, oracle_standing, worlds

ClientOf = Callable[[User], Client]
LAST = timezone.localdate().year - 1
AFTER = dt.date(LAST + 1, 2, 1)


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[generated_year.Year]:
    """The year once for all tests."""
    with worlds.kept_for_a_module(django_db_blocker):
        year = generated_year.generate(LAST)
        summaries.refresh()
        yield year


@pytest.fixture
def year(made: generated_year.Year, db: None) -> generated_year.Year:
    """As it was made, whatever the test before did with it."""
    return copy.deepcopy(made)


def _all(model: Any, *leave: str) -> list[tuple[Any, ...]]:
    names = [each.name for each in model._meta.concrete_fields if each.name not in {"id", *leave}]
    return sorted(map(str, model.objects.values_list(*names)))


def test_what_is_noted_is_enough(year: generated_year.Year) -> None:
    """After any change a refresh by the notes leaves what a refresh of everything would make."""
    program = year.programs[0]
    other = year.programs[-1]
    report = Report.objects.delivered().quarterly().first()
    assert report is not None
    changes: list[Callable[[], Any]] = [
        lambda: Program.objects.filter(pk=program.pk).update(budget_rupiah=7),
        lambda: program.regions.set([factories.region("64.71"), factories.region("64.74")]),
        lambda: ReportValue.objects.filter(report=report).update(value=Decimal(77)),
        lambda: Report.objects.filter(pk=report.pk).update(is_current=False),
        lambda: Package.objects.filter(pk=year.packages[0].pk).update(fiscal_year=LAST - 1),
        lambda: factories.cleared_package(agency=program.agency, fiscal_year=LAST, program=program),
        lambda: other.indicators.first().targets.update_or_create(period=_quarter(4), defaults={"value": Decimal(33)}),
        lambda: Recipients.objects.filter(report=report).delete(),
        lambda: BudgetLine.objects.filter(pk=BudgetLine.objects.order_by("pk").values("pk")[:1]).delete(),
    ]
    for number, change in enumerate(changes):
        change()
        assert StaleSubject.objects.exists(), number
        version = SummaryState.current().version
        assert summaries.refresh(AFTER) > 0
        assert SummaryState.current().version == version + 1
        by_notes = [_all(model) for model in (ProgramStanding, RegionTally, PackageTally)]
        summaries.refresh_everything(AFTER)
        assert by_notes == [_all(model) for model in (ProgramStanding, RegionTally, PackageTally)], number
    version = SummaryState.current().version
    assert summaries.refresh(AFTER) == 0
    assert SummaryState.current().version == version


def _quarter(number: int) -> Any:
    from core.periods import Period, PeriodKind

    return Period(LAST, PeriodKind.QUARTER, number)


def filters_to_try(year: generated_year.Year) -> list[DashboardFilter]:
    program = year.programs[3]
    domain = next(each.service.domain_id for each in year.programs if each.service)
    region = program.regions.first().pk
    return [
        DashboardFilter(LAST),
        DashboardFilter(LAST, quarter=2),
        DashboardFilter(LAST, agency=program.agency_id),
        DashboardFilter(LAST, domain=domain),
        DashboardFilter(LAST, region=region),
        DashboardFilter(LAST, quarter=3, agency=program.agency_id, region=region),
        DashboardFilter(LAST, quarter=1, domain=domain),
    ]


def test_sums_equal_the_rows_behind_them(year: generated_year.Year, office: User, client_of: ClientOf) -> None:
    """Each figure of the overview, under every filter, against the list that its own link leads to."""
    client = client_of(office)
    nonzero = set()
    for filters in filters_to_try(year):
        pages = {key: client.get(filters.link("overview", lihat=key)) for key in TABS}
        shown, total = pages["regions"].context, pages["regions"].context["total"]
        packages = shown["packages"]
        whole = "".join(page.content.decode() for page in pages.values())
        links = re.findall(r'<a class="tile[^"]*"\s+href="([^"]+)"', whole)
        tiles = {
            html.unescape(link).split("?")[0] + html.unescape(link).split("&")[-1]: html.unescape(link)
            for link in links
        }
        expected = {
            "/dasbor/program/urut=serapan": total.programs,
            "/laporan/state=delivered": total.delivered,
            "/laporan/nilai/verdict=deviates": total.verdicts.deviates,
            "/program/evidence=missing": total.without_evidence,
            "/pengadaan/declarations=missing": packages.missing,
            "/bendera/aside=no": packages.flags,
        }
        for key, figure in expected.items():
            if filters.region and key.startswith(("/pengadaan", "/bendera")):
                continue  # they have no region, as the page says
            rows = client.get(tiles[key]).context["page"].paginator.count
            assert rows == figure, (filters, key)
            if figure:
                nonzero.add(key)
        sums = client.get(tiles["/dasbor/program/urut=serapan"]).context["sums"]
        for page in pages.values():
            assert page.context["finding"] in html.unescape(page.content.decode())
        assert sums.spent_rupiah == total.spent_rupiah
        assert sums.ceremonial_rupiah == total.ceremonial_rupiah
        assert sums.budget_rupiah == total.budget_rupiah
        for state, count, url in shown["states"]:
            assert client.get(url).context["page"].paginator.count == count, (filters, state)
        assert sum(count for _state, count, _url in shown["states"]) == total.programs
        for row in shown["regions"]:
            here = {"region": row.region.pk}
            deviating = filters.link("programs:report-values", verdict="deviates", **here)
            assert client.get(deviating).context["page"].paginator.count == row.verdicts.deviates
            reached = filters.link("standings", **here)
            assert client.get(reached).context["page"].paginator.count == row.programs, (filters, row.region)
        for row in shown["overview"].agencies:
            url = filters.link("programs:reports", agency=row.agency.pk, kind="quarter", state="delivered")
            assert client.get(url).context["page"].paginator.count == row.total.delivered
    assert len(nonzero) == 6


def test_money_equals_the_raw_rows(year: generated_year.Year, office: User) -> None:
    whole = figures.overview(office, DashboardFilter(LAST))
    spent = sum((oracle_standing.expected(each, 4, 4).spent or Decimal(0) for each in year.programs), Decimal(0))
    assert whole.total.spent_rupiah == spent
    assert whole.total.budget_rupiah == sum(each.budget_rupiah for each in year.programs)
    assert sum(whole.total.states[state] for state in Standing.values) == len(year.programs)
    packages = package_figures(office, DashboardFilter(LAST))
    raw = [Package.objects.get(pk=each.pk) for each in year.packages]
    assert packages.packages == len(raw)
    assert packages.ceiling_rupiah == sum(each.ceiling_rupiah for each in raw)


def test_an_agency_sees_its_own_standings(year: generated_year.Year, client_of: ClientOf) -> None:
    mine = year.programs[0].agency
    head = client_of(factories.member(Role.AGENCY_HEAD, mine.short_name))
    rows = head.get(f"/dasbor/program/?tahun={LAST}").context["page"]
    assert {row.record.agency_id for row in rows} == {mine.pk}
    other = year.programs[-1].agency
    assert not list(head.get(f"/dasbor/program/?tahun={LAST}&agency={other.pk}").context["page"])


@pytest.mark.parametrize(
    ("order", "name", "sign"), [("serapan", "absorbed", 1), ("capaian", "achievement", 1), ("anggaran", "budget", -1)]
)
def test_links_of_the_overview_sort_the_programmes(
    order: str, name: str, sign: int, year: generated_year.Year, office: User, client_of: ClientOf
) -> None:
    """By the heading of that figure, the lowest or the largest first, and what has none last."""
    table = client_of(office).get(f"/dasbor/program/?tahun={LAST}&urut={order}").context["table"]
    figures = [row.get_cell_value(name) for row in table.page.object_list]
    known = [figure for figure in figures if isinstance(figure, Decimal)]
    assert len(known) > 1
    assert known == sorted(known, key=lambda figure: sign * figure)
    assert figures[: len(known)] == known
    assert table.columns[name].is_ordered


def test_the_sums_stand_below_their_columns(year: generated_year.Year, office: User, client_of: ClientOf) -> None:
    answer = client_of(office).get(f"/dasbor/program/?tahun={LAST}")
    sums, columns = answer.context["sums"], answer.context["table"].columns
    assert columns["program"].footer == f"{sums.programs} program seluruhnya"
    assert columns["spent"].footer == formats.rupiah_short(sums.spent_rupiah)
    assert "<tfoot>" in answer.content.decode()
