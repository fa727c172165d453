"""What the records of XLS (BIFF) and XLSB (BIFF12) say of cells beside their values. Pure.

Both are a row of records: a number, a length, and so many bytes. Calamine reads the values; here only what it leaves
out is picked from the records: formats, fonts, formulas without a result, cells in error, hidden rows and columns.
"""

import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import olefile

from core.importing.cell_details import PERCENT_FORMATS, Place, SheetDetails, cell_name, shows_percent
from core.importing.xml_details import related

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
UNKNOWN_ERROR = "#N/A"
UNREADABLE = "?"  # a formula of which more is used than is read here

STRIKES_THROUGH = 0x08

Record = tuple[int, bytes]


@dataclass
class Formats:
    """Which cell styles show a percentage or strike through: the number formats and the fonts, and those of each
    style."""

    percent: set[int] = field(default_factory=lambda: set(PERCENT_FORMATS))
    of_style: list[int] = field(default_factory=list)
    strikes: list[bool] = field(default_factory=list)  # each font
    font_of_style: list[int] = field(default_factory=list)

    def add(self, number: int, code: str) -> None:
        if shows_percent(code):
            self.percent.add(number)

    def is_percent(self, style: int) -> bool:
        return style < len(self.of_style) and self.of_style[style] in self.percent

    def add_font(self, data: bytes) -> None:
        self.strikes.append(bool(struct.unpack_from("<H", data, 2)[0] & STRIKES_THROUGH))

    def is_struck(self, style: int) -> bool:
        font = self.font_of_style[style] if style < len(self.font_of_style) else 0
        return font < len(self.strikes) and self.strikes[font]


# XLS

BOF, EOF_RECORD, BOUNDSHEET, FORMAT, XF, ROW, COLINFO = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x208, 0x7D
FONT, NO_FONT = 0x31, 4  # a number that no font has
NUMBER, RK, MULRK, BOOLERR, FORMULA = 0x203, 0x27E, 0xBD, 0x205, 0x06
TEXTS = {0xFD, 0x204, 0xD6}  # shared, of its own, with formats inside
BIFF8, LAST_COLUMN, HEAD_OF_FORMULA = 0x0600, 255, 22
NO_NUMBER, IS_EMPTY_TEXT, IS_ERROR = b"\xff\xff", 3, 2


def of_xls(path: Path) -> dict[str, SheetDetails]:
    """By the sheet's name."""
    with olefile.OleFileIO(str(path)) as compound:
        name = next((each for each in ("Workbook", "Book") if compound.exists(each)), "")
        if not name:
            return {}
        body = compound.openstream(name).read()
    formats, sheets, version = Formats(), {}, BIFF8
    for number, data in _biff(body, 0):
        if number == BOF:
            version = struct.unpack_from("<H", data)[0]
        elif number == BOUNDSHEET:
            sheets[_text8(data[6:], version, "B")] = struct.unpack_from("<I", data)[0]
        elif number == FORMAT:
            code = _text8(data[2:], version, "H" if version == BIFF8 else "B")
            formats.add(struct.unpack_from("<H", data)[0], code)
        elif number == FONT:
            formats.add_font(data)
        elif number == XF:
            font, style = struct.unpack_from("<2H", data)
            formats.font_of_style.append(font - (font > NO_FONT))
            formats.of_style.append(style)
    return {name: _of_biff_sheet(_biff(body, start), formats) for name, start in sheets.items()}


def _biff(body: bytes, start: int) -> Iterator[Record]:
    """The records of one stream in the workbook, charts in between left out."""
    depth = 0
    while start + 4 <= len(body):
        number, length = struct.unpack_from("<HH", body, start)
        depth += (number == BOF) - (number == EOF_RECORD)
        if depth <= 1:
            yield number, body[start + 4 : start + 4 + length]
        if not depth:
            return
        start += 4 + length


def _text8(data: bytes, version: int, length: str) -> str:
    """A text with its length (B or H) in front; since BIFF8 a byte says whether it is wide."""
    size = struct.calcsize(length)
    count = struct.unpack_from(f"<{length}", data)[0]
    if version != BIFF8:
        return data[size : size + count].decode("cp1252", errors="replace")
    if data[size] & 1:
        return data[size + 1 : size + 1 + 2 * count].decode("utf-16-le", errors="replace")
    return data[size + 1 : size + 1 + count].decode("latin-1")


def _of_biff_sheet(records: Iterator[Record], formats: Formats) -> SheetDetails:
    details, is_biff8 = SheetDetails(), True
    for number, data in records:
        if number == BOF:
            is_biff8 = struct.unpack_from("<H", data)[0] == BIFF8
        elif number == ROW:
            details.hidden_rows += bool(data[12] & 0x20)
        elif number == COLINFO:
            first, last, _width, _style, flags = struct.unpack_from("<5H", data)
            if flags & 1 and last < LAST_COLUMN:
                details.hide_columns(first + 1, last + 1)
        elif number in {NUMBER, RK, FORMULA, BOOLERR} | TEXTS:
            _note_cell(number, data, formats, details, is_biff8=is_biff8)
        elif number == MULRK:
            row, first = struct.unpack_from("<2H", data)
            for at in range((len(data) - 6) // 6):
                style = struct.unpack_from("<H", data, 4 + 6 * at)[0]
                _note_style((row + 1, first + at + 1), style, formats, details, is_figure=True)
    return details


def _note_style(place: Place, style: int, formats: Formats, details: SheetDetails, *, is_figure: bool) -> None:
    if is_figure and formats.is_percent(style):
        details.percent.add(place)
    if formats.is_struck(style):
        details.struck.add(place)


def _note_cell(number: int, data: bytes, formats: Formats, details: SheetDetails, *, is_biff8: bool) -> None:
    row, column, style = struct.unpack_from("<3H", data)
    place = (row + 1, column + 1)
    _note_style(place, style, formats, details, is_figure=number not in TEXTS)
    if number == FORMULA:
        _note_formula(data, place, details, is_biff8=is_biff8)
    elif number == BOOLERR and data[7]:
        details.errors[place] = ERRORS.get(data[6], UNKNOWN_ERROR)


def _note_formula(data: bytes, place: Place, details: SheetDetails, *, is_biff8: bool) -> None:
    """Before BIFF8 (Excel 97) cells were written otherwise in formulas: such a formula isn't worked out."""
    is_figure = data[12:14] != NO_NUMBER
    if not is_figure and data[6] == IS_ERROR:
        details.errors[place] = ERRORS.get(data[8], UNKNOWN_ERROR)
    length = struct.unpack_from("<H", data, 20)[0] if is_biff8 and len(data) > HEAD_OF_FORMULA else 0
    tokens = Tokens(data[HEAD_OF_FORMULA : HEAD_OF_FORMULA + length], "<2H", "<4H")
    _add_formula(place, tokens, details, is_empty=not is_figure and data[6] == IS_EMPTY_TEXT)


def _add_formula(place: Place, tokens: "Tokens", details: SheetDetails, *, is_empty: bool) -> None:
    """Both formats keep an empty text where there is no result: only a formula that can give a text has one then."""
    written = tokens.text() if is_empty else ""
    details.add_formula(place, written, has_result=not is_empty or (written == UNREADABLE and tokens.may_give_text))


# XLSB

SHEET12, FORMAT12, FONT12, STYLES_BEGIN, STYLES_END, XF12 = 156, 44, 43, 617, 618, 47
ROW12, COLUMN12, ERROR12 = 0, 60, 3
FIGURES12 = {2, 5, 9}  # short and long figures, and that of a formula
CELLS12 = range(2, 12)  # that hold something
FORMULAS12 = {8, 9, 10, 11}  # with a text, a figure, a yes or no, an error
FORMULA_TEXT, FORMULA_ERROR = 8, 11


def of_xlsb(archive: zipfile.ZipFile) -> dict[str, SheetDetails]:
    """By the sheet's name."""
    formats = _formats12(archive.read("xl/styles.bin") if "xl/styles.bin" in archive.namelist() else b"")
    paths = related(archive, "xl/_rels/workbook.bin.rels")
    found = {}
    for number, data in _biff12(archive.read("xl/workbook.bin")):
        if number == SHEET12:
            relation, after = _text12(data, 8)
            name = _text12(data, after)[0]
            if relation in paths:
                found[name] = _of_biff12_sheet(archive.read(paths[relation]), formats)
    return found


def _formats12(body: bytes) -> Formats:
    formats, is_style = Formats(), False
    for number, data in _biff12(body):
        if number == FORMAT12:
            formats.add(struct.unpack_from("<H", data)[0], _text12(data, 2)[0])
        elif number == FONT12:
            formats.add_font(data)
        elif number in {STYLES_BEGIN, STYLES_END}:
            is_style = number == STYLES_BEGIN
        elif number == XF12 and is_style:
            style, font = struct.unpack_from("<2H", data, 2)
            formats.of_style.append(style)
            formats.font_of_style.append(font)
    return formats


def _biff12(body: bytes) -> Iterator[Record]:
    at = 0
    while at < len(body):
        number, at = _varying(body, at)
        length, at = _varying(body, at)
        yield number, body[at : at + length]
        at += length


def _varying(body: bytes, at: int) -> tuple[int, int]:
    """A number of one to four bytes, seven bits in each; (it, where the next begins)."""
    value = shift = 0
    while True:
        value |= (body[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if body[at - 1] < 0x80 or shift > 21:  # noqa: PLR2004
            return value, at


def _text12(data: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", data, at)[0]
    if length == 0xFFFFFFFF:  # noqa: PLR2004 (none)
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", errors="replace"), end


def _of_biff12_sheet(body: bytes, formats: Formats) -> SheetDetails:
    details, row = SheetDetails(), 0
    for number, data in _biff12(body):
        if number == ROW12:
            row = struct.unpack_from("<I", data)[0] + 1
            details.hidden_rows += bool(data[11] & 0x10)
        elif number == COLUMN12:
            first, last = struct.unpack_from("<2I", data)
            if data[16] & 1:
                details.hide_columns(first + 1, last + 1)
        elif number in CELLS12:
            _note_cell12(number, data, row, formats, details)
    return details


def _note_cell12(number: int, data: bytes, row: int, formats: Formats, details: SheetDetails) -> None:
    place, style = (row, struct.unpack_from("<I", data)[0] + 1), int.from_bytes(data[4:7], "little")
    _note_style(place, style, formats, details, is_figure=number in FIGURES12)
    if number in {ERROR12, FORMULA_ERROR}:
        details.errors[place] = ERRORS.get(data[8], UNKNOWN_ERROR)
    if number in FORMULAS12:
        is_empty = number == FORMULA_TEXT and not struct.unpack_from("<I", data, 8)[0]
        _add_formula(place, _tokens12(data[14:] if is_empty else b""), details, is_empty=is_empty)


def _tokens12(data: bytes) -> "Tokens":
    """Of a cell with an empty text: its formula follows two bytes of flags."""
    length = struct.unpack_from("<I", data)[0] if len(data) > 4 else 0  # noqa: PLR2004
    return Tokens(data[4 : 4 + length], "<IH", "<2I2H")


# Formulas

BINARY = {0x03: "+", 0x04: "-", 0x05: "*", 0x06: "/"}
PLUS, MINUS, PERCENT, PARENTHESIS, TEXT, ATTRIBUTE = 0x12, 0x13, 0x14, 0x15, 0x17, 0x19
WHOLE, FIGURE, FIXED, FUNCTION, REFERENCE, AREA = 0x1E, 0x1F, 0x21, 0x22, 0x24, 0x25
SUM, SUM_OF_ONE, SPACES = 4, 0x10, 0x40
# Functions that give nothing but figures, by number; after the name how many arguments, where that is fixed.
FIGURE_FUNCTIONS = {
    0: ("COUNT", 0),
    4: ("SUM", 0),
    5: ("AVERAGE", 0),
    6: ("MIN", 0),
    7: ("MAX", 0),
    24: ("ABS", 1),
    25: ("INT", 1),
    27: ("ROUND", 2),
    183: ("PRODUCT", 0),
    212: ("ROUNDUP", 2),
    213: ("ROUNDDOWN", 2),
    228: ("SUMPRODUCT", 0),
    345: ("SUMIF", 0),
    346: ("COUNTIF", 2),
}
COLUMN_BITS = 0x3FFF
SHARED = 5  # bytes: it only says where the formula stands


class Tokens:
    """A formula's tokens back to what people typed, as far as `formulas.work_out` can use it: figures, cells, sums."""

    def __init__(self, body: bytes, cell: str, area: str) -> None:
        self.body, self.cell, self.area = body, cell, area
        self.at = 0
        self.stack: list[str] = []

    @property
    def may_give_text(self) -> bool:
        """Whether it holds a text, or is kept elsewhere with others like it; asked where it can't be read."""
        return TEXT in self.body or len(self.body) <= SHARED

    def text(self) -> str:
        try:
            while self.at < len(self.body):
                self._take()
        except (struct.error, IndexError, LookupError):
            return UNREADABLE
        return self.stack[0] if len(self.stack) == 1 else UNREADABLE

    def _read(self, form: str) -> tuple[int, ...]:
        found = struct.unpack_from(form, self.body, self.at)
        self.at += struct.calcsize(form)
        return found

    def _take(self) -> None:
        token = self._read("<B")[0]
        if token in BINARY:
            second, first = self.stack.pop(), self.stack.pop()
            self.stack.append(f"{first}{BINARY[token]}{second}")
        elif token in {PLUS, MINUS, PERCENT, PARENTHESIS}:
            form = {PLUS: "{}", MINUS: "-{}", PERCENT: "({}/100)", PARENTHESIS: "({})"}[token]
            self.stack.append(form.format(self.stack.pop()))
        elif token in {WHOLE, FIGURE}:
            self.stack.append(str(self._read("<H" if token == WHOLE else "<d")[0]))
        elif token == ATTRIBUTE:
            self._attribute()
        else:
            self._operand(0x20 | token & 0x1F)

    def _operand(self, token: int) -> None:
        """The same tokens come in three classes; only what they point at matters here."""
        if token == REFERENCE:
            row, column = self._read(self.cell)
            self.stack.append(cell_name(row + 1, (column & COLUMN_BITS) + 1))
        elif token == AREA:
            first, last, left, right = self._read(self.area)
            start = cell_name(first + 1, (left & COLUMN_BITS) + 1)
            self.stack.append(f"{start}:{cell_name(last + 1, (right & COLUMN_BITS) + 1)}")
        elif token == FUNCTION:
            self._function(*reversed(self._read("<BH")))
        elif token == FIXED:
            number = self._read("<H")[0]
            self._function(number, FIGURE_FUNCTIONS[number][1])
        else:
            raise LookupError

    def _function(self, number: int, count: int) -> None:
        name = FIGURE_FUNCTIONS[number][0]
        parts = [self.stack.pop() for _number in range(count)][::-1]
        self.stack.append("(" + "+".join(map(_summed, parts)) + ")" if number == SUM else f"{name}({','.join(parts)})")

    def _attribute(self) -> None:
        kind = self._read("<BH")[0]
        if kind & SUM_OF_ONE:
            self.stack.append(_summed(self.stack.pop()))
        elif not kind & (SPACES | 1):  # volatile, and blanks between
            raise LookupError


def _summed(part: str) -> str:
    return f"SUM({part})" if ":" in part else part
