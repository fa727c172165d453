"""The filter of the dashboards: it selects what it says, and no page selects by it in a second place."""

import ast
from collections.abc import Iterator

import pytest

from dashboards.filters import DashboardFilter
from dashboards.models import ProgramStanding, RegionTally
from kaltim_portal.embedded import ROOT
from tests import factories

CHOICES = {"agency", "domain", "region", "quarter", "quarters", "standing_quarter", "period"}
SELECTING = {"filter", "exclude", "Q", "of_year", "get"}
SUMS = {"_sums", "_reach"}  # conditions of the sums over rows that the filter has selected already


def _selections(tree: ast.AST) -> Iterator[ast.Attribute]:
    """`filters.agency` and its like among what a queryset is filtered by."""
    for call in ast.walk(tree):
        name = call.func if isinstance(call, ast.Call) else None
        said = name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""
        if isinstance(call, ast.Call) and said in SELECTING:
            values = [*call.args, *(keyword.value for keyword in call.keywords)]
            for part in (part for value in values for part in ast.walk(value)):
                of = part.value if isinstance(part, ast.Attribute) else None
                if isinstance(part, ast.Attribute) and isinstance(of, ast.Name) and of.id == "filters":
                    yield part


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted((ROOT / "dashboards").rglob("*.py")):
        if path.name != "filters.py" and "migrations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.FunctionDef):
                    yield path.relative_to(ROOT).as_posix(), node


def test_only_the_filter_selects_by_its_choices() -> None:
    """A page hands its rows to `DashboardFilter`; a second ladder of `if filters.agency: rows.filter(…)` fails here."""
    found = [
        (name, function.name, part.attr)
        for name, function in _functions()
        if function.name not in SUMS
        for part in _selections(function)
        if part.attr in CHOICES
    ]
    assert not found


def test_a_filter_has_one_name() -> None:
    """The test above looks for `filters`."""
    other = [
        (path, function.name, argument.arg)
        for path, function in _functions()
        for argument in function.args.args
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "DashboardFilter"
        if argument.arg.lstrip("_") != "filters"
    ]
    assert not other


@pytest.fixture
def reaching(db: None) -> ProgramStanding:
    """A programme that reaches Samarinda in the second quarter only."""
    program = factories.ProgramFactory()
    fields = {"program": program, "agency": program.agency, "fiscal_year": program.fiscal_year}
    place = factories.region("64.72")
    RegionTally.objects.create(**fields, quarter=2, region=place, reaches=True)
    RegionTally.objects.create(**fields, quarter=4, region=place, reaches=False)
    ProgramStanding.objects.create(**fields, quarter=4, budget_rupiah=1, state="no_data")
    return ProgramStanding.objects.create(**fields, quarter=2, budget_rupiah=1, state="no_data")


def test_each_choice_leaves_out_the_others(reaching: ProgramStanding) -> None:
    year, region = reaching.fiscal_year, factories.region("64.72").pk
    elsewhere, other = factories.region("64.71").pk, factories.agency("Dinkes").pk

    def quarters(**chosen: int) -> list[int]:
        found = DashboardFilter(year, **chosen).standings(ProgramStanding.objects.all())
        return sorted(found.values_list("quarter", flat=True))

    assert quarters() == quarters(agency=reaching.agency_id) == quarters(quarter=2, region=region) == [2, 4]
    assert quarters(agency=other) == quarters(quarter=2, region=elsewhere) == quarters(domain=1) == []
    assert quarters(region=region) == []  # at the end of the year it no longer reaches it


def test_the_period_says_which_rows_stand_and_which_are_counted(reaching: ProgramStanding) -> None:
    year = reaching.fiscal_year
    rows, tallies = ProgramStanding.objects.all(), RegionTally.objects.all()
    second, whole_year = DashboardFilter(year, quarter=2), DashboardFilter(year)
    assert [row.quarter for row in second.standings_at_end(rows)] == [2]
    assert [row.quarter for row in whole_year.standings_at_end(rows)] == [4]
    assert whole_year.standings_in_period(rows).count() == 2
    assert [row.quarter for row in second.region_tallies(tallies)] == [2]
    assert [row.quarter for row in second.region_tallies_until_then(tallies)] == [2]
    assert whole_year.region_tallies_until_then(tallies).count() == 2
