"""What is asked of whoever writes down a comparison, and which rows the list shows."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.regulations.listing import RANKS
from accounts.regulations.models import RegulationCheck
from core.forms import DayInput


class CheckForm(forms.ModelForm):
    class Meta:
        model = RegulationCheck
        fields = ["result", "checked_by", "checked_on", "note"]
        widgets = {"checked_on": DayInput(), "note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self.initial.setdefault("checked_on", timezone.localdate())


class RegulationFilterForm(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    rank = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All kinds")), *((rank, label) for rank, (label, _begins) in RANKS.items())],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("not compared yet")),
            ("matches", _("compared")),
            ("differs", _("differs")),
        ],
    )
