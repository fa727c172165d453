"""Who may do what with a report, and in which state: every act as a pair of `check_may_x` and `may_x`."""

from typing import NoReturn

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.looking import require_unseen
from accounts.models import User
from accounts.permissions import require_operator, require_role
from core.choices import Role
from core.decided import AlreadyDecided
from core.formats import acting
from core.permissions import allowed, refusal
from programs.choices import REPORT_TRANSITIONS, ReportState
from programs.models import DECIDE_REPORT, VERIFY_REPORT, Report, ReportStep


def check_may_edit(user: User, report: Report) -> None:
    """Fill in the cells of an open report of one's own OPD."""
    require_operator(user, report.program.agency_id)
    if not report.is_editable:
        raise ValidationError(
            _("This report is %(state)s and can no longer be changed.") % {"state": report.get_state_display()}
        )


def check_may_send(user: User, report: Report) -> None:
    """Send it to the head of the OPD; whether it is complete is asked elsewhere."""
    check_may_edit(user, report)


def check_may_withdraw(user: User, report: Report) -> None:
    """Take back what one's OPD has sent, until somebody who decides on it has opened it."""
    require_operator(user, report.program.agency_id)
    if report.state != ReportState.SUBMITTED:
        refuse_decided(report)
        _refuse_step(report, ReportState.DRAFT)
    require_unseen(report, report.submitted_at)


def check_may_withdraw_approval(user: User, report: Report) -> None:
    """Take one's own approval back, until somebody who verifies has opened it."""
    if report.state != ReportState.APPROVED:
        refuse_decided(report)
        _refuse_step(report, ReportState.SUBMITTED)
    if report.decided_by_id != user.pk:
        raise PermissionDenied(_("Only whoever approved it takes the approval back."))
    DECIDE_REPORT.check(user, report.pk, report.program.agency_id)
    require_unseen(report, report.decided_at)


def check_may_attach(user: User, report: Report) -> None:
    require_operator(user, report.program.agency_id)
    if not report.is_editable:
        raise ValidationError(_("Files can be added only while the report is open."))


def check_may_detach(user: User, report: Report) -> None:
    require_operator(user, report.program.agency_id)
    if not report.is_editable:
        raise ValidationError(_("Files can be taken off only while the report is open."))


def check_may_decide(user: User, report: Report) -> None:
    """Approve or return what was submitted: the head of the OPD, unless it concerns the head."""
    _require_step(report, ReportState.APPROVED)
    DECIDE_REPORT.check(user, report.pk, report.program.agency_id)


def check_may_verify(user: User, report: Report) -> None:
    """Verify or return what was approved: Bappeda, but nobody who had a hand in it before."""
    _require_step(report, ReportState.VERIFIED)
    VERIFY_REPORT.check(user, report.pk, report.program.agency_id)


def check_may_lock(user: User) -> None:
    """Lock the verified reports of a period: Bappeda."""
    require_role(user, Role.VERIFIER)


def check_may_unlock(user: User) -> None:
    """Unlock what is locked of a period, with a reason: Bappeda, but nobody whom a report concerns."""
    require_role(user, Role.VERIFIER)


def check_may_return_verified(user: User, report: Report) -> None:
    """Return a verified report that is not locked, to be corrected: whoever may verify it."""
    if report.state != ReportState.VERIFIED:
        refuse_decided(report)
        _refuse_step(report, ReportState.RETURNED)
    VERIFY_REPORT.check(user, report.pk, report.program.agency_id)


def check_may_revise(user: User, report: Report) -> None:
    """Open a revision of a locked report that counts."""
    require_operator(user, report.program.agency_id)
    if report.state != ReportState.LOCKED or not report.is_current:
        raise ValidationError(_("Only a locked report that counts can be corrected by a revision."))


def why_not_decide(user: User, report: Report) -> str:
    """To somebody whose role decides on such a report: why this one is not theirs, and whose it is; else empty."""
    if report.state == ReportState.SUBMITTED and user.heads(report.program.agency_id):
        return refusal(check_may_decide, user, report)
    if report.state == ReportState.APPROVED and user.has_role(Role.VERIFIER):
        return refusal(check_may_verify, user, report)
    return ""


may_edit = allowed(check_may_edit)
may_send = allowed(check_may_send)
may_withdraw = allowed(check_may_withdraw)
may_withdraw_approval = allowed(check_may_withdraw_approval)
may_attach = allowed(check_may_attach)
may_detach = allowed(check_may_detach)
may_decide = allowed(check_may_decide)
may_verify = allowed(check_may_verify)
may_lock = allowed(check_may_lock)
may_unlock = allowed(check_may_unlock)
may_return_verified = allowed(check_may_return_verified)
may_revise = allowed(check_may_revise)


def refuse_decided(report: Report) -> None:
    """Raises AlreadyDecided with the report's last step; a report that was never sent has none."""
    step = report.steps.select_related("by", "acting_for").order_by("-pk").first()
    if step is not None:
        raise AlreadyDecided(_what_was_done(step), acting(step.by, step.acting_for), step.at)


def refuse_locked(steps: QuerySet[ReportStep], state: ReportState) -> None:
    """For a period of which nothing is left to lock or to unlock: raises AlreadyDecided with who did it last."""
    step = steps.filter(to_state=state).select_related("by", "acting_for").order_by("-pk").first()
    if step is not None:
        raise AlreadyDecided(_what_was_done(step), acting(step.by, step.acting_for), step.at)


def _what_was_done(step: ReportStep) -> str:
    """What a step back is called is not what the report is afterwards."""
    backwards = {
        (ReportState.SUBMITTED, ReportState.DRAFT): _("taken back"),
        (ReportState.APPROVED, ReportState.SUBMITTED): _("taken back"),
        (ReportState.LOCKED, ReportState.VERIFIED): _("unlocked"),
    }
    said = backwards.get((ReportState(step.from_state), ReportState(step.to_state)))
    return said or str(ReportState(step.to_state).label)


def _require_step(report: Report, state: ReportState) -> None:
    if state not in REPORT_TRANSITIONS[report.state]:
        refuse_decided(report)
        _refuse_step(report, state)


def _refuse_step(report: Report, state: ReportState) -> NoReturn:
    raise ValidationError(
        _("A report that is %(now)s cannot become %(next)s.") % {"now": report.get_state_display(), "next": state.label}
    )
