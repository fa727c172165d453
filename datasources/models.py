"""Reference data: where it comes from, each pull, the raw answers, and the figures with their provenance."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.audit import track
from core.fields import EncryptedTextField, FigureField, PeriodField
from core.models import Region
from datasources.choices import PullState, SourceKind, UploadState

if TYPE_CHECKING:
    from accounts.models import User

BREAKER_FAILURES = 5
BREAKER_PAUSE = dt.timedelta(minutes=15)


@track(exclude=("api_key", "consecutive_failures", "paused_until"))
class Source(models.Model):
    """A publisher of figures. `is_sample`: its figures are made up, and every place that shows them says so."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind)
    base_address = models.URLField(_("base address"), help_text=_("For BPS: https://webapi.bps.go.id/v1/api/"))
    api_key = EncryptedTextField(_("key"), blank=True, help_text=_("Stored encrypted, never shown again."))
    is_sample = models.BooleanField(_("sample data"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    consecutive_failures = models.PositiveIntegerField(default=0, editable=False)
    paused_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("data source")
        verbose_name_plural = _("data sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def is_paused(self, now: dt.datetime) -> bool:
        """The circuit breaker: after repeated failures the source is left alone for a while."""
        return self.paused_until is not None and now < self.paused_until


class SeriesQuerySet(models.QuerySet["Series"]):
    def visible_to(self, user: "User") -> "SeriesQuerySet":
        """Reference data are open to everybody who is signed in."""
        return self.all() if user.is_authenticated else self.none()

    def active(self) -> "SeriesQuerySet":
        return self.filter(is_active=True, source__is_active=True)

    def due(self, now: dt.datetime) -> "SeriesQuerySet":
        """Active, not pulled within its interval, and no pull of it waiting or running."""
        waiting = Pull.objects.filter(series=models.OuterRef("pk"), state__in=PullState.open_states())
        return (
            self.active()
            .filter(Q(source__paused_until__isnull=True) | Q(source__paused_until__lte=now))
            .filter(Q(pulled_at__isnull=True) | Q(pulled_at__lte=now - F("interval")))
            .exclude(models.Exists(waiting))
        )


@track(exclude=("pulled_at",))
class Series(models.Model):
    """One variable of a source: for BPS its domain, variable and characteristic (turvar)."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="series", verbose_name=_("source"))
    domain = models.CharField(
        _("domain"), max_length=10, default="6400", help_text=_("BPS domain, 6400 is Kalimantan Timur")
    )
    variable = models.CharField(_("variable"), max_length=20)
    characteristic = models.CharField(_("characteristic (turvar)"), max_length=20, blank=True)
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=60)
    years_back = models.PositiveSmallIntegerField(_("years to fetch"), default=5)
    interval = models.DurationField(_("pull every"), default=dt.timedelta(days=1))
    stale_after = models.DurationField(_("stale after"), default=dt.timedelta(days=7))
    is_active = models.BooleanField(_("active"), default=True)
    is_population = models.BooleanField(
        _("is the population"), default=False, help_text=_("Needs and recipients are compared with it.")
    )
    pulled_at = models.DateTimeField(_("last good pull"), null=True, blank=True, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference series")
        verbose_name_plural = _("reference series")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "domain", "variable", "characteristic"],
                name="datasources_series_once",
                violation_error_message=_("This variable is already there."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_stale(self) -> bool:
        return self.pulled_at is None or timezone.now() > self.pulled_at + self.stale_after


class PullQuerySet(models.QuerySet["Pull"]):
    def visible_to(self, user: "User") -> "PullQuerySet":
        return self.all() if user.is_authenticated else self.none()

    def waiting(self) -> "PullQuerySet":
        return self.filter(state=PullState.QUEUED)


class Pull(models.Model):
    """One attempt to fetch a series, as people see it; Celery's own results are not kept."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="pulls", verbose_name=_("series"))
    state = models.CharField(_("state"), max_length=10, choices=PullState, default=PullState.QUEUED)
    requested_by = models.ForeignKey(
        "accounts.User", models.SET_NULL, null=True, blank=True, verbose_name=_("asked by")
    )
    requested_at = models.DateTimeField(_("asked at"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    payload = models.ForeignKey("Payload", models.PROTECT, null=True, verbose_name=_("raw answer"))
    problem = models.TextField(_("problem"), blank=True)
    notes = models.JSONField(_("notes"), default=list)
    added = models.PositiveIntegerField(_("new figures"), default=0)
    revised = models.PositiveIntegerField(_("revised figures"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged figures"), default=0)

    objects = PullQuerySet.as_manager()

    class Meta:
        verbose_name = _("pull")
        verbose_name_plural = _("pulls")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PullState.values), name="datasources_pull_state"),
            models.UniqueConstraint(
                fields=["series"],
                condition=Q(state=PullState.QUEUED),
                name="datasources_pull_one_queued",
                violation_error_message=_("A pull of this series is waiting already."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PullState.DONE, PullState.FAILED]) | Q(finished_at__isnull=False),
                name="datasources_pull_finished",
            ),
        ]
        indexes = [models.Index(fields=["series", "-id"], name="datasources_pull_series")]

    def __str__(self) -> str:
        return f"{self.series} · {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state in PullState.open_states()


class Payload(models.Model):
    """A raw answer exactly as it came, compressed. Everything later can be replayed from it."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="payloads")
    address = models.TextField(_("address, without the key"))
    status = models.PositiveSmallIntegerField(_("HTTP status"))
    content_type = models.CharField(max_length=100, blank=True)
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


class Observation(models.Model):
    """An official figure: (series, region, period), in versions. Never overwritten, never deleted by a pull."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="observations", verbose_name=_("series"))
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("region"))
    period = PeriodField(_("period"))
    value = FigureField(_("value"))
    payload = models.ForeignKey(Payload, models.PROTECT, related_name="observations", verbose_name=_("raw answer"))
    fetched_at = models.DateTimeField(_("fetched at"))
    superseded_at = models.DateTimeField(_("revised at"), null=True, blank=True)

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


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, user: "User") -> "UploadQuerySet":
        """One's own, and those of the OPD that one works for."""
        return self.filter(Q(uploaded_by_id=user.pk) | Q(agency_id__in=user.agency_ids))

    def waiting(self) -> "UploadQuerySet":
        return self.filter(state=UploadState.QUEUED)


@track(exclude=("progress", "stage", "started_at"))
class Upload(models.Model):
    """A list that somebody handed in as a file: read, checked and shown before anything of it is taken over.

    `sheets` says what was found (heading row, which heading feeds which field), `counts` what would change. The file
    stays outside the web root under `stored_as`; the staged rows live in the unlogged table `stage`.
    """

    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, null=True, blank=True, related_name="uploads", verbose_name=_("OPD")
    )
    fiscal_year = models.PositiveSmallIntegerField(_("fiscal year"))
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="uploads", verbose_name=_("by"))
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    name = models.CharField(_("file name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    stored_as = models.CharField(max_length=120, unique=True)
    dataset = models.CharField(_("kind of list"), max_length=40, blank=True)
    options = models.JSONField(_("options"), default=dict, blank=True)
    mapping = models.JSONField(_("columns"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=UploadState, default=UploadState.QUEUED)
    progress = models.JSONField(default=dict, blank=True)
    sheets = models.JSONField(default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    stage = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(_("taken over"), null=True, blank=True)
    applied_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken over by")
    )
    apply_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded list")
        verbose_name_plural = _("uploaded lists")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="datasources_upload_state"),
            models.CheckConstraint(
                condition=~Q(state=UploadState.APPLIED) | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="datasources_upload_applied",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("datasources:upload", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in UploadState.working()


class UploadProblem(models.Model):
    """One thing that is wrong in an uploaded list: where, what was found, and (by code) what to do about it."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="problems")
    sheet = models.CharField(_("sheet"), max_length=60)
    row = models.PositiveIntegerField(_("row"))
    column = models.PositiveSmallIntegerField(_("column"), null=True)
    field = models.CharField(_("field"), max_length=40, blank=True)
    found = models.CharField(_("found"), max_length=200, blank=True)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    is_warning = models.BooleanField(_("warning"), default=False)

    class Meta:
        verbose_name = _("problem in an uploaded list")
        verbose_name_plural = _("problems in uploaded lists")
        ordering = ["sheet", "row", "column", "id"]
        indexes = [models.Index(fields=["upload", "is_warning"], name="datasources_uploadproblem_i")]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row}: {self.code}"


@track()
class SavedMapping(models.Model):
    """Which heading of one's own lists feeds which field, kept under a name for the next upload."""

    agency = models.ForeignKey("accounts.Agency", models.CASCADE, related_name="saved_mappings", null=True, blank=True)
    dataset = models.CharField(_("kind of list"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    columns = models.JSONField(_("columns"), default=dict)
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("saved column mapping")
        verbose_name_plural = _("saved column mappings")
        ordering = ["dataset", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "dataset", "name"], name="datasources_savedmapping_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name
