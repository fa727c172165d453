"""Sets of values about programmes, and what a report may become."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NomenclatureLevel(models.TextChoices):
    """Depth of a planning code (Permendagri 90/2019)."""

    FIELD = "field", _("Field of government (urusan)")
    SUBFIELD = "subfield", _("Sub-field (bidang urusan)")
    PROGRAM = "program", _("Programme")
    ACTIVITY = "activity", _("Activity")
    SUB_ACTIVITY = "sub_activity", _("Sub-activity")


class ProgramState(models.TextChoices):
    DRAFT = "draft", _("draft")
    REGISTERED = "registered", _("registered")


class IndicatorLevel(models.TextChoices):
    INPUT = "input", _("Input")
    OUTPUT = "output", _("Output")
    OUTCOME = "outcome", _("Outcome")
    IMPACT = "impact", _("Impact")


IMPACT_LEVELS = [IndicatorLevel.OUTCOME, IndicatorLevel.IMPACT]


class Direction(models.TextChoices):
    MAXIMISE = "maximise", _("higher is better")
    MINIMISE = "minimise", _("lower is better")
    BAND = "band", _("stay within a band")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")

    @classmethod
    def editable(cls) -> list["ReportState"]:
        return [cls.DRAFT, cls.RETURNED]

    @classmethod
    def delivered(cls) -> list["ReportState"]:
        return [cls.SUBMITTED, cls.APPROVED]


REPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ReportState.DRAFT: frozenset({ReportState.SUBMITTED}),
    ReportState.SUBMITTED: frozenset({ReportState.RETURNED, ReportState.APPROVED}),
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED}),
    ReportState.APPROVED: frozenset(),
}
