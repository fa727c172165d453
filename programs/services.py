"""Decisions about programmes and reports: one transaction each, with its audit event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from accounts.services import tell
from core import audit
from core.models import Region
from core.periods import Period, PeriodKind
from core.templatetags.formatting import period as period_text
from core.versioning import Conflict, locked_at
from datasources.choices import Verdict
from datasources.models import Series
from programs import entering, judging, levels
from programs.choices import CATEGORIES, ProgramState, ReportKind, ReportState
from programs.models import (
    FieldComment,
    Indicator,
    IndicatorTarget,
    Program,
    Progress,
    Recipients,
    RegionTarget,
    Report,
    ReportStep,
    ReportValue,
    SubActivity,
)


@dataclass(frozen=True)
class Entry:
    """What was typed for one row of the form; `value` counts unless the indicator is a fraction."""

    value: Decimal | None
    reason: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None


class NotReady(Exception):  # noqa: N818
    """The report can't be sent yet: rows without a figure, with errors, without an explanation, without a file."""

    def __init__(self, blank: list[Any], wrong: list[Any], silent: list[Any], without_file: list[Any]) -> None:
        super().__init__("the report is not complete")
        self.blank = blank
        self.wrong = wrong
        self.silent = silent
        self.without_file = without_file


@transaction.atomic
def create_program(
    *, agency: Agency, fiscal_year: int, by: User, values: Mapping[str, Any], regions: Iterable[Region]
) -> Program:
    """A draft of the OPD. `values` are the programme's own columns, cleaned."""
    program = Program(agency=agency, fiscal_year=fiscal_year, created_by=by, **values)
    program.save()
    program.regions.set(regions)
    audit.record("program.created", program, by=by)
    return program


@transaction.atomic
def update_program(
    *, pk: int, version: int, by: User, values: Mapping[str, Any], regions: Iterable[Region], reason: str = ""
) -> Program:
    """Change a programme; once it is registered only with a reason. Raises Conflict and ValidationError."""
    program = locked_at(Program.objects.editable_by(by), pk, version)
    _require_reason(program, reason)
    audit.because(reason)
    for name, value in values.items():
        setattr(program, name, value)
    program.regions.set(regions)
    program.save_next_version()
    if program.state == ProgramState.REGISTERED:
        audit.record("program.changed", program, by=by, reason=reason)
    return program


@transaction.atomic
def save_indicators(
    *,
    pk: int,
    version: int,
    by: User,
    saved: Iterable[Indicator],
    removed: Iterable[Indicator],
    reason: str = "",
    quarter_targets: Iterable[tuple[Indicator, Mapping[int, Decimal | None]]] = (),
) -> Program:
    """Write a programme's indicators. A registered programme keeps an outcome or impact indicator and gives a reason.

    Raises Conflict, and ValidationError for an indicator that reports already use.
    """
    program = locked_at(Program.objects.editable_by(by), pk, version)
    _require_reason(program, reason)
    audit.because(reason)
    for indicator in removed:
        if indicator.values.filter(value__isnull=False).exists():
            raise ValidationError(
                _("“%(indicator)s” has reported values and cannot be removed.") % {"indicator": indicator}
            )
        indicator.values.all().delete()
        indicator.delete()
    for indicator in saved:
        indicator.program = program
        indicator.save()
    for indicator, quarters in quarter_targets:
        if indicator.pk:
            _set_quarter_targets(indicator, program.fiscal_year, quarters)
    program.save_next_version()
    if program.state == ProgramState.REGISTERED:
        program.require_impact_indicator()
        audit.record("program.indicators_changed", program, by=by, reason=reason)
    return program


def _set_quarter_targets(indicator: Indicator, year: int, quarters: Mapping[int, Decimal | None]) -> None:
    held = {row.period: row for row in indicator.targets.all()}
    for number, value in quarters.items():
        period = Period(year, PeriodKind.QUARTER, number)
        row = held.get(period)
        if value is None:
            if row is not None:
                row.delete()
        elif row is None:
            IndicatorTarget.objects.create(indicator=indicator, period=period, value=value)
        elif row.value != value:
            row.value = value
            row.save()


@transaction.atomic
def set_region_targets(*, program: Program, people: Mapping[Region, Any], by: User) -> None:
    """How many are to be reached where; None takes a target away."""
    held = {row.region_id: row for row in program.region_targets.all()}
    for region, count in people.items():
        row = held.get(region.pk)
        if count is None:
            if row is not None:
                row.delete()
        elif row is None:
            RegionTarget.objects.create(program=program, region=region, people=int(count))
        elif row.people != int(count):
            row.people = int(count)
            row.save()
    audit.record("program.region_targets_set", program, by=by)


def _require_reason(program: Program, reason: str) -> None:
    if program.state == ProgramState.REGISTERED and not reason.strip():
        raise ValidationError(_("This programme is registered: give the reason for the change."))


@transaction.atomic
def register_program(*, pk: int, by: User) -> Program:
    """Draft → registered. Raises ValidationError without an outcome or impact indicator."""
    program = Program.objects.select_for_update().get(pk=pk)
    program.register()
    program.save_next_version()
    audit.record("program.registered", program, by=by)
    return program


@transaction.atomic
def open_report(*, program: Program, period: Period, by: User) -> Report:
    """The report of the period, made with its empty rows on first opening; twice is once. A revision comes before."""
    report = Report.objects.filter(program=program, period=period).order_by("-revision").first()
    if report is None:
        report, _made = Report.objects.get_or_create(program=program, period=period, revision=0)
        audit.record("report.opened", report, by=by)
    if report.is_editable:
        add_missing_rows(report)
    return report


def add_missing_rows(report: Report) -> None:
    """A month: one row per sub-activity. A quarter: per indicator (and region, and category), and per region reached."""
    if report.kind == ReportKind.MONTH:
        subs = SubActivity.objects.filter(activity__program=report.program_id, fiscal_year=report.period.year)
        Progress.objects.bulk_create([Progress(report=report, sub_activity=sub) for sub in subs], ignore_conflicts=True)
        return
    province = levels.province()
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
def save_report(*, pk: int, by: User, version: int, entries: Mapping[int, Entry], submit: bool) -> Report:
    """Save what was typed (by the pk of the row), check it and, if asked, send it to the head of the OPD.

    Raises Conflict when somebody saved in between, NotReady when it cannot be sent yet (nothing is saved then:
    the view saves without sending, so that nothing typed is lost).
    """
    report = locked_at(Report.objects.select_related("program__agency"), pk, version)
    _require_editable(report)
    rows = judging.rows_of([report])
    now = timezone.now()
    for value in rows.values:
        entry = entries.get(value.pk)
        if entry is None:
            continue
        before = (value.value, value.numerator, value.denominator, value.reason)
        value.reason = entry.reason.strip()
        if value.indicator.is_fraction:
            value.numerator, value.denominator = entry.numerator, entry.denominator
        else:
            value.value = entry.value
        value.typed = {}
        if before != (value.value, value.numerator, value.denominator, value.reason):
            value.changed_by, value.changed_at = by, now
    judging.judge(rows, report.period)
    if submit:
        _require_complete(rows)
    entering.write(rows)
    if submit:
        _send(report, by)
    report.save_next_version()
    return report


@transaction.atomic
def send_report(*, pk: int, by: User) -> Report:
    """Judge once more and send to the head of the OPD. Raises NotReady and ValidationError."""
    report = Report.objects.editable_by(by).select_related("program__agency").select_for_update(of=("self",)).get(pk=pk)
    _require_editable(report)
    rows = judging.rows_of([report])
    judging.judge(rows, report.period)
    _require_complete(rows)
    entering.write(rows)
    _send(report, by)
    report.save_next_version()
    return report


def _require_editable(report: Report) -> None:
    if not report.is_editable:
        raise ValidationError(
            _("This report is %(state)s and can no longer be changed.") % {"state": report.get_state_display()}
        )


def _require_complete(rows: judging.Rows) -> None:
    found = judging.obstacles(rows)
    if any(found):
        raise NotReady(*found)


def _send(report: Report, by: User) -> None:
    _step(report, ReportState.SUBMITTED, by)
    audit.record("report.submitted", report, by=by)
    text = _("%(report)s waits for your decision.") % {"report": report}
    tell(User.objects.heads_of(report.program.agency), text, report.get_absolute_url())


def _step(report: Report, state: ReportState, by: User, comment: str = "") -> ReportStep:
    before = report.state
    report.step_to(state, by=by)
    return ReportStep.objects.create(report=report, from_state=before, to_state=state, by=by, comment=comment)


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

    Raises Conflict and ValidationError.
    """
    report = locked_at(Report.objects.select_related("program__agency", "submitted_by"), pk, version)
    return _decide(report, by, ReportState.APPROVED if approve else ReportState.RETURNED, comment, field_comments)


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
    report = locked_at(Report.objects.select_related("program__agency", "submitted_by"), pk, version)
    state = ReportState.VERIFIED if approve else ReportState.RETURNED
    report = _decide(report, by, state, comment, field_comments)
    if approve and not report.is_current:
        Report.objects.filter(program=report.program_id, period=report.period, is_current=True).update(is_current=False)
        Report.objects.filter(pk=report.pk).update(is_current=True)
        report.is_current = True
        audit.record("report.revision_counts", report, by=by, reason=report.revision_reason)
    return report


def _decide(
    report: Report, by: User, state: ReportState, comment: str, field_comments: Mapping[tuple[str, int], str] | None
) -> Report:
    comment = comment.strip()
    remarks = {key: text.strip() for key, text in (field_comments or {}).items() if text.strip()}
    if state == ReportState.RETURNED and not comment and remarks:
        comment = _("See the comments on the rows.")
    if state == ReportState.RETURNED and not comment:
        raise ValidationError(_("Say what has to change when you return a report."))
    audit.because(comment)
    step = _step(report, state, by, comment)
    if state == ReportState.RETURNED:
        _comment_on_rows(report, step, remarks)
    report.save_next_version()
    audit.record(f"report.{state}", report, by=by, reason=comment)
    if report.submitted_by is not None:
        text = _("%(report)s is %(state)s.") % {"report": report, "state": report.get_state_display()}
        tell([report.submitted_by], text, report.get_absolute_url())
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
def decide_many(*, versions: Mapping[int, int], by: User, verify: bool = False) -> tuple[list[Report], list[Report]]:
    """Approve (or, for Bappeda, verify) several reports at the versions that were seen: (done, changed in between)."""
    waiting = Report.objects.awaiting_verification() if verify else Report.objects.awaiting_decision_of(by)
    service = verify_report if verify else decide_report
    done, skipped = [], []
    for report in waiting.filter(pk__in=versions).order_by("pk"):
        try:
            done.append(service(pk=report.pk, by=by, version=versions[report.pk], approve=True))
        except Conflict:
            skipped.append(report)
    return done, skipped


@transaction.atomic
def lock_period(*, period: Period, by: User) -> int:
    """Lock every verified report of the period; from then on a correction is a revision. Returns how many."""
    count = 0
    rows = (
        Report.objects.filter(period=period, state=ReportState.VERIFIED).select_for_update(of=("self",)).order_by("pk")
    )
    for report in rows:
        _step(report, ReportState.LOCKED, by)
        report.save_next_version()
        count += 1
    if count:
        audit.record("period.locked", None, by=by, period=str(period), reports=count)
    return count


@transaction.atomic
def revise_report(*, pk: int, by: User, reason: str) -> Report:
    """A correction after the lock: the next revision as a draft with the locked figures. Raises ValidationError."""
    locked = Report.objects.select_for_update(of=("self",)).get(pk=pk)
    if locked.state != ReportState.LOCKED or not locked.is_current:
        raise ValidationError(_("Only a locked report that counts can be corrected by a revision."))
    if not reason.strip():
        raise ValidationError(_("Say why the locked report has to be corrected."))
    newest = Report.objects.filter(program=locked.program_id, period=locked.period).order_by("-revision").first()
    if newest is not None and newest.pk != locked.pk:
        raise ValidationError(_("A revision of this report is already being worked on."))
    audit.because(reason)
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


# How much a verdict asks of the OPD.
GRAVITY: dict[str, int] = {Verdict.MATCHES: 0, Verdict.NO_REFERENCE: 0, Verdict.EXPLAIN: 1, Verdict.DEVIATES: 2}


def revalidate(*, series: Series | None = None) -> int:
    """Judge reported values again: those compared with `series`, or with None all. Returns how many are judged otherwise.

    Idempotent: a second run over the same figures and rules changes nothing and tells nobody.
    """
    values = ReportValue.objects.filter(value__isnull=False)
    if series is not None:
        of_series = Q(indicator__reference_series=series) | Q(indicator__reference_series__rse_series=series)
        values = values.filter(of_series)
    affected = set(values.values_list("report_id", flat=True)) if series is not None else None
    counts = Report.objects.annotate(count=Count("values")).filter(count__gt=0)
    if affected is not None:
        counts = counts.filter(pk__in=affected)
    changed = list(levels.revalidate(dict(counts.order_by("pk").values_list("pk", "count"))))
    worse = [row for row in changed if GRAVITY[row.after] > GRAVITY[row.before]]
    _tell_owners(worse)
    return len(changed)


@transaction.atomic
def _tell_owners(rows: list[levels.Changed]) -> None:
    """Once per report and run."""
    worse: dict[int, list[levels.Changed]] = {}
    for row in rows:
        worse.setdefault(row.report_id, []).append(row)
    reports = Report.objects.filter(pk__in=worse).select_related("program__agency")
    people: dict[int, list[User]] = {}
    for report in reports:
        found = worse[report.pk]
        deviates = sum(row.after == Verdict.DEVIATES for row in found)
        text = ngettext(
            "%(count)s value of %(program)s (%(period)s) no longer matches the official figures, %(deviates)s deviate.",
            "%(count)s values of %(program)s (%(period)s) no longer match the official figures, %(deviates)s deviate.",
            len(found),
        ) % {
            "count": len(found),
            "program": report.program,
            "period": period_text(report.period),
            "deviates": deviates,
        }
        agency = report.program.agency
        if agency.pk not in people:
            people[agency.pk] = list(User.objects.members_of(agency))
        tell(people[agency.pk], text, report.get_absolute_url())
