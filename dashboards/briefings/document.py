"""The whole of a weekly briefing: its parts in the office's order, the annex, and the words around them."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.formats import day as date_text
from dashboards.briefings.annex import annex
from dashboards.briefings.gathered import Gathered, numbers
from dashboards.briefings.parts import PARTS
from dashboards.choices import BriefingPart
from dashboards.models import Briefing, BriefingSection

Order = list[tuple[BriefingPart, bool]]


def order() -> Order:
    """Every part once, with whether it is shown."""
    rows = list(BriefingSection.objects.all())
    known = [(BriefingPart(row.part), row.is_shown) for row in rows]
    return known + [(part, True) for part in BriefingPart if part not in {each for each, _shown in known}]


def contents(year: int, today: dt.date) -> tuple[dict[str, Any], dict[str, str], Gathered]:
    """(what is frozen, the figures for next week's comparison, what it was gathered from)."""
    now = Gathered(year, today)
    before = Briefing.objects.filter(fiscal_year=year, issued_at__date__lt=today).defer("pdf", "content").first()
    shown = [part for part, is_shown in order() if is_shown]
    document = {
        "title": _("Weekly briefing"),
        "office": _("Provincial Government of Kalimantan Timur"),
        "subtitle": _("Fiscal year %(year)s, %(day)s") % {"year": year, "day": date_text(today)},
        "as_of": _("Figures as of %(moment)s") % {"moment": now.at},
        "sections": [PARTS[part](now, before) for part in shown],
        "annex_title": _("Annex: the OPD one by one"),
        "annex_heads": [_("Measure"), _("Value"), _("Median"), ""],
        "annex": annex(now),
        "words": {"directives": _("Directives"), "warnings": _("Early warnings"), "to_do": _("To do this week")},
    }
    return document, numbers(now), now
