"""Pictures of data quality."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import COLOURS, render_svg
from dashboards.data_quality.figures import AgencyQuality
from dashboards.overview.charts import BARS_SHOWN


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
