"""What left the house of the hash chain, and what each verification found."""

from datetime import timedelta

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evidence.choices import DepartureWay


class HeadDepartureQuerySet(models.QuerySet["HeadDeparture"]):
    def arrived(self) -> "HeadDepartureQuerySet":
        return self.filter(problem="")

    def stamps(self) -> "HeadDepartureQuerySet":
        return self.arrived().filter(way=DepartureWay.STAMP)


class HeadDeparture(models.Model):
    """One try to get a seal out of the house; with `problem` it failed. Append-only.

    No foreign key to the block: it has to outlive a chain that was removed or made anew.
    """

    number = models.PositiveIntegerField(_("block"))
    seal = models.CharField(_("seal"), max_length=64)
    way = models.CharField(_("way"), max_length=5, choices=DepartureWay)
    where = models.CharField(_("to"), max_length=300)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    token = models.BinaryField(null=True)
    stamped_at = models.DateTimeField(_("stamped"), null=True)

    objects = HeadDepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal that left the house")
        verbose_name_plural = _("seals that left the house")
        ordering = ["-id"]
        indexes = [models.Index(fields=["way", "-id"], name="evidence_departure_way")]
        constraints = [
            models.CheckConstraint(condition=Q(way__in=DepartureWay.values), name="evidence_departure_known_way"),
            models.CheckConstraint(
                condition=Q(way=DepartureWay.STAMP, problem="", token__isnull=False, stamped_at__isnull=False)
                | (Q(token__isnull=True, stamped_at__isnull=True) & (~Q(way=DepartureWay.STAMP) | ~Q(problem=""))),
                name="evidence_departure_token",
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} {self.seal[:12]} → {self.where}"


class ChainVerification(models.Model):
    """What a verification of the chain found: every night, and when somebody asks for it. Append-only."""

    started_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), auto_now_add=True)
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(_("asked for by"), max_length=200, blank=True)
    blocks = models.PositiveIntegerField(_("seals"))
    sealed = models.PositiveBigIntegerField(_("sealed rows"))
    unsealed = models.PositiveBigIntegerField(_("not sealed yet"))
    head = models.CharField(_("newest seal"), max_length=64, blank=True)
    finding_count = models.PositiveIntegerField(_("findings"))
    findings = models.JSONField(_("findings"), default=list)
    weaknesses = models.JSONField(_("rights that the portal should not have"), default=list)

    class Meta:
        verbose_name = _("verification of the hash chain")
        verbose_name_plural = _("verifications of the hash chain")
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M} {self.finding_count}"

    @property
    def took(self) -> timedelta:
        return self.finished_at - self.started_at
