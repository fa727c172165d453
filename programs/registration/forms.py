"""Screen 1 (the programme), screen 2 (its indicators), and the quarterly report."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField
from core.models import Region
from core.numbers import LARGEST_HEADCOUNT, format_number
from core.text import shortened
from datasources.choices import ToleranceKind, WorstSide
from datasources.models import Series
from programs.choices import (
    DEFAULT_POINTS_TOLERANCE,
    DEFAULT_RELATIVE_TOLERANCE,
    Direction,
    Disaggregation,
    Frequency,
    OverTime,
    PlanLevel,
    TargetChoice,
)
from programs.models import (
    Activity,
    Indicator,
    LegalBasis,
    Nomenclature,
    PlanDocument,
    PlanItem,
    Program,
    Unit,
)
from programs.models.programs import WORST_REGIONS
from programs.registration.needs import snapshot, worst_side_of
from spm.models import ServiceKind

SEARCH_RESULTS = 12
QUARTER_NUMBERS = range(1, 5)


class ProgramForm(forms.ModelForm):
    """`fiscal_year` decides which nomenclature and services are offered; a registered programme asks for a reason."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    regions = forms.ModelMultipleChoiceField(
        queryset=Region.objects.regencies(),
        widget=forms.CheckboxSelectMultiple,
        label=_("Regions"),
        help_text=_("Every regency and city that the programme reaches."),
        error_messages={"required": _("Choose at least one regency or city.")},
    )
    reason = forms.CharField(
        label=_("Reason for the change"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The programme is registered: the reason stands in its history."),
    )
    problem_people = NumberFormField(
        label=_("People affected"),
        required=False,
        decimals=0,
        min_value=0,
        max_value=LARGEST_HEADCOUNT,
        help_text=_("How many people have this problem, in all."),
    )
    worst_count = NumberFormField(
        label=_("Regions that count as worst"),
        required=False,
        decimals=0,
        min_value=1,
        max_value=10,
        initial=3,
        help_text=_("Recipients there count for “tepat sasaran”."),
    )
    target_count = NumberFormField(
        label=_("Number of recipients"),
        decimals=0,
        min_value=1,
        max_value=LARGEST_HEADCOUNT,
        help_text=_("People, or the unit named in the target group."),
    )

    class Meta:
        model = Program
        fields = [
            "nomenclature",
            "name",
            "service",
            "plan_item",
            "problem_statement",
            "problem_people",
            "evidence_series",
            "evidence_worst",
            "worst_count",
            "target_group",
            "target_count",
            "regions",
            "budget_rupiah",
        ]
        help_texts = {
            "problem_statement": _("Which problem, where, for how many people, and how you know it."),
            "target_group": _("For example: pupils aged 16–18 out of school."),
            "budget_rupiah": _("For example 1.250.000.000"),
        }
        error_messages = {"nomenclature": {"required": _("Search for the code and choose one of the results.")}}

    def __init__(self, *args: Any, fiscal_year: int, asks_reason: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rebuild_arguments = {"fiscal_year": fiscal_year, "asks_reason": asks_reason}
        self.fields["nomenclature"].queryset = Nomenclature.objects.for_programs(fiscal_year)  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        for name in ("problem_statement", "target_group"):  # only drafts that came with a list may lack them
            self.fields[name].required = True
        service = self.fields["service"]
        service.queryset = ServiceKind.objects.of_level().select_related("domain")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        service.empty_label = _("– not a minimum service –")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        series = self.fields["evidence_series"]
        series.queryset = Series.objects.active().select_related("source")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        series.empty_label = _("– no evidence of need –")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        plan = self.fields["plan_item"]
        plan.queryset = PlanItem.objects.filter(  # type: ignore[attr-defined]  # a ModelChoiceField of this form
            level=PlanLevel.TARGET, document__in=PlanDocument.objects.covering(fiscal_year)
        ).filter(Q(document__agency__isnull=True) | Q(document__agency=self.instance.agency_id))
        plan.empty_label = _("– none chosen –")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        worst = self.fields["evidence_worst"]
        worst.required = False
        worst.choices = [("", _("– as the series says –")), *WorstSide.choices]  # type: ignore[attr-defined]  # a ChoiceField of this form
        if self.instance.pk is None:
            self.initial["evidence_worst"] = ""
        if not asks_reason:
            del self.fields["reason"]
        if self.instance.pk and not self.is_bound:
            self.initial["version"] = self.instance.version

    def clean_worst_count(self) -> int:
        return int(self.cleaned_data.get("worst_count") or WORST_REGIONS)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        series = data.get("evidence_series")
        if not data.get("evidence_worst"):
            known = worst_side_of(series) if series is not None else WorstSide.HIGH  # without a series it says nothing
            if known is None:
                self.add_error("evidence_worst", _("Nobody has said it of this series: choose where it is worst."))
            else:
                data["evidence_worst"] = self.instance.evidence_worst = known
        return data

    def values(self) -> dict[str, Any]:
        """The programme's own columns, without regions, version and reason; the evidence as it is today."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields if name != "regions"}
        series = values["evidence_series"]
        values["evidence_snapshot"] = snapshot(series, values["evidence_worst"]) if series else {}
        return values


class IndicatorForm(forms.ModelForm):
    tolerance = NumberFormField(
        label=_("Tolerance"),
        required=False,
        min_value=0,
        max_value=1000,
        decimals=2,
        help_text=_("Empty: 2 points for rates, 5% for counts."),
    )

    class Meta:
        model = Indicator
        fields = [
            "name",
            "level",
            "unit",
            "direction",
            "baseline",
            "band_low",
            "target",
            "by_region",
            "with_total",
            "over_time",
            "over_regions",
            "disaggregation",
            "frequency",
            "numerator_label",
            "denominator_label",
            "formula",
            "needs_evidence",
            "reference_series",
            "tolerance",
        ]
        help_texts = {
            "target": _("With a band: its upper edge."),
            "band_low": _("Only with a band."),
            "reference_series": _("The official figure that reports are compared with."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        series = self.fields["reference_series"]
        series.queryset = Series.objects.active().select_related("source")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        series.empty_label = _("– no official figure –")  # type: ignore[attr-defined]  # a ModelChoiceField of this form
        for name in ("disaggregation", "frequency", "over_time"):  # blank means the usual
            self.fields[name].required = False
        held = {}
        if self.instance.pk:
            held = {row.period.number: row.value for row in self.instance.targets.all() if row.period.kind == "quarter"}
        for number in QUARTER_NUMBERS:
            field = NumberFormField(
                label=_("Target of quarter %(number)s") % {"number": number}, required=False, decimals=6
            )
            field.initial = held.get(number)
            self.fields[f"quarter_{number}"] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("unit") is not None:
            self._check_unit(data["unit"], data)
        if data.get("direction") == Direction.BAND:
            self._check_band(data)
        else:
            data["band_low"] = None
        if bool(data.get("numerator_label")) != bool(data.get("denominator_label")):
            missing = "denominator_label" if data.get("numerator_label") else "numerator_label"
            self.add_error(missing, _("A fraction needs both its numerator and its denominator."))
        return data

    def _check_unit(self, unit: Unit, data: dict[str, Any]) -> None:
        """Figures within the unit's range, a series in the same unit, the tolerance that goes with it."""
        self._check_range(unit, data)
        series: Series | None = data.get("reference_series")
        if series is not None and series.unit.lower() != unit.name.lower():
            text = _("This series is in %(series)s, the indicator in %(unit)s. Choose a series in the same unit.")
            params = {"series": series.unit, "unit": unit.name}
            self.add_error("reference_series", ValidationError(text, params=params))
        self.instance.tolerance_kind = ToleranceKind.POINTS if unit.is_rate else ToleranceKind.RELATIVE
        if data.get("tolerance") is None and "tolerance" not in self.errors:
            data["tolerance"] = DEFAULT_POINTS_TOLERANCE if unit.is_rate else DEFAULT_RELATIVE_TOLERANCE

    def _check_band(self, data: dict[str, Any]) -> None:
        low, high = data.get("band_low"), data.get("target")
        if low is None:
            self.add_error("band_low", _("A band needs its lower edge."))
        elif high is not None and low > high:
            self.add_error("band_low", _("The lower edge cannot be above the target, the upper edge."))

    def clean_disaggregation(self) -> str:
        return self.cleaned_data.get("disaggregation") or Disaggregation.NONE

    def clean_over_time(self) -> str:
        return self.cleaned_data.get("over_time") or OverTime.LAST

    def clean_frequency(self) -> str:
        return self.cleaned_data.get("frequency") or Frequency.QUARTERLY

    @property
    def quarter_fields(self) -> list[forms.BoundField]:
        return [self[f"quarter_{number}"] for number in QUARTER_NUMBERS]

    @property
    def has_more(self) -> bool:
        """Whether one of the folded fields is used or wrong."""
        names = [
            *(f"quarter_{number}" for number in QUARTER_NUMBERS),
            "numerator_label",
            "denominator_label",
            "formula",
        ]
        return any(self[name].value() for name in names) or bool(self.errors.keys() & {*names, "disaggregation"})

    def quarter_targets(self) -> dict[int, Decimal | None]:
        return {number: self.cleaned_data.get(f"quarter_{number}") for number in QUARTER_NUMBERS}

    def _check_range(self, unit: Unit, data: dict[str, Any]) -> None:
        for name in ("baseline", "target", "band_low", *(f"quarter_{number}" for number in QUARTER_NUMBERS)):
            value: Decimal | None = data.get(name)
            if value is not None and (message := range_message(value, unit)):
                self.add_error(name, message)


def range_message(value: Decimal, unit: Unit) -> str:
    """What is wrong with the size of `value` in this unit; empty when nothing is."""
    if value < unit.limits.lowest:
        text, limit = _("A value in %(unit)s is %(limit)s or more."), unit.limits.lowest
    elif value > unit.limits.highest:
        text, limit = _("A value in %(unit)s is %(limit)s or less."), unit.limits.highest
    else:
        return ""
    return str(text) % {"unit": unit, "limit": format_number(limit)}


class BaseIndicatorFormSet(forms.BaseInlineFormSet):
    """Errors of the set as a whole speak of names and levels."""

    def get_unique_error_message(self, unique_check: Any) -> str:
        del unique_check
        return str(_("Two indicators have the same name."))


IndicatorFormSet = forms.inlineformset_factory(
    Program,
    Indicator,
    form=IndicatorForm,
    formset=BaseIndicatorFormSet,
    extra=0,
    min_num=1,
    max_num=30,
    can_delete=True,
)


class NewYearForm(forms.Form):
    """How last year's programmes are copied; which ones, and by which codes, stands in the table."""

    targets = forms.ChoiceField(
        label=_("Targets"), choices=TargetChoice, widget=forms.RadioSelect, initial=TargetChoice.EMPTY
    )
    with_sub_activities = forms.BooleanField(
        label=_("Copy sub-activities too"),
        required=False,
        help_text=_(
            "Only those for which SIPD's list of last year has a ceiling of the year to come (pagu N+1), and only as"
            " long as that year's list isn't there: it then goes by kode_sbl."
        ),
    )


class LegalBasisForm(forms.ModelForm):
    """Of the programme as a whole, or of one of its activities or sub-activities."""

    owner = forms.ChoiceField(label=_("Belongs to"), required=False)
    link = forms.URLField(label=_("Link"), required=False, assume_scheme="https", max_length=500)

    class Meta:
        model = LegalBasis
        fields = ["regulation", "article", "link"]

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        activities = (
            Activity.objects.filter(program=program).select_related("nomenclature").prefetch_related("sub_activities")
        )
        owners: list[tuple[str, Any]] = [("", _("the whole programme"))]
        for activity in activities:
            owners.append((f"a{activity.pk}", shortened(activity, 90)))
            owners += [(f"s{sub.pk}", shortened(f"– {sub}", 90)) for sub in activity.sub_activities.all()]
        self.fields["owner"].choices = owners  # type: ignore[attr-defined]  # a ChoiceField of this form
        self.program = program

    def to_basis(self) -> LegalBasis:
        """As entered, not saved."""
        basis: LegalBasis = self.save(commit=False)
        owner = self.cleaned_data["owner"]
        basis.program = None if owner else self.program
        basis.activity_id = int(owner[1:]) if owner.startswith("a") else None
        basis.sub_activity_id = int(owner[1:]) if owner.startswith("s") else None
        return basis
