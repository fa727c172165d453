"""Reminders: declarations that are due, and decisions that are waited for."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.services import notify
from core.choices import Role
from procurement.declarations import register
from procurement.models import Declaration, Officer

WAIT = dt.timedelta(days=2)
MONDAY = 0


def remind(today: dt.date) -> int:
    """Tell everybody once a day at most, and only while the same reminder is not still unread. How many were told."""
    told = 0
    address = reverse("procurement:declarations")
    officers = Officer.objects.still_to_declare().of_open_packages().filter(assigned_at__date__lte=today - WAIT)
    for user in User.objects.filter(pk__in=officers.values("user"), is_active=True):
        count = officers.filter(user=user).count()
        told += _tell(user, _("%(count)s packages wait for your declaration of interests.") % {"count": count}, address)
    waiting = Declaration.objects.undecided().filter(declared_at__date__lte=today - WAIT)
    of_heads = waiting.of_heads().values("pk")
    for agency_id in waiting.exclude(pk__in=of_heads).values_list("agency_id", flat=True).distinct():
        rows = waiting.filter(agency_id=agency_id).exclude(pk__in=of_heads)
        for head in User.objects.heads_of(rows.select_related("agency")[0].agency):
            told += _tell_waiting(head, rows.exclude(declarer=head).count(), address)
    for user in User.objects.with_role(Role.GOVERNORS_OFFICE):
        told += _tell_waiting(user, waiting.filter(pk__in=of_heads).count(), address)
    if today.weekday() == MONDAY:
        for user in User.objects.filter(pk__in=register.missing_of(today.year).values("user")):
            text = _("Your general declaration for the year %(year)s is still missing.") % {"year": today.year}
            told += _tell(user, text, reverse("procurement:declare-year"))
    return told


def _tell_waiting(user: User, count: int, address: str) -> int:
    if not count:
        return 0
    return _tell(user, _("%(count)s declarations wait for your decision.") % {"count": count}, address)


def _tell(user: User, text: str, address: str) -> int:
    if Notice.objects.filter(user=user, url=address, read_at__isnull=True).exists():
        return 0
    notify([user], text, address)
    return 1
