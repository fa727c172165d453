"""Pulls, the raw answers they brought, and the figures in versions."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.fields import FigureField, PeriodField
from core.models import Region
from datasources.choices import PullState
from datasources.models.sources import Series

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User


class PullQuerySet(models.QuerySet["Pull"]):
    def visible_to(self, user: "User") -> "PullQuerySet":
        return self.all() if user.is_authenticated else self.none()

    def waiting(self) -> "PullQuerySet":
        return self.filter(state=PullState.QUEUED)

    def good(self) -> "PullQuerySet":
        """Those that stored what they brought, and the roll-backs: each of them ends in a version of the series."""
        return self.filter(state=PullState.DONE, is_trial=False)


class Pull(models.Model):
    """One attempt to fetch a series, as people see it; Celery's own results are not kept.

    A trial stores no figure: `preview` holds what would come. `first_year` and `last_year` narrow it to a period.
    `rolled_back_to`: no fetch, but a steward's return to the figures as they stood after that earlier pull.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="pulls", verbose_name=_("series"))
    state = models.CharField(_("state"), max_length=10, choices=PullState, default=PullState.QUEUED)
    is_trial = models.BooleanField(_("trial"), default=False)
    first_year = models.PositiveSmallIntegerField(_("from year"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("to year"), null=True, blank=True)
    rolled_back_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, verbose_name=_("asked by")
    )
    requested_at = models.DateTimeField(_("asked at"), default=timezone.now)
    handed_at = models.DateTimeField(_("handed to the worker"), null=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    progress = models.CharField(_("step"), max_length=200, blank=True)
    payloads: "models.ManyToManyField[Payload, Any]" = models.ManyToManyField(
        "Payload", related_name="pulls", verbose_name=_("raw answers")
    )
    problem = models.TextField(_("problem"), blank=True)
    notes = models.JSONField(_("notes"), default=list)
    preview = models.JSONField(default=dict, blank=True)
    added = models.PositiveIntegerField(_("new figures"), default=0)
    revised = models.PositiveIntegerField(_("revised figures"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged figures"), default=0)
    missing = models.PositiveIntegerField(_("figures that the source no longer has"), default=0)

    objects = PullQuerySet.as_manager()

    class Meta:
        verbose_name = _("pull")
        verbose_name_plural = _("pulls")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PullState.values), name="datasources_pull_state"),
            models.UniqueConstraint(
                fields=["series", "is_trial"],
                condition=Q(state=PullState.QUEUED),
                name="datasources_pull_one_queued",
                violation_error_message=_("A pull of this series is waiting already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PullState.DONE, PullState.FAILED]) | Q(finished_at__isnull=False),
                name="datasources_pull_finished",
            ),
            models.CheckConstraint(
                condition=Q(first_year__isnull=True) | Q(last_year__gte=F("first_year")),
                name="datasources_pull_years",
            ),
        ]
        indexes = [
            models.Index(fields=["series", "-id"], name="datasources_pull_series"),
            models.Index(
                fields=["requested_at"],
                name="datasources_pull_open",
                condition=Q(state__in=[PullState.QUEUED, PullState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} · {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in PullState.open_states()


class Payload(models.Model):
    """A raw answer exactly as it came, compressed. Everything later can be replayed from it.

    `etag` and `last_modified` are what the source gave to ask with next time; `page` counts from 0.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="payloads")
    address = models.TextField(_("address, without the key"))
    page = models.PositiveSmallIntegerField(_("page"), default=0)
    status = models.PositiveSmallIntegerField(_("HTTP status"))
    content_type = models.CharField(max_length=100, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    last_modified = models.CharField(max_length=60, blank=True)
    body = models.BinaryField(_("body, gzip"))
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    fetched_at = models.DateTimeField(_("fetched at"))

    class Meta:
        verbose_name = _("raw answer")
        verbose_name_plural = _("raw answers")
        indexes = [models.Index(fields=["series", "sha256"], name="datasources_payload_hash")]

    def __str__(self) -> str:
        return self.sha256[:12]


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, user: "User") -> "ObservationQuerySet":
        return self.all() if user.is_authenticated else self.none()

    def current(self) -> "ObservationQuerySet":
        """The versions that hold now; a revision ends the earlier one and keeps it."""
        return self.filter(superseded_at__isnull=True)

    def as_of(self, moment: "dt.datetime") -> "ObservationQuerySet":
        """The versions that held at that moment."""
        return self.filter(fetched_at__lte=moment).filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=moment))


class Observation(models.Model):
    """An official figure: (series, region, period), in versions. Never overwritten, never deleted by a pull.

    `missing_since`: the source still answers but no longer has this figure; it is shown with that mark.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="observations", verbose_name=_("series"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    period = PeriodField(_("period"))
    value = FigureField(_("value"))
    payload = models.ForeignKey(Payload, models.PROTECT, related_name="observations", verbose_name=_("raw answer"))
    fetched_at = models.DateTimeField(_("fetched at"))
    superseded_at = models.DateTimeField(_("revised at"), null=True, blank=True)
    missing_since = models.DateTimeField(_("missing in the source since"), null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["series", "region", "period", "fetched_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "region", "period"],
                condition=Q(superseded_at__isnull=True),
                name="datasources_observation_one_current",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=F("fetched_at")),
                name="datasources_observation_order",
            ),
        ]
        indexes = [models.Index(fields=["series", "region"], name="datasources_obs_series_region")]

    def __str__(self) -> str:
        return f"{self.series} {self.region} {self.period}"
