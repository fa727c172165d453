"""A day is a day in WITA: PostgreSQL and Python would take the day in UTC, which ends at eight in the morning."""

import ast
import re

from kaltim_portal.embedded import ROOT
from tests.architecture.sources import APPS, SOURCES

# A cell of a workbook and a text that a person wrote have no zone.
WITHOUT_ZONE = {"core/importing/cells.py"}
CAST = re.compile(r"(?P<before>.{0,80}?)::date\b", re.DOTALL)
# In the zone of the province, or worked out from a day.
HONEST = re.compile(r"(AT TIME ZONE '[^']+'\)|interval '[^']+'\)|make_interval\([^)]*\)\)|%\(\w+\)s|'[\d-]+'|\])\Z")


def test_no_day_is_cut_off_a_moment_in_python() -> None:
    found = []
    for place, tree in SOURCES.items():
        if place in WITHOUT_ZONE:
            continue
        for node in ast.walk(tree):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if is_call and node.func.attr == "date" and not node.args:  # type: ignore[union-attr]
                found.append(f"{place}:{node.lineno}")
    assert not found, f"timezone.localdate(moment) instead: {found}"


def utc_days(text: str) -> list[int]:
    """The lines that cut a day off a moment without a zone."""
    return [text[: match.end()].count("\n") + 1 for match in CAST.finditer(text) if not HONEST.search(match["before"])]


def test_no_day_is_cut_off_a_moment_in_sql() -> None:
    files = [path for app in APPS for path in (ROOT / app).rglob("*.sql")]
    found = {path.relative_to(ROOT).as_posix(): utc_days(path.read_text(encoding="utf-8")) for path in files}
    lines = {place: numbers for place, numbers in found.items() if numbers}
    assert not lines, f"(moment AT TIME ZONE 'Asia/Makassar')::date instead: {lines}"


def test_it_would_be_found() -> None:
    assert utc_days("SELECT 1,\n p.announced_at::date") == [2]
    assert utc_days("SELECT (p.announced_at AT TIME ZONE 'Asia/Makassar')::date, '2026-01-01'::date") == []
