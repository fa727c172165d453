"""Programmes, their indicators, and the periodic reports with their verdicts."""

from typing import TYPE_CHECKING

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core.audit import track
from core.choices import Role
from core.fields import FigureField, PeriodField, RupiahField
from core.models import Region
from core.versioning import VersionedModel
from datasources.choices import NEEDS_REASON, ToleranceKind, Verdict
from datasources.models import Observation, Series
from programs.choices import (
    IMPACT_LEVELS,
    REPORT_TRANSITIONS,
    Direction,
    IndicatorLevel,
    NomenclatureLevel,
    ProgramState,
    ReportState,
)
from spm.models import ServiceKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR = 2000, 2100
# These read every OPD's delivered work; drafts stay with their OPD.
PROVINCE_READERS = (Role.VERIFIER, Role.GOVERNORS_OFFICE, Role.AUDITOR, Role.DATA_STEWARD)


class NomenclatureQuerySet(models.QuerySet["Nomenclature"]):
    def valid_in(self, year: int) -> "NomenclatureQuerySet":
        return self.filter(valid_from__lte=year).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=year))

    def search(self, text: str) -> "NomenclatureQuerySet":
        """By the beginning of the code or by words of the name, in any order."""
        text = text.strip()
        if text[:1].isdigit():
            return self.filter(code__startswith=text)
        found = self
        for word in text.split()[:8]:
            found = found.filter(name__icontains=word)
        return found

    def visible_to(self, user: "User") -> "NomenclatureQuerySet":
        return self.all() if user.is_authenticated else self.none()


@track()
class Nomenclature(models.Model):
    """A planning code and its name, as one regulation gives them for some years. The code is the identity."""

    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=300)
    level = models.CharField(_("level"), max_length=12, choices=NomenclatureLevel)
    regulation = models.CharField(_("regulation"), max_length=120)
    valid_from = models.PositiveSmallIntegerField(_("from year"))
    valid_to = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True)

    objects = NomenclatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomenclature code")
        verbose_name_plural = _("nomenclature codes")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="programs_nomenclature_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="programs_nomenclature_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@track()
class Unit(models.Model):
    """A unit of measure with the range that its values can have: per cent 0 to 100, counts whole and from 0."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    lowest = FigureField(_("lowest possible"), null=True, blank=True)
    highest = FigureField(_("highest possible"), null=True, blank=True)
    is_rate = models.BooleanField(_("a rate"), default=False, help_text=_("Rates are compared in percentage points."))

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lowest__isnull=True) | Q(highest__isnull=True) | Q(lowest__lt=F("highest")),
                name="programs_unit_range",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProgramQuerySet(models.QuerySet["Program"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ProgramQuerySet":
        """The one gate: the rows this user may know to exist."""
        if not isinstance(user, User):
            return self.none()
        own = Q(agency_id__in=user.agency_ids)
        if user.has_role(*PROVINCE_READERS):
            return self.filter(own | ~Q(state=ProgramState.DRAFT))
        return self.filter(own)

    def editable_by(self, user: "User") -> "ProgramQuerySet":
        return self.filter(agency_id__in=user.operated_agency_ids)

    def registered(self) -> "ProgramQuerySet":
        return self.filter(state=ProgramState.REGISTERED)

    def of_year(self, year: int) -> "ProgramQuerySet":
        return self.filter(fiscal_year=year)

    def with_indicator_counts(self) -> "ProgramQuerySet":
        """`indicator_count` and `report_count` (delivered reports) for lists."""
        return self.annotate(
            indicator_count=Count("indicators", distinct=True),
            report_count=Count("reports", filter=Q(reports__state__in=ReportState.delivered()), distinct=True),
        )


@track()
class Program(VersionedModel):
    """A programme of an OPD in a fiscal year: the problem it starts from, whom it serves where, and its budget."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="programs", verbose_name=_("OPD"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    nomenclature = models.ForeignKey(Nomenclature, models.PROTECT, verbose_name=_("nomenclature code"))
    name = models.CharField(_("programme name"), max_length=300)
    service = models.ForeignKey(
        ServiceKind, models.PROTECT, null=True, blank=True, related_name="programs", verbose_name=_("SPM service"),
        help_text=_("Leave empty when the programme serves no minimum service."),
    )  # fmt: skip
    problem_statement = models.TextField(_("problem statement"), max_length=2000)
    target_group = models.CharField(_("target group"), max_length=200)
    target_count = models.PositiveIntegerField(_("number of recipients"))
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), related_name="programs")
    budget_rupiah = RupiahField(_("budget (Rp)"))
    state = models.CharField(_("state"), max_length=12, choices=ProgramState, default=ProgramState.DRAFT)
    registered_at = models.DateTimeField(_("registered"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"))
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["agency__name", "nomenclature__code", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fiscal_year__range=(FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR)),
                name="programs_program_year",
                violation_error_message=_("That fiscal year cannot be right."),
            ),
            models.CheckConstraint(
                condition=Q(budget_rupiah__gte=0),
                name="programs_program_budget",
                violation_error_message=_("A budget is zero or more."),
            ),
            models.CheckConstraint(condition=Q(state__in=ProgramState.values), name="programs_program_state"),
            models.CheckConstraint(
                condition=Q(state=ProgramState.DRAFT, registered_at__isnull=True)
                | Q(state=ProgramState.REGISTERED, registered_at__isnull=False),
                name="programs_program_registered",
            ),
            models.UniqueConstraint(
                fields=["agency", "fiscal_year", "nomenclature", "name"],
                name="programs_program_once",
                violation_error_message=_("This OPD already has a programme of that code and name in that year."),
            ),
        ]
        indexes = [models.Index(fields=["fiscal_year", "state"], name="programs_program_year_state")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:program", args=[self.pk])

    def require_impact_indicator(self) -> None:
        if not self.indicators.filter(level__in=IMPACT_LEVELS).exists():
            raise ValidationError(
                _("Add at least one outcome or impact indicator; outputs alone say nothing of an effect.")
            )

    def register(self) -> None:
        if self.state != ProgramState.DRAFT:
            raise ValidationError(_("This programme is registered already."))
        self.require_impact_indicator()
        self.state = ProgramState.REGISTERED
        self.registered_at = timezone.now()


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None, append_only=True)
class ProgramRegion(Program.regions.through):  # type: ignore[name-defined]
    """The trail of a programme's regions: rows come and go, nothing is updated."""

    class Meta:
        proxy = True


@track()
class Indicator(models.Model):
    """What the programme promises to move, from where to where, and which official series it is compared with."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="indicators", verbose_name=_("programme"))
    name = models.CharField(_("indicator"), max_length=250)
    level = models.CharField(_("level"), max_length=8, choices=IndicatorLevel)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("unit"))
    direction = models.CharField(_("direction"), max_length=8, choices=Direction, default=Direction.MAXIMISE)
    baseline = FigureField(_("baseline"))
    target = FigureField(_("target"))
    band_low = FigureField(_("lower edge of the band"), null=True, blank=True)
    by_region = models.BooleanField(_("reported per regency and city"), default=False)
    reference_series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("reference series")
    )
    tolerance_kind = models.CharField(
        _("kind of tolerance"), max_length=8, choices=ToleranceKind, default=ToleranceKind.RELATIVE
    )
    tolerance = FigureField(_("tolerance"), default=5)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["program", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "name"],
                name="programs_indicator_once",
                violation_error_message=_("This programme already has an indicator of that name."),
            ),
            models.CheckConstraint(condition=Q(level__in=IndicatorLevel.values), name="programs_indicator_level"),
            models.CheckConstraint(
                condition=~Q(direction=Direction.BAND) | (Q(band_low__isnull=False) & Q(band_low__lte=F("target"))),
                name="programs_indicator_band",
                violation_error_message=_(
                    "A band needs a lower edge, and it cannot be above the target (the upper edge)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(tolerance__gte=0),
                name="programs_indicator_tolerance",
                violation_error_message=_("A tolerance is zero or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


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
        return self.filter(program__agency_id__in=user.headed_agency_ids, state=ReportState.SUBMITTED)

    def delivered(self) -> "ReportQuerySet":
        return self.filter(state__in=ReportState.delivered())

    def with_verdict_counts(self) -> "ReportQuerySet":
        """`value_count`, `deviating_count` and `explain_count` for lists."""
        return self.annotate(
            value_count=Count("values", filter=Q(values__value__isnull=False)),
            deviating_count=Count("values", filter=Q(values__verdict=Verdict.DEVIATES)),
            explain_count=Count("values", filter=Q(values__verdict=Verdict.EXPLAIN)),
        )


@track()
class Report(VersionedModel):
    """What one programme says of one quarter."""

    program = models.ForeignKey(Program, models.PROTECT, related_name="reports", verbose_name=_("programme"))
    period = PeriodField(_("period"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState, default=ReportState.DRAFT)
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
            models.UniqueConstraint(fields=["program", "period"], name="programs_report_once"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="programs_report_state"),
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
                condition=~Q(state__in=[ReportState.SUBMITTED, ReportState.APPROVED]) | Q(submitted_at__isnull=False),
                name="programs_report_submitted",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.APPROVED) | Q(decided_at__isnull=False), name="programs_report_approved"
            ),
        ]

    def __str__(self) -> str:
        from core.templatetags.idid import period

        return f"{self.program} · {period(self.period)}"

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
        self.state = state
        if state == ReportState.SUBMITTED:
            self.submitted_at, self.submitted_by = timezone.now(), by
            self.decided_at = self.decided_by = None
        else:
            self.decided_at, self.decided_by = timezone.now(), by


class ReportValueQuerySet(models.QuerySet["ReportValue"]):
    def deviating(self) -> "ReportValueQuerySet":
        return self.filter(verdict=Verdict.DEVIATES)

    def delivered(self) -> "ReportValueQuerySet":
        return self.filter(report__state__in=ReportState.delivered())

    def visible_to(self, user: "User") -> "ReportValueQuerySet":
        return self.filter(report__in=Report.objects.visible_to(user))


@track(exclude=("checked_at",))
class ReportValue(models.Model):
    """A reported value, the verdict on it, and the version of the official figure that the verdict was made against."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="values", verbose_name=_("report"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name=_("indicator"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    value = FigureField(_("value"), null=True, blank=True)
    reason = models.TextField(_("explanation"), blank=True, max_length=1000)
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict, default=Verdict.NO_REFERENCE)
    reference = models.ForeignKey(
        Observation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reference figure")
    )
    distance = FigureField(_("distance"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    objects = ReportValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported value")
        verbose_name_plural = _("reported values")
        ordering = ["indicator_id", "region__kemendagri_code"]
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator", "region"], name="programs_reportvalue_once"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="programs_reportvalue_verdict"),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.NO_REFERENCE) | Q(reference__isnull=False),
                name="programs_reportvalue_reference",
            ),
        ]
        indexes = [models.Index(fields=["verdict"], name="programs_reportvalue_verdict_i")]

    def __str__(self) -> str:
        return f"{self.indicator} · {self.region}"

    @property
    def needs_reason(self) -> bool:
        return self.verdict in NEEDS_REASON


class ReportStep(models.Model):
    """One step of a report's way: from which state to which, by whom, with which comment. Append-only in practice."""

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

    def __str__(self) -> str:
        return f"{self.get_from_state_display()} → {self.get_to_state_display()}"
