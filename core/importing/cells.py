"""One cell of an office file to one value of a field, as PostgreSQL's COPY takes it. Pure.

Cells come as str, int, float, bool, date or datetime (what calamine gives); every kind of field says which it takes.
"""

import datetime as dt
import re
from typing import Any

from core.importing.cell_details import Unresolved
from core.importing.fields import DECIMALS, Field, Kind
from core.numbers import LARGEST_FIGURE, NumberFormatError, NumberProblem, parse_number

LIMIT = int(LARGEST_FIGURE)
EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
EARLIEST, LATEST = dt.date(1945, 1, 1), dt.date(2200, 12, 31)
MONTHS = {
    name: number
    for number, names in enumerate(
        [
            ("januari", "jan"),
            ("februari", "pebruari", "feb", "peb"),
            ("maret", "mar"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "jun"),
            ("juli", "jul"),
            ("agustus", "agu", "agt", "ags", "aug"),
            ("september", "sep", "sept"),
            ("oktober", "okt", "oct"),
            ("november", "nopember", "nov", "nop"),
            ("desember", "des", "dec"),
        ],
        start=1,
    )
    for name in names
}
YES = {"ya", "y", "1", "true", "benar", "iya", "x", "✓"}
NO = {"tidak", "tdk", "f", "n", "0", "false", "salah", "-", "bukan", ""}
_ISO_DATE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+Z?)?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_IN_WORDS = re.compile(r"^(\d{1,2})\s+([A-Za-z]+)\.?\s+(\d{4})$")
EXCEL_EXACT = 10**15  # of a longer number a spreadsheet keeps fifteen digits, the rest are zeros
ROUNDED = re.compile(r"^\d[.,]\d+[eE]\+?\d+$")
BLANKS = {"", "-", "–", "—"}


class CellProblem(ValueError):  # noqa: N818 (a state of the cell, told to people)
    """`code` names a message of core.importing.messages, `params` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def value_of(field: Field, cell: Any) -> Any:
    """The cell as this field's value; None for a blank one. Raises CellProblem."""
    if isinstance(cell, Unresolved):
        raise CellProblem("no_result", formula=str(cell)[:80])
    if isinstance(cell, str):
        cell = cell.strip()
        if cell in BLANKS and (field.kind not in {Kind.TEXT, Kind.CODE} or not cell):
            return None
    return _READERS[field.kind](field, cell)


def _text(field: Field, cell: Any) -> str:
    text = _plain(cell)
    if len(text) > field.max_length:
        raise CellProblem("too_long", limit=field.max_length, length=len(text))
    return text


def _plain(cell: Any) -> str:
    if isinstance(cell, bool):
        return "Ya" if cell else "Tidak"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell).replace("\x00", "")


def _code(field: Field, cell: Any) -> str:
    """Codes are text; as a number or a date the spreadsheet has already lost zeros or dots."""
    if isinstance(cell, dt.date | dt.datetime):
        raise CellProblem("code_is_date", read=_plain(cell))
    if isinstance(cell, float) and not cell.is_integer():
        raise CellProblem("code_is_number", read=repr(cell))
    if (isinstance(cell, int | float) and abs(cell) >= EXCEL_EXACT) or ROUNDED.match(str(cell)):
        raise CellProblem("code_is_rounded", read=_plain(cell))
    return _text(field, cell).replace(" ", "")


def _number(field: Field, cell: Any) -> Any:
    if isinstance(cell, bool):
        raise CellProblem("not_a_number")
    if isinstance(cell, dt.date | dt.datetime | dt.time | dt.timedelta):
        raise CellProblem("number_is_date", read=_plain(cell))
    if isinstance(cell, str):
        text, is_minus = _accountants(cell)
        try:
            cell = parse_number(text, decimals=DECIMALS[field.kind], sign=field.decimal_sign) * (-1 if is_minus else 1)
        except NumberFormatError as error:
            if error.problem is NumberProblem.AMBIGUOUS:
                thousand, decimal = error.readings
                raise CellProblem("ambiguous", thousand=str(thousand), decimal=str(decimal)) from error
            raise CellProblem("not_a_number") from error
    if not -LIMIT <= cell <= LIMIT:
        raise CellProblem("too_large")
    if field.kind is Kind.INTEGER:
        if cell != int(cell):
            raise CellProblem("not_whole")
        return int(cell)
    return cell


def _accountants(text: str) -> tuple[str, bool]:
    """`(1.000)` and `1.000-` are minus 1.000: (the figure, whether it is less than zero)."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.endswith("-") and text[:-1].strip()[-1:].isdigit():
        return text[:-1].strip(), True
    return text, False


def _percent(field: Field, cell: Any) -> Any:
    if isinstance(cell, str):
        cell = cell.removesuffix("%").strip()
    number = _number(field, cell)
    if not 0 <= number <= 100:  # noqa: PLR2004
        raise CellProblem("not_a_percentage")
    return number


def _month(_field: Field, cell: Any) -> int:
    if isinstance(cell, dt.date | dt.datetime):
        raise CellProblem("month_is_date", read=_plain(cell))  # a date names a year as well, which may be another
    if isinstance(cell, str) and cell.lower().rstrip(".") in MONTHS:
        return MONTHS[cell.lower().rstrip(".")]
    try:
        number = int(cell)
    except (ValueError, TypeError) as error:
        raise CellProblem("not_a_month") from error
    if number != float(cell) or not 1 <= number <= 12:  # noqa: PLR2004
        raise CellProblem("not_a_month")
    return number


def _date(_field: Field, cell: Any) -> dt.date:
    day = _day(cell)
    if not EARLIEST <= day <= LATEST:
        raise CellProblem("date_out_of_range", read=day.isoformat())
    return day


def _day(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return EXCEL_DAY_ZERO + dt.timedelta(days=int(cell))
        text = str(cell)
        if match := _ISO_DATE.match(text):
            return dt.date(*map(int, match.groups()))
        if match := _DAY_FIRST.match(text):
            day, month, year = map(int, match.groups())
            return dt.date(year, month, day)
        if (match := _IN_WORDS.match(text)) and match[2].lower() in MONTHS:
            return dt.date(int(match[3]), MONTHS[match[2].lower()], int(match[1]))
    except (ValueError, OverflowError) as error:
        raise CellProblem("not_a_date") from error
    raise CellProblem("not_a_date")


def _flag(field: Field, cell: Any) -> bool:
    """`t` is true where PostgreSQL wrote the column, and *tidak* where people did: the other cells have to tell."""
    if isinstance(cell, bool):
        return cell
    text = _plain(cell).lower()
    if text == "t" and field.letter_t is not None:
        return field.letter_t
    if text in YES:
        return True
    if text in NO:
        return False
    raise CellProblem("not_yes_or_no")


_READERS = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.INTEGER: _number,
    Kind.NUMBER: _number,
    Kind.RUPIAH: _number,
    Kind.PERCENT: _percent,
    Kind.MONTH: _month,
    Kind.DATE: _date,
    Kind.FLAG: _flag,
}
