"""A row that somebody deleted meanwhile: whoever still has its page open is told who did it and when.

The trail knows it. Whoever could not have seen the row learns nothing: for them it is not found, as ever.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from core.decided import AlreadyDecided
from core.models import AuditEvent

Row = TypeVar("Row", bound=Model)
ENDS = ("deleted", "removed")


class AlreadyDeleted(AlreadyDecided):
    """Answered as a decision of somebody else is, with a page of its own: there is nothing left to look at."""


def there_or_deleted(rows: QuerySet[Row], pk: int, *, may_know: Callable[[AuditEvent], bool]) -> Row:
    """The row, as `get_object_or_404` finds it. Raises AlreadyDeleted for one whose end this person `may_know` of."""
    row = rows.filter(pk=pk).first()
    if row is not None:
        return row
    label = rows.model._meta.label_lower  # noqa: SLF001 (Django's public-by-use API)
    last = AuditEvent.objects.filter(target_type=label, target_id=str(pk)).order_by("-pk").first()
    if last is None or last.action.rpartition(".")[2] not in ENDS or not may_know(last):
        raise Http404
    raise AlreadyDeleted(_("deleted (“%(name)s”)") % {"name": last.target_name}, last.who, last.at)
