"""Vega-Lite definitions to SVG on the server: the same picture on the screen, without JavaScript, on paper and in PDFs.

The result is cached by its definition, and made safe for a page with a strict CSP: no script, no style attribute.
"""

import hashlib
import json
import math
import re
import threading
from typing import Any

from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

VEGA_LITE_VERSION = "6.1"
SMALLEST_SCALE = 8.1 / 11
WIDTH_STEP, MOST_STEPS = 48, 24  # px; the classes of static/css/portal.css
CACHE_SECONDS = 24 * 3600
CACHE_VERSION = 8
_lock = threading.Lock()

# CSS variables of static/css/portal.css: the picture follows the light or dark theme without being drawn again.
INK, MUTED, LINE = "var(--chart-ink)", "var(--chart-muted)", "var(--chart-line)"
_PLACEHOLDERS = {
    "#010101": INK,
    "#020202": MUTED,
    "#030303": LINE,
    "#040404": "var(--chart-1)",
    "#050505": "var(--chart-2)",
    "#060606": "var(--chart-3)",
    "#070707": "var(--chart-good)",
    "#080808": "var(--chart-warn)",
    "#090909": "var(--chart-bad)",
    "#0a0a0a": "var(--chart-none)",
    "#0b0b0b": "var(--chart-surface)",
    "#0c0c0c": "var(--chart-scale-1)",
    "#0d0d0d": "var(--chart-scale-2)",
    "#0e0e0e": "var(--chart-scale-3)",
    "#0f0f0f": "var(--chart-scale-4)",
    "#101010": "var(--chart-scale-5)",
    "#111111": "var(--chart-band-1)",
    "#121212": "var(--chart-band-2)",
    "#131313": "var(--chart-band-3)",
    "#141414": "var(--chart-band-4)",
    "#151515": "var(--chart-band-5)",
    "#161616": "var(--chart-plain-1)",
    "#171717": "var(--chart-plain-2)",
    "#181818": "var(--chart-plain-3)",
    "#191919": "var(--chart-plain-4)",
    "#1a1a1a": "var(--chart-plain-5)",
}
COLOURS = {name[len("var(--chart-") : -1]: placeholder for placeholder, name in _PLACEHOLDERS.items()}
SCALE = [COLOURS[f"scale-{step}"] for step in range(1, 6)]
BANDS = [COLOURS[f"band-{step}"] for step in range(1, 6)]  # from poor to good, as in heat maps
PLAIN = [COLOURS[f"plain-{step}"] for step in range(1, 6)]  # more or less of what is neither good nor bad
_LOCALE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}
_CONFIG = {
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": COLOURS["muted"],
        "titleColor": COLOURS["muted"],
        "gridColor": COLOURS["line"],
        "domainColor": COLOURS["line"],
        "tickColor": COLOURS["line"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 220,
    },
    # Words may be wider in a reader's font than in the one the picture is measured with.
    "padding": {"left": 14, "right": 10, "top": 5, "bottom": 5},
    "legend": {
        "labelColor": COLOURS["ink"],
        "titleColor": COLOURS["muted"],
        "labelFontSize": 12,
        "titleFontSize": 12,
        "columnPadding": 30,
    },
    "text": {"color": COLOURS["ink"], "fontSize": 12},
    "locale": {"number": _LOCALE},
}


def _whole(definition: dict[str, Any]) -> dict[str, Any]:
    """With the schema and the portal's own look."""
    schema = f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE_VERSION}.json"
    return {"$schema": schema, "config": _CONFIG} | definition


def render_svg(definition: dict[str, Any], *, label: str) -> SafeString:
    """Inline SVG for a Vega-Lite `definition` (without $schema). `label` is what a screen reader says of the
    picture."""
    full = _whole(definition)
    text = json.dumps(full, sort_keys=True, default=str)
    key = f"chart:{CACHE_VERSION}:{hashlib.sha256((text + label).encode()).hexdigest()}"
    svg = cache.get(key)
    if svg is None:
        svg = _for_page(_convert(full), label)
        cache.set(key, svg, CACHE_SECONDS)
    return SafeString(svg)  # made by vl-convert, cleaned below, label escaped


# The light theme's values in static/css/portal.css: paper has no variables.
_ON_PAPER = {
    "ink": "#1b2a24",
    "muted": "#51605a",
    "line": "#dbe4df",
    "1": "#0b6e4f",
    "2": "#b07d00",
    "3": "#2f6db5",
    "good": "#2c8a61",
    "warn": "#d99a00",
    "bad": "#b3372f",
    "none": "#b9c5bf",
    "surface": "#ffffff",
    "scale-1": "#e7f2ec",
    "scale-2": "#c6dfd2",
    "scale-3": "#f3d998",
    "scale-4": "#e9a86b",
    "scale-5": "#d9776a",
    "plain-1": "#eaf1f8",
    "plain-2": "#cfe0f0",
    "plain-3": "#aecbe6",
    "plain-4": "#8cb4da",
    "plain-5": "#6a9dce",
    "band-1": "#f7dcd8",
    "band-2": "#fbe7cf",
    "band-3": "#fdf3d6",
    "band-4": "#dcefe5",
    "band-5": "#b9dfcb",
}


def print_svg(definition: dict[str, Any], *, label: str) -> SafeString:
    """The same picture for paper and for the screen in the room: plain colours, no links. `label` is its title."""
    svg = _convert(_whole(definition))
    for name, placeholder in COLOURS.items():
        number = int(placeholder[1:3], 16)
        for written in (placeholder, f"rgb({number}, {number}, {number})", f"rgb({number},{number},{number})"):
            svg = svg.replace(written, _ON_PAPER[name])
    svg = re.sub(r"<a [^>]*>|</a>", "", svg)
    svg = re.sub(r'\s(?:aria-[\w-]+|role|style)="[^"]*"', "", svg)
    svg = re.sub(r"<svg\s", f'<svg role="img" aria-label="{escape(label)}" ', svg, count=1)
    return mark_safe(svg)  # noqa: S308 (made by vl-convert, cleaned above, label escaped)


def _convert(definition: dict[str, Any]) -> str:
    import vl_convert

    # One JavaScript engine per process: two threads in it at once gain nothing and have been seen to deadlock.
    with _lock:
        return str(vl_convert.vegalite_to_svg(definition, vl_version=VEGA_LITE_VERSION, format_locale=_LOCALE))


def _for_page(svg: str, label: str) -> str:
    svg = re.sub(r"<script.*?</script>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\sstyle="[^"]*"', "", svg)  # pointer-events only; the CSP would refuse it noisily
    svg = re.sub(r'\son\w+="[^"]*"', "", svg)
    for placeholder, variable in _PLACEHOLDERS.items():
        svg = svg.replace(placeholder, variable).replace(placeholder.upper(), variable)
        number = int(placeholder[1:3], 16)
        svg = svg.replace(f"rgb({number}, {number}, {number})", variable).replace(
            f"rgb({number},{number},{number})", variable
        )
    # Vega marks every shape as an ARIA graphics object: dozens of stops for a reader. The table beside it says it
    # better.
    svg = re.sub(r'\s(?:aria-[\w-]+|role)="[^"]*"', "", svg)
    # Links lead to our own pages (vl-convert puts its sample data's address in front of them). They are for the
    # pointer:
    # the table beside the picture has the same links for the keyboard and for readers, without dozens of stops.
    svg = re.sub(r'<a xlink:href="(?:https://vega\.github\.io/vega-datasets/)?', '<a tabindex="-1" href="', svg)
    svg = svg.replace(' target="_blank"', "")
    what = 'aria-hidden="true"' if "<a " in svg else f'role="img" aria-label="{escape(label)}"'
    svg = re.sub(
        r"<svg\s([^>]*?)>",
        lambda match: f'<svg class="chart {_least_width(match[1])}" {what} {_sized(match[1])}>',
        svg,
        count=1,
    )
    # On a phone the picture keeps a readable size and is moved sideways, by finger or by arrow keys.
    return f'<div class="chart-box" role="group" aria-label="{escape(label)}" tabindex="0">{svg}</div>'


def _least_width(attributes: str) -> str:
    """The class of the width below which a phone moves the picture sideways: no word of 11 px gets smaller than 8."""
    box = re.search(r'viewBox="\S+ \S+ ([\d.]+)', attributes)
    steps = math.ceil(float(box[1]) * SMALLEST_SCALE / WIDTH_STEP) if box else 0
    return f"chart-least-{min(steps, MOST_STEPS)}"


def _sized(attributes: str) -> str:
    """Keep the view box, drop the fixed height: the picture scales with its column."""
    return re.sub(r'\sheight="[^"]*"', "", f" {attributes}").strip()
