"""Sets of values about reference data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueState(models.TextChoices):
    NONE = "none", _("not read")
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("being read")
    DONE = "done", _("read")
    FAILED = "failed", _("failed")

    @classmethod
    def open_states(cls) -> list["CatalogueState"]:
        return [cls.QUEUED, cls.RUNNING]


CATALOGUE_TRANSITIONS: dict[str, frozenset[str]] = {
    CatalogueState.NONE: frozenset({CatalogueState.QUEUED}),
    CatalogueState.QUEUED: frozenset({CatalogueState.RUNNING, CatalogueState.FAILED}),
    CatalogueState.RUNNING: frozenset({CatalogueState.RUNNING, CatalogueState.DONE, CatalogueState.FAILED}),
    CatalogueState.DONE: frozenset({CatalogueState.QUEUED}),
    CatalogueState.FAILED: frozenset({CatalogueState.QUEUED}),
}


class CodeSystem(models.TextChoices):
    """Whose region codes a source writes; the two systems give different regions the same digits."""

    AUTOMATIC = "automatic", _("found automatically")
    BPS = "bps", _("BPS codes")
    KEMENDAGRI = "kemendagri", _("Kemendagri codes")
    NAME = "name", _("by name only")


class MappedBy(models.TextChoices):
    """How a row of a source was given its region."""

    CODE_AND_NAME = "both", _("code and name")
    BPS = "bps", _("BPS code")
    KEMENDAGRI = "kemendagri", _("Kemendagri code")
    NAME = "name", _("name")
    HAND = "hand", _("by hand")


class PullState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")

    @classmethod
    def open_states(cls) -> list["PullState"]:
        return [cls.QUEUED, cls.RUNNING]


# A pull that was interrupted begins again; one that has ended stays as it is, and the next one is a new row.
PULL_TRANSITIONS: dict[str, frozenset[str]] = {
    PullState.QUEUED: frozenset({PullState.RUNNING, PullState.FAILED}),
    PullState.RUNNING: frozenset({PullState.RUNNING, PullState.DONE, PullState.FAILED}),
    PullState.DONE: frozenset(),
    PullState.FAILED: frozenset(),
}


class ToleranceKind(models.TextChoices):
    RELATIVE = "relative", _("relative, in per cent of the reference")
    POINTS = "points", _("percentage points")


class WorstSide(models.TextChoices):
    """Where a problem is worst: poverty where the rate is high, schooling where it is low."""

    HIGH = "high", _("high")
    LOW = "low", _("low")


class Verdict(models.TextChoices):
    """Level 4 of the validation levels: the reported value beside the official one."""

    MATCHES = "matches", _("matches")
    EXPLAIN = "explain", _("needs explanation")
    DEVIATES = "deviates", _("deviates")
    NO_REFERENCE = "no_reference", _("no reference")


NEEDS_REASON = frozenset({Verdict.EXPLAIN, Verdict.DEVIATES})
