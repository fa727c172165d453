"""Declarations before a step: missing, late, undecided, and just in time."""

import datetime as dt

from kaltim_portal.demo_data.planted.world import Declared, PlantedWorld
from procurement.choices import OfficerRole, PackageState
from procurement.models import Contract, GateOverride, Officer, Package


def write(w: PlantedWorld) -> None:
    announced, minute = w.day(3, 2), dt.timedelta(minutes=1)
    for how, is_raised in (
        (Declared(None), True),
        (Declared(w.day(2, 2)), True),
        (Declared(w.day(2, 2), w.day(5, 20)), True),
        (Declared(w.day(2, 2), announced + minute), True),
        (Declared(announced + minute, announced + minute), True),
        (Declared(w.day(2, 2), announced), False),
        (Declared(announced, announced), False),
        (Declared(w.day(2, 2), announced - minute), False),
    ):
        package = w.package(declared=how, is_moved=False)
        _pass(w, package)
        w.plant_one(package, "K14") if is_raised else w.spare(package, "diputuskan tepat waktu")
    for assigned, taken_off, is_raised in (
        (w.day(2, 1), announced + minute, True),
        (w.day(2, 1), announced - minute, False),
    ):
        package = w.package()
        Officer.objects.create(
            package=package,
            user=w.person(),
            role=OfficerRole.SELECTION_GROUP,
            assigned_at=assigned,
            removed_at=taken_off,
        )
        w.plant_one(package, "K14") if is_raised else w.spare(package, "sudah tidak bertugas saat pengumuman")

    _of_a_second_contract(w)


def _of_a_second_contract(w: PlantedWorld) -> None:
    """Somebody who came between two contracts of a package is decided on before the second is signed."""
    signed = w.date(6, 1)
    for decided, is_raised in ((w.day(5, 31), False), (w.day(6, 1, 23, 59), False), (w.day(6, 2, 0, 1), True)):
        package = w.package(value="0.8", awarded="0.9")
        first, before = package.contracts.get(), package.officer_rows.get()
        Contract.objects.create(
            package=package,
            supplier=first.supplier,
            number=f"{first.number}/2",
            signed_on=signed,
            value_rupiah=1_000_000,
            entered_by=w.clerk,
        )
        Officer.objects.filter(pk=before.pk).update(removed_at=w.day(5, 10))
        row = Officer.objects.create(
            package=package, user=w.person(), role=before.role, assigned_at=w.day(5, 10), replaces=before
        )
        w.declare(row, Declared(w.day(5, 10), decided))
        w.plant_one(package, "K14") if is_raised else w.spare(package, "diputuskan sebelum kontrak kedua")


def _pass(w: PlantedWorld, package: Package) -> None:
    """The head of the OPD lets it pass where something is missing."""
    for step in (PackageState.ANNOUNCED, PackageState.CONTRACTED):
        GateOverride.objects.create(
            package=package,
            to_state=step,
            obstacles=["pernyataan"],
            reason="Keadaan mendesak (data contoh).",
            by=w.head,
        )
    w.move(package, PackageState.CONTRACTED)
