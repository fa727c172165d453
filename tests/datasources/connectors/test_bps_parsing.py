"""The WebAPI's answers, as documented and as seen in the wild."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.numbers import decimal_sign_of
from core.periods import Period
from datasources.connectors.bps_answers import (
    parse_data,
    parse_indicator,
    parse_page,
    parse_static_table,
    read_period,
)
from datasources.connectors.parsing import (
    AmbiguousFigureError,
    Row,
    SourceSaysError,
    UnexpectedAnswer,
    clean_label,
    read_figure,
    read_period_text,
)
from datasources.pulls.placement import KnownRegion, Mapped, RegionFinder, bare_name, place


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
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("0,540", "0.540"),
        (1.234, "1.234"),
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


@pytest.mark.parametrize(
    ("column", "sign", "read"),
    [
        (["540,000", "1,234.5"], ".", ["540000", "1234.5"]),
        (["540,000", "12,5"], ",", ["540.000", "12.5"]),
        (["1.234", "0,5"], ",", ["1234", "0.5"]),
        (["1.234", "12.5", 7], ".", ["1.234", "12.5", "7"]),
        (["1.234", "2.345"], "", None),
        (["12,5", "12.5", "540,000"], "", None),
    ],
)
def test_a_column_settles_what_one_figure_leaves_open(column: list[Any], sign: str, read: list[str] | None) -> None:
    """The fault that was found: 1,234.5 was read as 1.2345, and 540,000 by the first comma."""
    assert decimal_sign_of(column) == sign
    if read is None:
        with pytest.raises(AmbiguousFigureError):
            [read_figure(raw, sign) for raw in column]
    else:
        assert [read_figure(raw, sign) for raw in column] == [Decimal(text) for text in read]


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
    with pytest.raises(ValueError, match="Semester"):
        read_period({"val": 125}, {"val": 91, "label": "Semester I"})


def test_labels_lose_tags_and_entities() -> None:
    assert clean_label("<b>Kab.&nbsp;Paser</b> &amp;amp; Kota") == "Kab. Paser & Kota"


def test_pages() -> None:
    page = b'{"status":"OK","data-availability":"available","data":[{"page":1,"pages":4},[{"var_id":1}]]}'
    assert parse_page(page) == (4, [{"var_id": 1}])
    assert parse_page(b'{"status":"OK","data":""}') == (0, [])
    with pytest.raises(UnexpectedAnswer):
        parse_page(b'{"status":"OK","data":[1,2,3]}')


def test_a_semester_chosen_by_a_steward_stands_for_its_year() -> None:
    body = answer(
        turtahun=[{"val": 61, "label": "Semester 1 (Maret)"}, {"val": 62, "label": "Semester 2 (September)"}],
        datacontent={"999914528910061": 6.1, "999914528910062": 5.9},
    )
    unchosen = parse_data(body)
    assert unchosen.rows == []
    assert [note.place for note in unchosen.notes] == ["turtahun 61", "turtahun 62"]
    assert [(row.period, row.value) for row in parse_data(body, part="62").rows] == [(Period(2000), Decimal("5.9"))]


def test_a_key_with_two_readings_is_left_out() -> None:
    """turvar 1 with 125 (2025), or turvar 11 with 25 (1925): the same digits."""
    body = answer(
        turvar=[{"val": 1, "label": "a"}, {"val": 11, "label": "b"}],
        tahun=[{"val": 125, "label": "2025"}, {"val": 25, "label": "1925"}],
        datacontent={"999914511250": 7},
    )
    table = parse_data(body)
    assert table.rows == []
    assert "999914511250" in {note.place for note in table.notes}


def test_a_strategic_indicator() -> None:
    """The shape of the list `indicators`; half-yearly surveys are dated by their month."""
    rows = [
        {
            "var": 69,
            "indicator_id": 7,
            "title": "Persentase Penduduk Miskin, September 2020",
            "value": 13.06,
            "unit": "Persen",
            "periode": "Semester 2 (September) 2020",
        }
    ]
    body = json.dumps({"status": "OK", "data-availability": "available", "data": [{"page": 1, "pages": 1}, rows]})
    table = parse_indicator([(body.encode(), "")], "69", "6400")
    assert table.rows == [Row("6400", "", Period.parse("2020-09"), Decimal("13.06"))]
    assert not parse_indicator([(body.encode(), "")], "70", "6400").available


def test_a_static_table_is_read_by_its_headings() -> None:
    table = (
        "&lt;table&gt;&lt;tr&gt;&lt;td&gt;Judul&lt;/td&gt;&lt;td&gt;&amp;nbsp;&lt;/td&gt;&lt;/tr&gt;"
        "&lt;tr&gt;&lt;td rowspan=2&gt;Wilayah&lt;/td&gt;&lt;td colspan=2&gt;Persen&lt;/td&gt;&lt;/tr&gt;"
        "&lt;tr&gt;&lt;td&gt;2023&lt;/td&gt;&lt;td&gt;2024&lt;/td&gt;&lt;/tr&gt;"
        "&lt;tr&gt;&lt;td&gt;Kutai "
        "Barat&lt;/td&gt;&lt;td&gt;9,1&lt;/td&gt;&lt;td&gt;8,8&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;"
    )
    body = json.dumps({"status": "OK", "data-availability": "available", "data": {"title": "T", "table": table}})
    title, records = parse_static_table(body.encode())
    assert title == "T"
    assert records == [{"Wilayah": "Kutai Barat", "Persen / 2023": "9,1", "Persen / 2024": "8,8"}]


@pytest.mark.parametrize(
    ("text", "part", "period"),
    [
        ("2024", "", "2024"),
        (2024, "", "2024"),
        ("2024.0", "", "2024"),
        ("2024-Q1", "", "2024-Q1"),
        ("2024-03", "", "2024-03"),
        ("2024-03-31", "", "2024-03"),
        ("Triwulan IV 2020", "", "2020-Q4"),
        ("2020 Triwulan IV", "", "2020-Q4"),
        ("TW 2 2021", "", "2021-Q2"),
        ("Februari 2021", "", "2021-02"),
        ("2024", "3", "2024-03"),
        ("2024", "Maret", "2024-03"),
        ("2024", "Triwulan I", "2024-Q1"),
        ("Tahun 2024", "", "2024"),
    ],
)
def test_periods_as_people_write_them(text: Any, part: str, period: str) -> None:
    assert read_period_text(text, part) == Period.parse(period)


@pytest.mark.parametrize("text", ["", "20", "Semester 1 2024", "2024-13", "tahun lalu", "2024 dan seterusnya"])
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_period_text(text)


@given(st.text(max_size=30), st.text(max_size=10))
def test_any_text_is_a_period_or_a_value_error(text: str, part: str) -> None:
    try:
        assert isinstance(read_period_text(text, part), Period)
    except ValueError:
        return


FINDER = RegionFinder(
    [
        KnownRegion(1, "6400", "Kalimantan Timur", "64"),
        KnownRegion(2, "6402", "Kabupaten Kutai Barat", "64.07"),
        KnownRegion(3, "6403", "Kabupaten Kutai Kartanegara", "64.02"),
        KnownRegion(4, "6472", "Kota Samarinda", "64.72"),
    ]
)


def row(code: str, label: str, value: int = 1) -> Row:
    return Row(code, label, Period(2025), Decimal(value))


def test_rows_are_placed_by_code_and_checked_by_name() -> None:
    placed = place([row("6402", "Kab. Kutai Barat"), row("64", "KALIMANTAN TIMUR")], FINDER, system="bps")
    assert [figure.region_pk for figure in placed.figures] == [2, 1]
    assert placed.notes == []


def test_where_code_and_name_disagree_nothing_is_placed() -> None:
    placed = place([row("6402", "Kab. Kutai Kartanegara")], FINDER, system="bps")
    assert placed.figures == []
    assert "Kutai Kartanegara" in placed.notes[0].reason


def test_a_moved_id_is_placed_by_its_name_and_noted() -> None:
    placed = place([row("777", "Kutai Barat")], FINDER, system="bps")
    assert [figure.region_pk for figure in placed.figures] == [2]
    assert "6402" in placed.notes[0].reason


def test_the_national_row_is_left_out_in_silence() -> None:
    placed = place([row("9999", "INDONESIA")], FINDER)
    assert (placed.figures, placed.notes) == ([], [])


def test_two_figures_for_one_place_store_none_of_them() -> None:
    placed = place([row("6402", "Kutai Barat", 1), row("6402", "Kutai Barat", 2)], FINDER)
    assert placed.figures == []
    assert len(placed.notes) == 1
    assert placed.seen == {(2, Period(2025))}


def test_the_code_system_is_found_by_the_names() -> None:
    """6402 is Kutai Barat for BPS and Kutai Kartanegara for Kemendagri: the names bear out one of the two."""
    kemendagri = place([row("6402", "Kutai Kartanegara"), row("64.07", "Kutai Barat")], FINDER)
    assert [figure.region_pk for figure in kemendagri.figures] == [3, 2]
    bps = place([row("6402", "Kutai Barat")], FINDER)
    assert [figure.region_pk for figure in bps.figures] == [2]


def test_bare_codes_that_differ_wait_for_a_steward() -> None:
    unknown = place([row("6402", ""), row("6472", "")], FINDER)
    assert [figure.region_pk for figure in unknown.figures] == [4], "6472 is Samarinda in both systems"
    assert "6402" in unknown.notes[0].place
    assert [f.region_pk for f in place([row("6402", "")], FINDER, system="kemendagri").figures] == [3]
    assert [f.region_pk for f in place([row("64.02", "")], FINDER).figures] == [3], "dots are Kemendagri's"


def test_a_stewards_decision_holds_while_the_name_is_the_same() -> None:
    mapped = {("X1", "Kubar"): Mapped(2), ("X2", "Lain-lain"): Mapped(None)}
    placed = place([row("X1", "Kubar"), row("X2", "Lain-lain")], FINDER, mapped=mapped)
    assert ([f.region_pk for f in placed.figures], placed.notes) == ([2], [])
    moved = place([row("X1", "Kukar")], FINDER, mapped=mapped)
    assert moved.figures == []
    assert "Kubar" in moved.notes[0].reason


def test_a_factor_turns_thousands_into_people() -> None:
    placed = place([Row("6472", "Samarinda", Period(2025), Decimal("860.1"))], FINDER, factor=Decimal(1000))
    assert placed.figures[0].value == Decimal(860_100)


def test_bare_names() -> None:
    assert bare_name("Kab. Kutai Barat") == bare_name("KUTAI BARAT") == "kutaibarat"
