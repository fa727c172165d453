"""The fiscal year that pages open on: the newest that has begun to report."""

import datetime as dt
from typing import TYPE_CHECKING

from django.core.cache import cache

from programs.models import Report

if TYPE_CHECKING:
    from core.periods import Period

KEPT_SECONDS = 300


def reporting_year(today: dt.date) -> int:
    """The newest year, up to today's, of which a report was delivered; today's where there is none. In January that is
    the old one: a new year without a figure shows nothing to anybody. Kept for five minutes."""
    key = f"reporting-year:{today}"
    known = cache.get(key)
    if known is None:
        known = _newest(today)
        cache.set(key, known, KEPT_SECONDS)
    return int(known)


def _newest(today: dt.date) -> int:
    rows = Report.objects.delivered().filter(period__startswith__lte=today).order_by("-period")
    period: Period | None = rows.values_list("period", flat=True).first()
    return period.year if period else today.year
