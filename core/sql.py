"""SQL that stands in `.sql` files beside the Python that runs it, and composed SQL through Django's cursor.

In such a file values are `%(name)s`; `{name}` stands for an identifier (quoted by psycopg2.sql) or for another
statement of ours, never for something typed. Lines that are comments are left out: a per cent sign in one would be
taken for a value.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg2.sql import Composable

_NAME = re.compile(r"^--\s*name:\s*(\w+)\s*$")
_COMMENT = re.compile(r"^\s*--")


def statement(file: str, *, beside: str) -> str:
    """The one statement of a file; `beside` is the caller's `__file__`. Read once."""
    return _without_comments(_lines(file, beside))


@cache
def statements(file: str, *, beside: str) -> Mapping[str, str]:
    """The statements of a file in which several stand, by the name in the line `-- name: …` above each."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _lines(file, beside):
        if named := _NAME.match(line):
            current = found.setdefault(named[1], [])
        else:
            current.append(line)
    return {name: _without_comments(lines) for name, lines in found.items()}


@cache
def _lines(file: str, beside: str) -> tuple[str, ...]:
    return tuple((Path(beside).parent / file).read_text(encoding="utf-8").splitlines())


def _without_comments(lines: list[str] | tuple[str, ...]) -> str:
    return "\n".join(line for line in lines if not _COMMENT.match(line)).strip()


def execute(cursor: Any, statement: Composable, parameters: Any = None) -> None:
    """As plain text, because the history's wrapper reads the statement before the driver does."""
    cursor.execute(statement.as_string(connection.connection), parameters)
