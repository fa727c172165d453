"""Pictures of the SPM page; every mark leads to its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import BANDS, COLOURS, render_svg
from core.forecasting import Forecast
from core.numbers import format_number
from dashboards.regions.charts import schematic_map


def gap_bars(lines: Sequence[Any]) -> SafeString | None:
    """Each domain's share of all missing points beside its share of the money: where the two differ, money and need
    do."""
    gaps = sum(float(line.gap or 0) for line in lines)
    budgets = sum(float(line.budget) for line in lines)
    if not gaps or not budgets:
        return None
    needs, money = _("share of the missing points"), _("share of the budget")
    data = [
        {"domain": line.domain.short_name, "order": number, "what": what, "share": round(share, 1)}
        for number, line in enumerate(sorted(lines, key=lambda line: line.gap or 0, reverse=True))
        for what, share in (
            (needs, 100 * float(line.gap or 0) / gaps),
            (money, 100 * float(line.budget) / budgets),
        )
    ]
    definition: dict[str, Any] = {
        "width": 375,
        "height": {"step": 13},
        "data": {"values": data},
        "mark": {"type": "bar", "cornerRadius": 1},
        "encoding": {
            "y": {"field": "domain", "type": "nominal", "title": None, "sort": {"field": "order"}},
            "yOffset": {"field": "what", "sort": [needs, money]},
            "x": {"field": "share", "type": "quantitative", "title": "%"},
            "color": {
                "field": "what",
                "type": "nominal",
                "title": None,
                "scale": {"domain": [needs, money], "range": [COLOURS["warn"], COLOURS["1"]]},
                "legend": {"orient": "top"},
            },
        },
    }
    return render_svg(definition, label=_("Missing points and budget of each domain; the table below has the figures."))


def forecast_chart(indices: Mapping[int, float], ahead: Forecast | None) -> SafeString | None:
    """The index month by month, and from the last one on the forecast with its interval."""
    if not indices:
        return None
    points = [{"month": month, "value": round(value, 2)} for month, value in sorted(indices.items())]
    last = points[-1]
    x = {
        "field": "month",
        "type": "quantitative",
        "title": _("month"),
        "scale": {"domain": [1, 12]},
        "axis": {"tickMinStep": 1, "format": "d"},
    }
    y = {"type": "quantitative", "title": _("index"), "scale": {"zero": False, "nice": True}}
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": points},
            "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 50, "filled": True, "color": COLOURS["1"]}},
            "encoding": {"x": x, "y": {**y, "field": "value"}, "color": {"value": COLOURS["1"]}},
        }
    ]
    if ahead is not None:
        ends = [
            {**last, "low": last["value"], "high": last["value"]},
            {"month": 12, "value": round(ahead.value, 2), "low": round(ahead.low, 2), "high": round(ahead.high, 2)},
        ]
        layers += [
            {
                "data": {"values": ends},
                "mark": {"type": "area", "opacity": 0.2, "color": COLOURS["3"]},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": ends},
                "mark": {"type": "line", "strokeWidth": 2, "strokeDash": [5, 4]},
                "encoding": {"x": x, "y": {**y, "field": "value"}, "color": {"value": COLOURS["3"]}},
            },
        ]
    return render_svg(
        {"width": 680, "height": 230, "layer": layers},
        label=_("The index month by month and its forecast to December."),
    )


def _shown(cell: Any) -> str:
    """With the mark of what is not entered in full, as in the table."""
    if cell.index is None:
        return "–"
    return format_number(cell.index, 1) + ("°" if cell.value.is_provisional else "")


def spm_map(ranks: Sequence[tuple[Any, Any]], address: str) -> SafeString:
    """The SPM index of each regency by the edges of its categories; each leads to its computation in the table."""
    points = [
        {
            "code": region.kemendagri_code,
            "name": region.tag,
            "value": None if cell.index is None else float(cell.index),
            "shown": _shown(cell),
            "href": f"{address}#{region.kemendagri_code}",
        }
        for region, cell in ranks
    ]
    scale = {"type": "threshold", "domain": [60, 70, 80, 90], "range": BANDS}
    label = _("Schematic map: the SPM index of each regency and city; the table beside it has the figures.")
    return schematic_map(points, _("index"), scale, label=label, small=True)
