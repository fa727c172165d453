"""One cell of an office file to one value of a field, as PostgreSQL's COPY takes it. Pure.

Cells come as str, int, float, bool, date or datetime (what calamine gives); every kind of field says which it takes.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from core.exports.formulas import meant_text
from core.importing.cell_details import Percent, Unresolved, is_error
from core.importing.fields import DECIMALS, Field, Kind
from core.numbers import (
    LARGEST_FIGURE,
    ONE_SIGN_THREE_DIGITS,
    NumberFormatError,
    NumberProblem,
    decimals_of,
    format_number,
    parse_number,
)

LIMIT = int(LARGEST_FIGURE)
AMOUNTS = frozenset({Kind.RUPIAH, Kind.INTEGER})  # where a percent sign is a mistake; of NUMBER the unit says it
EXCEL_DAY_ZERO = dt.date(1899, 12, 30)
EARLIEST, LATEST = dt.date(1945, 1, 1), dt.date(2200, 12, 31)
MONTHS = {
    name: number
    for number, names in enumerate(
        [
            ("januari", "jan", "january"),
            ("februari", "pebruari", "feb", "peb", "february"),
            ("maret", "mar", "mrt", "march"),
            ("april", "apr"),
            ("mei", "may"),
            ("juni", "jun", "june"),
            ("juli", "jul", "july"),
            ("agustus", "agu", "agt", "ags", "agust", "aug", "august"),
            ("september", "sep", "sept"),
            ("oktober", "okt", "oct", "october"),
            ("november", "nopember", "nov", "nop"),
            ("desember", "des", "dec", "december"),
        ],
        start=1,
    )
    for name in names
}
YES = {"ya", "y", "1", "true", "benar", "iya", "x", "✓"}
NO = {"tidak", "tdk", "f", "n", "0", "false", "salah", "-", "bukan", ""}
WITA = dt.timezone(dt.timedelta(hours=8), "WITA")  # the province's clock; it has no summer time
MOST_YEARS_AHEAD = 5
_CLOCK = r"(?:[T ,]+\d{1,2}[:.]\d{2}.*)?"  # a time of the day behind the date
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){_CLOCK}")
_DAY_IN_WORDS = re.compile(rf"(\d{{1,2}})[ -]+([A-Za-z]+)\.?,?[ -]+'?(\d{{4}}|\d{{2}}){_CLOCK}")
_DAY_IN_DIGITS = re.compile(r"(20\d\d)(0[1-9]|1[0-2])([0-3]\d)")
_DAY_AS_NUMBER = re.compile(r"[3-7]\d{4}")  # 1982 to 2119, as a spreadsheet counts its days
_MONTH_IN_FRONT = re.compile(rf"([A-Za-z]+)\.? +(\d{{1,2}}),? +(\d{{4}}){_CLOCK}")
_WEEKDAY = re.compile(
    r"^(?:[A-Za-z']+, *|(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu) +)(?=\d|[A-Za-z]+\.? +\d)", re.IGNORECASE
)
_WITH_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ][\d:.]+ *(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)", re.IGNORECASE)
_MONTH_OF_YEAR = re.compile(r"([A-Za-z]+)\.?[ /'-]*(\d{4}|(?<=[ /'-])\d{2})")
_YEAR_AND_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
# What a comma that parts columns leaves of 111,000,000; nobody writes a figure like that.
_REST_OF_A_FIGURE = re.compile(r"0\d{2}")
_FULL_YEAR = re.compile(r"(?<![\d.,])((?:19|20)\d\d)(?![\d,])")
_SHORT_YEAR = re.compile(r"(?:t\.?a\.?|thn\.?|tahun)?[ :]*'?(\d\d)", re.IGNORECASE)
DECIMALS_OF_A_PERCENTAGE = 2
BOTH_SIGNS = "?"  # a column that writes decimals with a comma and with a point
EXCEL_EXACT = 10**15  # of a longer number a spreadsheet keeps fifteen digits, the rest are zeros
ROUNDED = re.compile(r"^\d[.,]\d+[eE]\+?\d+$")
# How a CSV keeps a spreadsheet from reading a number: ="0123", or '0123 as it is typed there.
_SET_AS_TEXT = re.compile(r"""= *"([^"]*)"|'([^']*)""")
# What people and programs write for nothing.
BLANKS = frozenset(
    ["", "-", "–", "—", "--", "---", "null", "(null)", "<null>", "\\n", "none", "nan", "n/a", "n.a", "n.a."]
)
LONGEST_BLANK = max(map(len, BLANKS))


class CellProblem(ValueError):  # noqa: N818 (a state of the cell, told to people)
    """`code` names a message of core.importing.messages, `params` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def says_nothing(cell: Any) -> bool:
    """Whether the cell is blank, or holds what is written for nothing."""
    if isinstance(cell, str):
        return len(cell) <= LONGEST_BLANK + 1 and meant_text(cell.strip()).lower() in BLANKS
    return cell is None


def value_of(field: Field, cell: Any) -> Any:
    """The cell as this field's value; None for a blank one. Raises CellProblem."""
    if isinstance(cell, Unresolved):
        raise CellProblem("no_result", formula=str(cell)[:80])
    if isinstance(cell, str):
        cell = cell.strip()
        if is_error(cell):
            raise CellProblem("error_cell", error=cell)
        if says_nothing(cell):
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
    text = _text(field, cell).replace(" ", "")
    found = _SET_AS_TEXT.fullmatch(text)
    return (found[1] or found[2] or "") if found else text


def _number(field: Field, cell: Any) -> Any:
    if isinstance(cell, bool):
        raise CellProblem("not_a_number")
    if isinstance(cell, dt.date | dt.datetime | dt.time | dt.timedelta):
        raise CellProblem("number_is_date", read=_plain(cell))
    if field.kind in AMOUNTS and is_said_as_percent(cell):
        raise CellProblem("amount_is_percent")
    if isinstance(cell, str):
        cell = _figure_in(field, cell)
    if not -LIMIT <= cell <= LIMIT:
        raise CellProblem("too_large")
    if field.kind is Kind.INTEGER:
        if cell != int(cell):
            raise CellProblem("not_whole")
        return int(cell)
    return cell


def is_said_as_percent(cell: Any) -> bool:
    """By its sign, or by the format of a workbook's cell."""
    return isinstance(cell, Percent) or (isinstance(cell, str) and cell.endswith("%"))


def _figure_in(field: Field, cell: str) -> Decimal:
    text, is_minus = _accountants(cell)
    if _REST_OF_A_FIGURE.fullmatch(text) and field.kind in {Kind.NUMBER, Kind.RUPIAH}:
        raise CellProblem("rest_of_a_figure")
    if field.decimal_sign == BOTH_SIGNS and ONE_SIGN_THREE_DIGITS.fullmatch(text):
        raise ambiguous(text)
    sign = field.decimal_sign.replace(BOTH_SIGNS, "")
    try:
        return parse_number(text, decimals=DECIMALS[field.kind], sign=sign) * (-1 if is_minus else 1)
    except NumberFormatError as error:
        if error.problem is NumberProblem.AMBIGUOUS:
            raise ambiguous(text) from error
        raise CellProblem("not_a_number") from error


def ambiguous(text: str) -> CellProblem:
    """A figure with one sign before three digits: either reading is as good."""
    plain = text.replace(",", ".")
    return CellProblem("ambiguous", thousand=plain.replace(".", ""), decimal=plain)


def share_or_percentage(figure: Decimal) -> CellProblem:
    """0.25 is 0,25 % or 25 %."""
    return CellProblem("share_or_percentage", said=format_number(figure), share=format_number(figure * 100))


def _accountants(text: str) -> tuple[str, bool]:
    """`(1.000)` and `1.000-` are minus 1.000: (the figure, whether it is less than zero)."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.endswith("-") and text[:-1].strip()[-1:].isdigit():
        return text[:-1].strip(), True
    return text, False


def _percent(field: Field, cell: Any) -> Any:
    """A figure between 0 and 1 with more decimals than a percentage has is a share: `0,719` may well mean 71,9 %."""
    is_said = is_said_as_percent(cell)
    if isinstance(cell, str):
        cell = cell.removesuffix("%").strip()
    number = _number(field, cell)
    if not 0 <= number <= 100:  # noqa: PLR2004
        raise CellProblem("not_a_percentage")
    exact = Decimal(str(number))
    if not is_said and 0 < exact < 1 and decimals_of(exact) > DECIMALS_OF_A_PERCENTAGE:
        raise share_or_percentage(exact)
    return number


def _month(field: Field, cell: Any) -> int:
    """1 to 12 or a name; with a year beside it only where that is the year that the list is handed in for."""
    month, year = _month_and_year(cell)
    if not 1 <= month <= 12:  # noqa: PLR2004
        raise CellProblem("not_a_month")
    if year is not None and not field.year:
        raise CellProblem("month_is_date", read=_plain(cell))
    if year is not None and year != field.year:
        raise CellProblem("month_of_other_year", read=_plain(cell), year=field.year)
    return month


def _month_and_year(cell: Any) -> tuple[int, int | None]:
    if isinstance(cell, dt.date | dt.datetime):
        return cell.month, cell.year
    text = str(cell).strip().lower().removeprefix("bulan ").rstrip(".")
    if text in MONTHS:
        return MONTHS[text], None
    if (match := _MONTH_OF_YEAR.fullmatch(text)) and match[1] in MONTHS:
        return MONTHS[match[1]], _whole_year(match[2])
    if match := _YEAR_AND_MONTH.fullmatch(text):
        return int(match[2]), int(match[1])
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return int(match[1]), int(match[2])
    try:
        number = Decimal(text.replace(",", "."))
    except ArithmeticError:
        return _month_of_day(text)
    if isinstance(cell, bool) or not number.is_finite() or number != int(number):
        raise CellProblem("not_a_month")
    return int(number), None


def _month_of_day(text: str) -> tuple[int, int]:
    try:
        day = _day(text)
    except CellProblem as error:
        raise CellProblem("not_a_month") from error
    return day.month, day.year


def _year(_field: Field, cell: Any) -> int:
    """As people name a budget's year: 2026, TA 2026, '26, a day of it."""
    if isinstance(cell, dt.date | dt.datetime):
        return cell.year
    text = _plain(cell).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").strip()
    years = {int(each) for each in _FULL_YEAR.findall(text)}
    if not years and (short := _SHORT_YEAR.fullmatch(text)):
        years = {2000 + int(short[1])}
    if len(years) != 1:
        raise CellProblem("several_years" if years else "not_a_year")
    return years.pop()


def _date(_field: Field, cell: Any) -> dt.date:
    day = _day(cell)
    if not EARLIEST <= day <= LATEST:
        raise CellProblem("date_out_of_range", read=day.isoformat())
    return day


def warning_of(field: Field, value: Any) -> CellProblem | None:
    """What may be wrong with a value that can be read."""
    if field.kind is Kind.DATE and value and field.year and value.year > field.year + MOST_YEARS_AHEAD:
        return CellProblem("date_far_ahead", read=value.isoformat(), year=field.year)
    return None


def _day(cell: Any) -> dt.date:
    """The day in the province: what is written with the time of another zone may be the day before."""
    if isinstance(cell, dt.datetime):
        return cell.astimezone(WITA).date() if cell.tzinfo else cell.date()
    if isinstance(cell, dt.date):
        return cell
    try:
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return _day_in_digits(str(int(cell))) or EXCEL_DAY_ZERO + dt.timedelta(days=int(cell))
        day = _day_in(str(cell).strip())
    except (ValueError, OverflowError) as error:
        raise CellProblem("not_a_date") from error
    if day is None:
        raise CellProblem("not_a_date")
    return day


def _day_in_digits(text: str) -> dt.date | None:
    """20260325. Raises ValueError where there is no such day."""
    match = _DAY_IN_DIGITS.fullmatch(text)
    return dt.date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _day_in(text: str) -> dt.date | None:
    """Raises ValueError where there is no such day."""
    if _WITH_ZONE.fullmatch(text):
        plain = re.sub(r" *(UTC|GMT|Z)$", "Z", text.upper())
        return dt.datetime.fromisoformat(re.sub(r" +(?=[+-])", "", plain)).astimezone(WITA).date()
    if match := _YEAR_FIRST.fullmatch(text):
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return dt.date(_whole_year(match[3]), int(match[2]), int(match[1]))
    if (day := _day_in_digits(text)) is not None:
        return day
    if _DAY_AS_NUMBER.fullmatch(text):
        return EXCEL_DAY_ZERO + dt.timedelta(days=int(text))
    text = _WEEKDAY.sub("", text)
    if (match := _DAY_IN_WORDS.fullmatch(text)) and match[2].lower() in MONTHS:
        return dt.date(_whole_year(match[3]), MONTHS[match[2].lower()], int(match[1]))
    if (match := _MONTH_IN_FRONT.fullmatch(text)) and match[1].lower() in MONTHS:
        return dt.date(int(match[3]), MONTHS[match[1].lower()], int(match[2]))
    return None


def parts_of_day(cell: Any) -> tuple[int, int] | None:
    """The first two figures of a date such as 3/4/2026, of which either may be the month; None for every other cell."""
    match = _DAY_FIRST.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return (int(match[1]), int(match[2])) if match else None


def _whole_year(digits: str) -> int:
    """Two digits are of this century up to 69, of the last from 70 on, as spreadsheets have it."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)  # noqa: PLR2004


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
    Kind.YEAR: _year,
    Kind.NUMBER: _number,
    Kind.RUPIAH: _number,
    Kind.PERCENT: _percent,
    Kind.MONTH: _month,
    Kind.DATE: _date,
    Kind.FLAG: _flag,
}
