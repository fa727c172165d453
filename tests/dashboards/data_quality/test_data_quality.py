"""The score of data quality by its formula, the leads, and the page of one figure."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.periods import Period, PeriodKind
from dashboards.data_quality import figures as quality_figures
from dashboards.data_quality.figures import Quality
from programs.models import Report, ReportValue, Unit
from programs.validation import patterns
from programs.validation import values as validation_values
from tests import factories

YEAR = timezone.localdate().year
END = dt.date(YEAR + 1, 2, 1)
pytestmark = pytest.mark.django_db


def test_the_score_is_the_weighted_mean_of_the_parts_that_there_are() -> None:
    whole = Quality(expected=10, reported=8, due=4, on_time=3, clean=6, judged=8, matching=4, to_explain=2, explained=1)
    assert whole.shares == {
        "complete": 80,
        "on_time": 75,
        "consistent": 75,
        "matching": 50,
        "explained": 50,
    }
    # (30 × 80 + 20 × 75 + 15 × 75 + 25 × 50 + 10 × 50) ÷ 100
    assert whole.score == Decimal("67.75")
    without_reference = Quality(expected=10, reported=8, due=4, on_time=3, clean=6)
    assert without_reference.shares["matching"] is None
    assert without_reference.score == Decimal(30 * 80 + 20 * 75 + 15 * 75) / 65
    assert Quality().score is None
    assert Quality(expected=1, reported=3).shares["complete"] == 100, "never more than everything"


def sent(indicator: Any, quarter: int, figures: dict[str, str], *, day: dt.date, year: int = YEAR) -> Report:
    period = Period(year, PeriodKind.QUARTER, quarter)
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(9)))
    user = factories.UserFactory()
    report, _made = Report.objects.get_or_create(
        program=indicator.program,
        period=period,
        defaults={"state": "submitted", "submitted_at": at, "submitted_by": user},
    )
    for code, figure in figures.items():
        ReportValue.objects.create(
            report=report, indicator=indicator, region=factories.region(code), value=Decimal(figure)
        )
    return report


def test_an_opd_that_reports_late_and_half(client_of: Callable[[User], Client]) -> None:
    series = factories.SeriesFactory()
    for code in ("64.71", "64.72"):
        factories.observe(series, "85", year=YEAR - 1, code=code)
    program = factories.ProgramFactory(regions=[factories.region("64.71"), factories.region("64.72")])
    indicator = factories.IndicatorFactory(program=program, by_region=True, reference_series=series)
    in_time = sent(indicator, 1, {"64.71": "85", "64.72": "99"}, day=dt.date(YEAR, 4, 5))
    late = sent(indicator, 2, {"64.71": "85.5"}, day=dt.date(YEAR, 8, 30))
    validation_values.revalidate_reports([in_time.pk, late.pk])
    steward = factories.member(Role.DATA_STEWARD)
    row = next(row for row in quality_figures.by_agency(steward, YEAR, END) if row.agency == program.agency)
    assert (row.whole.expected, row.whole.reported) == (8, 3)
    assert (row.whole.due, row.whole.on_time) == (4, 1)
    assert (row.whole.judged, row.whole.matching) == (3, 2)
    assert (row.whole.to_explain, row.whole.explained) == (1, 0)
    assert [quarter.number for quarter, _quality in row.quarters] == [1, 2, 3, 4]
    ranked = quality_figures.by_indicator(steward, YEAR, END)
    assert [entry.pk for entry in ranked] == [indicator.pk]
    page = client_of(steward).get("/mutu-data/").content.decode()
    assert program.agency.short_name in page
    other = factories.member(Role.OPERATOR, "Dinkes")
    assert quality_figures.by_agency(other, YEAR, END) == [], "an operator sees the own OPD only"
    assert "Petunjuk untuk ditelusuri" not in client_of(other).get("/mutu-data/").content.decode()


def filled(figures: list[int], unit: str = "Orang", name: str = "Deret") -> Any:
    """A series over the quarters of up to three years, in programmes of the same code and indicators of one name."""
    last = None
    for place, figure in enumerate(figures):
        year = YEAR - 2 + place // 4
        code = factories.Nomenclature.objects.get(code="1.01.02")
        program = factories.Program.objects.filter(name=f"{name} {year}").first() or factories.ProgramFactory(
            name=f"{name} {year}", fiscal_year=year, nomenclature=code
        )
        indicator = program.indicators.filter(name=name).first() or factories.IndicatorFactory(
            program=program, name=name, unit=Unit.objects.get(name=unit)
        )
        last = sent(indicator, place % 4 + 1, {"64.72": str(figure)}, day=dt.date(year, 12, 31), year=year)
    return last


def test_a_series_along_a_ruler_is_a_lead() -> None:
    filled([100, 110, 120, 130, 140, 150, 160], name="Lurus")
    filled([100, 113, 118, 131, 139, 155, 158], name="Hidup")
    found = patterns.smooth(YEAR, quality_figures.DELIVERED)
    assert [(row.name, row.points, row.step) for row in found] == [("Lurus", 7, 10)]


def test_figures_that_repeat_are_a_lead() -> None:
    for number in range(4):
        filled([500 + number] * 7, name=f"Ulang {number}")
    found = patterns.repeats(YEAR, quality_figures.DELIVERED, years=3)
    assert [(row.count, row.repeated) for row in found] == [(24, 24)]


def test_heaped_digits_are_a_lead_and_even_ones_are_not() -> None:
    for number in range(6):
        filled([10 * (number * 13 + place) + 100 for place in range(10)], name=f"Bulat {number}")
    (found,) = patterns.heaping(YEAR, quality_figures.DELIVERED, years=3)
    assert (found.count, found.ends_in_0_or_5, found.percent) == (60, 60, 100)
    assert found.chi_squared == 540  # 54 more than expected in one digit, 6 fewer in nine: (54² + 9 × 6²) ÷ 6
    ReportValue.objects.all().delete()
    Report.objects.all().delete()
    for number in range(6):
        filled([101 + number * 37 + place * 3 for place in range(10)], name=f"Rata {number}")
    assert patterns.heaping(YEAR, quality_figures.DELIVERED, years=3) == []


def test_the_page_of_a_figure_leads_down_to_the_raw_answer(client_of: Callable[[User], Client]) -> None:
    series = factories.SeriesFactory()
    old = factories.observe(series, "84", year=YEAR - 1)
    series.observations.update(superseded_at=timezone.now())
    new = factories.observe(series, "85", year=YEAR - 1)
    indicator = factories.IndicatorFactory(by_region=True, reference_series=series)
    report = sent(indicator, 1, {"64.72": "95"}, day=dt.date(YEAR, 4, 5))
    validation_values.revalidate_reports([report.pk])
    value = report.values.get()
    page = client_of(factories.member(Role.AUDITOR)).get(f"/laporan/nilai/{value.pk}/").content.decode()
    for figure in (old, new):
        assert f"/acuan/jawaban/{figure.payload_id}/" in page
    assert "menyimpang" in page
    assert "<svg" in page
    draft = factories.report_of(indicator.program, factories.member(Role.OPERATOR), quarter=2)
    hidden = draft.values.first()
    assert client_of(factories.member(Role.AUDITOR)).get(f"/laporan/nilai/{hidden.pk}/").status_code == 404
