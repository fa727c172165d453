"""Leads: links between people and suppliers, or between bidders, with the evidence and what a reviewer found."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.separation import Act
from accounts.separation_triggers import refuses_concerned, stays
from core.audit import track
from core.choices import Role
from procurement.choices import LeadState
from procurement.models.declarations import Interest
from procurement.models.packages import Package
from procurement.models.suppliers import Supplier

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


REVIEW_LEAD = Act("procurement_lead_concerned", (Role.AUDITOR, Role.GOVERNORS_OFFICE))


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: "User | AnonymousUser") -> "LeadQuerySet":
        """Auditors only: a lead names people, and is no verdict. The governor's office sees what no auditor is left to
        look at."""
        if not isinstance(user, User):
            return self.none()
        return (
            self.all() if user.has_role(Role.AUDITOR) else REVIEW_LEAD.waiting_for(self, user, agency="package__agency")
        )

    def found(self) -> "LeadQuerySet":
        """Those whose evidence still stands."""
        return self.filter(closed_at__isnull=True)


@track(exclude=("evidence",))
class Lead(models.Model):
    """`score` says how strong the evidence is, from 0 to 1; by a name alone it never passes NAME_ONLY of matching."""

    fingerprint = models.CharField(max_length=120, unique=True, editable=False)
    official = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name=_("official")
    )
    interest = models.ForeignKey(
        Interest, models.CASCADE, null=True, related_name="leads", verbose_name=_("declared interest")
    )
    supplier = models.ForeignKey(Supplier, models.CASCADE, related_name="leads", verbose_name=_("supplier"))
    other_supplier = models.ForeignKey(
        Supplier, models.CASCADE, null=True, related_name="+", verbose_name=_("other supplier")
    )
    package = models.ForeignKey(Package, models.CASCADE, null=True, related_name="leads", verbose_name=_("package"))
    score = models.FloatField(_("strength"))
    evidence = models.JSONField(_("evidence"), default=list)
    found_at = models.DateTimeField(_("found"), default=timezone.now)
    closed_at = models.DateTimeField(_("no longer so"), null=True)
    state = models.CharField(_("result of the review"), max_length=10, choices=LeadState, default=LeadState.OPEN)
    note = models.TextField(_("finding"), blank=True, max_length=2000)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-score", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LeadState.values), name="procurement_lead_state"),
            models.CheckConstraint(
                condition=Q(state=LeadState.OPEN) | (~Q(note="") & Q(reviewed_by__isnull=False)),
                name="procurement_lead_reviewed",
                violation_error_message=_("Write what you found."),
            ),
        ]
        indexes = [models.Index(fields=["state", "-score"], name="procurement_lead_state")]
        triggers = [
            stays("fingerprint", "official_id", "supplier_id"),
            refuses_concerned(
                pgtrigger.Insert | pgtrigger.UpdateOf("reviewed_by_id"),
                person="NEW.reviewed_by_id",
                agency="SELECT p.agency_id FROM procurement_package p WHERE p.id = NEW.package_id",
                concerned="procurement_lead_concerned(NEW.id)",
                ladder=REVIEW_LEAD.ladder,
                condition=pgtrigger.Q(new__reviewed_by_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left} – {self.supplier}"

    def get_absolute_url(self) -> str:
        return reverse("procurement:lead", args=[self.pk])

    @property
    def left(self) -> str:
        """The side that is not `supplier`."""
        if self.other_supplier:
            return str(self.other_supplier)
        return self.interest.party_name if self.interest else str(self.official)
