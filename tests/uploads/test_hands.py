"""Who hands in a list, who takes it over and who takes it back are tied to what it writes, like whoever types."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from accounts.models import Membership, User
from core.choices import Role
from procurement.models import OVERRIDE_GATE, GateOverride, Package
from programs.models import DECIDE_REPORT, Progress
from tests import factories
from tests.uploads.test_files import FOLDER, _handed_in, made, world
from tests.uploads.test_undo import TAKES_OVER
from uploads import services as uploads
from uploads.choices import UploadState
from uploads.models import Upload

__all__ = ["made", "world"]


def as_head(person: User) -> User:
    Membership.objects.create(user=person, role=Role.AGENCY_HEAD, agency=factories.agency())
    return User.objects.get(pk=person.pk)


def taken_over(name: str) -> tuple[Upload, User, User]:
    hander, taker = factories.member(Role.OPERATOR), factories.member(Role.OPERATOR)
    upload = _handed_in((FOLDER / name).read_bytes(), name, hander)
    uploads.request_apply(pk=upload.pk, by=taker, reason="Sudah diperiksa", enqueue=False)
    uploads.apply(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.APPLIED, upload.problem
    return upload, hander, taker


def written(upload: Upload, table: str) -> set[int]:
    """Rows that the list added or changed otherwise than in what the portal counts by itself."""
    rows = upload.changes.filter(table_name=table).values_list("row_id", "before", "after")
    plan = ("name", "method", "kind", "ceiling_rupiah", "financial_rupiah", "physical_percent")
    return {
        pk
        for pk, before, after in rows
        if after and (before is None or any(before.get(name) != after.get(name) for name in plan))
    }


@pytest.mark.parametrize("name", [name for name in TAKES_OVER if name.startswith(("rfk", "rup", "sirup"))])
def test_both_hands_are_tied(name: str, world: User) -> None:
    upload, hander, taker = taken_over(name)
    reports = set(
        Progress.objects.filter(pk__in=written(upload, "programs_progress")).values_list("report_id", flat=True)
    )
    packages = written(upload, "procurement_package")
    for act, keys in ((DECIDE_REPORT, reports), (OVERRIDE_GATE, packages)):
        for pk in keys:
            assert {hander.pk, taker.pk} <= set(act.people(pk)), (name, act, pk)


def test_who_handed_in_a_progress_list_does_not_approve_it_and_who_took_it_back_neither(world: User) -> None:
    upload, hander, taker = taken_over("rfk.ods")
    report = Progress.objects.filter(pk__in=written(upload, "programs_progress")).first().report  # type: ignore[union-attr]
    undoer = factories.member(Role.OPERATOR)
    uploads.request_undo(pk=upload.pk, by=undoer, reason="Keliru", enqueue=False)
    assert uploads.take_back(upload.pk)
    for person in (hander, taker, undoer):
        with pytest.raises(PermissionDenied):
            DECIDE_REPORT.check(as_head(person), report.pk, report.program.agency_id)
    stranger = factories.member(Role.AGENCY_HEAD)
    DECIDE_REPORT.check(stranger, report.pk, report.program.agency_id)


def test_who_handed_in_a_plan_does_not_open_its_gate(world: User) -> None:
    found: dict[str, Any] = {}
    for name in TAKES_OVER:
        if not name.startswith(("rup", "sirup")):
            continue
        with transaction.atomic():
            upload, hander, _taker = taken_over(name)
            packages = written(upload, "procurement_package")
            if packages:
                found[name] = (packages, as_head(hander))
                break
            transaction.set_rollback(True)
    assert found, "some list of packages writes one"
    packages, head = next(iter(found.values()))
    package = Package.objects.filter(pk__in=packages).first()
    assert package is not None
    with pytest.raises(IntegrityError, match="concerns them"), transaction.atomic():
        GateOverride.objects.create(package=package, to_state="announced", reason="x", by=head)


def test_a_setting_alone_ties_nobody(world: User) -> None:
    """The list's own row says whose hands are in it, and only while it is being taken over."""
    upload, hander, _taker = taken_over("rfk.ods")
    package = factories.PackageFactory()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.upload', %s, true)", [str(upload.pk)])
        Package.objects.filter(pk=package.pk).update(ceiling_rupiah=1_000_000_000)
    assert hander.pk not in OVERRIDE_GATE.people(package.pk)
