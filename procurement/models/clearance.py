"""Clearance: whether everybody on a package has declared and may stay (Permenpan RB 17/2024). Told once, by a view."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from procurement.choices import DecisionKind, MissingClearance, OfficerRole


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def on_package(self) -> "ClearanceQuerySet":
        """People who have a task on the package now."""
        return self.filter(officer__isnull=False, removed_at__isnull=True)

    def cleared(self) -> "ClearanceQuerySet":
        return self.on_package().filter(missing=MissingClearance.NOTHING)

    def missing(self) -> "ClearanceQuerySet":
        """What still has to happen; a package without such a row is declared completely."""
        return self.filter(~Q(missing=MissingClearance.NOTHING))


class Clearance(models.Model):
    """One official of a package with what is still missing of them, or the PPK whom the package does not have yet.

    Rows of the view `procurement_clearance` (migration 0008 has its SQL). It is the only place that says when somebody
    is cleared: the triggers of Package, the lists, the auditor's report, flag K14, the pages and the reminders ask it.
    """

    package = models.ForeignKey("procurement.Package", models.DO_NOTHING, related_name="clearances")
    officer = models.OneToOneField("procurement.Officer", models.DO_NOTHING, null=True, related_name="clearance")
    role = models.CharField(max_length=6, choices=OfficerRole)
    removed_at = models.DateTimeField(null=True)
    replaced_by = models.ForeignKey("procurement.Officer", models.DO_NOTHING, null=True, related_name="+")
    declaration = models.ForeignKey("procurement.Declaration", models.DO_NOTHING, null=True, related_name="+")
    declared_at = models.DateTimeField(null=True)
    has_interest = models.BooleanField(null=True)
    decision = models.CharField(max_length=12, choices=DecisionKind)  # of the newest declaration; empty: none
    decided_at = models.DateTimeField(null=True)
    first_declared_at = models.DateTimeField(null=True)
    first_decided_at = models.DateTimeField(null=True)
    overridden_for = ArrayField(models.CharField(max_length=10))  # the steps that the head has let pass
    missing = models.CharField(max_length=11)  # a MissingClearance

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "procurement_clearance"

    def __str__(self) -> str:
        return f"{self.officer or self.get_role_display()}: {self.missing or '✓'}"
