"""The summaries say what the rows say, follow them by what triggers note, and every figure equals the rows behind
it.
"""

import datetime as dt
import html
import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core import formats
from core.choices import Role
from dashboards import fragment_cache
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter
from dashboards.fragment_cache import cached_fragment, note_wanted, render_again, wanted_fragments
from dashboards.models import PackageTally, ProgramStanding, RegionTally, StaleSubject, SummaryState
from dashboards.overview import figures, presenters
from dashboards.overview import tasks as overview_tasks
from dashboards.overview.packages import package_figures
from dashboards.overview.presenters import OverviewRequest
from dashboards.summaries import refresh as summaries
from procurement.models import Package
from programs.models import BudgetLine, Program, Recipients, Report, ReportValue
from tests import factories, generated_year, oracle_standing

ClientOf = Callable[[User], Client]
LAST = timezone.localdate().year - 1
AFTER = dt.date(LAST + 1, 2, 1)


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


@pytest.fixture
def year(db: None) -> generated_year.Year:
    made = generated_year.generate(LAST)
    summaries.refresh()
    return made


def test_standings_equal_plain_python(db: None) -> None:
    made = generated_year.generate(LAST, seed=2)
    for today, newest in ((AFTER, 4), (dt.date(LAST, 8, 1), 2), (dt.date(LAST, 2, 1), None)):
        summaries.refresh_everything(today)
        rows = {(row.program_id, row.quarter): row for row in ProgramStanding.objects.all()}
        assert len(rows) == 4 * len(made.programs)
        states = set()
        for program in made.programs:
            for quarter in (1, 2, 3, 4):
                row = rows[program.pk, quarter]
                due = None if newest is None else min(newest, quarter)
                wanted = oracle_standing.expected(program, quarter, due)
                assert (row.spent_rupiah, row.planned_rupiah) == (wanted.spent, wanted.planned)
                assert (row.achievement is None) == (wanted.achievement is None)
                assert abs((row.achievement or 0) - (wanted.achievement or 0)) < Decimal("0.00001")
                assert (row.state, set(row.reasons)) == (wanted.state, wanted.reasons), (program, quarter)
                states.add(row.state)
            assert rows[program.pk, 4].stands_still == oracle_standing.stands_still(program)
        assert len(states) > 1


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
        page = client.get(filters.link("overview"))
        shown, total = page.context, page.context["total"]
        packages = shown["packages"]
        links = re.findall(r'<a class="tile[^"]*"\s+href="([^"]+)"', page.content.decode())
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


def test_a_cached_page_goes_with_the_version(
    office: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a change readers see the former state with its own time, until the worker has rendered it anew."""
    client = client_of(office)
    program = factories.ProgramFactory()
    asked: list[Any] = []
    monkeypatch.setattr(presenters, "send", lambda _task, arguments: asked.append(arguments))
    summaries.refresh()

    def budget() -> str:
        found = re.search(
            r"Program terdaftar</div>.*?tile-note\">([^<]*)<", client.get("/dasbor/").content.decode(), re.DOTALL
        )
        assert found is not None
        return "".join(found[1].split())

    assert budget() == "Rp1miliar"
    Program.objects.filter(pk=program.pk).update(budget_rupiah=5_000_000_000)
    summaries.refresh()
    assert [budget(), budget()] == ["Rp1miliar", "Rp1miliar"]
    assert len(asked) == 1, "the worker is asked once, by whoever comes first"
    assert overview_tasks.render_overview(asked[0])
    assert not overview_tasks.render_overview(asked[0]), "in this version already"
    assert budget() == "Rp5miliar"


def test_the_worker_renders_what_readers_asked_for(office: User, client_of: ClientOf) -> None:
    """Under a filter too, and for each set of roles that sees something of its own."""
    year, agency = timezone.localdate().year, factories.agency().pk
    filtered = f"/dasbor/?tahun={year}&agency={agency}&peta=programs"
    verifier = client_of(factories.member(Role.VERIFIER))
    assert client_of(office).get(filtered).status_code == verifier.get("/dasbor/").status_code == 200
    factories.ProgramFactory()
    assert summaries.refresh()
    # The page as the office opens it, which nobody has looked at, and the two.
    assert overview_tasks.render_wanted_overviews() == 3
    assert overview_tasks.render_wanted_overviews() == 0
    with CaptureQueriesContext(connection) as queries:
        assert "Rp1" in "".join(verifier.get("/dasbor/").content.decode().split())
    assert not [query for query in queries if "dashboards_programstanding" in query["sql"]]


def test_what_an_overview_depends_on_goes_through_the_queue(office: User) -> None:
    filters = DashboardFilter(LAST, quarter=2, agency=3, region=4)
    request = OverviewRequest.of(office, filters, "programs")
    assert OverviewRequest.from_arguments(json.loads(json.dumps(request.arguments))) == request
    assert OverviewRequest.of(office, filters, "x").measure == "deviating"


def test_a_fragment_is_never_shown_old(db: None) -> None:
    now = timezone.now()
    made: list[str] = []
    asked: list[str] = []

    def render() -> str:
        made.append(f"{len(made) + 1}")
        return made[-1]

    def at(version: int, minutes: int) -> SummaryState:
        return SummaryState(version=version, as_of=now + dt.timedelta(minutes=minutes))

    def shown(state: SummaryState) -> fragment_cache.CachedFragment:
        return cached_fragment("x", state, render, lambda: asked.append("x"))

    assert shown(at(1, 0)).html == "1"
    same = shown(at(1, 30))
    assert (same.html, same.as_of) == ("1", now + dt.timedelta(minutes=30))
    assert asked == []
    former = shown(at(2, 1))
    assert (former.html, former.as_of) == ("1", now)  # stamped with its own time
    assert shown(at(2, 1)).html == "1"
    assert asked == ["x"]  # the worker is at it
    assert render_again("x", at(2, 1), render)
    assert not render_again("x", at(2, 1), render)
    assert shown(at(2, 1)).html == "2"
    assert shown(at(3, 10)).html == "3"  # nine minutes old: rendered while the reader waits
    assert made == ["1", "2", "3"]


def test_what_nobody_wants_any_more_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.delete(fragment_cache.WANTED_KEY)
    clock = 1_000.0
    monkeypatch.setattr("dashboards.fragment_cache.time.time", lambda: clock)
    for number in range(fragment_cache.MOST_WANTED + 5):
        clock += 1
        note_wanted(f"page {number}", {"number": number})
    wanted = wanted_fragments()
    assert len(wanted) == fragment_cache.MOST_WANTED
    assert wanted[0] == {"number": fragment_cache.MOST_WANTED + 4}
    clock += fragment_cache.FRAGMENT_SECONDS + 1
    assert wanted_fragments() == []


def test_an_agency_sees_its_own_standings(year: generated_year.Year, client_of: ClientOf) -> None:
    mine = year.programs[0].agency
    head = client_of(factories.member(Role.AGENCY_HEAD, mine.short_name))
    rows = head.get(f"/dasbor/program/?tahun={LAST}").context["page"]
    assert {row.record.agency_id for row in rows} == {mine.pk}
    other = year.programs[-1].agency
    assert not list(head.get(f"/dasbor/program/?tahun={LAST}&agency={other.pk}").context["page"])


@pytest.mark.parametrize(
    "query",
    [
        "period=2026-Q9",
        "period=x",
        "agency=999999",
        "agency=x",
        "region=%00",
        "domain=-1",
        "tahun=9999",
        "tahun=x",
        "urut=x",
        "state=x",
        "ukuran=seri-99999999",
        "ukuran=indikator-x",
        "ukuran=spm-99",
        "peta=x",
        "halaman=999",
        "a=zz&b=zz",
        "jenis=opd&a=zz",
    ],
)
def test_nonsense_in_the_address_is_no_error(query: str, office: User, client_of: ClientOf) -> None:
    client = client_of(office)
    for path in ("/dasbor/", "/dasbor/program/", "/dasbor/peta/", "/dasbor/banding/"):
        assert client.get(f"{path}?{query}").status_code == 200, path


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
