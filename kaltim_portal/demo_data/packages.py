"""Made-up procurement packages with their officials, declarations and decisions."""

import datetime as dt
import random
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from core.encryption import identity_hash
from kaltim_portal.demo_data.people import COMMITMENT_OFFICERS, EXTRA, EXTRA_HEAD, HEADS, OPERATORS
from kaltim_portal.demo_data.words import WORDS
from procurement.choices import (
    DecisionKind,
    InterestKind,
    InterestNature,
    Method,
    OfficerRole,
    PackageKind,
    PackageState,
)
from procurement.models import (
    Award,
    Contract,
    Decision,
    Declaration,
    Interest,
    Officer,
    Package,
    PackageStep,
    Supplier,
)
from programs.models import Program

COUNT = 400
# Up to where direct procurement is allowed, in millions, since Perpres 46/2025; else 200.
DIRECT_UP_TO = {PackageKind.WORKS: 400, PackageKind.CONSULTING: 100}
UNDER_CONTRACT = (PackageState.CONTRACTED, PackageState.COMPLETED)
WITHOUT_CONTRACT = 0.04
THINGS = {
    PackageKind.GOODS: [
        "Pengadaan peralatan laboratorium",
        "Pengadaan alat kesehatan",
        "Pengadaan perahu layanan",
        "Pengadaan buku dan alat peraga",
    ],
    PackageKind.WORKS: [
        "Pembangunan ruang kelas",
        "Rehabilitasi jaringan air bersih",
        "Pembangunan rumah layak huni",
        "Peningkatan dermaga rakyat",
    ],
    PackageKind.INTEGRATED: ["Rancang dan bangun gedung layanan", "Rancang dan bangun instalasi air minum"],
    PackageKind.CONSULTING: ["Perencanaan teknis gedung", "Pengawasan pembangunan", "Kajian kebutuhan layanan"],
    PackageKind.OTHER_SERVICES: [
        "Jasa pendampingan masyarakat",
        "Jasa kebersihan dan keamanan",
        "Jasa pelatihan kerja",
    ],
}
PLACES = [
    "Paser",
    "Kutai Barat",
    "Kutai Kartanegara",
    "Kutai Timur",
    "Berau",
    "Penajam Paser Utara",
    "Mahakam Ulu",
    "Balikpapan",
    "Samarinda",
    "Bontang",
]
CEILINGS = {
    PackageKind.GOODS: 900,
    PackageKind.WORKS: 6_000,
    PackageKind.INTEGRATED: 9_000,
    PackageKind.CONSULTING: 350,
    PackageKind.OTHER_SERVICES: 400,
}


def make_packages(programs: list[Program], users: dict[str, User], today: dt.date, dice: random.Random) -> None:
    """Planned ones at first; then people, declarations and decisions; then the steps that those allow."""
    packages = [_package(number, dice.choice(programs), users, today, dice) for number in range(COUNT)]
    Package.objects.bulk_create(packages)
    wanted = dice.choices(list(PackageState), [30, 25, 25, 14, 2, 4], k=COUNT)
    ready = [
        _staff(package, users, dice, is_planned=state == PackageState.PLANNED)
        for package, state in zip(packages, wanted, strict=True)
    ]
    states = [state if ok else PackageState.PLANNED for state, ok in zip(wanted, ready, strict=True)]
    _advance(packages, states, today, dice)


def _package(number: int, program: Program, users: dict[str, User], today: dt.date, dice: random.Random) -> Package:
    kind = dice.choice(list(PackageKind))
    middle = CEILINGS[kind]
    ceiling = Decimal(int(dice.lognormvariate(0, 0.9) * middle) + 20) * 1_000_000
    large = ceiling > DIRECT_UP_TO.get(kind, 200) * 1_000_000
    tender = Method.SELECTION if kind == PackageKind.CONSULTING else Method.TENDER
    method = dice.choice([tender, Method.E_PURCHASING] if large else [Method.DIRECT_PROCUREMENT, Method.E_PURCHASING])
    share = Decimal(str(round(dice.uniform(0.93, 1), 3)))
    return Package(
        agency=program.agency,
        fiscal_year=today.year,
        program=program,
        rup_code=str(60_000_001 + number),
        name=f"{dice.choice(THINGS[kind])} {dice.choice(PLACES)} (data contoh)",
        kind=kind,
        method=method,
        ceiling_rupiah=ceiling,
        hps_rupiah=(ceiling * share).quantize(Decimal(1)),
        created_by=users[OPERATORS.get(program.agency.short_name, EXTRA.username)],
        is_sample=True,
    )


def _staff(package: Package, users: dict[str, User], dice: random.Random, *, is_planned: bool) -> bool:
    """Assign and declare; True when nothing stands in the way of an announcement."""
    if is_planned and dice.random() < 0.25:  # noqa: PLR2004
        return False
    officer = Officer.objects.create(
        package=package,
        user=users[COMMITMENT_OFFICERS.get(package.agency.short_name, EXTRA.username)],
        role=OfficerRole.COMMITMENT_OFFICER,
    )
    if is_planned and dice.random() < 0.4:  # noqa: PLR2004
        return False
    has_interest = dice.random() < 0.06  # noqa: PLR2004
    before = timezone.make_aware(dt.datetime(package.fiscal_year, 1, 10, 9))  # noqa: DTZ001 (made aware here)
    declaration = Declaration.objects.create(
        officer=officer, number=1, has_interest=has_interest, declared_at=min(before, timezone.now())
    )
    if has_interest:
        Interest.objects.create(
            declaration=declaration,
            kind=InterestKind.FAMILY,
            nature=InterestNature.POTENTIAL,
            party_name="CV Contoh Karya Mandiri",
            party_identity="6472010101800005",
            relation="Saudara kandung menjadi direktur (data contoh)",
            since="2021",
            mitigation="Tidak ikut menyusun spesifikasi dan evaluasi.",
        )
    if is_planned and dice.random() < 0.4:  # noqa: PLR2004
        return False
    Decision.objects.create(
        declaration=declaration,
        kind=DecisionKind.RESTRICT if has_interest else DecisionKind.NO_CONFLICT,
        reason="Dibatasi sesuai usul mitigasi." if has_interest else "Tidak ditemukan benturan kepentingan.",
        decided_by=users[HEADS.get(package.agency.short_name, EXTRA_HEAD.username)],
        decided_at=min(before + dt.timedelta(days=1), timezone.now()),
    )
    return True


def _advance(packages: list[Package], states: list[PackageState], today: dt.date, dice: random.Random) -> None:
    start = timezone.make_aware(dt.datetime.combine(dt.date(today.year, 1, 15), dt.time(9)))
    span = max((timezone.now() - start).days, 1)
    steps = []
    for package, state in zip(packages, states, strict=True):
        if state == PackageState.PLANNED:
            continue
        if state != PackageState.CANCELLED:
            package.announced_at = min(start + dt.timedelta(days=dice.randint(0, span)), timezone.now())
        package.state = state
        comment = "Dibatalkan karena pergeseran anggaran (data contoh)." if state == PackageState.CANCELLED else ""
        comment = "Tidak ada penawaran yang memenuhi syarat (data contoh)." if state == PackageState.FAILED else comment
        steps.append(
            PackageStep(
                package=package, from_state=PackageState.PLANNED, to_state=state, by=package.created_by, comment=comment
            )
        )
    Package.objects.bulk_update(
        [package for package in packages if package.state != PackageState.PLANNED], ["state", "announced_at"]
    )
    PackageStep.objects.bulk_create(steps)
    _contract([package for package in packages if package.state in UNDER_CONTRACT], today, dice)


def _contract(packages: list[Package], today: dt.date, dice: random.Random) -> None:
    """Awards and contracts of most; a few have none in the portal, which is what a red flag is for."""
    suppliers = [
        Supplier(
            name=f"CV {word.title()} {PLACES[number % len(PLACES)]} (data contoh)",
            tax_number=f"8{number:014d}",
            tax_number_hash=identity_hash(f"8{number:014d}"),
            known_since=dt.date(today.year - 6, 1, 1),
            is_sample=True,
        )
        for number, word in enumerate(WORDS, start=1)
    ]
    Supplier.objects.bulk_create(suppliers)
    awards, contracts = [], []
    for package in packages:
        if dice.random() < WITHOUT_CONTRACT or package.announced_at is None or package.hps_rupiah is None:
            continue
        supplier, share = dice.choice(suppliers), Decimal(str(round(dice.uniform(0.86, 0.975), 3)))
        value = (package.hps_rupiah * share).quantize(Decimal(1))
        announced = timezone.localdate(package.announced_at)
        signed = min(announced + dt.timedelta(days=dice.randint(25, 50)), max(today, announced))
        awards.append(Award(package=package, supplier=supplier, amount_rupiah=value, decided_on=signed))
        contracts.append(
            Contract(
                package=package,
                supplier=supplier,
                number=f"KTR/{package.rup_code}",
                signed_on=signed,
                value_rupiah=value,
                entered_by=package.created_by,
            )
        )
    Award.objects.bulk_create(awards)
    Contract.objects.bulk_create(contracts)
