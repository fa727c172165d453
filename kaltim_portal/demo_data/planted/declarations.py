"""Declarations before a step: missing, late, undecided, and just in time."""

import datetime as dt

from kaltim_portal.demo_data.planted.world import Declared, PlantedWorld
from procurement.choices import OfficerRole, PackageState
from procurement.models import GateOverride, Officer, Package


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
