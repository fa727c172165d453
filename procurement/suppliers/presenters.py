"""What the list of suppliers and the page of one show."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.agencies.then import agency_then
from accounts.models import User
from core.audit import history_of
from procurement.declarations.forms import ReasonForm
from procurement.models import Award, Blacklisting, Contract, Flag, Offer, Package, Supplier, SupplierQuerySet
from procurement.red_flags.rules import RULES
from procurement.suppliers import permissions
from procurement.suppliers.forms import MergeForm

SHOWN = 30


def listed(suppliers: SupplierQuerySet) -> SupplierQuerySet:
    """Suppliers with `offered`, `won` and `banned` (today), counted for the rows of the page only."""
    day = timezone.localdate()
    bans = Blacklisting.objects.filter(supplier=OuterRef("pk"), from_day__lte=day, until_day__gte=day)
    return suppliers.standing().annotate(
        offered=_count(Offer), won=_count(Award, cancelled_at__isnull=True), banned=Exists(bans)
    )


def _count(model: Any, **conditions: Any) -> Coalesce:
    rows = model.objects.filter(supplier=OuterRef("pk"), **conditions).order_by().values("supplier")
    return Coalesce(Subquery(rows.annotate(number=Count("pk")).values("number")), 0)


def supplier_page(user: User, supplier: Supplier, **more: Any) -> dict[str, Any]:
    """Everything on the page; `more` replaces a part, such as a form that was not accepted."""
    return _particulars(user, supplier) | _business(user, supplier) | more


def _particulars(user: User, supplier: Supplier) -> dict[str, Any]:
    return {
        "supplier": supplier,
        "people": supplier.people.all(),
        "contacts": supplier.contacts.all(),
        "blacklistings": supplier.blacklistings.all(),
        "today": timezone.localdate(),
        "doubles": supplier.merged.all(),
        "history": history_of(supplier),
        "may_edit": permissions.may_edit(user, supplier),
        "merge_form": MergeForm() if permissions.may_merge(user, supplier) else None,
        "may_unmask": permissions.may_unmask(user),
        "reason_form": ReasonForm(),
        "unmasked": {},
    }


def _business(user: User, supplier: Supplier) -> dict[str, Any]:
    """In packages that the reader may see."""
    packages = {"package__in": Package.objects.visible_to(user)}
    offers = Offer.objects.filter(supplier=supplier, **packages).select_related("package")
    offers = offers.annotate(agency_then=agency_then(Package, "package", "handed_in_at__date", "short_name"))
    awards = Award.objects.filter(supplier=supplier, cancelled_at__isnull=True, **packages)
    contracts = Contract.objects.current().filter(Q(supplier=supplier) | Q(supplier__merged_into=supplier), **packages)
    flags = Flag.objects.visible_to(user).raised().filter(supplier=supplier).order_by("code")
    return {
        "offers": offers.order_by("-pk")[:SHOWN],
        "awards": set(awards.values_list("package_id", flat=True)),
        "contracts": contracts.select_related("package")
        .annotate(agency_then=agency_then(Package, "package", "signed_on", "short_name"))
        .prefetch_related("addenda")
        .order_by("-signed_on", "-pk")[:SHOWN],
        "flags": [flag for flag in flags if flag.code in RULES],
    }
