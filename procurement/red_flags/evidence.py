"""What raised a flag, in words: the rule's header says what each field of its evidence is called."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.numbers import format_number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

SHOWN = 20  # items of a list


def in_words(evidence: Any, names: "Mapping[str, StrOrPromise]") -> list[tuple[str, str]]:
    """(name, value) of each fact; the facts of a list follow one another."""
    rows = evidence[:10] if isinstance(evidence, list) else [evidence]
    return [pair for row in rows if isinstance(row, dict) for pair in _facts(row, names)]


def _facts(row: Mapping[str, Any], names: "Mapping[str, StrOrPromise]") -> list[tuple[str, str]]:
    return [(str(names.get(name, name)), _shown(value)) for name, value in row.items() if value is not None]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return format_number(round(Decimal(str(value)), 4).normalize() + 0)
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value[:SHOWN])
    if isinstance(value, dict):
        return "; ".join(_shown(each) for each in value.values() if each is not None)
    return str(value)
