"""Early warnings: what the rules of `dashboards.early_warnings.rules` find, kept from the day it is raised to the day
it is proved."""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core import row_sets
from core.audit import track
from core.fields import RupiahField
from dashboards.choices import WarningKind
from dashboards.models.directives import DIRECTIVE_READERS
from programs.models import Program

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class WarningQuerySet(models.QuerySet["EarlyWarning"]):
    def visible_to(self, user: "User | AnonymousUser") -> "WarningQuerySet":
        """The office, verifiers and auditors see all, an OPD its own."""
        if not isinstance(user, User):
            return self.none()
        if user.has_role(*DIRECTIVE_READERS):
            return self.all()
        return self.filter(agency_id__in=user.agency_ids)

    def open(self) -> "WarningQuerySet":
        return self.filter(closed_at__isnull=True)

    def silenced(self, today: dt.date) -> "WarningQuerySet":
        return self.open().filter(silenced_until__gte=today)

    def active(self, today: dt.date) -> "WarningQuerySet":
        """Still so, and not silenced."""
        return self.open().filter(Q(silenced_until__isnull=True) | Q(silenced_until__lt=today))


@track(exclude=("facts", "people", "rupiah", "score", "seen_at"))
class EarlyWarning(models.Model):
    """One thing that is likely to go wrong. `facts` are the figures of its reason; `score` is people × money.

    `came_true` is filled in for forecasts, when the end of the year shows it.
    """

    kind = models.CharField(_("kind"), max_length=11, choices=WarningKind)
    key = models.CharField(max_length=80)  # the subject, in the terms of its kind
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    agency = models.ForeignKey(Agency, models.CASCADE, null=True, related_name="warnings", verbose_name=_("OPD"))
    program = models.ForeignKey(
        Program, models.CASCADE, null=True, related_name="warnings", verbose_name=_("programme")
    )
    subject = models.CharField(_("subject"), max_length=300)
    url = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    people = models.BigIntegerField(_("people affected"), default=0)
    rupiah = RupiahField(_("money (Rp)"), default=0)
    score = models.FloatField(default=0)
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)
    closed_at = models.DateTimeField(_("no longer so"), null=True, blank=True)
    silenced_until = models.DateField(_("silenced until"), null=True, blank=True)
    silenced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    silenced_because = models.CharField(_("why silenced"), max_length=500, blank=True)
    came_true = models.BooleanField(_("came true"), null=True)
    judged_at = models.DateTimeField(_("proved"), null=True, blank=True)

    ROW_SET = "warning"  # the name that its rows go by in lists

    objects = WarningQuerySet.as_manager()

    class Meta:
        verbose_name = _("early warning")
        verbose_name_plural = _("early warnings")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "fiscal_year"], name="dashboards_warning_once"),
            models.CheckConstraint(condition=Q(kind__in=WarningKind.values), name="dashboards_warning_kind"),
            models.CheckConstraint(
                condition=Q(silenced_until__isnull=True) | ~Q(silenced_because=""),
                name="dashboards_warning_silenced",
                violation_error_message=_("Say why the warning is silenced."),
            ),
        ]
        indexes = [models.Index(fields=["fiscal_year", "closed_at", "-score"], name="dashboards_warning_ranked")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"

    @property
    def rows_url(self) -> str:
        """Where a reader sees what it is about: exactly the rows that it counts, where it counts any."""
        return row_sets.address(self.url, self.ROW_SET, self.pk) if "rows" in self.facts else self.url
