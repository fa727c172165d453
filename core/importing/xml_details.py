"""What the XML of XLSX and ODS says of cells beside their values. Pure.

A sheet as Excel, LibreOffice and openpyxl write it is looked through by patterns, which is quick. Whatever is written
otherwise (a prefix before each name, attributes in another order, cells that don't say where they are) is parsed.
"""

import re
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from defusedxml import DefusedXmlException, ElementTree

from core.importing.cell_details import (
    PERCENT_FORMATS,
    Place,
    SheetDetails,
    column_number,
    is_error,
    shows_percent,
)

CHUNK = 1 << 20
MOST_REPEATED = 500_000  # cells, or rows: more of them at once are the rest of an empty sheet
WITH_VALUE = {"float", "percentage", "currency"}
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
CALC_EXTENSION = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_USUAL_CELL = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?(?: t="[A-Za-z]+")? ?/?>')
_ANY_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_FORMULA = re.compile(
    rb'<c ([^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*?)><f(?:[^>]*?/>|[^>]*>([^<]*)</f>)\s*(<v>[^<]+|<is>|)', re.DOTALL
)
_IN_ERROR = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*? t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?\s*<v>([^<]*)</v>', re.DOTALL
)
_HIDDEN = re.compile(rb'<row [^>]*?hidden="(?:1|true)"')
_COLUMN = re.compile(rb"<col [^>]*?>")
_ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def of_xlsx(archive: zipfile.ZipFile) -> dict[str, SheetDetails]:
    """By the sheet's name."""
    styles, paths = _styles(archive), _sheet_paths(archive)
    is_stale = _is_stale(archive)
    return {name: _of_sheet(archive, path, styles, is_stale=is_stale) for name, path in paths.items()}


def _is_stale(archive: zipfile.ZipFile) -> bool:
    """Whether its results are to be worked out when it is opened: a 0 may stand for none then, as XlsxWriter has it."""
    try:
        properties = ElementTree.fromstring(archive.read("xl/workbook.xml")).find("{*}calcPr")
    except (KeyError, ElementTree.ParseError, DefusedXmlException):
        return False
    return properties is not None and properties.get("fullCalcOnLoad") in {"1", "true"}


@dataclass(frozen=True)
class Styles:
    """The numbers of the cell styles that show a percentage, and of those that strike through."""

    percent: list[int]
    struck: list[int]


def _styles(archive: zipfile.ZipFile) -> Styles:
    try:
        root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    except (KeyError, ElementTree.ParseError, DefusedXmlException):
        return Styles([], [])
    own = {
        int(each.get("numFmtId", "0"))
        for each in root.findall(".//{*}numFmt")
        if shows_percent(each.get("formatCode", ""))
    }
    marks = [font.find("{*}strike") for font in root.findall("{*}fonts/{*}font")]
    fonts = {at for at, mark in enumerate(marks) if _is_on(mark)}
    cells = list(enumerate(root.findall("{*}cellXfs/{*}xf")))
    return Styles(
        [number for number, style in cells if int(style.get("numFmtId", "0")) in PERCENT_FORMATS | own],
        [number for number, style in cells if int(style.get("fontId", "0")) in fonts],
    )


def _is_on(mark: Any) -> bool:
    """Whether a font has the property: an element without a value says so."""
    return mark is not None and mark.get("val", "1") not in {"0", "false"}


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → where its XML lies in the archive."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    except (KeyError, ElementTree.ParseError, DefusedXmlException):
        return {}
    paths = related(archive, "xl/_rels/workbook.xml.rels")
    found = {}
    for sheet in book.findall(".//{*}sheet"):
        relation = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        if relation in paths:
            found[sheet.get("name", "")] = paths[relation]
    return found


def related(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    """The parts of a workbook that there are, by the name under which it speaks of them."""
    names = set(archive.namelist())
    try:
        relations = ElementTree.fromstring(archive.read(path))
    except (KeyError, ElementTree.ParseError, DefusedXmlException):
        return {}
    found = {}
    for each in relations:
        target = each.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if part in names:
            found[each.get("Id", "")] = part
    return found


def _of_sheet(archive: zipfile.ZipFile, path: str, styles: Styles, *, is_stale: bool) -> SheetDetails:
    with archive.open(path) as stream:
        if not _is_usual(stream.read(CHUNK)):
            stream.seek(0)
            return _XlsxCells(styles, is_stale=is_stale).read(stream)
        stream.seek(0)
        return _by_patterns(stream, styles, is_stale=is_stale)


def _is_usual(text: bytes) -> bool:
    """Whether its cells are written as the patterns expect; one program wrote all of them."""
    whole = text[: text.rfind(b"<")]
    return len(_ANY_CELL.findall(whole)) == len(_USUAL_CELL.findall(whole))


def _by_patterns(stream: Any, styles: Styles, *, is_stale: bool) -> SheetDetails:
    details = SheetDetails()
    marked = [(details.percent, _with_style(styles.percent)), (details.struck, _with_style(styles.struck))]
    for text in _whole_cells(stream):
        if b"<f" in text:
            _note_formulas(text, details, is_stale=is_stale)
        if b' t="e"' in text:
            for column, row, error in _IN_ERROR.findall(text):
                details.errors[int(row), column_number(column)] = error.decode()
        for places, cells in marked:
            if cells is not None:
                places.update((int(row), column_number(column)) for column, row in cells.findall(text))
        details.hidden_rows += len(_HIDDEN.findall(text))
        if b"<col " in text:
            _note_columns(text, details)
    return details


def _with_style(numbers: list[int]) -> re.Pattern[bytes] | None:
    """Finds the cells with one of these styles."""
    styles = b"|".join(str(number).encode() for number in numbers)
    return re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="(?:' + styles + rb')"') if numbers else None


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


def _note_formulas(text: bytes, details: SheetDetails, *, is_stale: bool) -> None:
    for cell, column, row, formula, result in _FORMULA.findall(text):
        has_result = (bool(result) and not (is_stale and result == b"<v>0")) or b't="str"' in cell
        written = "" if has_result else ElementTree.fromstring(b"<f>" + formula + b"</f>").text or ""
        details.add_formula((int(row), column_number(column)), written, has_result=has_result)


def _note_columns(text: bytes, details: SheetDetails) -> None:
    for column in _COLUMN.findall(text):
        said = {name.decode(): value.decode() for name, value in _ATTRIBUTE.findall(column)}
        _note_column(said, details)


def _note_column(said: Mapping[str, str], details: SheetDetails) -> None:
    if said.get("hidden") in {"1", "true"}:
        details.hide_columns(int(said.get("min", "1")), int(said.get("max", "1")))


class _Parsed(ABC):
    """Walks through one XML file without building a tree of it. Names come without their prefix."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._refuse

    def _parse(self, stream: Any) -> None:
        """Raises SyntaxError, as a broken tree does."""
        try:
            while chunk := stream.read(CHUNK):
                self.parser.Parse(chunk, False)
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise SyntaxError(str(error)) from error

    @staticmethod
    def _refuse(*_said: Any) -> None:
        raise SyntaxError("entities of one's own have no place in a workbook")

    @abstractmethod
    def _start(self, name: str, said: dict[str, str]) -> None:
        """An element begins."""

    @abstractmethod
    def _end(self, name: str) -> None:
        """It ends."""

    @abstractmethod
    def _text(self, text: str) -> None:
        """What stands in it, perhaps in parts."""


class _XlsxCells(_Parsed):
    """A sheet whose cells are written in an unusual way."""

    def __init__(self, styles: Styles, *, is_stale: bool) -> None:
        super().__init__()
        self.none = {"", "0"} if is_stale else {""}
        self.details = SheetDetails()
        marked = ((self.details.percent, styles.percent), (self.details.struck, styles.struck))
        self.marked = [(places, {str(number) for number in numbers}) for places, numbers in marked]
        self.row = self.column = 0
        self.kind, self.inside = "", ""
        self.said: dict[str, str] = {}  # formula and value of the cell

    def read(self, stream: Any) -> SheetDetails:
        self._parse(stream)
        return self.details

    def _start(self, name: str, said: dict[str, str]) -> None:
        self.inside = name.rpartition(" ")[2]
        if self.inside == "row":
            self.row, self.column = int(said.get("r", self.row + 1)), 0
            self.details.hidden_rows += said.get("hidden") in {"1", "true"}
        elif self.inside == "c":
            self._begin_cell(said)
        elif self.inside == "col":
            _note_column(said, self.details)
        elif self.inside in {"f", "is"}:
            self.said.setdefault(self.inside, "")

    def _begin_cell(self, said: dict[str, str]) -> None:
        place = _PLACE.fullmatch(said.get("r", ""))
        self.row, self.column = (
            (int(place[2]), column_number(place[1])) if place else (max(self.row, 1), self.column + 1)
        )
        self.kind, self.said = said.get("t", ""), {}
        for places, styles in self.marked:
            if said.get("s", "0") in styles:
                places.add((self.row, self.column))

    def _text(self, text: str) -> None:
        if self.inside in {"f", "v"}:
            self.said[self.inside] = self.said.get(self.inside, "") + text

    def _end(self, name: str) -> None:
        self.inside = ""
        if name.rpartition(" ")[2] != "c":
            return
        place, value = (self.row, self.column), self.said.get("v", "").strip()
        if "f" in self.said:
            has_result = value not in self.none or "is" in self.said or self.kind == "str"
            self.details.add_formula(place, self.said["f"], has_result=has_result)
        if self.kind == "e" and value:
            self.details.errors[place] = value


def of_ods(archive: zipfile.ZipFile) -> dict[str, SheetDetails]:
    """By the sheet's name."""
    with archive.open("content.xml") as stream:
        return _OdsCells().read(stream)


class _OdsCells(_Parsed):
    """An OpenDocument sheet, where one cell may stand for many and one row for many."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, SheetDetails] = {}
        self.sheet = SheetDetails()
        self.row = self.column = self.rows = self.columns = self.sheet_columns = 0
        self.cell: dict[str, str] = {}
        self.written = ""
        self.is_hidden = False
        self.folded: list[bool] = []  # of the groups of rows that the row is in
        self.of_row: list[tuple[int, int, str, str]] = []  # column, how many, what, its text
        self.style = ""
        self.struck: set[str] = set()  # styles

    def read(self, stream: Any) -> dict[str, SheetDetails]:
        self._parse(stream)
        return self.found

    def _start(self, name: str, said: dict[str, str]) -> None:
        if name == f"{TABLE} table":
            self.sheet = self.found.setdefault(said.get(f"{TABLE} name", ""), SheetDetails())
            self.row = self.sheet_columns = 0
        elif name == f"{TABLE} table-column":
            times = _times(said, "number-columns-repeated")
            self.sheet_columns += times
            if _is_hidden(said):
                self.sheet.hide_columns(self.sheet_columns - times + 1, self.sheet_columns)
        elif name == f"{TABLE} table-row":
            self.row, self.column, self.of_row = self.row + 1, 0, []
            self.rows, self.cell = _times(said, "number-rows-repeated"), {}
            self.is_hidden = _is_hidden(said) or any(self.folded)
        elif name == f"{TABLE} table-row-group":
            self.folded.append(said.get(f"{TABLE} display") == "false")
        elif name in {f"{TABLE} table-cell", f"{TABLE} covered-table-cell"}:
            self.cell, self.written = said, ""
        elif name == f"{STYLE} style":
            self.style = said.get(f"{STYLE} name", "")
        elif name == f"{STYLE} text-properties" and said.get(f"{STYLE} text-line-through-style", "none") != "none":
            self.struck.add(self.style)

    def _text(self, text: str) -> None:
        if self.cell:
            self.written += text

    def _end(self, name: str) -> None:
        if name in {f"{TABLE} table-cell", f"{TABLE} covered-table-cell"}:
            self._end_cell()
        elif name == f"{TABLE} table-row":
            self._end_row()
        elif name == f"{TABLE} table-row-group":
            self.folded.pop()

    def _end_cell(self) -> None:
        said, times = self.cell, _times(self.cell, "number-columns-repeated")
        kind, written = said.get(f"{OFFICE} value-type", ""), self.written.strip()
        formula = said.get(f"{TABLE} formula", "")
        marks = {"percent": kind == "percentage", "struck": said.get(f"{TABLE} style-name") in self.struck}
        self.of_row += [(self.column + 1, times, what, "") for what, is_so in marks.items() if is_so]
        if said.get(f"{CALC_EXTENSION} value-type") == "error" or (formula and is_error(written)):
            self.of_row.append((self.column + 1, times, "error", written or "Err:000"))
        elif formula:
            has_result = bool(kind) and (kind == "string" or f"{OFFICE} value" in said or kind not in WITH_VALUE)
            self.of_row.append((self.column + 1, times, "formula" if has_result else "unresolved", _as_excel(formula)))
        self.column, self.cell = self.column + times, {}

    def _end_row(self) -> None:
        if self.is_hidden and self.rows < MOST_REPEATED:
            self.sheet.hidden_rows += self.rows
        for column, times, what, text in self.of_row:
            if times * self.rows > MOST_REPEATED:
                continue
            for row in range(self.row, self.row + self.rows):
                for place in ((row, at) for at in range(column, column + times)):
                    self._note(place, what, text)
        self.row += self.rows - 1

    def _note(self, place: Place, what: str, text: str) -> None:
        if what in {"percent", "struck"}:
            (self.sheet.percent if what == "percent" else self.sheet.struck).add(place)
        elif what == "error":
            self.sheet.errors[place] = text
        else:
            self.sheet.add_formula(place, text, has_result=what == "formula")


def _times(said: Mapping[str, str], name: str) -> int:
    return max(1, int(said.get(f"{TABLE} {name}", "1")))


def _is_hidden(said: Mapping[str, str]) -> bool:
    return said.get(f"{TABLE} visibility") in {"collapse", "filter"}


def _as_excel(formula: str) -> str:
    """`of:=SUM([.C2:.C5])` → `SUM(C2:C5)`."""
    plain = re.sub(r"^\w+:(?==)", "", formula).removeprefix("=")
    return re.sub(r"\[\.?([^\[\]]*)\]", lambda found: found[1].replace(":.", ":"), plain).replace(";", ",")
