"""A forecast is worked out in one place."""

import ast

from kaltim_portal.embedded import ROOT
from tests.architecture.sources import PATHS

OF_FORECASTS = {"linear_regression", "quantiles", "stdev", "pstdev"}
PACKAGE = "core/forecasting/"


def test_only_one_package_works_out_intervals() -> None:
    """A second forecast would need one of these, and would have an interval of its own."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in PATHS
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "statistics"
        if OF_FORECASTS & {alias.name for alias in node.names}
    }
    assert {name for name in found if not name.startswith(PACKAGE)} == set()
    assert found
