"""Suppliers: entering, changing, and making one of two that are the same. One transaction each."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.encryption import identity_hash
from core.numbers import digits_of
from core.versioning import locked_at
from procurement import after_changes
from procurement.models import Award, Blacklisting, Lead, Offer, OfferPartner, Supplier, SupplierContact, SupplierPerson
from procurement.models.names import NameKey
from procurement.suppliers import permissions

SUGGESTED = 12


@transaction.atomic
def save_supplier(
    *, supplier: Supplier, version: int, by: User, values: Mapping[str, Any], parts: Iterable[models.Model]
) -> Supplier:
    """A new supplier, or the next version of one with its people, contacts and blacklistings. Raises Conflict."""
    is_new = supplier.pk is None
    permissions.check_may_add(by)
    row = supplier if is_new else locked_at(Supplier.objects.standing(), supplier.pk, version)
    for name, value in values.items():
        setattr(row, name, value)
    if is_new:
        row.save()
        audit.record("supplier.created", row, by=by)
    else:
        row.save_next_version()
        audit.record("supplier.changed", row, by=by)
    for part in parts:
        part.supplier = row  # type: ignore[attr-defined]  # people, contacts, blacklistings: each has one
        part.save()
    after_changes.find_leads_soon(suppliers=[row.pk])
    after_changes.raise_flags_soon()
    return row


@transaction.atomic
def merge(*, double: Supplier, into: Supplier, by: User, reason: str) -> Supplier:
    """Everything of `double` becomes `into`'s; the row stays and says so. Contracts keep the name they were signed
    with.

    Raises ValidationError: without a reason, for two different NPWP, or when both made an offer for one package, alone
    or in a joint operation.
    """
    rows = {row.pk: row for row in Supplier.objects.select_for_update().filter(pk__in=[double.pk, into.pk])}
    double, into = rows[double.pk], rows[into.pk]
    permissions.check_may_merge(by, double)
    _check_merge(double, into, reason)
    audit.with_reason(reason.strip())
    Offer.objects.filter(supplier=double).update(supplier=into)
    OfferPartner.objects.filter(supplier=double).update(supplier=into)
    Award.objects.filter(supplier=double).update(supplier=into)
    SupplierPerson.objects.filter(supplier=double).update(supplier=into)
    SupplierContact.objects.filter(supplier=double).update(supplier=into)
    Blacklisting.objects.filter(supplier=double).update(supplier=into)
    Lead.objects.filter(models.Q(supplier=double) | models.Q(other_supplier=double)).delete()
    Supplier.objects.filter(merged_into=double).update(merged_into=into)
    double.merged_into = into
    double.save_next_version()
    into.tax_number = into.tax_number or double.tax_number
    into.known_since = min(double.known_since, into.known_since)
    into.business_number_on = min(filter(None, (double.business_number_on, into.business_number_on)), default=None)
    into.save_next_version()
    audit.record("supplier.merged", into, by=by, reason=reason.strip(), double=double.pk, name=double.name)
    after_changes.find_leads_soon(suppliers=[into.pk])
    after_changes.raise_flags_soon()
    return into


@transaction.atomic
def unmask_person(*, person: SupplierPerson, by: User, reason: str) -> str:
    """The identity number in the clear, for a stated reason that stays in the trail. Raises ValidationError without
    one."""
    permissions.check_may_unmask_person(by, person)
    if not reason.strip():
        raise ValidationError(_("Say why you need to see the number."))
    audit.record("identity.unmasked", person.supplier, by=by, reason=reason.strip(), person=person.pk)
    return person.identity


def _check_merge(double: Supplier, into: Supplier, reason: str) -> None:
    if not reason.strip():
        raise ValidationError(_("Say how you know that the two are the same."))
    if double.pk == into.pk:
        raise ValidationError(_("Choose another supplier: this is the same entry."))
    if into.merged_into_id:
        raise ValidationError(_("One of the two has been merged already."))
    if double.tax_number_hash and into.tax_number_hash and double.tax_number_hash != into.tax_number_hash:
        raise ValidationError(_("The two have different NPWP: they are different suppliers, or one NPWP is wrong."))
    there = _offers_with(into).values("package")
    both = _offers_with(double).filter(package__in=there).select_related("package").first()
    if both is not None:
        raise ValidationError(
            _("Both made an offer for package %(code)s. Correct those offers first; the same supplier offers once.")
            % {"code": both.package.rup_code}
        )


def _offers_with(supplier: Supplier) -> "models.QuerySet[Offer]":
    """Alone, leading a joint operation, or as a partner in one."""
    alone = models.Q(supplier=supplier)
    return Offer.objects.filter(alone | models.Q(pk__in=OfferPartner.objects.filter(supplier=supplier).values("offer")))


def found_by(text: str) -> Supplier:
    """The supplier that was meant: by name or by NPWP. Raises ValidationError with the remedy in it."""
    text = text.strip()
    standing = Supplier.objects.standing()
    digits = digits_of(text)
    if len(digits) >= 15:  # noqa: PLR2004 (an NPWP has 15 or 16 digits)
        found = standing.filter(tax_number_hash=identity_hash(digits)).first()
        if found is None:
            raise ValidationError(_("No supplier has this NPWP. Add the supplier first."))
        return found
    same = list(standing.filter(name__iexact=text)[:2]) or list(
        standing.filter(name_key=NameKey(models.Value(text)))[:2]
    )
    if not same:
        raise ValidationError(
            _("There is no supplier named “%(name)s”. Choose one of the list, or add the supplier first.")
            % {"name": text[:120]}
        )
    if len(same) > 1:
        raise ValidationError(_("Several suppliers have that name. Write the NPWP instead."))
    return same[0]


def suggested(text: str) -> "models.QuerySet[Supplier]":
    rows = Supplier.objects.standing()
    for word in text.split()[:5]:
        rows = rows.filter(name__icontains=word)
    return rows.order_by("name")[:SUGGESTED]
