"""What values alone don't say: percentages, formulas without a result, errors, what is hidden. In every format."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font

from core.importing import binary_details
from core.importing.cell_details import LONGEST_FORMULA, SheetDetails, Unresolved
from core.importing.formulas import work_out
from core.importing.workbooks import Book, FileRefused, open_book

FILES = Path(__file__).parents[2] / "uploads" / "files"
HEAD = ["bulan", "kode_sbl", "rak", "realisasi_anggaran", "realisasi_fisik", "permasalahan"]
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _book(body: bytes, folder: Path) -> Book:
    path = folder / "list"
    path.write_bytes(body)
    return open_book(path)


def _values(book: Book) -> list[list[Any]]:
    return [list(cells) for cells in book.sheets[0].rows]


def _said(book: Book) -> set[str]:
    return {note["code"] for note in [*book.notes, *book.sheets[0].notes]}


def _xlsx(change: Callable[[bytes], bytes] = lambda part: part) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows = (
        HEAD,
        [1, "1.2.1", "=100+20", 10, 0.719, "-"],
        [2, "1.2.1", "=SUM(D2:D3)", 20, 0.8],
        [3, "1.2.1", "=ROUND(D2,0)", 30, 71.9],
        [4, "1.2.1", 50, "#N/A", 1],
    )
    for cells in rows:
        sheet.append(cells)
    for row, form in ((2, "0.0%"), (3, "0.00%"), (4, '0.0"%"'), (5, "0%")):
        sheet.cell(row, 5).number_format = form
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["F"].hidden = True
    return _saved(book, change)


def _saved(book: openpyxl.Workbook, change: Callable[[bytes], bytes]) -> bytes:
    plain, out = io.BytesIO(), io.BytesIO()
    book.save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            part = source.read(member)
            is_changed = re.match(r"xl/(workbook|styles|worksheets/sheet1)\.xml", member.filename)
            target.writestr(member.filename, change(part) if is_changed else part)
    return out.getvalue()


def _with_prefix(part: bytes) -> bytes:
    named = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", part.decode())
    return named.replace(f'xmlns="{SPREADSHEET}"', f'xmlns:x="{SPREADSHEET}"').encode()


def _in_another_order(part: bytes) -> bytes:
    return re.sub(rb'<c r="([A-Z]+\d+)"( s="\d+")?( t="\w+")?', rb'<c\3\2 r="\1"', part)


def _without_places(part: bytes) -> bytes:
    return re.sub(rb'<(c|row) r="[A-Z]*\d+"', rb"<\1", part)


def _strict(part: bytes) -> bytes:
    strict = b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    part = part.replace(b"http://schemas.openxmlformats.org/officeDocument/2006/relationships", strict)
    return part.replace(SPREADSHEET.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")


def _looks_as_in_excel(book: Book) -> None:
    rows = _values(book)
    assert [row[4] for row in rows[1:]] == [Decimal("71.9"), 80, 71.9, 100]
    assert [row[2] for row in rows[1:]] == [120, 30, Unresolved("ROUND(D2,0)"), 50]
    assert rows[4][3] == "#N/A"
    assert {"hidden_rows", "hidden_columns", "percent_cells", "formulas"} <= _said(book)


HOWEVER = pytest.mark.parametrize(
    "change",
    [lambda part: part, _with_prefix, _in_another_order, _without_places, _strict],
    ids=["plain", "prefix", "order", "no places", "strict"],
)


@HOWEVER
def test_xlsx_however_its_xml_is_written(change: Callable[[bytes], bytes], tmp_path: Path) -> None:
    _looks_as_in_excel(_book(_xlsx(change), tmp_path))


def _leaves_out_struck(book: Book) -> None:
    rows = _values(book)
    assert [row[0] if row else "" for row in rows] == ["bulan", 1, "", 3]
    told = {note["code"]: note["params"] for note in book.sheets[0].notes}
    assert told["struck_rows"] == {"count": 1, "row": 3}
    assert told["struck_cells"] == {"count": 1, "cell": "B4"}


@HOWEVER
def test_rows_that_are_struck_through(change: Callable[[bytes], bytes], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in (["bulan", "kode_sbl", "rak"], [1, "1.2.1", 100], [2, "1.2.1", 200], [3, "1.2.1", 300]):
        sheet.append(cells)
    for row, column in ((3, 1), (3, 2), (3, 3), (4, 2)):
        sheet.cell(row, column).font = Font(strike=True)
    sheet.cell(2, 3).font = Font(strike=False, bold=True)
    _leaves_out_struck(_book(_saved(book, change), tmp_path))


def test_a_nought_of_xlsxwriter_is_no_result(tmp_path: Path) -> None:
    """It writes 0 for whatever formula, and that all of them are to be worked out."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["rak", "a", "b"])
    sheet.write_row(1, 0, ["=B2+C2", 2, 3])
    sheet.write_row(2, 0, ["=B3-C3", 3, 3])
    book.close()
    assert [row[0] for row in _values(_book(out.getvalue(), tmp_path))[1:]] == [5, 0]


def test_a_long_sum_is_refused_and_not_cut(tmp_path: Path) -> None:
    details = SheetDetails()
    details.add_formula((1, 1), "1" + "+1" * LONGEST_FORMULA, has_result=False)
    assert isinstance(work_out(details.unresolved[1, 1], lambda _row, _column: 0), Unresolved)


def test_xls(tmp_path: Path) -> None:
    book = open_book(FILES / "rfk-persen-rumus.xls")
    _looks_as_in_excel(book)
    assert [sheet.name for sheet in book.sheets] == ["RFK"]
    assert "hidden_sheets" in _said(book)


@pytest.mark.parametrize("at", [4_096, 5_000])
def test_a_cut_xls_is_refused_as_damaged(at: int, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="broken_file"):
        _book((FILES / "rfk-persen-rumus.xls").read_bytes()[:at], tmp_path)


def test_xlsb(tmp_path: Path) -> None:
    _looks_as_in_excel(_book(_xlsb(), tmp_path))


def test_a_cut_xlsb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="broken_file"):
        _book(_xlsb(cut=100), tmp_path)


# XLSB, as [MS-XLSB] describes it: no library writes its formulas.


def _record(number: int, body: bytes = b"") -> bytes:
    return _varying(number) + _varying(len(body)) + body


def _varying(number: int) -> bytes:
    low, high = number & 0x7F, number >> 7
    return bytes([low | 0x80, high]) if high else bytes([low])


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _cell(number: int, column: int, body: bytes, style: int = 0) -> bytes:
    return _record(number, struct.pack("<II", column, style) + body)


def _figure(column: int, value: float, style: int = 0) -> bytes:
    return _cell(5, column, struct.pack("<d", value), style)


def _without_result(column: int, tokens: bytes) -> bytes:
    return _cell(8, column, _text("") + b"\0\0" + struct.pack("<I", len(tokens)) + tokens + struct.pack("<I", 0))


def _row(number: int, cells: bytes, *, is_hidden: bool = False) -> bytes:
    return _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0x10 * is_hidden, 0, 0)) + cells


BOOK12 = b"".join(
    (
        *(_record(131), _record(143)),
        _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text("RFK")),
        *(_record(144), _record(132)),
    )
)


def _xlsb(cut: int = 0) -> bytes:
    formats = [(164, "0.0%"), (165, '0.0"%"')]
    styles = b"".join(_record(44, struct.pack("<H", number) + _text(code)) for number, code in formats)
    formats_of_styles = b"".join(_record(47, struct.pack("<HH12x", 0, number)) for number in (0, 164, 10, 165, 9))
    styles = _record(278) + styles + _record(617, struct.pack("<I", 5)) + formats_of_styles + _record(618)
    ref = struct.pack("<BIH", 0x44, 1, 3 | 0xC000)
    area = struct.pack("<BIIHH", 0x25, 1, 2, 3 | 0xC000, 3 | 0xC000)
    formulas = (
        struct.pack("<BHBHB", 0x1E, 100, 0x1E, 20, 0x03),
        area + struct.pack("<BBH", 0x19, 0x10, 0),
        ref + struct.pack("<BHBH", 0x1E, 0, 0x41, 27),
    )
    rows = _row(0, b"".join(_cell(6, at, _text(name)) for at, name in enumerate(HEAD)))
    shares = ((0.719, 1), (0.8, 2), (71.9, 3))
    for number, (formula, (share, style)) in enumerate(zip(formulas, shares, strict=True), start=1):
        cells = _figure(0, number) + _cell(6, 1, _text("1.2.1")) + _without_result(2, formula)
        cells += _figure(3, 10 * number) + _figure(4, share, style)
        rows += _row(number, cells, is_hidden=number == 2)
    last = _figure(0, 4) + _cell(6, 1, _text("1.2.1")) + _figure(2, 50) + _cell(3, 3, b"\x2a") + _figure(4, 1, 4)
    column = _record(390) + _record(60, struct.pack("<4IH", 5, 5, 2304, 0, 1)) + _record(391)
    sheet = _record(129) + _record(148, struct.pack("<4I", 0, 4, 0, 5)) + column
    sheet += _record(145) + rows + _row(4, last) + _record(146) + _record(130)
    return _package(BOOK12, styles, sheet[:-cut] if cut else sheet)


def test_xlsb_rows_that_are_struck_through(tmp_path: Path) -> None:
    fonts = b"".join(_record(43, struct.pack("<2H8x", 220, grbit)) for grbit in (0, 0x08, 0x01))
    of_styles = b"".join(_record(47, struct.pack("<3H10x", 0, 0, font)) for font in (0, 1, 2))
    styles = _record(278) + fonts + _record(617, struct.pack("<I", 3)) + of_styles + _record(618)
    rows = _row(0, b"".join(_cell(6, at, _text(name)) for at, name in enumerate(HEAD[:3])))
    for number, (first, second, third) in enumerate(((0, 0, 2), (1, 1, 1), (0, 1, 0)), start=1):
        cells = _figure(0, number, first) + _cell(6, 1, _text("1.2.1"), second) + _figure(2, 100 * number, third)
        rows += _row(number, cells)
    sheet = _record(129) + _record(148, struct.pack("<4I", 0, 3, 0, 2)) + _record(145) + rows + _record(146)
    _leaves_out_struck(_book(_package(BOOK12, styles, sheet + _record(130)), tmp_path))


def test_xls_cells_that_are_struck_through() -> None:
    """No font has the number 4."""
    formats = binary_details.Formats(of_style=[0, 0], font_of_style=[0, 4])
    for grbit in (0, 0, 0, 0, 0x08):
        formats.add_font(struct.pack("<2H", 220, grbit))
    records = [
        (binary_details.RK, struct.pack("<3Hi", 1, 0, 1, 0)),
        (binary_details.RK, struct.pack("<3Hi", 1, 1, 0, 0)),
        (0xFD, struct.pack("<3HI", 1, 2, 1, 0)),
        (binary_details.MULRK, struct.pack("<2HHiHiH", 2, 0, 1, 0, 0, 0, 1)),
    ]
    details = binary_details._of_biff_sheet(iter(records), formats)
    assert details.struck == {(2, 1), (2, 3), (3, 1)}


def _package(book: bytes, styles: bytes, sheet: bytes) -> bytes:
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kinds}/worksheet" Target="worksheets/sheet1.bin"/>'
        f'<Relationship Id="rId2" Type="{kinds}/styles" Target="styles.bin"/></Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", relations)
        archive.writestr("xl/styles.bin", styles)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return out.getvalue()


# ODS

ODS_HEAD = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    ' office:version="1.3"><office:body><office:spreadsheet><table:table table:name="RFK">'
)
ODS_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/"'
    ' manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def _ods(rows: str, styles: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", ODS_MANIFEST)
        archive.writestr("content.xml", ODS_HEAD.replace("<office:body>", f"{styles}<office:body>") + rows + ODS_TAIL)
    return out.getvalue()


def _ods_row(*cells: str, said: str = "") -> str:
    return f"<table:table-row {said}>{''.join(cells)}</table:table-row>"


def _ods_text(text: str, said: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {said}><text:p>{text}</text:p></table:table-cell>'


def _ods_figure(value: str, kind: str = "float", said: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" office:value="{value}" {said}/>'


def _ods_formula(formula: str) -> str:
    return f'<table:table-cell table:formula="{formula}"/>'


def test_ods(tmp_path: Path) -> None:
    head = _ods_row(*map(_ods_text, HEAD))
    first = _ods_row(_ods_figure("1"), _ods_text("1.2.1"), _ods_formula("of:=100+20"), _ods_figure("10"),
                     _ods_figure("0.719", "percentage"))  # fmt: skip
    second = _ods_row(_ods_figure("2"), _ods_text("1.2.1"), _ods_formula("of:=SUM([.D2:.D3])"), _ods_figure("20"),
                      _ods_figure("0.8", "percentage"), said='table:visibility="collapse"')  # fmt: skip
    third = _ods_row(_ods_figure("3"), _ods_text("1.2.1"), _ods_formula("of:=ROUND([.D2];0)"), _ods_figure("30"),
                     _ods_figure("71.9"))  # fmt: skip
    error = _ods_text("#N/A", 'table:formula="of:=NA()" calcext:value-type="error"')
    last = _ods_row(_ods_figure("4"), _ods_text("1.2.1"), _ods_figure("50"), error, _ods_figure("1", "percentage"))
    columns = '<table:table-column table:number-columns-repeated="5"/><table:table-column table:visibility="collapse"/>'
    _looks_as_in_excel(_book(_ods(columns + head + first + second + third + last), tmp_path))


def test_ods_repeats_rows_and_cells(tmp_path: Path) -> None:
    head = _ods_row(*map(_ods_text, "abc"))
    cells = _ods_figure("0.1", "percentage", 'table:number-columns-repeated="2"')
    rows = _ods_row(cells, _ods_formula("of:=[.A2]*0+3"), said='table:number-rows-repeated="3"')
    rows += _ods_row(_ods_figure("0.2", "percentage"))
    empty = '<table:table-cell office:value-type="percentage" table:number-columns-repeated="16384"/>'
    rows += _ods_row(empty, said='table:number-rows-repeated="1000000"')
    found = _values(_book(_ods(head + rows), tmp_path))
    assert [row[:2] for row in found[1:4]] == [[10, 10]] * 3
    assert found[4][0] == 20


def test_ods_rows_in_a_folded_group_are_said(tmp_path: Path) -> None:
    group = f'<table:table-row-group table:display="false">{_ods_row(_ods_figure("1"))}</table:table-row-group>'
    book = _book(_ods(_ods_row(_ods_text("a")) + group), tmp_path)
    assert "hidden_rows" in _said(book)


def test_ods_rows_that_are_struck_through(tmp_path: Path) -> None:
    struck, bold = 'table:style-name="ce1"', 'table:style-name="ce2"'
    rows = _ods_row(*map(_ods_text, ("bulan", "kode_sbl", "rak")))
    rows += _ods_row(_ods_figure("1"), _ods_text("1.2.1"), _ods_figure("100", said=bold))
    rows += _ods_row(_ods_figure("2", said=struck), _ods_text("1.2.1", struck), _ods_figure("200", said=struck))
    rows += _ods_row(_ods_figure("3"), _ods_text("1.2.1", struck), _ods_figure("300"))
    style = "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
    styles = "".join(
        f'<s:style xmlns:s="{style}" s:name="{name}"><s:text-properties s:text-line-through-style="{line}"/></s:style>'
        for name, line in (("ce1", "solid"), ("ce2", "none"))
    )
    made = _ods(rows, f"<office:automatic-styles>{styles}</office:automatic-styles>")
    _leaves_out_struck(_book(made, tmp_path))
