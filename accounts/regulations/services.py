"""Comparing the register with the texts: writing it down, and which rows are compared."""

import datetime as dt

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.regulations.choices import CheckResult
from accounts.regulations.models import RegulationCheck
from accounts.regulations.permissions import check_may_confirm
from accounts.regulations.register import Regulation, register
from core import audit

KEPT_SECONDS = 60
KEY = "accounts:compared-regulations"


def compared() -> frozenset[str]:
    """The keys of rows that say what the text says, as far as somebody has compared them. At most a query a minute."""
    found: frozenset[str] | None = cache.get(KEY)
    if found is None:
        results = {row.key: row.result for row in RegulationCheck.objects.newest()}
        before = {row.key for row in register().values() if row.checked_by}
        found = frozenset(
            key for key in before | results.keys() if results.get(key, CheckResult.MATCHES) == CheckResult.MATCHES
        )
        cache.set(KEY, found, KEPT_SECONDS)
    return found


@transaction.atomic
def confirm(
    *, regulation: Regulation, result: str, checked_by: str, checked_on: dt.date, note: str, by: User
) -> RegulationCheck:
    """Raises ValidationError."""
    check_may_confirm(by)
    if checked_on > timezone.localdate():
        raise ValidationError({"checked_on": _("Nobody has compared it on a day that is still to come.")})
    if checked_on < regulation.first_day:
        text = _("%(regulation)s is of %(year)s: nobody can have compared it before.")
        raise ValidationError(
            {"checked_on": text % {"regulation": regulation.number, "year": regulation.first_day.year}}
        )
    row = RegulationCheck(
        key=regulation.key,
        title=regulation.title,
        result=result,
        checked_by=checked_by.strip(),
        checked_on=checked_on,
        note=note.strip(),
        by=by,
    )
    row.full_clean()
    row.save()
    audit.record(
        "regulation.compared",
        row,
        by=by,
        reason=row.note,
        result=result,
        checked_by=row.checked_by,
        day=str(checked_on),
    )
    transaction.on_commit(lambda: cache.delete(KEY))
    return row
