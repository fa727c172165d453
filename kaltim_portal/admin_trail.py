"""What administrators change in the administration stands in the trail in words: field by field, before and after."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms import BaseForm, BaseFormSet, Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import audit

HIDDEN = "••••••"
SECRET = ("password", "secret", "key", "token", "identity")
Change = dict[str, str]


class TracedAdmin(admin.ModelAdmin):
    """Put in front of every ModelAdmin when it is registered (`PortalAdminSite.register`)."""

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Form,
        formsets: Any,
        add: bool = False,
    ) -> list[dict[str, Any]]:
        request.admin_changes = [  # type: ignore[attr-defined]  # ours, for the record below
            *_changes_of(form),
            *(change for formset in formsets or [] for change in _changes_in(formset)),
        ]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, "admin.added", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        self._record(request, "admin.changed", obj)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for row in queryset:
            audit.record("admin.deleted", row, by=_who(request), kind=str(row._meta.verbose_name))  # noqa: SLF001 (Django's public-by-use API)
        return super().log_deletions(request, queryset)

    def _record(self, request: HttpRequest, action: str, obj: models.Model) -> None:
        changes: list[Change] = getattr(request, "admin_changes", [])
        if changes or action == "admin.added":
            kind = str(obj._meta.verbose_name)  # noqa: SLF001 (Django's public-by-use API)
            audit.record(action, obj, by=_who(request), kind=kind, changes=changes)


def _who(request: HttpRequest) -> models.Model:
    """The administrator: nobody else gets past the site's own check."""
    user: Any = request.user
    who: models.Model = user
    return who


def _changes_of(form: BaseForm) -> list[Change]:
    return [
        {
            "field": str(form.fields[name].label or name),
            "before": _said(name, form, form.get_initial_for_field(form.fields[name], name)),
            "after": _said(name, form, form.cleaned_data.get(name)),
        }
        if name in form.fields
        else {"field": name, "before": HIDDEN, "after": HIDDEN}  # Django's page for a new password
        for name in form.changed_data
        if name not in form.fields or not form.fields[name].widget.is_hidden
    ]


def _changes_in(formset: BaseFormSet) -> list[Change]:
    """Rows below the record: memberships of a user, for example."""
    made = [{"field": _kind(row), "before": "", "after": str(row)} for row in formset.new_objects]  # type: ignore[attr-defined]  # of a model's formset
    gone = [{"field": _kind(row), "before": str(row), "after": ""} for row in formset.deleted_objects]  # type: ignore[attr-defined]  # as above
    kept = {row.pk for row, _names in formset.changed_objects}  # type: ignore[attr-defined]  # as above
    changed = [
        {**change, "field": f"{form.instance}: {change['field']}"}
        for form in formset.forms
        if form.instance.pk in kept
        for change in _changes_of(form)
    ]
    return [*made, *gone, *changed]


def _kind(row: models.Model) -> str:
    return str(row._meta.verbose_name)  # noqa: SLF001 (Django's public-by-use API)


def _said(name: str, form: BaseForm, value: Any) -> str:
    if any(part in name for part in SECRET):
        return HIDDEN if value else ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    field: Any = form.fields[name]
    if hasattr(field, "queryset") and not isinstance(value, models.Model | QuerySet | list):
        value = field.queryset.model._default_manager.filter(pk=value).first() or value  # noqa: SLF001 (Django's public-by-use API)
    if isinstance(value, QuerySet | list | tuple):
        return ", ".join(str(each) for each in value)
    choices = (
        {str(key): str(label) for key, label in getattr(field, "choices", [])} if not hasattr(field, "queryset") else {}
    )
    return choices.get(str(value), str(value))
