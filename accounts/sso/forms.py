from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.agencies.fields import AgencyChoiceField


class UnitForm(forms.Form):
    """A code that is there already moves to the chosen OPD."""

    code = forms.CharField(label=_("Unit code of the SSO"), max_length=60)
    agency = AgencyChoiceField()
