"""One region's row of a service's month."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField
from core.models import Region
from core.numbers import LARGEST_HEADCOUNT
from core.periods import Period
from core.versioning import Difference, merge
from spm import services as spm_services
from spm.choices import ElementKind
from spm.models import Achievement, QualityElement, ServiceKind
from spm.services import NeedProposal, Typed


class WordsField(forms.CharField):
    """A reason in a cell: it grows with what is written."""

    widget = forms.Textarea(attrs={"rows": 1})


class RowForm(forms.Form):
    """Blocks A and B. A row that is left blank as a whole is not saved; one that is begun is asked for in full."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    must_be_served = NumberFormField(
        label=_("Must be served"), decimals=0, min_value=0, max_value=LARGEST_HEADCOUNT, required=False
    )
    served = NumberFormField(label=_("Served"), decimals=0, min_value=0, max_value=LARGEST_HEADCOUNT, required=False)
    unserved_reason = WordsField(label=_("Why some were not served yet"), max_length=1000, required=False)
    need_reason = WordsField(label=_("Why the need is another one"), max_length=1000, required=False)
    over_reason = WordsField(
        label=_("Why it is more than needed, or less than the month before"), max_length=1000, required=False
    )

    def __init__(
        self,
        data: Any,
        region: Region,
        elements: Sequence[QualityElement],
        *,
        row: Achievement | None,
        last: Achievement | None,
        proposal: NeedProposal | None,
    ) -> None:
        known = row or last
        super().__init__(data, prefix=f"r{region.pk}", initial=self._initial(row, known, proposal))
        self.region, self.elements, self.row, self.proposal = region, list(elements), row, proposal
        self.last = last
        for element in self.elements:
            for name, label in (("required", _("required")), ("fulfilled", _("fulfilled"))):
                field = NumberFormField(
                    label=f"{element.name}, {label}",
                    decimals=2,
                    min_value=0,
                    max_value=LARGEST_HEADCOUNT,
                    required=False,
                )
                self.fields[f"{name}_{element.pk}"] = field
        for each in self.fields.values():
            if not each.widget.is_hidden:
                each.widget.attrs["aria-label"] = str(each.label)

    @staticmethod
    def _initial(row: Achievement | None, known: Achievement | None, proposal: NeedProposal | None) -> dict[str, Any]:
        """What the month holds; in a new one the need and what is required, as they were or as they are proposed."""
        initial: dict[str, Any] = {"version": row.version if row else None}
        if known is not None:
            initial |= {"must_be_served": known.must_be_served, "need_reason": known.need_reason}
            for figure in known.quality.all():
                initial[f"required_{figure.element_id}"] = figure.required
                initial[f"fulfilled_{figure.element_id}"] = figure.fulfilled if row else None
        elif proposal is not None:
            initial["must_be_served"] = proposal.people
        if row is not None:
            names = ("served", "unserved_reason", "over_reason")
            initial |= {name: getattr(row, name) for name in names}
        return initial

    def texts_of_last_month(self) -> dict[str, str]:
        """Field → what the newest earlier month of the year holds, as the field writes it."""
        if self.last is None:
            return {}
        names = ("must_be_served", "served", "unserved_reason", "over_reason", "need_reason")
        values: dict[str, Any] = {name: getattr(self.last, name) for name in names}
        for figure in self.last.quality.all():
            values |= {
                f"required_{figure.element_id}": figure.required,
                f"fulfilled_{figure.element_id}": figure.fulfilled,
            }
        texts = {name: self.fields[name].prepare_value(value) for name, value in values.items() if name in self.fields}
        return {self.add_prefix(name): str(text) for name, text in texts.items() if text != ""}

    @property
    def has_open_quality(self) -> bool:
        """Whether block B wants to be looked at: something is wrong in it, or lacking."""
        names = {name for element in self.elements for name in (f"required_{element.pk}", f"fulfilled_{element.pk}")}
        return bool(names & self.errors.keys() or self.blank_elements)

    @property
    def error_lines(self) -> list[tuple[forms.BoundField, str]]:
        return [(field, " ".join(map(str, field.errors))) for field in self.visible_fields() if field.errors]

    @property
    def is_blank(self) -> bool:
        """Nothing of what was really done: no served figure and no fulfilled one."""
        names = ["served", *(f"fulfilled_{element.pk}" for element in self.elements)]
        return all(self.cleaned_data.get(name) is None for name in names) and not any(
            name in self.errors for name in names
        )

    def element_fields(self) -> list[tuple[QualityElement, forms.BoundField, forms.BoundField]]:
        """In e-SPM's order of block B: goods and services, staff, guidelines, then indicators by themselves."""
        order = list(ElementKind)
        elements = sorted(self.elements, key=lambda element: order.index(ElementKind(element.kind)))
        return [(element, self[f"required_{element.pk}"], self[f"fulfilled_{element.pk}"]) for element in elements]

    @property
    def blank_elements(self) -> int:
        """How many elements of a saved row are not entered: they count as not fulfilled."""
        if self.row is None or not self.row.must_be_served:
            return 0
        return len({element.pk for element in self.elements} - {figure.element_id for figure in self.row.quality.all()})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.is_blank and self.row is None:
            return data
        for name in ("must_be_served", "served"):
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, _("Enter the figure; 0 when there is nobody."))
        self._ask_for_reasons(data)
        for _quality, required, fulfilled in self.element_fields():
            self._ask_for_both(data, required.name, fulfilled.name)
        return data

    def _ask_for_reasons(self, data: dict[str, Any]) -> None:
        must, served = data.get("must_be_served"), data.get("served")
        if must is None or served is None:
            return
        if served < must and not data.get("unserved_reason", "").strip():
            self.add_error("unserved_reason", _("Say why some were not served yet."))
        problem = spm_services.over_problem(spm_services.as_typed(data, self.region, self.elements), self.last)
        if problem and not data.get("over_reason", "").strip():
            self.add_error("over_reason", problem)
        is_another = self.proposal is not None and must != self.proposal.people
        if is_another and not data.get("need_reason", "").strip():
            self.add_error("need_reason", _("The need is another one than the reference data propose: say why."))

    def _ask_for_both(self, data: dict[str, Any], required: str, fulfilled: str) -> None:
        missing = [name for name in (required, fulfilled) if data.get(name) is None]
        if len(missing) == 1 and not self.errors.keys() & {required, fulfilled}:
            self.add_error(missing[0], _("Enter both figures, or neither."))


def row_forms(service: ServiceKind, month: Period, data: Any) -> list[RowForm]:
    """A form for each regency and city, begun with what is stored, or the month before, or the proposed need."""
    elements = spm_services.elements_of(service, month)
    proposed, last = spm_services.proposals(service, month), spm_services.last_months(service, month)
    stored = Achievement.objects.filter(service=service, period=month).prefetch_related("quality")
    there = {row.region_id: row for row in stored}
    return [
        RowForm(
            data,
            region,
            elements,
            row=there.get(region.pk),
            last=last.get(region.pk),
            proposal=proposed.get(region.pk),
        )
        for region in Region.objects.regencies()
    ]


def merged_rows(forms: list[RowForm], now: list[RowForm], sent: Any) -> tuple[Any, list[Difference]]:
    """What was sent over what is saved by now, and the fields that two people changed, each otherwise."""
    merged = merge(sent, *zip(forms, now, strict=True))
    for form in now:
        version = form.initial["version"]
        merged.data[form.add_prefix("version")] = "" if version is None else str(version)
    region_of = {form.add_prefix(name): form.region for form in forms for name in form.fields}
    return merged.data, [replace(each, label=f"{region_of[each.name]}: {each.label}") for each in merged.conflict]


def typed_rows(forms: list[RowForm]) -> list[Typed]:
    """What was entered; a row that is blank and was not there before is left out."""
    return [
        spm_services.as_typed(form.cleaned_data, form.region, form.elements)
        for form in forms
        if not (form.is_blank and form.row is None)
    ]
