"""How OPD are sorted for the Monday meeting: the rule as dated data, and how each stood in each week."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core.audit import track
from dashboards.choices import Light
from programs.models import PROVINCE_READERS

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def _percent(name: Any) -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(name, max_digits=5, decimal_places=2)


class LightRuleQuerySet(models.QuerySet["LightRule"]):
    def in_force(self, day: dt.date) -> "LightRule | None":
        return self.filter(valid_from__lte=day).order_by("-valid_from").first()


@track()
class LightRule(models.Model):
    """From a day on: above which per cent (of the planned cash, and of the outcomes' targets) an OPD is green, up to
    which it is red, and from which share of its budget lines ceremony is too much."""

    valid_from = models.DateField(_("valid from"), unique=True)
    green_above = _percent(_("green above (%)"))
    red_up_to = _percent(_("red up to (%)"))
    ceremony_limit = _percent(_("limit of the ceremonial share (%)"))
    basis = models.CharField(_("basis"), max_length=300)

    objects = LightRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of red, yellow and green")
        verbose_name_plural = _("rules of red, yellow and green")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(red_up_to__gte=0, red_up_to__lt=F("green_above"), ceremony_limit__range=(0, 100)),
                name="dashboards_lightrule_order",
                violation_error_message=_("Red ends below where green begins; shares lie between 0 and 100."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}: {self.red_up_to} / {self.green_above}"

    def light(self, of_plan: Decimal | None, achieved: Decimal | None) -> Light:
        """By the worse of the two that is known."""
        known = [each for each in (of_plan, achieved) if each is not None]
        if not known:
            return Light.NONE
        worst = min(known)
        if worst <= self.red_up_to:
            return Light.RED
        return Light.GREEN if worst > self.green_above else Light.YELLOW


class AgencyLightQuerySet(models.QuerySet["AgencyLight"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AgencyLightQuerySet":
        if not isinstance(user, User):
            return self.none()
        return self.all() if user.has_role(*PROVINCE_READERS) else self.filter(agency_id__in=user.agency_ids)


class AgencyLight(models.Model):
    """How an OPD stood in a week, kept by its Monday: what the next Monday is compared with."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    monday = models.DateField()
    light = models.CharField(max_length=6, choices=Light)
    of_plan = models.DecimalField(null=True, max_digits=12, decimal_places=2)
    achieved = models.DecimalField(null=True, max_digits=12, decimal_places=2)

    objects = AgencyLightQuerySet.as_manager()

    class Meta:
        verbose_name = _("light of an OPD")
        verbose_name_plural = _("lights of OPD")
        ordering = ["monday", "agency"]
        constraints = [
            models.UniqueConstraint(fields=["fiscal_year", "monday", "agency"], name="dashboards_agencylight_once"),
            models.CheckConstraint(condition=Q(light__in=Light.values), name="dashboards_agencylight_light"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.monday} {self.light}"
