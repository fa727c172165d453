"""Programmes: the problem each starts from, whom it serves where, its indicators, activities and legal basis."""

from decimal import Decimal
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
from core.periods import Period
from core.versioning import VersionedModel
from core.word_index import word_index
from datasources.choices import ToleranceKind, WorstSide
from datasources.models import Series
from programs.choices import (
    IMPACT_LEVELS,
    PROGRAM_TRANSITIONS,
    Direction,
    Disaggregation,
    Frequency,
    IndicatorLevel,
    OverRegions,
    OverTime,
    ProgramState,
    ReportState,
)
from programs.models.nomenclature import Nomenclature, Unit
from programs.models.planning import PlanItem
from spm.models import ServiceKind

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR = 2000, 2100
WORST_REGIONS = 3
# These read every OPD's delivered work; drafts stay with their OPD.
PROVINCE_READERS = (Role.VERIFIER, Role.GOVERNORS_OFFICE, Role.AUDITOR, Role.DATA_STEWARD)


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

    def without_evidence(self) -> "ProgramQuerySet":
        """Programmes whose need no reference series shows: "tanpa bukti kebutuhan" wherever they appear."""
        return self.filter(evidence_series__isnull=True)

    def registered(self) -> "ProgramQuerySet":
        return self.filter(state=ProgramState.REGISTERED)

    def of_year(self, year: int) -> "ProgramQuerySet":
        return self.filter(fiscal_year=year)

    def owing(self, period: Period) -> "ProgramQuerySet":
        """Those that were there when the period ended: one that is registered in November owes no report of April."""
        return self.filter(Q(reports_from__isnull=True) | Q(reports_from__lte=period.last_day))

    def with_indicator_counts(self) -> "ProgramQuerySet":
        """`indicator_count` and `report_count` (delivered reports) for lists."""
        return self.annotate(
            indicator_count=Count("indicators", distinct=True),
            report_count=Count(
                "reports",
                filter=Q(reports__state__in=ReportState.delivered(), reports__is_current=True),
                distinct=True,
            ),
        )


@track()
class Program(VersionedModel):
    """A programme of an OPD in a fiscal year: the problem it starts from, whom it serves where, and its budget."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="programs", verbose_name=_("OPD"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    nomenclature = models.ForeignKey(Nomenclature, models.PROTECT, verbose_name=_("nomenclature code"))
    name = models.CharField(_("programme name"), max_length=300)
    service = models.ForeignKey(
        ServiceKind,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programs",
        verbose_name=_("SPM service"),
        help_text=_("Leave empty when the programme serves no minimum service."),
    )
    plan_item = models.ForeignKey(
        PlanItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programs",
        verbose_name=_("planning target"),
        help_text=_("The target (sasaran) of RPJMD or Renstra that the programme serves."),
    )
    problem_statement = models.TextField(_("problem statement"), max_length=2000, blank=True)
    problem_people = models.PositiveIntegerField(_("people affected"), null=True, blank=True)
    evidence_series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="programs_shown", verbose_name=_("evidence")
    )
    evidence_worst = models.CharField(
        _("the problem is worst where the figure is"), max_length=4, choices=WorstSide, default=WorstSide.HIGH
    )
    evidence_snapshot = models.JSONField(_("evidence as it was"), default=dict, blank=True, editable=False)
    worst_count = models.PositiveSmallIntegerField(_("regions that count as worst"), default=WORST_REGIONS)
    target_group = models.CharField(_("target group"), max_length=200, blank=True)
    target_count = models.PositiveIntegerField(_("number of recipients"), null=True, blank=True)
    regions = models.ManyToManyField(Region, verbose_name=_("regions"), related_name="programs")
    budget_rupiah = RupiahField(_("budget (Rp)"))
    state = models.CharField(_("state"), max_length=12, choices=ProgramState, default=ProgramState.DRAFT)
    registered_at = models.DateTimeField(_("registered"), null=True, blank=True)
    # What ended before is not owed. Empty: the whole year, as of programmes that were there from its beginning.
    reports_from = models.DateField(_("reports from"), null=True, blank=True, editable=False)
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
            models.CheckConstraint(
                condition=Q(state=ProgramState.DRAFT)
                | (~Q(problem_statement="") & ~Q(target_group="") & Q(target_count__isnull=False)),
                name="programs_program_complete",
                violation_error_message=_("A registered programme names its problem, its target group and its size."),
            ),
            models.CheckConstraint(
                condition=Q(worst_count__range=(1, 10)),
                name="programs_program_worst",
                violation_error_message=_("Between one and ten regions can count as the worst."),
            ),
            models.UniqueConstraint(
                fields=["agency", "fiscal_year", "nomenclature", "name"],
                name="programs_program_once",
                violation_error_message=_("This OPD already has a programme of that code and name in that year."),
            ),
        ]
        indexes = [
            models.Index(fields=["fiscal_year", "state"], name="programs_program_year_state"),
            word_index("name", "programs_program_words"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("programs:program", args=[self.pk])

    def owes(self, period: Period) -> bool:
        """Whether it was there when the period ended."""
        return self.fiscal_year == period.year and (self.reports_from is None or self.reports_from <= period.last_day)

    @property
    def has_evidence(self) -> bool:
        return self.evidence_series_id is not None

    def require_complete(self) -> None:
        """What a draft may leave open and a registered programme may not. Raises ValidationError."""
        if not self.problem_statement or not self.target_group or self.target_count is None:
            raise ValidationError(
                _("Complete the problem statement, the target group and the number of recipients first.")
            )

    def require_impact_indicator(self) -> None:
        if not self.indicators.filter(level__in=IMPACT_LEVELS).exists():
            raise ValidationError(
                _("Add at least one outcome or impact indicator; outputs alone say nothing of an effect.")
            )

    def require_targets(self) -> None:
        """A programme that is copied into a new year begins without targets. Raises ValidationError."""
        if lacking := list(self.indicators.filter(target__isnull=True).values_list("name", flat=True)):
            raise ValidationError(
                _("Fill in the targets of the indicators first: %(names)s.") % {"names": "; ".join(lacking)}
            )

    def reopen(self) -> None:
        """Registered → draft."""
        if ProgramState.DRAFT not in PROGRAM_TRANSITIONS[self.state]:
            raise ValidationError(_("This programme is a draft."))
        self.state, self.registered_at, self.reports_from = ProgramState.DRAFT, None, None

    def register(self) -> None:
        if ProgramState.REGISTERED not in PROGRAM_TRANSITIONS[self.state]:
            raise ValidationError(_("This programme is registered already."))
        self.require_complete()
        self.require_impact_indicator()
        self.require_targets()
        self.state = ProgramState.REGISTERED
        self.registered_at, self.reports_from = timezone.now(), timezone.localdate()


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent(), obj_field=None, append_only=True)
class ProgramRegion(Program.regions.through):  # type: ignore[name-defined]  # made by Django when it starts
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
    # Only a draft may leave it open: a new year's programmes begin without.
    target = FigureField(_("target"), null=True)
    band_low = FigureField(_("lower edge of the band"), null=True, blank=True)
    by_region = models.BooleanField(_("reported per regency and city"), default=False)
    with_total = models.BooleanField(
        _("and for the province as a whole"),
        default=False,
        help_text=_("The regions are then checked against the whole."),
    )
    reference_series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("reference series")
    )
    tolerance_kind = models.CharField(
        _("kind of tolerance"), max_length=8, choices=ToleranceKind, default=ToleranceKind.RELATIVE
    )
    tolerance = FigureField(_("tolerance"), default=5)
    formula = models.CharField(_("formula"), max_length=300, blank=True)
    numerator_label = models.CharField(_("numerator"), max_length=160, blank=True)
    denominator_label = models.CharField(_("denominator"), max_length=160, blank=True)
    disaggregation = models.CharField(_("split by"), max_length=10, choices=Disaggregation, default=Disaggregation.NONE)
    over_time = models.CharField(_("values of a year"), max_length=4, choices=OverTime, default=OverTime.LAST)
    over_regions = models.CharField(
        _("values of regions"), max_length=8, choices=OverRegions, default=OverRegions.BY_UNIT, blank=True
    )
    frequency = models.CharField(_("reported"), max_length=10, choices=Frequency, default=Frequency.QUARTERLY)
    needs_evidence = models.BooleanField(_("needs an evidence file"), default=False)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["program", "id"]
        indexes = [word_index("name", "programs_indicator_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["program", "name"],
                name="programs_indicator_once",
                violation_error_message=_("This programme already has an indicator of that name."),
            ),
            models.CheckConstraint(condition=Q(level__in=IndicatorLevel.values), name="programs_indicator_level"),
            models.CheckConstraint(condition=Q(over_time__in=OverTime.values), name="programs_indicator_over_time"),
            models.CheckConstraint(
                condition=Q(over_regions__in=OverRegions.values), name="programs_indicator_over_regions"
            ),
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
            models.CheckConstraint(
                condition=Q(numerator_label="", denominator_label="")
                | (~Q(numerator_label="") & ~Q(denominator_label="")),
                name="programs_indicator_fraction",
                violation_error_message=_("A fraction needs both its numerator and its denominator."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_fraction(self) -> bool:
        """Reported as numerator and denominator; the portal divides."""
        return bool(self.numerator_label)

    @property
    def is_cumulative(self) -> bool:
        """Inputs and outputs that are counted from January on don't fall; rates and outcomes stand for themselves."""
        is_counted = not self.unit.is_rate and self.level in {IndicatorLevel.INPUT, IndicatorLevel.OUTPUT}
        return is_counted and self.over_time == OverTime.LAST

    @property
    def pooling(self) -> OverRegions:
        """How regions go together, where no row stands for the province as a whole."""
        if self.over_regions:
            return OverRegions(self.over_regions)
        if self.is_fraction:
            return OverRegions.WEIGHTED
        return OverRegions.SUM if self.unit.adds_up else OverRegions.MEAN

    @property
    def is_shared_out(self) -> bool:
        """Whether a region's value is a part of what the target is for, and can't be held against it alone."""
        return self.by_region and self.pooling in {OverRegions.SUM, OverRegions.TOTAL}

    @property
    def factor(self) -> Decimal:
        """What the quotient is multiplied with: 100 for per cent."""
        return Decimal(100) if self.unit.is_rate else Decimal(1)


@track()
class IndicatorTarget(models.Model):
    """The target of a year or of a quarter (cumulative); `Indicator.target` is the one of the programme's own year."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets", verbose_name=_("indicator"))
    period = PeriodField(_("period"))
    value = FigureField(_("target"))

    class Meta:
        verbose_name = _("target of a period")
        verbose_name_plural = _("targets of periods")
        ordering = ["indicator", "period"]
        constraints = [models.UniqueConstraint(fields=["indicator", "period"], name="programs_indicatortarget_once")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"


@track()
class RegionTarget(models.Model):
    """How many of the target group the programme means to reach in one region."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="region_targets", verbose_name=_("programme"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    people = models.PositiveIntegerField(_("recipients planned"))

    class Meta:
        verbose_name = _("target in a region")
        verbose_name_plural = _("targets in regions")
        ordering = ["program", "region__kemendagri_code"]
        constraints = [models.UniqueConstraint(fields=["program", "region"], name="programs_regiontarget_once")]

    def __str__(self) -> str:
        return f"{self.region} {self.people}"


@track()
class Activity(models.Model):
    """A kegiatan of a programme."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="activities", verbose_name=_("programme"))
    nomenclature = models.ForeignKey(Nomenclature, models.PROTECT, verbose_name=_("nomenclature code"))

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["nomenclature__code"]
        constraints = [models.UniqueConstraint(fields=["program", "nomenclature"], name="programs_activity_once")]

    def __str__(self) -> str:
        return str(self.nomenclature)


class SubActivityQuerySet(models.QuerySet["SubActivity"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SubActivityQuerySet":
        return self.filter(activity__program__in=Program.objects.visible_to(user))

    def editable_by(self, user: "User") -> "SubActivityQuerySet":
        return self.filter(activity__program__agency_id__in=user.operated_agency_ids)

    def of_year(self, year: int) -> "SubActivityQuerySet":
        return self.filter(fiscal_year=year)


@track()
class SubActivity(models.Model):
    """A sub kegiatan of one fiscal year as SIPD's `data_sub_keg_bl` has it; `sbl_code` is the key of everything
    below."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sub_activities", verbose_name=_("activity"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    sbl_code = models.CharField(_("kode_sbl"), max_length=60)
    nomenclature = models.ForeignKey(Nomenclature, models.PROTECT, verbose_name=_("nomenclature code"))
    name = models.CharField(_("name"), max_length=300)
    ceiling_rupiah = RupiahField(_("ceiling (Rp)"))
    ceiling_before_rupiah = RupiahField(_("ceiling before changes (Rp)"), null=True, blank=True)
    ceiling_last_year_rupiah = RupiahField(_("ceiling last year (Rp)"), null=True, blank=True)
    ceiling_next_year_rupiah = RupiahField(_("ceiling next year (Rp)"), null=True, blank=True)
    target_text = models.CharField(_("target"), max_length=500, blank=True)
    output_text = models.CharField(_("output"), max_length=500, blank=True)
    indicator_text = models.CharField(_("indicator"), max_length=500, blank=True)
    unit_text = models.CharField(_("unit"), max_length=60, blank=True)
    first_month = models.PositiveSmallIntegerField(_("first month"), default=1)
    last_month = models.PositiveSmallIntegerField(_("last month"), default=12)
    location = models.CharField(_("location"), max_length=500, blank=True)
    fund_source = models.CharField(_("fund source"), max_length=300, blank=True)
    priority_labels = models.CharField(_("priorities"), max_length=500, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = SubActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("sub-activity")
        verbose_name_plural = _("sub-activities")
        ordering = ["nomenclature__code", "sbl_code"]
        indexes = [word_index("name", "programs_subactivity_words")]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "sbl_code"], name="programs_subactivity_once"),
            models.CheckConstraint(
                condition=Q(ceiling_rupiah__gte=0),
                name="programs_subactivity_ceiling",
                violation_error_message=_("A ceiling is zero or more."),
            ),
            models.CheckConstraint(
                condition=Q(first_month__range=(1, 12), last_month__range=(1, 12), last_month__gte=F("first_month")),
                name="programs_subactivity_months",
                violation_error_message=_("The last month cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@track()
class LegalBasis(models.Model):
    """A regulation behind exactly one programme, activity or sub-activity: which, which article, where to read it."""

    program = models.ForeignKey(Program, models.CASCADE, null=True, blank=True, related_name="legal_bases")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="legal_bases")
    sub_activity = models.ForeignKey(SubActivity, models.CASCADE, null=True, blank=True, related_name="legal_bases")
    regulation = models.CharField(_("regulation"), max_length=160)
    article = models.CharField(_("article"), max_length=80, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(program__isnull=False, activity__isnull=True, sub_activity__isnull=True)
                | Q(program__isnull=True, activity__isnull=False, sub_activity__isnull=True)
                | Q(program__isnull=True, activity__isnull=True, sub_activity__isnull=False),
                name="programs_legalbasis_one_owner",
            )
        ]

    def __str__(self) -> str:
        return f"{self.regulation} {self.article}".strip()
