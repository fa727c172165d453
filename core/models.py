"""Regions and the audit trail's decisions."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.choices import RegionLevel
from core.fields import EncryptedTextField
from core.formats import acting
from core.moments import dated_by_database

PROVINCE_KEMENDAGRI_CODE = "64"


class RegionQuerySet(models.QuerySet["Region"]):
    def regencies(self) -> "RegionQuerySet":
        """The ten kabupaten/kota, in the order of their Kemendagri codes."""
        return self.filter(level=RegionLevel.REGENCY).order_by("kemendagri_code")

    def province_and_regencies(self) -> "RegionQuerySet":
        return self.exclude(level=RegionLevel.DISTRICT).order_by("kemendagri_code")


class Region(models.Model):
    """A region under both code systems, which differ: BPS 6402 is Kutai Barat, Kemendagri 64.02 Kutai Kartanegara."""

    kemendagri_code = models.CharField(_("Kemendagri code"), max_length=13, unique=True)
    bps_code = models.CharField(_("BPS code"), max_length=10, unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=100)
    abbreviation = models.CharField(_("abbreviation"), max_length=12, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=RegionLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("part of"))

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["kemendagri_code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=RegionLevel.values),
                name="core_region_level",
                violation_error_message=_("Choose one of the levels."),
            ),
            models.CheckConstraint(
                condition=Q(level=RegionLevel.PROVINCE, parent__isnull=True)
                | (~Q(level=RegionLevel.PROVINCE) & Q(parent__isnull=False)),
                name="core_region_parent",
                violation_error_message=_("Only a province stands on its own; every other region is part of one."),
            ),
            models.CheckConstraint(
                condition=Q(level=RegionLevel.DISTRICT) | Q(bps_code__isnull=False),
                name="core_region_bps_code",
                violation_error_message=_("A province, regency or city needs its BPS code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """'Kutai Barat' for 'Kabupaten Kutai Barat', 'Samarinda' for 'Kota Samarinda': for maps and charts."""
        return self.name.removeprefix("Kabupaten ").removeprefix("Kota ")

    @property
    def tag(self) -> str:
        """'Kukar' where the region has a common abbreviation, else its short name: for narrow columns."""
        return self.abbreviation or self.short_name


class AuditEvent(models.Model):
    """A decision or a read that must leave a trace. Append-only (a trigger refuses UPDATE and DELETE)."""

    at = models.DateTimeField(_("at"), auto_now_add=True, db_index=True)
    action = models.CharField(_("action"), max_length=60)
    target_type = models.CharField(max_length=60, blank=True)
    target_id = models.CharField(max_length=60, blank=True)
    target_name = models.CharField(max_length=300, blank=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("by"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-id"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="core_auditevent_target")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            dated_by_database("at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_name}".strip()

    @property
    def who(self) -> str:
        """Who did it, and in whose place."""
        return acting(self.actor_name, self.details.get("acting_for"))

    @property
    def why(self) -> str:
        """The reason; of signatures that were refused before it was kept there, what their details say."""
        return self.reason or str(self.details.get("problem") or "")


class ChainBlock(models.Model):
    """A seal over rows that were not sealed before; `hash` covers the block before it. See core.chain."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    sealed_at = models.DateTimeField(_("sealed"))
    columns = models.JSONField(default=dict)
    entries = models.PositiveIntegerField(_("rows"))
    content = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(_("seal"), max_length=64)

    class Meta:
        verbose_name = _("seal of the audit chain")
        verbose_name_plural = _("seals of the audit chain")
        ordering = ["-number"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"


class ChainEntry(models.Model):
    """What one row said when it was sealed."""

    block = models.ForeignKey(ChainBlock, models.PROTECT, related_name="rows")
    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("sealed row")
        verbose_name_plural = _("sealed rows")
        constraints = [models.UniqueConstraint(fields=["table", "row"], name="core_chainentry_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.table} {self.row}"


class StructurePart(models.Model):
    """How a table, view or function was defined when the migrations were done. See core.structure."""

    name = models.CharField(max_length=300, unique=True)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("part of the database's structure")
        verbose_name_plural = _("parts of the database's structure")
        db_table_comment = "written by migrations only"

    def __str__(self) -> str:
        return self.name


class FormAnswer(models.Model):
    """The answer to a form that changed something, for the same form sent again. See core.form_keys."""

    sending = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    answer = EncryptedTextField()  # a page may show what only its reader may see

    class Meta:
        verbose_name = _("answer to a form")
        verbose_name_plural = _("answers to forms")

    def __str__(self) -> str:
        return self.sending[:12]
