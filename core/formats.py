"""Figures, dates and periods as people here read them: id-ID and WITA. `templatetags/formatting.py` hands them to
pages."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core import numbers
from core.encryption import masked as mask_text
from core.periods import Period, PeriodKind

EMPTY = "–"
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


def rupiah(value: Any) -> str:
    return EMPTY if value is None or value == "" else numbers.format_rupiah(Decimal(value))


def rupiah_short(value: Any) -> str:
    return EMPTY if value is None or value == "" else numbers.format_rupiah_short(Decimal(value))


def billions(value: Any) -> str:
    """'470,7' for Rp470.700.000.000: where the column says that it is in billions."""
    return numbers.format_number(Decimal(value) / 10**9, 1)


def number(value: Any, decimals: int | None = None) -> str:
    if value is None or value == "":
        return EMPTY
    exact = str(value) if isinstance(value, float) else value  # 0.05 as written, not its binary neighbour
    return numbers.format_number(Decimal(exact), decimals)


def percent(value: Any, decimals: int = 1) -> str:
    return EMPTY if value is None or value == "" else f"{numbers.format_number(Decimal(value), decimals)}%"


def points(value: float) -> str:
    """A float with one decimal, as forecasts give it."""
    return numbers.format_number(Decimal(str(round(value, 1))), 1)


def change(value: Any, decimals: int = 2) -> str:
    """With its sign: '+0,61', '−0,07'."""
    return EMPTY if value is None else f"{'+' if value >= 0 else ''}{numbers.format_number(value, decimals)}"


def share_of(part: Any, whole: Any) -> Decimal | None:
    """100 × part ÷ whole, None when there is no whole."""
    if part is None or not whole:
        return None
    return Decimal(part) * 100 / Decimal(whole)


def acting(person: Any, lender: Any = None) -> str:
    """'Hendra Saputra, mewakili Surya Pranata': who decided, and whose role it was where it was lent."""
    if not lender:
        return str(person)
    return _("%(person)s, standing in for %(lender)s") % {"person": person, "lender": lender}


def day(value: dt.date | dt.datetime | None) -> str:
    if value is None:
        return EMPTY
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return formats.date_format(local, "j F Y")


def moment(value: dt.datetime | None) -> str:
    """'24 November 2026 14.30 WITA'."""
    if value is None:
        return EMPTY
    return f"{formats.date_format(timezone.localtime(value), 'j F Y H.i')} WITA"


def period(value: Period | str | None) -> str:
    """'Triwulan I 2026', 'Maret 2026', '2026'."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, str):
        value = Period.parse(value)
    if value.kind is PeriodKind.QUARTER:
        return _("Quarter %(number)s %(year)s") % {"number": ROMAN[value.number], "year": value.year}
    if value.kind is PeriodKind.MONTH:
        return formats.date_format(value.first_day, "F Y")
    return str(value.year)


def figure(value: str | None) -> str:
    """A decimal text of a stored snapshot, in Indonesian notation."""
    if value in (None, ""):
        return EMPTY
    return numbers.format_number(Decimal(str(value)))


def plain_number(value: Decimal | int | None) -> str:
    """For attributes of drawings: a point, two decimals, no grouping."""
    return f"{value or 0:.2f}"


def period_short(value: Period) -> str:
    """'Mar' and 'TW I', where the year stands nearby."""
    if value.kind is PeriodKind.QUARTER:
        return _("Q %(number)s") % {"number": ROMAN[value.number]}
    return formats.date_format(value.first_day, "M") if value.kind is PeriodKind.MONTH else str(value.year)


HEAT_STEPS = (50, 65, 80, 90)


def heat_step(value: Decimal | None) -> int:
    """The colour of a share in per cent: 1 (poor) to 5 (good), 0 where there is none."""
    return 0 if value is None else 1 + sum(value >= limit for limit in HEAT_STEPS)


SPM_STEPS = (60, 70, 80, 90)


def spm_step(value: Decimal | None) -> int:
    """The colour of an SPM index by the edges of its categories: 1 (lowest) to 5, 0 where there is none."""
    return 0 if value is None else 1 + sum(value >= limit for limit in SPM_STEPS)


def masked(value: str | None) -> str:
    return mask_text(value or "")


def plain(value: Any) -> str:
    """A history value as people read it."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal | int):
        return numbers.format_number(value)
    if isinstance(value, Period):
        return period(value)
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return day(value)
    return str(value)


def shown(value: Any) -> str:
    """What stands in a figure's input: formatted when it was read, as typed when it was not."""
    if value is None:
        return ""
    return numbers.format_number(value) if isinstance(value, Decimal | int) else str(value)
