"""Who may do what with a list that was handed in, and in which state: every act as `check_may_x` and `may_x`."""

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_operator, require_year
from core.decided import AlreadyDecided
from core.importing.datasets import Dataset, registry
from core.permissions import allowed
from uploads.choices import UPLOAD_TRANSITIONS, UploadState
from uploads.models import Upload

TAKEN_OVER = frozenset({UploadState.APPLIED, UploadState.UNDOING, UploadState.UNDONE})
UNDO_FOR = dt.timedelta(days=30)


def require_own(user: User, upload: Upload) -> None:
    """The operators of its OPD, now; of a list of nobody the one who handed it in, with the role for its kinds still.

    Who handed a list in and has moved on is a stranger to it.
    """
    if upload.agency_id is not None:
        require_operator(user, upload.agency_id)
    elif upload.uploaded_by_id != user.pk:
        raise PermissionDenied
    theirs = {dataset.shape.name for dataset in datasets_for(user)}
    if not set(filter(None, upload.dataset.split(","))) <= theirs:
        raise PermissionDenied(_("Your role no longer hands in lists of this kind."))


def check_may_hand_in(user: User, agency: Agency | None) -> None:
    """A list of an OPD: its operators. A list of nobody: whoever may hand in any kind of list at all."""
    if agency is not None:
        require_operator(user, agency.pk)
    elif not datasets_for(user):
        raise PermissionDenied(_("Your role hands in no lists."))


def datasets_for(user: User) -> list[Dataset]:
    """The kinds of lists that this person may hand in."""
    return [dataset for dataset in registry().values() if user.has_role(*dataset.roles)]


def check_may_assign(user: User, upload: Upload) -> None:
    """Say which column feeds which field; the list is then read again."""
    require_own(user, upload)
    if UploadState.QUEUED not in UPLOAD_TRANSITIONS[upload.state]:
        raise ValidationError(_("This list is being worked on; wait a moment."))


def check_may_apply(user: User, upload: Upload) -> None:
    require_own(user, upload)
    if upload.agency is not None:  # it may have been renamed, merged or split since
        require_year(upload.agency, upload.fiscal_year)
    if upload.state in TAKEN_OVER:
        raise AlreadyDecided(upload.get_state_display(), upload.applied_by, upload.applied_at)
    if UploadState.APPLYING not in UPLOAD_TRANSITIONS[upload.state]:
        raise ValidationError(
            _("Only a checked list can be taken over; this one is: %(state)s.") % {"state": upload.get_state_display()}
        )


def check_may_undo(user: User, upload: Upload) -> None:
    """Within the days for which it is kept what the rows were before."""
    require_own(user, upload)
    if upload.state == UploadState.UNDONE:
        raise AlreadyDecided(upload.get_state_display(), upload.undone_by, upload.undone_at)
    if UploadState.UNDOING not in UPLOAD_TRANSITIONS[upload.state]:
        raise ValidationError(
            _("Only a list that was taken over can be taken back; this one is: %(state)s.")
            % {"state": upload.get_state_display()}
        )
    if upload.applied_at is None or upload.applied_at < timezone.now() - UNDO_FOR:
        raise ValidationError(_("A list can be taken back for %(days)s days.") % {"days": UNDO_FOR.days})


def check_may_discard(user: User, upload: Upload) -> None:
    require_own(user, upload)
    if UploadState.DISCARDED not in UPLOAD_TRANSITIONS[upload.state]:
        raise ValidationError(_("This list can no longer be put aside."))


may_hand_in = allowed(check_may_hand_in)
may_assign = allowed(check_may_assign)
may_apply = allowed(check_may_apply)
may_undo = allowed(check_may_undo)
may_discard = allowed(check_may_discard)
