"""Who may enter services and decide on their procedures, and in which state: `check_may_x` and `may_x`."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.looking import require_unseen
from accounts.models import Agency, User
from accounts.permissions import require_living, require_operator
from core.decided import AlreadyDecided
from core.formats import acting
from core.permissions import allowed
from public_services.choices import PROCEDURE_TRANSITIONS, ProcedureState
from public_services.models import ADOPT_PROCEDURE, Procedure, PublicService


def check_may_create(user: User, agency: Agency | None) -> None:
    if agency is None or not user.operates(agency.pk):
        raise ValidationError(_("Choose an OPD of which you are an operator, at the top of the page."))
    require_living(agency)


def check_may_edit(user: User, service: PublicService) -> None:
    """Change the service, and enter or propose its procedure."""
    require_operator(user, service.agency_id)


def check_may_edit_procedure(user: User, procedure: Procedure) -> None:
    """A proposal, or the procedure in force that was entered wrongly."""
    check_may_edit(user, procedure.service)
    if not PROCEDURE_TRANSITIONS[procedure.state]:
        raise ValidationError(
            _("This procedure is %(state)s and stays as it is.") % {"state": procedure.get_state_display()}
        )


def check_may_decide(user: User, procedure: Procedure) -> None:
    """Adopt or refuse a proposal that somebody else made."""
    ADOPT_PROCEDURE.check(user, procedure.pk, procedure.service.agency_id)
    if ProcedureState.IN_FORCE not in PROCEDURE_TRANSITIONS[procedure.state]:
        by = acting(procedure.decided_by, procedure.acting_for) if procedure.decided_by else None
        raise AlreadyDecided(procedure.get_state_display(), by, procedure.decided_at)


def check_may_withdraw(user: User, procedure: Procedure) -> None:
    """Take a proposal of one's OPD back, until somebody who decides on it has opened it."""
    check_may_edit(user, procedure.service)
    if ProcedureState.RECALLED not in PROCEDURE_TRANSITIONS[procedure.state]:
        raise ValidationError(_("This proposal is decided already."))
    require_unseen(procedure, procedure.updated_at)


may_create = allowed(check_may_create)
may_edit = allowed(check_may_edit)
may_edit_procedure = allowed(check_may_edit_procedure)
may_decide = allowed(check_may_decide)
may_withdraw = allowed(check_may_withdraw)
