"""Who may put flags aside and load the data of others: every act as a pair of `check_may_x` and `may_x`."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.decided import AlreadyDecided
from core.permissions import allowed
from procurement.models import REVIEW_FLAG, Flag


def check_may_review(user: User) -> None:
    """Put flags aside and raise them again, at all."""
    require_role(user, Role.AUDITOR)


def check_may_suppress(user: User, flag: Flag) -> None:
    REVIEW_FLAG.check(user, flag.pk, flag.agency_id)
    if flag.suppressed_at is not None:
        raise AlreadyDecided(_("put aside"), flag.suppressed_by, flag.suppressed_at)
    if flag.closed_at is not None:
        raise ValidationError(_("No rule raises this flag any more; there is nothing to put aside."))


def check_may_restore(user: User, flag: Flag) -> None:
    """Raise again what was put aside."""
    REVIEW_FLAG.check(user, flag.pk, flag.agency_id)
    if flag.suppressed_at is None:
        raise ValidationError(_("This flag was not put aside."))


def check_may_load_dataset(user: User) -> None:
    """Load, and remove, OCDS releases of another portal."""
    require_role(user, Role.AUDITOR)


may_review = allowed(check_may_review)
may_suppress = allowed(check_may_suppress)
may_restore = allowed(check_may_restore)
may_load_dataset = allowed(check_may_load_dataset)
