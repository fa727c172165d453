"""Ceremony against impact: which class a budget line belongs to, by the rules that administrators keep. Set-wise SQL.

The most specific rule wins: the longer account prefix first, at the same length a rule with a word before one without.
Without any rule a line counts as supporting.
"""

from django.db import connection
from psycopg2 import sql

from core.sql import execute, statements

_SQL = statements("spending.sql", beside=__file__)
# Of a row `s` that is joined to `accounts`.
CLASS_OF_ROW = sql.SQL(_SQL["class_of_row"])


def accounts_of(rows: sql.Composable) -> sql.Composed:
    """The expression `accounts AS …` over a table or a subquery with the columns of a budget line."""
    return sql.SQL(_SQL["accounts"]).format(rows=rows)


def reclassify() -> int:
    """Apply the rules to all current lines; returns how many changed class. Idempotent."""
    accounts = accounts_of(sql.SQL(_SQL["current_lines"]))
    with connection.cursor() as cursor:
        execute(cursor, sql.SQL(_SQL["reclassify"]).format(accounts=accounts, class_of_row=CLASS_OF_ROW))
        return int(cursor.rowcount)
