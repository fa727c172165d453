"""A check of values is one file: what it says of itself is complete, and a new file alone is a new check."""

import re
from pathlib import Path

import pytest

from programs.checks import CHECKS, FIRST_OF_TREND, FOLDER, VERDICT, read_check
from programs.choices import RuleSeverity
from programs.validation import values
from programs.validation.messages import WORDS

CODES = list(CHECKS)
FINDING = re.compile(r"programs_finding\((\d), '(\w+)', rules\.(\w+)")


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
        "-- code: odd\n-- level: 2\n-- order: 90\n-- title: odd figure\n-- severity: warning\n-- basis: none\n"
        "-- parameter: from | 7 | 1 | 9 | From this figure on\n-- message: odd | An odd figure.\n"
        "CASE WHEN mod(s.value, 2) = 1 THEN programs_finding(2, 'odd', rules.odd, 'value') END\n"
    )
    check = read_check(path)
    assert check.defaults == {"from": 7}
    monkeypatch.setattr(values, "CHECKS", CHECKS | {"odd": check})
    whole = values._statement("SELECT 1, 2, 3, 4")
    assert check.sql in whole
    assert "AS odd_from" in whole


def test_a_file_without_words_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mute.sql"
    path.write_text("-- code: mute\n-- level: 2\n-- order: 1\n-- title: t\n-- severity: error\n-- basis: b\nNULL\n")
    with pytest.raises(KeyError):
        read_check(path)
