"""Composed SQL (psycopg2.sql) through Django's cursor: identifiers quoted by the driver, values as parameters."""

from typing import Any

from django.db import connection
from psycopg2.sql import Composable


def execute(cursor: Any, statement: Composable, parameters: Any = None) -> None:
    """As plain text, because the history's wrapper reads the statement before the driver does."""
    cursor.execute(statement.as_string(connection.connection), parameters)
