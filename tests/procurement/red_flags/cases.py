"""Packages, suppliers and people as the rules of the red flags meet them, each with one line."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from procurement.choices import OfficerRole, PackageKind, SupplierRole
from procurement.models import (
    Addendum,
    Award,
    Contract,
    Declaration,
    Offer,
    Officer,
    OfficialProfile,
    Package,
    Supplier,
    SupplierPerson,
)
from procurement.red_flags import services as flag_services
from procurement.red_flags.facts import RaisedFlag
from tests import factories

MILLION = 1_000_000
NIK = "6472010101800001"


def moment(text: str) -> dt.datetime:
    """A moment in Kalimantan: "2026-03-02 07:00" or a day, which is then nine o'clock."""
    return timezone.make_aware(dt.datetime.fromisoformat(text if " " in text else f"{text} 09:00"))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def package(announced: str = "2026-03-02", millions: float = 900, state: str = "announced", **values: Any) -> Package:
    """A package that has been announced; states are set without the gate, which is tried elsewhere."""
    amount = Decimal(str(millions)) * MILLION
    facts = {
        "fiscal_year": int(announced[:4]),
        "method": "tender",
        "kind": PackageKind.GOODS,
        "ceiling_rupiah": amount,
        "hps_rupiah": amount,
        "announced_at": moment(announced),
    } | values
    made: Package = factories.PackageFactory(**facts)
    if state != "planned":
        if state in {"announced", "contracted", "completed"}:
            for step in ("announced", "contracted"):
                factories.override(made, step)
        Package.objects.filter(pk=made.pk).update(state=state)
        made.state = state
    return made


def offer(
    package: Package, supplier: Supplier, on: str = "2026-03-10", millions: float | None = None, **values: Any
) -> Offer:
    """`partners`: the other members of a joint operation."""
    partners = values.pop("partners", ())
    amount = None if millions is None else Decimal(str(millions)) * MILLION
    facts = {"handed_in_at": moment(on), "state": "valid", "amount_rupiah": amount} | values
    made = Offer.objects.create(package=package, supplier=supplier, **facts)
    made.partners.set(partners)
    return made


def award(package: Package, supplier: Supplier, on: str = "2026-03-20", millions: float | None = None) -> Award:
    amount = None if millions is None else Decimal(str(millions)) * MILLION
    return Award.objects.create(package=package, supplier=supplier, decided_on=day(on), amount_rupiah=amount)


def contract(package: Package, supplier: Supplier, on: str = "2026-04-01", millions: float = 850) -> Contract:
    return Contract.objects.create(
        package=package,
        supplier=supplier,
        number=f"K/{package.rup_code}/{on}",
        signed_on=day(on),
        value_rupiah=Decimal(str(millions)) * MILLION,
        entered_by=package.created_by,
    )


def addenda(of: Contract, *millions: str) -> None:
    """The contract's whole value after each of its addenda."""
    for number, value in enumerate(millions, start=1):
        Addendum.objects.create(
            contract=of,
            number=number,
            signed_on=of.signed_on + dt.timedelta(days=30 * number),
            value_rupiah=Decimal(value) * MILLION,
            reason="Volume",
        )


def person(supplier: Supplier, identity: str = NIK, role: str = SupplierRole.DIRECTOR, **values: Any) -> SupplierPerson:
    return SupplierPerson.objects.create(
        supplier=supplier, name="Sungkono Wiradarma", identity=identity, role=role, **values
    )


def officer(
    package: Package,
    role: str = OfficerRole.COMMITMENT_OFFICER,
    *,
    identity: str = "",
    assigned: str = "2026-01-05",
    declared: str = "2026-01-06",
    decided: str = "2026-01-07",
    **values: Any,
) -> Officer:
    """Somebody on the package; empty days: has not declared, is not decided on."""
    user = factories.UserFactory()
    if identity:
        OfficialProfile.objects.create(user=user, identity=identity)
    row = Officer.objects.create(package=package, user=user, role=role, assigned_at=moment(assigned), **values)
    if declared:
        made = Declaration.objects.create(officer=row, number=1, has_interest=False, declared_at=moment(declared))
        if decided:
            decide(made, decided)
    return row


def decide(declaration: Declaration, on: str) -> None:
    factories.decide(declaration, on=moment(on))


def raised(code: str, parameters: dict[str, Any] | None = None) -> list[RaisedFlag]:
    return flag_services.raised_by([code], parameters={code: parameters or {}})


def flagged(code: str, parameters: dict[str, Any] | None = None) -> set[int | None]:
    """The packages on which the rule is raised."""
    return {flag.process for flag in raised(code, parameters)}
