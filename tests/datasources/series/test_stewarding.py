"""The data steward's pages: what is typed wrongly is said and kept, what is typed rightly works, every change is in
the trail."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from core import schedule
from core.choices import Role
from core.models import AuditEvent
from datasources.connectors.registry import all_connectors
from datasources.models import Observation, Pull, RegionMapping, Series, Source
from datasources.pulls import services as pulls
from kaltim_portal.stand_ins import bps, ckan
from programs.models import ValidationRule
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(client_of: Callable[[User], Client]) -> Client:
    return client_of(factories.member(Role.DATA_STEWARD))


def carry_out_all() -> None:
    for pull in Pull.objects.waiting():
        pulls.carry_out(pull.pk)


def test_the_whole_way_of_a_new_series(steward: Client, bps_source: Source, stand_in: tuple[str, bps.BpsWorld]) -> None:
    typed = {
        "name": "Kemiskinan",
        "unit": "Persen",
        "source_unit": "",
        "factor": "",
        "code_system": "automatic",
        "years_back": "3",
        "interval": "86400.0",
        "rse_series": "",
        "q-model": "data",
        "q-domain": "6400",
        "q-variable": "904",
    }
    saved = steward.post(f"/acuan/sumber/{bps_source.pk}/seri-baru/", typed)
    series = Series.objects.get(name="Kemiskinan")
    assert saved["Location"] == f"/acuan/seri/{series.pk}/siapkan/"
    assert not series.is_active
    assert series.query == {"model": "data", "domain": "6400", "variable": "904"}
    carry_out_all()
    page = steward.get(f"/acuan/seri/{series.pk}/siapkan/").content.decode()
    assert "Kabupaten Kutai Barat" in page
    assert "Kabupaten Kutai Kartanegara" in page, "what Kemendagri's code would give is shown beside it"
    assert not Observation.objects.filter(series=series).exists()
    regions = {f"row{number}": "out" for number in range(11)} | {"row0": str(factories.region("64.01").pk)}
    steward.post(f"/acuan/seri/{series.pk}/wilayah/", regions)
    assert RegionMapping.objects.filter(series=series, region__isnull=False).count() == 1
    steward.post(f"/acuan/seri/{series.pk}/saklar/", {"on": "1"})
    carry_out_all()
    assert {row.region.kemendagri_code for row in series.observations.all()} == {"64.01"}
    actions = set(AuditEvent.objects.filter(target_id=str(series.pk)).values_list("action", flat=True))
    assert {"series.saved", "series.regions_mapped", "series.switched_on", "pull.requested"} <= actions
    again = steward.post(f"/acuan/sumber/{bps_source.pk}/seri-baru/", typed)
    assert again.status_code == 200
    assert "Variabel ini sudah ada" in again.content.decode()
    assert stand_in[1].requests


def test_every_kind_of_source_has_a_form_that_says_what_is_missing(steward: Client) -> None:
    for connector in all_connectors():
        source = factories.SourceFactory(kind=connector.kind)
        address = f"/acuan/sumber/{source.pk}/seri-baru/"
        assert steward.get(address).status_code == 200
        empty = steward.post(address, {"q-formula": "a +"})
        assert empty.status_code == 200
        assert "field-errors" in empty.content.decode()
    assert not Series.objects.exists()


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "q-model",
                "q-domain",
                "q-variable",
                "q-where",
                "q-value",
                "q-period",
                "factor",
                "unit",
                "source_unit",
                "years_back",
                "interval",
                "name",
                "q-formula",
                "q-a",
                "q-records",
                "q-path",
                "q-resource",
            ]
        ),
        st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
    ),
    st.sampled_from(["bps", "ckan", "rest", "file", "sdmx", "upload", "derived"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_typed_into_a_series_breaks_the_page(steward: Client, typed: dict[str, str], kind: str) -> None:
    source, _made = Source.objects.get_or_create(name=f"Sumber {kind}", defaults={"kind": kind})
    answer = steward.post(f"/acuan/sumber/{source.pk}/seri-baru/", typed)
    assert answer.status_code in {200, 302}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "bps", "base_address": ""}, "memerlukan alamat"),
        ({"kind": "bps", "base_address": "bukan alamat"}, "field-errors"),
        ({"kind": "tidak-ada"}, "field-errors"),
        ({"key_header": "X Api: y"}, "nama header"),
    ],
)
def test_a_source_that_is_typed_wrongly(steward: Client, changes: dict[str, str], field: str) -> None:
    typed = {
        "name": "Sumber X",
        "kind": "rest",
        "base_address": "https://contoh.test/",
        "api_key": "",
        "key_header": "",
    }
    answer = steward.post("/acuan/sumber/baru/", typed | changes)
    assert answer.status_code == 200
    assert field in answer.content.decode()
    assert not Source.objects.filter(name="Sumber X").exists()


def test_a_key_is_never_shown_and_does_not_move_to_another_host(steward: Client) -> None:
    source = factories.SourceFactory(kind="rest", base_address="https://satu.test/", api_key="kunci-rahasia-42")
    page = steward.get(f"/acuan/sumber/{source.pk}/ubah/").content.decode()
    assert "kunci-rahasia-42" not in page
    typed = {"name": source.name, "kind": "rest", "base_address": "https://dua.test/", "api_key": "", "is_active": "on"}
    assert "host lain" in steward.post(f"/acuan/sumber/{source.pk}/ubah/", typed).content.decode()
    steward.post(f"/acuan/sumber/{source.pk}/ubah/", typed | {"base_address": "https://satu.test/v2/"})
    source.refresh_from_db()
    assert (source.base_address, source.api_key) == ("https://satu.test/v2/", "kunci-rahasia-42")


def test_a_formula_that_goes_round_in_a_circle_is_refused(steward: Client) -> None:
    base = factories.SeriesFactory(unit="Orang")
    source = factories.SourceFactory(kind="derived", base_address="")
    typed = {"name": "Turunan", "unit": "Orang", "q-formula": "a * 2", "q-a": str(base.pk)}
    steward.post(f"/acuan/sumber/{source.pk}/seri-baru/", typed)
    derived = Series.objects.get(name="Turunan")
    assert list(derived.parts.all()) == [base]
    circle = steward.post(f"/acuan/seri/{derived.pk}/ubah/", typed | {"q-a": str(derived.pk)})
    assert "memakai hasilnya sendiri" in circle.content.decode()


def test_a_derived_series_follows_its_parts(steward: Client, django_capture_on_commit_callbacks: Any) -> None:
    base = factories.SeriesFactory(unit="Orang")
    factories.observe(base, "10", year=2024, code="64.72")
    source = factories.SourceFactory(kind="derived", base_address="")
    steward.post(
        f"/acuan/sumber/{source.pk}/seri-baru/",
        {"name": "Turunan", "unit": "Orang", "q-formula": "a * 2", "q-a": str(base.pk)},
    )
    derived = Series.objects.get(name="Turunan")
    steward.post(f"/acuan/seri/{derived.pk}/saklar/", {"on": "1"})
    carry_out_all()
    assert [int(row.value) for row in derived.observations.all()] == [20]
    from datasources.pulls import tasks as pull_tasks

    pull_tasks.after_change(base.pk)
    assert derived.pulls.waiting().count() == 1


def test_what_is_worked_out_is_as_fresh_as_its_oldest_part(bps_source: Source) -> None:
    poor = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen")
    people = factories.SeriesFactory(source=bps_source, variable="906", unit="Ribu Jiwa")
    derived = factories.SeriesFactory(
        source=factories.SourceFactory(kind="derived", base_address=""),
        query={"formula": "a * b / 100", "a": poor.pk, "b": people.pk},
        unit="Ribu Jiwa",
    )
    derived.parts.set([poor, people])
    for series in (poor, people, derived):
        pulls.carry_out(Pull.objects.create(series=series).pk)
    long_ago = timezone.now() - dt.timedelta(days=30)
    Series.objects.filter(pk=people.pk).update(pulled_at=long_ago)
    pulls.carry_out(Pull.objects.create(series=poor).pk)
    derived.refresh_from_db()
    assert derived.pulled_at == long_ago
    assert derived.is_stale, "one of its parts is out of date"
    pulls.carry_out(Pull.objects.create(series=people).pk)
    derived.refresh_from_db()
    assert not derived.is_stale


def test_a_file_is_handed_in_and_looked_at_first(steward: Client) -> None:
    source = factories.SourceFactory(kind="upload", base_address="")
    query = {"region": "Wilayah", "period": "Tahun", "value": "Nilai"}
    series = factories.SeriesFactory(source=source, query=query, unit="Orang")
    file = lambda: SimpleUploadedFile("d.csv", b"Wilayah;Tahun;Nilai\nSamarinda;2024;12\n")  # noqa: E731
    steward.post(f"/acuan/seri/{series.pk}/berkas/", {"file": file(), "is_trial": "on"})
    carry_out_all()
    assert not series.observations.exists()
    assert "Kota Samarinda" in steward.get(f"/acuan/seri/{series.pk}/siapkan/").content.decode()
    steward.post(f"/acuan/seri/{series.pk}/berkas/", {"file": file()})
    waiting = steward.post(f"/acuan/seri/{series.pk}/berkas/", {"file": file()}, follow=True)
    assert "sedang dibaca" in waiting.content.decode()
    carry_out_all()
    assert series.observations.count() == 1
    nothing = steward.post(f"/acuan/seri/{series.pk}/berkas/", {}, follow=True)
    assert "Pilih berkas" in nothing.content.decode()
    fetched = factories.SeriesFactory()
    refused = steward.post(f"/acuan/seri/{fetched.pk}/berkas/", {"file": file()}, follow=True)
    assert "tidak menerima berkas" in refused.content.decode()


@pytest.mark.parametrize(
    "years", [{"first_year": "2020"}, {"first_year": "2024", "last_year": "2020"}, {"first_year": "x"}]
)
def test_years_that_make_no_sense_pull_nothing(steward: Client, years: dict[str, str]) -> None:
    series = factories.SeriesFactory()
    assert steward.post(f"/acuan/seri/{series.pk}/tarik/", years, follow=True).status_code == 200
    assert not series.pulls.exists()


def test_going_back_needs_a_reason_and_is_in_the_trail(steward: Client, bps_source: Source, stand_in: Any) -> None:
    series = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen")
    pulls.carry_out(Pull.objects.create(series=series).pk)
    first = series.pulls.get()
    stand_in[1].figures["904"]["6402", stand_in[1].year - 1] = 55.5
    pulls.carry_out(Pull.objects.create(series=series).pk)
    page = steward.get(f"/acuan/seri/{series.pk}/versi/?dari={first.pk}&ke={first.pk + 1}").content.decode()
    assert "55,5" in page
    steward.post(f"/acuan/tarikan/{first.pk}/kembali/", {"reason": ""})
    assert not series.observations.filter(superseded_at__isnull=False, value="55.5").exists()
    steward.post(f"/acuan/tarikan/{first.pk}/kembali/", {"reason": "Salah ketik di sumber"})
    series.refresh_from_db()
    assert series.is_held
    assert AuditEvent.objects.get(action="series.rolled_back").reason == "Salah ketik di sumber"
    steward.post(f"/acuan/seri/{series.pk}/lepas/", {"reason": "Sudah benar"})
    series.refresh_from_db()
    assert not series.is_held


def test_a_broken_page_number_or_version_is_no_error(steward: Client) -> None:
    series = factories.SeriesFactory()
    for query in ("?dari=x&ke=9", "?dari=99999999999999999999&ke=", "?halaman=zz"):
        assert steward.get(f"/acuan/seri/{series.pk}/versi/{query}").status_code == 200
    assert steward.get(f"/acuan/sumber/{series.source_id}/?q=%00%F0%9F&halaman=-1").status_code == 200


def test_the_schedule_lives_in_the_database_and_is_not_set_back(steward: Client) -> None:
    task = PeriodicTask.objects.get(name="pull-due-series")
    typed = {"kind": "daily", "time": "01:30", "minutes": "", "is_enabled": "on", "reason": "Malam lebih sepi"}
    steward.post(f"/acuan/jadwal/{task.pk}/", typed)
    schedule.ensure()  # what `migrate` does
    task.refresh_from_db()
    assert schedule.rhythm_of(task) == schedule.Rhythm(None, 1, 30)
    assert AuditEvent.objects.get(action="schedule.changed").reason == "Malam lebih sepi"
    sweep = PeriodicTask.objects.get(name="sweep-queued-pulls")
    refused = steward.post(f"/acuan/jadwal/{sweep.pk}/", {"kind": "every", "minutes": "5", "reason": "Dimatikan"})
    assert "tidak dapat dimatikan" in refused.content.decode()
    wrong = steward.post(f"/acuan/jadwal/{task.pk}/", {"kind": "every", "minutes": "0", "reason": "x"})
    assert wrong.status_code == 200
    assert schedule.rhythm_of(PeriodicTask.objects.get(pk=task.pk)) == schedule.Rhythm(None, 1, 30)


@pytest.mark.parametrize("share", ["500", "-1", "abc", "1e999", "0,5"])
def test_a_rule_with_strange_parameters(steward: Client, share: str) -> None:
    typed = {
        "p_share": share,
        "severity": "warning",
        "basis": "Forum data",
        "valid_from": "2026-01-01",
        "reason": "Dicoba",
    }
    answer = steward.post("/acuan/aturan/baru/jump/", typed)
    agency = factories.agency()
    if share == "0,5":
        assert "cakupan ini" in answer.content.decode() or answer.status_code == 302
        answer = steward.post("/acuan/aturan/baru/jump/", typed | {"agency": str(agency.pk)})
        assert answer.status_code == 302
        rule = ValidationRule.objects.get(agency=agency)
        assert rule.parameters == {"share": 0.5}
        steward.post(f"/acuan/aturan/{rule.pk}/hapus/", {"reason": ""})
        assert ValidationRule.objects.filter(pk=rule.pk).exists()
        steward.post(f"/acuan/aturan/{rule.pk}/hapus/", {"reason": "Tidak perlu lagi"})
        assert not ValidationRule.objects.filter(pk=rule.pk).exists()
    else:
        assert answer.status_code == 200
        assert "field-errors" in answer.content.decode()


def test_a_rule_for_everything_is_not_removed(steward: Client) -> None:
    rule = ValidationRule.objects.filter(agency=None, unit=None, indicator=None).first()
    assert rule is not None
    steward.post(f"/acuan/aturan/{rule.pk}/hapus/", {"reason": "Dicoba hapus"})
    assert ValidationRule.objects.filter(pk=rule.pk).exists()


def test_the_catalogue_of_satu_data_leads_to_a_series(steward: Client, satu_data: tuple[str, ckan.CkanWorld]) -> None:
    from datasources.catalogue import services as catalogue

    source = factories.SourceFactory(kind="ckan", base_address=satu_data[0], api_key="")
    catalogue.refresh(source.pk)
    entry = source.catalogue.get(code=ckan.TARGETS)
    page = steward.get(f"/acuan/sumber/{source.pk}/seri-baru/?entri={entry.pk}").content.decode()
    assert ckan.TARGETS in page
    assert steward.get(f"/acuan/sumber/{source.pk}/seri-baru/?entri=abc").status_code == 200


def test_the_raw_answer_is_a_file(steward: Client) -> None:
    figure = factories.observe(factories.SeriesFactory(), "1", year=2024)
    answer = steward.get(f"/acuan/jawaban/{figure.payload_id}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert io.BytesIO(answer.content).read()
