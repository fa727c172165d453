"""A whole file as rows of plain cells, read in a process of its own (`reader_processes`).

For small lists whose columns are named by somebody later on; large lists of a known shape go through `reading`.
"""

import datetime as dt
import itertools
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.importing import reader_processes
from core.importing.cell_details import is_error
from core.importing.reading import hold_limits
from core.importing.workbooks import FileRefused, Sheet, open_book

MAX_ROWS, MAX_COLUMNS = 100_000, 300
MEMORY_BYTES, CPU_SECONDS, WAIT_SECONDS = 1_500_000_000, 60, 120


@dataclass(frozen=True)
class Grid:
    """`first_row` is what Excel calls the first row. Cells are text, numbers, or None."""

    name: str
    first_row: int
    rows: list[list[Any]]


def grids_of(body: bytes) -> list[Grid]:
    """The sheets of a workbook, CSV or JSON list. Raises FileRefused."""
    with tempfile.NamedTemporaryFile(prefix="grid-") as file:
        file.write(body)
        file.flush()
        job = {"path": file.name, "memory_bytes": MEMORY_BYTES, "cpu_seconds": CPU_SECONDS}
        try:
            _ended_well, written = reader_processes.run(__name__, json.dumps(job).encode(), WAIT_SECONDS)
            answer = json.loads(written)
        except (TimeoutError, ValueError) as error:
            raise FileRefused("too_heavy") from error
    if refused := answer.get("refused"):
        raise FileRefused(refused["code"], **refused["params"])
    return [Grid(sheet["name"], sheet["first_row"], sheet["rows"]) for sheet in answer["sheets"]]


def run(job: Mapping[str, Any]) -> dict[str, Any]:
    try:
        sheets = [
            {"name": sheet.name, "first_row": sheet.first_row, "rows": _rows(sheet)}
            for sheet in open_book(Path(job["path"])).sheets
        ]
    except FileRefused as refused:
        return {"refused": {"code": refused.code, "params": refused.params}}
    except Exception:  # noqa: BLE001 (whatever a reader makes of a strange file, people are told)
        return {"refused": {"code": "broken_file", "params": {}}}
    return {"sheets": sheets}


def _rows(sheet: Sheet) -> list[list[Any]]:
    rows = [_cells(cells) for cells in itertools.islice(sheet.rows, MAX_ROWS + 1)]
    if len(rows) > MAX_ROWS:
        raise FileRefused("too_many_rows", limit=MAX_ROWS)
    return rows


def _cells(cells: Sequence[Any]) -> list[Any]:
    if len(cells) > MAX_COLUMNS:
        raise FileRefused("too_many_columns", limit=MAX_COLUMNS)
    return [_cell(cell) for cell in cells]


def _cell(cell: Any) -> Any:
    if cell == "" or cell is None or is_error(cell):
        return None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else repr(cell)  # the figure as written, not its binary neighbour
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, dt.date | dt.datetime):
        return cell.isoformat()[:10]
    return str(cell).replace("\x00", "").strip() or None


def main() -> None:
    order = json.load(sys.stdin)
    hold_limits(order["memory_bytes"], order["cpu_seconds"])
    json.dump(run(order), sys.stdout)
