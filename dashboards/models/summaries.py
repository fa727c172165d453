"""What dashboards read instead of raw rows. `dashboards.summaries.refresh` keeps them; nobody writes them by hand.

Triggers on the raw tables note what changed in `StaleSubject`; a task works the notes off and stamps `SummaryState`.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core.fields import FigureField, RupiahField
from core.models import Region
from dashboards.choices import Reason, Standing
from programs.models import PROVINCE_READERS, Program
from programs.registration.impact import Spending, share
from spm.models import Domain

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ProgramStandingQuerySet(models.QuerySet["ProgramStanding"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ProgramStandingQuerySet":
        if not isinstance(user, User):
            return self.none()
        if user.has_role(*PROVINCE_READERS):
            return self.all()
        return self.filter(agency_id__in=user.agency_ids)


class OfAgencies(models.QuerySet[Any]):
    """Rows that carry their OPD."""

    def visible_to(self, user: "User | AnonymousUser") -> "OfAgencies":
        if not isinstance(user, User):
            return self.none()
        return self.all() if user.has_role(*PROVINCE_READERS) else self.filter(agency_id__in=user.agency_ids)


class ProgramStanding(models.Model):
    """A registered programme at the end of a quarter, by delivered reports only; the fourth row is "up to now".

    Money (Rp) and `achievement` (per cent of the target, mean over outcomes, each cut to 0..100) run from January to
    the end of the quarter. `due`, `delivered`, `revised` and the four counts of verdicts are of the quarter alone.
    """

    program = models.ForeignKey(Program, models.CASCADE, related_name="+", verbose_name=_("programme"))
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", verbose_name=_("OPD"))
    domain = models.ForeignKey(Domain, models.CASCADE, null=True, related_name="+", verbose_name=_("SPM domain"))
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    budget_rupiah = RupiahField(_("budget (Rp)"))
    planned_rupiah = RupiahField(_("planned cash (Rp)"), null=True)
    spent_rupiah = RupiahField(_("spent (Rp)"), null=True)
    ceremonial_rupiah = RupiahField(default=0)
    supporting_rupiah = RupiahField(default=0)
    direct_rupiah = RupiahField(default=0)
    achievement = FigureField(_("achievement (%)"), null=True)
    people = models.PositiveIntegerField(_("people affected"), default=0)
    reached = models.PositiveIntegerField(_("people reached"), null=True)
    due = models.PositiveSmallIntegerField(default=0)
    delivered = models.PositiveSmallIntegerField(default=0)
    revised = models.PositiveSmallIntegerField(default=0)
    matches = models.PositiveIntegerField(default=0)
    explain = models.PositiveIntegerField(default=0)
    deviates = models.PositiveIntegerField(default=0)
    no_reference = models.PositiveIntegerField(default=0)
    has_evidence = models.BooleanField(default=False)
    stands_still = models.BooleanField(default=False)
    state = models.CharField(_("standing"), max_length=9, choices=Standing)
    reasons = ArrayField(models.CharField(max_length=12, choices=Reason), default=list, verbose_name=_("reasons"))

    objects = ProgramStandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of a programme")
        verbose_name_plural = _("standings of programmes")
        ordering = ["program", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["program", "quarter"], name="dashboards_programstanding_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="dashboards_programstanding_quarter"),
        ]
        indexes = [models.Index(fields=["fiscal_year", "quarter", "agency"], name="dashboards_standing_year")]

    def __str__(self) -> str:
        return f"{self.program_id} {self.fiscal_year}-Q{self.quarter} {self.state}"

    @property
    def is_late(self) -> bool:
        """Its quarterly report is due and was not delivered."""
        return bool(self.due) and not self.delivered

    @property
    def spending(self) -> Spending:
        return Spending(self.ceremonial_rupiah, self.supporting_rupiah, self.direct_rupiah)

    @property
    def spent_percent(self) -> Decimal | None:
        """Of the budget (serapan)."""
        return share(self.spent_rupiah, self.budget_rupiah) if self.spent_rupiah is not None else None

    @property
    def of_plan_percent(self) -> Decimal | None:
        """Of the cash planned up to the month reported."""
        if self.spent_rupiah is None or not self.planned_rupiah:
            return None
        return share(self.spent_rupiah, self.planned_rupiah)

    @property
    def reason_texts(self) -> list[str]:
        return [str(Reason(reason).label) for reason in self.reasons]


class RegionTally(models.Model):
    """A programme in a region in a quarter: whether it reaches it, and the verdicts on its reported values there."""

    program = models.ForeignKey(Program, models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    domain = models.ForeignKey(Domain, models.CASCADE, null=True, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    reaches = models.BooleanField(default=False)
    matches = models.PositiveIntegerField(default=0)
    explain = models.PositiveIntegerField(default=0)
    deviates = models.PositiveIntegerField(default=0)
    no_reference = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)

    objects = OfAgencies.as_manager()

    class Meta:
        verbose_name = _("programme in a region")
        verbose_name_plural = _("programmes in regions")
        constraints = [
            models.UniqueConstraint(fields=["program", "quarter", "region"], name="dashboards_regiontally_once")
        ]
        indexes = [models.Index(fields=["fiscal_year", "region", "quarter"], name="dashboards_regiontally_year")]

    def __str__(self) -> str:
        return f"{self.program_id} {self.region_id} {self.fiscal_year}-Q{self.quarter}"


class PackageTally(models.Model):
    """The packages of an OPD in a year and an SPM domain (by their programme): counts and ceilings in Rp.

    `missing` lack declarations; `held` are those of them still planned: the gate holds them. `flagged` carry at least
    one of the `flags` that are raised.
    """

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    domain = models.ForeignKey(Domain, models.CASCADE, null=True, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    packages = models.PositiveIntegerField(default=0)
    ceiling_rupiah = RupiahField(default=0)
    open = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(default=0)
    missing_rupiah = RupiahField(default=0)
    held = models.PositiveIntegerField(default=0)
    flagged = models.PositiveIntegerField(default=0)
    flags = models.PositiveIntegerField(default=0)
    contracted = models.PositiveIntegerField(default=0)
    contracted_rupiah = RupiahField(default=0)

    objects = OfAgencies.as_manager()

    class Meta:
        verbose_name = _("packages of an OPD")
        verbose_name_plural = _("packages of OPD")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "fiscal_year", "domain"], nulls_distinct=False, name="dashboards_packagetally_once"
            )
        ]
        indexes = [models.Index(fields=["fiscal_year"], name="dashboards_packagetally_year")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.fiscal_year}"


class StaleSubject(models.Model):
    """A note by a trigger that a summary no longer says what the rows say. Appended only, so that writers never
    wait."""

    PROGRAM, PACKAGES, PAGE = "program", "packages", "page"
    subject = models.CharField(max_length=8, choices=[(each, each) for each in (PROGRAM, PACKAGES, PAGE)])
    key = models.BigIntegerField()  # the programme, or the OPD
    fiscal_year = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("stale summary")
        verbose_name_plural = _("stale summaries")

    def __str__(self) -> str:
        return f"{self.subject} {self.key}"


class SummaryState(models.Model):
    """One row: `as_of` is when the summaries last agreed with the rows, `version` grows with every change."""

    version = models.BigIntegerField(default=0)
    as_of = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("state of the summaries")
        verbose_name_plural = _("states of the summaries")

    def __str__(self) -> str:
        return f"{self.version} {self.as_of}"

    @classmethod
    def current(cls) -> "SummaryState":
        """One query; before the first refresh version 0 as of now."""
        return cls.objects.first() or cls()
