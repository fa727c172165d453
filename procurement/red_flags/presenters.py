"""What the lists of flags and the page for trying out a threshold show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.numbers import parse_number
from procurement.red_flags.rules import RULES, FlagDefinition, FlagParameter, check_parameters
from procurement.red_flags.services import parameters_on

if TYPE_CHECKING:
    from procurement.models import Flag

FIRST_TRIED = "K02"


def counts_by_rule(flags: "QuerySet[Flag]") -> list[tuple[FlagDefinition, int]]:
    """How many flags each rule raised, in the order of the codes; flags whose rule is gone are not counted."""
    counts = dict(flags.order_by().values_list("code").annotate(Count("pk")))
    return [(RULES[code], count) for code, count in sorted(counts.items()) if code in RULES]


@dataclass
class ProposedParameters:
    """Parameters of a rule as somebody typed them: `given` as numbers and texts, `problem` in words."""

    rule: FlagDefinition
    given: dict[str, Any] = field(default_factory=dict)
    problem: str = ""


def rule_to_try(code: str) -> FlagDefinition:
    return RULES.get(code, RULES[FIRST_TRIED])


def read_parameters(rule: FlagDefinition, typed: Mapping[str, str]) -> ProposedParameters:
    """What was typed in the form of a rule; what was not is left as it is in force."""
    proposed = ProposedParameters(rule)
    for name, parameter in rule.parameters.items():
        if name not in typed:
            continue
        try:
            value = _read(parameter, typed[name].strip())
        except ValueError:
            words = {"label": parameter.label, "text": typed[name]}
            return ProposedParameters(rule, problem=_("“%(label)s”: “%(text)s” is no number.") % words)
        if value is not None or parameter.default is None:
            proposed.given[name] = value
    proposed.problem = check_parameters(rule.code, proposed.given)
    return proposed


def _read(parameter: FlagParameter, text: str) -> Any:
    """A text as it is, a number as Indonesians write it (1.000,5); None for an empty field of a number."""
    if parameter.is_text:
        return text
    if not text:
        return None
    figure = parse_number(text, decimals=0 if parameter.is_whole else None)
    return int(figure) if figure == figure.to_integral_value() else float(figure)


def back_test_page(rule: FlagDefinition, typed: Mapping[str, str]) -> dict[str, Any]:
    """The rule with its parameters in force, and the form to propose others."""
    in_force = parameters_on(timezone.localdate()).get(rule.code, rule.defaults_here)
    fields = [
        (name, parameter.label, typed.get(name, _shown(in_force.get(name))))
        for name, parameter in rule.parameters.items()
    ]
    return {"rules": RULES.values(), "rule": rule, "in_force": in_force, "given": {}, "fields": fields}


def _shown(value: Any) -> str:
    return "" if value is None else str(value).replace(".", ",")
