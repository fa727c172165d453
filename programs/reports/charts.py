"""Pictures of reported figures."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import COLOURS, render_svg
from core.formats import period as period_text
from datasources.models import Observation
from programs.models import ReportValue

Layer = dict[str, Any]
VERDICT_COLOURS = {
    "matches": COLOURS["good"],
    "explain": COLOURS["warn"],
    "deviates": COLOURS["bad"],
    "no_reference": COLOURS["none"],
}


def value_chart(
    value: ReportValue, reported: Sequence[ReportValue], official: Sequence[Observation], half: Decimal | None
) -> SafeString | None:
    """Reported points by their verdict, the official figures as steps with the band that matches, revised ones hollow.

    `half` is half the band's width as a share of the figure (relative) or in the unit (points); None without a band.
    """
    current = [row for row in official if row.superseded_at is None]
    if not reported and not current:
        return None
    layers = [*_official(value, current, official, half), *_reported(value, reported)]
    return render_svg(
        {"width": 680, "height": 280, "layer": layers},
        label=_("Reported figures of %(indicator)s beside the official ones, over time.")
        % {"indicator": value.indicator},
    )


def _axes(value: ReportValue) -> tuple[Layer, Layer]:
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": "year"}}
    return x, {"type": "quantitative", "title": str(value.indicator.unit), "scale": {"zero": False}}


def _official(
    value: ReportValue, current: list[Observation], official: Sequence[Observation], half: Decimal | None
) -> list[Layer]:
    """The official figures in force as steps, with the band that matches; beside them what was revised since."""
    if not current:
        return []
    x, y = _axes(value)
    steps = [step for row in current for step in _step(value, row, half)]
    colour, detail = {"value": COLOURS["3"]}, {"field": "pk", "type": "nominal"}
    band: Layer = {
        "data": {"values": steps},
        "mark": {"type": "area", "opacity": 0.18, "color": COLOURS["3"]},
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "detail": detail},
    }
    line: Layer = {
        "data": {"values": steps},
        "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {"x": x, "y": {**y, "field": "value"}, "detail": detail, "color": colour},
    }
    revised = [{"day": _middle(row), "value": float(row.value)} for row in official if row.superseded_at is not None]
    hollow: Layer = {
        "data": {"values": revised},
        "mark": {"type": "point", "size": 60, "filled": False, "strokeDash": [2, 2]},
        "encoding": {"x": x, "y": {**y, "field": "value"}, "color": colour},
    }
    return [*([band] if half is not None else []), line, *([hollow] if revised else [])]


def _reported(value: ReportValue, reported: Sequence[ReportValue]) -> list[Layer]:
    """The reported points in the colour of their verdict, joined by a thin line."""
    if not reported:
        return []
    x, y = _axes(value)
    points = [
        {
            "day": row.report.period.last_day.isoformat(),
            "value": float(row.value or 0),
            "colour": VERDICT_COLOURS[row.verdict],
            "text": period_text(row.report.period),
        }
        for row in reported
    ]
    y = {**y, "field": "value"}
    return [
        {
            "data": {"values": points},
            "mark": {"type": "line", "strokeWidth": 1, "strokeDash": [3, 3]},
            "encoding": {"x": x, "y": y, "color": {"value": COLOURS["muted"]}},
        },
        {
            "data": {"values": points},
            "mark": {"type": "point", "size": 90, "filled": True, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": {"field": "colour", "type": "nominal", "scale": None}},
        },
    ]


def _step(value: ReportValue, row: Observation, half: Decimal | None) -> list[dict[str, object]]:
    """An official figure holds for the whole of its period: two ends of a line."""
    width = Decimal(0)
    if half is not None:
        width = half if value.indicator.tolerance_kind == "points" else abs(row.value) * half
    return [
        {
            "pk": row.pk,
            "day": day.isoformat(),
            "value": float(row.value),
            "low": float(row.value - width),
            "high": float(row.value + width),
        }
        for day in (row.period.first_day, row.period.last_day)
    ]


def _middle(row: Observation) -> str:
    middle = row.period.first_day + (row.period.last_day - row.period.first_day) / 2
    return str(middle.isoformat())
