"""Ceremony against impact: which class a budget line belongs to, by the rules that administrators keep. Set-wise SQL.

The most specific rule wins: the longer account prefix first, at the same length a rule with a word before one without.
Without any rule a line counts as supporting.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from psycopg2 import sql

from core.sql import execute, statements
from programs.choices import SpendingClass

_SQL = statements("spending.sql", beside=__file__)
GROUP = "5.1.02"  # as long as the codes of groups: a rule that is longer speaks of its account
# Of a row `s` that is joined to `accounts`.
CLASS_OF_ROW = sql.SQL(_SQL["class_of_row"])


def accounts_of(rows: sql.Composable) -> sql.Composed:
    """The expression `accounts AS …` over a table or a subquery with the columns of a budget line."""
    return sql.SQL(_SQL["accounts"]).format(rows=rows)


@dataclass(frozen=True)
class AccountWithoutRule:
    """An account that only a rule for a whole group of accounts covers, or none; its sum in Rp."""

    code: str
    name: str
    total: Decimal
    spending_class: str

    @property
    def label(self) -> str:
        return str(SpendingClass(self.spending_class).label)


def without_a_rule(most: int = 20) -> list[AccountWithoutRule]:
    """The largest accounts of the current lines that nobody has looked at by themselves."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL["without_a_rule"], {"group": len(GROUP), "most": most})
        return [AccountWithoutRule(*row) for row in cursor.fetchall()]


def reclassify() -> int:
    """Apply the rules to all current lines; returns how many changed class. Idempotent."""
    accounts = accounts_of(sql.SQL(_SQL["current_lines"]))
    with connection.cursor() as cursor:
        execute(cursor, sql.SQL(_SQL["reclassify"]).format(accounts=accounts, class_of_row=CLASS_OF_ROW))
        return int(cursor.rowcount)
