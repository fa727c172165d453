"""Sixty made-up packages of which it is known what is wrong: 25 with a planted conflict or flag, 35 innocent
look-alikes.

`plant` writes them; `judge` says how many of the planted ones the flags and leads found, and how many innocents they
hit.
"""

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, User
from core.numbers import format_number
from kaltim_portal.demo_data.words import WORDS
from procurement.choices import (
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
from procurement.leads import matching
from procurement.models import (
    Addendum,
    Award,
    Blacklisting,
    Contract,
    Decision,
    Declaration,
    Flag,
    Interest,
    Lead,
    Offer,
    Officer,
    OfficialProfile,
    Package,
    PackageStep,
    Supplier,
    SupplierContact,
    SupplierPerson,
)
from procurement.red_flags import services as flag_services

MILLION = 1_000_000


@dataclass
class PlantedWorld:
    """What the cases are made of. `planted` and `innocent` map a package's RUP code to what it shows."""

    agency: Agency
    year: int
    clerk: User
    head: User
    planted: dict[str, str] = field(default_factory=dict)
    innocent: dict[str, str] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def day(self, month: int, day: int, hour: int = 9) -> dt.datetime:
        return timezone.make_aware(dt.datetime(self.year, month, day, hour))  # noqa: DTZ001 (made aware here)

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
        number = next(self.numbers)
        first, second = WORDS[number % len(WORDS)].title(), WORDS[(number * 7 + 3) % len(WORDS)].title()
        name = f"PT {first} {second} {number} (data contoh)"
        supplier = Supplier.objects.create(
            name=more.pop("name", name),
            kind=SupplierKind.COMPANY,
            tax_number=more.pop("tax_number", f"{number:015d}"),
            known_since=known or dt.date(self.year - 5, 1, 1),
            is_sample=True,
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
        for kind, value in contacts.items():
            SupplierContact.objects.create(supplier=supplier, kind=kind, value=value)
        return supplier

    def package(self, *, bidders: list[Supplier] | None = None, officer: User | None = None, **more: Any) -> Package:
        """An innocent tender with three bidders from the plan to the contract, changed by `more`."""
        number = next(self.numbers)
        kind = more.pop("kind", PackageKind.GOODS)
        method = more.pop("method", Method.TENDER)
        ceiling = Decimal(more.pop("ceiling", 900 + number * 3)) * MILLION
        hps = (ceiling * Decimal("0.98")).quantize(Decimal(1))
        name = more.pop(
            "name", f"Pengadaan {WORDS[number % len(WORDS)]} {WORDS[(number * 11 + 5) % len(WORDS)]} nomor{number}"
        )
        announced = more.pop("announced", self.day(3, 2))
        package = Package.objects.create(
            agency=self.agency,
            fiscal_year=self.year,
            rup_code=str(70_000_000 + number),
            name=name,
            kind=kind,
            method=method,
            ceiling_rupiah=ceiling,
            hps_rupiah=hps,
            created_by=self.clerk,
            is_sample=True,
            rup_published_on=more.pop("rup_on", dt.date(self.year, 1, 10)),
            announced_at=announced,
            offers_from=announced,
            offers_until=more.pop("until", announced + dt.timedelta(days=20)),
            **{
                name: more.pop(name)
                for name in ("award_note", "is_framework", "designed_in", "selection_method", "repeats")
                if name in more
            },
        )
        self._declare(package, officer or self.person(), more.pop("declared", "none"), more.pop("interest", None))
        bidders = bidders or [self.supplier() for _ in range(3)]
        shares = more.pop(
            "shares",
            [Decimal(900 + step * (28 + number % 13) + step * step * 7) / 1000 for step in range(len(bidders))],
        )
        dates = more.pop("handed_in", announced + dt.timedelta(days=2))
        winner = more.pop("winner", bidders[0])
        states = more.pop("states", [OfferState.VALID] * len(bidders))
        for bidder, share, state in zip(bidders, shares, states, strict=True):
            Offer.objects.create(
                package=package,
                supplier=bidder,
                amount_rupiah=(hps * share).quantize(Decimal(1)),
                handed_in_at=dates,
                state=state,
            )
        if more.pop("is_contracted", True):
            value = Offer.objects.get(package=package, supplier=winner).amount_rupiah or Decimal(1)
            signed = more.pop("signed", timezone.localdate(announced + dt.timedelta(days=35)))
            Award.objects.create(
                package=package, supplier=winner, amount_rupiah=value, decided_on=signed - dt.timedelta(days=5)
            )
            contract = Contract.objects.create(
                package=package,
                supplier=winner,
                number=f"KTR/{number}",
                signed_on=signed,
                value_rupiah=value,
                entered_by=self.clerk,
            )
            if "addendum" in more:
                factor = Decimal(str(more.pop("addendum")))
                Addendum.objects.create(
                    contract=contract,
                    number=1,
                    signed_on=signed + dt.timedelta(days=30),
                    value_rupiah=value * factor,
                    reason="Tambah volume",
                )
        if more.pop("is_moved", True):
            for state in (PackageState.ANNOUNCED, PackageState.CONTRACTED)[
                : 2 if Contract.objects.filter(package=package).exists() else 1
            ]:
                self.move(package, state)
        assert not more, more  # noqa: S101 (a misspelt case must not pass for an innocent one)
        return package

    def move(self, package: Package, state: PackageState, comment: str = "") -> None:
        """One step, as the portal writes it."""
        before = Package.objects.values_list("state", flat=True).get(pk=package.pk)
        Package.objects.filter(pk=package.pk).update(state=state)
        PackageStep.objects.create(package=package, from_state=before, to_state=state, by=self.clerk, comment=comment)

    def _declare(self, package: Package, officer: User, how: str, interest: dict[str, Any] | None) -> None:
        row = Officer.objects.create(package=package, user=officer, role=OfficerRole.COMMITMENT_OFFICER)
        if how == "missing":
            return
        declaration = Declaration.objects.create(
            officer=row, number=1, has_interest=interest is not None, declared_at=self.day(1, 20)
        )
        if interest:
            Interest.objects.create(
                declaration=declaration, kind=InterestKind.FAMILY, nature=InterestNature.POTENTIAL, **interest
            )
        Decision.objects.create(
            declaration=declaration,
            kind=DecisionKind.NO_CONFLICT,
            reason="Diperiksa.",
            decided_by=self.head,
            decided_at=self.day(1, 22),
        )

    def plant_one(self, package: Package, what: str) -> Package:
        self.planted[package.rup_code] = what
        return package

    def spare(self, package: Package, what: str) -> Package:
        self.innocent[package.rup_code] = what
        return package


def plant(agency: Agency, year: int, clerk: User, head: User) -> PlantedWorld:
    """Write the sixty packages. Needs the thresholds of methods."""
    world = PlantedWorld(agency, year, clerk, head)
    for case in (_planted_offers, _planted_contracts, _planted_people, _innocent_people, _innocent_packages):
        case(world)
    return world


def _planted_offers(w: PlantedWorld) -> None:
    for part, month in enumerate((2, 3), start=1):
        w.plant_one(
            w.package(
                name=f"Pengadaan meubelair kantor tahap {part}",
                method=Method.DIRECT_PROCUREMENT,
                ceiling=180,
                announced=w.day(month, 5),
                bidders=[w.supplier()],
            ),
            "K01",
        )
    w.plant_one(w.package(bidders=[w.supplier()]), "R018")
    w.plant_one(w.package(shares=[Decimal("0.9"), Decimal("0.93"), Decimal("0.93")]), "R028")
    w.plant_one(w.package(shares=[Decimal("0.90"), Decimal("0.93"), Decimal("0.96")]), "K05")
    w.plant_one(w.package(until=w.day(3, 5), handed_in=w.day(3, 4)), "K06")
    three = [w.supplier() for _ in range(3)]
    w.plant_one(w.package(bidders=three, winner=three[1]), "K07")
    w.plant_one(w.package(handed_in=w.day(3, 23)), "R030")
    out = OfferState.DISQUALIFIED
    w.plant_one(w.package(states=[OfferState.VALID, out, out]), "R035")


def _planted_contracts(w: PlantedWorld) -> None:
    w.plant_one(w.package(shares=[Decimal("0.99"), Decimal("1.03"), Decimal("1.08")]), "K02")
    w.plant_one(w.package(signed=dt.date(w.year, 2, 20)), "K08")
    w.plant_one(w.package(announced=w.day(11, 10), signed=dt.date(w.year, 12, 29)), "K09")
    w.plant_one(w.package(addendum=1.15), "K10")
    w.plant_one(
        w.package(bidders=[w.supplier(known=dt.date(w.year, 2, 1)), w.supplier(), w.supplier()], ceiling=2_600), "K11"
    )
    failed = w.package(is_contracted=False, is_moved=False, name="Pengadaan bibit karet unggul", announced=w.day(2, 2))
    w.move(failed, PackageState.CANCELLED, "Dibatalkan, lalu diulang (data contoh).")
    w.innocent[failed.rup_code] = "dibatalkan, lalu diulang"
    again = w.package(
        name="Pengadaan bibit karet unggul",
        method=Method.DIRECT_APPOINTMENT,
        announced=w.day(4, 2),
        bidders=[w.supplier()],
    )
    w.plant_one(again, "K16")
    w.plant_one(w.package(selection_method=Method.SELECTION), "K17")
    consultant = w.supplier()
    design = w.package(
        kind=PackageKind.CONSULTING, method=Method.SELECTION, bidders=[consultant, w.supplier(), w.supplier()]
    )
    w.innocent[design.rup_code] = "perencanaan"
    w.plant_one(
        w.package(kind=PackageKind.WORKS, bidders=[consultant, w.supplier(), w.supplier()], designed_in=design), "K18"
    )


def _planted_people(w: PlantedWorld) -> None:
    nik = w.nik()
    w.plant_one(
        w.package(
            bidders=[
                w.supplier(director="Sungkono Wiradarma", director_nik=nik),
                w.supplier(director="S. Wiradarma", director_nik=nik),
                w.supplier(),
            ]
        ),
        "K12",
    )
    w.plant_one(
        w.package(bidders=[w.supplier(phone="0541 735555"), w.supplier(phone="+62 541-735-555"), w.supplier()]), "K12"
    )
    w.plant_one(
        w.package(bidders=[w.supplier(account="Bank 0099-1"), w.supplier(account="bank 00991"), w.supplier()]), "K12"
    )
    owner, first, second = w.nik(), w.supplier(), w.supplier()
    for one in (first, second):
        SupplierPerson.objects.create(
            supplier=one, name="Pemilik Bersama", identity=owner, role=SupplierRole.OWNER, share_percent=60
        )
    w.plant_one(w.package(bidders=[first, second, w.supplier()]), "K12")
    barred = w.supplier()
    Blacklisting.objects.create(
        supplier=barred, decision_number="SK/9", from_day=dt.date(w.year, 1, 1), until_day=dt.date(w.year, 12, 31)
    )
    w.plant_one(w.package(bidders=[barred, w.supplier(), w.supplier()]), "K13")
    w.plant_one(w.package(declared="missing", is_moved=False), "K14")
    related = w.supplier(tax_number="024466880135000")
    interest = {"party_name": "Perusahaan adik", "party_identity": "02.446.688.0-135.000", "relation": "milik adik"}
    w.plant_one(w.package(bidders=[w.supplier(), related, w.supplier()], interest=interest), "K15")
    secret = w.nik()
    official = w.person("Rahmad Hidayat Kusumah")
    OfficialProfile.objects.create(user=official, identity=secret)
    w.plant_one(
        w.package(
            officer=official,
            bidders=[w.supplier(), w.supplier(director="Rahmad H.", director_nik=secret), w.supplier()],
        ),
        "K15",
    )


def _innocent_people(w: PlantedWorld) -> None:
    for name in (
        "Budi Santoso",
        "Ahmad Yani",
        "Sutrisno",
        "Siti Aminah",
        "Hj. Nurhayati",
        "Drs. H. Abdul Rahman, M.Si.",
    ):
        official = w.person(name)
        OfficialProfile.objects.create(user=official, identity=w.nik())
        bare = name.removeprefix("Drs. H. ").removeprefix("Hj. ").removesuffix(", M.Si.")
        w.spare(
            w.package(officer=official, bidders=[w.supplier(director=bare), w.supplier(), w.supplier()]),
            "nama sama, orang lain",
        )
    for floor in (1, 2, 3, 4):
        one = w.supplier(address=f"Gedung Mahakam Lantai {floor}, Jl. Awang Long 5, Samarinda")
        other = w.supplier(address=f"Gedung Mahakam Lantai {floor + 4}, Jl. Awang Long 5, Samarinda")
        w.spare(w.package(bidders=[one, other, w.supplier()]), "dua kantor dalam satu gedung")
    for number in (1, 2):
        mail = [w.supplier(email=f"cv.{number}{side}@gmail.com") for side in "ab"]
        w.spare(w.package(bidders=[*mail, w.supplier()]), "surel penyedia umum")
    for _number in (1, 2):
        nik, former, now = w.nik(), w.supplier(), w.supplier()
        SupplierPerson.objects.create(
            supplier=former,
            name="Direktur Lama",
            identity=nik,
            role=SupplierRole.DIRECTOR,
            until_day=dt.date(w.year - 2, 6, 30),
        )
        SupplierPerson.objects.create(supplier=now, name="Direktur Lama", identity=nik, role=SupplierRole.DIRECTOR)
        w.spare(w.package(bidders=[former, now, w.supplier()]), "direktur yang sudah lama keluar")
    for number in (1, 2):
        elsewhere = {
            "party_name": f"CV Tidak Ikut {number}",
            "party_identity": f"99000000000{number:04d}",
            "relation": "milik kakak",
        }
        w.spare(w.package(interest=elsewhere), "kepentingan pada perusahaan yang tidak menawar")
    for ended in (dt.date(w.year - 1, 12, 31), dt.date(w.year, 2, 28)):
        barred = w.supplier()
        Blacklisting.objects.create(
            supplier=barred, decision_number="SK/1", from_day=dt.date(w.year - 1, 1, 1), until_day=ended
        )
        w.spare(w.package(bidders=[barred, w.supplier(), w.supplier()]), "daftar hitam sudah berakhir")


def _innocent_packages(w: PlantedWorld) -> None:
    for number in range(1, 6):
        w.spare(
            w.package(
                name=f"Pesanan alat tulis kontrak payung {number}",
                method=Method.DIRECT_PROCUREMENT,
                ceiling=150,
                is_framework=True,
                announced=w.day(number + 1, 5),
                bidders=[w.supplier()],
            ),
            "kontrak payung",
        )
    for month in (2, 9):
        w.spare(
            w.package(
                name="Pengadaan seragam dinas",
                method=Method.DIRECT_PROCUREMENT,
                ceiling=150,
                announced=w.day(month, 5),
                bidders=[w.supplier()],
            ),
            "sama, berselang tujuh bulan",
        )
    for month in (5, 6):
        w.spare(
            w.package(
                name="Pengadaan konsumsi rapat",
                method=Method.DIRECT_PROCUREMENT,
                ceiling=90,
                announced=w.day(month, 5),
                bidders=[w.supplier()],
            ),
            "sama, jumlahnya di bawah batas",
        )
    w.spare(w.package(shares=[Decimal("0.979"), Decimal("1.02"), Decimal("1.07")]), "97,9 % HPS")
    w.spare(w.package(addendum=1.1), "adendum tepat 10 %")
    w.spare(w.package(announced=w.day(11, 10), signed=dt.date(w.year, 12, 21)), "tanda tangan 21 Desember")
    two = [w.supplier() for _ in range(3)]
    w.spare(w.package(bidders=two, winner=two[1], award_note="Nilai teknis tertinggi."), "bukan terendah, beralasan")
    w.spare(w.package(method=Method.DIRECT_APPOINTMENT, bidders=[w.supplier()]), "penunjukan langsung, satu penyedia")
    w.spare(w.package(), "tender biasa")


@dataclass(frozen=True)
class Judgement:
    """`missed` and `wrong`: RUP code, what was planted, what was raised."""

    planted: int
    found: int
    innocent: int
    hit: int
    missed: list[tuple[str, str, str]]
    wrong: list[tuple[str, str, str]]

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.hit) if self.found + self.hit else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 0.0

    def lines(self) -> list[str]:
        yes = format_number
        return [
            f"planted {self.planted} found {self.found} innocent {self.innocent} wrongly flagged {self.hit}",
            f"precision {yes(round(Decimal(self.precision), 3), 3)} recall {yes(round(Decimal(self.recall), 3), 3)}",
            *[f"missed {code}: {what}; raised {raised or 'nothing'}" for code, what, raised in self.missed],
            *[f"wrong {code}: {what}; raised {raised}" for code, what, raised in self.wrong],
        ]


def judge(world: PlantedWorld, run: Callable[[], Any] | None = None) -> Judgement:
    """Run every flag and the matching. Found is a planted package with its own code; wrong is an innocent one with
    any flag
    of a package, or with a lead that is more than a name."""
    (run or flag_services.run)()
    matching.match()
    of_package: dict[str, set[str]] = {}
    codes = [*world.planted, *world.innocent]
    for flag in Flag.objects.raised().filter(package__rup_code__in=codes).select_related("package"):
        of_package.setdefault(flag.package.rup_code, set()).add(flag.code)  # type: ignore[union-attr]  # the query asks for those of a package
    strong = (
        Lead.objects.found()
        .filter(Q(score__gt=matching.NAME_ONLY), package__rup_code__in=codes)
        .select_related("package")
    )
    for lead in strong:
        of_package.setdefault(lead.package.rup_code, set()).add("lead")  # type: ignore[union-attr]  # the query asks for those of a package
    raised = {code: " ".join(sorted(of_package.get(code, set()))) for code in codes}
    missed = [
        (code, what, raised[code]) for code, what in world.planted.items() if what not in of_package.get(code, set())
    ]
    wrong = [(code, what, raised[code]) for code, what in world.innocent.items() if raised[code]]
    planted, innocent = len(world.planted), len(world.innocent)
    return Judgement(planted, planted - len(missed), innocent, len(wrong), missed, wrong)
