"""Pictures of how early warnings did."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import COLOURS, render_svg


def error_lines(points: Sequence[tuple[int, float, float]], *, name: str) -> SafeString:
    """How far off the forecasts of a series were, month by month: `points` are (month, our mean error, that of the
    best simple forecast), errors in points of percent."""
    ours, simple = _("the portal's forecast"), _("best simple forecast")
    data = [
        {"month": month, "what": what, "error": round(error, 2)}
        for month, *errors in points
        for what, error in zip((ours, simple), errors, strict=True)
    ]
    colours = {"domain": [ours, simple], "range": [COLOURS["1"], COLOURS["none"]]}
    definition: dict[str, Any] = {
        "width": 268,
        "height": 170,
        "data": {"values": data},
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 40, "filled": True}},
        "encoding": {
            "x": {
                "field": "month",
                "type": "quantitative",
                "title": _("known up to month"),
                "scale": {"domain": [1, 12]},
                "axis": {"tickMinStep": 1, "format": "d"},
            },
            "y": {"field": "error", "type": "quantitative", "title": _("mean error (points)"), "scale": {"zero": True}},
            "color": {
                "field": "what",
                "type": "nominal",
                "title": None,
                "scale": colours,
                "legend": {"orient": "top", "columns": 1},
            },
        },
    }
    label = _("%(series)s: how far off the forecast was, by the month it was made in.") % {"series": name}
    return render_svg(definition, label=label)
