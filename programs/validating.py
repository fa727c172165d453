"""Levels 0 to 5 of checking a reported figure (Eurostat's validation levels, WHO's data-quality toolkit, Perpres 39/2019).

Pure: the caller brings the figures, gets findings, stores them with the row. An error blocks sending, never saving; a
warning needs a reason before sending. Level 4 (the official figure) is `datasources.validation`.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Any

MAD_LIMIT = Decimal("3.5")  # WHO data-quality toolkit, modified z-score
MAD_SCALE = Decimal("0.6745")
MEAN_SCALE = Decimal("1.253314")  # the modified z-score's form for a median deviation of zero
ENOUGH_CHANGES = 4
JUMP_SHARE = Decimal("0.5")
FACTORS = (10, 100, 1000)
FACTOR_SLACK = Decimal("0.05")
ROUNDED_FROM = 1_000
SUM_SLACK = Decimal("0.005")
SPENT_SHARE = Decimal("0.5")
REACHED_SHARE = Decimal("0.9")
FULL = Decimal(100)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """`code` names the message (programs.finding_words); `field` is the cell that it concerns."""

    level: int
    code: str
    severity: Severity
    field: str = "value"
    params: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "level": self.level,
            "code": self.code,
            "severity": str(self.severity),
            "field": self.field,
            "params": dict(self.params),
        }


def warning(level: int, code: str, name: str = "value", **params: Any) -> Finding:
    return Finding(level, code, Severity.WARNING, name, {key: str(value) for key, value in params.items()})


def error(level: int, code: str, name: str = "value", **params: Any) -> Finding:
    return Finding(level, code, Severity.ERROR, name, {key: str(value) for key, value in params.items()})


# -- level 1: the row ------------------------------------------------------------------------------------------------


def check_range(value: Decimal, low: Decimal | None, high: Decimal | None, name: str = "value") -> list[Finding]:
    if low is not None and value < low:
        return [error(1, "below", name, limit=low)]
    if high is not None and value > high:
        return [error(1, "above", name, limit=high)]
    return []


def check_fraction(numerator: Decimal | None, denominator: Decimal | None, *, is_share: bool) -> list[Finding]:
    """A share's numerator is part of its denominator; nothing is divided by zero."""
    if numerator is None and denominator is None:
        return []
    if numerator is None or denominator is None:
        return [error(1, "fraction_incomplete", "denominator" if denominator is None else "numerator")]
    if denominator <= 0:
        return [error(1, "denominator_zero", "denominator")]
    if is_share and numerator > denominator:
        return [error(1, "numerator_larger", "numerator", denominator=denominator)]
    return []


def quotient(numerator: Decimal | None, denominator: Decimal | None, factor: Decimal) -> Decimal | None:
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return (numerator * factor / denominator).quantize(Decimal("0.000001"))


def check_split(people: int | None, parts: Mapping[str, Sequence[tuple[str, int | None]]]) -> list[Finding]:
    """Each split (sex, age) adds up to the whole, as far as it is filled in; a single part never exceeds it.

    `parts` maps a split's name to its (field, figure); the split "disability" only has to fit in.
    """
    found = []
    for split, figures in parts.items():
        given = [(name, figure) for name, figure in figures if figure is not None]
        if not given:
            continue
        total = sum(figure for _name, figure in given)
        if people is None:
            found.append(error(1, "whole_missing", "people"))
            break
        if total > people:
            found.append(error(1, "parts_exceed", given[0][0], sum=total, whole=people))
        elif split != "disability" and len(given) == len(figures) and total != people:
            found.append(error(1, "parts_differ", given[0][0], sum=total, whole=people))
        elif split != "disability" and len(given) != len(figures):
            found.append(error(1, "split_incomplete", next(name for name, figure in figures if figure is None)))
    return found


# -- level 2: the series ---------------------------------------------------------------------------------------------


def check_series(
    value: Decimal, history: Sequence[Decimal], *, expected: Decimal | None = None, is_cumulative: bool = False
) -> list[Finding]:
    """Against the same row's earlier periods, oldest first. `expected` is where a cumulative count would stand now.

    One finding at most says that the figure is unlike the others: a slipped factor before a mere jump.
    """
    found = []
    last = history[-1] if history else None
    if last is not None:
        if is_cumulative and value < last:
            found.append(warning(2, "cumulative_falls", last=last))
        elif slip := _factor(value, expected if expected is not None else last):
            found.append(warning(2, "factor", factor=slip, last=last))
        elif _jumps(value, history, expected):
            found.append(warning(2, "jump", last=last, percent=_percent_change(value, expected or last)))
        if value == last and value != 0:
            found.append(warning(2, "same_as_last", last=last))
    if _is_rounded(value) and not all(_is_rounded(earlier) for earlier in history or [Decimal(1)]):
        found.append(warning(2, "rounded"))
    return found


def _factor(value: Decimal, last: Decimal) -> int | None:
    """10, 100 or 1000 when the figure looks like the last one with a slipped point."""
    if not value or not last or (value > 0) != (last > 0):
        return None
    ratio = abs(value / last)
    for factor in FACTORS:
        for wanted in (Decimal(factor), 1 / Decimal(factor)):
            if abs(ratio - wanted) <= wanted * FACTOR_SLACK:
                return factor
    return None


def _jumps(value: Decimal, history: Sequence[Decimal], expected: Decimal | None) -> bool:
    """Beyond k·MAD of the usual changes when there are enough of them; else beyond ±50 % of the last."""
    changes = [later - earlier for earlier, later in pairwise(history)]
    if expected is None and len(changes) >= ENOUGH_CHANGES:
        usual = median(changes)
        distances = [abs(change - usual) for change in changes]
        away = abs(value - history[-1] - usual)
        if spread := median(distances):
            return MAD_SCALE * away / spread > MAD_LIMIT
        if mean := sum(distances, Decimal(0)) / len(distances):  # more than half the changes are equal
            return away / (MEAN_SCALE * mean) > MAD_LIMIT
    start = expected if expected is not None else history[-1]
    return bool(start) and abs(value - start) > abs(start) * JUMP_SHARE


def _percent_change(value: Decimal, start: Decimal) -> Decimal:
    return ((value - start) * 100 / abs(start)).quantize(Decimal(1)) if start else Decimal(0)


def _is_rounded(value: Decimal) -> bool:
    """A count from a thousand on that ends in three zeros."""
    return abs(value) >= ROUNDED_FROM and value % ROUNDED_FROM == 0


# -- level 3: the regions --------------------------------------------------------------------------------------------


def check_regions(whole: Decimal, parts: Sequence[Decimal], *, is_rate: bool) -> list[Finding]:
    """Counts of the regions add up to the whole (±0.5 %); a rate of the whole lies between its parts'."""
    if not parts:
        return []
    if is_rate:
        low, high = min(parts), max(parts)
        return [] if low <= whole <= high else [warning(3, "outside_parts", low=low, high=high)]
    total = sum(parts, Decimal(0))
    if abs(total - whole) > abs(whole) * SUM_SLACK:
        return [warning(3, "sum_differs", sum=total)]
    return []


# -- level 5: across -------------------------------------------------------------------------------------------------


def check_spent_without_output(spent: Decimal, ceiling: Decimal, value: Decimal) -> list[Finding]:
    """More than half the money is spent and the output is still zero."""
    if ceiling > 0 and spent > ceiling * SPENT_SHARE and value == 0:
        return [warning(5, "spent_no_output", percent=(spent * 100 / ceiling).quantize(Decimal(1)))]
    return []


def check_outcome_direction(
    value: Decimal, baseline: Decimal, *, is_better_up: bool, outputs_reached: bool
) -> list[Finding]:
    """The outputs are there (90 % of their targets), the outcome moves the wrong way."""
    worse = value < baseline if is_better_up else value > baseline
    return [warning(5, "outcome_wrong_way", baseline=baseline)] if outputs_reached and worse else []


def check_population(people: Decimal, population: Decimal | None, name: str = "value") -> list[Finding]:
    if population is not None and people > population:
        return [warning(5, "more_than_population", name, population=population)]
    return []


def check_progress(
    *,
    financial: Decimal | None,
    physical: Decimal | None,
    ceiling: Decimal,
    last_financial: Decimal | None,
    last_physical: Decimal | None,
) -> list[Finding]:
    """A sub-activity's month: within its ceiling, never falling, money and work not apart."""
    found = []
    if financial is not None:
        if financial > ceiling:
            found.append(error(1, "above_ceiling", "financial_rupiah", limit=ceiling))
        if last_financial is not None and financial < last_financial:
            found.append(warning(2, "cumulative_falls", "financial_rupiah", last=last_financial))
        elif last_financial and (slip := _factor(financial, last_financial)):
            found.append(warning(2, "factor", "financial_rupiah", factor=slip, last=last_financial))
    if physical is not None and last_physical is not None and physical < last_physical:
        found.append(warning(2, "cumulative_falls", "physical_percent", last=last_physical))
    if financial is not None and physical is not None and ceiling > 0:
        if financial > ceiling * SPENT_SHARE and physical == 0:
            percent = (financial * 100 / ceiling).quantize(Decimal(1))
            found.append(warning(5, "spent_no_work", "physical_percent", percent=percent))
        if physical == FULL and financial == 0:
            found.append(warning(5, "work_no_money", "financial_rupiah"))
    return found
