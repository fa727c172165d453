"""Decisions about programmes and reports: one transaction each, with its audit event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from accounts.services import tell
from core import audit
from core.models import Region
from core.periods import Period
from core.templatetags.idid import period as period_text
from core.versioning import locked_at
from datasources.choices import Verdict
from datasources.models import Series
from programs import checking
from programs.choices import ProgramState, ReportState
from programs.models import Indicator, Program, Report, ReportStep, ReportValue


@dataclass(frozen=True)
class Entry:
    """What was typed for one indicator and region."""

    value: Decimal | None
    reason: str = ""


class MissingReasons(Exception):  # noqa: N818
    """The report can't be sent yet: these (indicator, region) pairs have no value or no explanation."""

    def __init__(self, without_value: list[tuple[int, int]], without_reason: list[tuple[int, int]]) -> None:
        super().__init__("values or explanations are missing")
        self.without_value = without_value
        self.without_reason = without_reason


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
    *, pk: int, version: int, by: User, saved: Iterable[Indicator], removed: Iterable[Indicator], reason: str = ""
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
    program.save_next_version()
    if program.state == ProgramState.REGISTERED:
        program.require_impact_indicator()
        audit.record("program.indicators_changed", program, by=by, reason=reason)
    return program


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
    """The report of the period, made with its empty rows on first opening; twice is once."""
    report, created = Report.objects.get_or_create(program=program, period=period)
    if created:
        audit.record("report.opened", report, by=by)
    if report.is_editable:
        add_missing_rows(report)
    return report


def add_missing_rows(report: Report) -> None:
    """One row per indicator, or per indicator and region of the programme where it is reported by region."""
    province = checking.province()
    regions = list(report.program.regions.all())
    rows = [
        ReportValue(report=report, indicator=indicator, region=region)
        for indicator in report.program.indicators.all()
        for region in (regions if indicator.by_region else [province])
    ]
    ReportValue.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def save_report(*, pk: int, by: User, version: int, entries: Mapping[tuple[int, int], Entry], submit: bool) -> Report:
    """Save what was typed, check it against the official figures and, if asked, send it to the head of the OPD.

    Raises Conflict when somebody saved in between, MissingReasons when it cannot be sent yet (nothing is saved then:
    the view saves without sending, so that nothing typed is lost).
    """
    report = locked_at(Report.objects.all(), pk, version)
    if not report.is_editable:
        raise ValidationError(
            _("This report is %(state)s and can no longer be changed.") % {"state": report.get_state_display()}
        )
    values = list(report.values.select_related("indicator", "report").order_by("pk"))
    for value in values:
        entry = entries.get((value.indicator_id, value.region_id))
        if entry is not None:
            value.value, value.reason = entry.value, entry.reason.strip()
    checking.apply(values)
    if submit:
        _require_complete(values)
    ReportValue.objects.bulk_update(values, ["value", "reason", "verdict", "reference", "distance", "checked_at"])
    if submit:
        before = report.state
        report.step_to(ReportState.SUBMITTED, by=by)
        ReportStep.objects.create(report=report, from_state=before, to_state=report.state, by=by)
        audit.record("report.submitted", report, by=by)
        agency = report.program.agency
        text = _("%(report)s waits for your decision.") % {"report": report}
        tell(User.objects.heads_of(agency), text, report.get_absolute_url())
    report.save_next_version()
    return report


def _require_complete(values: list[ReportValue]) -> None:
    without_value = [(value.indicator_id, value.region_id) for value in values if value.value is None]
    without_reason = [
        (value.indicator_id, value.region_id) for value in values if value.needs_reason and not value.reason
    ]
    if without_value or without_reason:
        raise MissingReasons(without_value, without_reason)


@transaction.atomic
def decide_report(*, pk: int, by: User, version: int, approve: bool, comment: str = "") -> Report:
    """The head of the OPD approves, or returns with a comment. Raises Conflict and ValidationError."""
    report = locked_at(Report.objects.all(), pk, version)
    state = ReportState.APPROVED if approve else ReportState.RETURNED
    comment = comment.strip()
    if not approve and not comment:
        raise ValidationError(_("Say what has to change when you return a report."))
    audit.because(comment)
    before = report.state
    report.step_to(state, by=by)
    ReportStep.objects.create(report=report, from_state=before, to_state=state, by=by, comment=comment)
    report.save_next_version()
    audit.record(f"report.{state}", report, by=by, reason=comment)
    if report.submitted_by is not None:
        text = _("%(report)s is %(state)s.") % {"report": report, "state": report.get_state_display()}
        tell([report.submitted_by], text, report.get_absolute_url())
    return report


@transaction.atomic
def revalidate(*, series: Series | None = None) -> int:
    """Judge again every reported value that is compared with `series` (None: with any); returns how many changed.

    Idempotent: a second run over the same figures changes nothing and tells nobody. Owners hear once per run.
    """
    values = ReportValue.objects.filter(value__isnull=False, indicator__reference_series__isnull=False)
    if series is not None:
        values = values.filter(indicator__reference_series=series)
    rows = list(
        values.select_related("indicator", "report__program__agency").select_for_update(of=("self",)).order_by("pk")
    )
    verdicts = {row.pk: row.verdict for row in rows}
    changed = checking.apply(rows)
    ReportValue.objects.bulk_update(changed, ["verdict", "reference", "distance", "checked_at"], batch_size=1_000)
    worse = [row for row in changed if row.verdict != verdicts[row.pk] and row.verdict == Verdict.DEVIATES]
    _tell_owners(worse)
    return len(changed)


def _tell_owners(rows: list[ReportValue]) -> None:
    by_report: dict[Report, int] = {}
    for row in rows:
        by_report[row.report] = by_report.get(row.report, 0) + 1
    for report, count in by_report.items():
        text = ngettext(
            "%(count)s value of %(program)s (%(period)s) deviates from the new reference figures.",
            "%(count)s values of %(program)s (%(period)s) deviate from the new reference figures.",
            count,
        ) % {"count": count, "program": report.program, "period": period_text(report.period)}
        tell(User.objects.members_of(report.program.agency), text, report.get_absolute_url())
