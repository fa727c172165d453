"""From 30 December to 15 January: what is owed counts across years, pages open on the year that reports, every task
runs."""

import datetime as dt
from collections.abc import Callable
from functools import cache as kept
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.models import Notice, User
from core.choices import Role
from core.forecasting.back_tests import ForecastTest, generated_back_tests
from core.periods import Period, PeriodKind
from dashboards.early_warnings import back_tests
from dashboards.home.todo import worklist
from kaltim_portal.schedule import SCHEDULE
from programs.models import Program, Report
from programs.reports.reminders import send_reminders
from programs.reports.years import reporting_year
from tests import factories

pytestmark = pytest.mark.django_db
OLD = timezone.localdate().year
NEW = OLD + 1
DAYS = [dt.date(OLD, 12, day) for day in (30, 31)] + [dt.date(NEW, 1, day) for day in (1, 2, 5, 6, 10, 11, 15)]
ClientOf = Callable[[User], Client]


@pytest.fixture
def program(operator: User) -> Program:
    """Registered for the old year, with something to report each month and quarter."""
    made: Program = factories.ProgramFactory(agency=factories.agency(), fiscal_year=OLD, state="registered")
    factories.IndicatorFactory(program=made)
    factories.sub_activity(made)
    return made


@pytest.fixture
def at(monkeypatch: Any) -> Callable[[dt.date], None]:
    def set_day(day: dt.date) -> None:
        moment = timezone.make_aware(dt.datetime.combine(day, dt.time(0, 30)))
        monkeypatch.setattr(timezone, "now", lambda: moment)
        cache.clear()

    return set_day


def delivered(program: Program, period: Period) -> Report:
    return Report.objects.create(
        program=program,
        period=period,
        state="submitted",
        submitted_at=timezone.now(),
        submitted_by=program.created_by,
    )


def owed_of(user: User, day: dt.date) -> str:
    groups = worklist(user, day.year, day)
    return " ".join(task.title for group in groups for task in group.tasks)


def test_decembers_and_the_fourth_quarters_duties_are_told_in_january(operator: User, program: Program) -> None:
    told = [day for day in DAYS if send_reminders(day)]
    assert dt.date(NEW, 1, 5) in told, "the last day of December's report"
    assert dt.date(NEW, 1, 10) in told, "the last day of the fourth quarter's"
    texts = " ".join(Notice.objects.filter(user=operator).values_list("text", flat=True))
    assert f"Desember {OLD}" in texts
    assert f"Triwulan IV {OLD}" in texts


def test_tasks_of_the_old_year_stay_on_the_list(operator: User, program: Program) -> None:
    for month in range(1, 12):
        delivered(program, Period(OLD, PeriodKind.MONTH, month))
    for day in DAYS[2:]:
        assert f"Desember {OLD}" in owed_of(operator, day), day
        assert f"Triwulan IV {OLD}" in owed_of(operator, day), day
    delivered(program, Period(OLD, PeriodKind.MONTH, 12))
    assert f"Desember {OLD}" not in owed_of(operator, dt.date(NEW, 1, 6))


def test_the_grid_opens_on_december_until_january_is_over(
    operator: User, program: Program, client_of: ClientOf, at: Callable[[dt.date], None]
) -> None:
    for day in DAYS[2:]:
        at(day)
        assert client_of(operator).get("/isian/")["Location"] == f"/isian/{OLD}-12/", day
    at(dt.date(NEW, 2, 1))
    assert client_of(operator).get("/isian/")["Location"] == f"/isian/{NEW}-01/"


def test_readers_open_on_the_newest_year_that_reports(
    program: Program, client_of: ClientOf, at: Callable[[dt.date], None], client: Client
) -> None:
    delivered(program, Period(OLD, PeriodKind.QUARTER, 3))
    reader = factories.member(Role.GOVERNORS_OFFICE)
    for day in DAYS:
        at(day)
        office = client_of(reader)
        assert reporting_year(day) == OLD
        assert client.get("/publik/").context["year"] == OLD, day
        assert office.get("/dasbor/").wsgi_request.workspace.fiscal_year == OLD, day  # type: ignore[attr-defined]
    follower = factories.ProgramFactory(agency=program.agency, fiscal_year=NEW, state="registered")
    delivered(follower, Period(NEW, PeriodKind.MONTH, 1))
    at(dt.date(NEW, 2, 3))
    assert client.get("/publik/").context["year"] == NEW


def test_people_of_an_opd_plan_in_the_new_year(
    operator: User, program: Program, client_of: ClientOf, at: Callable[[dt.date], None]
) -> None:
    delivered(program, Period(OLD, PeriodKind.QUARTER, 3))
    at(dt.date(NEW, 1, 2))
    assert client_of(operator).get("/").wsgi_request.workspace.fiscal_year == NEW  # type: ignore[attr-defined]


@kept
def of_generated_years(years: int) -> list[ForecastTest]:
    """The same on whatever day they are worked out, and slow."""
    return list(generated_back_tests(years=years))


@pytest.mark.parametrize("day", DAYS)
def test_every_task_of_the_schedule_runs(
    day: dt.date, program: Program, at: Callable[[dt.date], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(back_tests, "generated_back_tests", of_generated_years)
    delivered(program, Period(OLD, PeriodKind.QUARTER, 3))
    at(day)
    for task in SCHEDULE:
        import_string(task.task)()
