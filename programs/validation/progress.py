"""Checks of what a report says beside its indicators: a sub-activity's month, the people reached. Pure.

The caller brings the figures, gets findings, stores them with the row. An error blocks sending, never saving; a warning
needs a reason before sending; a note is only shown. The values of indicators are validated by rules in SQL
(programs.validation.values).
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

FACTORS = (10, 100, 1000)
FACTOR_SLACK = Decimal("0.05")
SPENT_SHARE = Decimal("0.5")
FULL = Decimal(100)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """`code` names the message (programs.validation.messages); `field` is the cell that it concerns."""

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


def note(level: int, code: str, name: str = "value", **params: Any) -> Finding:
    return Finding(level, code, Severity.NOTE, name, {key: str(value) for key, value in params.items()})


def error(level: int, code: str, name: str = "value", **params: Any) -> Finding:
    return Finding(level, code, Severity.ERROR, name, {key: str(value) for key, value in params.items()})


def quotient(numerator: Decimal | None, denominator: Decimal | None, factor: Decimal) -> Decimal | None:
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return (numerator * factor / denominator).quantize(Decimal("0.000001"))


Figures = Sequence[tuple[str, int | None]]


def check_split(people: int | None, parts: Mapping[str, Figures]) -> list[Finding]:
    """Each split (sex, age) adds up to the whole, as far as it is filled in; a single part never exceeds it.

    `parts` maps a split's name to its (field, figure); the split "disability" only has to fit in.
    """
    filled = {
        split: figures for split, figures in parts.items() if any(figure is not None for _name, figure in figures)
    }
    if filled and people is None:
        return [error(1, "whole_missing", "people")]
    found = (_check_parts(people or 0, split, figures) for split, figures in filled.items())
    return [finding for finding in found if finding is not None]


def _check_parts(people: int, split: str, figures: Figures) -> Finding | None:
    """One split that is filled in, at least in part; the finding's code begins with its name."""
    given = [(name, figure) for name, figure in figures if figure is not None]
    total = sum(figure for _name, figure in given)
    if total > people:
        return error(1, f"{split}_exceeds", given[0][0], sum=total, whole=people)
    if split == "disability":
        return None  # not everybody has one
    if len(given) != len(figures):
        return error(1, f"{split}_incomplete", next(name for name, figure in figures if figure is None))
    return None if total == people else error(1, f"{split}_differs", given[0][0], sum=total, whole=people)


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


def check_population(people: Decimal, population: Decimal | None, name: str = "value") -> list[Finding]:
    if population is not None and people > population:
        return [warning(5, "more_than_population", name, population=population)]
    return []


def check_progress(
    *,
    financial: Decimal | None,
    physical: Decimal | None,
    planned: Decimal | None = None,
    ceiling: Decimal,
    last_financial: Decimal | None,
    last_physical: Decimal | None,
) -> list[Finding]:
    """A sub-activity's month: within its ceiling, never falling, money and work not apart."""
    found = _check_spending(financial, ceiling, last_financial) if financial is not None else []
    if planned is not None and planned > ceiling:
        found.append(error(1, "plan_above_ceiling", "planned_rupiah", limit=ceiling))
    if physical is not None and last_physical is not None and physical < last_physical:
        found.append(warning(2, "cumulative_falls", "physical_percent", last=last_physical))
    if financial is not None and physical is not None and ceiling > 0:
        found += _check_money_and_work(financial, physical, ceiling)
    return found


def _check_spending(financial: Decimal, ceiling: Decimal, last: Decimal | None) -> list[Finding]:
    found = []
    if financial > ceiling:
        found.append(error(1, "above_ceiling", "financial_rupiah", limit=ceiling))
    if last is not None and financial < last:
        found.append(warning(2, "cumulative_falls", "financial_rupiah", last=last))
    elif last and (slip := _factor(financial, last)):
        found.append(warning(2, "factor", "financial_rupiah", factor=slip, last=last))
    return found


def _check_money_and_work(financial: Decimal, physical: Decimal, ceiling: Decimal) -> list[Finding]:
    found = []
    if financial > ceiling * SPENT_SHARE and physical == 0:
        percent = (financial * 100 / ceiling).quantize(Decimal(1))
        found.append(warning(5, "spent_no_work", "physical_percent", percent=percent))
    if physical == FULL and financial == 0:
        found.append(warning(5, "work_no_money", "financial_rupiah"))
    return found
