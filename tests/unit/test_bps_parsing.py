"""The WebAPI's answers, as documented and as seen in the wild."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.periods import Period
from datasources.normalising import KnownRegion, bare_name, place
from datasources.parsing import (
    Row,
    SourceSaysError,
    UnexpectedAnswer,
    clean_label,
    parse_data,
    parse_page,
    read_figure,
    read_period,
)


def answer(**changes: Any) -> bytes:
    """The official documentation's own example: vervar 9999, var 145, turvar 289, tahun 100, turtahun 0."""
    whole = {
        "status": "OK",
        "data-availability": "available",
        "var": [
            {
                "val": 145,
                "label": "Angka &amp; <b>contoh</b>",
                "unit": "Persen",
                "subj": "",
                "def": "",
                "decimal": "2",
                "note": "",
            }
        ],
        "turvar": [{"val": 289, "label": "Laki-laki"}],
        "labelvervar": "Provinsi",
        "vervar": [{"val": 9999, "label": "INDONESIA"}],
        "tahun": [{"val": 100, "label": "2000"}],
        "turtahun": [{"val": 0, "label": "Tahun"}],
        "datacontent": {"99991452891000": 83.68},
    }
    return json.dumps(whole | changes).encode()


def test_the_documented_example() -> None:
    table = parse_data(answer())
    assert table.rows == [Row("9999", "INDONESIA", Period(2000), Decimal("83.68"))]
    assert (table.label, table.unit) == ("Angka & contoh", "Persen")


def test_a_key_is_built_not_cut() -> None:
    """1 + 11 + 1 and 11 + 1 + 1 give the same beginning; only the built key tells them apart."""
    body = answer(
        var=[{"val": 11, "label": "a", "unit": "Persen"}],
        turvar=[{"val": 1, "label": "x"}],
        vervar=[{"val": 1, "label": "A"}, {"val": 11, "label": "B"}],
        tahun=[{"val": 125, "label": "2025"}],
        datacontent={"11111250": 1, "111111250": 2},
    )
    assert [(row.region_code, row.value) for row in parse_data(body).rows] == [("1", 1), ("11", 2)]


def test_not_available_is_an_answer() -> None:
    assert not parse_data(b'{"status":"OK","data-availability":"list-not-available"}').available


@pytest.mark.parametrize("body", [b'{"status":"Error","message":"Parameter salah"}', b'{"error":"UserNotFound"}'])
def test_an_error_of_the_source_is_named(body: bytes) -> None:
    with pytest.raises(SourceSaysError):
        parse_data(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<html><title>Request Rejected</title></html>",
        b"",
        b'{"status":"OK","data-avail',
        b"[]",
        b"null",
        b'{"status":"Maybe"}',
        b'{"status":"OK"}',
        b"\xff\xfe\x00",
        answer(vervar=None),
        answer(var=[]),
        answer(datacontent=[1]),
        answer(tahun=["2000"]),
    ],
)
def test_garbage_is_told_apart_from_figures(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        parse_data(body)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_a_clear_refusal(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        parse_data(body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9999, 9999) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["var", "turvar", "vervar", "tahun", "turtahun", "datacontent"]), json_values)
def test_any_dimension_may_be_broken(name: str, value: Any) -> None:
    try:
        table = parse_data(answer(**{name: value}))
    except UnexpectedAnswer:
        return
    assert all(row.value.is_finite() for row in table.rows)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (83.68, "83.68"),
        ("83,68", "83.68"),
        ("1.234,5", "1234.5"),
        ("-", None),
        ("...", None),
        ("", None),
        (None, None),
        ("NA", None),
        (0, "0"),
    ],
)
def test_figures_as_they_come(raw: Any, value: str | None) -> None:
    found = read_figure(raw)
    assert found == (None if value is None else Decimal(value))


@pytest.mark.parametrize("raw", ["abc", "NaN", "Infinity", True, "1 2"])
def test_what_is_no_figure(raw: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_figure(raw)


def test_an_unreadable_cell_becomes_a_note() -> None:
    table = parse_data(answer(datacontent={"99991452891000": "rusak"}))
    assert table.rows == []
    assert table.notes[0].place == "99991452891000"


@pytest.mark.parametrize(
    ("part", "period"),
    [
        ({"val": 0, "label": "Tahun"}, "2025"),
        ({"val": 3, "label": "Maret"}, "2025-03"),
        ({"val": 34, "label": "Triwulan IV"}, "2025-Q4"),
        ({"val": 61, "label": "Nopember"}, "2025-11"),
    ],
)
def test_parts_of_a_year(part: dict[str, Any], period: str) -> None:
    assert read_period({"val": 125}, part) == Period.parse(period)


def test_a_semester_is_no_fiscal_period() -> None:
    with pytest.raises(ValueError, match="semester"):
        read_period({"val": 125}, {"val": 91, "label": "Semester I"})


def test_labels_lose_tags_and_entities() -> None:
    assert clean_label("<b>Kab.&nbsp;Paser</b> &amp;amp; Kota") == "Kab. Paser & Kota"


def test_pages() -> None:
    page = b'{"status":"OK","data-availability":"available","data":[{"page":1,"pages":4},[{"var_id":1}]]}'
    assert parse_page(page) == (4, [{"var_id": 1}])
    assert parse_page(b'{"status":"OK","data":""}') == (0, [])
    with pytest.raises(UnexpectedAnswer):
        parse_page(b'{"status":"OK","data":[1,2,3]}')


REGIONS = [
    KnownRegion(1, "6400", "Kalimantan Timur"),
    KnownRegion(2, "6402", "Kabupaten Kutai Barat"),
    KnownRegion(3, "6403", "Kabupaten Kutai Kartanegara"),
]


def row(code: str, label: str, value: int = 1) -> Row:
    return Row(code, label, Period(2025), Decimal(value))


def test_rows_are_placed_by_code_and_checked_by_name() -> None:
    figures, notes = place([row("6402", "Kab. Kutai Barat"), row("64", "KALIMANTAN TIMUR")], REGIONS)
    assert [figure.region_pk for figure in figures] == [2, 1]
    assert notes == []


def test_code_and_name_that_disagree_place_nothing() -> None:
    """Kemendagri 64.02 is Kutai Kartanegara, BPS 6402 is Kutai Barat: a wrong join must not pass unseen."""
    figures, notes = place([row("6402", "Kutai Kartanegara")], REGIONS)
    assert figures == []
    assert "6402" in notes[0].place


def test_moved_code_is_placed_by_name_with_a_note() -> None:
    figures, notes = place([row("7777", "Kutai Barat")], REGIONS)
    assert figures[0].region_pk == 2
    assert len(notes) == 1


def test_national_row_is_left_out_and_strangers_are_noted() -> None:
    figures, notes = place([row("9999", "INDONESIA"), row("6101", "Kab. Sambas")], REGIONS)
    assert figures == []
    assert len(notes) == 1


def test_two_figures_for_one_place_are_noted() -> None:
    figures, notes = place([row("6402", "Kutai Barat", 1), row("6402", "Kutai Barat", 2)], REGIONS)
    assert [figure.value for figure in figures] == [1]
    assert len(notes) == 1


def test_bare_names() -> None:
    assert (
        bare_name("Kab. Kutai Barat") == bare_name("KUTAI BARAT") == bare_name("Kabupaten Kutai Barat") == "kutaibarat"
    )
