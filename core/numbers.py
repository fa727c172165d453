"""Figures in and out, as people in Indonesia write them: 1.234.567,89. Pure, Decimal only.

Reading accepts the Indonesian and the machine's way of writing; a text that could mean two figures is refused with a
message instead of guessed: `1.234` is one thousand two hundred and thirty-four to an accountant here and about one
and a quarter to a spreadsheet in English.
"""

import re
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum

_INDONESIAN = re.compile(r"^\d{1,3}(\.\d{3})+(,\d+)?$")  # 1.234  1.234.567  1.234.567,89
_COMMA_DECIMAL = re.compile(r"^\d+,\d+$")  # 1234,5
_MACHINE = re.compile(r"^\d+(\.\d+)?$")  # 1234  1234567.89
_ENGLISH = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")  # 1,234,567.89
_ENGLISH_ONE_GROUP = re.compile(r"^\d{1,3},\d{3}$")  # 1,234: ambiguous with the Indonesian decimal comma
_DOT_THREE = re.compile(r"^\d{1,3}\.\d{3}$")  # 1.234: ambiguous
MAX_DIGITS = 30


class NumberProblem(Enum):
    """Why a text was not read as a figure."""

    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    TOO_LONG = "too_long"


class NumberFormatError(ValueError):
    """Carries the problem and, for an ambiguous text, the two readings."""

    def __init__(self, problem: NumberProblem, text: str, readings: tuple[Decimal, ...] = ()) -> None:
        super().__init__(f"{problem.value}: {text!r}")
        self.problem = problem
        self.text = text
        self.readings = readings


DECIMALS_OF_A_GROUP = 3


def parse_number(text: str, *, decimals: int | None = None) -> Decimal:
    """Read a figure. `decimals` is what the field allows: below three, `1.234` can only be a thousand and so on.

    Accepts 1.234.567,89 · 1234567.89 · 1234567,89 · 1,234,567.89 · -5 · Rp 1.234.567 · a percent sign at the end.
    Raises NumberFormatError.
    """
    cleaned = re.sub(r"^(-?)\s*(rp\.?)?\s*(-?)", r"\1\3", text.strip(), flags=re.IGNORECASE)
    cleaned = cleaned.removesuffix("%").replace("\N{NO-BREAK SPACE}", "").replace(" ", "").removesuffix(",-")
    negative = cleaned.startswith(("-", "\N{MINUS SIGN}"))
    digits = cleaned[1:] if negative else cleaned
    if not digits.isascii():
        raise NumberFormatError(NumberProblem.NOT_A_NUMBER, text)
    if sum(character.isdigit() for character in digits) > MAX_DIGITS:
        raise NumberFormatError(NumberProblem.TOO_LONG, text)
    no_third_decimal = decimals is not None and decimals < DECIMALS_OF_A_GROUP
    value = _parse_digits(digits, text, dot_groups=no_third_decimal)
    return -value if negative and value else value


def _parse_digits(digits: str, text: str, *, dot_groups: bool) -> Decimal:
    if _DOT_THREE.match(digits) and not dot_groups and not digits.startswith("0"):
        raise NumberFormatError(NumberProblem.AMBIGUOUS, text, (Decimal(digits.replace(".", "")), Decimal(digits)))
    if _ENGLISH_ONE_GROUP.match(digits) and not digits.startswith("0"):
        as_decimal, as_thousand = Decimal(digits.replace(",", ".")), Decimal(digits.replace(",", ""))
        raise NumberFormatError(NumberProblem.AMBIGUOUS, text, (as_thousand, as_decimal))
    if _INDONESIAN.match(digits) and not digits.startswith("0"):
        return Decimal(digits.replace(".", "").replace(",", "."))
    if _COMMA_DECIMAL.match(digits):
        return Decimal(digits.replace(",", "."))
    if _MACHINE.match(digits):
        return Decimal(digits)
    if _ENGLISH.match(digits) and not digits.startswith("0"):
        return Decimal(digits.replace(",", ""))
    raise NumberFormatError(NumberProblem.NOT_A_NUMBER, text)


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """The one rounding rule of the portal; used when a figure is shown, never before."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def format_number(value: Decimal | int, decimals: int | None = None) -> str:
    """1234567.891 → '1.234.567,89' for decimals=2; None keeps the value's own decimals without trailing zeros."""
    number = Decimal(value)
    if decimals is None:
        number = number.normalize()
        if int(number.as_tuple().exponent) > 0:
            number = number.quantize(Decimal(1))
    else:
        number = round_half_up(number, decimals)
    if not number:
        number = abs(number)  # no "-0"
    return f"{number:,f}".translate(str.maketrans(",.", ".,")).replace("-", "\N{MINUS SIGN}")


def format_rupiah(value: Decimal | int, decimals: int = 0) -> str:
    """1250000 → 'Rp1.250.000' (EYD: no space after Rp)."""
    text = format_number(value, decimals)
    return f"\N{MINUS SIGN}Rp{text[1:]}" if text.startswith("\N{MINUS SIGN}") else f"Rp{text}"


def format_rupiah_short(value: Decimal | int) -> str:
    """For tiles and charts: 'Rp1,25 miliar'. The full figure always stands nearby."""
    number = Decimal(value)
    for limit, word in ((12, "triliun"), (9, "miliar"), (6, "juta")):
        if abs(number) >= Decimal(10) ** limit:
            scaled = number / Decimal(10) ** limit
            return f"{format_rupiah(round_half_up(scaled, 2).normalize(), _decimals(scaled))} {word}"
    return format_rupiah(number)


def _decimals(scaled: Decimal) -> int:
    return max(0, -int(round_half_up(scaled, 2).normalize().as_tuple().exponent))
