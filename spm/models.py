"""The six domains of the minimum service standards and their kinds of service, as dated reference data."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.audit import track
from spm.choices import GovernmentLevel

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User


@track()
class Domain(models.Model):
    """One of the six domains of SPM (PP 2/2018)."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=30)
    legal_basis = models.CharField(_("legal basis"), max_length=200)

    class Meta:
        verbose_name = _("SPM domain")
        verbose_name_plural = _("SPM domains")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ServiceKindQuerySet(models.QuerySet["ServiceKind"]):
    def visible_to(self, user: "User") -> "ServiceKindQuerySet":
        return self.all() if user.is_authenticated else self.none()

    def valid_on(self, day: "dt.date") -> "ServiceKindQuerySet":
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))

    def provincial(self) -> "ServiceKindQuerySet":
        return self.filter(level=GovernmentLevel.PROVINCE)


@track()
class ServiceKind(models.Model):
    """A kind of basic service, with the regulation and technical standard that define it and when they hold."""

    domain = models.ForeignKey(Domain, models.PROTECT, related_name="services", verbose_name=_("domain"))
    code = models.CharField(_("code"), max_length=8)
    name = models.CharField(_("name"), max_length=250)
    level = models.CharField(
        _("level of government"), max_length=10, choices=GovernmentLevel, default=GovernmentLevel.PROVINCE
    )
    technical_standard = models.CharField(_("technical standard"), max_length=200)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = ServiceKindQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of service")
        verbose_name_plural = _("kinds of service")
        ordering = ["domain__code", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["level", "code", "valid_from"],
                name="spm_servicekind_once",
                violation_error_message=_("This code already has a version from that day."),
            ),
            models.CheckConstraint(condition=Q(level__in=GovernmentLevel.values), name="spm_servicekind_level"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="spm_servicekind_dates",
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
