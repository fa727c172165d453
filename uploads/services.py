"""Lists handed in as files: kept, read, checked, shown, and taken over whole or not at all."""

import datetime as dt
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, InternalError, transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from accounts.file_quota import check_room
from accounts.models import Agency, User
from accounts.permissions import require_year
from core import audit, locks, private_files, queue
from core.importing import staging
from core.importing.datasets import MAX_PROBLEMS, Counts, ImportScope, Problem, Review, registry
from core.importing.messages import message
from core.importing.staging import Staged, StagedSheet
from core.importing.trial import rule_of
from core.importing.workbooks import MAX_BYTES, FileRefused
from uploads import examining, headings, permissions, undo
from uploads.choices import UploadState
from uploads.examining import ExaminedList
from uploads.models import Change, SavedMapping, Upload, UploadProblem

FOLDER = "uploads"
EXAMPLES = 200
PROGRESS_SECONDS = 3600


def clean_name(name: str) -> str:
    """A file name without paths, control characters and surprises, its ending kept."""
    try:
        cleaned = get_valid_filename(Path(name.replace("\\", "/")).name)
    except Exception:  # noqa: BLE001 (Django's SuspiciousFileOperation for names such as "..")
        cleaned = "berkas"
    stem, dot, ending = cleaned.rpartition(".")
    return f"{(stem or ending)[:120]}{dot}{ending[:10]}" if dot else cleaned[:130]


@transaction.atomic
def receive(
    *,
    file: Any,
    agency: Agency | None,
    fiscal_year: int,
    by: User,
    options: Mapping[str, Any],
    enqueue: bool = True,
) -> Upload:
    """Keep the file and queue its reading. Raises ValidationError."""
    permissions.check_may_hand_in(by, agency)
    if agency is not None:
        require_year(agency, fiscal_year)
        check_room(agency, file.size)
    try:
        stored = private_files.store(FOLDER, file.chunks(), limit=MAX_BYTES)
    except private_files.FileTooLarge:
        raise ValidationError(message("file_too_big", {"limit_mb": MAX_BYTES // 1024 // 1024})) from None
    upload = Upload.objects.create(
        agency=agency,
        fiscal_year=fiscal_year,
        uploaded_by=by,
        name=clean_name(file.name),
        size=stored.size,
        sha256=stored.sha256,
        stored_as=stored.name,
        options=dict(options),
    )
    audit.record("upload.received", upload, by=by, sha256=stored.sha256, size=stored.size)
    if enqueue:
        transaction.on_commit(lambda: enqueue_reading(upload.pk))
    return upload


def bytes_of_agency(agency_id: int) -> int:
    """Of the lists that the OPD handed in."""
    total: int | None = Upload.objects.filter(agency_id=agency_id).aggregate(total=Sum("size"))["total"]
    return total or 0


def enqueue_reading(pk: int) -> None:
    queue.send("uploads.tasks.read_upload", pk)


def enqueue_applying(pk: int) -> None:
    queue.send("uploads.tasks.apply_upload", pk)


def enqueue_undoing(pk: int) -> None:
    queue.send("uploads.tasks.undo_upload", pk)


@transaction.atomic
def assign_columns(*, upload: Upload, mapping: Mapping[str, Any], by: User) -> None:
    """Read again with the columns that a person assigned: sheet → {shape, columns: field → heading} or {skip}."""
    row = Upload.objects.select_for_update().get(pk=upload.pk)
    permissions.check_may_assign(by, row)
    row.mapping, row.state, row.problem, row.started_at = dict(mapping), UploadState.QUEUED, "", None
    row.save(update_fields=["mapping", "state", "problem", "started_at"])
    audit.record("upload.columns_assigned", row, by=by)
    transaction.on_commit(lambda: enqueue_reading(row.pk))


def keep_mapping(*, upload: Upload, dataset: str, name: str, columns: Mapping[str, str], by: User) -> None:
    """The assignment of columns under a name, for the next list of this kind of the same OPD."""
    permissions.check_may_assign(by, upload)
    SavedMapping.objects.update_or_create(
        agency=upload.agency, dataset=dataset, name=name, defaults={"columns": dict(columns), "saved_by": by}
    )


# What an upload is after work on it that died or was refused: what was read stays, nothing was taken over or back.
AFTER_ENDING = {
    UploadState.QUEUED: UploadState.REFUSED,
    UploadState.READING: UploadState.REFUSED,
    UploadState.APPLYING: UploadState.PREVIEW,
    UploadState.UNDOING: UploadState.APPLIED,
}


def end(pk: int, why: str) -> None:
    """The work on it came to nothing: say so, and let it be tried again."""
    for state, after in AFTER_ENDING.items():
        undone = {"undone_by": None, "undo_reason": ""} if state == UploadState.UNDOING else {}
        Upload.objects.filter(pk=pk, state=state).update(state=after, problem=why, **undone)


def _end_refused(pk: int, error: ValidationError | PermissionDenied) -> None:
    said = " ".join(getattr(error, "messages", [str(error)]))
    end(pk, said or _("You may no longer take over lists of this OPD."))


def _under_way(pk: int, state: UploadState) -> Upload | None:
    """The upload, locked, while it is in the state that its work begins with."""
    rows = Upload.objects.select_for_update(of=("self",)).select_related("agency", "applied_by", "undone_by")
    return rows.filter(pk=pk, state=state).first()


def end_what_died(before: dt.datetime, why: str) -> int:
    dead = Upload.objects.filter(state__in=[UploadState.READING, UploadState.APPLYING, UploadState.UNDOING])
    keys = list(dead.filter(started_at__lt=before).values_list("pk", flat=True))
    for pk in keys:
        end(pk, why)
    return len(keys)


def set_progress(pk: int, **progress: Any) -> None:
    cache.set(f"upload:{pk}", progress, PROGRESS_SECONDS)


def progress_of(pk: int) -> dict[str, Any]:
    return cache.get(f"upload:{pk}") or {}


def read(pk: int) -> None:
    """Read, stage and check; the preview is ready afterwards. Safe to run again from the start."""
    taken = Upload.objects.filter(pk=pk, state__in=[UploadState.QUEUED, UploadState.READING]).update(
        state=UploadState.READING, started_at=Coalesce("started_at", timezone.now())
    )
    if not taken:
        return
    upload = Upload.objects.select_related("agency", "uploaded_by").get(pk=pk)
    heard = 0

    def tell(count: int, plan: list[dict[str, Any]]) -> None:
        nonlocal heard
        heard += count
        set_progress(pk, step="reading", bytes=heard, rows=sum(entry["height"] for entry in plan))

    try:
        with local_file(upload) as path:
            staged = examining.read(
                pk=pk,
                path=path,
                name=upload.name,
                scope=scope_of(upload, upload.uploaded_by),
                mapping=upload.mapping,
                heard=tell,
            )
    except FileRefused as refused:
        _refuse(upload, message(refused.code, refused.params))
        return
    except private_files.StoredFileMissing:
        _refuse(upload, message("file_gone", {}))
        return
    set_progress(pk, step="checking", rows=sum(sheet.rows for sheet in staged.sheets))
    _check(upload, staged)


def _refuse(upload: Upload, problem: str) -> None:
    UploadProblem.objects.filter(upload=upload).delete()
    Upload.objects.filter(pk=upload.pk).update(state=UploadState.REFUSED, problem=problem, sheets=[], counts={})


def scope_of(upload: Upload, user: User) -> ImportScope:
    return ImportScope(upload.agency, upload.fiscal_year, user, upload, upload.options)


def _check(upload: Upload, staged: Staged) -> None:
    if not staged.sheets:
        Upload.objects.filter(pk=upload.pk).update(
            state=UploadState.MAPPING, sheets=staged.plan, notes=examining.notes_of(staged), counts={}, problem=""
        )
        return
    with transaction.atomic():
        UploadProblem.objects.filter(upload=upload).delete()
        found = examining.examine(upload.pk, staged, scope_of(upload, upload.uploaded_by))
        _keep_cell_problems(upload, staged)
        headings.learn(upload.agency, staged.plan, upload.mapping)
        for name, review in found.reviews.items():
            _keep_row_problems(upload, found.sheets_of(name), review)
        Upload.objects.filter(pk=upload.pk).update(
            state=UploadState.REFUSED if found.problem else UploadState.PREVIEW,
            problem=found.problem,
            sheets=staged.plan,
            notes=found.notes,
            counts=_counts(found),
            dataset=",".join({sheet.shape.name: None for sheet in staged.sheets}),
        )


def _counts(found: ExaminedList) -> dict[str, Any]:
    """What the preview shows, as it is kept with the upload."""
    kinds: dict[str, Any] = {}
    for name, review in found.reviews.items():
        sums = [None if each is None else str(each) for each in (review.sum_before, review.sum_after)]
        kinds[name] = review.counts.as_json() | {
            "problems": review.problem_count,
            "seen": review.counts.seen,
            "sums": sums,
            "alarms": [[code, params] for code, params in review.alarms],
        }
    examples = {
        name: [[item.kind, item.name, item.before, item.after] for item in review.examples[:EXAMPLES]]
        for name, review in found.reviews.items()
    }
    return {"kinds": kinds | {"cells": found.staged.problem_count}, "examples": examples}


def _keep_cell_problems(upload: Upload, staged: Staged) -> None:
    UploadProblem.objects.bulk_create(
        [
            UploadProblem(
                upload=upload,
                sheet=item["sheet"],
                row=item["row"],
                column=item["column"],
                field=item["field"],
                found=item["found"],
                code=item["code"],
                params=item["params"],
                is_warning=item["is_warning"],
            )
            for item in staged.problems[:MAX_PROBLEMS]
        ],
        batch_size=2_000,
    )


def _keep_row_problems(upload: Upload, sheets: list[StagedSheet], review: Review) -> None:
    by_part = {sheet.part: sheet for sheet in sheets}

    def row(item: Problem) -> UploadProblem:
        sheet = by_part[item.part]
        return UploadProblem(
            upload=upload,
            sheet=sheet.name[:60],
            row=item.row,
            column=sheet.positions.get(item.field),
            field=item.field,
            found=item.found[:200],
            code=item.code,
            params=item.params,
            is_warning=item.is_warning,
        )

    UploadProblem.objects.bulk_create([row(item) for item in review.problems[:MAX_PROBLEMS]], batch_size=2_000)


@transaction.atomic
def request_apply(*, pk: int, by: User, reason: str = "", enqueue: bool = True) -> Upload:
    """Queue the taking over of what the preview shows. With refused rows, or where much would be lost, only with a
    reason."""
    upload = Upload.objects.select_for_update().get(pk=pk)
    permissions.check_may_apply(by, upload)
    if refused_of(upload) and not reason.strip():
        raise ValidationError(_("Say why the refused rows may stay out, or correct them and upload the list again."))
    if alarms_of(upload) and not reason.strip():
        raise ValidationError(_("Say why this is right: %(alarms)s") % {"alarms": " ".join(alarms_of(upload))})
    upload.state, upload.apply_reason, upload.applied_by = UploadState.APPLYING, reason.strip()[:300], by
    upload.problem, upload.started_at = "", timezone.now()
    upload.save(update_fields=["state", "apply_reason", "applied_by", "problem", "started_at"])
    if enqueue:
        transaction.on_commit(lambda: enqueue_applying(pk))
    return upload


def refused_of(upload: Upload) -> int:
    """Rows that stay out: refused, or of which the portal holds something newer."""
    return sum(map(_left_out, _kinds(upload)))


def _left_out(kind: Mapping[str, Any]) -> int:
    return int(kind["refused"] + kind.get("conflicts", 0))


def alarms_of(upload: Upload) -> list[str]:
    """In words, why taking over wants a reason."""
    return [message(code, params) for kind in _kinds(upload) for code, params in kind.get("alarms", [])]


def _kinds(upload: Upload) -> list[dict[str, Any]]:
    return [kind for kind in upload.counts.get("kinds", {}).values() if isinstance(kind, dict)]


def apply(pk: int) -> Counts | None:
    """Take the list over: everything in one transaction, or nothing. None when there is nothing to do (any more).

    What a service refuses meanwhile (a right that ended, a report that was sent), and what PostgreSQL does, is told;
    the list is a preview again.
    """
    try:
        return _apply(pk)
    except PreviewOutdated as outdated:
        _show_anew(pk, outdated.count)
    except (ValidationError, PermissionDenied) as error:
        _end_refused(pk, error)
    except (IntegrityError, DataError, InternalError) as error:
        said = _("Nothing was taken over. %(rule)s Correct the list, or take the row out, and upload it again.")
        end(pk, said % {"rule": rule_of(error)})
    return None


class PreviewOutdated(Exception):  # noqa: N818 (told to people)
    """Rows that the preview showed as taken over would be refused by now, or overwrite what is newer: `count` more of
    them stay out; 0 where what the portal holds of them is another than the preview showed."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def _show_anew(pk: int, count: int) -> None:
    """The preview as things stand now: nobody has agreed to less than it said."""
    Upload.objects.filter(pk=pk, state=UploadState.APPLYING).update(state=UploadState.QUEUED)
    read(pk)
    said = _(
        "Nothing was taken over: since the preview was made, %(count)s more rows can't be taken over, because something"
        " was changed in the portal. Look at the preview, which shows them now, and take it over again."
    )
    if not count:
        said = _(
            "Nothing was taken over: since the preview was made, something that rows of the list would write was"
            " entered or changed in the portal. Look at the preview, which shows it now, and take it over again."
        )
    Upload.objects.filter(pk=pk, state=UploadState.PREVIEW).update(problem=said % {"count": count})


def _take_kinds_over(upload: Upload, by: User) -> Counts:
    """In the caller's transaction, each kind of list of the upload. Raises PreviewOutdated."""
    total = Counts()
    kinds, scope = upload.counts.get("kinds", {}), scope_of(upload, by)
    for name, dataset in registry().items():
        if name not in kinds:
            continue
        if examining.stands_on(dataset, kinds):
            examining.examine_again(upload.pk, dataset, upload.sheets, upload.name, scope)
        found = dataset.apply(staging.table_name(upload.pk, dataset.shape), scope)
        more = found.refused + found.conflicts - _left_out(kinds[name])
        if more > 0 or found.seen != kinds[name].get("seen", found.seen):
            raise PreviewOutdated(max(more, 0))
        total += found
    return total


def _wait_for_others(upload: Upload) -> None:
    """Lists of one OPD and year are written one after the other: the second compares with what the first wrote."""
    locks.wait_for_lock(f"list:{upload.agency_id or 0}:{upload.fiscal_year}")


def _apply(pk: int) -> Counts | None:
    with transaction.atomic():
        upload = _under_way(pk, UploadState.APPLYING)
        if upload is None or upload.applied_by is None:
            return None
        permissions.require_own(upload.applied_by, upload)  # as it is now, not as it was when it was queued
        _wait_for_others(upload)
        audit.on_behalf_of(upload.applied_by)
        set_progress(pk, step="applying")
        audit.with_reason(upload.apply_reason or _("uploaded list %(name)s") % {"name": upload.name})
        with undo.remembering(upload):
            total = _take_kinds_over(upload, upload.applied_by)
        upload.state, upload.applied_at = UploadState.APPLIED, timezone.now()
        upload.counts = upload.counts | {"applied": total.as_json()}
        upload.save(update_fields=["state", "applied_at", "counts"])
        audit.record(
            "upload.taken_over", upload, by=upload.applied_by, reason=upload.apply_reason, counts=total.as_json()
        )
        staging.drop(pk)
    return total


@transaction.atomic
def request_undo(*, pk: int, by: User, reason: str, enqueue: bool = True) -> Upload:
    """Queue the taking back of what a list wrote."""
    upload = Upload.objects.select_for_update().get(pk=pk)
    permissions.check_may_undo(by, upload)
    if not reason.strip():
        raise ValidationError(_("Say why the list is taken back."))
    upload.state, upload.undone_by, upload.undo_reason = UploadState.UNDOING, by, reason.strip()[:300]
    upload.problem, upload.started_at = "", timezone.now()
    upload.save(update_fields=["state", "undone_by", "undo_reason", "problem", "started_at"])
    if enqueue:
        transaction.on_commit(lambda: enqueue_undoing(pk))
    return upload


def take_back(pk: int) -> bool:
    """Everything as it was, or nothing is changed and the list says why. Whether it was taken back."""
    try:
        return _take_back(pk)
    except (ValidationError, PermissionDenied) as error:
        _end_refused(pk, error)
        return False


@transaction.atomic
def _take_back(pk: int) -> bool:
    upload = _under_way(pk, UploadState.UNDOING)
    if upload is None or upload.undone_by is None:
        return False
    permissions.require_own(upload.undone_by, upload)
    _wait_for_others(upload)
    audit.on_behalf_of(upload.undone_by)
    audit.with_reason(upload.undo_reason)
    for dataset in reversed(registry().values()):
        if dataset.shape.name in upload.dataset.split(","):
            dataset.take_back(scope_of(upload, upload.undone_by))
    undo.take_back(upload)
    upload.changes.all().delete()
    upload.state, upload.undone_at = UploadState.UNDONE, timezone.now()
    upload.save(update_fields=["state", "undone_at"])
    audit.record("upload.taken_back", upload, by=upload.undone_by, reason=upload.undo_reason)
    return True


@transaction.atomic
def discard(*, pk: int, by: User) -> None:
    upload = Upload.objects.select_for_update().get(pk=pk)
    permissions.check_may_discard(by, upload)
    _put_aside(upload)
    audit.record("upload.discarded", upload, by=by)


def _put_aside(upload: Upload) -> bool:
    """Forget the staged rows of a locked upload; False when it is being worked on, taken over or put aside already."""
    if upload.state not in UploadState.at_rest():
        return False
    upload.state = UploadState.DISCARDED
    upload.save(update_fields=["state"])
    staging.drop(upload.pk)
    return True


def put_aside_older_than(moment: dt.datetime) -> int:
    """Put aside what was handed in before `moment` and not taken over since; returns how many."""
    count = 0
    for pk in Upload.objects.filter(state__in=UploadState.at_rest(), uploaded_at__lt=moment).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            count += _put_aside(Upload.objects.select_for_update().get(pk=pk))
    return count


def forget_changes_before(moment: dt.datetime) -> int:
    """What lists of before `moment` changed can no longer be taken back; how many rows were forgotten."""
    return Change.objects.filter(upload__applied_at__lt=moment).delete()[0]


def open_file(upload: Upload) -> BinaryIO:
    return private_files.open_stored(FOLDER, upload.stored_as)


def local_file(upload: Upload) -> AbstractContextManager[Path]:
    """Its path on this machine, for the processes that read it."""
    return private_files.local_path(FOLDER, upload.stored_as)
