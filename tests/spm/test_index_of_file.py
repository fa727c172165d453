"""`spm_index`: the index of figures in a file, as others would check it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
SERVICES, REGIONS = ["1.01.a", "1.02.a"], ["64.71", "64.01"]
FULL = [{"required": 10, "fulfilled": 10}]


def worked_out(folder: Path, **data: Any) -> Any:
    path = folder / "figures.json"
    facts = {"month": "2026-03", "services": SERVICES, "regions": REGIONS, "rows": []} | data
    path.write_text(json.dumps(facts), encoding="utf-8")
    out = io.StringIO()
    call_command("spm_index", "--from", str(path), stdout=out)
    return json.loads(out.getvalue())


def row(service: str, region: str, need: int, served: int, elements: Any = None) -> dict[str, Any]:
    return {"service": service, "region": region, "need": need, "served": served, "elements": elements or []}


def test_capped_before_pooling_and_a_category_only_with_everything(tmp_path: Path) -> None:
    rows = [row("1.01.a", "64.71", 100, 200, FULL), row("1.01.a", "64.01", 100, 0, FULL)]
    found = worked_out(tmp_path, services=["1.01.a"], rows=rows)
    # 100 of 200 reached: 50 × 0.8 + 100 × 0.2
    whole = {"index": "60.00", "category": "Tuntas Muda", "provisional": False, "entered": 2, "expected": 2}
    assert found["province"] == whole | {"unserved": 100, "over": 1}
    assert found["services"] == {"1.01.a": found["province"]}
    assert found["regions"]["64.71"]["index"] == "100.00"
    assert found["regions"]["64.71"]["category"] == "Tuntas Paripurna"
    assert found["regions"]["64.01"] == {
        "index": "20.00",
        "category": "Belum Tuntas",
        "provisional": False,
        "entered": 1,
        "expected": 1,
        "unserved": 100,
        "over": 0,
    }


def test_block_b_blank_and_honest(tmp_path: Path) -> None:
    honest = [{"required": 10, "fulfilled": done} for done in (5, 5, 0)]
    both = [
        worked_out(tmp_path, services=["1.02.a"], regions=["64.71"], rows=[row("1.02.a", "64.71", 100, 95, elements)])
        for elements in (honest, [])
    ]
    assert [each["province"]["index"] for each in both] == ["82.67", "76.00"]
    assert [each["province"]["provisional"] for each in both] == [False, True]
    assert both[1]["province"]["category"] is None


def test_one_of_four_is_provisional_and_nothing_is_no_index(tmp_path: Path) -> None:
    found = worked_out(tmp_path, rows=[row("1.01.a", "64.71", 10, 10, FULL)])
    assert found["province"]["index"] == "100.00"
    assert (found["province"]["category"], found["province"]["provisional"]) == (None, True)
    assert (found["province"]["entered"], found["province"]["expected"]) == (1, 4)
    assert found["services"]["1.02.a"]["index"] is None
    assert worked_out(tmp_path)["province"]["index"] is None


def test_nobody_to_serve_counts_as_met_and_people_served_there_are_seen(tmp_path: Path) -> None:
    found = worked_out(tmp_path, services=["1.02.a"], regions=["64.71"], rows=[row("1.02.a", "64.71", 0, 500)])
    assert (found["province"]["index"], found["province"]["over"]) == ("100.00", 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"month": "2026-Q1"}, "month"),
        ({"services": []}, "services"),
        ({"rows": {}}, "rows"),
        ({"rows": [row("9.99.z", "64.71", 1, 1)]}, "9.99.z"),
        ({"rows": [row("1.01.a", "64.71", 1, 1)] * 2}, "dua kali"),
        ({"rows": [row("1.01.a", "64.71", -1, 1)]}, "need"),
        ({"rows": [row("1.01.a", "64.71", 1, 1) | {"served": "banyak"}]}, "served"),
        ({"rows": [row("1.01.a", "64.71", 1, 1, [{"required": 1}])]}, "fulfilled"),
        ({"rows": [7]}, "rows"),
        ({"rows": [row("1.01.a", "64.71", 1, 1) | {"need": "1_000"}]}, "need"),
        ({"rows": [row("1.01.a", "64.71", 1, 1) | {"elements": {}}]}, "elements"),
        ({"services": ["1.01.a", "101a"]}, "services: bukan kode Kemendagri: 101a"),
        ({"regions": ["64.71", "6472"]}, "regions: bukan kode Kemendagri: 6472"),
        ({"regions": ["64"]}, "regions: bukan kode Kemendagri: 64"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, data: dict[str, Any], said: str) -> None:
    with pytest.raises(CommandError, match=said) as refused:
        worked_out(tmp_path, **data)
    assert refused.value.returncode == 2


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("[" * 100_000)
    for name in ("tidak-ada.json", "x"):
        with pytest.raises(CommandError):
            call_command("spm_index", "--from", str(tmp_path / name))


figures = st.integers(0, 50)
entered = st.fixed_dictionaries(
    {
        (service, region): st.none() | st.tuples(figures, figures, st.lists(st.tuples(figures, figures), max_size=2))
        for service in SERVICES
        for region in REGIONS
    }
)


@given(entered)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_more_served_is_never_less_and_what_is_missing_is_counted(db: None, tmp_path: Path, entered: Any) -> None:
    def told(more: int) -> Any:
        rows = [
            row(*place, each[0], each[1] + more, [{"required": a, "fulfilled": b} for a, b in each[2]])
            for place, each in entered.items()
            if each is not None
        ]
        return worked_out(tmp_path, rows=rows)["province"]

    found, better = told(0), told(1)
    known = [each for each in entered.values() if each is not None]
    assert found["entered"] == len(known)
    assert found["unserved"] == sum(max(need - served, 0) for need, served, _elements in known)
    if known:
        assert 0 <= float(found["index"]) <= float(better["index"]) <= 100
