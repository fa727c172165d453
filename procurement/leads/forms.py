"""What a reviewer says of a lead."""

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.choices import LeadState


class ReviewForm(forms.Form):
    state = forms.ChoiceField(
        label=_("Result of the review"),
        choices=[
            ("", _("– choose –")),
            *(choice for choice in LeadState.choices if choice[0] != LeadState.OPEN),
        ],
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # when the review was made that its author saw
    note = forms.CharField(label=_("Finding"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
