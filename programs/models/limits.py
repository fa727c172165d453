"""What the figures of a report may be, stated once: the database's CHECKs, forms, grid, workbook and lists take it
from here.

Of an indicator's value the unit says more (`Unit.limits`).
"""

from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Q

from core.numbers import LARGEST_FIGURE, LARGEST_HEADCOUNT, Limits

# Two decimals for a part of a fraction: 11.232 is eleven thousand two hundred and thirty-two, not a fraction of a
# person.
AMOUNT = Limits(2, Decimal(0), LARGEST_FIGURE, is_amount=True)
PERCENTAGE = Limits(2, Decimal(0), Decimal(100))
HEADCOUNT = Limits(0, Decimal(0), LARGEST_HEADCOUNT, is_amount=True)
VALUE_LIMITS = {"value": Limits(), "numerator": AMOUNT, "denominator": AMOUNT}
MONEY_LIMITS = {"planned_rupiah": AMOUNT, "financial_rupiah": AMOUNT}
PHYSICAL_LIMITS = {"physical_percent": PERCENTAGE}
PEOPLE_LIMITS = dict.fromkeys(("people", "male", "female", "children", "adults", "elderly", "disabled"), HEADCOUNT)


def within(limits_by_column: Mapping[str, Limits]) -> Q:
    """The bounds of columns as the database holds them; an empty one is always allowed."""
    allowed = Q()
    for name, limits in limits_by_column.items():
        allowed &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (limits.lowest, limits.highest)})
    return allowed
