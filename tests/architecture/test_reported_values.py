"""A reported value has one writer: no module but `programs.reports.cell_entry` sets a figure of a report's row."""

import ast
from pathlib import Path

import pytest

from kaltim_portal.embedded import ROOT
from programs.reports.cell_entry import FIELDS
from tests.architecture.sources import PATHS

WRITER = ROOT / "programs/reports/cell_entry.py"
ROWS = {"ReportValue", "Progress", "Recipients", "ReportedRows"}
FIGURES = {name for names in FIELDS.values() for name in names} - {"reason"}
BULK = {"update", "bulk_update"}
# What is no row of a report, and has a column or a field of the same name.
OTHER_THINGS = {
    "programs/imports/progress.py": "the realisation by account",
}


def _knows_rows(tree: ast.Module) -> bool:
    """Whether the module imports the rows of reports, or what brings them."""
    imported = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for alias in node.names
    }
    return bool(imported & (ROWS | {"cell_entry", "rows"}))


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return [part for target in node.targets for part in ast.walk(target) if isinstance(part, ast.expr)]
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def _writes(node: ast.AST) -> bool:
    if any(isinstance(target, ast.Attribute) and target.attr in FIGURES for target in _targets(node)):
        return True
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name) and node.func.id == "setattr":
        return not (isinstance(node.args[1], ast.Constant) and node.args[1].value not in FIGURES)
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in BULK:
        return False
    named = {part.value for arg in node.args for part in ast.walk(arg) if isinstance(part, ast.Constant)}
    return bool(FIGURES & (named | {keyword.arg for keyword in node.keywords}))


def second_writers(code: str) -> list[int]:
    """Lines in which a module that knows the rows of reports sets one of their figures."""
    tree = ast.parse(code)
    return [node.lineno for node in ast.walk(tree) if _writes(node)] if _knows_rows(tree) else []


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_a_reported_value_has_one_writer() -> None:
    found = {str(path.relative_to(ROOT)) for path in PATHS if path != WRITER and second_writers(_read(path))}
    assert found == set(OTHER_THINGS), "enter cells through programs.reports.cell_entry instead"


@pytest.mark.parametrize(
    "line",
    [
        "row.value = 5",
        "row.numerator, row.denominator = 1, 2",
        "row.people += 1",
        "setattr(row, name, 5)",
        "ReportValue.objects.filter(pk=1).update(value=5)",
        "Progress.objects.bulk_update(rows, ['financial_rupiah'])",
    ],
)
def test_a_second_writer_is_found(line: str) -> None:
    assert second_writers(f"from programs.models import Progress, ReportValue\n{line}\n") == [2]
