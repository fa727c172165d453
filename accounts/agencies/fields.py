"""How forms and filters let somebody choose an OPD: the one place besides the querysets that knows of former ones."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

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
