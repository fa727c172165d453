from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.tokens.choices import DAYS, Resource


class TokenForm(forms.Form):
    """A name, what it may read, and for how long."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=80, help_text=_("For example: dashboard of Bappeda, every night.")
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        choices=[(days, _("%(count)s days") % {"count": days}) for days in DAYS],
        initial=DAYS[1],
    )
    resources = forms.MultipleChoiceField(
        label=_("It may read"),
        choices=Resource.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what you may read yourself, and nothing that is not chosen here."),
        error_messages={"required": _("Choose at least one.")},
    )

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
