"""Who may register and change programmes: every act as a pair of `check_may_x` and `may_x`."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_living, require_operator, require_year
from core.permissions import allowed
from programs.choices import PROGRAM_TRANSITIONS, ProgramState
from programs.models import Program, SubActivity


def check_may_create(user: User, agency: Agency | None) -> None:
    if agency is None or not user.operates(agency.pk):
        raise ValidationError(_("Choose an OPD of which you are an operator, at the top of the page."))
    require_living(agency)


def check_may_edit(user: User, program: Program) -> None:
    """Change the programme, its indicators, its targets and its legal bases."""
    require_operator(user, program.agency_id)


def check_may_duplicate(user: User, program: Program) -> None:
    """Make a draft beside it: as for creating one, at the OPD that the programme belongs to."""
    check_may_create(user, program.agency)
    require_year(program.agency, program.fiscal_year)


def check_may_register(user: User, program: Program) -> None:
    """Register a draft; whether its indicators suffice is asked by `Program.register`."""
    check_may_edit(user, program)


def check_may_reopen(user: User, program: Program) -> None:
    """Make a registered programme a draft again: as long as no report of it was begun."""
    check_may_edit(user, program)
    if ProgramState.DRAFT not in PROGRAM_TRANSITIONS[program.state]:
        raise ValidationError(_("This programme is a draft."))
    if program.reports.exists():
        raise ValidationError(_("Reports of this programme were begun: change it with a reason instead."))


def check_may_delete(user: User, program: Program) -> None:
    """Delete a draft with all that was typed of it; what came with a list or belongs to others stays where it is."""
    check_may_edit(user, program)
    if program.state != ProgramState.DRAFT:
        raise ValidationError(_("Only a draft can be deleted."))
    if program.reports.exists() or program.packages.exists():
        raise ValidationError(_("Reports or packages belong to this programme: it stays."))
    below = SubActivity.objects.filter(activity__program=program)
    if below.filter(
        Q(lines__isnull=False) | Q(realisations__isnull=False) | Q(packages__isnull=False) | Q(progress__isnull=False)
    ).exists():
        raise ValidationError(
            _("Its sub-activities carry lines of a list that was handed in: take that list back first.")
        )


def check_may_report(user: User, program: Program) -> None:
    """Open reports: of a registered programme."""
    require_operator(user, program.agency_id)
    if program.state != ProgramState.REGISTERED:
        raise ValidationError(_("Register the programme first."))


may_create = allowed(check_may_create)
may_edit = allowed(check_may_edit)
may_duplicate = allowed(check_may_duplicate)
may_register = allowed(check_may_register)
may_reopen = allowed(check_may_reopen)
may_delete = allowed(check_may_delete)
may_report = allowed(check_may_report)
