"""One limit of a figure: grid, form, list and database refuse the same, and nothing else of a batch is lost."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.numbers import LARGEST_FIGURE, LARGEST_HEADCOUNT
from core.periods import Period, PeriodKind
from programs.models import Progress, Recipients, Report, ReportValue, Unit
from programs.reports.cell_entry import CellEntry, save_cells, shown
from programs.reports.services import open_report
from tests import factories
from tests.programs.reports.test_cell_entry import save

ClientOf = Callable[[User], Client]
NINETEEN = "9" * 19
YEAR = timezone.localdate().year


@pytest.fixture
def quarter(operator: User) -> Report:
    """A count without an upper bound, and a fraction of large money."""
    unit = Unit.objects.create(name="Ton kering", decimals=3)
    program = factories.IndicatorFactory(unit=unit, level="output").program
    factories.IndicatorFactory(
        program=program, unit=unit, numerator_label="terpakai", denominator_label="tersedia", level="output"
    )
    report: Report = factories.report_of(program, operator)
    return report


def _rows(report: Report) -> tuple[ReportValue, ReportValue]:
    plain, fraction = report.values.select_related("indicator__unit").order_by("indicator__numerator_label")
    return plain, fraction


def test_a_figure_of_nineteen_digits_holds_up_no_other_cell(
    quarter: Report, operator: User, client_of: ClientOf
) -> None:
    plain, fraction = _rows(quarter)
    people = quarter.recipients.get()
    answer = save(
        client_of(operator),
        (f"v{plain.pk}-value", NINETEEN, ""),
        (f"v{fraction.pk}-numerator", NINETEEN, ""),
        (f"r{people.pk}-people", NINETEEN, ""),
        (f"r{people.pk}-male", "12", ""),
    )
    assert [cell["state"] for cell in answer["cells"]] == ["kept", "kept", "kept", "saved"]
    assert "atau kurang" in answer["cells"][0]["problem"] or "paling besar" in answer["cells"][0]["problem"]
    people.refresh_from_db()
    assert (people.male, people.typed) == (12, {"people": NINETEEN})


def test_a_quotient_that_no_column_holds_is_kept_as_typed(quarter: Report, operator: User) -> None:
    _plain, fraction = _rows(quarter)
    fraction.indicator.unit.is_rate = True
    fraction.indicator.unit.save()
    cells = [
        CellEntry("v", fraction.pk, "numerator", str(LARGEST_FIGURE)),
        CellEntry("v", fraction.pk, "denominator", "0,01"),
    ]
    assert [outcome.state for outcome in save_cells(cells, by=operator).outcomes] == ["saved", "kept"]


def test_the_form_of_the_quarter_refuses_with_a_message(quarter: Report, operator: User, client_of: ClientOf) -> None:
    plain, _fraction = _rows(quarter)
    quarter.refresh_from_db()
    data = {f"value-{plain.pk}": NINETEEN, "version": quarter.version, "act": "save"}
    page = client_of(operator).post(f"/laporan/{quarter.pk}/", data)
    assert page.status_code == 200
    assert NINETEEN in page.content.decode()


def test_a_list_gives_the_same_bounds(quarter: Report, operator: User) -> None:
    """Figures come from a list as they are; the writer asks the same limits."""
    plain, _fraction = _rows(quarter)
    people = quarter.recipients.get()
    cells = [
        CellEntry("v", plain.pk, "value", LARGEST_FIGURE + 1),
        CellEntry("v", plain.pk, "reason", "Panen raya"),
        CellEntry("r", people.pk, "people", LARGEST_HEADCOUNT + 1),
    ]
    assert [outcome.state for outcome in save_cells(cells, by=operator).outcomes] == ["kept", "saved", "kept"]


@pytest.mark.parametrize("text", ["11.200,0", "11,2340", "0,125", "1.234.567,5"])
def test_the_grid_reads_what_it_shows(text: str, quarter: Report, operator: User) -> None:
    plain, _fraction = _rows(quarter)
    save_cells([CellEntry("v", plain.pk, "value", text)], by=operator)
    plain.refresh_from_db()
    assert shown(plain, "value") == text
    again = save_cells([CellEntry("v", plain.pk, "value", text, base=text)], by=operator)
    assert [outcome.state for outcome in again.outcomes] == ["saved"]


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (ReportValue, {"value": LARGEST_FIGURE + 1}),
        (ReportValue, {"value": -LARGEST_FIGURE - 1}),
        (ReportValue, {"numerator": -1}),
        (ReportValue, {"denominator": LARGEST_FIGURE + 1}),
        (Recipients, {"elderly": LARGEST_HEADCOUNT + 1}),
        (Progress, {"planned_rupiah": LARGEST_FIGURE + 1}),
        (Progress, {"physical_percent": Decimal("100.01")}),
    ],
)
def test_the_database_holds_the_limits_by_itself(
    model: Any, values: dict[str, Any], quarter: Report, operator: User
) -> None:
    factories.sub_activity(quarter.program)
    open_report(program=quarter.program, period=Period(YEAR, PeriodKind.MONTH, 1), by=operator)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**values)


def test_a_distance_fits_its_column_however_far_the_value_is(operator: User) -> None:
    unit = Unit.objects.create(name="Batang", decimals=0)
    indicator = factories.compared_indicator("0.01", unit=unit, tolerance_kind="relative")
    row = factories.report_of(indicator.program, operator).values.get()
    save_cells([CellEntry("v", row.pk, "value", LARGEST_FIGURE)], by=operator)
    row.refresh_from_db()
    assert (row.verdict, row.distance) == ("deviates", LARGEST_FIGURE)
