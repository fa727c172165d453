"""From the offers to the last payment: offers, awards, contracts, addenda, handovers and payments of a package."""

from decimal import Decimal
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Lower, Replace
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import track
from core.fields import RupiahField
from procurement.choices import ContractKind, HandoverKind, OfferState
from procurement.models.packages import Package
from procurement.models.suppliers import Supplier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


@track()
class Offer(models.Model):
    """An offer (penawaran) for a package. Partners of a joint operation (KSO) stand beside the supplier that leads
    it."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="offers", verbose_name=_("package"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="offers", verbose_name=_("supplier"))
    partners: "models.ManyToManyField[Supplier, OfferPartner]" = models.ManyToManyField(
        Supplier, through="OfferPartner", related_name="joint_offers", verbose_name=_("partners (KSO)")
    )
    amount_rupiah = RupiahField(_("offered (Rp)"), null=True, blank=True)
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=OfferState, default=OfferState.PENDING)
    note = models.CharField(_("why disqualified"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["package", "amount_rupiah", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["package", "supplier"],
                name="procurement_offer_once",
                violation_error_message=_("This supplier's offer for the package is entered already."),
            ),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="procurement_offer_state"),
            models.CheckConstraint(
                condition=Q(amount_rupiah__isnull=True) | Q(amount_rupiah__gt=0),
                name="procurement_offer_amount",
                violation_error_message=_("An offer is more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} · {self.package.rup_code}"


class OfferPartner(models.Model):
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="partner_rows")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="+", verbose_name=_("supplier"))

    class Meta:
        verbose_name = _("partner of an offer")
        verbose_name_plural = _("partners of offers")
        constraints = [models.UniqueConstraint(fields=["offer", "supplier"], name="procurement_offerpartner_once")]

    def __str__(self) -> str:
        return str(self.supplier)


@track()
class Award(models.Model):
    """The decision on a winner. A cancelled one stays; a package has one that holds."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="awards", verbose_name=_("package"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="awards", verbose_name=_("winner"))
    amount_rupiah = RupiahField(_("value (Rp)"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    above_reason = models.CharField(_("why above the HPS"), max_length=500, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_because = models.CharField(_("why cancelled"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["package", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["package"],
                condition=Q(cancelled_at__isnull=True),
                name="procurement_award_one",
                violation_error_message=_("A package has one winner; cancel the earlier decision first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package.rup_code} → {self.supplier}"


class ContractQuerySet(models.QuerySet["Contract"]):
    def current(self) -> "ContractQuerySet":
        return self.filter(superseded_at__isnull=True)

    def visible_to(self, user: "User | AnonymousUser") -> "ContractQuerySet":
        return self.filter(package__in=Package.objects.visible_to(user))

    def with_worth(self) -> "ContractQuerySet":
        """`worth`: the value after the last addendum."""
        last = Addendum.objects.filter(contract=OuterRef("pk")).order_by("-number").values("value_rupiah")[:1]
        return self.annotate(worth=Coalesce(Subquery(last), "value_rupiah"))

    def value_of_package(self) -> Subquery:
        """What the contracts of a package (the outer query's row) are worth, after their last addenda; None without
        a contract."""
        held = self.current().filter(package=OuterRef("pk")).with_worth()
        return Subquery(held.order_by().values("package").annotate(total=Sum("worth")).values("total"))


@track()
class Contract(models.Model):
    """One version of a contract as signed. It never changes: a correction is a new version with a reason."""

    package = models.ForeignKey(Package, models.PROTECT, related_name="contracts", verbose_name=_("package"))
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="contracts", verbose_name=_("supplier"))
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    correction_reason = models.CharField(_("why corrected"), max_length=500, blank=True)
    kind = models.CharField(_("form"), max_length=14, choices=ContractKind, default=ContractKind.CONTRACT)
    number = models.CharField(_("number"), max_length=120)
    signed_on = models.DateField(_("signed on"))
    value_rupiah = RupiahField(_("value (Rp)"))
    above_reason = models.CharField(_("why above the HPS or the award"), max_length=500, blank=True)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered"), default=timezone.now)
    superseded_at = models.DateTimeField(_("corrected"), null=True, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["package", "signed_on", "id"]
        constraints = [
            # As lists tell numbers apart (contracts.tender_rows.number_key). Two shops number their receipts alike.
            models.UniqueConstraint(
                "package",
                "supplier",
                Lower(Replace("number", Value(" "), Value(""))),
                condition=Q(superseded_at__isnull=True),
                name="procurement_contract_number",
                violation_error_message=_("This contract is entered already."),
            ),
            models.CheckConstraint(
                condition=Q(value_rupiah__gt=0),
                name="procurement_contract_value",
                violation_error_message=_("A contract is worth more than zero."),
            ),
            models.CheckConstraint(condition=Q(kind__in=ContractKind.values), name="procurement_contract_kind"),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="procurement_contract_days",
                violation_error_message=_("The last day comes after the first."),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""),
                name="procurement_contract_reason",
                violation_error_message=_("Say why the contract is corrected."),
            ),
        ]
        indexes = [models.Index(fields=["supplier", "signed_on"], name="procurement_contract_supplier")]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_signed",
                operation=pgtrigger.UpdateOf(
                    "package_id",
                    "supplier_id",
                    "corrects_id",
                    "correction_reason",
                    "kind",
                    "number",
                    "signed_on",
                    "value_rupiah",
                    "above_reason",
                    "starts_on",
                    "ends_on",
                    "entered_by_id",
                    "entered_at",
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def value_now_rupiah(self) -> Decimal:
        """The value after the last addendum."""
        last = self.addenda.order_by("-number").first()
        return last.value_rupiah if last else self.value_rupiah


@track()
class Addendum(models.Model):
    """A change of a contract. `value_rupiah` is the contract's whole value after it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="addenda", verbose_name=_("contract"))
    number = models.PositiveSmallIntegerField(_("number"))
    signed_on = models.DateField(_("signed on"))
    value_rupiah = RupiahField(_("contract value after it (Rp)"))
    ends_on = models.DateField(_("new last day"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="procurement_addendum_once"),
            models.CheckConstraint(
                condition=Q(value_rupiah__gt=0),
                name="procurement_addendum_value",
                violation_error_message=_("A contract is worth more than zero."),
            ),
        ]
        triggers = [pgtrigger.Protect(name="as_signed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.contract} / {self.number}"


@track()
class Handover(models.Model):
    """BAST: the minutes by which works or goods were handed over."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="handovers", verbose_name=_("contract"))
    kind = models.CharField(_("kind"), max_length=3, choices=HandoverKind, default=HandoverKind.PROVISIONAL)
    number = models.CharField(_("number of the minutes (BAST)"), max_length=120)
    on_day = models.DateField(_("handed over on"))
    percent = models.DecimalField(_("finished (%)"), max_digits=5, decimal_places=2, default=Decimal(100))

    class Meta:
        verbose_name = _("handover (BAST)")
        verbose_name_plural = _("handovers (BAST)")
        ordering = ["contract", "on_day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="procurement_handover_once"),
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100)),
                name="procurement_handover_percent",
                violation_error_message=_("Write a share between 0 and 100 per cent."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


@track()
class Payment(models.Model):
    """An SP2D by which the contract was paid, as SIPD's `data_sp2d_sipd` has it."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="payments", verbose_name=_("contract"))
    sp2d_number = models.CharField(_("SP2D number"), max_length=120)
    paid_on = models.DateField(_("paid on"))
    amount_rupiah = RupiahField(_("amount (Rp)"))

    class Meta:
        verbose_name = _("payment (SP2D)")
        verbose_name_plural = _("payments (SP2D)")
        ordering = ["contract", "paid_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "sp2d_number"], name="procurement_payment_once"),
            models.CheckConstraint(
                condition=Q(amount_rupiah__gt=0),
                name="procurement_payment_amount",
                violation_error_message=_("A payment is more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.sp2d_number
