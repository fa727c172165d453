"""What was needed and served, month by month, the quality elements, the stages, and the index worked out from them."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.audit import track
from core.fields import FigureField, PeriodField, RupiahField, has_happened
from core.models import Region
from core.versioning import VersionedModel
from spm.choices import GovernmentLevel, IndexLevel
from spm.index import is_provisional
from spm.models.services import Domain, QualityElement, ServiceKind, StageItem

if TYPE_CHECKING:
    from accounts.models import User

DIGITS, DECIMALS = 40, 30  # of the exact index


class AchievementQuerySet(models.QuerySet["Achievement"]):
    def visible_to(self, user: "User") -> "AchievementQuerySet":
        """Basic services are everybody's concern: open to all who are signed in."""
        return self.all() if user.is_authenticated else self.none()

    def editable_by(self, user: "User") -> "AchievementQuerySet":
        return self.filter(service__agencies__in=user.operated_agency_ids).distinct()


@track()
class Achievement(VersionedModel):
    """Block A of one service, region and month, counted from January on: who must be served, who was.

    `proposed_need` is what the reference data gave and `need_source` the version of it; another need wants a reason.
    """

    service = models.ForeignKey(
        ServiceKind, models.PROTECT, related_name="achievements", verbose_name=_("kind of service")
    )
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    period = PeriodField(_("month"))
    must_be_served = models.PositiveIntegerField(_("must be served"))
    served = models.PositiveIntegerField(_("served"))
    unserved_reason = models.CharField(_("why some were not served yet"), max_length=1000, blank=True)
    proposed_need = models.PositiveIntegerField(_("proposed need"), null=True, blank=True)
    need_source = models.ForeignKey("datasources.Observation", models.PROTECT, null=True, blank=True, related_name="+")
    need_reason = models.CharField(_("why the need is another one"), max_length=1000, blank=True)
    over_reason = models.CharField(
        _("why more was served than needed, or less than the month before"), max_length=1000, blank=True
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )

    objects = AchievementQuerySet.as_manager()

    class Meta:
        verbose_name = _("SPM achievement")
        verbose_name_plural = _("SPM achievements")
        ordering = ["service", "region__kemendagri_code", "period"]
        constraints = [
            models.UniqueConstraint(fields=["service", "region", "period"], name="spm_achievement_once"),
            models.CheckConstraint(
                condition=Q(proposed_need__isnull=True) | Q(must_be_served=F("proposed_need")) | ~Q(need_reason=""),
                name="spm_achievement_need_reason",
                violation_error_message=_("The need is another one than the reference data propose: say why."),
            ),
            models.CheckConstraint(
                condition=Q(served__gte=F("must_be_served")) | ~Q(unserved_reason=""),
                name="spm_achievement_unserved_reason",
                violation_error_message=_("Say why some were not served yet."),
            ),
            models.CheckConstraint(
                condition=Q(served__lte=F("must_be_served")) | ~Q(over_reason=""),
                name="spm_achievement_over_reason",
                violation_error_message=_("More were served than had to be: say why, or correct the need."),
            ),
        ]
        indexes = [models.Index(fields=["period", "region"], name="spm_achievement_period")]

    def __str__(self) -> str:
        return f"{self.service.code} {self.region} {self.period}"

    @property
    def not_yet_served(self) -> int:
        return max(self.must_be_served - self.served, 0)


@track()
class QualityFigure(models.Model):
    """Block B: a quality element of an achievement, required and fulfilled."""

    achievement = models.ForeignKey(Achievement, models.CASCADE, related_name="quality")
    element = models.ForeignKey(QualityElement, models.PROTECT, verbose_name=_("quality element"))
    required = FigureField(_("required"))
    fulfilled = FigureField(_("fulfilled"))

    class Meta:
        verbose_name = _("figure of a quality element")
        verbose_name_plural = _("figures of quality elements")
        ordering = ["achievement", "element"]
        constraints = [
            models.UniqueConstraint(fields=["achievement", "element"], name="spm_qualityfigure_once"),
            models.CheckConstraint(
                condition=Q(required__gte=0) & Q(fulfilled__gte=0),
                name="spm_qualityfigure_positive",
                violation_error_message=_("A figure of a quality element is zero or more."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.element)


@track()
class StageProgress(models.Model):
    """Whether an item of a stage is done for a service in a fiscal year, and what shows it."""

    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="stages")
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    item = models.ForeignKey(StageItem, models.PROTECT, related_name="+")
    note = models.CharField(_("what shows it"), max_length=500)
    done_on = models.DateField(_("done on"), validators=[has_happened])
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("progress of a stage")
        verbose_name_plural = _("progress of the stages")
        ordering = ["service", "fiscal_year", "item"]
        constraints = [
            models.UniqueConstraint(fields=["service", "fiscal_year", "item"], name="spm_stageprogress_once")
        ]

    def __str__(self) -> str:
        return f"{self.service.code} {self.fiscal_year} {self.item}"


class GapPlanQuerySet(models.QuerySet["GapPlan"]):
    def visible_to(self, user: "User") -> "GapPlanQuerySet":
        return self.all() if user.is_authenticated else self.none()


@track()
class GapPlan(models.Model):
    """What somebody means to add for a service and region, and the index that it would give: a what-if, kept."""

    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="plans", verbose_name=_("kind of service"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    period = PeriodField(_("month"))
    added_recipients = models.PositiveIntegerField(_("more recipients"), default=0)
    added_elements = models.JSONField(_("more of the quality elements"), default=dict, blank=True)
    index_before = models.DecimalField(_("index before"), max_digits=DIGITS, decimal_places=DECIMALS)
    index_after = models.DecimalField(_("index after"), max_digits=DIGITS, decimal_places=DECIMALS)
    cost_rupiah = RupiahField(_("cost at the realised unit cost (Rp)"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = GapPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan to close a gap")
        verbose_name_plural = _("plans to close gaps")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.service.code} {self.region} {self.period}"


class IndexValueQuerySet(models.QuerySet["IndexValue"]):
    def visible_to(self, user: "User") -> "IndexValueQuerySet":
        """Basic services are everybody's concern: open to all who are signed in."""
        return self.all() if user.is_authenticated else self.none()


class IndexValue(models.Model):
    """The index of a service, a domain or a whole region in a month, worked out by `spm.index_store`, never typed.

    The services of the province and those of the regencies (`government`) make an index each. In per cent, thirty
    decimals. `entered` of `expected` rows (service × region) went into it: `over` of them with more than is needed,
    `lacking_quality` without some quality element; `zero_need` of its services without a need. `unserved` are people,
    counted region by region.
    """

    government = models.CharField(max_length=10, choices=GovernmentLevel, default=GovernmentLevel.PROVINCE)
    level = models.CharField(max_length=8, choices=IndexLevel)
    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    period = PeriodField(_("month"))
    domain = models.ForeignKey(Domain, models.CASCADE, null=True, related_name="+")
    service = models.ForeignKey(ServiceKind, models.CASCADE, null=True, related_name="+")
    recipients = models.DecimalField(null=True, max_digits=DIGITS, decimal_places=DECIMALS)
    recipients_uncapped = models.DecimalField(null=True, max_digits=DIGITS, decimal_places=DECIMALS)
    quality = models.DecimalField(null=True, max_digits=DIGITS, decimal_places=DECIMALS)
    index = models.DecimalField(null=True, max_digits=DIGITS, decimal_places=DECIMALS)
    must_be_served = models.BigIntegerField(null=True)
    served = models.BigIntegerField(null=True)
    unserved = models.BigIntegerField(null=True)
    over = models.PositiveSmallIntegerField(default=0)
    lacking_quality = models.PositiveSmallIntegerField(default=0)
    zero_need = models.PositiveSmallIntegerField(default=0)
    entered = models.PositiveSmallIntegerField(default=1)
    expected = models.PositiveSmallIntegerField(default=1)

    objects = IndexValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("index value")
        verbose_name_plural = _("index values")
        ordering = ["period", "region", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["government", "level", "region", "period", "domain", "service"],
                nulls_distinct=False,
                name="spm_indexvalue_once",
            ),
            models.CheckConstraint(
                condition=Q(index__isnull=True) | Q(index__range=(0, 100)), name="spm_indexvalue_range"
            ),
        ]
        indexes = [models.Index(fields=["period", "level", "region"], name="spm_indexvalue_period")]

    def __str__(self) -> str:
        return f"{self.level} {self.region} {self.period}"

    @property
    def is_provisional(self) -> bool:
        """Whether something is not entered yet: then it has no category."""
        return is_provisional(self.entered, self.expected, self.lacking_quality)

    @property
    def complete(self) -> int:
        """Rows that are entered with all of their quality."""
        return self.entered - self.lacking_quality

    @property
    def coverage(self) -> str:
        """What is said beside the index while something is not entered; "" for the whole."""
        if not self.is_provisional:
            return ""
        return _now("provisional, %(complete)s of %(expected)s entered") % {
            "complete": self.complete,
            "expected": self.expected,
        }
