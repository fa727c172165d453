"""Who may enter suppliers, make one of two, and look behind the mask: every act as a pair of `check_may_x` and
`may_x`."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_role
from accounts.separation import Relation, require_unconcerned
from core.choices import Role
from core.decided import AlreadyDecided
from core.permissions import allowed
from procurement.models import Supplier, SupplierPerson, is_identity_of


def check_may_add(user: User) -> None:
    require_role(user, Role.OPERATOR, Role.DATA_STEWARD)


def check_may_edit(user: User, supplier: Supplier) -> None:
    """One that was merged into another stays as it is."""
    check_may_add(user)
    _check_stands(supplier)


def check_may_merge(user: User, double: Supplier) -> None:
    require_role(user, Role.DATA_STEWARD)
    if double.merged_into_id is not None:
        raise AlreadyDecided(_("made one with %(other)s") % {"other": double.merged_into})


def check_may_unmask(user: User) -> None:
    """See the identity numbers of people behind suppliers in the clear, at all."""
    require_role(user, Role.AUDITOR)


def check_may_unmask_person(user: User, person: SupplierPerson) -> None:
    """Not where the auditor is that person: somebody else looks."""
    check_may_unmask(user)
    named = {user.pk: Relation.NAMED} if is_identity_of(user, person.identity_hash) else {}
    require_unconcerned(user, None, named)


def _check_stands(supplier: Supplier) -> None:
    if supplier.merged_into_id:
        raise ValidationError(_("One of the two has been merged already."))


may_add = allowed(check_may_add)
may_edit = allowed(check_may_edit)
may_merge = allowed(check_may_merge)
may_unmask = allowed(check_may_unmask)
may_unmask_person = allowed(check_may_unmask_person)
