"""Optimistic locking: an edit names the version that its author saw; a faster colleague is shown, never overwritten."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound="VersionedModel")

Form = TypeVar("Form", bound=forms.ModelForm)
Saved = TypeVar("Saved")

SEEN = "seen"
DIGEST = 8  # hex digits: to tell what a field showed from what it shows, not to keep anybody from making it up
CHECKED = (True, "on", "True", "true", "1")
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


def show_at(form: forms.BaseForm, version: int, *shown: forms.BaseForm) -> None:
    """Let a form that was typed at an older version be sent again, at the version that its author has seen now, which
    the forms `shown` show."""
    data = at_version(form.data, version)
    if shown:
        data[SEEN] = seen_of(*shown)
    form.data = data


def at_version(sent: Mapping[str, Any], version: int) -> Any:
    data: Any = sent.copy()  # type: ignore[attr-defined]  # a QueryDict; the stubs say Mapping
    data["version"] = str(version)
    return data


@dataclass(frozen=True)
class Difference:
    """One field of a conflict: what the database holds now, and what the second author typed."""

    label: str
    theirs: str
    yours: str
    name: str = ""  # the field's, in the form that was sent


Pair = tuple[forms.BaseForm, forms.BaseForm]  # a form as it was typed, and as it shows what is saved now


@dataclass(frozen=True)
class Merge:
    """Two people's changes of one record, field by field."""

    data: Any  # what was typed; where its author changed nothing, what is saved now
    conflict: list[Difference]  # what both changed, each otherwise

    @property
    def is_clear(self) -> bool:
        return not self.conflict


def merge(sent: Mapping[str, Any], *pairs: Pair) -> Merge:
    """By what each field showed when its page was served (`seen_of`), which the form brings back.

    A field that the author left as it was takes what somebody else has saved; one that only the author changed stays
    as typed; one that both changed is shown with both values. Of a form that doesn't say what it showed every
    difference is the author's.
    """
    was = _digests_in(sent.get(SEEN, ""))
    data: Any = sent.copy()  # type: ignore[attr-defined]  # a QueryDict; the stubs say Mapping
    rows = []
    for form, shown_now in pairs:
        for name in _compared(form):
            typed, saved = form[name], shown_now[name]
            yours, theirs = _plain(typed), _plain(saved)
            seen = was.get(typed.html_name)
            if yours == theirs or seen == _digest(theirs):
                continue
            if seen == _digest(yours):
                data.setlist(typed.html_name, _as_sent(saved))
            else:
                rows.append(Difference(str(typed.label), _readable(saved), _readable(typed), typed.html_name))
    data[SEEN] = " ".join(_shown(form, now) for form, now in pairs)
    return Merge(data, rows)


def pairs_of(formset: forms.BaseFormSet, shown_now: forms.BaseFormSet) -> list[Pair]:
    """The forms of rows that are saved still, beside what they show now."""
    shown = {form.instance.pk: form for form in shown_now if form.instance.pk is not None}
    return [(form, shown[form.instance.pk]) for form in formset if form.instance.pk in shown]


def anew(form: forms.ModelForm, data: Any, instance: models.Model) -> Any:
    """The same form over another state of its record."""
    return type(form)(data, instance=instance, **getattr(form, "rebuild_arguments", {}))


def save_merged(form: Form, save: Callable[[Form], Saved]) -> tuple[Form, Saved | None, list[Difference] | None]:
    """Save a valid form of a versioned record, together with what somebody else has saved since its page was served.

    Gives the form to show, what was saved, and where both changed the same field (None where there is no such field:
    the form itself says what is wrong).
    """
    while True:
        try:
            return form, save(form), None
        except Conflict as faster:
            current = faster.current
            merged = merge(form.data, (form, anew(form, None, current)))
            form = anew(form, at_version(merged.data, current.version), current)
            if merged.conflict or not form.is_valid():
                return form, None, merged.conflict or None


def seen_of(*shown: forms.BaseForm) -> str:
    """What each field of a form showed, in short: goes with it, and comes back when it is sent."""
    return " ".join(_shown(form, form) for form in shown)


def was_changed(sent: Mapping[str, Any], *shown: forms.BaseForm) -> bool:
    """Whether the record, locked by the caller, no longer says what its author saw; `shown` are its forms anew.

    For records whose other columns the worker writes, and for tables that are not ours: they have no version.
    """
    seen = sent.get(SEEN, "")
    return bool(seen) and seen != seen_of(*shown)


def _shown(named: forms.BaseForm, shown: forms.BaseForm) -> str:
    return " ".join(f"{named[name].html_name}={_digest(_plain(shown[name]))}" for name in _compared(named))


def _digests_in(seen: str) -> dict[str, str]:
    return dict(each.rsplit("=", 1) for each in seen.split() if "=" in each)


def _compared(form: forms.BaseForm) -> list[str]:
    return [name for name, field in form.fields.items() if name not in UNCOMPARED and not field.widget.is_hidden]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:DIGEST]


def _plain(bound: forms.BoundField) -> str:
    """What a field says, however it was written: 1200 is 1.200, and a choice is its key."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return str(value in CHECKED)
    if isinstance(value, list | tuple | models.QuerySet):
        return json.dumps(sorted(_key(each) for each in value))
    if getattr(bound.field, "choices", None) is not None:
        return _key(value)
    # In one language: its author may read the form in another one than when it is sent.
    with translation.override(settings.LANGUAGE_CODE):
        text = str(bound.field.widget.format_value(value) or "") if value is not None else ""
    with contextlib.suppress(ValidationError):  # what can't be read is compared as typed
        read = bound.field.clean(text)
        text = f"{read.normalize():f}" if isinstance(read, Decimal) else str(read)
    return text.strip().replace("\r\n", "\n")


def _key(value: Any) -> str:
    return "" if value is None else str(value.pk if isinstance(value, models.Model) else value)


def _as_sent(bound: forms.BoundField) -> list[str]:
    """What a browser sends of a field that nobody touched."""
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return ["on"] if value in CHECKED else []
    if isinstance(value, list | tuple | models.QuerySet):
        return [_key(each) for each in value]
    if getattr(bound.field, "choices", None) is not None:
        return [_key(value)]
    return [str(bound.field.widget.format_value(value) or "") if value is not None else ""]


def _readable(bound: forms.BoundField) -> str:
    value = bound.value()
    if isinstance(bound.field, forms.BooleanField):
        return _now("yes") if value in CHECKED else _now("no")
    choices = getattr(bound.field, "choices", None)
    if choices is None:
        return "" if value is None else str(bound.field.widget.format_value(value) or "")
    items = value if isinstance(value, list | tuple | models.QuerySet) else [value]
    chosen = {str(item.pk if isinstance(item, models.Model) else item) for item in items}
    return ", ".join(str(label) for key, label in choices if str(key) in chosen and str(key))
