"""What a finding says to people: what was expected, and why it matters. By code of the finding."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from core.numbers import format_number
from programs.checks import CHECKS

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

# Of a sub-activity's month and of the people reached (programs.validation.progress); what SQL finds says its own words.
OF_ROWS: dict[str, "StrOrPromise"] = {
    "whole_missing": _("Enter the number of people as a whole; the parts are checked against it."),
    "sex_exceeds": _("Men and women add up to %(sum)s, more than the whole (%(whole)s)."),
    "sex_differs": _("Men and women add up to %(sum)s, the whole is %(whole)s; they must agree."),
    "sex_incomplete": _("Fill in both men and women, or neither."),
    "age_exceeds": _("The age groups add up to %(sum)s, more than the whole (%(whole)s)."),
    "age_differs": _("The age groups add up to %(sum)s, the whole is %(whole)s; they must agree."),
    "age_incomplete": _("Fill in every age group, or none."),
    "disability_exceeds": _("%(sum)s persons with disabilities are more than the whole (%(whole)s)."),
    "above_ceiling": _("Expected at most the ceiling, %(limit)s: spending beyond it is not possible."),
    "plan_above_ceiling": _("Expected at most the ceiling, %(limit)s: no more can be planned to be spent."),
    "spent_no_work": _("%(percent)s%% of the money is spent and the physical progress is zero."),
    "work_no_money": _("Finished physically, and nothing spent."),
}
WORDS = OF_ROWS | {code: text for check in CHECKS.values() for code, text in check.messages.items()}


def words(finding: Mapping[str, Any]) -> str:
    text = str(WORDS.get(finding["code"], finding["code"]))
    params = {name: _shown(value) for name, value in finding.get("params", {}).items()}
    return text % params if "%" in text else text


def _shown(value: str) -> str:
    try:
        return format_number(Decimal(value))
    except InvalidOperation:
        return value
