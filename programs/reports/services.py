"""Decisions about programmes and reports: one transaction each, with its audit event."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.separation import Act
from accounts.services import notify
from core import audit
from core.decided import AlreadyDecided
from core.periods import Period
from core.versioning import Conflict, locked, locked_at, require_version
from programs.choices import CATEGORIES, ReportKind, ReportState
from programs.models import (
    DECIDE_REPORT,
    VERIFY_REPORT,
    FieldComment,
    Program,
    Progress,
    Recipients,
    Report,
    ReportQuerySet,
    ReportStep,
    ReportValue,
    SubActivity,
)
from programs.registration.permissions import check_may_report
from programs.reports import cell_entry, seals
from programs.reports.cell_entry import CellEntry
from programs.reports.permissions import (
    check_may_decide,
    check_may_edit,
    check_may_lock,
    check_may_return_verified,
    check_may_revise,
    check_may_send,
    check_may_unlock,
    check_may_verify,
    check_may_withdraw,
    check_may_withdraw_approval,
    refuse_decided,
    refuse_locked,
)
from programs.validation import rows as validation_rows
from programs.validation import values as validation_values
from programs.validation.rows import Obstacles


class NotReady(Exception):  # noqa: N818
    """The report can't be sent yet: rows without a figure, with errors, without an explanation, without a file."""

    def __init__(self, obstacles: Obstacles) -> None:
        super().__init__("the report is not complete")
        self.blank = obstacles.blank
        self.wrong = obstacles.wrong
        self.silent = obstacles.silent
        self.without_file = obstacles.without_file


@transaction.atomic
def open_report(*, program: Program, period: Period, by: User) -> Report:
    """The report of the period, made with its empty rows on first opening; twice is once. A revision comes before."""
    check_may_report(by, program)
    report = Report.objects.filter(program=program, period=period).order_by("-revision").first()
    if report is None:
        report, _made = Report.objects.get_or_create(program=program, period=period, revision=0)
        audit.record("report.opened", report, by=by)
    if report.is_editable:
        add_missing_rows(report)
    return report


def add_missing_rows(report: Report) -> None:
    """A month: one row per sub-activity. A quarter: per indicator (and region, and category), and per region
    reached."""
    if report.kind == ReportKind.MONTH:
        subs = SubActivity.objects.filter(activity__program=report.program_id, fiscal_year=report.period.year)
        Progress.objects.bulk_create([Progress(report=report, sub_activity=sub) for sub in subs], ignore_conflicts=True)
        return
    province = validation_values.province()
    regions = list(report.program.regions.all())
    rows = []
    for indicator in report.program.indicators.all():
        places = [*regions, *([province] if indicator.with_total else [])] if indicator.by_region else [province]
        for category in ["", *CATEGORIES[indicator.disaggregation]]:
            rows += [
                ReportValue(report=report, indicator=indicator, region=place, category=category) for place in places
            ]
    ReportValue.objects.bulk_create(rows, ignore_conflicts=True)
    Recipients.objects.bulk_create(
        [Recipients(report=report, region=region) for region in regions], ignore_conflicts=True
    )


@transaction.atomic
def save_report(*, pk: int, by: User, version: int, cells: Sequence[CellEntry], submit: bool) -> Report:
    """Save the cells of a report seen at `version`, check it and, if asked, send it to the head of the OPD.

    Raises Conflict when somebody saved in between, ValidationError when this person may not, NotReady when it cannot be
    sent yet (nothing is saved then: the view saves without sending, so that nothing typed is lost).
    """
    report = locked_at(Report.objects.select_related("program__agency"), pk, version)
    check_may_edit(by, report)
    rows = validation_rows.rows_of([report])
    cell_entry.enter(rows, cells, by=by)
    return _judge_and_save(report, rows, by, submit=submit)


@transaction.atomic
def send_report(*, pk: int, by: User) -> Report:
    """Judge once more and send to the head of the OPD. Raises NotReady and ValidationError."""
    report = Report.objects.select_related("program__agency").select_for_update(of=("self",)).get(pk=pk)
    check_may_send(by, report)
    return _judge_and_save(report, validation_rows.rows_of([report]), by, submit=True)


def _judge_and_save(report: Report, rows: validation_rows.ReportedRows, by: User, *, submit: bool) -> Report:
    cell_entry.judge(rows, report.period)
    if submit:
        _require_complete(rows)
    cell_entry.write(rows)
    if submit:
        _send(report, by)
    report.save_next_version()
    return report


def _require_complete(rows: validation_rows.ReportedRows) -> None:
    if found := validation_rows.obstacles(rows):
        raise NotReady(found)


def _send(report: Report, by: User) -> None:
    _step(report, ReportState.SUBMITTED, by)
    audit.record("report.submitted", report, by=by)
    text = _("%(report)s waits for your decision.") % {"report": report}
    DECIDE_REPORT.tell(report.pk, report.program.agency_id, text, report.get_absolute_url())


def _step(
    report: Report, state: ReportState, by: User, comment: str = "", acting_for: User | None = None
) -> ReportStep:
    before = report.state
    report.step_to(state, by=by)
    return ReportStep.objects.create(
        report=report, from_state=before, to_state=state, by=by, acting_for=acting_for, comment=comment
    )


@transaction.atomic
def withdraw_report(*, pk: int, by: User, reason: str = "") -> Report:
    """Submitted → draft, until somebody who decides has opened it. Raises ValidationError."""
    report = Report.objects.select_related("program__agency").select_for_update(of=("self",)).get(pk=pk)
    check_may_withdraw(by, report)
    _step(report, ReportState.DRAFT, by, reason.strip())
    report.save_next_version()
    audit.record("report.withdrawn", report, by=by, reason=reason.strip())
    return report


@transaction.atomic
def withdraw_approval(*, pk: int, by: User, reason: str) -> Report:
    """Approved → submitted, by whoever approved it and with a reason, until somebody who verifies has opened it."""
    report = Report.objects.select_related("program__agency").select_for_update(of=("self",)).get(pk=pk)
    check_may_withdraw_approval(by, report)
    if not reason.strip():
        raise ValidationError(_("Say why the approval is taken back."))
    audit.with_reason(reason.strip())
    lender = DECIDE_REPORT.lender(by, report.program.agency_id)
    _step(report, ReportState.SUBMITTED, by, reason.strip(), lender)
    report.save_next_version()
    audit.record("report.approval_withdrawn", report, by=by, reason=reason.strip(), acting_for=lender)
    return report


@transaction.atomic
def decide_report(
    *,
    pk: int,
    by: User,
    version: int,
    approve: bool,
    comment: str = "",
    field_comments: Mapping[tuple[str, int], str] | None = None,
) -> Report:
    """The head of the OPD approves, or returns with a comment and comments on rows: (v, p or r, pk) → text.

    Raises Conflict, AlreadyDecided and ValidationError.
    """
    report = locked(Report.objects.select_related("program__agency", "submitted_by"), pk)
    check_may_decide(by, report)
    require_version(report, version)
    state = ReportState.APPROVED if approve else ReportState.RETURNED
    return _decide(report, by, state, comment, field_comments, DECIDE_REPORT)


@transaction.atomic
def verify_report(
    *,
    pk: int,
    by: User,
    version: int,
    approve: bool,
    comment: str = "",
    field_comments: Mapping[tuple[str, int], str] | None = None,
) -> Report:
    """Bappeda verifies an approved report, or returns it. A verified revision replaces the report that it corrects."""
    report = locked(Report.objects.select_related("program__agency", "submitted_by"), pk)
    check_may_verify(by, report)
    require_version(report, version)
    state = ReportState.VERIFIED if approve else ReportState.RETURNED
    report = _decide(report, by, state, comment, field_comments, VERIFY_REPORT)
    if approve and not report.is_current:
        Report.objects.filter(program=report.program_id, period=report.period, is_current=True).update(is_current=False)
        Report.objects.filter(pk=report.pk).update(is_current=True)
        report.is_current = True
        audit.record("report.revision_counts", report, by=by, reason=report.revision_reason)
    return report


def _decide(
    report: Report,
    by: User,
    state: ReportState,
    comment: str,
    field_comments: Mapping[tuple[str, int], str] | None,
    act: Act,
) -> Report:
    comment = comment.strip()
    remarks = {key: text.strip() for key, text in (field_comments or {}).items() if text.strip()}
    if state == ReportState.RETURNED and not comment and remarks:
        comment = _("See the comments on the rows.")
    if state == ReportState.RETURNED and not comment:
        raise ValidationError(_("Say what has to change when you return a report."))
    audit.with_reason(comment)
    lender = act.lender(by, report.program.agency_id)
    step = _step(report, state, by, comment, lender)
    if state == ReportState.RETURNED:
        _comment_on_rows(report, step, remarks)
    report.save_next_version()
    seals.seal([step])
    audit.record(f"report.{state}", report, by=by, reason=comment, acting_for=lender)
    if report.submitted_by is not None:
        text = _("%(report)s is %(state)s.") % {"report": report, "state": report.get_state_display()}
        notify([report.submitted_by], text, report.get_absolute_url())
    return report


def _comment_on_rows(report: Report, step: ReportStep, remarks: Mapping[tuple[str, int], str]) -> None:
    columns = {
        "v": ("value_id", report.values),
        "p": ("progress_id", report.progress),
        "r": ("recipients_id", report.recipients),
    }
    known = {letter: set(rows.values_list("pk", flat=True)) for letter, (_column, rows) in columns.items()}
    FieldComment.objects.bulk_create(
        [
            FieldComment(step=step, text=text[:1000], **{columns[letter][0]: pk})
            for (letter, pk), text in remarks.items()
            if letter in columns and pk in known[letter]
        ]
    )


@transaction.atomic
def decide_many(*, versions: Mapping[int, int], by: User) -> tuple[list[Report], list[tuple[Report, str]]]:
    """Approve, or verify what is approved, several reports at the versions that were seen: what is done, and what is
    not, with the reason."""
    done: list[Report] = []
    skipped: list[tuple[Report, str]] = []
    waiting = set(Report.objects.waiting_for(by).filter(pk__in=versions).values_list("pk", flat=True))
    readable = Report.objects.readable_by(by).filter(pk__in=versions).select_related("program__agency").distinct()
    for report in readable.order_by("pk"):
        service = verify_report if report.state == ReportState.APPROVED else decide_report
        try:
            if report.pk not in waiting:
                refuse_decided(report)
                continue
            done.append(service(pk=report.pk, by=by, version=versions[report.pk], approve=True))
        except Conflict:
            skipped.append((report, _("It was changed in the meantime; read it first.")))
        except AlreadyDecided as faster:
            skipped.append((report, str(faster)))
    return done, skipped


@transaction.atomic
def return_verified(*, pk: int, by: User, version: int, comment: str) -> Report:
    """Verified → returned: Bappeda's step back, with a reason. A revision that counted gives way to the one before it.

    Raises Conflict and ValidationError.
    """
    report = locked_at(Report.objects.select_related("program__agency", "submitted_by"), pk, version)
    check_may_return_verified(by, report)
    report = _decide(report, by, ReportState.RETURNED, comment, None, VERIFY_REPORT)
    if report.revision and report.is_current:
        same = Report.objects.filter(program=report.program_id, period=report.period)
        same.filter(pk=report.pk).update(is_current=False)
        same.filter(revision=report.revision - 1).update(is_current=True)
        report.is_current = False
    return report


@transaction.atomic
def lock_period(*, period: Period, by: User, reason: str = "") -> int:
    """Lock every verified report of the period; from then on a correction is a revision. Returns how many.

    Raises ValidationError when this person may not or nothing is verified, AlreadyDecided when all is locked.
    """
    check_may_lock(by)
    rows = Report.objects.filter(period=period, state=ReportState.VERIFIED)
    count = len(_step_all(rows, ReportState.LOCKED, by, reason.strip()))
    if not count:
        refuse_locked(ReportStep.objects.filter(report__period=period), ReportState.LOCKED)
        raise ValidationError(_("No report of this period is verified: there is nothing to lock."))
    audit.record("period.locked", None, by=by, reason=reason.strip(), period=str(period), reports=count)
    return count


@transaction.atomic
def unlock_period(*, period: Period, by: User, reason: str, programs: Collection[int] | None = None) -> int:
    """Locked → verified, all of the period or those of the chosen programmes, with a reason. Returns how many.

    One act in the trail for each OPD, since an auditor asks what was opened again of one of them.
    A report that a revision corrects stays locked, and so does one that concerns this person. Raises ValidationError,
    and AlreadyDecided when somebody else has unlocked all of it.
    """
    check_may_unlock(by)
    if not reason.strip():
        raise ValidationError(_("Say why the period is unlocked."))
    rows = unlockable(period, by)
    if programs is not None:
        rows = rows.filter(program__in=programs)
    reports = _step_all(rows, ReportState.VERIFIED, by, reason.strip())
    if not reports:
        steps = ReportStep.objects.filter(report__period=period, from_state=ReportState.LOCKED)
        if programs is not None:
            steps = steps.filter(report__program__in=programs)
        refuse_locked(steps.filter(report__state=ReportState.VERIFIED), ReportState.VERIFIED)
        raise ValidationError(_("Nothing of what was chosen is locked and yours to unlock."))
    for agency, count in Counter(report.program.agency for report in reports).items():
        audit.record("period.unlocked", agency, by=by, reason=reason.strip(), period=str(period), reports=count)
    return len(reports)


def unlockable(period: Period, user: User) -> ReportQuerySet:
    """The locked reports of the period that this person may unlock: not those that a revision corrects."""
    rows = Report.objects.filter(period=period, state=ReportState.LOCKED, is_current=True)
    later = Report.objects.filter(program=OuterRef("program"), period=OuterRef("period"))
    rows = rows.exclude(Exists(later.filter(revision__gt=OuterRef("revision"))))
    return VERIFY_REPORT.waiting_for(rows, user, agency="program__agency_id")


def _step_all(rows: ReportQuerySet, state: ReportState, by: User, reason: str) -> list[Report]:
    audit.with_reason(reason)
    taken = Report.objects.filter(pk__in=rows.values("pk")).select_for_update(of=("self",)).order_by("pk")
    reports = list(taken.select_related("program__agency"))
    steps = []
    for report in reports:
        steps.append(_step(report, state, by, reason))
        report.save_next_version()
    seals.seal(steps)
    return reports


@transaction.atomic
def revise_report(*, pk: int, by: User, reason: str) -> Report:
    """A correction after the lock: the next revision as a draft with the locked figures. Raises ValidationError."""
    locked = Report.objects.select_related("program").select_for_update(of=("self",)).get(pk=pk)
    check_may_revise(by, locked)
    if not reason.strip():
        raise ValidationError(_("Say why the locked report has to be corrected."))
    newest = Report.objects.filter(program=locked.program_id, period=locked.period).order_by("-revision").first()
    if newest is not None and newest.pk != locked.pk:
        raise ValidationError(_("A revision of this report is already being worked on."))
    audit.with_reason(reason)
    report = Report.objects.create(
        program_id=locked.program_id,
        period=locked.period,
        revision=locked.revision + 1,
        revision_reason=reason.strip()[:1000],
        is_current=False,
    )
    for model in (ReportValue, Progress, Recipients):
        copies: list[Any] = list(model.objects.filter(report=locked))
        for row in copies:
            row.pk, row.report = None, report
        model.objects.bulk_create(copies)
    audit.record("report.revision_opened", report, by=by, reason=reason)
    return report
