"""NIP, the number of a civil servant: birth date (8 digits), month of appointment (6), sex (1 or 2), sequence (3).

For PPPK the month of appointment is "21" (observed, not found in a regulation), so a month is 1 to 12 or 21.
"""

import datetime as dt
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PARTS = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{4})(\d{2})(\d)(\d{3})", re.ASCII)
MONTHS = frozenset({*range(1, 13), 21})
YOUNGEST = 15


def problem_of(nip: str) -> str:
    """What is wrong with a NIP, in words; empty when nothing is."""
    found = PARTS.fullmatch(nip)
    if found is None:
        return _("A NIP has 18 digits.")
    year, month, day, begun, begun_month, sex, _sequence = map(int, found.groups())
    try:
        born = dt.date(year, month, day)
    except ValueError:
        return _("The first eight digits of a NIP are a birth date, such as 19800131.")
    if begun_month not in MONTHS or not born.year + YOUNGEST <= begun <= dt.date.today().year + 1:  # noqa: DTZ011 (a year)
        return _("The digits 9 to 14 of a NIP are year and month of the appointment, such as 200501.")
    if sex not in {1, 2}:
        return _("Digit 15 of a NIP is 1 (man) or 2 (woman).")
    return ""


def validate_nip(value: str) -> None:
    problem = problem_of(value)
    if problem:
        raise ValidationError(problem, code="nip")
