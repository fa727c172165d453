"""The quality of reported data by indicator."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from core import formats
from core.tables import FigureColumn, PartColumn, PercentColumn, PortalTable, TextColumn
from dashboards.data_quality.figures import IndicatorQuality


class ScoreColumn(FigureColumn):
    write = staticmethod(partial(formats.number, decimals=1))


class ShareColumn(PercentColumn):
    write = staticmethod(partial(formats.percent, decimals=0))


class IndicatorQualityTable(PortalTable):
    rows_per_page = 20

    name = PartColumn("dashboards/data_quality/cells/indicator.html", title=True, verbose_name=_("Indicator"), width=60)
    agency = TextColumn(verbose_name="OPD", visible=False)
    program = TextColumn(verbose_name=_("Programme"), visible=False, width=48)
    score = ScoreColumn(accessor="whole__score", verbose_name=_("Score"))
    reported = FigureColumn(accessor="whole__reported", verbose_name=_("Values"))
    consistent = ShareColumn(accessor="whole__shares__consistent", verbose_name=_("consistent"))
    matching = ShareColumn(accessor="whole__shares__matching", verbose_name=_("matching"))
    explained = ShareColumn(accessor="whole__shares__explained", verbose_name=_("explained"))

    def value_name(self, record: IndicatorQuality) -> str:
        return record.name
