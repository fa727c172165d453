"""The dashboard's pictures; every mark leads to its rows."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import COLOURS, PLAIN, SCALE, render_svg
from core.models import Region
from dashboards.choices import Standing
from dashboards.filters import DashboardFilter
from dashboards.overview.figures import DomainRow, Overview, RegionRow
from dashboards.overview.spread import SpreadPoint
from dashboards.regions.charts import schematic_map
from dashboards.status_rule import AHEAD
from datasources.choices import Verdict

BARS_SHOWN = 20
Draw = Callable[..., SafeString]  # core.charts.render_svg for pages, print_svg for paper
MOST_NAMED = 8  # names beside circles, before they lie over each other
VERDICT_COLOURS = {
    Verdict.MATCHES: COLOURS["good"],
    Verdict.EXPLAIN: COLOURS["warn"],
    Verdict.DEVIATES: COLOURS["bad"],
    Verdict.NO_REFERENCE: COLOURS["none"],
}


STANDING_COLOURS = {
    Standing.ON_TRACK: COLOURS["good"],
    Standing.AT_RISK: COLOURS["warn"],
    Standing.OFF_TRACK: COLOURS["bad"],
    Standing.NO_DATA: COLOURS["none"],
}


def state_bar(overview: Overview, filters: DashboardFilter, draw: Draw = render_svg) -> SafeString | None:
    """The programmes by how they stand, OPD by OPD, the ones with most off track first. None without programmes."""
    ordered = sorted(
        overview.agencies,
        key=lambda row: (
            -row.total.states[Standing.OFF_TRACK],
            -row.total.states[Standing.AT_RISK],
            row.agency.short_name,
        ),
    )
    data = [
        {
            "agency": row.agency.short_name,
            "order": number,
            "state": str(state.label),
            "rank": list(Standing).index(state),
            "count": row.total.states[state],
            "href": filters.link("standings", agency=row.agency.pk, state=state.value),
        }
        for number, row in enumerate(ordered[:BARS_SHOWN])
        for state in Standing
        if row.total.states[state]
    ]
    if not data:
        return None
    definition: dict[str, Any] = {
        "width": 405,
        "height": {"step": 15},
        "data": {"values": data},
        "mark": {"type": "bar", "cornerRadius": 1},
        "encoding": {
            "y": {"field": "agency", "type": "nominal", "title": None, "sort": {"field": "order"}},
            "x": {"field": "count", "type": "quantitative", "title": _("programmes"), "axis": {"tickMinStep": 1}},
            "color": {
                "field": "state",
                "type": "nominal",
                "title": None,
                "scale": {
                    "domain": [str(state.label) for state in Standing],
                    "range": [STANDING_COLOURS[state] for state in Standing],
                },
                "legend": {"orient": "top"},
            },
            "order": {"field": "rank"},
            "href": {"field": "href", "type": "nominal"},
        },
    }
    return draw(definition, label=_("Programmes of each OPD by how they stand; the list behind it has them all."))


def scatter(points: Sequence[SpreadPoint], draw: Draw = render_svg) -> SafeString | None:
    """Absorption against achievement; what spends without result lies at the lower right. None without a point."""
    if not points:
        return None
    wide = max(100.0, *(float(point.absorbed) for point in points))
    data = [_circle(point) for point in points]
    x = {
        "field": "x",
        "type": "quantitative",
        "title": _("absorption: spent of the budget (%)"),
        "scale": {"domain": [0, wide]},
    }
    y = {"field": "y", "type": "quantitative", "title": _("achievement of outcomes (%)"), "scale": {"domain": [0, 100]}}
    definition: dict[str, Any] = {
        "width": 440,
        "height": 300,
        "layer": [_edge(wide, x, y), _circles(data, x, y), _names(data, x, y)],
    }
    label = _("Absorption against achievement: below the dashed line money is spent well ahead of the result.")
    return draw(definition, label=label)


def _circle(point: SpreadPoint) -> dict[str, Any]:
    return {
        "name": point.name[:40],
        "x": round(float(point.absorbed), 1),
        "y": round(float(point.achieved), 1),
        "size": float(f"{point.budget_rupiah:.1e}"),  # two digits: a small change draws no new picture
        "href": point.url,
        "far": point.absorbed - point.achieved >= AHEAD,
    }


def _edge(wide: float, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """Below this line the money is well ahead of the result."""
    ahead = float(AHEAD)
    return {
        "data": {"values": [{"x": ahead, "y": 0}, {"x": min(wide, 100 + ahead), "y": min(100.0, wide - ahead)}]},
        "mark": {"type": "line", "strokeDash": [5, 4]},
        "encoding": {"x": x, "y": y, "color": {"value": COLOURS["muted"]}},
    }


def _circles(data: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": data},
        "mark": {"type": "circle", "opacity": 0.75, "stroke": COLOURS["surface"]},
        "encoding": {
            "x": x,
            "y": y,
            "size": {"field": "size", "type": "quantitative", "legend": None, "scale": {"range": [40, 600]}},
            "color": {"condition": {"test": "datum.far", "value": COLOURS["bad"]}, "value": COLOURS["1"]},
            "href": {"field": "href", "type": "nominal"},
        },
    }


def _names(data: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """Of those that are far ahead, as many as can be read."""
    return {
        "data": {"values": [point for point in data if point["far"]][:MOST_NAMED]},
        "mark": {"type": "text", "dy": -12, "fontSize": 11},
        "encoding": {"x": x, "y": y, "text": {"field": "name", "type": "nominal"}},
    }


def verdict_bars(rows: list[DomainRow], filters: DashboardFilter) -> SafeString | None:
    """Reported values per SPM domain by verdict. None when nothing has been reported."""
    data = [
        {
            "domain": row.domain.short_name,
            "order": number,
            "verdict": str(verdict.label),
            "rank": list(Verdict).index(verdict),
            "count": getattr(row.cell.verdicts, verdict.value),
            "href": filters.link("programs:report-values", domain=row.domain.pk, verdict=verdict.value),
        }
        for number, row in enumerate(rows)
        for verdict in Verdict
    ]
    if not any(point["count"] for point in data):
        return None
    definition: dict[str, Any] = {
        "width": 390,
        "height": 210,
        "data": {"values": data},
        "mark": {"type": "bar", "cornerRadius": 1},
        "encoding": {
            "y": {"field": "domain", "type": "nominal", "title": None, "sort": {"field": "order"}},
            "x": {"field": "count", "type": "quantitative", "title": _("reported values"), "axis": {"tickMinStep": 1}},
            "color": {
                "field": "verdict",
                "type": "nominal",
                "title": None,
                "scale": {
                    "domain": [str(verdict.label) for verdict in Verdict],
                    "range": [VERDICT_COLOURS[verdict] for verdict in Verdict],
                },
                "legend": {"orient": "top"},
            },
            "order": {"field": "rank"},
            "href": {"field": "href", "type": "nominal"},
        },
    }
    return render_svg(
        definition, label=_("Reported values of each SPM domain by their verdict; the table beside it has the figures.")
    )


def region_map(rows: list[RegionRow], measure: str, filters: DashboardFilter) -> SafeString:
    """The schematic map: `deviating` (share of compared values) or `programs` (how many reach the region)."""
    is_deviating = measure == "deviating"
    points = [_point_deviating(row, filters) if is_deviating else _point_reached(row, filters) for row in rows]
    top = max([point["value"] for point in points if isinstance(point["value"], float)], default=0.0)
    scale = {"type": "quantize", "range": SCALE if is_deviating else PLAIN, "domain": [0, max(top, 1)]}
    label = _("Schematic map of the ten regencies and cities; the table beside it has the figures.")
    return schematic_map(points, _("% deviating") if is_deviating else _("programmes"), scale, label=label)


def _point_deviating(row: RegionRow, filters: DashboardFilter) -> dict[str, Any]:
    percent = row.deviating_percent
    return _place(row.region) | {
        "value": None if percent is None else float(percent),
        "shown": "–" if percent is None else f"{percent:.0f}%",
        "href": filters.link("programs:report-values", region=row.region.pk, verdict=Verdict.DEVIATES.value),
    }


def _point_reached(row: RegionRow, filters: DashboardFilter) -> dict[str, Any]:
    return _place(row.region) | {
        "value": float(row.programs),
        "shown": str(row.programs),
        "href": filters.link("programs:programs", region=row.region.pk, state="registered"),
    }


def _place(region: Region) -> dict[str, Any]:
    return {"code": region.kemendagri_code, "name": region.short_name}
