"""Sets of values about programmes, and what a report may become."""

from decimal import Decimal
from typing import Any

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


PROGRAM_TRANSITIONS: dict[str, frozenset[str]] = {
    ProgramState.DRAFT: frozenset({ProgramState.REGISTERED}),
    ProgramState.REGISTERED: frozenset({ProgramState.DRAFT}),  # with a reason, while nothing is reported of it
}


class CodeFate(models.TextChoices):
    """What became of a planning code in another year."""

    SAME = "same", _("the same")
    RENAMED = "renamed", _("renamed")
    GONE = "gone", _("no longer in force")


class TargetChoice(models.TextChoices):
    """What a copied indicator has as its target."""

    EMPTY = "empty", _("empty: to be filled in before registering")
    PROJECTED = "projected", _("projected: a proposal that stays a draft until somebody saves it")


class BaselineSource(models.TextChoices):
    """Where the baseline of a copied indicator comes from."""

    RESULT = "result", _("last year's result")
    RESULT_SO_FAR = "result_so_far", _("last year's result so far")
    BASELINE = "baseline", _("last year's baseline: nothing was reported")


class TargetSource(models.TextChoices):
    """Where the target of a copied indicator comes from."""

    EMPTY = "empty", _("empty")
    PLANNED = "planned", _("the target on record for that year")
    FORESEEN = "foreseen", _("the portal's forecast of the year's end, and last year's step on top")
    STEP = "step", _("last year's result, and last year's step on top")
    KEPT = "kept", _("last year's target")


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


class Disaggregation(models.TextChoices):
    NONE = "none", _("not split")
    SEX = "sex", _("sex")
    AGE = "age", _("age group")
    DISABILITY = "disability", _("disability")


# Codes of ReportValue.category, in the order of the form.
CATEGORIES: dict[str, dict[str, Any]] = {
    Disaggregation.NONE: {},
    Disaggregation.SEX: {"male": _("male"), "female": _("female")},
    Disaggregation.AGE: {"children": _("aged 0–17"), "adults": _("aged 18–59"), "elderly": _("aged 60 and over")},
    Disaggregation.DISABILITY: {"disabled": _("with a disability"), "other": _("without a disability")},
}


class OverTime(models.TextChoices):
    """What the reported values of a year make together."""

    LAST = "last", _("the newest value stands (counted from January on, or a state)")
    SUM = "sum", _("the periods add up (each report counts its own period)")
    MEAN = "mean", _("the mean of the periods")
    MAX = "max", _("the highest of the periods")


class OverRegions(models.TextChoices):
    """What the values of regencies and cities make together. A row for the province as a whole counts alone."""

    BY_UNIT = "", _("as the unit says: counts add up, fractions by their denominators, other shares their mean")
    SUM = "sum", _("regions add up")
    WEIGHTED = "weighted", _("weighted by the denominators")
    MEAN = "mean", _("the plain mean of the regions")
    TOTAL = "total", _("only the row of the province counts")


class Frequency(models.TextChoices):
    QUARTERLY = "quarterly", _("every quarter")
    YEARLY = "yearly", _("once a year, in the fourth quarter")


class PlanKind(models.TextChoices):
    RPJMD = "rpjmd", "RPJMD"
    RENSTRA = "renstra", "Renstra"


class PlanLevel(models.TextChoices):
    """Depth of a planning cascade, from the top."""

    VISION = "vision", _("vision")
    MISSION = "mission", _("mission")
    GOAL = "goal", _("goal (tujuan)")
    TARGET = "target", _("target (sasaran)")


class SpendingClass(models.TextChoices):
    """What a budget line is for people: ceremony, what carries the work, or what reaches them."""

    CEREMONIAL = "ceremonial", _("ceremonial")
    SUPPORTING = "supporting", _("supporting")
    DIRECT = "direct", _("direct benefit")


class BudgetStage(models.TextChoices):
    ORIGINAL = "original", _("original budget (murni)")
    SHIFT = "shift", _("shift within the budget (pergeseran)")
    CHANGE = "change", _("changed budget (perubahan)")


class ReportKind(models.TextChoices):
    MONTH = "month", _("monthly")
    QUARTER = "quarter", _("quarterly")


class ReportState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    VERIFIED = "verified", _("verified")
    LOCKED = "locked", _("locked")

    @classmethod
    def editable(cls) -> list["ReportState"]:
        return [cls.DRAFT, cls.RETURNED]

    @classmethod
    def delivered(cls) -> list["ReportState"]:
        return [cls.SUBMITTED, cls.APPROVED, cls.VERIFIED, cls.LOCKED]


REPORT_TRANSITIONS: dict[str, frozenset[str]] = {
    ReportState.DRAFT: frozenset({ReportState.SUBMITTED}),
    # Back to the draft: whoever sent it takes it back before anybody has looked at it.
    ReportState.SUBMITTED: frozenset({ReportState.DRAFT, ReportState.RETURNED, ReportState.APPROVED}),
    ReportState.RETURNED: frozenset({ReportState.SUBMITTED}),
    # Back to what was sent: the approval is taken back, with a reason, before anybody has looked at it to verify.
    ReportState.APPROVED: frozenset({ReportState.SUBMITTED, ReportState.RETURNED, ReportState.VERIFIED}),
    ReportState.VERIFIED: frozenset({ReportState.RETURNED, ReportState.LOCKED}),
    ReportState.LOCKED: frozenset({ReportState.VERIFIED}),  # unlocked with a reason, unless a revision corrects it
}


class RuleSeverity(models.TextChoices):
    ERROR = "error", _("rejected: cannot be sent")
    WARNING = "warning", _("warning: needs a reason")
    NOTE = "note", _("remark: shown, holds nothing up")
    OFF = "off", _("not checked")


# Level 4's defaults: an indicator carries its own tolerance from the day it is made, a rule may override it.
DEFAULT_RELATIVE_TOLERANCE = Decimal(5)  # per cent of the reference, for counts
DEFAULT_POINTS_TOLERANCE = Decimal(2)  # percentage points, for rates
