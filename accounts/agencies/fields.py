"""How forms and filters let somebody choose an OPD: the one place besides the querysets that knows of former ones."""

from typing import Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.then import agency_then, moves_of
from accounts.models import Agency


class AgencyChoiceField(forms.ModelChoiceField):
    """The OPD that exist at the moment when the form is shown or read, for something new."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("OPD"))
        super().__init__(queryset=Agency.objects.none(), **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "AgencyChoiceField":
        """Each form has a copy of its own: a class is made once, and the days go on."""
        copied: AgencyChoiceField = super().__deepcopy__(memo)
        copied.queryset = Agency.objects.living()
        return copied


class _AnyAgencyField(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, obj: Agency) -> str:
        return obj.label


class AgencyFilter(django_filters.ModelChoiceFilter):
    """Of a list that may hold rows of former OPD."""

    field_class = _AnyAgencyField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", _with_former)
        kwargs.setdefault("label", _("OPD"))
        kwargs.setdefault("empty_label", _("All OPD"))
        super().__init__(*args, **kwargs)


def _with_former(_request: Any) -> Any:
    return Agency.objects.with_former()


class AgencyThenFilter(AgencyFilter):
    """Of a list whose rows have a day: those of an OPD today, and those that were its own then."""

    def __init__(self, *, moving: type[models.Model], row: str, day: str, **kwargs: Any) -> None:
        super().__init__(field_name=f"{row}__agency", **kwargs)
        self.moving, self.row, self.day = moving, row, day

    def filter(self, qs: Any, value: Agency | None) -> Any:
        if value is None:
            return qs
        its_today = Q(**{self.field_name: value})
        gone = moves_of(self.moving).filter(former=value).order_by().values("row")
        if not gone.exists():
            return qs.filter(its_today)
        then = qs.model._default_manager.filter(**{f"{self.row}__in": gone})  # noqa: SLF001 (Django's own name)
        then = then.annotate(whose=agency_then(self.moving, self.row, self.day)).filter(whose=value.pk)
        return qs.filter(its_today | Q(pk__in=then.order_by().values("pk")))
