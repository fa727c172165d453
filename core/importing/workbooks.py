"""Opening what people hand in: XLSX, XLSB, XLS, ODS, CSV and JSON. Hostile files are refused with a reason. Pure."""

import csv
import io
import itertools
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from core.importing import binary_details, xml_details
from core.importing.cell_details import Place, SheetDetails, cell_name
from core.importing.formulas import AsSeen

MAX_BYTES = 60 * 1024 * 1024
MAX_UNPACKED = 700 * 1024 * 1024
MAX_RATIO = 150
RATIO_MATTERS_FROM = 40 * 1024 * 1024
MAX_MEMBERS = 3_000
MAX_SHEETS = 60
WORKBOOKS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}  # XLSX, XLSB, ODS
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = (
    *(zipfile.BadZipFile, EOFError, OSError, ValueError, RuntimeError, zlib.error),
    *(SyntaxError, struct.error, IndexError, KeyError),
)
DEEPEST_ENVELOPE = 4
DAYS_OF_1904 = 1462  # from the first day of other workbooks to that of old ones from a Macintosh
LINES_LOOKED_AT, MOST_TITLES, SURE = 50, 10, 0.8
DELIMITERS = {";": "titik koma (;)", ",": "koma (,)", "\t": "tab", "|": "garis tegak (|)"}


class FileRefused(Exception):  # noqa: N818 (told to people)
    """`code` names a message of core.importing.messages."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass
class Sheet:
    """`rows` yields lists of cells; `first_row` and `first_column` are what Excel calls them (1-based) for the
    first."""

    name: str
    rows: Iterator[Sequence[Any]]
    first_row: int = 1
    first_column: int = 1
    height: int = 0
    notes: list[dict[str, Any]] = field(default_factory=list)
    again: Callable[[], Iterator[Sequence[Any]]] | None = None  # its rows once more, where a formula needs them
    is_text: bool = False  # cells are texts, so that a whole column says how it writes figures
    is_held: bool = False  # its rows are in memory already
    days_ahead: int = 0  # of the usual first day, by which its dates as plain numbers are counted from a later one


@dataclass
class Book:
    sheets: list[Sheet]
    notes: list[dict[str, Any]] = field(default_factory=list)


def note(code: str, **params: Any) -> dict[str, Any]:
    return {"code": code, "params": params}


def open_book(path: Path, delimiter: str = "") -> Book:
    """By content, not by the name's ending; `delimiter` of a CSV where a person named it. Raises FileRefused."""
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty_file")
    if size > MAX_BYTES:
        raise FileRefused("file_too_big", limit_mb=MAX_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return _open_zip(path)
    if start == OLE:
        return _open_ole(path)
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf")):
        raise FileRefused("not_a_list")
    body = path.read_bytes()
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"[", b"{"}:
        return _open_json(body)
    if body.lstrip()[:1] == b"<":
        raise FileRefused("is_markup")
    return _open_csv(body, delimiter)


def _open_zip(path: Path) -> Book:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
        _refuse_hostile(members)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as error:
        raise FileRefused("broken_file") from error
    book = _open_as_seen(path, _details)
    if "xl/workbook.xml" in {member.filename for member in members} and _counts_from_1904(path):
        for sheet in book.sheets:
            sheet.days_ahead = DAYS_OF_1904
    return book


def _counts_from_1904(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return re.search(rb"date1904=[\"'](1|true)", archive.read("xl/workbook.xml")) is not None


def _open_as_seen(path: Path, details_of: Callable[[Path], dict[str, SheetDetails]]) -> Book:
    """The values by calamine; what they don't say by `details_of`, beside it."""
    with ThreadPoolExecutor(1) as beside:  # unpacking releases the interpreter's lock, and so does the reader
        asked = beside.submit(details_of, path)
        book = _open_with_calamine(path, [])
        try:
            details = asked.result()
        except BROKEN as error:
            raise FileRefused("broken_file") from error
    count = sum(each.formulas for each in details.values())
    if count:
        example = next(each.example for each in details.values() if each.formulas)
        book.notes.append(note("formulas", count=count, example=example))
    for sheet in book.sheets:
        _with_details(sheet, details.get(sheet.name, SheetDetails()))
    return book


def _details(path: Path) -> dict[str, SheetDetails]:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return xml_details.of_xlsx(archive)
        if "xl/workbook.bin" in names:
            return binary_details.of_xlsb(archive)
        return xml_details.of_ods(archive)


def _with_details(sheet: Sheet, details: SheetDetails) -> None:
    """The sheet as people see it: percentages as written, plain sums worked out, what is hidden said."""
    if details.hidden_rows:
        sheet.notes.append(note("hidden_rows", count=details.hidden_rows))
    if details.hidden_columns:
        sheet.notes.append(note("hidden_columns", count=details.hidden_columns))
    if details.percent:
        sheet.notes.append(note("percent_cells", count=len(details.percent)))
    if not details.is_plain:
        seen = AsSeen(details, sheet.first_row, sheet.first_column, sheet.again or (lambda: iter(())))
        sheet.rows = seen.rows(sheet.rows)
    if details.struck:
        _leave_out_struck(sheet, details.struck)


def _leave_out_struck(sheet: Sheet, struck: set[Place]) -> None:
    """A row that is struck through from end to end is one that somebody took back; a single cell is only said."""
    found = list(_struck_in(sheet, struck))
    gone = {row for row, _cells, is_whole in found if is_whole}
    cells = [cell for _row, cells, is_whole in found if not is_whole for cell in cells]
    if gone:
        sheet.notes.append(note("struck_rows", count=len(gone), row=min(gone)))
        sheet.rows = (() if row in gone else given for row, given in enumerate(sheet.rows, start=sheet.first_row))
    if cells:
        sheet.notes.append(note("struck_cells", count=len(cells), cell=cell_name(*cells[0])))


def _struck_in(sheet: Sheet, struck: set[Place]) -> Iterator[tuple[int, list[Place], bool]]:
    """The number of each row with struck cells that hold something, these, and whether they are all of it."""
    marked = {row for row, _column in struck}
    for row, given in enumerate(sheet.again() if sheet.again else (), start=sheet.first_row):
        if row in marked:
            filled = [(row, at) for at, cell in enumerate(given, start=sheet.first_column) if str(cell).strip()]
            found = [place for place in filled if place in struck]
            if found:
                yield row, found, len(found) == len(filled)


def _refuse_hostile(members: list[zipfile.ZipInfo]) -> None:
    """By what the archive says of its members, before anything is unpacked."""
    _refuse_bomb(members)
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise FileRefused("password")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("macros")
    if not names & WORKBOOKS:
        raise FileRefused("not_a_workbook")


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED:
        raise FileRefused("unpacks_too_big", limit_mb=MAX_UNPACKED // 1024 // 1024)
    if unpacked > RATIO_MATTERS_FROM and unpacked / packed > MAX_RATIO:
        raise FileRefused("zip_bomb", unpacked_mb=unpacked // 1024 // 1024)


def _open_ole(path: Path) -> Book:
    body = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in body:
        raise FileRefused("password")
    if "_VBA_PROJECT".encode("utf-16-le") in body:
        raise FileRefused("macros")
    if "WordDocument".encode("utf-16-le") in body:
        raise FileRefused("not_a_workbook")
    return _open_as_seen(path, binary_details.of_xls)


def _open_with_calamine(path: Path, notes: list[dict[str, Any]]) -> Book:
    try:
        book = CalamineWorkbook.from_path(str(path))
        hidden = [meta.name for meta in book.sheets_metadata if meta.visible != SheetVisibleEnum.Visible]
        if hidden:
            notes.append(note("hidden_sheets", names=", ".join(hidden[:5]), count=len(hidden)))
        sheets = [_calamine_sheet(book, name) for name in _shown_sheets(book)]
    except PasswordError as error:
        raise FileRefused("password") from error
    except (CalamineError, OSError) as error:
        raise FileRefused("broken_file") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # calamine's own, which Python knows no class of
            raise
        raise FileRefused("broken_file") from error
    return Book([sheet for sheet in sheets if sheet.height], notes)


def _shown_sheets(book: CalamineWorkbook) -> list[str]:
    metadata = [meta for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
    shown = [meta.name for meta in metadata if meta.typ == SheetTypeEnum.WorkSheet]
    if len(shown) > MAX_SHEETS:
        raise FileRefused("too_many_sheets", limit=MAX_SHEETS)
    return shown


def _calamine_sheet(book: CalamineWorkbook, name: str) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    start = sheet.start or (0, 0)
    notes = []
    if merged := sheet.merged_cell_ranges:
        first = "; ".join(
            f"{cell_name(low[0] + 1, low[1] + 1)}:{cell_name(high[0] + 1, high[1] + 1)}" for low, high in merged[:3]
        )
        notes.append(note("merged_cells", count=len(merged), first=first))
    again = partial(_rows_again, book, name)
    return Sheet(name, sheet.iter_rows(), start[0] + 1, start[1] + 1, sheet.height, notes, again)


def _rows_again(book: CalamineWorkbook, name: str) -> Iterator[Sequence[Any]]:
    return book.get_sheet_by_name(name).iter_rows()


def _open_json(body: bytes) -> Book:
    try:
        text = body.decode("utf-8-sig")
        data = _lines_of_json(text) or json.loads(text, object_pairs_hook=_each_once)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise FileRefused("broken_json") from error
    notes: list[dict[str, Any]] = []
    if isinstance(data, dict):
        data = _list_in(data, notes)
    if data == []:
        raise FileRefused("no_rows")
    if not isinstance(data, list) or not _are_rows(data):
        raise FileRefused("json_shape")
    for number, row in enumerate(data, start=1):
        if not isinstance(row, dict):
            raise FileRefused("json_row", number=number, found=json.dumps(row, ensure_ascii=False)[:60])
    names = list(dict.fromkeys(key for row in data for key in row))
    rows = [names, *([_json_cell(row.get(name, "")) for name in names] for row in data)]
    return Book([Sheet("JSON", iter(rows), height=len(rows), is_held=True)], notes)


def _lines_of_json(text: str) -> list[Any]:
    """JSON Lines, an object in each; [] where it is one document."""
    first, _end, rest = text.strip().partition("\n")
    if not rest or not first.startswith("{"):
        return []
    try:
        json.loads(first)
    except json.JSONDecodeError:
        return []
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            found += [json.loads(line, object_pairs_hook=_each_once)] if line.strip() else []
        except json.JSONDecodeError as error:
            raise FileRefused("broken_json_line", line=number) from error
    return found


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object as it is read. Raises FileRefused where it says two things under one name: the last of them is not
    truer than the first."""
    found = dict(pairs)
    if len(found) < len(pairs):
        name = next((name for name, value in pairs if value != found[name]), None)
        if name is not None:
            said = [value for each, value in pairs if each == name]
            first, other = (json.dumps(value, ensure_ascii=False)[:40] for value in (said[0], said[-1]))
            raise FileRefused("json_name_twice", name=name[:80], first=first, other=other)
    return found


def _list_in(data: dict[str, Any], notes: list[dict[str, Any]]) -> list[Any]:
    """The list under “data”, or the nearest there is in whatever envelope; an object without one is a single row."""
    level, empty = [data], False
    for _depth in range(DEEPEST_ENVELOPE):
        for envelope in level:
            lists: dict[str, list[Any]] = {name: each for name, each in envelope.items() if _are_rows(each)}
            if lists:
                name = "data" if "data" in lists else next(iter(lists))
                found = lists.pop(name)
                _say_how_many(envelope, len(found), notes)
                if lists:
                    notes.append(note("json_other_lists", names=", ".join([*lists][:5])))
                return found
            empty |= [] in envelope.values()  # no errors, say, beside the rows further in
        level = [each for envelope in level for each in envelope.values() if isinstance(each, dict)]
    return [] if empty else [data]


def _are_rows(found: Any) -> bool:
    """Whether it is a list, and most of it rows; one that isn't is told, and the list is not another one because of
    it."""
    return isinstance(found, list) and sum(isinstance(row, dict) for row in found) * 2 > len(found)


def _say_how_many(envelope: dict[str, Any], count: int, notes: list[dict[str, Any]]) -> None:
    """One page of an answer says of how many rows it is."""
    totals = [envelope.get(name) for name in ("recordsTotal", "recordsFiltered", "total")]
    known = [total for total in totals if isinstance(total, int) and not isinstance(total, bool) and total > count]
    if known:
        notes.append(note("json_part", count=count, total=min(known)))


def _json_cell(value: Any) -> Any:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _delimiter(lines: Sequence[str], notes: list[dict[str, Any]]) -> str:
    """The sign that parts the heading, and most of the first rows, into equally many columns. Lines of a title above
    them may hold signs of their own: where nothing is sure of all lines, the first of them are left out."""
    most = min(MOST_TITLES, len(lines) - 2) if len(lines) > 2 else 0  # noqa: PLR2004
    below = (_evennesses(lines[titles:]) for titles in range(most + 1))
    found = next(filter(_is_sure, below), None) or _evennesses(lines)
    best = max(found, key=lambda sign: found[sign])
    share, columns = found[best]
    rival = max((found[sign] for sign in DELIMITERS if sign != best), default=(0, 0))
    if columns > 1 and (share < SURE or (rival[1] > 1 and rival[0] >= share)):
        notes.append(note("delimiter_unsure", sign=DELIMITERS[best]))
    return best


def _evennesses(lines: Sequence[str]) -> dict[str, tuple[float, int]]:
    return {sign: _evenness(lines, sign) for sign in DELIMITERS}


def _is_sure(found: dict[str, tuple[float, int]]) -> bool:
    share, columns = max(found.values())
    return columns > 1 and share >= SURE


def _evenness(lines: Sequence[str], sign: str) -> tuple[float, int]:
    """(share of the rows that have as many columns as most of them, how many those are); (0, 1) where it parts none."""
    try:
        widths = [len(_unwrapped(row, sign) or row) for row in csv.reader(lines, delimiter=sign) if row]
    except csv.Error:
        return (0, 1)
    usual = max(set(widths), key=widths.count, default=1)
    return (0, 1) if usual < 2 else (widths.count(usual) / len(widths), usual)  # noqa: PLR2004 (two columns at least)


def _unwrapped(row: Sequence[str], sign: str) -> list[str]:
    """The cells of a line that stands whole in quotation marks, "a;b;c": so a list is saved that was opened in a single
    column. [] for every other row."""
    return next(csv.reader(row, delimiter=sign), []) if len(row) == 1 and sign in row[0] else []


def _stands_in_quotes(line: str, sign: str, width: int) -> bool:
    try:
        row = next(csv.reader([line], delimiter=sign, strict=True), [])
        return width > 1 and len(_unwrapped(row, sign)) == width
    except csv.Error:
        return False


def _open_csv(body: bytes, chosen: str = "") -> Book:
    notes = []
    encoding = "utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
        notes.append(note("encoding"))
    printable = sum(character.isprintable() or character in "\r\n\t" for character in text[:20_000])
    if "\x00" in text or printable < 0.95 * min(len(text), 20_000):
        raise FileRefused("not_a_list")
    if "\n" not in text:
        text = text.replace("\r", "\n")  # as old spreadsheets on a Macintosh end their lines
    csv.field_size_limit(1_000_000)
    first = [line.rstrip("\r\n") for line in itertools.islice(io.StringIO(text), LINES_LOOKED_AT)]
    delimiter = chosen or _delimiter(first, notes)
    width = _evenness(first, delimiter)[1]
    if any(_stands_in_quotes(line, delimiter, width) for line in first):
        notes.append(note("lines_in_quotes"))
    rows = _csv_rows(text, delimiter, width)
    return Book([Sheet("CSV", rows, height=text.count("\n") + 1, is_text=True)], notes)


def _csv_rows(text: str, delimiter: str, width: int) -> Iterator[Sequence[Any]]:
    """A quotation mark that is nowhere closed would hide the rows behind it in one cell: a row of several lines has to
    be written as CSV is. `width`: how many cells a row has that stands whole in quotation marks."""
    lines: list[str] = []  # of the row that is read

    def kept() -> Iterator[str]:
        for line in io.StringIO(text):
            lines.append(line)
            yield line

    reader = csv.reader(kept(), delimiter=delimiter)
    try:
        for row in reader:
            if len(lines) > 1:
                _refuse_open_quote(lines, delimiter, reader.line_num - len(lines) + 1)
            lines.clear()
            inner = _unwrapped(row, delimiter) if len(row) == 1 else []
            yield inner if len(inner) == width else row
    except csv.Error as error:
        raise FileRefused("broken_csv", line=reader.line_num) from error


def _refuse_open_quote(lines: Sequence[str], delimiter: str, first: int) -> None:
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise FileRefused("open_quote", line=first, last=first + len(lines) - 1) from error
