"""Workbooks are written in one place."""

import ast

from tests.architecture.sources import SOURCES


def _imports(module: ast.Module, name: str) -> bool:
    return any(
        name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module])
        for node in ast.walk(module)
        if isinstance(node, ast.Import | ast.ImportFrom)
    )


def test_only_one_module_writes_workbooks() -> None:
    """A second writer would have formulas, dates and formats of its own. The stand-in plays a foreign agency."""
    found = {place for place, module in SOURCES.items() if _imports(module, "xlsxwriter")}
    assert found == {"core/exports/workbooks.py", "kaltim_portal/stand_ins/sectoral.py"}
