"""Maps of the ten kab/kota and their figures over time; every area leads to its rows."""

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import BANDS, COLOURS, PLAIN, SCALE, render_svg
from core.models import Region
from core.numbers import format_number
from core.periods import PeriodKind
from dashboards.regions.measures import Measured, RankedRegion
from dashboards.regions.schematic_map import LABELS, SHORT_NAMES, features


def schematic_map(
    points: list[dict[str, Any]],
    title: str,
    scale: dict[str, Any],
    *,
    label: str,
    small: bool = False,
    size: tuple[int, int] | None = None,
) -> SafeString:
    """Ten areas coloured by `value`, with name and `shown` inside; `href` is where each leads.

    A small one fits beside a table: names only, no legend. One with a `size` has short names and no legend.
    """
    wide, high = (250, 240) if small else size or (460, 440)
    if size:
        points = [point | {"name": SHORT_NAMES.get(str(point["code"]), point["name"])} for point in points]
    labels = [
        point | {"x": LABELS[str(point["code"])][0], "y": LABELS[str(point["code"])][1]}
        for point in points
        if point["code"] in LABELS
    ]
    legend = None if small or size else {"orient": "bottom", "direction": "horizontal", "format": ".0f"}
    name_style = {"dy": -4 if small else -6, "fontSize": 9 if small else 11, "fontWeight": "bold"}
    definition: dict[str, Any] = {
        "width": wide,
        "height": high,
        "projection": {"type": "identity", "reflectY": True},
        "layer": [
            _areas_without_value(points),
            _areas(points, title, scale, legend),
            _words_on_map(labels, "name", name_style),
            _words_on_map(labels, "shown", {"dy": 6 if small else 8, "fontSize": 9 if small else 11}),
        ],
    }
    return render_svg(definition, label=label)


OUTLINE = {"type": "geoshape", "stroke": COLOURS["surface"], "strokeWidth": 2}


def _areas_without_value(points: list[dict[str, Any]]) -> dict[str, Any]:
    """The layer below: Vega-Lite leaves an area without a value out of the one above."""
    return {"data": {"values": features(points)}, "mark": OUTLINE | {"fill": COLOURS["none"]}}


def _areas(
    points: list[dict[str, Any]], title: str, scale: dict[str, Any], legend: dict[str, Any] | None
) -> dict[str, Any]:
    known = {
        "test": "isValid(datum.properties.value)",
        "field": "properties.value",
        "type": "quantitative",
        "title": title,
        "scale": scale,
        "legend": legend,
    }
    return {
        "data": {"values": features(points)},
        "mark": OUTLINE | {"strokeJoin": "round"},
        "encoding": {
            "color": {"condition": known, "value": COLOURS["none"]},
            "href": {"field": "properties.href", "type": "nominal"},
        },
    }


def _words_on_map(labels: list[dict[str, Any]], name: str, style: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": labels},
        "mark": {"type": "text"} | style,
        "encoding": {
            "longitude": {"field": "x", "type": "quantitative"},
            "latitude": {"field": "y", "type": "quantitative"},
            "text": {"field": name, "type": "nominal"},
            "href": {"field": "href", "type": "nominal"},
        },
    }


def measure_map(
    measure: Measured,
    places: Sequence[RankedRegion],
    leads_to: Callable[[RankedRegion], str] | None = None,
    size: tuple[int, int] | None = None,
) -> SafeString:
    """Any measure of the ten regions; each area leads to its row in the table, or where the page says. With a `size` it
    is a compact one: short names, no legend."""
    points = [
        {
            "code": place.region.kemendagri_code,
            "name": place.region.short_name,
            "value": None if place.value is None else float(place.value),
            "shown": "–" if place.value is None else format_number(place.value, measure.decimals),
            "href": leads_to(place) if leads_to else f"#r{place.region.kemendagri_code}",
        }
        for place in places
    ]
    scale = _scale(measure, [float(place.value) for place in places if place.value is not None])
    words = (
        _("Schematic map of %(measure)s; the page of the map has the figures as a table.")
        if size
        else _("Schematic map of %(measure)s; the table beside it has the figures.")
    )
    label = words % {"measure": measure.name}
    return schematic_map(points, measure.unit or measure.name[:40], scale, label=label, size=size)


def _scale(measure: Measured, values: list[float]) -> dict[str, Any]:
    """The bands of the SPM index, or as many steps as there are colours between the lowest and the highest value."""
    if measure.key.startswith("spm"):
        return {"type": "threshold", "domain": [60, 70, 80, 90], "range": BANDS}
    low, high = min(values, default=0.0), max(values, default=1.0)
    judged = SCALE if measure.low_is_good else SCALE[::-1]
    colours = judged if measure.knows_good else PLAIN
    return {"type": "quantize", "range": colours, "domain": [low, high if high > low else low + 1]}


def small_multiples(measure: Measured, places: Sequence[RankedRegion]) -> SafeString | None:
    """One small line per region on the same scale. None when no region has two periods."""
    data = [
        {
            "region": place.region.tag,
            "order": number,
            "when": when.first_day.isoformat(),
            "value": round(float(value), 4),
        }
        for number, place in enumerate(sorted(places, key=lambda place: place.region.kemendagri_code))
        for when, value in measure.points.get(place.region.pk, [])
    ]
    if not any(len(points) > 1 for points in measure.points.values()):
        return None
    yearly = measure.when is not None and measure.when.kind is PeriodKind.YEAR
    definition: dict[str, Any] = {
        "data": {"values": data},
        "facet": {
            "field": "region",
            "type": "nominal",
            "title": None,
            "sort": {"field": "order"},
            "header": {"labelColor": COLOURS["ink"], "labelFontSize": 12, "labelFontWeight": "bold"},
        },
        "columns": 5,
        "spec": {
            "width": 150,
            "height": 70,
            "mark": {"type": "line", "point": {"size": 18, "filled": True, "color": COLOURS["1"]}},
            "encoding": {
                "x": {
                    "field": "when",
                    "type": "temporal",
                    "title": None,
                    "axis": {"format": "%Y" if yearly else "%m", "tickCount": 4, "grid": False},
                },
                "y": {
                    "field": "value",
                    "type": "quantitative",
                    "title": None,
                    "scale": {"zero": False, "nice": True},
                    "axis": {"tickCount": 3},
                },
                "color": {"value": COLOURS["1"]},
            },
        },
    }
    label = _("%(measure)s of each region over time, on one scale.") % {"measure": measure.name}
    return render_svg(definition, label=label)


def two_lines(measure: Measured, regions: Sequence[Region]) -> SafeString | None:
    """Two regions over time. None when neither has two periods."""
    data = [
        {"region": region.short_name, "when": when.first_day.isoformat(), "value": round(float(value), 4)}
        for region in regions
        for when, value in measure.points.get(region.pk, [])
    ]
    if not any(len(measure.points.get(region.pk, [])) > 1 for region in regions):
        return None
    yearly = measure.when is not None and measure.when.kind is PeriodKind.YEAR
    definition: dict[str, Any] = {
        "width": 620,
        "height": 220,
        "data": {"values": data},
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 40, "filled": True}},
        "encoding": {
            "x": {"field": "when", "type": "temporal", "title": None, "axis": {"format": "%Y" if yearly else "%m"}},
            "y": {"field": "value", "type": "quantitative", "title": measure.unit or None, "scale": {"zero": False}},
            "color": {
                "field": "region",
                "type": "nominal",
                "title": None,
                "scale": {"range": [COLOURS["1"], COLOURS["2"]]},
                "legend": {"orient": "top"},
            },
        },
    }
    return render_svg(definition, label=_("%(measure)s of the two over time.") % {"measure": measure.name})
