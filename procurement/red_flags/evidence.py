"""What raised a flag, in words: the rule's header says what each field of its evidence is called."""

import contextlib
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core import formats
from core.numbers import format_number
from procurement.choices import ContactKind, Method, OfficerRole, PackageKind, PackageState, SupplierRole

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

SHOWN = 20  # items of a list
# What the rules' SQL says by a code.
WORDS: "dict[str, StrOrPromise]" = {
    **{str(value): label for kind in (SupplierRole, ContactKind, OfficerRole) for value, label in kind.choices},
    **{str(value): label for kind in (PackageKind, PackageState, Method) for value, label in kind.choices},
    "offer": _lazy("offer"),
    "award": _lazy("award"),
    "contract": _lazy("contract"),
    "supplier": _lazy("supplier"),
    "value": _lazy("value"),
    "company": _lazy("company"),
    "person": _lazy("person"),
    "missing": _lazy("no declaration"),
    "late": _lazy("declared too late"),
    "undecided": _lazy("not decided in time"),
    "nobody": _lazy("nobody is on the package"),
    "award_above_ceiling": _lazy("award above the ceiling"),
    "award_above_hps": _lazy("award above the HPS"),
    "contract_above_ceiling": _lazy("contract above the ceiling"),
    "contract_above_hps": _lazy("contract above the HPS"),
    "contract_above_award": _lazy("contract above the award"),
    "not_the_winner": _lazy("somebody else than the winner signed"),
}
DAY, MOMENT = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d{4}-\d\d-\d\dT")
OWN_OCID = "ocds-kaltim-"  # in front of the RUP code, by which people know a package


def in_words(
    evidence: Any, names: "Mapping[str, StrOrPromise]", parties: Mapping[str, str] | None = None
) -> list[tuple[str, str]]:
    """(name, value) of each fact; the facts of a list follow one another. `parties`: names by
    the identifiers of suppliers and OPD, as `FlagQuerySet.with_reasons` gives them."""
    rows = evidence[:10] if isinstance(evidence, list) else [evidence]
    return [pair for row in rows if isinstance(row, dict) for pair in _facts(row, names, parties or {})]


def _facts(
    row: Mapping[str, Any], names: "Mapping[str, StrOrPromise]", parties: Mapping[str, str]
) -> list[tuple[str, str]]:
    # Where a supplier's name stands beside its identifier already, once is enough.
    told = {parties[value] for value in row.values() if isinstance(value, str) and value in parties}
    return [
        (str(names.get(name, name)), _shown(value, parties))
        for name, value in row.items()
        if value is not None and not (name == "name" and value in told)
    ]


def _shown(value: Any, parties: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return format_number(round(Decimal(str(value)), 4).normalize() + 0)
    if isinstance(value, list):
        return ", ".join(_shown(item, parties) for item in value[:SHOWN])
    if isinstance(value, dict):
        return "; ".join(_shown(each, parties) for each in value.values() if each is not None)
    return parties.get(value) or _said(value)


def _said(text: str) -> str:
    """A code in words, a day and a moment as the province's clock shows them, a package by its RUP code."""
    with contextlib.suppress(ValueError):  # data of others may have a 30 February
        if MOMENT.match(text) and (at := parse_datetime(text)) is not None:
            return formats.moment(at) if at.tzinfo else formats.day(at)
        if DAY.fullmatch(text) and (day := parse_date(text)) is not None:
            return formats.day(day)
    return str(WORDS.get(text, text.removeprefix(OWN_OCID)))
