"""Who may change the rules of validation."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed
from programs.models import ValidationRule


def check_may_change_rules(user: User) -> None:
    require_role(user, Role.DATA_STEWARD)


def check_may_remove_rule(user: User, rule: ValidationRule) -> None:
    """An exception can be taken away; a rule for everything is switched off instead, so that its basis stays."""
    check_may_change_rules(user)
    if rule.is_general:
        raise ValidationError(_("A rule for everything is not removed: switch it off."))


may_change_rules = allowed(check_may_change_rules)
may_remove_rule = allowed(check_may_remove_rule)
