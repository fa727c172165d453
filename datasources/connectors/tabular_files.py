"""A list in a file to records: which sheet, which row holds the headings. Pure but for the reading itself."""

import itertools
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.importing.grids import Grid, grids_of
from core.importing.messages import message
from core.importing.workbooks import FileRefused
from datasources.connectors.parsing import EXCERPT, UnexpectedAnswer

HEADING_SEARCHED = 30
ENOUGH = 2


def records_of_file(body: bytes, sheet: str = "", heading_row: int | None = None) -> list[dict[str, Any]]:
    """The rows under the headings by the headings' names. Raises UnexpectedAnswer with what is wrong and found."""
    grid = _grid_of(body, sheet)
    place = _heading_place(grid, heading_row)
    names = _unique([str(cell or "").strip() for cell in grid.rows[place]])
    found = [_record(names, cells) for cells in grid.rows[place + 1 :] if any(cell is not None for cell in cells)]
    if not found:
        raise UnexpectedAnswer(_("a list as CSV or XLSX"), _("no row under the headings"))
    return found


def _grid_of(body: bytes, sheet: str) -> Grid:
    """The sheet of that name; the first that holds anything where none is named."""
    try:
        grids = [grid for grid in grids_of(body) if grid.rows]
    except FileRefused as refused:
        raise UnexpectedAnswer(_("a list as CSV or XLSX"), message(refused.code, refused.params)) from refused
    if not grids:
        raise UnexpectedAnswer(_("a list as CSV or XLSX"), _("an empty file"))
    if not sheet:
        return grids[0]
    by_name = {grid.name.casefold(): grid for grid in reversed(grids)}
    if sheet.casefold() not in by_name:
        raise UnexpectedAnswer(_("the sheet “%(name)s”") % {"name": sheet}, ", ".join(g.name for g in grids)[:EXCERPT])
    return by_name[sheet.casefold()]


def _record(names: list[str], cells: Sequence[Any]) -> dict[str, Any]:
    """The cells by their headings; a short row's last cells are empty, a column without a heading is left out."""
    return {name: cell for name, cell in itertools.zip_longest(names, cells[: len(names)]) if name}


def _heading_place(grid: Grid, heading_row: int | None) -> int:
    """Index of the heading row: the one that was named, or the first that is at least half as full as the fullest."""
    if heading_row is not None:
        place = heading_row - grid.first_row
        if not 0 <= place < len(grid.rows):
            raise UnexpectedAnswer(
                _("headings in row %(row)s") % {"row": heading_row},
                _("rows %(first)s to %(last)s")
                % {"first": grid.first_row, "last": grid.first_row + len(grid.rows) - 1},
            )
        return place
    filled = [sum(cell is not None for cell in cells) for cells in grid.rows[:HEADING_SEARCHED]]
    enough = max(ENOUGH, max(filled) / 2)
    return next((place for place, count in enumerate(filled) if count >= enough), 0)


def _unique(names: list[str]) -> list[str]:
    """A heading that comes twice is told apart by a number."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return found
