"""Red flags: each one file, `<code>.sql`, found by being there. Its header says what it is, its SELECT raises it.

R-codes are Open Contracting's Cardinal's, with its definitions and exclusions (version 0.0.8); K-codes are the portal's
own. Parameters are data (`FlagRule`); their defaults stand in the header. A header, all of it but the code, is

    -- title = "One tenderer only"
    -- explanation = "What a reader is told."
    -- basis = "Perpres 16/2018, ps. 22"
    -- own_only = true                       needs what only the portal has (people, accounts)
    -- by_method = true                      asks the dated limits by method (`FlagLimit`)
    -- [parameters]
    -- days = { label = "whole days", default = 15, at_least = 1 }
    -- methods = { label = "OCDS methods", default = "", kind = "text", first_day = 2025-05-05 }
    -- compared = { label = "at least", default = 1, here = 5 }
    -- [evidence]
    -- winner = "winner"                     what each field of the evidence is called

The SELECT returns subject, key, process, value and evidence from the tables of `facts.py`.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import sql_headers
from core.numbers import format_number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

HERE = Path(__file__).parent
NUMBER, TEXT = "number", "text"
MAP = re.compile(r"[^|]+=\d{1,6}(\.\d+)?(\|[^|]+=\d{1,6}(\.\d+)?)*")


@dataclass(frozen=True)
class FlagParameter:
    """`default` None: computed from the data unless a number is set. A text is names separated by |, with `is_map`
    each with its number (name=number).

    `here`: what the portal uses where Cardinal's default says too much of few packages, or too little of ours.
    `first_day`: from when on the law has this value; None: since the portal began.
    """

    label: "StrOrPromise"
    default: Any = None
    kind: str = NUMBER
    at_least: float = 0
    at_most: float = 10**15
    here: Any = None
    is_map: bool = False
    first_day: dt.date | None = None

    @property
    def is_text(self) -> bool:
        return self.kind == TEXT

    @property
    def is_whole(self) -> bool:
        """Counted (days, offers, rupiah), not measured: its default has no decimals."""
        return isinstance(self.default, int)


@dataclass(frozen=True)
class FlagDefinition:
    """`explanation` is what a reader is told; `own_only` rules need what only the portal has (people, accounts);
    `by_method` ones ask the dated limits of methods."""

    code: str
    sql: str
    title: "StrOrPromise"
    explanation: "StrOrPromise"
    basis: str
    parameters: Mapping[str, FlagParameter]
    evidence: "Mapping[str, StrOrPromise]"
    own_only: bool = False
    by_method: bool = False

    @property
    def defaults(self) -> dict[str, Any]:
        """As Cardinal has them, where it has the rule."""
        return {name: parameter.default for name, parameter in self.parameters.items()}

    @property
    def defaults_here(self) -> dict[str, Any]:
        """What the portal begins with."""
        return _here(self.parameters)


def _here(parameters: Mapping[str, FlagParameter]) -> dict[str, Any]:
    return {
        name: parameter.default if parameter.here is None else parameter.here for name, parameter in parameters.items()
    }


def read_rule(path: Path) -> FlagDefinition:
    """Raises HeaderError for a header that lacks something or has something unknown."""
    header, sql = sql_headers.read(path)
    try:
        parameters = {name: FlagParameter(**_translated(given)) for name, given in header.pop("parameters", {}).items()}
        evidence = {name: _(shown) for name, shown in header.pop("evidence").items()}
        return FlagDefinition(code=path.stem, sql=sql, parameters=parameters, evidence=evidence, **_translated(header))
    except (KeyError, TypeError) as error:
        raise sql_headers.HeaderError(f"{path.name}: {error}") from error


def _translated(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _(value) if name in sql_headers.SHOWN_KEYS else value for name, value in table.items()}


def _found() -> dict[str, FlagDefinition]:
    """Cardinal's flags first, then the portal's own."""
    paths = [*sorted(HERE.glob("R[0-9]*.sql")), *sorted(HERE.glob("K[0-9]*.sql"))]
    return {path.stem: read_rule(path) for path in paths}


RULES = _found()
CARDINAL_CODES = [code for code in RULES if code.startswith("R")]
# Settings of all flags, under Cardinal's names for them; kept as the parameters of this code.
ALL_FLAGS = "*"
SETTINGS: Mapping[str, FlagParameter] = {
    "exclusions.procurement_method_details": FlagParameter(_("methods that no flag looks at"), "", TEXT),
    "no_price_comparison_procurement_methods": FlagParameter(_("methods whose prices are not compared"), "", TEXT),
    "price_comparison_procurement_methods": FlagParameter(_("the only methods whose prices are compared"), "", TEXT),
    "currency": FlagParameter(_("currency in which prices are compared (empty: the first one seen)"), "", TEXT),
}
DEFAULT_SETTINGS = _here(SETTINGS)


def check_parameters(code: str, given: Any) -> str:
    """What is wrong with the parameters, in words; empty when nothing. Raises KeyError for a code that isn't there."""
    if not isinstance(given, dict):
        return _now("Write parameters as {name: value}.")
    known = SETTINGS if code == ALL_FLAGS else RULES[code].parameters
    for name, value in given.items():
        if name not in known:
            words = {"name": name, "known": ", ".join(known) or "–"}
            return _now("There is no parameter “%(name)s”. This flag has: %(known)s.") % words
        problem = _value_problem(name, known[name], value)
        if problem:
            return problem
    return ""


def _value_problem(name: str, parameter: FlagParameter, value: Any) -> str:
    if parameter.is_text:
        if not isinstance(value, str):
            return _now("“%(name)s” is text.") % {"name": name}
        if parameter.is_map and value and not MAP.fullmatch(value):
            return _now("Write “%(name)s” as method=number, several separated by |.") % {"name": name}
        return ""
    if value is None and parameter.default is None:
        return ""
    words = {
        "name": name,
        "limit": format_number(Decimal(str(parameter.at_least))),
        "most": format_number(Decimal(str(parameter.at_most))),
    }
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not parameter.at_least <= value <= parameter.at_most:
        return _now("“%(name)s” is a number from %(limit)s to %(most)s.") % words
    if parameter.is_whole and value != int(value):
        return _now("“%(name)s” is a whole number from %(limit)s to %(most)s.") % words
    return ""
