"""Official figures that programmes rest on, which improved or stood still before and now turned for the worse."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.sql import statement
from dashboards.choices import WarningKind
from dashboards.early_warnings.rules.base import Facts, FoundWarning, WarningRule, figure, people_of
from dashboards.filters import link
from dashboards.models import EarlyWarning
from datasources.models import Observation
from programs.choices import Direction
from programs.models import Program

TURN = Decimal("0.01")  # a change of less than one per cent of the figure is no turn
DECIMALS = 2
NAMED = 2
SLOW = 0.2  # an official figure moves with the years, not within a week
Place = tuple[int, int]  # (series, region)


class WorseReferences(WarningRule):
    kind = WarningKind.REFERENCE

    def find(self, year: int, today: dt.date) -> list[FoundWarning]:
        del today  # the newest figure says as of when
        wanted = _wanted(year)
        turned = [row for row in _newest(wanted, year) if _has_turned(row[1], high_is_bad=wanted[row[0]][0])]
        labels = _labels({place for place, _figures, _since in turned})
        found = []
        for place, (now, before, _earlier), since in turned:
            program = wanted[place][1]
            name, region = labels[place]
            found.append(
                FoundWarning(
                    self.kind,
                    f"{place[0]}-{place[1]}",
                    program.agency_id,
                    program.pk,
                    f"{name}: {region}"[:300],
                    link("map", tahun=year, ukuran=f"seri-{place[0]}"),
                    people_of(program),
                    program.budget_rupiah,
                    {"now": float(now), "before": float(before), "year": since.year},
                )
            )
        return found

    def reason(self, year: int, facts: Facts) -> str:
        del year  # of the figure, not of the warning
        return _(
            "The official figure went from %(before)s to %(now)s in %(year)s: worse, after it had not been before."
        ) % {
            "before": figure(facts["before"], DECIMALS),
            "now": figure(facts["now"], DECIMALS),
            "year": facts["year"],
        }

    def next_step(self, facts: Facts, today: dt.date) -> str:
        return _("Check with BPS and the OPD what lies behind it, and whether the programme reaches those who need it.")

    def together(self, rows: Sequence[EarlyWarning], today: dt.date) -> str:
        return ngettext(
            "%(count)s official figure turned for the worse: %(names)s.",
            "%(count)s official figures turned for the worse: %(names)s.",
            len(rows),
        ) % {"count": figure(len(rows)), "names": ", ".join(row.subject for row in rows[:NAMED])}

    def lost(self, row: EarlyWarning, today: dt.date) -> float:
        before, now = row.facts["before"], row.facts["now"]
        return row.people * SLOW * (min(1.0, abs(now - before) / abs(before)) if before else 1.0)

    def measure(self, rows: Sequence[EarlyWarning]) -> str:
        return _("The cause is explained with figures, and what is done about it is planned")


def _wanted(year: int) -> dict[Place, tuple[bool, Program]]:
    """Whether high is bad, and the largest programme that rests on the series in the region."""
    programs = Program.objects.registered().of_year(year).prefetch_related("regions", "indicators")
    found: dict[Place, tuple[bool, Program]] = {}
    for program in programs.order_by("budget_rupiah"):
        for series, high_is_bad in _uses(program):
            found |= {(series, region.pk): (high_is_bad, program) for region in program.regions.all()}
    return found


def _uses(program: Program) -> Iterator[tuple[int, bool]]:
    """(series, whether high is bad) of the need and of what the indicators are compared with."""
    if program.evidence_series_id:
        yield program.evidence_series_id, program.evidence_worst == "high"
    for each in program.indicators.all():
        if each.reference_series_id and each.direction != Direction.BAND:
            yield each.reference_series_id, each.direction == Direction.MINIMISE


def _newest(wanted: dict[Place, tuple[bool, Program]], year: int) -> list[tuple[Place, list[Decimal], dt.date]]:
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"series": list({series for series, _region in wanted}), "year": year}
        cursor.execute(statement("newest_figures.sql", beside=__file__), values)
        return [((row[0], row[1]), row[2], row[3]) for row in cursor.fetchall() if (row[0], row[1]) in wanted]


def _has_turned(figures: list[Decimal], *, high_is_bad: bool) -> bool:
    now, before, earlier = figures
    sign = 1 if high_is_bad else -1
    return sign * (now - before) > abs(before) * TURN and sign * (before - earlier) <= 0


def _labels(places: set[Place]) -> dict[Place, tuple[str, str]]:
    """The names of series and region."""
    rows = Observation.objects.current().filter(series__in={series for series, _region in places})
    named = rows.values_list("series", "region", "series__name", "region__name").distinct()
    return {(series, region): (name, place) for series, region, name, place in named}
