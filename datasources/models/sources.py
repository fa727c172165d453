"""Who publishes figures, what it offers, and the series that are drawn from it."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import track
from core.fields import EncryptedTextField
from core.models import Region
from datasources.choices import CatalogueState, CodeSystem, MappedBy, PullState, WorstSide

if TYPE_CHECKING:
    from accounts.models import User

BREAKER_FAILURES = 5
BREAKER_PAUSE = dt.timedelta(minutes=15)


def source_kinds() -> list[tuple[str, Any]]:
    """The kinds that a connector speaks for; a new file in `connectors` is a new kind."""
    from datasources.connectors.registry import kinds

    return kinds()


@track(
    exclude=(
        "api_key",
        "consecutive_failures",
        "paused_until",
        "catalogue_state",
        "catalogue_problem",
        "catalogue_progress",
        "catalogue_started_at",
        "catalogued_at",
    )
)
class Source(models.Model):
    """A publisher of figures. `is_sample`: its figures are made up, and every place that shows them says so."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=source_kinds)
    base_address = models.URLField(_("base address"), blank=True)
    api_key = EncryptedTextField(_("key"), blank=True, help_text=_("Stored encrypted, never shown again."))
    key_header = models.CharField(_("header of the key"), max_length=60, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    consecutive_failures = models.PositiveIntegerField(default=0, editable=False)
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)
    catalogue_state = models.CharField(
        _("state of the catalogue"), max_length=10, choices=CatalogueState, default=CatalogueState.NONE, editable=False
    )
    catalogue_progress = models.PositiveIntegerField(default=0, editable=False)
    catalogue_problem = models.TextField(blank=True, editable=False)
    catalogue_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    catalogued_at = models.DateTimeField(_("catalogue read"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("data source")
        verbose_name_plural = _("data sources")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(catalogue_state__in=CatalogueState.values), name="datasources_source_catalogue_state"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def is_paused(self, now: dt.datetime) -> bool:
        """The circuit breaker: after repeated failures the source is left alone for a while."""
        return self.paused_until is not None and now < self.paused_until

    @property
    def is_resting(self) -> bool:
        return self.is_paused(timezone.now())


class CatalogueEntry(models.Model):
    """Something that a source offers (a variable, a static table, an indicator, a table of a data set), to search in.

    `query` is what a series of it would ask for.
    """

    source = models.ForeignKey(Source, models.CASCADE, related_name="catalogue")
    kind = models.CharField(_("kind"), max_length=20)
    domain = models.CharField(_("domain"), max_length=10, blank=True)
    code = models.CharField(_("number"), max_length=100)
    title = models.CharField(_("title"), max_length=300)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)
    query = models.JSONField(default=dict)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("catalogue entry")
        verbose_name_plural = _("catalogue entries")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "domain", "code"], name="datasources_catalogueentry_once")
        ]

    def __str__(self) -> str:
        return self.title


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: "User") -> "SeriesQuerySet":
        """Reference data are open to everybody who is signed in."""
        return self.all() if user.is_authenticated else self.none()

    def active(self) -> "SeriesQuerySet":
        return self.filter(is_active=True, source__is_active=True)

    def due(self) -> "SeriesQuerySet":
        """Active, not held, not pulled within its interval, and no pull of it waiting or running.

        By the database's clock: the workers' own may differ.
        """
        pull: Any = apps.get_model("datasources", "Pull")  # by name: the module of pulls imports this one
        # NOT IN, not NOT EXISTS: read once into a hash, also while the statistics still know no queued pull.
        waiting = pull.objects.filter(state__in=PullState.open_states(), is_trial=False)
        return (
            self.active()
            .filter(held_since__isnull=True)
            .exclude(source__kind__in=["upload", "derived"])
            .filter(Q(source__paused_until__isnull=True) | Q(source__paused_until__lte=Now()))
            .filter(Q(pulled_at__isnull=True) | Q(pulled_at__lte=Now() - F("interval")))
            .exclude(pk__in=waiting.values("series_id"))
        )


@track(exclude=("pulled_at", "stale_told_at"))
class Series(models.Model):
    """One variable of a source. `query` says what to ask for and how to read it, in the terms of the source's kind.

    A figure is stored in `unit`, as source figure × `factor`; `source_unit` is the source's own word, checked each
    time.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="series", verbose_name=_("source"))
    query = models.JSONField(_("query"), default=dict)
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=60)
    source_unit = models.CharField(_("unit of the source"), max_length=60, blank=True)
    factor = models.DecimalField(_("factor"), max_digits=20, decimal_places=8, default=Decimal(1))
    code_system = models.CharField(_("region codes"), max_length=12, choices=CodeSystem, default=CodeSystem.AUTOMATIC)
    years_back = models.PositiveSmallIntegerField(_("years to fetch"), default=5)
    interval = models.DurationField(_("pull every"), default=dt.timedelta(days=1))
    stale_after = models.DurationField(_("stale after"), default=dt.timedelta(days=7))
    is_active = models.BooleanField(_("active"), default=True)
    is_population = models.BooleanField(
        _("is the population"), default=False, help_text=_("Needs and recipients are compared with it.")
    )
    worst_side = models.CharField(
        _("a problem is worst where the figure is"),
        max_length=4,
        choices=WorstSide,
        blank=True,
        help_text=_("Poverty where it is high, schooling where it is low. Programmes take it from here."),
    )
    parts = models.ManyToManyField("self", symmetrical=False, related_name="used_by", blank=True)
    rse_series = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="error_of",
        verbose_name=_("series of its relative standard error"),
        help_text=_("In per cent, for the same regions and periods: the confidence interval is then the tolerance."),
    )
    pulled_at = models.DateTimeField(_("last good pull"), null=True, blank=True, editable=False)
    stale_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_since = models.DateTimeField(_("held since"), null=True, blank=True, editable=False)
    hold_reason = models.CharField(_("why it is held"), max_length=300, blank=True, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference series")
        verbose_name_plural = _("reference series")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "query"],
                name="datasources_series_once",
                violation_error_message=_("This variable is already there."),
            ),
            models.CheckConstraint(
                condition=Q(factor__gt=0),
                name="datasources_series_factor",
                violation_error_message=_("The factor must be larger than zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("datasources:series", args=[self.pk])

    @property
    def is_stale(self) -> bool:
        return self.pulled_at is None or timezone.now() > self.pulled_at + self.stale_after

    @property
    def is_held(self) -> bool:
        return self.held_since is not None


@track()
class RegionMapping(models.Model):
    """Where a row of the source belongs: `region`, or nowhere (left out on purpose). `label` is checked at every
    pull."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="region_mappings")
    code = models.CharField(_("code in the source"), max_length=100)
    label = models.CharField(_("name in the source"), max_length=200, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, verbose_name=_("region"))
    mapped_by = models.CharField(_("found by"), max_length=12, choices=MappedBy, default=MappedBy.HAND)

    class Meta:
        verbose_name = _("region mapping")
        verbose_name_plural = _("region mappings")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["series", "code", "label"], name="datasources_regionmapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
