"""The PDF of a weekly briefing, set by Typst from what was frozen."""

from pathlib import Path
from typing import Any

from django.conf import settings

from core.typesetting import typeset, value_of

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "dashboards" / "briefings" / "briefing.typ"
SIZES = (10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5)  # of the text in pt; the first that fits
LAST_PAGE = 2


def pdf(document: dict[str, Any]) -> bytes:
    """At most two A4 pages and the annex, in the largest text that fits."""
    charts: dict[str, str] = {}
    parts = []
    for number, part in enumerate(document["sections"]):
        name = f"chart{number}.svg" if part["chart"] else ""
        if name:
            charts[name] = part["chart"]
        parts.append(part | {"chart": name})
    for size in SIZES:
        data = document | {"sections": parts, "size": size}
        if annex_page(data, charts) <= LAST_PAGE + 1:
            break
    return typeset(TEMPLATE, data, charts)


def annex_page(data: dict[str, Any], charts: dict[str, str]) -> int:
    """On which page the annex begins."""
    return int(value_of("<annex-page>", TEMPLATE, data, charts))
