"""A check of values is one file: what it says of itself is complete, and a new file alone is a new check."""

import re
from pathlib import Path

import pytest

from core.sql_headers import HeaderError
from programs.checks import CHECKS, FIRST_OF_TREND, FOLDER, VERDICT, read_check
from programs.choices import RuleSeverity
from programs.validation import values
from programs.validation.messages import WORDS

CODES = list(CHECKS)
FINDING = re.compile(r"programs_finding\((\d), '(\w+)', rules\.(\w+)")

HEADER = """-- code = "odd"
-- level = 2
-- order = 90
-- title = "odd figure"
-- severity = "warning"
-- basis = "none"
"""


def test_every_file_is_a_check_under_its_own_name() -> None:
    assert {path.stem for path in FOLDER.glob("*.sql")} == set(CHECKS)


@pytest.mark.parametrize("code", CODES)
def test_a_check_says_what_its_sql_does(code: str) -> None:
    check = CHECKS[code]
    assert check.severity in RuleSeverity.values
    assert check.basis
    assert check.place in {"", FIRST_OF_TREND, VERDICT}
    for level, message, rule in FINDING.findall(check.sql):
        assert int(level) == check.level
        assert rule == code
        assert message in check.messages
    for name in set(re.findall(rf"rules\.{code}_(\w+)", check.sql)):
        assert name in check.parameters


@pytest.mark.parametrize("code", CODES)
def test_defaults_lie_within_their_bounds(code: str) -> None:
    for row in CHECKS[code].parameters.values():
        assert row.default is None or row.lowest <= row.default <= row.highest


def test_a_message_belongs_to_one_check() -> None:
    said = [message for check in CHECKS.values() for message in check.messages]
    assert len(said) == len(set(said))
    assert set(said) <= set(WORDS)


def test_a_new_file_is_a_new_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "odd.sql"
    path.write_text(
        f"{HEADER}"
        '-- [parameters.from]\n-- title = "From this figure on"\n-- default = 7\n-- lowest = 1\n-- highest = 9\n'
        '-- [messages]\n-- odd = "An odd figure."\n\n'
        "CASE WHEN mod(s.value, 2) = 1 THEN programs_finding(2, 'odd', rules.odd, 'value') END\n"
    )
    check = read_check(path)
    assert check.defaults == {"from": 7}
    monkeypatch.setattr(values, "CHECKS", CHECKS | {"odd": check})
    whole = values._statement("SELECT 1, 2, 3, 4")
    assert check.sql in whole
    assert "AS odd_from" in whole


@pytest.mark.parametrize("more", ["", '-- [messages]\n-- odd = "Odd."\n-- [unheard]\n-- of = 1\n'])
def test_a_file_that_lacks_words_or_says_too_much_is_refused(tmp_path: Path, more: str) -> None:
    path = tmp_path / "odd.sql"
    path.write_text(f"{HEADER}{more}\nNULL\n")
    with pytest.raises(HeaderError, match=r"odd\.sql"):
        read_check(path)
