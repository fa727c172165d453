"""Lists that people hand in as files."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.audit import track
from uploads.choices import UploadState

if TYPE_CHECKING:
    from accounts.models import User


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
    dataset = models.CharField(_("kinds of list"), max_length=400, blank=True)  # comma-separated
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
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undone_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taken back by")
    )
    undo_reason = models.CharField(_("reason for taking it back"), max_length=300, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded list")
        verbose_name_plural = _("uploaded lists")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="uploads_upload_state"),
            models.CheckConstraint(
                condition=~Q(state=UploadState.APPLIED) | Q(applied_at__isnull=False, applied_by__isnull=False),
                name="uploads_upload_applied",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("uploads:upload", args=[self.pk])

    @property
    def is_working(self) -> bool:
        return self.state in UploadState.working()


class Change(models.Model):
    """A row of another table, as JSON, before and after an upload wrote it: kept by triggers for as long as the upload
    can be taken back."""

    id = models.BigAutoField(primary_key=True)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="changes")
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        verbose_name = _("change by an uploaded list")
        verbose_name_plural = _("changes by uploaded lists")
        ordering = ["id"]
        indexes = [models.Index(fields=["upload", "table_name", "row_id", "id"], name="uploads_change_rows")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id}"


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
        indexes = [models.Index(fields=["upload", "is_warning"], name="uploads_uploadproblem_i")]

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
                fields=["agency", "dataset", "name"], name="uploads_savedmapping_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.name


@track()
class LearntHeading(models.Model):
    """A heading of an OPD's own lists and the field that a person said it is."""

    agency = models.ForeignKey("accounts.Agency", models.CASCADE, related_name="learnt_headings", null=True, blank=True)
    dataset = models.CharField(_("kind of list"), max_length=40)
    heading = models.CharField(_("heading"), max_length=80)
    field = models.CharField(_("field"), max_length=40)
    learnt_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("learnt heading")
        verbose_name_plural = _("learnt headings")
        ordering = ["dataset", "heading"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "dataset", "heading"], name="uploads_learntheading_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading} = {self.field}"
