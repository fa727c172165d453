"""Reminders: declarations that are due, and decisions that are waited for."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.services import tell
from procurement.models import Declaration, Officer

WAIT = dt.timedelta(days=2)


def remind(today: dt.date) -> int:
    """Tell everybody once a day at most, and only while the same reminder is not still unread. How many were told."""
    told = 0
    address = reverse("procurement:declarations")
    officers = Officer.objects.still_to_declare().of_open_packages().filter(assigned_at__date__lte=today - WAIT)
    for user in User.objects.filter(pk__in=officers.values("user"), is_active=True):
        count = officers.filter(user=user).count()
        told += _tell(user, _("%(count)s packages wait for your declaration of interests.") % {"count": count}, address)
    waiting = Declaration.objects.undecided().filter(declared_at__date__lte=today - WAIT)
    for agency_id in waiting.values_list("agency_id", flat=True).distinct():
        declaration = waiting.filter(agency_id=agency_id).select_related("agency").first()
        count = waiting.filter(agency_id=agency_id).count()
        for head in User.objects.heads_of(declaration.agency):  # type: ignore[union-attr]
            told += _tell(head, _("%(count)s declarations wait for your decision.") % {"count": count}, address)
    return told


def _tell(user: User, text: str, address: str) -> int:
    if Notice.objects.filter(user=user, url=address, read_at__isnull=True).exists():
        return 0
    tell([user], text, address)
    return 1
