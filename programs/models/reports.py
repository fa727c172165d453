"""Periodic reports: monthly progress of sub-activities, quarterly values of indicators, the way to approval."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.agencies.then import agency_then
from accounts.models import User
from accounts.separation_triggers import refuses_concerned
from core.audit import track
from core.fields import FigureField, PeriodField, RupiahField
from core.models import Region
from core.numbers import Limits
from core.periods import PeriodKind
from core.versioning import VersionedModel
from datasources.choices import NEEDS_REASON, Verdict
from datasources.models import Observation
from programs.choices import CATEGORIES, REPORT_TRANSITIONS, ReportKind, ReportState
from programs.models.acts import DECIDE_REPORT, VERIFY_REPORT
from programs.models.limits import MONEY_LIMITS, PEOPLE_LIMITS, PHYSICAL_LIMITS, VALUE_LIMITS, within
from programs.models.programs import PROVINCE_READERS, Indicator, Program, SubActivity

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ReportQuerySet":
        if not isinstance(user, User):
            return self.none()
        own = Q(program__agency_id__in=user.agency_ids)
        if user.has_role(*PROVINCE_READERS):
            return self.filter(own | Q(state__in=ReportState.delivered()))
        return self.filter(own)

    def editable_by(self, user: "User") -> "ReportQuerySet":
        return self.filter(program__agency_id__in=user.operated_agency_ids, state__in=ReportState.editable())

    def awaiting_decision_of(self, user: "User") -> "ReportQuerySet":
        """Sent, and this person's to approve or return."""
        return DECIDE_REPORT.waiting_for(self.filter(state=ReportState.SUBMITTED), user, agency="program__agency_id")

    def awaiting_verification_by(self, user: "User") -> "ReportQuerySet":
        """Approved, and this person's to verify or return."""
        return VERIFY_REPORT.waiting_for(self.filter(state=ReportState.APPROVED), user, agency="program__agency_id")

    def waiting_for(self, user: "User") -> "ReportQuerySet":
        """Everything that waits for this person's decision, of either kind."""
        return self.awaiting_decision_of(user) | self.awaiting_verification_by(user)

    def readable_by(self, user: "User") -> "ReportQuerySet":
        """To open one: also what comes to a higher rung because nobody nearer is left to decide."""
        return self.visible_to(user) | self.waiting_for(user)

    def delivered(self) -> "ReportQuerySet":
        """What counts on dashboards: sent on, and not replaced by a later revision."""
        return self.filter(state__in=ReportState.delivered(), is_current=True)

    def quarterly(self) -> "ReportQuerySet":
        return self.filter(kind=ReportKind.QUARTER)

    def monthly(self) -> "ReportQuerySet":
        return self.filter(kind=ReportKind.MONTH)

    def with_agency_then(self) -> "ReportQuerySet":
        """`agency_then`, the short name of the OPD whose the programme was at the end of the period."""
        return self.annotate(agency_then=agency_then(Program, "program", "period", "short_name"))

    def with_verdict_counts(self) -> "ReportQuerySet":
        """`value_count`, `deviating_count` and `explain_count` for lists."""
        return self.annotate(
            value_count=Count("values", filter=Q(values__value__isnull=False)),
            deviating_count=Count("values", filter=Q(values__verdict=Verdict.DEVIATES)),
            explain_count=Count("values", filter=Q(values__verdict=Verdict.EXPLAIN)),
        )


@track()
class Report(VersionedModel):
    """What one programme says of one month (progress and spending) or one quarter (indicators, recipients).

    A correction after the lock is a new row with the next `revision`; it becomes `is_current` once it is verified, and
    until then the locked one keeps counting.
    """

    program = models.ForeignKey(Program, models.PROTECT, related_name="reports", verbose_name=_("programme"))
    period = PeriodField(_("period"))
    kind = models.CharField(_("kind of period"), max_length=8, choices=ReportKind, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
    revision = models.PositiveSmallIntegerField(_("revision"), default=0, editable=False)
    revision_reason = models.TextField(_("reason of the revision"), blank=True, max_length=1000)
    is_current = models.BooleanField(_("counts"), default=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-period", "program_id"]
        constraints = [
            models.UniqueConstraint(fields=["program", "period", "revision"], name="programs_report_once"),
            models.UniqueConstraint(
                fields=["program", "period"], condition=Q(is_current=True), name="programs_report_one_current"
            ),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="programs_report_state"),
            models.CheckConstraint(
                condition=Q(revision=0) | ~Q(revision_reason=""),
                name="programs_report_revision_reason",
                violation_error_message=_("Say why the locked report has to be corrected."),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="programs_report_submitted_pair",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="programs_report_decided_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ReportState.delivered()) | Q(submitted_at__isnull=False),
                name="programs_report_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReportState.APPROVED, ReportState.VERIFIED, ReportState.LOCKED])
                | Q(decided_at__isnull=False),
                name="programs_report_approved",
            ),
        ]
        indexes = [models.Index(fields=["state", "kind"], name="programs_report_state_kind")]
        triggers = [
            refuses_concerned(
                pgtrigger.Insert | pgtrigger.UpdateOf("decided_by_id", "submitted_by_id"),
                person="NEW.decided_by_id",
                agency="SELECT p.agency_id FROM programs_program p WHERE p.id = NEW.program_id",
                concerned="programs_report_concerned(NEW.id)",
                condition=pgtrigger.Q(new__decided_by_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        from core.formats import period

        return f"{self.program} · {period(self.period)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind = self.kind_of_period
        super().save(*args, **kwargs)

    @property
    def kind_of_period(self) -> ReportKind:
        return ReportKind.MONTH if self.period.kind is PeriodKind.MONTH else ReportKind.QUARTER

    def get_absolute_url(self) -> str:
        return reverse("programs:report", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        return self.state in ReportState.editable()

    def step_to(self, state: ReportState, *, by: "User") -> None:
        """Move along REPORT_TRANSITIONS and stamp who and when. Raises ValidationError for a step that is not there."""
        if state not in REPORT_TRANSITIONS[self.state]:
            raise ValidationError(
                _("A report that is %(now)s cannot become %(next)s."),
                params={"now": self.get_state_display(), "next": state.label},
            )
        before, self.state = self.state, state
        if state == ReportState.DRAFT:
            self.submitted_at = self.submitted_by = self.decided_at = self.decided_by = None
        elif state == ReportState.SUBMITTED and before == ReportState.APPROVED:
            self.decided_at = self.decided_by = None  # the approval is taken back; who sent it, and when, stays
        elif state == ReportState.SUBMITTED:
            self.submitted_at, self.submitted_by = timezone.now(), by
            self.decided_at = self.decided_by = None
        elif state in {ReportState.APPROVED, ReportState.RETURNED}:
            self.decided_at, self.decided_by = timezone.now(), by


class ReportedRow(models.Model):
    """What every row of a report carries beside its figures, each within its `LIMITS`.

    `typed` keeps, by field, a text that could not be stored as a figure: nothing typed is lost, and it blocks sending.
    `findings` are the messages of validation levels 0 to 5 (programs.validation.progress).
    """

    reason = models.TextField(_("explanation"), blank=True, max_length=1000)
    typed = models.JSONField(_("typed, not readable"), default=dict, blank=True)
    findings = models.JSONField(_("findings"), default=list, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)

    LIMITS: ClassVar[Mapping[str, Limits]]
    TYPED: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    def limits_of(self, name: str) -> Limits:
        """What may be entered as the figure `name` of this row."""
        return self.LIMITS[name]

    @property
    def has_errors(self) -> bool:
        return bool(self.typed) or any(finding["severity"] == "error" for finding in self.findings)

    @property
    def has_warnings(self) -> bool:
        return any(finding["severity"] == "warning" for finding in self.findings)


class ReportValueQuerySet(models.QuerySet["ReportValue"]):
    def deviating(self) -> "ReportValueQuerySet":
        return self.filter(verdict=Verdict.DEVIATES)

    def delivered(self) -> "ReportValueQuerySet":
        return self.filter(report__state__in=ReportState.delivered(), report__is_current=True)

    def visible_to(self, user: "User | AnonymousUser") -> "ReportValueQuerySet":
        """Of the reports that this user sees; said without a subquery over all reports, for dashboards ask it all
        day."""
        if not isinstance(user, User):
            return self.none()
        own = Q(report__program__agency_id__in=user.agency_ids)
        if not user.has_role(*PROVINCE_READERS):
            return self.filter(own)
        handed_in = Q(report__state__in=ReportState.delivered())
        return self.filter(own | handed_in if user.agency_ids else handed_in)

    def with_names(self) -> "ReportValueQuerySet":
        """With everything that a line of a list says of them."""
        rows = self.select_related(
            "report__program__agency", "indicator__unit", "indicator__reference_series__source", "region", "reference"
        )
        return rows.annotate(agency_then=agency_then(Program, "report__program", "report__period", "short_name"))


@track(exclude=("checked_at", "findings", "changed_at", "changed_by"))
class ReportValue(ReportedRow):
    """A reported value, the verdict on it, and the version of the official figure that the verdict was made against."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="values", verbose_name=_("report"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name=_("indicator"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    category = models.CharField(_("category"), max_length=10, blank=True)
    value = FigureField(_("value"), null=True, blank=True)
    numerator = FigureField(_("numerator"), null=True, blank=True)
    denominator = FigureField(_("denominator"), null=True, blank=True)
    helped = models.CharField(_("what helped"), max_length=1000, blank=True)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, default=Verdict.NO_REFERENCE)
    reference = models.ForeignKey(
        Observation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reference figure")
    )
    distance = FigureField(_("distance"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    objects = ReportValueQuerySet.as_manager()
    LIMITS = VALUE_LIMITS
    TYPED = (*LIMITS, "reason", "helped")  # what people type, in the order of workbooks

    class Meta:
        verbose_name = _("reported value")
        verbose_name_plural = _("reported values")
        ordering = ["indicator_id", "region__kemendagri_code", "category"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "indicator", "region", "category"], name="programs_reportvalue_once"
            ),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="programs_reportvalue_verdict"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.NO_REFERENCE) | Q(reference__isnull=False),
                name="programs_reportvalue_reference",
            ),
            models.CheckConstraint(condition=within(VALUE_LIMITS), name="programs_reportvalue_figures"),
        ]
        indexes = [
            models.Index(fields=["verdict"], name="programs_reportvalue_verdict_i"),
            # The farthest first, of a year and an OPD: what dashboards and their lists ask all day.
            models.Index(
                fields=["report", "-distance"],
                condition=Q(verdict=Verdict.DEVIATES, value__isnull=False),
                name="programs_reportvalue_far",
            ),
            models.Index(fields=["indicator", "region", "category"], name="programs_reportvalue_row"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.place}"

    def limits_of(self, name: str) -> Limits:
        """The unit says what a value may be."""
        return self.indicator.unit.limits if name == "value" else super().limits_of(name)

    @property
    def place(self) -> str:
        """The region, and the category where the indicator is split."""
        label = CATEGORIES[self.indicator.disaggregation].get(self.category)
        return f"{self.region}, {label}" if label else str(self.region)

    @property
    def needs_reason(self) -> bool:
        return self.verdict in NEEDS_REASON or self.has_warnings


@track(exclude=("findings", "changed_at", "changed_by"))
class Progress(ReportedRow):
    """One sub-activity in a monthly report (RFK), cumulative within the year."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="progress", verbose_name=_("report"))
    sub_activity = models.ForeignKey(
        SubActivity, models.PROTECT, related_name="progress", verbose_name=_("sub-activity")
    )
    planned_rupiah = RupiahField(_("planned cash (Rp)"), null=True, blank=True)
    financial_rupiah = RupiahField(_("financial realisation (Rp)"), null=True, blank=True)
    physical_percent = models.DecimalField(
        _("physical realisation (%)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    obstacle = models.CharField(_("obstacle"), max_length=1000, blank=True)
    verifier_note = models.CharField(_("verifier's note"), max_length=1000, blank=True)
    LIMITS = MONEY_LIMITS | PHYSICAL_LIMITS
    TYPED = (*LIMITS, "obstacle", "reason")

    class Meta:
        verbose_name = _("progress of a sub-activity")
        verbose_name_plural = _("progress of sub-activities")
        ordering = ["sub_activity__nomenclature__code", "sub_activity_id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sub_activity"], name="programs_progress_once"),
            models.CheckConstraint(
                condition=within(PHYSICAL_LIMITS),
                name="programs_progress_physical",
                violation_error_message=_("Physical progress lies between 0 and 100 per cent."),
            ),
            models.CheckConstraint(
                condition=within(MONEY_LIMITS),
                name="programs_progress_money",
                violation_error_message=_("An amount is zero or more."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.sub_activity)

    @property
    def needs_reason(self) -> bool:
        return self.has_warnings


@track(exclude=("findings", "changed_at", "changed_by"))
class Recipients(ReportedRow):
    """People reached in one region up to the end of a quarter, split where it applies."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="recipients", verbose_name=_("report"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    people = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    male = models.PositiveIntegerField(_("male"), null=True, blank=True)
    female = models.PositiveIntegerField(_("female"), null=True, blank=True)
    children = models.PositiveIntegerField(_("aged 0–17"), null=True, blank=True)
    adults = models.PositiveIntegerField(_("aged 18–59"), null=True, blank=True)
    elderly = models.PositiveIntegerField(_("aged 60 and over"), null=True, blank=True)
    disabled = models.PositiveIntegerField(_("with a disability"), null=True, blank=True)
    LIMITS = PEOPLE_LIMITS
    TYPED = (*LIMITS, "reason")

    class Meta:
        verbose_name = _("recipients in a region")
        verbose_name_plural = _("recipients in regions")
        ordering = ["region__kemendagri_code"]
        constraints = [
            models.UniqueConstraint(fields=["report", "region"], name="programs_recipients_once"),
            models.CheckConstraint(
                condition=within(PEOPLE_LIMITS),
                name="programs_recipients_people",
            ),
        ]

    def __str__(self) -> str:
        return str(self.region)

    @property
    def needs_reason(self) -> bool:
        return self.has_warnings


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: "User | AnonymousUser") -> "EvidenceQuerySet":
        return self.filter(report__in=Report.objects.visible_to(user))


@track()
class Evidence(models.Model):
    """A file that backs a report or one of its values. The bytes lie outside the web root and are served by a view."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence", verbose_name=_("report"))
    value = models.ForeignKey(
        ReportValue, models.CASCADE, null=True, blank=True, related_name="evidence", verbose_name=_("indicator")
    )
    name = models.CharField(_("file name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    stored_as = models.CharField(max_length=120, unique=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
