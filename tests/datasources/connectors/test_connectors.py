"""Every kind of source over real HTTP against its stand-in: what comes in, and what a source may do wrong."""

import datetime as dt
import gzip
import io
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.utils import timezone

from core.choices import Role
from core.models import Region
from core.periods import Period
from datasources.catalogue import services as catalogue
from datasources.choices import CatalogueState, PullState
from datasources.connectors.base import SourceUnavailable
from datasources.connectors.rest import RestForm
from datasources.models import Observation, Pull, Series, Source
from datasources.pulls import services as pulls
from datasources.series import observation_versions
from kaltim_portal.stand_ins import bps, ckan, sectoral
from tests import factories

YEAR = timezone.localdate().year
Ckan = tuple[str, ckan.CkanWorld]
Sectoral = tuple[str, sectoral.SectoralWorld]
pytestmark = pytest.mark.django_db


def series_of(kind: str, address: str, query: dict[str, Any], **values: Any) -> Series:
    source = factories.SourceFactory(
        kind=kind,
        base_address=address,
        api_key=values.pop("key", ""),
        key_header=values.pop("key_header", ""),
    )
    made: Series = factories.SeriesFactory(source=source, query=query, unit=values.pop("unit", "Orang"), **values)
    return made


def pull(series: Series, *, last_attempt: bool = True, is_trial: bool = False) -> Pull:
    row = Pull.objects.create(series=series, is_trial=is_trial)
    pulls.carry_out(row.pk, last_attempt=last_attempt)
    row.refresh_from_db()
    return row


def figure(series: Series, code: str, period: str) -> Decimal:
    return (
        Observation.objects.current()
        .get(series=series, region__kemendagri_code=code, period=Period.parse(period))
        .value
    )


TARGETS = {
    "resource": ckan.TARGETS,
    "region": "kode_wilayah",
    "region_name": "nama_wilayah",
    "period": "tahun",
    "value": "target",
}


def test_a_table_of_satu_data(satu_data: Ckan) -> None:
    series = series_of("ckan", satu_data[0], TARGETS, unit="Persen")
    done = pull(series)
    assert (done.state, done.added, done.notes) == (PullState.DONE, 40, [])
    # Kemendagri 64.02 is Kutai Kartanegara, the third of the stand-in's regions.
    assert figure(series, "64.02", str(YEAR - 1)) == Decimal("84.7")


def test_a_long_table_comes_in_pages_and_each_figure_leads_to_its_own(satu_data: Ckan) -> None:
    query = {
        "resource": ckan.SCHOOLS,
        "region": "kode_wilayah",
        "period": "tahun",
        "part": "bulan",
        "value": "jumlah_siswa",
        "where": "jenjang = SMA",
    }
    series = series_of("ckan", satu_data[0], query)
    done = pull(series)
    assert (done.state, done.added) == (PullState.DONE, 10 * 12 * 4)
    assert [payload.page for payload in done.payloads.order_by("page")] == [0, 1]
    assert Observation.objects.filter(series=series).values("payload").distinct().count() == 2
    assert figure(series, "64.72", f"{YEAR - 1}-03") == 300 + 80 + 3


@pytest.mark.parametrize("most", [1, 7, 39, 40, 500])
def test_a_portal_that_gives_fewer_records_than_asked_for_is_read_to_its_end(most: int, satu_data: Ckan) -> None:
    satu_data[1].most_rows = most
    done = pull(series_of("ckan", satu_data[0], TARGETS, unit="Persen"))
    assert (done.state, done.added) == (PullState.DONE, 40)


def test_a_portal_that_gives_nothing_before_its_end_changes_nothing(satu_data: Ckan) -> None:
    satu_data[1].most_rows = 0
    with pytest.raises(SourceUnavailable, match=r"kosong|empty"):
        pull(series_of("ckan", satu_data[0], TARGETS, unit="Persen"), last_attempt=False)


def test_a_table_that_changes_while_it_is_read_changes_nothing(satu_data: Ckan) -> None:
    series = series_of("ckan", satu_data[0], {**TARGETS, "resource": ckan.SCHOOLS})
    satu_data[1].grow = 5
    with pytest.raises(SourceUnavailable, match=r"berubah|changed"):
        pull(series, last_attempt=False)
    assert not Observation.objects.filter(series=series).exists()


@pytest.mark.parametrize("fault", ["drop", "unavailable"])
def test_a_source_that_dies_half_way_changes_nothing(fault: str, satu_data: Ckan) -> None:
    series = series_of("ckan", satu_data[0], {**TARGETS, "resource": ckan.SCHOOLS})
    satu_data[1].obey({"fault": fault, "fault_after": 1})
    row = Pull.objects.create(series=series)
    with pytest.raises(SourceUnavailable):
        pulls.carry_out(row.pk, last_attempt=False)
    assert len(satu_data[1].requests) == 2, "the second page was asked for"
    assert not Observation.objects.filter(series=series).exists()


def test_ckans_own_words_are_told(satu_data: Ckan) -> None:
    failed = pull(series_of("ckan", satu_data[0], {**TARGETS, "resource": "tidak-ada"}))
    assert failed.state == PullState.FAILED
    assert "Not Found Error" in failed.problem


def test_a_mapped_column_that_is_gone_is_named(satu_data: Ckan) -> None:
    failed = pull(series_of("ckan", satu_data[0], {**TARGETS, "value": "sasaran"}))
    assert "sasaran" in failed.problem
    assert "target" in failed.problem, "what is there is named too"


REST = {
    "path": "api/siswa",
    "records": "data.butir",
    "page_parameter": "halaman",
    "region": "wilayah.kode",
    "region_name": "wilayah.nama",
    "period": "tahun",
    "value": "nilai.siswa",
}


def test_a_rest_service_with_pages_and_a_key_in_a_header(sectoral_system: Sectoral) -> None:
    address, world = sectoral_system
    series = series_of("rest", address, REST, key=sectoral.KEY, key_header=sectoral.KEY_HEADER)
    done = pull(series)
    assert (done.state, done.added) == (PullState.DONE, 30)
    assert done.payloads.count() == 5
    assert figure(series, "64.71", str(YEAR - 1)) == world.figures["6471", YEAR - 1]
    assert all(sectoral.KEY not in payload.address for payload in done.payloads.all())


def test_a_wrong_key_is_refused_and_not_shown(sectoral_system: Sectoral) -> None:
    failed = pull(series_of("rest", sectoral_system[0], REST, key="salah-sekali", key_header=sectoral.KEY_HEADER))
    assert "401" in failed.problem
    assert "salah-sekali" not in failed.problem


def test_pages_that_begin_with_0_are_asked_for_from_0(sectoral_system: Sectoral) -> None:
    form = RestForm({"path": "api/siswa", "page_parameter": "halaman", "first_page": "0"})
    assert form.is_valid()
    query = REST | form.to_query()
    pull(series_of("rest", sectoral_system[0], query, key=sectoral.KEY, key_header=sectoral.KEY_HEADER))
    assert "halaman=0" in sectoral_system[1].requests[0]


def test_a_page_parameter_without_effect_is_noticed(sectoral_system: Sectoral) -> None:
    query = {**REST, "page_parameter": "hal"}
    failed = pull(series_of("rest", sectoral_system[0], query, key=sectoral.KEY, key_header=sectoral.KEY_HEADER))
    assert failed.state == PullState.FAILED
    assert len(sectoral_system[1].requests) == 2


def test_a_secret_does_not_follow_a_redirect_to_another_host(sectoral_system: Sectoral, satu_data: Ckan) -> None:
    """The REST stand-in sends the client on to another server; the key must stay behind."""
    address, world = sectoral_system
    other, elsewhere = satu_data
    seen: list[Any] = []

    def remember(path: str, headers: Any) -> tuple[int, bytes, str]:
        del path
        seen.append(dict(headers.items()))
        return 200, b"[]", "application/json"

    elsewhere.answer = remember  # type: ignore[method-assign]
    world.redirect = other
    query = {"path": "api/siswa", "region": "a", "period": "b", "value": "c"}
    done = pull(series_of("rest", address, query, key=sectoral.KEY, key_header=sectoral.KEY_HEADER))
    assert done.state == PullState.DONE
    assert seen
    assert sectoral.KEY_HEADER not in seen[0]


def test_a_wide_csv_with_dots_for_thousands(sectoral_system: Sectoral) -> None:
    query = {"path": "unduh/siswa.csv", "region": "Kabupaten/Kota", "value": "Tahun", "numbers": "indonesian"}
    series = series_of("file", sectoral_system[0], query)
    done = pull(series)
    assert (done.state, done.added, done.notes) == (PullState.DONE, 30, [])
    assert figure(series, "64.72", str(YEAR - 1)) == sectoral_system[1].figures["6472", YEAR - 1]


def test_a_workbook_with_a_title_above_the_headings(sectoral_system: Sectoral) -> None:
    query = {
        "path": "unduh/siswa.xlsx",
        "region": "Kode",
        "region_name": "Kabupaten/Kota",
        "period": "Tahun",
        "part": "Bulan",
        "value": "Jumlah",
    }
    series = series_of("file", sectoral_system[0], query)
    done = pull(series)
    assert (done.state, done.added) == (PullState.DONE, 30)
    assert figure(series, "64.02", f"{YEAR - 2}-12") == sectoral_system[1].figures["6403", YEAR - 2]


def test_sdmx_json(sectoral_system: Sectoral) -> None:
    series = series_of("sdmx", sectoral_system[0] + "rest/", {"path": "data/DF_SISWA/A"})
    done = pull(series)
    assert (done.state, done.added, done.notes) == (PullState.DONE, 30, [])
    assert figure(series, "64.74", str(YEAR - 1)) == sectoral_system[1].figures["6474", YEAR - 1]
    Series.objects.filter(pk=series.pk).update(years_back=0)
    nothing = pull(Series.objects.get(pk=series.pk))
    assert nothing.state == PullState.DONE
    assert "tidak memiliki angka" in str(nothing.notes) or nothing.notes


@pytest.mark.parametrize("fault", ["html", "html403", "truncated", "error"])
@pytest.mark.parametrize("kind", ["ckan", "rest", "sdmx"])
def test_garbage_changes_nothing(kind: str, fault: str, satu_data: Ckan, sectoral_system: Sectoral) -> None:
    if kind == "ckan":
        world: Any = satu_data[1]
        series = series_of("ckan", satu_data[0], TARGETS)
    else:
        world = sectoral_system[1]
        query = {**REST, "page_parameter": ""} if kind == "rest" else {"path": "rest/data/DF_SISWA/A"}
        series = series_of(kind, sectoral_system[0], query, key=sectoral.KEY, key_header=sectoral.KEY_HEADER)
    pull(series)
    before = list(Observation.objects.values_list("pk", "value", "missing_since").order_by("pk"))
    assert before
    world.fault = fault
    failed = pull(series)
    if (kind, fault) == ("rest", "error"):  # without the expected list: nothing there, and the figures are marked
        assert failed.missing == len(before)
    else:
        assert failed.state == PullState.FAILED
        assert list(Observation.objects.values_list("pk", "value", "missing_since").order_by("pk")) == before


def test_a_busy_source_says_how_long_to_wait(satu_data: Ckan) -> None:
    satu_data[1].fault = "busy"
    with pytest.raises(SourceUnavailable) as caught:
        pull(series_of("ckan", satu_data[0], TARGETS), last_attempt=False)
    assert caught.value.wait == 7


def test_an_answer_that_trickles_is_given_up(satu_data: Ckan) -> None:
    satu_data[1].fault = "trickle"
    with pytest.raises(SourceUnavailable):
        pull(series_of("ckan", satu_data[0], TARGETS), last_attempt=False)


# -- files that are handed in ----------------------------------------------------------------------------------------


def workbook(rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet("Data")
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    book.close()
    return out.getvalue()


def test_a_file_goes_the_same_way_as_an_answer() -> None:
    steward = factories.member(Role.DATA_STEWARD)
    series = series_of("upload", "", {"region": "Wilayah", "period": "Tahun", "value": "Nilai"})
    body = workbook([["Wilayah", "Tahun", "Nilai"], ["Samarinda", 2024, 12.5], ["Bulungan", 2024, 3]])
    row = pulls.hand_in(series=series, body=body, name="data.xlsx", by=steward)
    pulls.carry_out(row.pk)
    row.refresh_from_db()
    assert (row.state, row.added) == (PullState.DONE, 1)
    assert figure(series, "64.72", "2024") == Decimal("12.5")
    assert "Bulungan" in str(row.notes)
    assert "data.xlsx" in row.payloads.get().address


@pytest.mark.parametrize("body", [b"%PDF-1.7", b"PK\x03\x04rusak", b"<html></html>", b"\x00\x01\x02", b"\n\n"])
def test_a_hopeless_file_is_refused_with_a_remedy(body: bytes) -> None:
    steward = factories.member(Role.DATA_STEWARD)
    series = series_of("upload", "", {"region": "Wilayah", "period": "Tahun", "value": "Nilai"})
    row = pulls.hand_in(series=series, body=body, name="x", by=steward)
    pulls.carry_out(row.pk)
    row.refresh_from_db()
    assert row.state == PullState.FAILED
    assert "CSV" in row.problem or "Excel" in row.problem
    series.source.refresh_from_db()
    assert series.source.consecutive_failures == 0, "a file counts against no source"


# -- derived series --------------------------------------------------------------------------------------------------


def test_a_derived_series_is_worked_out_and_says_from_what(bps_source: Source) -> None:
    population = factories.SeriesFactory(source=bps_source, variable="906", unit="Ribu Jiwa", years_back=6)
    poor = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen", years_back=6)
    pull(population)
    pull(poor)
    series = series_of("derived", "", {"formula": "a * b / 100", "a": poor.pk, "b": population.pk}, unit="Ribu Jiwa")
    series.parts.set([poor, population])
    done = pull(series)
    assert (done.state, done.added) == (PullState.DONE, 66)
    year = str(YEAR - 1)
    expected = figure(poor, "64.72", year) * figure(population, "64.72", year) / 100
    assert figure(series, "64.72", year) == expected.quantize(Decimal("0.000001"))
    used = Observation.objects.current().get(series=poor, region__kemendagri_code="64.72", period=Period(YEAR - 1))
    assert str(used.pk).encode() in gzip.decompress(done.payloads.get().body)


def test_a_sum_over_nine_of_ten_regencies_is_no_sum() -> None:
    part = factories.SeriesFactory(unit="Orang")
    codes = list(Region.objects.regencies().values_list("kemendagri_code", flat=True))
    for code in codes:
        factories.observe(part, "10", year=2023, code=code)
    for code in codes[:-1]:
        factories.observe(part, "10", year=2024, code=code)
    series = series_of("derived", "", {"formula": "jumlah(kabkota_a)", "a": part.pk})
    pull(series)
    assert [(row.period, row.value) for row in series.observations.all()] == [(Period(2023), Decimal(100))]


# -- the catalogue ---------------------------------------------------------------------------------------------------


def test_bps_offers_variables_indicators_and_static_tables(bps_source: Source) -> None:
    count = catalogue.refresh(bps_source.pk)
    assert count == 2 * len(bps.VARIABLES) + 1
    assert [row.code for row in catalogue.search(bps_source, "stunting balita").filter(kind="variable")] == ["908"]
    static = catalogue.search(bps_source, "41").get(kind="static_table")
    series = factories.SeriesFactory(source=bps_source, query=static.query, unit="Persen")
    done = pull(series)
    assert (done.state, done.added) == (PullState.DONE, 33)


def test_a_strategic_indicator_is_a_series_too(bps_source: Source) -> None:
    query = {"model": "indicators", "domain": "6400", "variable": "911"}
    series = factories.SeriesFactory(source=bps_source, query=query, unit="Persen")
    assert pull(series).added == 1
    assert series.observations.get().region.kemendagri_code == "64"


def test_a_page_count_that_grows_while_paging(bps_source: Source, stand_in: tuple[str, bps.BpsWorld]) -> None:
    stand_in[1].extra_pages = 2
    assert catalogue.refresh(bps_source.pk) == 2 * len(bps.VARIABLES) + 1


def test_a_catalogue_that_breaks_half_way_leaves_the_old_one(
    bps_source: Source, stand_in: tuple[str, bps.BpsWorld]
) -> None:
    whole = catalogue.refresh(bps_source.pk)
    stand_in[1].obey({"fault": "truncated", "fault_after": 2})
    catalogue.refresh(bps_source.pk)
    bps_source.refresh_from_db()
    assert bps_source.catalogue_state == CatalogueState.FAILED
    assert bps_source.catalogue_problem
    assert bps_source.catalogue.count() == whole


def test_satu_data_offers_the_tables_of_its_data_sets(satu_data: Ckan) -> None:
    source = factories.SourceFactory(kind="ckan", base_address=satu_data[0], api_key="")
    assert catalogue.refresh(source.pk) == 2
    assert catalogue.search(source, "siswa").get().query == {"resource": ckan.SCHOOLS}


# -- conditional requests, trials, windows ---------------------------------------------------------------------------


def test_an_unchanged_answer_is_not_sent_again(bps_source: Source, stand_in: tuple[str, bps.BpsWorld]) -> None:
    series = factories.SeriesFactory(source=bps_source, variable="905", unit="Tahun", years_back=6)
    first = pull(series)
    again = pull(series)
    assert stand_in[1].not_modified == 1
    assert (again.state, again.unchanged) == (PullState.DONE, 66)
    assert list(again.payloads.all()) == list(first.payloads.all())
    stand_in[1].figures["905"]["6402", YEAR - 1] = 71.11
    assert pull(series).revised == 1
    assert stand_in[1].not_modified == 1


def test_a_trial_shows_and_stores_nothing(bps_source: Source) -> None:
    series = factories.SeriesFactory(source=bps_source, variable="901", unit="Persen", is_active=False)
    trial = pull(series, is_trial=True)
    assert trial.state == PullState.DONE
    assert trial.preview["choices"]["characteristic"] == [["1", "Laki-laki"], ["2", "Perempuan"], ["3", "Total"]]
    assert len(trial.preview["rows"]) == 10
    named = {row["code"]: row for row in trial.preview["regions"]}
    assert (named["6402"]["bps"], named["6402"]["kemendagri"]) == (
        "Kabupaten Kutai Barat",
        "Kabupaten Kutai Kartanegara",
    )
    assert named["9999"]["is_national"] if "9999" in named else True
    assert not Observation.objects.filter(series=series).exists()
    series.refresh_from_db()
    assert series.pulled_at is None


def test_other_years_can_be_fetched_once(bps_source: Source, stand_in: tuple[str, bps.BpsWorld]) -> None:
    series = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen", years_back=1)
    pull(series)
    assert series.observations.count() == 11
    row = pulls.request_pull(series=series, by=None, years=(YEAR - 4, YEAR - 3))
    pulls.carry_out(row.pk)
    assert series.observations.count() == 33
    assert f"th={YEAR - 4 - 1900}%3A{YEAR - 3 - 1900}" in stand_in[1].requests[-1]
    assert not series.observations.filter(missing_since__isnull=False).exists(), (
        "years that were not asked for are not missing"
    )


# -- versions --------------------------------------------------------------------------------------------------------


def test_a_region_that_is_missing_keeps_its_figures_with_a_mark(
    bps_source: Source, stand_in: tuple[str, bps.BpsWorld]
) -> None:
    steward = factories.member(Role.DATA_STEWARD)
    series = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen", years_back=6)
    pull(series)
    stand_in[1].without = {"6411"}
    done = pull(series)
    assert (done.state, done.missing) == (PullState.DONE, 6)
    marked = Observation.objects.current().filter(series=series, missing_since__isnull=False)
    assert {row.region.kemendagri_code for row in marked} == {"64.11"}
    assert steward.notices.count() == 1
    pull(series)
    assert steward.notices.count() == 1, "told once"
    stand_in[1].without = set()
    back = pull(series)
    assert (back.state, back.missing, back.problem) == (PullState.DONE, 0, "")
    assert not marked.all().exists()


def test_two_versions_compared_and_the_way_back(bps_source: Source, stand_in: tuple[str, bps.BpsWorld]) -> None:
    steward = factories.member(Role.DATA_STEWARD)
    series = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen", years_back=6)
    first = pull(series)
    good = stand_in[1].figures["904"]["6402", YEAR - 1]
    stand_in[1].figures["904"]["6402", YEAR - 1] = 99.0
    second = pull(series)
    difference = observation_versions.compare(first, second)
    assert [(d.region.kemendagri_code, d.period.year, d.after.value if d.after else 0) for d in difference] == [
        ("64.07", YEAR - 1, Decimal(99))
    ]
    back = observation_versions.roll_back(series=series, to=first, by=steward, reason="Angka salah ketik di sumber")
    assert (back.revised, back.added, back.missing) == (1, 0, 0)
    assert figure(series, "64.07", str(YEAR - 1)) == Decimal(str(good))
    assert observation_versions.compare(first, back) == []
    assert (
        Observation.objects.filter(series=series, region__kemendagri_code="64.07", period=Period(YEAR - 1)).count() == 3
    )
    held = pull(series)
    assert held.state == PullState.FAILED
    assert figure(series, "64.07", str(YEAR - 1)) == Decimal(str(good)), "the next pull does not bring it back"
    assert series not in Series.objects.due()
    observation_versions.release(series=Series.objects.get(pk=series.pk), by=steward, reason="Sumber sudah diperbaiki")
    assert pull(series).revised == 1


def test_a_workers_wrong_clock_changes_no_order(
    bps_source: Source, stand_in: tuple[str, bps.BpsWorld], monkeypatch: Any
) -> None:
    """A worker whose clock is a day behind stores a revision: it still comes after what was there."""
    series = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen", years_back=6)
    pull(series)
    stand_in[1].figures["904"]["6402", YEAR - 1] = 1.23
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now - dt.timedelta(days=1))
    assert pull(series).revised == 1
    monkeypatch.undo()
    series.refresh_from_db()
    assert figure(series, "64.07", str(YEAR - 1)) == Decimal("1.23")
    assert not series.is_stale
    rows = Observation.objects.filter(series=series, region__kemendagri_code="64.07", period=Period(YEAR - 1))
    old, new = rows.order_by("fetched_at")
    assert old.superseded_at == new.fetched_at


def test_a_row_id_that_moves_is_noticed(bps_source: Source, stand_in: tuple[str, bps.BpsWorld]) -> None:
    series = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen", years_back=6)
    pull(series)
    stand_in[1].moved = {"6402": "6499"}
    done = pull(series)
    assert (done.state, done.unchanged, done.missing) == (PullState.DONE, 66, 0)
    assert any("6499" in note["place"] for note in done.notes)
