"""The six domains of the minimum service standards and their kinds of service, as dated reference data."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.audit import track
from spm.choices import ElementKind, GovernmentLevel, IndexMethodKind, Stage, ZeroNeed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

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

    def of_level(self, level: str = GovernmentLevel.PROVINCE) -> "ServiceKindQuerySet":
        return self.filter(level=level)

    def of_year(self, year: int) -> "ServiceKindQuerySet":
        """Those in force on the first day of the fiscal year: a new regulation counts from the next one."""
        import datetime as dt

        return self.valid_on(dt.date(year, 1, 1))

    def of_agencies(self, agency_ids: "Iterable[int]") -> "ServiceKindQuerySet":
        return self.filter(agencies__in=list(agency_ids)).distinct()


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
    zero_need = models.CharField(
        _("when nobody has to be served"),
        max_length=8,
        choices=ZeroNeed,
        default=ZeroNeed.MET,
        help_text=_("Printed beside the index wherever it was used."),
    )
    need_series = models.ForeignKey(
        "datasources.Series",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("series that the need is proposed from"),
    )
    agencies = models.ManyToManyField(
        "accounts.Agency", related_name="spm_services", blank=True, verbose_name=_("responsible OPD")
    )
    target = models.DecimalField(
        _("target of the index at the end of the year"),
        max_digits=5,
        decimal_places=2,
        default=100,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("An early warning comes when the forecast stays below it; 100 is Tuntas Paripurna."),
    )
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
            models.CheckConstraint(condition=Q(zero_need__in=ZeroNeed.values), name="spm_servicekind_zero_need"),
            models.CheckConstraint(condition=Q(target__range=(0, 100)), name="spm_servicekind_target"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="spm_servicekind_dates",
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@track()
class IndexMethod(models.Model):
    """How the index of a service is worked out from a fiscal year on, as its own regulation says.

    Without a row it is recipients and quality, by the weights of the index.
    """

    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="methods", verbose_name=_("kind of service"))
    method = models.CharField(_("method"), max_length=24, choices=IndexMethodKind)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    is_verified = models.BooleanField(
        _("checked against the regulation"), default=False, help_text=_("Until then it is shown as not checked.")
    )
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("method of the index")
        verbose_name_plural = _("methods of the index")
        ordering = ["service", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["service", "valid_from"], name="spm_indexmethod_once"),
            models.CheckConstraint(condition=Q(method__in=IndexMethodKind.values), name="spm_indexmethod_method"),
        ]

    def __str__(self) -> str:
        return f"{self.service.code} {self.get_method_display()}"


@track()
class QualityElement(models.Model):
    """A quality element of a service (goods or services, staff, technical guideline), with its version's dates.

    An indicator counts only where the service has a method of its own; the others only where it has none.
    """

    service = models.ForeignKey(ServiceKind, models.PROTECT, related_name="elements", verbose_name=_("kind of service"))
    kind = models.CharField(_("kind"), max_length=10, choices=ElementKind)
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    weight = models.DecimalField(
        _("weight"), max_digits=6, decimal_places=3, default=1, validators=[MinValueValidator(Decimal("0.001"))]
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    is_verified = models.BooleanField(
        _("checked against the regulation"), default=False, help_text=_("Until then it is shown as not checked.")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("quality element")
        verbose_name_plural = _("quality elements")
        ordering = ["service", "kind", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["service", "name", "valid_from"], name="spm_qualityelement_once"),
            models.CheckConstraint(condition=Q(kind__in=ElementKind.values), name="spm_qualityelement_kind"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="spm_qualityelement_weight"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="spm_qualityelement_dates",
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


@track()
class IndexVersion(models.Model):
    """The weights of the index and its categories, from a fiscal year on, as a regulation says."""

    valid_from = models.DateField(_("valid from"), unique=True)
    recipients_weight = models.DecimalField(_("weight of the recipients"), max_digits=5, decimal_places=4)
    quality_weight = models.DecimalField(_("weight of the quality"), max_digits=5, decimal_places=4)
    legal_basis = models.CharField(_("legal basis"), max_length=200)

    class Meta:
        verbose_name = _("version of the index")
        verbose_name_plural = _("versions of the index")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recipients_weight=1 - F("quality_weight")) & Q(recipients_weight__range=(0, 1)),
                name="spm_indexversion_weights",
                violation_error_message=_("The two weights add up to 1."),
            )
        ]

    def __str__(self) -> str:
        return self.legal_basis


@track()
class IndexCategory(models.Model):
    """A category of the index: from `lowest` up to the next one."""

    version = models.ForeignKey(IndexVersion, models.CASCADE, related_name="categories")
    name = models.CharField(_("category"), max_length=60)
    lowest = models.DecimalField(_("from"), max_digits=6, decimal_places=3)
    is_verified = models.BooleanField(
        _("checked against the regulation"), default=False, help_text=_("Until then it is shown as not checked.")
    )

    class Meta:
        verbose_name = _("category of the index")
        verbose_name_plural = _("categories of the index")
        ordering = ["-lowest"]
        constraints = [models.UniqueConstraint(fields=["version", "lowest"], name="spm_indexcategory_once")]

    def __str__(self) -> str:
        return self.name


@track()
class StageItem(models.Model):
    """One thing to have done in one of the four stages of applying SPM."""

    stage = models.PositiveSmallIntegerField(_("stage"), choices=Stage)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("what"), max_length=250)
    legal_basis = models.CharField(_("legal basis"), max_length=200)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("item of a stage")
        verbose_name_plural = _("items of the stages")
        ordering = ["stage", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "name", "valid_from"], name="spm_stageitem_once"),
            models.CheckConstraint(condition=Q(stage__range=(1, 4)), name="spm_stageitem_stage"),
        ]

    def __str__(self) -> str:
        return self.name
