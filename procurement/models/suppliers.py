"""Suppliers, the people behind them, how they are reached, and the times when they were blacklisted."""

from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.audit import track
from core.encryption import identity_hash, masked
from core.fields import EncryptedTextField, has_happened
from core.versioning import VersionedModel
from core.word_index import word_index
from procurement.choices import ContactKind, SupplierKind, SupplierRole
from procurement.models.contact_keys import contact_key
from procurement.models.names import name_key_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class SupplierQuerySet(models.QuerySet["Supplier"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SupplierQuerySet":
        """Companies are known to every OPD that buys from them; what is personal in them stays masked."""
        return self.all() if isinstance(user, User) else self.none()

    def standing(self) -> "SupplierQuerySet":
        """Those that were not merged into another."""
        return self.filter(merged_into__isnull=True)


@track(exclude=("tax_number", "tax_number_hash", "name_key"))
class Supplier(VersionedModel):
    """Somebody who offers, wins or is paid. The NPWP is stored encrypted and found by its keyed hash."""

    name = models.CharField(_("name"), max_length=200)
    name_key = name_key_of("name")
    kind = models.CharField(_("legal form"), max_length=10, choices=SupplierKind, default=SupplierKind.OTHER)
    tax_number = EncryptedTextField(_("NPWP"), blank=True)
    tax_number_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    business_number = models.CharField(_("NIB"), max_length=13, blank=True)
    business_number_on = models.DateField(_("NIB issued on"), null=True, blank=True, validators=[has_happened])
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged", verbose_name=_("is now")
    )
    known_since = models.DateField(_("known since"), default=timezone.localdate, validators=[has_happened])
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SupplierKind.values), name="procurement_supplier_kind"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="procurement_supplier_merged"
            ),
            models.UniqueConstraint(
                fields=["tax_number_hash"],
                condition=~Q(tax_number_hash="") & Q(merged_into__isnull=True),
                name="procurement_supplier_tax_number",
                violation_error_message=_("A supplier with this NPWP is already in the portal."),
            ),
        ]
        indexes = [
            models.Index(fields=["name_key"], name="procurement_supplier_name"),
            word_index("name", "procurement_supplier_words"),
            models.Index(
                fields=["business_number"], name="procurement_supplier_nib", opclasses=["varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("procurement:supplier", args=[self.pk])

    def save(self, *args: object, **kwargs: object) -> None:
        self.tax_number_hash = identity_hash(self.tax_number or "")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    def same_tax_number(self) -> "SupplierQuerySet":
        """Other suppliers with the NPWP of this one."""
        found = identity_hash(self.tax_number or "")
        same = Supplier.objects.standing().filter(tax_number_hash=found) if found else Supplier.objects.none()
        return same.exclude(pk=self.pk)

    @property
    def masked_tax_number(self) -> str:
        return masked(self.tax_number or "")

    @property
    def party_id(self) -> str:
        """The supplier's identifier in OCDS. Not the NPWP: of an individual that is the NIK."""
        return f"ID-KALTIM-PENYEDIA-{self.pk}"


@track(exclude=("identity", "identity_hash", "name_key"))
class SupplierPerson(models.Model):
    """Somebody behind a supplier, from one day to another; who leaves is ended, not removed."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="people", verbose_name=_("supplier"))
    name = models.CharField(_("name"), max_length=200)
    name_key = name_key_of("name")
    identity = EncryptedTextField(_("NIK or NPWP"), blank=True)
    identity_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    role = models.CharField(_("role"), max_length=16, choices=SupplierRole)
    share_percent = models.DecimalField(
        _("share (%)"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    from_day = models.DateField(_("since"), null=True, blank=True)
    until_day = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("person behind a supplier")
        verbose_name_plural = _("people behind suppliers")
        ordering = ["supplier", "role", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=SupplierRole.values), name="procurement_supplierperson_role"),
            models.CheckConstraint(
                condition=Q(share_percent__isnull=True) | Q(share_percent__range=(0, 100)),
                name="procurement_supplierperson_share",
                violation_error_message=_("A share is between 0 and 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(from_day__isnull=True) | Q(until_day__isnull=True) | Q(until_day__gte=F("from_day")),
                name="procurement_supplierperson_days",
                violation_error_message=_("The last day comes after the first."),
            ),
        ]
        indexes = [models.Index(fields=["name_key"], name="procurement_person_name")]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_role_display()})"

    def save(self, *args: object, **kwargs: object) -> None:
        self.identity_hash = identity_hash(self.identity or "")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    @property
    def masked_identity(self) -> str:
        return masked(self.identity or "")


@track(exclude=("value", "key"))
class SupplierContact(models.Model):
    """An address, telephone, e-mail or bank account. `key` is what equal ones have in common; of an account its
    hash."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="contacts", verbose_name=_("supplier"))
    kind = models.CharField(_("kind"), max_length=8, choices=ContactKind)
    value = EncryptedTextField(_("as written"))
    key = models.CharField(max_length=200, editable=False)
    from_day = models.DateField(_("since"), null=True, blank=True)
    until_day = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact of a supplier")
        verbose_name_plural = _("contacts of suppliers")
        ordering = ["supplier", "kind", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="procurement_suppliercontact_kind"),
        ]
        indexes = [models.Index(fields=["kind", "key"], name="procurement_contact_key")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.shown}"

    def save(self, *args: object, **kwargs: object) -> None:
        self.key = contact_key(self.kind, self.value or "")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    @property
    def shown(self) -> str:
        return masked(self.value) if self.kind == ContactKind.ACCOUNT else self.value


@track()
class Blacklisting(models.Model):
    """A time in which the supplier must not be contracted (daftar hitam, Peraturan LKPP 4/2021)."""

    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="blacklistings", verbose_name=_("supplier"))
    decision_number = models.CharField(_("number of the decision"), max_length=120)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    from_day = models.DateField(_("from"))
    until_day = models.DateField(_("until"))

    class Meta:
        verbose_name = _("blacklisting")
        verbose_name_plural = _("blacklistings")
        ordering = ["supplier", "-from_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__gte=F("from_day")),
                name="procurement_blacklisting_days",
                violation_error_message=_("The last day comes after the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier}: {self.decision_number}"


@track(exclude=("identity", "identity_hash", "phone", "phone_key", "address", "address_key", "account", "account_key"))
class OfficialProfile(models.Model):
    """What is needed to compare an official with suppliers: entered by themselves, seen by the auditor only, masked."""

    user = models.OneToOneField(User, models.CASCADE, related_name="official_profile", verbose_name=_("official"))
    identity = EncryptedTextField(_("NIK"), blank=True)
    identity_hash = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    phone = EncryptedTextField(_("telephone"), blank=True)
    phone_key = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    address = EncryptedTextField(_("address"), blank=True)
    address_key = models.CharField(max_length=200, blank=True, db_index=True, editable=False)
    account = EncryptedTextField(_("bank account"), blank=True)
    account_key = models.CharField(max_length=200, blank=True, db_index=True, editable=False)

    class Meta:
        verbose_name = _("particulars of an official")
        verbose_name_plural = _("particulars of officials")

    def __str__(self) -> str:
        return str(self.user)

    def save(self, *args: object, **kwargs: object) -> None:
        self.identity_hash = identity_hash(self.identity or "")
        for kind in (ContactKind.PHONE, ContactKind.ADDRESS, ContactKind.ACCOUNT):
            setattr(self, f"{kind}_key", contact_key(kind, getattr(self, kind) or ""))
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came


def is_identity_of(user: User, identity_hash: str) -> bool:
    """Whether a NIK, known by its keyed hash, is the one that this person entered for themselves."""
    return bool(identity_hash) and OfficialProfile.objects.filter(user=user, identity_hash=identity_hash).exists()
