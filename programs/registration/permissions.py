"""Who may register and change programmes: every act as a pair of `check_may_x` and `may_x`."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_living, require_operator, require_year
from core.permissions import allowed
from programs.choices import ProgramState
from programs.models import Program


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


def check_may_report(user: User, program: Program) -> None:
    """Open reports: of a registered programme."""
    require_operator(user, program.agency_id)
    if program.state != ProgramState.REGISTERED:
        raise ValidationError(_("Register the programme first."))


may_create = allowed(check_may_create)
may_edit = allowed(check_may_edit)
may_duplicate = allowed(check_may_duplicate)
may_register = allowed(check_may_register)
may_report = allowed(check_may_report)
