"""Writing the rows of a list and taking them back at once: whatever would refuse them when they are taken over (a rule
of the database, a service, a report without such a row) is known in the preview, row by row.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, InternalError, connection, transaction
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext as _

from core.errors import constraint_of, words_of
from core.importing.messages import message

if TYPE_CHECKING:
    from core.importing.entries import Entry

Pair = tuple["Entry", Any]  # what the list says, and what the portal holds; None where it is new
Refusal = tuple[str, str, dict[str, Any]]  # field, message, its values
MOST_ROWS = 10_000  # beyond that a list is taken over without a trial
MOST_TRIALS = 80  # beyond that rows are refused together
REFUSALS = (IntegrityError, DataError, InternalError, ValidationError, PermissionDenied, ArithmeticError)


class NotPlaced(ValidationError):  # noqa: N818 (told to people, as every ValidationError)
    """A writer found no place for some entries: their keys, and what is to be said of each."""

    def __init__(self, found: dict[Any, Refusal]) -> None:
        super().__init__([message(code, params) for _field, code, params in found.values()][:3])
        self.found = found


class Trial:
    """`write` takes entries as they would be taken over."""

    def __init__(self, write: Callable[[Sequence[Pair]], None]) -> None:
        self.write = write
        self.count = 0

    def refused(self, pairs: Sequence[Pair]) -> Iterator[tuple["Entry", Refusal]]:
        """The entries that would be refused, each with the reason; the others can be taken over together."""
        if not pairs or len(pairs) > MOST_ROWS:
            return
        yield from self._among([], list(pairs))

    def _among(self, good: list[Pair], batch: list[Pair]) -> Iterator[tuple["Entry", Refusal]]:
        """Those of the batch that are refused on top of `good`, which grows by the others."""
        error = self._attempt([*good, *batch])
        if isinstance(error, NotPlaced):
            told = [(entry, error.found[entry.key]) for entry, _there in batch if entry.key in error.found]
            if told:
                yield from told
                yield from self._among(good, [pair for pair in batch if pair[0].key not in error.found])
                return
        if error is None:
            good += batch
        elif len(batch) == 1 or self.count > MOST_TRIALS:
            yield from ((entry, refusal_of(error, entry.values)) for entry, _there in batch)
        else:
            half = len(batch) // 2
            yield from self._among(good, batch[:half])
            yield from self._among(good, batch[half:])

    def _attempt(self, pairs: Sequence[Pair]) -> Exception | None:
        """Of copies: writing changes what it writes."""
        self.count += 1
        copies = copy.deepcopy(pairs)
        try:
            with transaction.atomic():
                self.write(copies)
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                transaction.set_rollback(True)
        except REFUSALS as error:
            return error
        return None


def refusal_of(error: Exception, names: Iterable[str]) -> Refusal:
    """In words, at the first of the columns that the rule is about."""
    if isinstance(error, IntegrityError | DataError | InternalError):
        about = _columns_of(constraint_of(error))
        field = next((name for name in names if name in about), "")
        return field, "database_refuses", {"rule": rule_of(error)}
    said = " ".join(getattr(error, "messages", [str(error)])) or _("You may not do this.")
    return "", "service_refuses", {"reason": said}


def rule_of(error: Exception) -> str:
    """A sentence. A refusal names its constraint; a value that doesn't fit names nothing."""
    if isinstance(error, InternalError):
        return _("A rule of the portal forbids it.")
    name = constraint_of(error) if isinstance(error, IntegrityError | DataError) else ""
    if not name:
        return _("A value of the list is too large, or outside what the portal can hold.")
    said = words_of(error) if isinstance(error, IntegrityError) else ""
    columns = ", ".join(str(label) for label in _columns_of(name).values())
    general = _("A row contradicts another one, or what the portal holds (%(rule)s).")
    return said or general % {"rule": columns or name}


def _columns_of(constraint: str) -> dict[str, Any]:
    """name → label of the fields that a constraint is about, Django's own of single columns too."""
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001 (public by use)
        for rule in model._meta.constraints:  # noqa: SLF001
            if rule.name == constraint:
                named = rule.fields if isinstance(rule, UniqueConstraint) else []
                named = [*_named_in(rule.condition)] if isinstance(rule, CheckConstraint) else named
                return {name: fields[name].verbose_name for name in dict.fromkeys(named) if name in fields}
        table = model._meta.db_table  # noqa: SLF001
        for name, field in fields.items():
            if constraint.startswith(f"{table}_{field.column}_"):
                return {name: field.verbose_name}
    return {}


def _named_in(condition: Any) -> Iterator[str]:
    if isinstance(condition, F):
        yield str(vars(condition)["name"]).partition("__")[0]
    elif isinstance(condition, Q):
        for child in condition.children:
            yield from _named_in(child)
    elif isinstance(condition, tuple):
        yield str(condition[0]).partition("__")[0]
        yield from _named_in(condition[1])
