"""Files that auditors took away, so that anybody can be told whether a given file is what the portal issued."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.choices import Role
from procurement.choices import ProcessingState
from procurement.models.processing import ProcessingQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class AuditExportQuerySet(ProcessingQuerySet["AuditExport"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AuditExportQuerySet":
        return self.filter(made_by=user) if isinstance(user, User) and user.has_role(Role.AUDITOR) else self.none()


class AuditExport(models.Model):
    """One issued file: what it holds, and its SHA-256. Files made by a task are kept under `stored_as` until
    fetched."""

    layout = models.CharField(_("layout"), max_length=12)
    file_format = models.CharField(_("format"), max_length=5)
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    filters = models.CharField(_("filters"), max_length=2000, blank=True)
    state = models.CharField(max_length=8, choices=ProcessingState, default=ProcessingState.WAITING)
    progress = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    started_at = models.DateTimeField(null=True)
    stored_as = models.CharField(max_length=80, blank=True)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    sums = models.JSONField(_("sums"), default=dict)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = AuditExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("issued file")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProcessingState.values), name="procurement_auditexport_state")
        ]
        verbose_name_plural = _("issued files")
        ordering = ["-id"]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="as_issued",
                operation=pgtrigger.UpdateOf("sha256", "rows", "sums", "file_name"),
                condition=pgtrigger.Q(old__state=ProcessingState.READY.value),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name or f"{self.layout}.{self.file_format}"


class SavedFilter(models.Model):
    """An auditor's filters under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("name"), max_length=100)
    query = models.CharField(max_length=2000)

    class Meta:
        verbose_name = _("saved filters")
        verbose_name_plural = _("saved filters")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="procurement_savedfilter_once",
                violation_error_message=_("You have filters of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
