"""A service, the steps of its procedure, and the decision on a proposal."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField
from core.formset_rows import show_unjudged
from public_services.choices import Actor
from public_services.models import DocumentKind, Procedure, ProcedureStep, PublicService
from public_services.services import StepInput

LARGEST_COUNT = 2_147_483_647  # what the column holds
MOST_PROMISED = 9_999


class PublicServiceForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    promised_days = NumberFormField(
        label=_("promised time (working days)"), decimals=2, min_value=0, max_value=MOST_PROMISED
    )
    volume = NumberFormField(label=_("applications in a year"), decimals=0, min_value=0, max_value=LARGEST_COUNT)
    complaints = NumberFormField(label=_("complaints in a year"), decimals=0, min_value=0, max_value=LARGEST_COUNT)
    address = forms.URLField(label=_("online address"), required=False, assume_scheme="https")

    class Meta:
        model = PublicService
        fields = [
            "name",
            "product",
            "users",
            "digital_level",
            "address",
            "fee_rupiah",
            "legal_basis",
            "promised_days",
            "volume",
            "complaints",
            "is_active",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["version"] = self.instance.version

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class StepForm(forms.Form):
    """One step. A row without a name is left out, so a step is removed by emptying its name."""

    name = forms.CharField(label=_("What happens"), max_length=160, required=False)
    actor = forms.ChoiceField(label=_("Who acts"), choices=Actor, initial=Actor.APPLICANT)
    days = NumberFormField(label=_("Working days"), decimals=2, min_value=0, max_value=365, initial=0)
    is_visit = forms.BooleanField(label=_("The applicant comes in person"), required=False)
    documents = forms.ModelMultipleChoiceField(
        label=_("Documents asked for"),
        queryset=DocumentKind.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["documents"].queryset = DocumentKind.objects.all()  # type: ignore[attr-defined]  # a ModelChoiceField of this form

    def step(self) -> StepInput | None:
        data = self.cleaned_data
        if not data.get("name"):
            return None
        return StepInput(data["name"], data["actor"], data["days"], data["is_visit"], list(data["documents"]))


StepFormSet = forms.formset_factory(StepForm, extra=1, max_num=40)


def initial_of(steps: "list[ProcedureStep]") -> list[dict[str, Any]]:
    return [
        {"name": s.name, "actor": s.actor, "days": s.days, "is_visit": s.is_visit, "documents": list(s.documents.all())}
        for s in steps
    ]


class ProposalForm(forms.Form):
    reason = forms.CharField(
        label=_("What it improves"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: one visit less, because Dukcapil confirms the identity."),
    )


class ProcedureEntry:
    """The steps of a procedure, and for a proposal what it improves; `act` only adds or removes a step of what was
    typed.

    `reason` is what the field for it holds at first; None where no reason is asked for.
    """

    def __init__(self, data: QueryDict | None, *, source: Procedure | None, reason: str | None, act: str) -> None:
        steps = list(source.steps.all()) if source else []
        self.formset = StepFormSet(data, initial=initial_of(steps))
        if act:
            show_unjudged(self.formset, act=act)
        self.reason = ProposalForm(None if act else data, initial={"reason": reason}) if reason is not None else None

    def is_valid(self) -> bool:
        return self.formset.is_valid() and (self.reason is None or self.reason.is_valid())

    def steps(self) -> list[StepInput]:
        return [step for form in self.formset if (step := form.step()) is not None]

    @property
    def reason_given(self) -> str:
        return self.reason.cleaned_data["reason"] if self.reason else ""

    def context(self) -> dict[str, Any]:
        return {"formset": self.formset, "reason": self.reason, "is_proposal": self.reason is not None}
