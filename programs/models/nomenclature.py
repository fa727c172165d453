"""Planning codes (Permendagri 90/2019 and its updates) and units of measure."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.audit import track
from core.fields import FigureField
from core.numbers import LARGEST_FIGURE, Limits
from programs.choices import NomenclatureLevel

if TYPE_CHECKING:
    from accounts.models import User


class NomenclatureQuerySet(models.QuerySet["Nomenclature"]):
    def valid_in(self, year: int) -> "NomenclatureQuerySet":
        return self.filter(valid_from__lte=year).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=year))

    def search(self, text: str) -> "NomenclatureQuerySet":
        """By the beginning of the code or by words of the name, in any order."""
        text = text.strip()
        if text[:1].isdecimal():
            return self.filter(code__startswith=text)
        found = self
        for word in text.split()[:8]:
            found = found.filter(name__icontains=word)
        return found

    def visible_to(self, user: "User") -> "NomenclatureQuerySet":
        return self.all() if user.is_authenticated else self.none()


@track()
class Nomenclature(models.Model):
    """A planning code and its name, as one regulation gives them for some years. The code is the identity."""

    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=300)
    level = models.CharField(_("level"), max_length=12, choices=NomenclatureLevel)
    regulation = models.CharField(_("regulation"), max_length=120)
    valid_from = models.PositiveSmallIntegerField(_("from year"))
    valid_to = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True)

    objects = NomenclatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomenclature code")
        verbose_name_plural = _("nomenclature codes")
        ordering = ["code", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="programs_nomenclature_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="programs_nomenclature_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@track()
class Unit(models.Model):
    """A unit of measure with the range that its values can have: per cent 0 to 100, counts whole and from 0."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    lowest = FigureField(_("lowest possible"), null=True, blank=True)
    highest = FigureField(_("highest possible"), null=True, blank=True)
    is_rate = models.BooleanField(_("a rate"), default=False, help_text=_("Rates are compared in percentage points."))
    adds_up = models.BooleanField(
        _("adds up over regions"), default=True, help_text=_("People and cases do; shares, years and indices don't.")
    )

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lowest__isnull=True) | Q(highest__isnull=True) | Q(lowest__lt=F("highest")),
                name="programs_unit_range",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def limits(self) -> Limits:
        """What a value in this unit may be."""
        lowest, highest = self.lowest, self.highest
        return Limits(
            self.decimals,
            -LARGEST_FIGURE if lowest is None else lowest,
            LARGEST_FIGURE if highest is None else highest,
        )
