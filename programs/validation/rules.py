"""Changing the rules of validation: one transaction each; every reported figure is judged again afterwards."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, queue
from programs.models import ValidationRule
from programs.validation.permissions import check_may_change_rules, check_may_remove_rule

LEAST_REASON = 5


@transaction.atomic
def save_rule(*, rule: ValidationRule, by: User, reason: str) -> ValidationRule:
    """A new rule, or a changed one; the caller has validated it."""
    check_may_change_rules(by)
    audit.with_reason(reason)
    rule.save()
    audit.record("rule.saved", rule, by=by, reason=reason)
    _validate_again()
    return rule


@transaction.atomic
def remove_rule(*, rule: ValidationRule, by: User, reason: str) -> None:
    """Take an exception away. Raises ValidationError."""
    check_may_remove_rule(by, rule)
    if len(reason) < LEAST_REASON:
        raise ValidationError(_("Say why, in a few words: it stays in the history of the rules."))
    audit.record("rule.removed", rule, by=by, reason=reason)
    rule.delete()
    _validate_again()


def _validate_again() -> None:
    queue.send_after_commit("programs.validation.tasks.revalidate_all")  # with the queue away the nightly run does it
