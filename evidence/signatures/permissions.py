"""Who may sign a paper, send it to be signed, and say what became of it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from core.permissions import allowed
from evidence.choices import SIGNATURE_TRANSITIONS, SignatureState
from evidence.models import PaperSignature
from evidence.signatures import papers
from evidence.signatures.papers import Paper


def check_may_prepare(user: User, paper: Paper) -> None:
    """Whoever answers for papers of this kind, and has an address by which BSrE knows them. A NIP is not asked for: who
    is elected has none."""
    if not papers.is_offered():
        raise ValidationError(_("No service to sign by is set up."))
    if not paper.may_sign:
        raise PermissionDenied(_("Papers of this kind are signed by another role."))
    if not user.email:
        raise ValidationError(_("Your account has no e-mail address, by which BSrE knows you; ask the administrator."))


def check_may_change(user: User, row: PaperSignature, state: SignatureState) -> None:
    """The signer alone, and only along the table of transitions."""
    if row.signer_id != user.pk:
        raise PermissionDenied(_("Only the person who signs does this."))
    if state not in SIGNATURE_TRANSITIONS[SignatureState(row.state)]:
        raise ValidationError(
            _("This can't be done now: the paper is “%(state)s”.") % {"state": row.get_state_display()}
        )
    if state == SignatureState.SENT and row.is_withdrawn:  # whoever has seen it withdrawn may rely on that
        raise ValidationError(_("This paper is withdrawn. To sign it after all, prepare it once more."))


def check_may_withdraw(user: User, row: PaperSignature) -> None:
    """Before it was sent, or after a sending by which it was not signed."""
    if row.signer_id != user.pk:
        raise PermissionDenied(_("Only the person who signs does this."))
    is_refused = row.state == SignatureState.REFUSED and row.sent_at is not None
    if row.state != SignatureState.PREPARED and not is_refused:
        raise ValidationError(_("It was sent already. Say what became of it."))


may_withdraw = allowed(check_may_withdraw)
may_prepare = allowed(check_may_prepare)
may_change = allowed(check_may_change)
