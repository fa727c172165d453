"""What the page about the quality of reported data shows."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from dashboards.data_quality import figures
from dashboards.data_quality.charts import score_bars
from programs.validation import patterns

PARTS = {
    "complete": _("complete"),
    "on_time": _("on time"),
    "consistent": _("consistent"),
    "matching": _("matching"),
    "explained": _("explained"),
}


def quality_page(user: User, year: int, today: dt.date, *, sees_leads: bool) -> dict[str, Any]:
    """Per OPD, the worst first; the whole and the leads for those who look at the whole province."""
    rows = figures.by_agency(user, year, today)
    parts: dict[str, Any] = {
        "rows": rows,
        "chart": score_bars(rows) if len(rows) > 1 else None,
        "parts": PARTS,
        "weights": [(PARTS[name], weight) for name, weight in figures.WEIGHTS.items()],
        "sees_leads": sees_leads,
    }
    return parts | _province(rows) | _leads(year) if sees_leads else parts | {"province": None, "province_shares": []}


def _province(rows: Iterable[figures.AgencyQuality]) -> dict[str, Any]:
    whole = figures.province(rows)
    shares = whole.whole.shares if whole else {}
    return {"province": whole, "province_shares": [(PARTS[name], share) for name, share in shares.items()]}


def _leads(year: int) -> dict[str, Any]:
    """Patterns that measured figures seldom show, each with its OPD."""
    agencies = {agency.pk: agency for agency in Agency.objects.with_former()}
    found: dict[str, Callable[[int, list[str]], Iterable[Any]]] = {
        "heaping": patterns.heaping,
        "repeats": patterns.repeats,
        "smooth": patterns.smooth,
    }
    return {
        name: [(agencies[row.agency_id], row) for row in pattern(year, figures.DELIVERED)]
        for name, pattern in found.items()
    }
