"""What a finding says to people: what was expected, and why it matters. By code of programs.validation.progress."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.numbers import format_number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

WORDS: dict[str, "StrOrPromise"] = {
    "future": _("This period has not begun: nothing can be reported of it yet."),
    "decimals": _("The unit has %(decimals)s decimals: round the figure to that."),
    "below": _("Expected %(limit)s or more: the unit has no smaller values."),
    "above": _("Expected %(limit)s or less: the unit has no larger values."),
    "fraction_incomplete": _("Enter numerator and denominator; the portal divides."),
    "denominator_zero": _("The denominator must be more than zero."),
    "numerator_larger": _("The numerator is part of the denominator (%(denominator)s) and cannot be larger."),
    "whole_missing": _("Enter the number of people as a whole; the parts are checked against it."),
    "parts_exceed": _("The parts add up to %(sum)s, more than the whole (%(whole)s)."),
    "parts_differ": _("The parts add up to %(sum)s, the whole is %(whole)s; they must agree."),
    "split_incomplete": _("Fill in every part of the split, or none."),
    "cumulative_falls": _("The figure counts from January on and was %(last)s last time; it should not fall."),
    "factor": _("This is about %(factor)s times more or less than last time (%(last)s): check for a slipped point."),
    "jump": _("A change of %(percent)s%% from last time (%(last)s) is unusual for this row."),
    "same_as_last": _("Exactly the figure of last time (%(last)s): check whether it was really measured again."),
    "rounded": _("A round figure: give the counted one, or say that it is an estimate."),
    "outside_parts": _("Expected between %(low)s and %(high)s: the whole lies between its regions."),
    "sum_differs": _("The regions add up to %(sum)s; the whole should be the same (±0,5%%)."),
    "spent_no_output": _("%(percent)s%% of the money is spent and the output is zero."),
    "outcome_wrong_way": _("The outputs are reached, yet the outcome is worse than at the start (%(baseline)s)."),
    "more_than_population": _("More people than live there (%(population)s)."),
    "above_ceiling": _("Expected at most the ceiling, %(limit)s: spending beyond it is not possible."),
    "spent_no_work": _("%(percent)s%% of the money is spent and the physical progress is zero."),
    "work_no_money": _("Finished physically, and nothing spent."),
    "deviates": _("Deviates from the official figure."),
    "explain": _("Differs from the official figure: explain."),
}


def words(finding: Mapping[str, Any]) -> str:
    text = str(WORDS.get(finding["code"], finding["code"]))
    params = {name: _shown(value) for name, value in finding.get("params", {}).items()}
    return text % params if "%" in text else text


def _shown(value: str) -> str:
    try:
        return format_number(Decimal(value))
    except InvalidOperation:
        return value
