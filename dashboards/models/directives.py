"""Directives (arahan) of the governor, and what the OPD do about them."""

import datetime as dt
from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from accounts.separation import Act
from accounts.separation_triggers import refuses_concerned
from core.audit import track
from core.choices import Role
from core.fields import has_happened
from core.text import shortened
from core.versioning import VersionedModel
from dashboards.choices import DirectiveState
from procurement.models import Package
from programs.models import Indicator, Program

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

# They follow what was directed to every OPD; an OPD sees what was directed to it.
DIRECTIVE_READERS = (Role.GOVERNORS_OFFICE, Role.VERIFIER, Role.AUDITOR)


# The governor's office closes a directive; who said that it is carried out does not.
CLOSE_DIRECTIVE = Act("dashboards_directive_concerned", (Role.GOVERNORS_OFFICE, Role.AUDITOR))


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def visible_to(self, user: "User | AnonymousUser") -> "DirectiveQuerySet":
        if not isinstance(user, User):
            return self.none()
        if user.has_role(*DIRECTIVE_READERS):
            return self.all()
        return self.filter(agency_id__in=user.agency_ids)

    def open(self) -> "DirectiveQuerySet":
        return self.filter(state=DirectiveState.OPEN)

    def answered(self) -> "DirectiveQuerySet":
        return self.filter(state=DirectiveState.ANSWERED)

    def overdue(self, today: dt.date) -> "DirectiveQuerySet":
        """Past their day and not carried out, whatever the OPD says: these head the next briefing."""
        return self.filter(state__in=[DirectiveState.OPEN, DirectiveState.ANSWERED], due_on__lt=today)


@track()
class Directive(VersionedModel):
    """What the governor asks of one OPD, until when, and by what it is seen to be done."""

    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="directives", verbose_name=_("OPD"))
    text = models.CharField(_("directive"), max_length=500)
    measure = models.CharField(
        _("measure of success"), max_length=300, help_text=_("By what one sees that it is carried out.")
    )
    given_on = models.DateField(_("given on"), default=timezone.localdate, validators=[has_happened])
    due_on = models.DateField(_("due on"))
    program = models.ForeignKey(
        Program, models.SET_NULL, null=True, blank=True, related_name="directives", verbose_name=_("programme")
    )
    indicator = models.ForeignKey(
        Indicator, models.SET_NULL, null=True, blank=True, related_name="directives", verbose_name=_("indicator")
    )
    package = models.ForeignKey(
        Package, models.SET_NULL, null=True, blank=True, related_name="directives", verbose_name=_("package")
    )
    state = models.CharField(_("state"), max_length=9, choices=DirectiveState, default=DirectiveState.OPEN)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("directive")
        verbose_name_plural = _("directives")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="dashboards_directive_number"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("given_on")),
                name="dashboards_directive_days",
                violation_error_message=_("The due day comes after the day it is given."),
            ),
            models.CheckConstraint(condition=Q(state__in=DirectiveState.values), name="dashboards_directive_state"),
            models.CheckConstraint(
                condition=Q(state__in=[DirectiveState.OPEN, DirectiveState.ANSWERED], closed_at__isnull=True)
                | Q(state__in=[DirectiveState.DONE, DirectiveState.WITHDRAWN], closed_at__isnull=False),
                name="dashboards_directive_closed",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "due_on"], name="dashboards_directive_due")]

    def __str__(self) -> str:
        return shortened(f"{self.number_text} {self.text}", 120)

    def get_absolute_url(self) -> str:
        return reverse("directive", args=[self.pk])

    @property
    def number_text(self) -> str:
        return f"A-{self.year}-{self.number:03d}"

    @property
    def newest_percent(self) -> int | None:
        """As last reported; without a query where the follow-ups are prefetched."""
        told = [row.percent for row in self.follow_ups.all() if row.percent is not None]
        return told[-1] if told else None

    def is_late(self, today: dt.date) -> bool:
        return self.closed_at is None and self.due_on < today


class FollowUp(models.Model):
    """One word on a directive: the OPD's progress or answer, or the office's reply. Never changed."""

    directive = models.ForeignKey(Directive, models.CASCADE, related_name="follow_ups", verbose_name=_("directive"))
    text = models.TextField(_("follow-up"), max_length=2000)
    percent = models.PositiveSmallIntegerField(_("carried out (%)"), null=True, blank=True)
    state = models.CharField(_("state after it"), max_length=9, choices=DirectiveState)
    lacking_reason = models.CharField(_("why below 100% or without proof"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    file_name = models.CharField(_("proof"), max_length=160, blank=True)
    content_type = models.CharField(max_length=120, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    stored_as = models.CharField(max_length=80, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["directive", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__range=(0, 100)),
                name="dashboards_followup_percent",
                violation_error_message=_("Write a share between 0 and 100 per cent."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            refuses_concerned(
                pgtrigger.Insert,
                person="NEW.by_id",
                agency="SELECT d.agency_id FROM dashboards_directive d WHERE d.id = NEW.directive_id",
                concerned="dashboards_directive_concerned(NEW.directive_id)",
                ladder=CLOSE_DIRECTIVE.ladder,
                condition=pgtrigger.Q(new__state__in=[DirectiveState.DONE, DirectiveState.WITHDRAWN]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directive.number_text}: {self.text}"[:120]
