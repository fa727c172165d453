"""The rules in SQL against the same rules in plain Python, their scopes, and how many queries they take."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core.periods import Period, PeriodKind
from programs.models import Indicator, Report, ReportValue, Unit, ValidationRule
from programs.validation import values as validation_values
from tests import factories, oracle_levels

YEAR = timezone.localdate().year
pytestmark = pytest.mark.django_db


def reported(indicator: Indicator, history: list[str], value: str, *, region: str = "64", **fields: Any) -> ReportValue:
    """Rows of one region in consecutive quarters, the last of them in the quarter that is judged."""
    place = factories.region(region)
    quarters = [Period(YEAR - 2 + number // 4, PeriodKind.QUARTER, number % 4 + 1) for number in range(8)]
    last = None
    for period, figure in zip(quarters[-len(history) - 1 :], [*history, value], strict=True):
        report, _made = Report.objects.get_or_create(program=indicator.program, period=period)
        last = ReportValue.objects.create(
            report=report, indicator=indicator, region=place, value=Decimal(figure), **fields
        )
    assert last is not None
    return last


def judged(*values: ReportValue) -> list[list[str]]:
    validation_values.apply(list(values))
    return [[finding["code"] for finding in value.findings] for value in values]


figures = st.one_of(
    st.decimals(min_value=Decimal(-200), max_value=Decimal(3000), places=2),
    st.sampled_from([Decimal(0), Decimal(1000), Decimal("83.1"), Decimal(831), Decimal("8.31")]),
)


@given(st.lists(figures, max_size=7), figures)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_series_in_sql_is_the_series_in_python(db: None, history: list[Decimal], value: Decimal) -> None:
    """An outcome in a unit without limits, so that level 2 alone speaks."""
    unit, _made = Unit.objects.get_or_create(name="Bebas", defaults={"decimals": 2})
    indicator = factories.IndicatorFactory(unit=unit, baseline=Decimal(-10_000))
    row = reported(indicator, [str(figure) for figure in history], str(value))
    expected = oracle_levels.check_series(value, history)
    validation_values.apply([row])
    assert [(f["code"], f["severity"], f["field"]) for f in row.findings] == [
        (finding.code, finding.severity, finding.field) for finding in expected
    ]


@given(
    st.lists(st.tuples(st.integers(0, 30), figures.filter(lambda f: f >= 0)), max_size=6),
    figures.filter(lambda f: f >= 0),
    st.sampled_from(["points", "relative"]),
    st.decimals(min_value=0, max_value=20, places=1),
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_official_figure_in_sql_is_the_one_in_python(
    db: None, official: list[tuple[int, Decimal]], value: Decimal, kind: str, tolerance: Decimal
) -> None:
    """Official figures of years, quarters and months around the reported quarter: the same choice, the same verdict."""
    unit, _made = Unit.objects.get_or_create(name="Bebas", defaults={"decimals": 2})
    series = factories.SeriesFactory()
    indicator = factories.IndicatorFactory(
        unit=unit, reference_series=series, tolerance_kind=kind, tolerance=tolerance, baseline=Decimal(0)
    )
    row = reported(indicator, [], str(value))
    references = []
    for place, figure in official:
        period = _period(place)
        if any(reference.period == period for reference in references):
            continue
        stored = factories.observe(series, str(figure), year=1990, code="64")  # moved to its period right away
        type(stored).objects.filter(pk=stored.pk).update(period=period)
        references.append(oracle_levels.Reference(stored.pk, period, figure))
    judgement = oracle_levels.judge(value, row.report.period, references, oracle_levels.Tolerance(kind), tolerance)
    validation_values.apply([row])
    assert row.verdict == judgement.outcome
    assert row.reference_id == (judgement.reference.pk if judgement.reference else None)
    preview = validation_values.previews([row])[row.pk]
    if judgement.low is not None and judgement.high is not None:
        assert preview.low is not None
        assert abs(preview.low - judgement.low) < Decimal("0.000001")
        assert preview.is_same_period == judgement.is_same_period


def _period(place: int) -> Period:
    if place < 6:
        return Period(YEAR - 5 + place)
    if place < 18:
        return Period(YEAR - 3 + (place - 6) // 4, PeriodKind.QUARTER, (place - 6) % 4 + 1)
    return Period(YEAR - 1, PeriodKind.MONTH, place - 18 + 1) if place < 30 else Period(YEAR)


def test_level_0_and_1() -> None:
    people = Unit.objects.get(name="Orang")
    counted = factories.IndicatorFactory(unit=people, level="output")
    assert judged(reported(counted, [], "12.5")) == [["decimals"]]
    share = factories.IndicatorFactory()
    assert judged(reported(share, [], "101")) == [["above"]]
    fraction = factories.IndicatorFactory(numerator_label="a", denominator_label="b")
    row = reported(fraction, [], "120", numerator=Decimal(12), denominator=Decimal(10))
    assert judged(row) == [["numerator_larger", "above"]]
    future, _made = Report.objects.get_or_create(program=share.program, period=Period(YEAR + 1, PeriodKind.QUARTER, 1))
    ahead = ReportValue.objects.create(report=future, indicator=share, region=factories.region("64"), value=Decimal(81))
    assert judged(ahead) == [["future"]]


def test_level_3_needs_every_part() -> None:
    people = Unit.objects.get(name="Orang")
    indicator = factories.IndicatorFactory(unit=people, level="outcome", baseline=Decimal(0))
    whole = reported(indicator, [], "1000", region="64")
    parts = [reported(indicator, [], "300", region=code) for code in ("64.71", "64.72", "64.74")]
    assert judged(whole, *parts)[0] == ["rounded", "sum_differs"]
    parts[0].value = Decimal(399)
    assert judged(whole, *parts)[0] == ["rounded"], "within half a per cent"
    parts[0].value = None
    parts[1].value = Decimal(1)
    assert judged(whole, *parts)[0] == ["rounded"], "a part is missing: nothing to compare"


def test_level_5_people_and_outcome() -> None:
    population = factories.SeriesFactory(is_population=True, unit="Ribu Jiwa")
    factories.observe(population, "0.8", year=YEAR - 1, code="64.72")
    reached = factories.IndicatorFactory(unit=Unit.objects.get(name="Orang"), level="output", target=Decimal(900))
    outcome = factories.IndicatorFactory(program=reached.program, baseline=Decimal(83))
    people = reported(reached, [], "901", region="64.72")
    worse = reported(outcome, [], "82", region="64")
    assert people.report == worse.report
    assert judged(people, worse) == [["more_than_population"], ["outcome_wrong_way"]]


def test_a_narrower_rule_wins_and_holds_from_its_day_on(operator: User) -> None:
    share = factories.IndicatorFactory()
    row = reported(share, ["80"], "70")  # a fall of an eighth is nothing unusual
    assert judged(row) == [[]]
    rule = ValidationRule.objects.create(
        check_code="jump",
        agency=share.program.agency,
        severity="warning",
        parameters={"share": 0.05},
        basis="Kesepakatan forum data",
        valid_from=dt.date(YEAR - 5, 1, 1),
    )
    assert judged(row) == [["jump"]]
    ValidationRule.objects.create(
        check_code="jump", indicator=share, severity="off", basis="Data triwulanan", valid_from=dt.date(YEAR - 5, 1, 1)
    )
    assert judged(row) == [[]], "the indicator's own rule is narrower than the OPD's"
    ValidationRule.objects.filter(indicator=share).update(valid_from=dt.date(YEAR + 1, 1, 1))
    assert judged(row) == [["jump"]], "not in force yet"
    rule.severity = "error"
    rule.save()
    validation_values.apply([row])
    assert row.has_errors


def test_a_rule_sets_the_tolerance_of_a_unit() -> None:
    series = factories.SeriesFactory()
    factories.observe(series, "80", year=YEAR - 1, code="64")
    indicator = factories.IndicatorFactory(reference_series=series)
    row = reported(indicator, [], "83")
    judged(row)
    assert row.verdict == "explain"
    ValidationRule.objects.create(
        check_code="reference",
        unit=indicator.unit,
        severity="warning",
        parameters={"points": 3},
        basis="Rapat Satu Data",
        valid_from=dt.date(YEAR - 5, 1, 1),
    )
    judged(row)
    assert row.verdict == "matches"


def test_the_surveys_error_is_the_tolerance_where_it_is_known() -> None:
    """A relative standard error of 3 %: 80 ± 1.96 × 0.03 × 80 = 80 ± 4.704."""
    error = factories.SeriesFactory(unit="Persen")
    series = factories.SeriesFactory(rse_series=error)
    factories.observe(series, "80", year=YEAR - 1, code="64")
    indicator = factories.IndicatorFactory(reference_series=series)
    row = reported(indicator, [], "84.70")
    judged(row)
    assert row.verdict == "deviates"
    factories.observe(error, "3", year=YEAR - 1, code="64")
    judged(row)
    assert row.verdict == "matches"
    row.value = Decimal("84.71")
    judged(row)
    assert row.verdict == "explain"


def test_parameters_of_a_rule_are_checked() -> None:
    rule = ValidationRule(
        check_code="jump",
        severity="warning",
        parameters={"k": "x", "besar": 1},
        basis="b",
        valid_from=dt.date(2025, 1, 1),
    )
    with pytest.raises(ValidationError) as caught:
        rule.full_clean()
    assert len(caught.value.message_dict["parameters"]) == 2


def test_the_number_of_queries_does_not_depend_on_the_number_of_values() -> None:
    counts = []
    for size in (1, 40):
        series = factories.SeriesFactory()
        factories.observe(series, "80", year=YEAR - 1, code="64")
        indicators = factories.IndicatorFactory.create_batch(size, reference_series=series)
        rows = [reported(indicator, ["80", "81"], "82") for indicator in indicators]
        with CaptureQueriesContext(connection) as queries:
            validation_values.revalidate_reports([row.report_id for row in rows])
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5  # the province, the planner's settings, the statement, a savepoint


def test_portions_never_split_a_report() -> None:
    counts = {1: 3, 2: 3, 3: 7, 4: 1, 5: 1}
    assert list(validation_values.in_portions(counts, limit=6)) == [[1, 2], [3], [4, 5]]
    assert list(validation_values.in_portions({}, limit=6)) == []


def test_judging_again_changes_nothing() -> None:
    series = factories.SeriesFactory()
    factories.observe(series, "80", year=YEAR - 1, code="64")
    row = reported(factories.IndicatorFactory(reference_series=series), ["80"], "89")
    first = validation_values.revalidate_reports([row.report_id])
    assert [(change.before, change.after) for change in first] == [("no_reference", "deviates")]
    assert validation_values.revalidate_reports([row.report_id]) == []
    row.refresh_from_db()
    assert row.reference is not None
    assert row.distance == 9
