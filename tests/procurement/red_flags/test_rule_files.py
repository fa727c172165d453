"""A red flag is one file: everything about it stands in its header, and the header fits its SELECT."""

import re
from pathlib import Path

import pytest

from core.sql_headers import HeaderError
from procurement.red_flags.rules import NUMBER, RULES, TEXT, FlagDefinition, read_rule

HEADER = '-- title = "T"\n-- explanation = "E"\n-- basis = "B"\n{more}-- [evidence]\n-- days = "days"\n\nSELECT 1\n'
every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))


def arguments(sql: str, start: int) -> list[str]:
    """What stands between the parenthesis that opens before `start` and its partner, split at its own commas."""
    found, depth, in_quotes = [""], 1, False
    for character in sql[start:]:
        in_quotes ^= character == "'"
        depth += 0 if in_quotes else (character in "([") - (character in ")]")
        if not depth:
            break
        if character == "," and depth == 1 and not in_quotes:
            found.append("")
        else:
            found[-1] += character
    return [each.strip() for each in found]


def returned_fields(sql: str) -> set[str]:
    calls = re.finditer(r"jsonb_build_object\(", sql)
    return {name.strip("'") for call in calls for name in arguments(sql, call.end())[::2]}


@every_rule
def test_every_header_is_complete(rule: FlagDefinition) -> None:
    assert rule.title
    assert str(rule.explanation).endswith(".")
    assert rule.basis
    assert rule.sql
    assert {parameter.kind for parameter in rule.parameters.values()} <= {NUMBER, TEXT}


@every_rule
def test_each_field_of_the_evidence_has_a_name_and_each_name_a_field(rule: FlagDefinition) -> None:
    assert set(rule.evidence) == returned_fields(rule.sql)


@every_rule
def test_the_statement_takes_the_parameters_of_the_header(rule: FlagDefinition) -> None:
    assert set(rule.parameters) == set(re.findall(r"%\((\w+)\)s", rule.sql))


def test_a_rule_is_found_by_being_there() -> None:
    folder = Path(__file__).parents[3] / "procurement" / "red_flags"
    assert set(RULES) == {path.stem for path in folder.glob("*.sql") if re.fullmatch(r"[KR]\d+", path.stem)}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (HEADER.format(more='-- colour = "red"\n'), "colour"),
        (HEADER.format(more='-- [parameters]\n-- days = { label = "days", unit = "d" }\n'), "unit"),
        (HEADER.format(more="").replace('-- basis = "B"\n', ""), "basis"),
        (HEADER.format(more="").replace('-- title = "T"\n', ""), "title"),
        (HEADER.format(more="").replace('-- [evidence]\n-- days = "days"\n', ""), "evidence"),
    ],
)
def test_a_header_with_a_gap_or_a_riddle_is_refused(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "K99.sql"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(HeaderError, match=rf"K99\.sql.*{why}"):
        read_rule(path)


def test_a_whole_header_makes_a_rule(tmp_path: Path) -> None:
    path = tmp_path / "K99.sql"
    more = '-- own_only = true\n-- [parameters]\n-- days = { label = "days", default = 3, first_day = 2025-05-05 }\n'
    path.write_text(HEADER.format(more=more), encoding="utf-8")
    rule = read_rule(path)
    assert (rule.code, rule.sql, rule.own_only, rule.defaults) == ("K99", "SELECT 1", True, {"days": 3})
    assert str(rule.parameters["days"].first_day) == "2025-05-05"
