from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class ResetForm(forms.Form):
    """For whom, and why."""

    user = forms.CharField(
        label=_("User name"), max_length=150, widget=forms.TextInput(attrs={"autocapitalize": "none"})
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("How do you know that it is really this person who asks? For example: came with the staff card."),
    )

    def clean_user(self) -> User:
        found = User.objects.filter(username__iexact=self.cleaned_data["user"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("There is no account with this user name."))
        return found
