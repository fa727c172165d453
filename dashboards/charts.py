"""The dashboard's pictures; every mark leads to its rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import COLOURS, render_svg
from dashboards.choices import Standing
from dashboards.figures import DomainRow, Overview, Point
from dashboards.narrowing import Narrowing
from dashboards.quality import AgencyQuality
from dashboards.standing import AHEAD
from datasources.choices import Verdict
from spm.forecasting import Forecast

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


def state_bar(whole: Overview, narrow: Narrowing, draw: Draw = render_svg) -> SafeString | None:
    """The programmes by how they stand, OPD by OPD, the ones with most off track first. None without programmes."""
    ordered = sorted(
        whole.agencies,
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
            "href": narrow.link("standings", agency=row.agency.pk, state=state.value),
        }
        for number, row in enumerate(ordered[:BARS_SHOWN])
        for state in Standing
        if row.total.states[state]
    ]
    if not data:
        return None
    definition: dict[str, Any] = {
        "width": 440,
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


def scatter(points: Sequence[Point], draw: Draw = render_svg) -> SafeString | None:
    """Absorption against achievement; what spends without result lies at the lower right. None without a point."""
    if not points:
        return None
    wide = max(100.0, *(float(point.absorbed) for point in points))
    data = [
        {
            "name": point.name[:40],
            "x": round(float(point.absorbed), 1),
            "y": round(float(point.achieved), 1),
            "size": float(f"{point.budget_rupiah:.1e}"),  # two digits: a small change draws no new picture
            "href": point.url,
            "far": point.absorbed - point.achieved >= AHEAD,
        }
        for point in points
    ]
    x = {
        "field": "x",
        "type": "quantitative",
        "title": _("absorption: spent of the budget (%)"),
        "scale": {"domain": [0, wide]},
    }
    y = {"field": "y", "type": "quantitative", "title": _("achievement of outcomes (%)"), "scale": {"domain": [0, 100]}}
    edge = [{"x": float(AHEAD), "y": 0}, {"x": min(wide, 100 + float(AHEAD)), "y": min(100.0, wide - float(AHEAD))}]
    definition: dict[str, Any] = {
        "width": 440,
        "height": 300,
        "layer": [
            {
                "data": {"values": edge},
                "mark": {"type": "line", "strokeDash": [5, 4]},
                "encoding": {"x": x, "y": y, "color": {"value": COLOURS["muted"]}},
            },
            {
                "data": {"values": data},
                "mark": {"type": "circle", "opacity": 0.75, "stroke": COLOURS["surface"]},
                "encoding": {
                    "x": x,
                    "y": y,
                    "size": {"field": "size", "type": "quantitative", "legend": None, "scale": {"range": [40, 600]}},
                    "color": {"condition": {"test": "datum.far", "value": COLOURS["bad"]}, "value": COLOURS["1"]},
                    "href": {"field": "href", "type": "nominal"},
                },
            },
            {
                "data": {"values": [point for point in data if point["far"]][:MOST_NAMED]},
                "mark": {"type": "text", "dy": -12, "fontSize": 11},
                "encoding": {"x": x, "y": y, "text": {"field": "name", "type": "nominal"}},
            },
        ],
    }
    label = _("Absorption against achievement: below the dashed line money is spent well ahead of the result.")
    return draw(definition, label=label)


def verdict_bars(rows: list[DomainRow], narrow: Narrowing) -> SafeString | None:
    """Reported values per SPM domain by verdict. None when nothing has been reported."""
    data = [
        {
            "domain": row.domain.short_name,
            "order": number,
            "verdict": str(verdict.label),
            "rank": list(Verdict).index(verdict),
            "count": getattr(row.cell.verdicts, verdict.value),
            "href": narrow.link("programs:report-values", domain=row.domain.pk, verdict=verdict.value),
        }
        for number, row in enumerate(rows)
        for verdict in Verdict
    ]
    if not any(point["count"] for point in data):
        return None
    definition: dict[str, Any] = {
        "width": 460,
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


def gap_bars(lines: Sequence[Any]) -> SafeString | None:
    """Each domain's share of all missing points beside its share of the money: where the two differ, money and need do."""
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
        "width": 420,
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


def score_bars(rows: Sequence[AgencyQuality]) -> SafeString | None:
    """The score of each OPD, the lowest first; the table below has the parts."""
    data = [
        {"agency": row.agency.short_name, "order": number, "score": round(float(row.whole.score), 1)}
        for number, row in enumerate(rows[:BARS_SHOWN])
        if row.whole.score is not None
    ]
    if not data:
        return None
    bars = {
        "mark": {"type": "bar", "cornerRadius": 1},
        "encoding": {
            "color": {
                "field": "score",
                "type": "quantitative",
                "legend": None,
                "scale": {
                    "type": "threshold",
                    "domain": [65, 80],
                    "range": [COLOURS[n] for n in ("bad", "warn", "good")],
                },
            }
        },
    }
    text = {
        "mark": {"type": "text", "align": "left", "dx": 4},
        "encoding": {"text": {"field": "score", "type": "quantitative", "format": ".1f"}},
    }
    definition: dict[str, Any] = {
        "width": 900,
        "height": {"step": 20},
        "data": {"values": data},
        "encoding": {
            "y": {"field": "agency", "type": "nominal", "title": None, "sort": {"field": "order"}},
            "x": {
                "field": "score",
                "type": "quantitative",
                "title": _("score, 0 to 100"),
                "scale": {"domain": [0, 100]},
            },
        },
        "layer": [bars, text],
    }
    return render_svg(definition, label=_("Score of the data quality of each OPD, the lowest first."))


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
