"""Planning documents as data: RPJMD and Renstra, from the vision down to the targets with their indicators."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.audit import track
from core.fields import RupiahField
from programs.choices import PlanKind, PlanLevel

if TYPE_CHECKING:
    from accounts.models import User

PLAN_YEARS = 5


class PlanDocumentQuerySet(models.QuerySet["PlanDocument"]):
    def covering(self, year: int) -> "PlanDocumentQuerySet":
        return self.filter(first_year__lte=year, last_year__gte=year)

    def visible_to(self, user: "User") -> "PlanDocumentQuerySet":
        """Plans are public inside the portal."""
        return self.all() if user.is_authenticated else self.none()


@track()
class PlanDocument(models.Model):
    """The province's RPJMD (`agency` empty) or one OPD's Renstra, for five years, with the regulation that sets it."""

    kind = models.CharField(_("kind"), max_length=8, choices=PlanKind)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="plans", verbose_name="OPD")
    name = models.CharField(_("name"), max_length=200)
    first_year = models.PositiveSmallIntegerField(_("from year"))
    last_year = models.PositiveSmallIntegerField(_("to year"))
    regulation = models.CharField(_("regulation"), max_length=160, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False, editable=False)

    objects = PlanDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("planning document")
        verbose_name_plural = _("planning documents")
        ordering = ["kind", "agency__name", "-first_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "agency", "first_year"], name="programs_plandocument_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="programs_plandocument_years"),
            models.CheckConstraint(
                condition=Q(kind=PlanKind.RPJMD, agency__isnull=True) | Q(kind=PlanKind.RENSTRA, agency__isnull=False),
                name="programs_plandocument_owner",
                violation_error_message=_("An RPJMD belongs to the province, a Renstra to one OPD."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)


@track()
class PlanItem(models.Model):
    """One line of a planning cascade; a target (sasaran) hangs under a goal, a goal under a mission."""

    document = models.ForeignKey(PlanDocument, models.CASCADE, related_name="items", verbose_name=_("document"))
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    level = models.CharField(_("level"), max_length=8, choices=PlanLevel)
    text = models.CharField(_("text"), max_length=1000)

    class Meta:
        verbose_name = _("line of a plan")
        verbose_name_plural = _("lines of plans")
        ordering = ["document", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "parent", "level", "text"], name="programs_planitem_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.text


@track()
class PlanIndicator(models.Model):
    """An indicator of a line (IKU): where it starts, its target of each of five years, and at the end.

    Plans write targets as people do (`83,5`, `A`, `WTP`), so they are kept as written.
    """

    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="indicators", verbose_name=_("line"))
    name = models.CharField(_("indicator"), max_length=400)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    baseline = models.CharField(_("baseline"), max_length=60, blank=True)
    targets = ArrayField(models.CharField(max_length=60, blank=True), size=PLAN_YEARS, verbose_name=_("yearly targets"))
    final_target = models.CharField(_("final target"), max_length=60, blank=True)
    ceilings_rupiah = ArrayField(
        RupiahField(null=True), size=PLAN_YEARS, default=list, blank=True, verbose_name=_("yearly ceilings (Rp)")
    )

    class Meta:
        verbose_name = _("indicator of a plan")
        verbose_name_plural = _("indicators of plans")
        ordering = ["item", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "name"], name="programs_planindicator_once")]

    def __str__(self) -> str:
        return self.name
