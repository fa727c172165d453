"""What a directive may become."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DirectiveState(models.TextChoices):
    OPEN = "open", _("open")
    ANSWERED = "answered", _("said to be carried out")
    DONE = "done", _("carried out")
    WITHDRAWN = "withdrawn", _("withdrawn")


# What a word on a directive may make of it; a word may leave it as it is. Who may say which:
# dashboards.directives.permissions.
DIRECTIVE_TRANSITIONS: dict[str, frozenset[str]] = {
    DirectiveState.OPEN: frozenset(DirectiveState),
    DirectiveState.ANSWERED: frozenset(DirectiveState),
    DirectiveState.DONE: frozenset(),
    DirectiveState.WITHDRAWN: frozenset(),
}


class Standing(models.TextChoices):
    """How a programme stands, by the rule that `dashboards.status_rule` states; the order is from good to bad."""

    ON_TRACK = "on_track", _("on track")
    AT_RISK = "at_risk", _("at risk")
    OFF_TRACK = "off_track", _("off track")
    NO_DATA = "no_data", _("no data")


class Light(models.TextChoices):
    """How an OPD stands in the Monday meeting, by absorption and results (`dashboards.models.LightRule`)."""

    RED = "red", _("red")
    YELLOW = "yellow", _("yellow")
    GREEN = "green", _("green")
    NONE = "none", _("no data")


class Reason(models.TextChoices):
    """Why a programme does not stand better."""

    SILENT = "silent", _("the newest quarterly report is missing")
    NOTHING = "nothing", _("neither outcome nor spending has been reported")
    ACHIEVEMENT = "achievement", _("outcomes stay behind their targets")
    SPENDING = "spending", _("spending stays behind the plan")
    DEVIATING = "deviating", _("reported values deviate from official figures")
    NO_RESULT = "no_result", _("money is spent well ahead of the result")


class WarningKind(models.TextChoices):
    """What a warning warns of."""

    ABSORPTION = "absorption", _("absorption at the end of the year")
    ACHIEVEMENT = "achievement", _("outcome behind its target")
    LATE = "late", _("reports overdue")
    STALLED = "stalled", _("packages too late for a contract")
    REFERENCE = "reference", _("official figure turning for the worse")
    SPM = "spm", _("SPM service behind its target")


class BriefingPart(models.TextChoices):
    """The parts of the weekly briefing, in their first order; the office may put them in another."""

    DIRECTIVES = "directives", _("Directives overdue")
    CHANGES = "changes", _("What changed since last week")
    STANDINGS = "standings", _("How the programmes stand")
    SPM = "spm", _("Minimum service standards (SPM)")
    SPENDING = "spending", _("Spending against results")
    WARNINGS = "warnings", _("Early warnings")
    PROCUREMENT = "procurement", _("Procurement")
    DATA = "data", _("Reported values that deviate")
    SERVICES = "services", _("Public services")
