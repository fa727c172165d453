"""Figures in and out, as people in Indonesia write them: 1.234.567,89. Pure, Decimal only.

Reading accepts the Indonesian and the machine's way of writing; a text that could mean two figures is refused with a
message instead of guessed: `1.234` is one thousand two hundred and thirty-four to an accountant here and about one
and a quarter to a spreadsheet in English.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum
from typing import Any

_INDONESIAN = re.compile(r"^\d{1,3}(\.\d{3})+(,\d+)?$")  # 1.234  1.234.567  1.234.567,89
_COMMA_DECIMAL = re.compile(r"^\d+,\d+$")  # 1234,5
_MACHINE = re.compile(r"^\d+(\.\d+)?$")  # 1234  1234567.89
_ENGLISH = re.compile(r"^\d{1,3}(,\d{3})+(\.\d+)?$")  # 1,234,567.89
_ENGLISH_ONE_GROUP = re.compile(r"^\d{1,3},\d{3}$")  # 1,234: ambiguous with the Indonesian decimal comma
_DOT_THREE = re.compile(r"^\d{1,3}\.\d{3}$")  # 1.234: ambiguous
# 1,234.5 and 1.234,5; 1,234,567 and 1.234.567; 12,5 and 12.5. What stands once before three digits says nothing.
ONE_SIGN_THREE_DIGITS = re.compile(r"-?[1-9]\d{0,2}([.,])\d{3}")
DECIMAL_COMMA = re.compile(r"-?(\d{1,3}(\.\d{3})+,\d+|\d{1,3}(\.\d{3}){2,}|\d+,\d+)")
DECIMAL_POINT = re.compile(r"-?(\d{1,3}(,\d{3})+\.\d+|\d{1,3}(,\d{3}){2,}|\d+\.\d+)")
_RUPIAH_SIGN = re.compile(r"^rp\.?\s*", re.IGNORECASE)
MAX_DIGITS = 30
# No figure of the portal is larger, in any unit: its columns hold ten times as much, so that some can be added up.
LARGEST_FIGURE = Decimal(10) ** 17
LARGEST_HEADCOUNT = Decimal(100_000_000)


class LimitProblem(Enum):
    """How a figure goes beyond its limits."""

    DECIMALS = "decimals"
    BELOW = "below"
    ABOVE = "above"


@dataclass(frozen=True)
class Limits:
    """What a figure may be: at most so many decimals, and two bounds that are themselves allowed. `is_amount`: rupiah,
    people or cases; a percent sign behind it is a mistake.

    Stated once where the figure is defined (its unit, its column); forms, grid, workbook and database take it from
    there.
    """

    decimals: int | None = None
    lowest: Decimal = -LARGEST_FIGURE
    highest: Decimal = LARGEST_FIGURE
    is_amount: bool = False

    def problem(self, value: Decimal) -> LimitProblem | None:
        if self.decimals is not None and decimals_of(value) > self.decimals:
            return LimitProblem.DECIMALS
        if value < self.lowest:
            return LimitProblem.BELOW
        return LimitProblem.ABOVE if value > self.highest else None


class NumberProblem(Enum):
    """Why a text was not read as a figure."""

    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    TOO_LONG = "too_long"
    PERCENT = "percent"


class NumberFormatError(ValueError):
    """Carries the problem and, for an ambiguous text, the two readings."""

    def __init__(self, problem: NumberProblem, text: str, readings: tuple[Decimal, ...] = ()) -> None:
        super().__init__(f"{problem.value}: {text!r}")
        self.problem = problem
        self.text = text
        self.readings = readings


DECIMALS_OF_A_GROUP = 3


def digits_of(text: str) -> str:
    """The digits 0 to 9 of a number that people write in groups: a NIK, an NPWP, a NIB. Digits of other scripts and
    superscripts, which `str.isdigit` counts too, are none."""
    return "".join(re.findall("[0-9]", text))


def parse_number(text: str, *, decimals: int | None = None, sign: str = "", is_amount: bool = False) -> Decimal:
    """Read a figure. `decimals` is what the field allows: below three, `1.234` can only be a thousand and so on.
    `sign` is how its column writes decimals (`decimal_sign_of`): that settles it first. `is_amount`: see Limits.

    Accepts 1.234.567,89 · 1234567.89 · 1234567,89 · 1,234,567.89 · -5 · Rp 1.234.567 · a percent sign at the end.
    Raises NumberFormatError.
    """
    cleaned = text.strip().replace("\N{MINUS SIGN}", "-")
    cleaned = re.sub(r"^(-?)\s*(rp\.?)?\s*(-?)", r"\1\3", cleaned, flags=re.IGNORECASE)
    if is_amount and cleaned.endswith("%"):
        raise NumberFormatError(NumberProblem.PERCENT, text)
    cleaned = cleaned.removesuffix("%").replace("\N{NO-BREAK SPACE}", "").replace(" ", "").removesuffix(",-")
    negative = cleaned.startswith("-")
    digits = cleaned[1:] if negative else cleaned
    if not digits.isascii():
        raise NumberFormatError(NumberProblem.NOT_A_NUMBER, text)
    if len(digits_of(digits)) > MAX_DIGITS:
        raise NumberFormatError(NumberProblem.TOO_LONG, text)
    no_third_decimal = decimals is not None and decimals < DECIMALS_OF_A_GROUP
    value = _parse_digits(digits, text, sign, dot_groups=no_third_decimal)
    return -value if negative and value else value


def decimal_sign_of(raws: Iterable[Any]) -> str:
    """How the texts of a column write decimals: "," or "."; "" when they don't say, or contradict one another."""
    signs = decimal_signs_of(raws)
    return signs.pop() if len(signs) == 1 else ""


def decimal_signs_of(raws: Iterable[Any]) -> set[str]:
    """The signs that texts of a column have before their decimals: both where they contradict one another."""
    texts = {_RUPIAH_SIGN.sub("", raw.strip()) for raw in raws if isinstance(raw, str)}
    telling = [text for text in texts if not ONE_SIGN_THREE_DIGITS.fullmatch(text)]
    forms = ((",", DECIMAL_COMMA), (".", DECIMAL_POINT))
    return {sign for sign, form in forms if any(form.fullmatch(text) for text in telling)}


def _parse_digits(digits: str, text: str, sign: str, *, dot_groups: bool) -> Decimal:
    if (_DOT_THREE.match(digits) or _ENGLISH_ONE_GROUP.match(digits)) and not digits.startswith("0"):
        mark = "." if "." in digits else ","
        thousand, decimal = Decimal(digits.replace(mark, "")), Decimal(digits.replace(mark, "."))
        if sign:
            return decimal if mark == sign else thousand
        if mark == "." and dot_groups:
            return thousand
        raise NumberFormatError(NumberProblem.AMBIGUOUS, text, (thousand, decimal))
    if _INDONESIAN.match(digits) and not digits.startswith("0"):
        return Decimal(digits.replace(".", "").replace(",", "."))
    if _COMMA_DECIMAL.match(digits):
        return Decimal(digits.replace(",", "."))
    if _MACHINE.match(digits):
        return Decimal(digits)
    if _ENGLISH.match(digits) and not digits.startswith("0"):
        return Decimal(digits.replace(",", ""))
    raise NumberFormatError(NumberProblem.NOT_A_NUMBER, text)


# A product of two figures of nineteen digits is still shown whole.
WIDE = Context(prec=100)


def decimals_of(value: Decimal) -> int:
    """How many decimals a figure has, trailing zeros not counted."""
    return max(0, -int(value.normalize().as_tuple().exponent)) if value else 0


def round_half_up(value: Decimal, decimals: int) -> Decimal:
    """The one rounding rule of the portal; used when a figure is shown, never before."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=WIDE)


def format_number(value: Decimal | int, decimals: int | None = None) -> str:
    """1234567.891 → '1.234.567,89' for decimals=2; None keeps the value's own decimals without trailing zeros."""
    number = Decimal(value)
    if decimals is None:
        number = number.normalize(WIDE)
        if int(number.as_tuple().exponent) > 0:
            number = number.quantize(Decimal(1), context=WIDE)
    else:
        number = round_half_up(number, decimals)
    if not number:
        number = abs(number)  # no "-0"
    return f"{number:,f}".translate(str.maketrans(",.", ".,")).replace("-", "\N{MINUS SIGN}")


def format_for_input(value: Decimal | int, decimals: int | None = None) -> str:
    """A figure as a field shows it, so that `parse_number` reads the same figure back: 11200 → '11.200,0'.

    `decimals` is what the field allows. Only where three digits after a separator could be thousands or decimals does a
    further zero say which.
    """
    text = format_number(value)
    try:
        parse_number(text, decimals=decimals)
    except NumberFormatError:
        return format_number(value, decimals_of(Decimal(value)) + 1)
    return text


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
