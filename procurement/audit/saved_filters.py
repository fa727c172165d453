"""Filters that an auditor keeps under a name: their own, nobody else sees them."""

from accounts.models import User
from procurement.audit.permissions import check_may_export
from procurement.models import SavedFilter


def save(*, by: User, name: str, query: str) -> SavedFilter:
    """Raises ValidationError for a name that is empty or there already."""
    check_may_export(by)
    row = SavedFilter(user=by, name=name, query=query)
    row.full_clean()
    row.save()
    return row


def forget(*, by: User, pk: int) -> None:
    check_may_export(by)
    SavedFilter.objects.filter(user=by, pk=pk).delete()
