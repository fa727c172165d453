"""Keeps the summaries that dashboards read: works off what the triggers noted, and stamps what it knows as of when.

A refresh takes the notes, makes the rows of those subjects anew and counts up the version in one transaction, so a
reader sees either the old or the new state of all of them. `refresh_everything` is for a new day, when quarters become
due.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from core.locks import wait_for_lock
from core.sql import statements
from dashboards.models import PackageTally, ProgramStanding, RegionTally, StaleSubject, SummaryState
from dashboards.status_rule import LIMITS
from procurement.models import Package
from programs.choices import ReportState
from programs.models import Program
from programs.registration.impact import CEREMONIAL_CONCERN

AT_ONCE = 500  # programmes per statement: bounds the memory of its sorts
LOCK = "dashboard-summaries"  # one refresh at a time


STATEMENTS = statements("refresh.sql", beside=__file__)


@transaction.atomic
def refresh(today: dt.date | None = None) -> int:
    """Work off the notes. Returns how many subjects were made anew; 0 only moves the stamp."""
    wait_for_lock(LOCK)
    now = timezone.now()
    taken = _take()
    programs = {key for subject, key, _year in taken if subject == StaleSubject.PROGRAM}
    packages = {(key, year) for subject, key, year in taken if subject == StaleSubject.PACKAGES and year is not None}
    _make_programs(programs, today or timezone.localdate())
    _make_packages(packages)
    _stamp(now, changed=bool(taken))
    return len(taken)


@transaction.atomic
def refresh_everything(today: dt.date | None = None) -> int:
    """All summaries from the raw rows: once a day, because quarters become due, and after bulk loads past the
    triggers."""
    wait_for_lock(LOCK)
    now = timezone.now()
    _take()
    programs = set(Program.objects.values_list("pk", flat=True))
    packages = set(Package.objects.order_by().values_list("agency", "fiscal_year").distinct())
    ProgramStanding.objects.all()._raw_delete("default")  # noqa: SLF001 (Django's way to a bare DELETE)
    RegionTally.objects.all()._raw_delete("default")  # noqa: SLF001
    PackageTally.objects.all()._raw_delete("default")  # noqa: SLF001
    _make_programs(programs, today or timezone.localdate())
    _make_packages(packages)
    _stamp(now, changed=True)
    return len(programs) + len(packages)


def _take() -> list[tuple[str, int, int | None]]:
    """The notes, which are gone with the transaction. What commits from now on leaves notes of its own."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS["take_notes"])
        return list(cursor.fetchall())


def _make_programs(programs: Iterable[int], today: dt.date) -> None:
    ordered = sorted(programs)
    for first in range(0, len(ordered), AT_ONCE):
        keys = ordered[first : first + AT_ONCE]
        ProgramStanding.objects.filter(program_id__in=keys)._raw_delete("default")  # noqa: SLF001
        RegionTally.objects.filter(program_id__in=keys)._raw_delete("default")  # noqa: SLF001
        values = {
            "programs": keys,
            "delivered": [str(each) for each in ReportState.delivered()],
            "today": today,
            "ceremonial": CEREMONIAL_CONCERN,
            **LIMITS,
        }
        _run(("program_standing", "region_tally"), values)


def _make_packages(packages: Iterable[tuple[int, int]]) -> None:
    pairs = sorted(packages)
    if not pairs:
        return
    agencies, years = [agency for agency, _year in pairs], [year for _agency, year in pairs]
    _run(("forget_package_tallies", "package_tally"), {"agencies": agencies, "years": years})


def _run(names: Sequence[str], values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(STATEMENTS[name], values)


def _stamp(now: dt.datetime, *, changed: bool) -> None:
    if not SummaryState.objects.update(as_of=now, version=F("version") + int(changed)):
        SummaryState.objects.create(as_of=now, version=1)
