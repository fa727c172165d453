"""The dashboard's pictures; every mark leads to its rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import BANDS, COLOURS, SCALE, render_svg
from dashboards.figures import DomainRow, RegionRow, link
from dashboards.quality import AgencyQuality
from dashboards.schematic_map import LABELS, features
from datasources.choices import Verdict
from spm.forecasting import Forecast

VERDICT_COLOURS = {
    Verdict.MATCHES: COLOURS["good"],
    Verdict.EXPLAIN: COLOURS["warn"],
    Verdict.DEVIATES: COLOURS["bad"],
    Verdict.NO_REFERENCE: COLOURS["none"],
}


def verdict_bars(rows: list[DomainRow]) -> SafeString | None:
    """Reported values per SPM domain by verdict. None when nothing has been reported."""
    data = [
        {
            "domain": row.domain.short_name,
            "order": number,
            "verdict": str(verdict.label),
            "rank": list(Verdict).index(verdict),
            "count": getattr(row.cell.verdicts, verdict.value),
            "href": link("programs:report-values", domain=row.domain.pk, verdict=verdict.value),
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


def region_map(rows: list[RegionRow], measure: str) -> SafeString:
    """The schematic map: `deviating` (share of compared values) or `programs` (how many reach the region)."""
    points = []
    for row in rows:
        value = row.deviating_percent if measure == "deviating" else row.programs
        name = "programs:report-values" if measure == "deviating" else "programs:programs"
        filters: dict[str, object] = {"region": row.region.pk}
        if measure == "deviating":
            filters["verdict"] = Verdict.DEVIATES.value
        points.append(
            {
                "code": row.region.kemendagri_code,
                "name": row.region.short_name,
                "value": None if value is None else float(value),
                "shown": "–" if value is None else (f"{value:.0f}%" if measure == "deviating" else str(value)),
                "href": link(name, **filters),
            }
        )
    title = _("% deviating") if measure == "deviating" else _("programmes")
    top = max([point["value"] for point in points if isinstance(point["value"], float)], default=0.0)
    scale = {"type": "quantize", "range": SCALE, "domain": [0, max(top, 1)]}
    return _map(
        points,
        title,
        scale,
        label=_("Schematic map of the ten regencies and cities; the table beside it has the figures."),
    )


def spm_map(ranks: Sequence[tuple[Any, Any]], address: str) -> SafeString:
    """The SPM index of each regency by the edges of its categories; each leads to its computation in the table."""
    points = [
        {
            "code": region.kemendagri_code,
            "name": region.tag,
            "value": None if cell.index is None else float(cell.index),
            "shown": "–" if cell.index is None else f"{cell.index:.1f}".replace(".", ","),
            "href": f"{address}#{region.kemendagri_code}",
        }
        for region, cell in ranks
    ]
    scale = {"type": "threshold", "domain": [60, 70, 80, 90], "range": BANDS}
    label = _("Schematic map: the SPM index of each regency and city; the table beside it has the figures.")
    return _map(points, _("index"), scale, label=label, small=True)


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


def _map(
    points: list[dict[str, Any]], title: str, scale: dict[str, Any], *, label: str, small: bool = False
) -> SafeString:
    """Ten areas coloured by `value`, with name and `shown` inside; `href` is where each leads.

    A small one fits beside a table: names only, no legend.
    """
    labels = [
        point | {"x": LABELS[str(point["code"])][0], "y": LABELS[str(point["code"])][1]}
        for point in points
        if point["code"] in LABELS
    ]
    size = 9 if small else 11
    projection = {"type": "identity", "reflectY": True}
    place = {"longitude": {"field": "x", "type": "quantitative"}, "latitude": {"field": "y", "type": "quantitative"}}
    definition: dict[str, Any] = {
        "width": 250 if small else 460,
        "height": 240 if small else 440,
        "projection": projection,
        "layer": [
            {  # what has no value stays like this: Vega-Lite leaves such an area out of the layer above
                "data": {"values": features(points)},
                "mark": {"type": "geoshape", "fill": COLOURS["none"], "stroke": COLOURS["surface"], "strokeWidth": 2},
            },
            {
                "data": {"values": features(points)},
                "mark": {
                    "type": "geoshape",
                    "stroke": COLOURS["surface"],
                    "strokeWidth": 2,
                    "strokeJoin": "round",
                },
                "encoding": {
                    "color": {
                        "condition": {
                            "test": "isValid(datum.properties.value)",
                            "field": "properties.value",
                            "type": "quantitative",
                            "title": title,
                            "scale": scale,
                            "legend": None
                            if small
                            else {"orient": "bottom", "direction": "horizontal", "format": ".0f"},
                        },
                        "value": COLOURS["none"],
                    },
                    "href": {"field": "properties.href", "type": "nominal"},
                },
            },
            {
                "data": {"values": labels},
                "mark": {"type": "text", "dy": -6 if not small else -4, "fontSize": size, "fontWeight": "bold"},
                "encoding": place
                | {"text": {"field": "name", "type": "nominal"}, "href": {"field": "href", "type": "nominal"}},
            },
            {
                "data": {"values": labels},
                "mark": {"type": "text", "dy": 8 if not small else 6, "fontSize": size},
                "encoding": place
                | {"text": {"field": "shown", "type": "nominal"}, "href": {"field": "href", "type": "nominal"}},
            },
        ],
    }
    return render_svg(definition, label=label)


BARS_SHOWN = 20


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
