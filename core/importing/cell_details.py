"""What an office file says of its cells beside their values: percentages, formulas without a result, hidden rows. Pure.

Calamine gives values only: 0.719 for what people see as 71,9 %, and nothing for a formula that no program has worked
out yet. So the sheets' XML is looked through once more, by patterns, without building a tree of it.
"""

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from defusedxml import DefusedXmlException, ElementTree
from simpleeval import InvalidExpression, SimpleEval

CHUNK = 1 << 20
PERCENT_FORMATS = {9, 10}  # built into every workbook: 0% and 0.00%
MOST_UNRESOLVED = 10_000
LONGEST_FORMULA = 500
DEEPEST = 50  # formulas that refer to formulas
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_FORMULA = re.compile(
    rb'<c ([^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*?)><f(?:[^>]*?/>|[^>]*>([^<]*)</f>)\s*(<v>[^<]|<is>|)', re.DOTALL
)
_HIDDEN = re.compile(rb'<row [^>]*?hidden="(?:1|true)"')
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_SUM = re.compile(r"SUM\(\s*\$?([A-Z]{1,3})\$?([0-9]{1,7})\s*:\s*\$?([A-Z]{1,3})\$?([0-9]{1,7})\s*\)")

Place = tuple[int, int]  # row and column as Excel counts them, from 1


@dataclass
class SheetDetails:
    percent: set[Place] = field(default_factory=set)
    unresolved: dict[Place, str] = field(default_factory=dict)  # formulas without a result
    formulas: int = 0
    example: str = ""  # a cell with a formula
    hidden_rows: int = 0

    @property
    def is_plain(self) -> bool:
        """Nothing has to be done to the values that calamine gives."""
        return not self.percent and not self.unresolved


@dataclass(frozen=True)
class Unresolved:
    """Stands in a cell whose formula has no result and is too much to be worked out here."""

    formula: str

    def __str__(self) -> str:
        return f"={self.formula}"


def of_xlsx(archive: zipfile.ZipFile) -> dict[str, SheetDetails]:
    """By the sheet's name."""
    percent = _percent_styles(archive)
    return {name: _of_sheet(archive, path, percent) for name, path in _sheet_paths(archive).items()}


def _percent_styles(archive: zipfile.ZipFile) -> list[int]:
    """The numbers of the cell styles that show a percentage."""
    try:
        root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    except (KeyError, ElementTree.ParseError, DefusedXmlException):
        return []
    own = {
        int(each.get("numFmtId", "0"))
        for each in root.iter(f"{MAIN}numFmt")
        if "%" in re.sub(r'"[^"]*"|\\.', "", each.get("formatCode", ""))
    }
    cells = root.find(f"{MAIN}cellXfs")
    found = [] if cells is None else [int(each.get("numFmtId", "0")) for each in cells]
    return [number for number, style in enumerate(found) if style in PERCENT_FORMATS | own]


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → where its XML lies in the archive."""
    names = set(archive.namelist())
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError, DefusedXmlException):
        return {}
    targets = {each.get("Id", ""): each.get("Target", "") for each in relations}
    found = {}
    for sheet in book.iter(f"{MAIN}sheet"):
        target = targets.get(sheet.get(RELATION, ""), "")
        path = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if path in names:
            found[sheet.get("name", "")] = path
    return found


def _of_sheet(archive: zipfile.ZipFile, path: str, percent: list[int]) -> SheetDetails:
    details = SheetDetails()
    styles = b"|".join(str(number).encode() for number in percent)
    shown = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="(?:' + styles + rb')"') if percent else None
    with archive.open(path) as stream:
        for text in _whole_cells(stream):
            if b"<f" in text:
                _note_formulas(text, details)
            if shown is not None:
                details.percent.update((int(row), _number(column)) for column, row in shown.findall(text))
            details.hidden_rows += len(_HIDDEN.findall(text))
    return details


def _whole_cells(stream: Any) -> Iterator[bytes]:
    """The sheet in parts that end between two cells."""
    rest = b""
    while chunk := stream.read(CHUNK):
        text = rest + chunk
        end = text.rfind(b"<c ")
        if end <= 0:
            rest = text
            continue
        yield text[:end]
        rest = text[end:]
    yield rest


def _note_formulas(text: bytes, details: SheetDetails) -> None:
    for cell, column, row, formula, result in _FORMULA.findall(text):
        details.formulas += 1
        details.example = details.example or (column + row).decode()
        if not result and b't="str"' not in cell and len(details.unresolved) < MOST_UNRESOLVED:
            written = ElementTree.fromstring(b"<f>" + formula + b"</f>").text or ""
            details.unresolved[int(row), _number(column)] = written[:LONGEST_FORMULA]


def _number(letters: bytes | str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters if isinstance(letters, bytes) else letters.encode():
        number = number * 26 + letter - 64
    return number


def of_ods(archive: zipfile.ZipFile) -> dict[str, SheetDetails]:
    """Percentages of an OpenDocument sheet; its programs always keep the results of formulas."""
    found: dict[str, SheetDetails] = {}
    if b'office:value-type="percentage"' not in archive.read("content.xml"):
        return found
    sheet, row, column = SheetDetails(), 0, 0
    with archive.open("content.xml") as stream:
        for event, node in ElementTree.iterparse(stream, ("start", "end")):
            if event == "start" and node.tag == f"{TABLE}table":
                sheet, row = found.setdefault(node.get(f"{TABLE}name", ""), SheetDetails()), 0
            elif event == "start" and node.tag == f"{TABLE}table-row":
                row, column = row + 1, 0
            elif event == "end" and node.tag in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
                times = int(node.get(f"{TABLE}number-columns-repeated", "1"))
                if node.get(f"{OFFICE}value-type") == "percentage":
                    sheet.percent.update((row, column + step) for step in range(1, times + 1))
                column += times
            elif event == "end" and node.tag == f"{TABLE}table-row":
                row += int(node.get(f"{TABLE}number-rows-repeated", "1")) - 1
                node.clear()
    return found


def work_out(formula: str, cell: Callable[[int, int], Any]) -> Decimal | Unresolved:
    """A plain sum of figures, cells and SUM ranges of the same sheet; everything else stays unresolved."""
    parts: list[Decimal] = []

    def put(value: Decimal) -> str:
        parts.append(value)
        return f"v{len(parts) - 1}"

    def figure(row: int, column: int) -> Decimal:
        value = cell(row, column)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise InvalidExpression(f"row {row} holds no figure")
        return Decimal(str(value))

    def range_sum(found: re.Match[str]) -> str:
        first, last = (_number(found[1]), int(found[2])), (_number(found[3]), int(found[4]))
        places = [(r, c) for r in range(first[1], last[1] + 1) for c in range(first[0], last[0] + 1)]
        if len(places) > MOST_UNRESOLVED:
            raise InvalidExpression("too many cells")
        values = [cell(*place) for place in places]
        if any(isinstance(value, Unresolved) for value in values):
            raise InvalidExpression("a part has no result")
        figures = (each for each in values if isinstance(each, int | float | Decimal) and not isinstance(each, bool))
        return put(sum((Decimal(str(each)) for each in figures), Decimal(0)))

    try:
        text = _SUM.sub(range_sum, formula)
        text = _CELL.sub(lambda found: put(figure(int(found[2]), _number(found[1]))), text)
        text = re.sub(r"(?<![\w.])\d+(?:\.\d+)?", lambda found: put(Decimal(found[0])), text)
        if not re.fullmatch(r"[-+*/() v0-9]*", text) or not text.strip():
            return Unresolved(formula)
        value = SimpleEval(names={f"v{number}": value for number, value in enumerate(parts)}, functions={}).eval(text)
    except (InvalidExpression, ArithmeticError, SyntaxError, TypeError, ValueError, RecursionError, KeyError):
        return Unresolved(formula)
    return value if isinstance(value, Decimal) and value.is_finite() else Unresolved(formula)


class AsSeen:
    """The rows of a sheet as people see them: percentages as written, plain sums worked out.

    `again` gives the rows from the beginning; it is asked once, when a formula refers to other cells.
    """

    def __init__(
        self, details: SheetDetails, first_row: int, first_column: int, again: Callable[[], Iterator[Sequence[Any]]]
    ) -> None:
        self.details, self.first_row, self.first_column, self.again = details, first_row, first_column, again
        self.whole: list[Sequence[Any]] = []
        self.under_way: set[Place] = set()
        self.by_row: dict[int, list[int]] = {}
        for row, column in details.percent | details.unresolved.keys():
            self.by_row.setdefault(row, []).append(column)

    def rows(self, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        for number, cells in enumerate(rows, start=self.first_row):
            yield self._seen(number, list(cells)) if number in self.by_row else cells

    def _seen(self, number: int, cells: list[Any]) -> list[Any]:
        for column in self.by_row[number]:
            at = column - self.first_column
            if not 0 <= at < len(cells):
                continue
            if (number, column) in self.details.unresolved:
                cells[at] = self._result_of(number, column)
            if (number, column) in self.details.percent and isinstance(cells[at], int | float | Decimal):
                cells[at] = round(Decimal(str(cells[at])) * 100, 10)
        return cells

    def _result_of(self, row: int, column: int) -> Decimal | Unresolved:
        """Of a formula that another one may refer to; one that refers to itself has none."""
        formula = self.details.unresolved[row, column]
        if (row, column) in self.under_way or len(self.under_way) > DEEPEST:
            return Unresolved(formula)
        self.under_way.add((row, column))
        try:
            return work_out(formula, self._cell)
        finally:
            self.under_way.discard((row, column))

    def _cell(self, row: int, column: int) -> Any:
        if (row, column) in self.details.unresolved:
            return self._result_of(row, column)
        self.whole = self.whole or list(self.again())
        at, place = row - self.first_row, column - self.first_column
        return self.whole[at][place] if 0 <= at < len(self.whole) and 0 <= place < len(self.whole[at]) else ""
