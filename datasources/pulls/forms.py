"""How often beat runs a task."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import PeriodicTask

from core.fields import WholeNumberFormField
from core.schedule import Rhythm, rhythm_of

MOST_SECONDS = 86_400


class RhythmForm(forms.Form):
    """When beat runs a task."""

    kind = forms.ChoiceField(
        label=_("How often"), choices=[("every", _("every so many minutes")), ("daily", _("every day at"))]
    )
    minutes = WholeNumberFormField(label=_("Minutes"), required=False, min_value=1, max_value=MOST_SECONDS // 60)
    time = forms.TimeField(
        label=_("Time (WITA)"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    is_enabled = forms.BooleanField(label=_("Switched on"), required=False)
    reason = forms.CharField(label=_("Reason"), min_length=5, max_length=300)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == "every" and not data.get("minutes") and "minutes" not in self.errors:
            self.add_error("minutes", _("Say every how many minutes."))
        if data.get("kind") == "daily" and data.get("time") is None and "time" not in self.errors:
            self.add_error("time", _("Say at what time, for example 06:30."))
        return data

    @staticmethod
    def initial_of(row: PeriodicTask) -> dict[str, Any]:
        found, rhythm = {"is_enabled": row.enabled, "kind": "daily"}, rhythm_of(row)
        if rhythm is not None and rhythm.seconds is not None:
            return found | {"kind": "every", "minutes": max(1, rhythm.seconds // 60)}
        return found if rhythm is None else found | {"time": f"{rhythm.hour:02d}:{rhythm.minute:02d}"}

    def rhythm(self) -> Rhythm:
        if self.cleaned_data["kind"] == "every":
            return Rhythm.every(self.cleaned_data["minutes"] * 60)
        moment = self.cleaned_data["time"]
        return Rhythm(None, moment.hour, moment.minute)
