"""What the data steward says of a change: one form for each kind."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.fields import AgencyChoiceField
from accounts.agencies.services import Plan, Target, check
from accounts.models import Agency
from core.forms import DayInput

MOST_PARTS = 4
NEW_OPD = ("name", "short_name", "code")  # what a part says of an OPD that is founded


def code_field(**kwargs: Any) -> forms.CharField:
    return forms.CharField(label=_("SIPD code"), max_length=40, **kwargs)


class AgencyChangeForm(forms.Form):
    """`first` is the field beside which it is said what is wrong with the targets."""

    kind: AgencyChangeKind
    first: str

    day = forms.DateField(
        label=_("Counts from"),
        widget=DayInput(),
        help_text=_(
            "The first day of the new OPD. What is over before it stays as it is; the fiscal year that runs goes over "
            "as a whole, unless the day is its last: from 31 December only the next year goes over."
        ),
    )
    basis = forms.CharField(
        label=_("Legal basis"), max_length=200, help_text=_("The regulation that says so, with number and year.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agency = agency
        self.order_fields([name for name in self.fields if name not in AgencyChangeForm.base_fields])

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page sets them, each group under its heading."""
        return [("", list(self))]

    def targets(self) -> Sequence[Target]:
        raise NotImplementedError

    def plan(self, chosen: Mapping[tuple[str, int], int | None] | None = None) -> Plan:
        values = self.cleaned_data
        return Plan(
            self.agency, self.kind, values["day"], values["basis"], values["reason"], self.targets(), chosen or {}
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                check(self.plan())
            except ValidationError as error:
                self.refuse(error)
        return cleaned

    def refuse(self, error: ValidationError) -> None:
        """Beside the field that it is about."""
        for name, texts in getattr(error, "message_dict", {None: error.messages}).items():
            field = self.first if name == "targets" else name if name in self.fields else None
            self.add_error(field, texts)


class AgencyRenameForm(AgencyChangeForm):
    kind, first = AgencyChangeKind.RENAME, "name"

    name = forms.CharField(label=_("New name"), max_length=160)
    short_name = forms.CharField(label=_("New short name"), max_length=40)
    code = code_field(help_text=_("Stays unless SIPD gives another one."))

    def targets(self) -> Sequence[Target]:
        values = self.cleaned_data
        return [Target(code=values["code"], name=values["name"], short_name=values["short_name"])]


class AgencyMergeForm(AgencyChangeForm):
    kind, first = AgencyChangeKind.MERGE, "into"

    into = AgencyChoiceField(
        label=_("Merged into"),
        help_text=_("An OPD that is new by the same regulation: rename one of the old ones first."),
    )

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, **kwargs)
        self.fields["into"].queryset = Agency.objects.living().exclude(pk=agency.pk)  # type: ignore[attr-defined]  # a ModelChoiceField of this form

    def targets(self) -> Sequence[Target]:
        return [Target(existing=self.cleaned_data["into"])]


class AgencySplitForm(AgencyChangeForm):
    """Up to four parts, each an OPD that exists (the one that is split too, when it goes on with a part) or a new one.

    The first keeps the papers of what is over, and takes whatever is not said to go elsewhere.
    """

    kind, first = AgencyChangeKind.SPLIT, "existing_1"

    def __init__(self, *args: Any, agency: Agency, **kwargs: Any) -> None:
        super().__init__(*args, agency=agency, **kwargs)
        fields: dict[str, forms.Field] = {}
        living = Agency.objects.living()
        for part in range(1, MOST_PARTS + 1):
            fields[f"existing_{part}"] = forms.ModelChoiceField(
                living, required=False, label=_("OPD that exists"), empty_label=_("– a new OPD –")
            )
            fields[f"name_{part}"] = forms.CharField(label=_("or new: name"), max_length=160, required=False)
            fields[f"short_name_{part}"] = forms.CharField(label=_("Short name"), max_length=40, required=False)
            fields[f"code_{part}"] = code_field(required=False)
        self.fields = fields | self.fields

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        parts = [
            (_("Part %(number)s") % {"number": part}, [self[f"{name}_{part}"] for name in ("existing", *NEW_OPD)])
            for part in range(1, MOST_PARTS + 1)
        ]
        return [*parts, (_("The change"), [self[name] for name in AgencyChangeForm.base_fields])]

    def clean(self) -> dict[str, Any]:
        """Which of the two is meant is not guessed: what was typed would be lost without a word."""
        for part in range(1, MOST_PARTS + 1):
            chosen = self.cleaned_data.get(f"existing_{part}")
            for name in NEW_OPD:
                if chosen is not None and self.cleaned_data.get(f"{name}_{part}"):
                    text = _("%(agency)s is chosen for this part: empty this, or choose “a new OPD”.")
                    self.add_error(f"{name}_{part}", ValidationError(text, params={"agency": chosen.short_name}))
        return super().clean()

    def targets(self) -> Sequence[Target]:
        values = self.cleaned_data
        found = []
        for part in range(1, MOST_PARTS + 1):
            existing = values.get(f"existing_{part}")
            code, name, short = (values.get(f"{each}_{part}") or "" for each in ("code", "name", "short_name"))
            if existing is not None:
                found.append(Target(existing=existing))
            elif code or name or short:
                found.append(Target(code=code, name=name, short_name=short))
        return found


FORMS: dict[str, type[AgencyChangeForm]] = {
    form.kind.value: form for form in (AgencyRenameForm, AgencyMergeForm, AgencySplitForm)
}
