"""Contracts against the HPS, the plan, the year and the award; their addenda; suppliers that are new."""

import datetime as dt
from typing import Any

from kaltim_portal.demo_data.planted.world import PlantedWorld
from procurement.choices import Method, PackageKind


def write(w: PlantedWorld) -> None:
    for cases in (_against_the_hps, _against_the_plan, _days, _addenda, _award, _new, _designed):
        cases(w)


def _case(w: PlantedWorld, codes: tuple[str, ...], why: str, **more: Any) -> None:
    package = w.package(**more)
    w.plant_one(package, *codes) if codes else w.spare(package, why)


def _against_the_hps(w: PlantedWorld) -> None:
    for share, codes in (("0.9799", ()), ("0.98", ()), ("0.9801", ("K02",)), ("0.999", ("K02",))):
        _case(w, codes, f"{share} dari HPS", shares=[share, "1.03", "1.09"], ceiling=1_000)
    _case(
        w, (), "penunjukan langsung dekat HPS", method=Method.DIRECT_APPOINTMENT, bidders=[w.supplier()], value="0.99"
    )


def _against_the_plan(w: PlantedWorld) -> None:
    """The contract is a share of the HPS, which is 98 per cent of the ceiling."""
    for millions, value, codes in (
        (1_000, "0.7142857142857", ()),
        (1_000, "0.7142", ("K17",)),
        (1_000, "0.62", ("K17",)),
        (1_000, "0.72", ()),
    ):
        _case(w, codes, "selisih 30 % atau kurang", shares=[value, "0.75", "0.79"], ceiling=millions)
    _case(w, ("K17",), "", selection_method=Method.SELECTION)
    _case(w, (), "kontrak payung", is_framework=True, shares=["0.6", "0.63", "0.68"])


def _days(w: PlantedWorld) -> None:
    _case(w, ("K08",), "", signed=w.date(3, 1))
    _case(w, (), "tanda tangan pada hari pengumuman", signed=w.date(3, 2))
    _case(w, ("K08",), "", rup_published_on=w.date(4, 7), signed=w.date(4, 6))
    _case(w, (), "masuk RUP pada hari tanda tangan", rup_published_on=w.date(4, 6), signed=w.date(4, 6))
    autumn = w.day(11, 10)
    _case(w, (), "tanda tangan 21 Desember", announced=autumn, signed=w.date(12, 21))
    _case(w, ("K09",), "", announced=autumn, signed=w.date(12, 22))
    _case(w, ("K09",), "", announced=autumn, signed=dt.date(w.year + 1, 1, 3))
    _case(w, (), "tender dini tahun berikutnya", announced=autumn, signed=w.date(12, 23), fiscal_year=w.year + 1)


def _addenda(w: PlantedWorld) -> None:
    for factors, codes in (
        (["1.1"], ()),
        (["1.05", "1.09"], ()),
        (["1.1001"], ("K10",)),
        (["1.2", "1.05"], ("K10",)),
    ):
        _case(w, codes, "adendum tidak lebih dari 10 %", addenda=factors)


def _award(w: PlantedWorld) -> None:
    _case(w, (), "kontrak sama dengan penetapan", value="0.9", awarded="0.9")
    _case(w, (), "kontrak di bawah penetapan", value="0.89", awarded="0.9")
    _case(w, ("K20",), "", value="0.9001", awarded="0.9")
    _case(w, ("K20",), "", value="0.95", awarded="1.01")
    _case(w, ("K20", "K02"), "", value="1.03", awarded="1.03")
    three = w.suppliers(3)
    _case(w, ("K20",), "", bidders=three, signs=three[1])
    joint = w.suppliers(4)
    _case(w, (), "anggota KSO yang menandatangani", bidders=joint[:3], partners={0: joint[3:]}, signs=joint[3])


def _new(w: PlantedWorld) -> None:
    """Signed on 6 April; the edge is 180 days before it, and a billion rupiah."""
    signed = w.date(4, 6)

    def since(days: int) -> dt.date:
        return signed - dt.timedelta(days=days)

    for known, millions, issued, codes in (
        (w.date(2, 1), 2_600, None, ("K11",)),
        (since(180), 2_600, None, ("K11",)),
        (since(181), 2_600, None, ()),
        (w.date(2, 1), 2_600, since(181), ()),
        (w.date(2, 1), 2_600, since(30), ("K11",)),
        (dt.date(w.year + 1, 1, 5), 2_600, None, ("K11",)),
        (w.date(2, 1), 900, None, ()),
    ):
        bidders = [w.supplier(known=known, business_number_on=issued), *w.suppliers(2)]
        _case(w, codes, "penyedia lama, atau kontrak kecil", bidders=bidders, ceiling=millions, signed=signed)
    fresh = w.supplier(known=w.date(2, 1))
    _case(w, ("K11",), "", bidders=w.suppliers(3), partners={0: [fresh]}, ceiling=2_600, signed=signed)
    for value, codes in (("1000", ("K11",)), ("999.999", ())):
        bidders = [w.supplier(known=w.date(2, 1)), *w.suppliers(2)]
        share = f"{float(value) / (0.98 * 1200):.12f}"
        _case(w, codes, "kontrak di bawah semiliar", bidders=bidders, ceiling=1_200, value=share, signed=signed)
    # (days before the other one, millions of the first and the other, what each raises)
    for days, ceilings, raised in (
        (0, (700, 2_600), ((), ("K11",))),
        (0, (2_600, 2_500), (("K11",), ("K11",))),
        (1, (700, 2_600), ((), ())),
    ):
        fresh = w.supplier(known=w.date(2, 2))  # another day: many of one day are a list
        for ceiling, day, told in zip(ceilings, (since(days), signed), raised, strict=True):
            bidders = [fresh, *w.suppliers(2)]
            _case(w, told, "kontrak pertama kecil", bidders=bidders, ceiling=ceiling, signed=day)


def _designed(w: PlantedWorld) -> None:
    consultant, partner = w.suppliers(2)
    design = w.spare(
        w.package(
            kind=PackageKind.CONSULTING,
            method=Method.SELECTION,
            bidders=[consultant, *w.suppliers(2)],
            partners={0: [partner]},
        ),
        "perencanaan",
    )
    works = {"kind": PackageKind.WORKS, "designed_in": design}
    _case(w, ("K18",), "", bidders=[consultant, *w.suppliers(2)], **works)
    _case(w, ("K18",), "", bidders=w.suppliers(3), partners={1: [partner]}, **works)
    _case(w, (), "dibangun penyedia lain", bidders=w.suppliers(3), **works)
    integrated = works | {"kind": PackageKind.INTEGRATED}
    _case(w, (), "terintegrasi: dirancang dan dibangun sekaligus", bidders=[consultant, *w.suppliers(2)], **integrated)
