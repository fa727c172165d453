"""What a sent form said, in words: where its own page is not shown again, `kind: other` says nothing to its sender."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django import forms
from django.utils.choices import flatten_choices
from django.utils.translation import gettext_lazy as _

# What stands in forms without anybody's doing.
SERVED_WITH_A_FORM = frozenset(
    {"form_key", "draft", "draft_left", "draft_known", "version", "versions", "seen", "next", "act", "state"}
)
SERVED = re.compile(r"(version-\w+|.*-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|.*-id)", re.ASCII)
# Of fields that templates write themselves.
OF_TEMPLATES = {
    "comment": _("Comment"),
    "reason": _("Reason"),
    "note": _("Note"),
    "text": _("Text"),
    "answer": _("Answer"),
    "percent": _("Carried out (%)"),
}


def typed_words(typed: Iterable[tuple[str, str]]) -> list[tuple[Any, str]]:
    """(label, text) of what people typed or chose; what the page put there itself is left out."""
    return [(_label(name), _shown(name, value)) for name, value in typed if value and not _is_served(name)]


def _is_served(name: str) -> bool:
    """The number of a chosen row says nothing either."""
    if name in SERVED_WITH_A_FORM or SERVED.fullmatch(name):
        return True
    return isinstance(_field(name), forms.ModelChoiceField)


def _label(name: str) -> Any:
    field = _field(name)
    return OF_TEMPLATES.get(_plain(name)) or (field.label if field is not None and field.label else _("Entry"))


def _shown(name: str, value: str) -> str:
    """The words of a choice; anything else as it was typed."""
    choices: Iterable[tuple[Any, Any]] = flatten_choices(getattr(_field(name), "choices", ()))
    return next((str(label) for each, label in choices if str(each) == value), value)


def _plain(name: str) -> str:
    """`p12-amount_rupiah` and `rows-3-name` by the field's own name."""
    return name.rpartition("-")[2]


def _field(name: str) -> forms.Field | None:
    return _fields().get(_plain(name))


@cache
def _fields() -> dict[str, forms.Field]:
    """Of every form of the portal that was loaded, by name; of several with one name the first with a label."""
    found: dict[str, forms.Field] = {}
    for form in _forms(forms.BaseForm):
        for name, field in getattr(form, "base_fields", {}).items():
            if field.label or name not in found:
                found.setdefault(name, field)
    return found


def _forms(kind: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for form in kind.__subclasses__():
        yield form
        yield from _forms(form)
