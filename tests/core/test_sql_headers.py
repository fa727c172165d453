from pathlib import Path

import pytest

from core import sql_headers

FILE = """-- title = "One tenderer only"
-- [parameters]
-- days = { label = "whole days", default = 15 }
-- [evidence]
-- winner = "the winner"

-- Only open ones.
SELECT 1

SELECT 2
"""


def test_the_header_and_the_statement_are_read_apart(tmp_path: Path) -> None:
    path = tmp_path / "X1.sql"
    path.write_text(FILE)
    header, statement = sql_headers.read(path)
    assert header["parameters"] == {"days": {"label": "whole days", "default": 15}}
    assert statement == "-- Only open ones.\nSELECT 1\n\nSELECT 2"
    assert list(sql_headers.shown_texts(header)) == ["One tenderer only", "whole days", "the winner"]


@pytest.mark.parametrize("text", ["SELECT 1\n", "-- A comment only.\n\nSELECT 1\n", "-- name: one\nSELECT 1\n", ""])
def test_a_file_without_a_header_is_its_statement(text: str) -> None:
    assert sql_headers.split(text) == ("", text)


def test_a_broken_header_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "X2.sql"
    path.write_text("-- title = One\n\nSELECT 1\n")
    with pytest.raises(sql_headers.HeaderError, match=r"X2\.sql"):
        sql_headers.read(path)
