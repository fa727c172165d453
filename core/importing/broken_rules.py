"""What PostgreSQL refused, as people read it: the rule's own message where a model says one."""

from django.apps import apps
from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _


def broken_rule(error: IntegrityError | DataError) -> str:
    """A sentence. A refusal names its rule; a value that doesn't fit names nothing."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if not name:
        return _("A value of the list is too large, or outside what the portal can hold.")
    found = next(
        (rule for model in apps.get_models() for rule in model._meta.constraints if rule.name == name),  # noqa: SLF001 (Django's documented way to a model's rules)
        None,
    )
    said = str(found.get_violation_error_message()) if found is not None else ""
    if said and name not in said:
        return said
    return _("A row contradicts another one, or what the portal holds (%(rule)s).") % {"rule": name}
