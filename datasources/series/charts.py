"""Pictures of reference data."""

from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import COLOURS, render_svg
from core.choices import RegionLevel
from datasources.models import Observation, Series


def series_chart(series: Series, figures: Sequence[Observation]) -> SafeString | None:
    """The province's line in front, the regencies' behind it. None without figures."""
    if not figures:
        return None
    rows = [
        {
            "region": figure.region.short_name,
            "period": str(figure.period),
            "value": float(figure.value),
            "is_province": figure.region.level == RegionLevel.PROVINCE,
        }
        for figure in figures
    ]
    has_province = any(row["is_province"] for row in rows)
    line = {
        "mark": {"type": "line", "strokeWidth": 1.2, "opacity": 0.6},
        "encoding": {"color": {"value": COLOURS["none"]}},
    }
    front = {
        "transform": [{"filter": "datum.is_province"}],
        "mark": {"type": "line", "strokeWidth": 3, "point": {"size": 50, "filled": True, "color": COLOURS["1"]}},
        "encoding": {"color": {"value": COLOURS["1"]}},
    }
    definition = {
        "width": 640,
        "height": 240,
        "data": {"values": rows},
        "encoding": {
            "x": {"field": "period", "type": "ordinal", "title": None, "axis": {"labelAngle": 0}},
            "y": {"field": "value", "type": "quantitative", "title": series.unit, "scale": {"zero": False}},
            "detail": {"field": "region", "type": "nominal"},
        },
        "layer": [line, front] if has_province else [line],
    }
    return render_svg(
        definition, label=_("%(series)s by year: the province in front, its regions behind.") % {"series": series}
    )
