"""The summaries say what the rows say, follow them by what triggers note, and every figure equals the rows behind
it.
"""

import datetime as dt
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
from core.choices import Role
from dashboards import fragment_cache
from dashboards.filters import DashboardFilter
from dashboards.fragment_cache import cached_fragment, note_wanted, render_again, wanted_fragments
from dashboards.models import ProgramStanding, SummaryState
from dashboards.overview import presenters
from dashboards.overview import tasks as overview_tasks
from dashboards.overview.presenters import OverviewRequest
from dashboards.summaries import refresh as summaries
from programs.models import Program
from tests import factories, generated_year, oracle_standing

ClientOf = Callable[[User], Client]
LAST = timezone.localdate().year - 1
AFTER = dt.date(LAST + 1, 2, 1)


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


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
    request = OverviewRequest.of(office, filters, "spm", "programs")
    assert OverviewRequest.from_arguments(json.loads(json.dumps(request.arguments))) == request
    assert OverviewRequest.of(office, filters, "x", "x").measure == "deviating"


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
