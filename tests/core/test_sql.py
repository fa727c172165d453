"""SQL in files: comments stay behind, several statements by name."""

from pathlib import Path

import pytest

from core.sql import statement, statements

ONE = """-- code: K99
-- title: A tenth (10 %) too much
-- parameter: share 0.1
-- parameter: from 5
SELECT 1
-- 100 % of the rows
FROM rows WHERE share > %(share)s
-- note: not a part of the header any more
"""
SEVERAL = """-- What both are for.
-- name: first
SELECT 1
-- name: second
SELECT 2
"""


@pytest.fixture
def beside(tmp_path: Path) -> str:
    (tmp_path / "one.sql").write_text(ONE)
    (tmp_path / "several.sql").write_text(SEVERAL)
    return str(tmp_path / "module.py")


def test_a_statement_without_its_comments(beside: str) -> None:
    assert statement("one.sql", beside=beside) == "SELECT 1\nFROM rows WHERE share > %(share)s"


def test_several_statements_by_name(beside: str) -> None:
    assert statements("several.sql", beside=beside) == {"first": "SELECT 1", "second": "SELECT 2"}
