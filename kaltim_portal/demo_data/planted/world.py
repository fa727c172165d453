"""What the planted cases are made of: a world of one OPD and year, with suppliers, people and packages."""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from accounts.models import Agency, User
from kaltim_portal.demo_data.words import WORDS
from procurement.choices import (
    STEPS_WITH_REASON,
    ContactKind,
    DecisionKind,
    InterestKind,
    InterestNature,
    Method,
    OfferState,
    OfficerRole,
    PackageKind,
    PackageState,
    SupplierKind,
    SupplierRole,
)
from procurement.models import (
    Addendum,
    Award,
    Blacklisting,
    Contract,
    Decision,
    Declaration,
    Interest,
    Offer,
    Officer,
    Package,
    PackageStep,
    Supplier,
    SupplierContact,
    SupplierPerson,
)
from procurement.models.contact_keys import contact_key

MILLION = 1_000_000
RUP_CODES = 70_000_000
ROOM = 1_000
HPS_OF_CEILING = Decimal("0.98")
Money = str | int | Decimal


def first_free_number() -> int:
    """Well above what an earlier planted world has used: its packages, people and suppliers share one count."""
    used = Package.objects.filter(rup_code__regex=r"^7\d{7}$").aggregate(last=Max("rup_code"))["last"]
    return int(used) - RUP_CODES + ROOM if used else 1


@dataclass(frozen=True)
class Bid:
    """An offer of a share of the HPS. `partners` make it a joint operation."""

    supplier: Supplier
    share: Decimal
    state: str = OfferState.VALID
    partners: Sequence[Supplier] = ()


@dataclass(frozen=True)
class Declared:
    """How the PPK declared: nothing, or when, and when the superior decided (None: not yet)."""

    at: dt.datetime | None
    decided: dt.datetime | None = None
    interest: Mapping[str, Any] | None = None


@dataclass
class PlantedWorld:
    """`planted` maps a package's RUP code to the flags that it has to raise, `innocent` to why it has to raise none;
    `parties` maps a rule to the identifiers of the OPD and suppliers that it has to name."""

    agency: Agency
    year: int
    clerk: User
    head: User
    planted: dict[str, frozenset[str]] = field(default_factory=dict)
    innocent: dict[str, str] = field(default_factory=dict)
    parties: dict[str, set[str]] = field(default_factory=dict)
    spared: dict[str, set[str]] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(first_free_number()))

    def day(self, month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
        return timezone.make_aware(dt.datetime(self.year, month, day, hour, minute))  # noqa: DTZ001 (made aware here)

    def date(self, month: int, day: int) -> dt.date:
        return dt.date(self.year, month, day)

    def nik(self) -> str:
        return f"647201{next(self.numbers):010d}"

    def person(self, name: str = "") -> User:
        number = next(self.numbers)
        return User.objects.create(
            username=f"tanam{number}",
            full_name=name or f"Petugas {WORDS[number % len(WORDS)]} {number}",
            is_active=False,
        )

    def supplier(
        self, *, known: dt.date | None = None, director: str = "", director_nik: str = "", **more: Any
    ) -> Supplier:
        """One that shares nothing with any other, changed by `more`: fields of it, and contacts by their kind."""
        number = next(self.numbers)
        first, second = WORDS[number % len(WORDS)].title(), WORDS[(number * 7 + 3) % len(WORDS)].title()
        facts = {
            "name": f"PT {first} {second} {number} (data contoh)",
            "tax_number": f"9{number:014d}",
            "business_number_on": None,
        }
        facts |= {name: more.pop(name) for name in facts if name in more}
        supplier = Supplier.objects.create(
            kind=SupplierKind.COMPANY, known_since=known or dt.date(self.year - 5, 1, 1), is_sample=True, **facts
        )
        SupplierPerson.objects.create(
            supplier=supplier,
            name=director or f"Direktur {WORDS[(number * 5) % len(WORDS)]} {number}",
            identity=director_nik or self.nik(),
            role=SupplierRole.DIRECTOR,
        )
        contacts = {
            ContactKind.ADDRESS: f"Jalan {WORDS[number % len(WORDS)]} No. {number}, Samarinda",
            ContactKind.PHONE: f"0541-7{number:05d}",
            ContactKind.EMAIL: f"kantor@{WORDS[number % len(WORDS)]}{number}.co.id",
            ContactKind.ACCOUNT: f"BPD Kaltimtara 00{number:010d}",
        } | more
        SupplierContact.objects.bulk_create(
            SupplierContact(supplier=supplier, kind=kind, value=value, key=contact_key(kind, value))
            for kind, value in contacts.items()
        )
        return supplier

    def suppliers(self, count: int) -> list[Supplier]:
        return [self.supplier() for _ in range(count)]

    def behind(self, supplier: Supplier, identity: str, role: str = SupplierRole.DIRECTOR, **more: Any) -> None:
        """One person more behind the supplier; `share_percent`, `from_day`, `until_day`."""
        SupplierPerson.objects.create(
            supplier=supplier, name=f"Orang {next(self.numbers)}", identity=identity, role=role, **more
        )

    def bar(self, supplier: Supplier, until: dt.date) -> Supplier:
        Blacklisting.objects.create(
            supplier=supplier,
            decision_number=f"SK/{next(self.numbers)}",
            from_day=dt.date(self.year - 1, 1, 1),
            until_day=until,
        )
        return supplier

    def package(self, *, bidders: Sequence[Supplier] = (), officer: User | None = None, **more: Any) -> Package:
        """An innocent tender with three bidders from the plan to the contract, changed by `more`."""
        number = next(self.numbers)
        package = self._package(number, more)
        announced = package.announced_at or self.day(3, 2)
        self._declare(
            package,
            officer or self.person(),
            more.pop("declared", Declared(self.day(1, 20), self.day(1, 22))),
            more.pop("interest", None),
        )
        bids = more.pop("bids", None)
        if bids is None:
            count = len(more.get("shares") or more.get("states") or "abc")
            bids = self._bids(number, bidders or self.suppliers(count), more)
        for bid in bids:
            self._offer(package, bid, more.get("handed_in") or announced + dt.timedelta(days=1))
        more.pop("handed_in", None)
        winner = more.pop("winner", bids[0].supplier if bids else (bidders[0] if bidders else None))
        is_contracted = more.pop("is_contracted", True)
        if winner is not None:
            self._close(package, winner, more, is_contracted=is_contracted)
        state = more.pop("state", None) or (PackageState.CONTRACTED if is_contracted else PackageState.ANNOUNCED)
        if more.pop("is_moved", True):
            self.move(package, state)
        assert not more, more  # noqa: S101 (a misspelt case must not pass for an innocent one)
        return package

    def _package(self, number: int, more: dict[str, Any]) -> Package:
        ceiling = Decimal(more.pop("ceiling", 700 + number % 250)) * MILLION
        announced = more.pop("announced", self.day(3, 2))
        facts = {
            "agency": self.agency,
            "fiscal_year": self.year,
            "name": f"Pengadaan {WORDS[number % len(WORDS)]} {WORDS[(number * 11 + 5) % len(WORDS)]} nomor{number}",
            "kind": PackageKind.GOODS,
            "method": Method.TENDER,
            "rup_published_on": dt.date(self.year, 1, 10),
            "offers_from": announced,
            "offers_until": announced + dt.timedelta(days=20),
        }
        known = (*facts, "award_note", "is_framework", "designed_in", "selection_method", "repeats", "kbki_code")
        facts |= {name: more.pop(name) for name in known if name in more}
        return Package.objects.create(
            rup_code=str(RUP_CODES + number),
            ceiling_rupiah=ceiling,
            hps_rupiah=(ceiling * HPS_OF_CEILING).quantize(Decimal(1)),
            announced_at=announced,
            created_by=self.clerk,
            is_sample=True,
            **facts,
        )

    def _bids(self, number: int, bidders: Sequence[Supplier], more: dict[str, Any]) -> list[Bid]:
        """Prices that are neither near each other nor far apart nor in equal steps."""
        usual = [Decimal(900 + step * (28 + number % 13) + step * step * 7) / 1000 for step in range(len(bidders))]
        shares = [Decimal(share) for share in more.pop("shares", usual)]
        states = more.pop("states", [OfferState.VALID] * len(bidders))
        partners = more.pop("partners", {})
        return [
            Bid(bidder, share, state, partners.get(place, ()))
            for place, (bidder, share, state) in enumerate(zip(bidders, shares, states, strict=True))
        ]

    def _offer(self, package: Package, bid: Bid, at: dt.datetime) -> None:
        hps = package.hps_rupiah or Decimal(0)
        offer = Offer.objects.create(
            package=package,
            supplier=bid.supplier,
            amount_rupiah=(hps * bid.share).quantize(Decimal(1)),
            handed_in_at=at,
            state=bid.state,
        )
        if bid.partners:
            offer.partners.set(bid.partners)

    def _close(self, package: Package, winner: Supplier, more: dict[str, Any], *, is_contracted: bool) -> None:
        """The award and the contract. `value` and `awarded` are shares of the HPS, `addenda` of the contract."""
        hps = package.hps_rupiah or Decimal(0)
        offer = Offer.objects.filter(package=package, supplier=winner).first()
        offered = (offer.amount_rupiah if offer else None) or (hps * Decimal("0.9")).quantize(Decimal(1))
        value = (hps * Decimal(more.pop("value"))).quantize(Decimal(1)) if "value" in more else offered
        awarded = (hps * Decimal(more.pop("awarded"))).quantize(Decimal(1)) if "awarded" in more else value
        signed = more.pop(
            "signed", timezone.localdate((package.announced_at or self.day(3, 2)) + dt.timedelta(days=35))
        )
        addenda: Iterable[Money] = more.pop("addenda", ())
        signs = more.pop("signs", winner)
        if not is_contracted:
            return
        Award.objects.create(
            package=package, supplier=winner, amount_rupiah=awarded, decided_on=signed - dt.timedelta(days=5)
        )
        contract = Contract.objects.create(
            package=package,
            supplier=signs,
            number=f"KTR/{package.rup_code}",
            signed_on=signed,
            value_rupiah=value,
            entered_by=self.clerk,
        )
        for number, factor in enumerate(addenda, start=1):
            Addendum.objects.create(
                contract=contract,
                number=number,
                signed_on=signed + dt.timedelta(days=30 * number),
                value_rupiah=(value * Decimal(factor)).quantize(Decimal(1)),
                reason="Tambah volume",
            )

    def move(self, package: Package, state: str) -> None:
        """The steps up to the state, as the portal writes them."""
        comment = "" if state not in STEPS_WITH_REASON else "Dibatalkan, lalu diulang (data contoh)."
        way = [PackageState.ANNOUNCED, PackageState.CONTRACTED, PackageState.COMPLETED]
        steps = way[: way.index(PackageState(state)) + 1] if state in way else [PackageState(state)]
        for step in steps:
            before = Package.objects.values_list("state", flat=True).get(pk=package.pk)
            Package.objects.filter(pk=package.pk).update(state=step)
            PackageStep.objects.create(
                package=package, from_state=before, to_state=step, by=self.clerk, comment=comment
            )

    def _declare(self, package: Package, officer: User, how: Declared, interest: Mapping[str, Any] | None) -> None:
        row = Officer.objects.create(
            package=package, user=officer, role=OfficerRole.COMMITMENT_OFFICER, assigned_at=self.day(1, 15)
        )
        self.declare(row, how, interest)

    def declare(self, row: Officer, how: Declared, interest: Mapping[str, Any] | None = None) -> None:
        if how.at is None:
            return
        declaration = Declaration.objects.create(
            officer=row, number=1, has_interest=interest is not None, declared_at=how.at
        )
        if interest:
            Interest.objects.create(
                declaration=declaration, kind=InterestKind.FAMILY, nature=InterestNature.POTENTIAL, **interest
            )
        if how.decided is not None:
            Decision.objects.create(
                declaration=declaration,
                kind=DecisionKind.NO_CONFLICT,
                reason="Diperiksa.",
                decided_by=self.head,
                decided_at=how.decided,
            )

    def plant_one(self, package: Package, *codes: str) -> Package:
        self.planted[package.rup_code] = frozenset(codes)
        return package

    def spare(self, package: Package, why: str) -> Package:
        self.innocent[package.rup_code] = why
        return package

    def name_party(self, code: str, party: str) -> None:
        self.parties.setdefault(code, set()).add(party)

    def spare_party(self, code: str, party: str) -> None:
        self.spared.setdefault(code, set()).add(party)
