"""Optimistic locking: an edit names the version that its author saw; a faster colleague is shown, never overwritten."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound="VersionedModel")

SEEN = "seen"
UNCOMPARED = frozenset({"reason", "api_key"})  # typed anew each time; a secret is never shown


class Conflict(Exception):  # noqa: N818 (a state of affairs, answered with a page, not a fault)
    """Somebody saved the record first; `current` is what the database holds now."""

    def __init__(self, current: "VersionedModel") -> None:
        super().__init__(str(_("Somebody else has saved this record in the meantime.")))
        self.current = current


class VersionedModel(models.Model):
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        abstract = True

    def save_next_version(self, **kwargs: Any) -> None:
        """Save inside the transaction that locked the row (`locked_at`)."""
        self.version += 1
        self.save(**kwargs)


def locked_at(queryset: "models.QuerySet[Row]", pk: int, version: int) -> Row:
    """The row, locked until the end of the transaction. Raises Conflict when it is no longer at `version`."""
    row = queryset.select_for_update(of=("self",)).get(pk=pk)
    if row.version != version:
        raise Conflict(row)
    return row


def show_at(form: forms.BaseForm, version: int) -> None:
    """Let a form that was typed at an older version be sent again, at the version that its author has seen now."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict; the stubs say Mapping
    data["version"] = str(version)
    form.data = data


@dataclass(frozen=True)
class Difference:
    """One field of a conflict: what the database holds now, and what the second author typed."""

    label: str
    theirs: str
    yours: str


def differences(form: forms.ModelForm, current: models.Model) -> list[Difference]:
    """Fields where the typed form and the saved record differ, as people read them."""
    return differences_between((form, type(form)(instance=current, **getattr(form, "rebuild_arguments", {}))))


def differences_between(*pairs: tuple[forms.BaseForm, forms.BaseForm]) -> list[Difference]:
    """The same of several forms that make one record: each as it was typed, and as it shows what is saved."""
    rows = []
    for form, shown_now in pairs:
        for name in form.fields:
            typed, saved = form[name], shown_now[name]
            if typed.field.widget.is_hidden or name in UNCOMPARED:
                continue
            yours, theirs = _readable(typed), _readable(saved)
            if yours != theirs:
                rows.append(Difference(str(typed.label), theirs, yours))
    return rows


def seen_of(*shown: forms.BaseForm) -> str:
    """What a form showed of a record without a version: goes with it, and comes back when it is sent.

    For records whose other columns the worker writes, and for tables that are not ours.
    """
    # In one language: its author may read the form in another one than when it is sent.
    with translation.override(settings.LANGUAGE_CODE):
        values = [(name, _readable(form[name])) for form in shown for name in form.fields if name not in UNCOMPARED]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def was_changed(sent: Mapping[str, Any], *shown: forms.BaseForm) -> bool:
    """Whether the record, locked by the caller, no longer says what its author saw; `shown` are its forms anew."""
    seen = sent.get(SEEN, "")
    return bool(seen) and seen != seen_of(*shown)


def _readable(bound: forms.BoundField) -> str:
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return _now("yes") if value in (True, "on", "True", "true", "1") else _now("no")
    choices = getattr(bound.field, "choices", None)
    if choices is None:
        return "" if value is None else str(bound.field.widget.format_value(value) or "")
    items = value if isinstance(value, list | tuple | models.QuerySet) else [value]
    chosen = {str(item.pk if isinstance(item, models.Model) else item) for item in items}
    return ", ".join(str(label) for key, label in choices if str(key) in chosen and str(key))
