"""Planning codes (Permendagri 90/2019 and its updates) and units of measure."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.audit import track
from core.fields import FigureField
from core.numbers import LARGEST_FIGURE, Limits
from core.word_index import word_index
from programs.choices import NomenclatureLevel

if TYPE_CHECKING:
    from accounts.models import User


class NomenclatureQuerySet(models.QuerySet["Nomenclature"]):
    def valid_in(self, year: int) -> "NomenclatureQuerySet":
        return self.filter(valid_from__lte=year).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=year))

    def of_level(self, level: NomenclatureLevel) -> "NomenclatureQuerySet":
        return self.filter(level=level)

    def for_programs(self, year: int) -> "NomenclatureQuerySet":
        """The codes that a programme of the year can have: those of programmes, not of fields or activities."""
        return self.valid_in(year).of_level(NomenclatureLevel.PROGRAM)

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


class NomenclatureVersionQuerySet(models.QuerySet["NomenclatureVersion"]):
    def in_force(self, year: int) -> "NomenclatureVersion | None":
        """The newest decision by the year: what is cited of every code that holds in it."""
        return self.filter(valid_from__lte=year).order_by("-valid_from", "-pk").first()


@track()
class NomenclatureVersion(models.Model):
    """A decision that gives or changes the nomenclature, from a fiscal year on. The newest is cited; a code says by
    which it came."""

    regulation = models.CharField(_("regulation"), max_length=120, unique=True)
    valid_from = models.PositiveSmallIntegerField(_("from year"))
    sub_activity_digits = models.PositiveSmallIntegerField(
        _("digits of a sub-activity"), default=4, help_text=_("Four since 2023, two before.")
    )
    changes = models.CharField(_("changes"), max_length=120, blank=True, help_text=_("The decision that it changes."))
    is_verified = models.BooleanField(
        _("checked against the regulation"), default=False, help_text=_("Until then it is shown as not checked.")
    )

    objects = NomenclatureVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the nomenclature")
        verbose_name_plural = _("versions of the nomenclature")
        ordering = ["-valid_from", "-id"]

    def __str__(self) -> str:
        return self.regulation


def decision_of(versions: Iterable[NomenclatureVersion], *, digits: int, year: int | None) -> tuple[str, int] | None:
    """(regulation, from year) of the newest decision by the year that writes sub-activities with so many digits; of a
    code that doesn't say its year the first one, which it may have come by. None where no decision fits."""
    fitting = sorted(
        (each for each in versions if each.sub_activity_digits == digits and (year is None or each.valid_from <= year)),
        key=lambda each: each.valid_from,
    )
    if not fitting:
        return None
    found = fitting[0] if year is None else fitting[-1]
    return found.regulation, found.valid_from


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
        indexes = [word_index("name", "programs_nomenclature_words")]
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="programs_nomenclature_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="programs_nomenclature_years",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def cited_in(self, year: int) -> str:
        """The decision by which it came, and the newest by the year where that is another. One query."""
        newest = NomenclatureVersion.objects.in_force(year)
        if newest is None or newest.regulation == self.regulation or newest.valid_from < self.valid_from:
            return self.regulation
        return _now("%(own)s, last changed by %(newest)s") % {"own": self.regulation, "newest": newest.regulation}


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
            is_amount=not self.is_rate,
        )
