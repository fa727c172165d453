"""What an uploaded list may become."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UploadState(models.TextChoices):
    QUEUED = "queued", _("waiting")
    READING = "reading", _("being read")
    MAPPING = "mapping", _("columns to be assigned")
    PREVIEW = "preview", _("checked, not taken over")
    APPLYING = "applying", _("being taken over")
    APPLIED = "applied", _("taken over")
    UNDOING = "undoing", _("being taken back")
    UNDONE = "undone", _("taken back")
    REFUSED = "refused", _("refused")
    DISCARDED = "discarded", _("put aside")

    @classmethod
    def at_rest(cls) -> list["UploadState"]:
        """Read, not taken over: can be assigned columns anew, or put aside."""
        return [cls.PREVIEW, cls.MAPPING, cls.REFUSED]

    @classmethod
    def working(cls) -> list["UploadState"]:
        return [cls.QUEUED, cls.READING, cls.APPLYING, cls.UNDOING]


_READ: frozenset[str] = frozenset({UploadState.MAPPING, UploadState.PREVIEW, UploadState.REFUSED})
# Reading and taking over begin again after a worker was stopped; a list that was read can be read again with other
# columns, or be put aside.
UPLOAD_TRANSITIONS: dict[str, frozenset[str]] = {
    UploadState.QUEUED: frozenset({UploadState.READING}),
    UploadState.READING: _READ | {UploadState.READING},
    UploadState.MAPPING: frozenset({UploadState.QUEUED, UploadState.DISCARDED}),
    UploadState.PREVIEW: frozenset({UploadState.QUEUED, UploadState.APPLYING, UploadState.DISCARDED}),
    UploadState.REFUSED: frozenset({UploadState.QUEUED, UploadState.DISCARDED}),
    UploadState.APPLYING: frozenset({UploadState.APPLYING, UploadState.APPLIED, UploadState.PREVIEW}),
    UploadState.APPLIED: frozenset({UploadState.UNDOING}),
    UploadState.UNDOING: frozenset({UploadState.UNDOING, UploadState.UNDONE, UploadState.APPLIED}),
    UploadState.UNDONE: frozenset(),
    UploadState.DISCARDED: frozenset(),
}
