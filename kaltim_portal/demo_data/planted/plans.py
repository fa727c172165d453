"""Packages against their plan: parts of one, methods and values, repetitions, days for offers."""

import datetime as dt
from typing import Any

from kaltim_portal.demo_data.planted.world import PlantedWorld
from procurement.choices import Method, PackageKind, PackageState
from procurement.models import Package

DIRECT = Method.DIRECT_PROCUREMENT


def write(w: PlantedWorld) -> None:
    for cases in (_parts, _values, _windows, _repeated, _papers_missing):
        cases(w)


def _direct(w: PlantedWorld, name: str, millions: str, announced: dt.datetime, **more: Any) -> Package:
    return w.package(name=name, method=DIRECT, ceiling=millions, announced=announced, bidders=[w.supplier()], **more)


def _parts(w: PlantedWorld) -> None:
    for part, month in enumerate((2, 3), start=1):
        w.plant_one(_direct(w, f"Pengadaan meubelair kantor tahap {part}", "180", w.day(month, 5)), "K01")
    for part, millions in enumerate(("100", "100.001"), start=1):
        w.plant_one(_direct(w, f"Pengadaan printer paket {part}", millions, w.day(part + 1, 5)), "K01")
        w.spare(_direct(w, f"Pengadaan scanner paket {part}", "100", w.day(part + 1, 5)), "jumlahnya tepat di batas")
        w.spare(_direct(w, f"Pengadaan toner paket {part}", "90", w.day(part + 1, 5)), "jumlahnya di bawah batas")
    first = w.day(2, 2)
    for days, name in ((90, "Sewa tenda rapat koordinasi"), (91, "Sewa kursi rapat koordinasi")):
        pair = [_direct(w, name, "150", first), _direct(w, name, "150", first + dt.timedelta(days=days))]
        for package in pair:
            if days == 90:  # noqa: PLR2004 (the edge of the rule)
                w.plant_one(package, "K01")
            else:
                w.spare(package, "sama, berselang satu hari terlalu lama")
    for number in (1, 2):
        w.spare(
            _direct(w, f"Pesanan alat tulis kontrak payung {number}", "150", w.day(number + 1, 5), is_framework=True),
            "kontrak payung",
        )
        w.spare(
            _direct(w, "Pengadaan seragam dinas", "150", w.day(number + 1, 5), fiscal_year=w.year + number - 1),
            "sama, dua tahun anggaran",
        )


def _values(w: PlantedWorld) -> None:
    """Under, at and over the thresholds of each kind."""
    for kind, limit in (
        (PackageKind.GOODS, 200),
        (PackageKind.WORKS, 400),
        (PackageKind.CONSULTING, 100),
        (PackageKind.OTHER_SERVICES, 200),
    ):
        late = w.day(6, 2)  # after the day from which a newer threshold may hold within the year
        for millions, is_over in ((f"{limit}", False), (f"{limit - 1}", False), (f"{limit}.001", True)):
            package = w.package(kind=kind, method=DIRECT, ceiling=millions, announced=late, bidders=[w.supplier()])
            if is_over:
                w.plant_one(package, "K19")
            else:
                w.spare(package, f"pengadaan langsung {millions} juta, dibolehkan")
    w.plant_one(
        w.package(kind=PackageKind.WORKS, method=DIRECT, ceiling=1_500, announced=w.day(6, 2), bidders=[w.supplier()]),
        "K19",
    )
    w.spare(w.package(kind=PackageKind.WORKS, ceiling=1_500), "pekerjaan besar lewat tender")


def _windows(w: PlantedWorld) -> None:
    """Days for offers: the norms of each method, and one minute less."""
    day, minute = dt.timedelta(days=1), dt.timedelta(minutes=1)
    start = w.day(3, 2)
    for method, days, codes in (
        (Method.TENDER, 15, ("R003",)),
        (Method.TENDER, 7, ("R003", "K06")),
        (Method.QUICK_TENDER, 3, ("R003", "K06")),
        (DIRECT, 1, ("R003", "K06")),
    ):
        bidders = [w.supplier()] if method == DIRECT else w.suppliers(3)
        millions = 150 if method == DIRECT else 800
        made: dict[str, Any] = {"method": method, "ceiling": millions, "handed_in": start + day / 2}
        short = w.package(bidders=bidders, offers_until=start + days * day - minute, **made)
        w.plant_one(short, *codes)
        others = [w.supplier()] if method == DIRECT else w.suppliers(3)
        just = w.package(bidders=others, offers_until=start + days * day, **made)
        if method == Method.TENDER and days == 7:  # noqa: PLR2004 (the norm of one rule is above that of the other)
            w.plant_one(just, "R003")
        else:
            w.spare(just, f"{method}: tepat {days} hari")
    w.spare(
        w.package(
            method=Method.DIRECT_APPOINTMENT, bidders=[w.supplier()], offers_until=start + day / 4, handed_in=start
        ),
        "penunjukan langsung tanpa masa penawaran",
    )


def _repeated(w: PlantedWorld) -> None:
    first = w.day(1, 10)
    for name, days, method in (
        ("Pengadaan bibit karet unggul", 60, Method.DIRECT_APPOINTMENT),
        ("Pengadaan bibit kakao unggul", 365, Method.DIRECT_APPOINTMENT),
        ("Pengadaan bibit lada unggul", 366, Method.DIRECT_APPOINTMENT),
        ("Pengadaan bibit kelapa unggul", 60, Method.TENDER),
    ):
        failed = w.package(name=name, announced=first, is_contracted=False, state=PackageState.CANCELLED)
        w.spare(failed, "dibatalkan, lalu diulang")
        bidders = w.suppliers(3) if method == Method.TENDER else [w.supplier()]
        day = first + dt.timedelta(days=days)
        again = w.package(name=name, method=method, announced=day, bidders=bidders, fiscal_year=day.year)
        if method == Method.TENDER:
            w.spare(again, "diulang dengan metode yang sama")
        elif days > 365:  # noqa: PLR2004 (the edge of the rule)
            w.spare(again, "diulang setelah lebih dari setahun")
        else:
            w.plant_one(again, "K16")


def _papers_missing(w: PlantedWorld) -> None:
    """Under contract or completed, with and without a contract."""
    w.plant_one(w.package(is_contracted=False, state=PackageState.CONTRACTED), "K21")
    w.plant_one(w.package(is_contracted=False, state=PackageState.COMPLETED), "K21")
    w.spare(w.package(state=PackageState.COMPLETED), "selesai, berkontrak")
    w.spare(w.package(is_contracted=False), "diumumkan, belum berkontrak")
    w.spare(
        w.package(method=Method.SELF_MANAGED, bids=[], is_contracted=False, state=PackageState.COMPLETED),
        "swakelola, tanpa penyedia",
    )
