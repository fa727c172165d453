"""How digital a service is, who acts in a procedure, and what a procedure may be."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DigitalLevel(models.IntegerChoices):
    """After the stages of e-services that the UN's surveys and SPBE (Permenpan RB 59/2020) tell apart."""

    NONE = 0, _("0 – only at the counter")
    INFORMATION = 1, _("1 – requirements can be read online")
    FORMS = 2, _("2 – forms can be downloaded")
    APPLICATION = 3, _("3 – applied for online, finished at the counter")
    FULL = 4, _("4 – online from beginning to end, with tracking")


class Actor(models.TextChoices):
    APPLICANT = "applicant", _("Applicant")
    COUNTER = "counter", _("Counter")
    OFFICER = "officer", _("Officer")
    SUPERVISOR = "supervisor", _("Head of section")
    HEAD = "head", _("Head of the OPD")
    OTHER = "other", _("Other agency")
    SYSTEM = "system", _("System")


class ProcedureState(models.TextChoices):
    IN_FORCE = "in_force", _("in force")
    PROPOSED = "proposed", _("proposed")
    REPLACED = "replaced", _("replaced")
    REFUSED = "refused", _("not adopted")
    RECALLED = "recalled", _("taken back")


# The first procedure of a service is in force at once; the one in force is replaced by an adopted proposal.
PROCEDURE_TRANSITIONS: dict[str, frozenset[str]] = {
    # Taken back by the OPD, until somebody who decides has opened it.
    ProcedureState.PROPOSED: frozenset({ProcedureState.IN_FORCE, ProcedureState.REFUSED, ProcedureState.RECALLED}),
    ProcedureState.IN_FORCE: frozenset({ProcedureState.REPLACED}),
    ProcedureState.REPLACED: frozenset(),
    ProcedureState.REFUSED: frozenset(),
    ProcedureState.RECALLED: frozenset(),
}


class ComplexityBand(models.TextChoices):
    """Of the complexity score; the limits stand in `complexity.BANDS`."""

    SIMPLE = "simple", _("short")
    MODERATE = "moderate", _("moderate")
    COMPLEX = "complex", _("needs simplifying (SOP ribet)")
