"""The way of a report: its steps, what it said at each decision, and the remarks on its rows."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.separation_triggers import refuses_concerned, roles_in_sql
from accounts.standing_in import ActsForModel
from core.moments import dated_by_database
from programs.choices import ReportState
from programs.models.acts import DECIDE_REPORT, VERIFY_REPORT
from programs.models.reports import Progress, Recipients, Report, ReportValue

# Where the last step led: what a new step says of it is not believed.
STOOD_AT = (
    "SELECT s.to_state FROM programs_reportstep s WHERE s.report_id = NEW.report_id AND s.id <> NEW.id"
    " ORDER BY s.id DESC LIMIT 1"
)
# Whoever approved it does not verify it, whatever a made-up step has put in between.
STATE_DECIDED_IN = f"CASE NEW.to_state WHEN 'verified' THEN 'approved' ELSE coalesce(({STOOD_AT}), NEW.from_state) END"
# Either of them returns a report; the head of the OPD does not verify, Bappeda does not approve.
LADDER = (
    f"CASE NEW.to_state WHEN 'approved' THEN {roles_in_sql(DECIDE_REPORT.ladder)}"
    f" WHEN 'verified' THEN {roles_in_sql(VERIFY_REPORT.ladder)}"
    f" ELSE {roles_in_sql(sorted({*DECIDE_REPORT.ladder, *VERIFY_REPORT.ladder}))} END"
)


class ReportStep(ActsForModel):
    """One step of a report's way: from which state to which, by whom, with which comment. Append-only."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="steps")
    from_state = models.CharField(max_length=10, choices=ReportState)
    to_state = models.CharField(max_length=10, choices=ReportState)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("step of a report")
        verbose_name_plural = _("steps of reports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(to_state=ReportState.RETURNED) | ~Q(comment=""),
                name="programs_reportstep_comment",
                violation_error_message=_("Say what has to change when you return a report."),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("at"),
            refuses_concerned(
                pgtrigger.Insert,
                person="NEW.by_id",
                agency="SELECT p.agency_id FROM programs_program p JOIN programs_report r ON r.program_id = p.id"
                " WHERE r.id = NEW.report_id",
                concerned=f"programs_report_concerned_at(NEW.report_id, {STATE_DECIDED_IN})",
                condition=pgtrigger.Q(
                    new__to_state__in=[ReportState.APPROVED, ReportState.RETURNED, ReportState.VERIFIED]
                ),
                ladder=LADDER,
                lender="NEW.acting_for_id",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"


class ReportSeal(models.Model):
    """What a report said when it was approved, verified or locked, and who did it: its figures as SHA-256, and the
    whole under the chain's key. See programs.reports.seals."""

    step = models.OneToOneField(ReportStep, models.PROTECT, related_name="seal")
    content = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("seal of a report")
        verbose_name_plural = _("seals of reports")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("sealed_at"),
        ]

    def __str__(self) -> str:
        return self.seal[:12]


class FieldComment(models.Model):
    """What the one who returned a report says of one of its rows."""

    step = models.ForeignKey(ReportStep, models.CASCADE, related_name="field_comments")
    value = models.ForeignKey(ReportValue, models.CASCADE, null=True, blank=True, related_name="comments")
    progress = models.ForeignKey(Progress, models.CASCADE, null=True, blank=True, related_name="comments")
    recipients = models.ForeignKey(Recipients, models.CASCADE, null=True, blank=True, related_name="comments")
    text = models.CharField(_("comment"), max_length=1000)

    class Meta:
        verbose_name = _("comment on a field")
        verbose_name_plural = _("comments on fields")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False, progress__isnull=True, recipients__isnull=True)
                | Q(value__isnull=True, progress__isnull=False, recipients__isnull=True)
                | Q(value__isnull=True, progress__isnull=True, recipients__isnull=False),
                name="programs_fieldcomment_one_row",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def row_key(self) -> str:
        """v12, p3 or r4: the row's name in forms."""
        if self.value_id:
            return f"v{self.value_id}"
        return f"p{self.progress_id}" if self.progress_id else f"r{self.recipients_id}"
