"""Offers, the winner, contracts and what follows them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.fields import NumberFormField
from procurement.models import Addendum, Award, Contract, Handover, Offer, Package, Payment, Supplier
from procurement.suppliers import services as supplier_services
from procurement.suppliers.forms import day_input


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class SupplierField(forms.CharField):
    """A supplier by name or NPWP, with suggestions while typing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=200,
            widget=forms.TextInput(attrs={"list": "supplier-names", "autocomplete": "off"}),
            help_text=_("Type a part of the name and choose, or write the NPWP."),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return supplier_services.found_by(text) if text else None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return Supplier.objects.filter(pk=value).values_list("name", flat=True).first() or ""
        return str(value) if isinstance(value, Supplier) else value


class OwnIdMixin:
    """Several forms stand on one page: each names its fields' ids after itself."""

    own_id = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.own_id}_%s")
        super().__init__(*args, **kwargs)


class SelectionForm(OwnIdMixin, forms.ModelForm):
    own_id = "selection"
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Package
        fields = ["selection_method", "offers_from", "offers_until", "award_note"]
        widgets = {"offers_from": moment_input(), "offers_until": moment_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            self.initial["version"] = self.instance.version

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class OfferForm(OwnIdMixin, forms.ModelForm):
    own_id = "offer"
    supplier = SupplierField(label=_("Supplier"))
    partners = forms.CharField(
        label=_("Partners (KSO)"),
        required=False,
        max_length=600,
        help_text=_("Of a joint operation: the other suppliers, separated by semicolons."),
    )

    class Meta:
        model = Offer
        fields = ["supplier", "partners", "amount_rupiah", "handed_in_at", "state", "note"]
        widgets = {"handed_in_at": moment_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["partners"] = "; ".join(row.name for row in self.instance.partners.all())

    def clean_partners(self) -> list[Supplier]:
        found = []
        for name in self.cleaned_data["partners"].split(";"):
            if name.strip():
                found.append(supplier_services.found_by(name))  # noqa: PERF401 (it raises)
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("state") == "disqualified" and not cleaned.get("note"):
            self.add_error("note", _("Say why the offer is disqualified."))
        return cleaned

    def _save_m2m(self) -> None:
        """Partners are saved by the service."""


class AwardForm(OwnIdMixin, forms.ModelForm):
    own_id = "award"
    supplier = SupplierField(label=_("Winner"))

    class Meta:
        model = Award
        fields = ["supplier", "amount_rupiah", "decided_on", "above_reason"]
        widgets = {"decided_on": day_input()}
        help_texts = {
            "amount_rupiah": _("Empty: the amount of the winner's offer."),
            "above_reason": _("Only when it is above the HPS."),
        }


class ContractForm(OwnIdMixin, forms.ModelForm):
    own_id = "contract"
    supplier = SupplierField(label=_("Supplier"))

    class Meta:
        model = Contract
        fields = ["supplier", "kind", "number", "signed_on", "value_rupiah", "above_reason", "starts_on", "ends_on"]
        widgets = {"signed_on": day_input(), "starts_on": day_input(), "ends_on": day_input()}
        help_texts = {"above_reason": _("Only when it is above the HPS or the award.")}


class CorrectionForm(ContractForm):
    """A new version of a contract that was entered wrongly."""

    class Meta(ContractForm.Meta):
        fields = [*ContractForm.Meta.fields, "correction_reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["correction_reason"].required = True


class AddendumForm(forms.ModelForm):
    class Meta:
        model = Addendum
        fields = ["signed_on", "value_rupiah", "ends_on", "reason"]
        widgets = {"signed_on": day_input(), "ends_on": day_input()}


class HandoverForm(forms.ModelForm):
    percent = NumberFormField(label=_("finished (%)"), decimals=2, min_value=0, max_value=100, initial=100)

    class Meta:
        model = Handover
        fields = ["kind", "number", "on_day", "percent"]
        widgets = {"on_day": day_input()}


class PaymentForm(forms.ModelForm):
    class Meta:
        model = Payment
        fields = ["sp2d_number", "paid_on", "amount_rupiah"]
        widgets = {"paid_on": day_input()}


class ReasonMixin(forms.Form):
    """For what was entered wrongly: corrected or taken off, with a reason."""

    reason = forms.CharField(label=_("Reason"), max_length=500)


class HandoverCorrectionForm(ReasonMixin, HandoverForm):
    pass


class PaymentCorrectionForm(ReasonMixin, PaymentForm):
    pass
