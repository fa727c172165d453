"""What can't be taken over is refused in the preview, at its row: by the kind of list, or by writing it on trial."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Agency, User
from core.choices import Role
from programs.imports.sub_activities import SubActivities
from programs.models import Nomenclature, PlanIndicator, PlanItem, SubActivity
from tests import factories
from tests.uploads.handing_in import Preview, PreviewFile, preview, preview_file
from tests.uploads.test_files import YEAR, made, world
from uploads import services as uploads
from uploads.models import Upload

__all__ = ["made", "preview", "preview_file", "world"]
HandIn = Callable[..., Upload]


@pytest.fixture
def steward(world: User) -> User:
    return factories.member(Role.DATA_STEWARD)


@pytest.fixture
def hand_in(steward: User) -> HandIn:
    """Handed in by a data steward and read; with `apply` taken over too."""

    def receive(text: str, *, apply: bool = False) -> Upload:
        file = SimpleUploadedFile("daftar.csv", text.encode())
        upload = uploads.receive(file=file, agency=None, fiscal_year=YEAR, by=steward, options={})
        uploads.read(upload.pk)
        if apply:
            uploads.request_apply(pk=upload.pk, by=steward, reason="Sudah diperiksa", enqueue=False)
            uploads.apply(upload.pk)
        upload.refresh_from_db()
        assert upload.state == ("applied" if apply else "preview"), (upload.state, upload.problem)
        return upload

    return receive


def said(upload: Upload) -> list[tuple[int, str]]:
    return [(item.row, item.code) for item in upload.problems.filter(is_warning=False).order_by("row", "id")]


# Sub-activities that are there

SUBS = {
    "kode_sbl": "1.2.1",
    "kode_sub_giat": "1.01.02.1.01.0001",
    "nama_sub_giat": "Sub kegiatan 1",
    "pagu": 1_000_000_000,
}


@pytest.mark.parametrize(
    ("more", "column"),
    [
        ({"kode_sub_giat": "1.01.03.1.01.0001"}, "code"),
        ({"kode_program": "1.01.03"}, "program_code"),
        ({"kode_giat": "1.01.02.1.02"}, "activity_code"),
        ({"pagu": 50_000_000}, "ceiling_rupiah"),
    ],
)
def test_what_a_list_never_says_of_a_sub_activity(more: dict[str, Any], column: str, preview: Preview) -> None:
    found = preview([SUBS | more])
    assert found.statuses == ["refused"]
    assert column in found.problems


def test_the_same_codes_again_change_nothing(preview: Preview) -> None:
    own = {"kode_program": "1.01.02", "kode_giat": "1.01.02.1.01"}
    assert preview([SUBS | own]).statuses == ["unchanged"]


def test_months_are_checked_with_those_that_are_held(preview: Preview) -> None:
    SubActivity.objects.filter(sbl_code="1.2.1").update(first_month=1, last_month=6)
    assert preview([SUBS | {"waktu_awal": 10}]).statuses == ["refused"]
    assert preview([SUBS | {"waktu_awal": 5}]).statuses == ["changed"]


# Lists of a data steward


def test_a_name_that_two_agencies_would_get(hand_in: HandIn) -> None:
    text = "kode_skpd;nama_skpd;isskpd\n9.02.0.00.0.00.01.0000;Dinas Baru;1\n9.03.0.00.0.00.01.0000;DINAS  baru;1\n"
    assert said(hand_in(text)) == [(2, "agency_name_twice"), (3, "agency_name_twice")]
    known = Agency.objects.first()
    assert known is not None
    again = f"kode_skpd;nama_skpd;isskpd\n9.99.0.00.0.00.01.0000;{known.name.upper()};1\n"
    assert said(hand_in(again)) == [(2, "agency_name_taken")]


CODES = "kode_urusan;nama_urusan;kode_program;nama_program;kode_sub_giat;nama_sub_giat;mulai_tahun;kunci_tahun\n"


def test_codes_without_their_years_are_those_of_the_portal(hand_in: HandIn) -> None:
    hand_in(f"{CODES}9;Urusan;9.01.02;Program;9.01.02.1.01.0001;A;2024;2027\n", apply=True)
    text = "kode_urusan;nama_urusan;kode_program;nama_program;kode_sub_giat;nama_sub_giat\n"
    hand_in(f"{text}9;Urusan;9.01.02;Program;9.01.02.1.01.0001;A baru\n", apply=True)
    row = Nomenclature.objects.get(code="9.01.02.1.01.0001")
    assert (row.name, row.valid_from, row.valid_to) == ("A baru", 2024, 2027)


@pytest.mark.parametrize(("first", "last"), [(2024, 2020), (202400, ""), (2024, 99999999999), (-5, "")])
def test_years_that_cannot_be(first: Any, last: Any, hand_in: HandIn) -> None:
    found = hand_in(f"{CODES}9;Urusan;9.01.02;Program;9.01.02.1.01.0001;A;{first};{last}\n")
    assert said(found)
    assert found.counts["kinds"]["nomenclature"]["new"] == 0


PLAN = "tujuan;sasaran;indikator;satuan;target_1;target_2;target_3;target_4;target_5"


def test_a_plan_without_its_vision_is_the_same_plan(hand_in: HandIn) -> None:
    hand_in(f"visi;misi;{PLAN}\nV;M;T;S;Ind;%;1;2;3;4;5\n", apply=True)
    hand_in(f"{PLAN}\nt;S;ind;%;1;2;3;4;9\nT;S;Kedua;%;1;2;3;4;5\nT;S2;Ketiga;%;1;2;3;4;5\n", apply=True)
    assert PlanIndicator.objects.get(name="Ind").targets[4] == "9"
    assert PlanIndicator.objects.count() == 3
    assert PlanItem.objects.filter(level="goal").count() == 1
    hand_in(f"visi;misi;{PLAN}\nV;M2;T;S;Ind;%;1;2;3;4;5\n", apply=True)
    assert said(hand_in(f"{PLAN}\nT;S;Ind;%;1;2;3;4;9\n")) == [(2, "plan_chain_unclear")]


def test_a_target_that_leaps(hand_in: HandIn) -> None:
    hand_in(f"visi;misi;{PLAN}\nV;M;T;S;Ind;%;71,9;72;3;4;5\n", apply=True)
    upload = hand_in(f"visi;misi;{PLAN}\nV;M;T;S;Ind;%;0,719;72;3;4;5\n")
    assert any("100" in text for text in uploads.alarms_of(upload))


def test_what_the_database_refuses_is_refused_by_row(
    preview_file: PreviewFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a kind of list forgets to check: the rows that can't be written, and no others."""
    monkeypatch.setattr(SubActivities, "too_late", lambda *_args: None)
    SubActivity.objects.update(first_month=1, last_month=6)
    head = ";".join([*SUBS, "waktu_awal"])
    rows = [f"1.2.{at};1.01.02.1.01.{at:04d};Sub kegiatan {at};2500000000;{month}" for at, month in ((1, 10), (2, 3))]
    found = preview_file("\n".join([head, *rows, ""]))
    assert {row["row"]: row["status"] for row in found.rows} == {2: "refused", 3: "changed"}
    assert "bulan akhir" in found.problems.lower()


# Rows of reports

QUARTER = "triwulan;id_indikator;kode_wilayah;kode_kategori;realisasi;pembilang;penyebut\n"


@pytest.mark.parametrize(
    ("values", "row", "field"),
    [
        ({}, "{q};{pk};64.72;;5;;", "baris"),
        ({}, "{q};{pk};64;ZZ;50;;", "baris"),
        ({"by_region": True}, "{q};{pk};64;;50;;", "baris"),
        ({"by_region": True}, "{q};{pk};64.71;;50;;", "baris"),
        ({"numerator_label": "a", "denominator_label": "b"}, "{q};{pk};64;;50;;", "pembilang"),
    ],
)
def test_a_value_without_a_row_in_the_report(
    values: dict[str, Any], row: str, field: str, preview_file: PreviewFile
) -> None:
    indicator = factories.IndicatorFactory(program__fiscal_year=YEAR, **values)
    found = preview_file(QUARTER + row.format(q=1, pk=indicator.pk) + "\n")
    assert found.statuses == ["refused"], found
    assert field in found.problems


def test_the_others_of_such_a_list_are_taken(preview_file: PreviewFile) -> None:
    pk = factories.IndicatorFactory(program__fiscal_year=YEAR, by_region=True).pk
    found = preview_file(f"{QUARTER}1;{pk};64;;50;;\n1;{pk};64.72;;40;;\n1;{pk};64.72;;n/a;;\n")
    assert {row["row"]: row["status"] for row in found.rows}[2] == "refused"
    blank = preview_file(f"{QUARTER}1;{pk};64.72;;n/a;;\n")
    assert blank.statuses == ["unchanged"]


def test_months_of_an_indicator_with_parts(preview_file: PreviewFile) -> None:
    name = factories.IndicatorFactory(program__fiscal_year=YEAR, numerator_label="a", denominator_label="b").name
    found = preview_file(f"indikator;realisasi_bulan_3\n{name};50\n")
    assert found.statuses == ["refused"]
    assert "pembilang" in found.problems


def test_a_note_beside_a_blank_month_is_kept(preview_file: PreviewFile) -> None:
    name = factories.IndicatorFactory(program__fiscal_year=YEAR).name
    found = preview_file(f"indikator;realisasi_bulan_3;realisasi_bulan_6;keterangan_bulan_3\n{name};;21;n3\n")
    assert found.statuses == ["new", "new"]
    assert sorted(filter(None, found.after("reason"))) == ["n3"]


def test_people_without_figures_make_no_row(preview_file: PreviewFile) -> None:
    program = factories.ProgramFactory(fiscal_year=YEAR)
    found = preview_file(f"triwulan;id_program;kode_wilayah;penerima\n1;{program.pk};64.72;\n")
    assert found.statuses == ["unchanged"]
