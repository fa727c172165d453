"""Figures, dates and periods on the page, in id-ID and WITA; icons; a few small pieces of markup."""

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import numbers
from core.encryption import masked as mask_text
from core.periods import Period, PeriodKind

register = template.Library()
EMPTY = "–"
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@register.filter
def rupiah(value: Any) -> str:
    return EMPTY if value is None or value == "" else numbers.format_rupiah(Decimal(value))


@register.filter
def rupiah_short(value: Any) -> str:
    return EMPTY if value is None or value == "" else numbers.format_rupiah_short(Decimal(value))


@register.filter
def billions(value: Any) -> str:
    """'470,7' for Rp470.700.000.000: where the column says that it is in billions."""
    return numbers.format_number(Decimal(value) / 10**9, 1)


@register.filter
def number(value: Any, decimals: int | None = None) -> str:
    if value is None or value == "":
        return EMPTY
    exact = str(value) if isinstance(value, float) else value  # 0.05 as written, not its binary neighbour
    return numbers.format_number(Decimal(exact), decimals)


@register.filter
def percent(value: Any, decimals: int = 1) -> str:
    return EMPTY if value is None or value == "" else f"{numbers.format_number(Decimal(value), decimals)}%"


@register.filter
def points(value: float) -> str:
    """A float with one decimal, as forecasts give it."""
    return numbers.format_number(Decimal(str(round(value, 1))), 1)


@register.filter
def share_of(part: Any, whole: Any) -> Decimal | None:
    """100 × part ÷ whole, None when there is no whole."""
    if part is None or not whole:
        return None
    return Decimal(part) * 100 / Decimal(whole)


@register.filter
def date(value: dt.date | dt.datetime | None) -> str:
    if value is None:
        return EMPTY
    local = timezone.localtime(value) if isinstance(value, dt.datetime) else value
    return formats.date_format(local, "j F Y")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """'24 November 2026 14.30 WITA'."""
    if value is None:
        return EMPTY
    return f"{formats.date_format(timezone.localtime(value), 'j F Y H.i')} WITA"


@register.filter
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


@register.filter
def figure(value: str | None) -> str:
    """A decimal text of a stored snapshot, in Indonesian notation."""
    if value in (None, ""):
        return EMPTY
    return numbers.format_number(Decimal(str(value)))


@register.filter
def plain_number(value: Decimal | int | None) -> str:
    """For attributes of drawings: a point, two decimals, no grouping."""
    return f"{value or 0:.2f}"


@register.filter
def period_short(value: Period) -> str:
    """'Mar' and 'TW I', where the year stands nearby."""
    if value.kind is PeriodKind.QUARTER:
        return _("Q %(number)s") % {"number": ROMAN[value.number]}
    return formats.date_format(value.first_day, "M") if value.kind is PeriodKind.MONTH else str(value.year)


HEAT_STEPS = (50, 65, 80, 90)


@register.filter
def heat_step(value: Decimal | None) -> int:
    """The colour of a share in per cent: 1 (poor) to 5 (good), 0 where there is none."""
    return 0 if value is None else 1 + sum(value >= limit for limit in HEAT_STEPS)


SPM_STEPS = (60, 70, 80, 90)


@register.filter
def spm_step(value: Decimal | None) -> int:
    """The colour of an SPM index by the edges of its categories: 1 (lowest) to 5, 0 where there is none."""
    return 0 if value is None else 1 + sum(value >= limit for limit in SPM_STEPS)


@register.filter
def masked(value: str | None) -> str:
    return mask_text(value or "")


@register.filter
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
        return date(value)
    return str(value)


@cache
def _sprite() -> str:
    return static("vendor/tabler-icons/sprite.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the vendored sprite; silent for screen readers unless it carries a label."""
    url = f"{_sprite()}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, url)
    css = "icon icon-end" if name == "arrow-right" else "icon"  # an arrow on stands behind its word
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, url)


@register.filter
def shown(value: Any) -> str:
    """What stands in a figure's input: formatted when it was read, as typed when it was not."""
    if value is None:
        return ""
    return numbers.format_number(value) if isinstance(value, Decimal | int) else str(value)
