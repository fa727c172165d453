"""Lists as files, from the request to the rows: real PostgreSQL, the reading child, and files as people have them."""

import datetime as dt
import io
import json
import tempfile
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis
import openpyxl
import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import strategies as st

from accounts.models import Agency, User
from core.choices import Role
from core.importing import reading
from core.importing.datasets import registry
from core.periods import Period, PeriodKind
from procurement.models import Package
from programs.models import BudgetIssue, BudgetLine, PlanIndicator, Program, Progress, Report, SubActivity
from programs.validation import values as validation_values
from tests import factories
from tests.private_folder import keep_private_files_in
from uploads import services as uploads
from uploads.choices import UploadState
from uploads.models import Upload

ClientOf = Callable[[User], Client]
YEAR = timezone.localdate().year
SUBS = [
    "kode_sbl",
    "kode_skpd",
    "kode_program",
    "nama_program",
    "kode_giat",
    "nama_giat",
    "kode_sub_giat",
    "nama_sub_giat",
    "pagu",
]
LINES = [
    "kode_sbl",
    "kode_akun",
    "nama_akun",
    "subs_bl_teks",
    "nama_komponen",
    "volume",
    "satuan",
    "harga_satuan",
    "rincian",
]


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> None:
    keep_private_files_in(settings, tmp_path)


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    book.close()
    return file.getvalue()


def hand_in(
    body: bytes, by: User, *, name: str = "daftar.xlsx", agency: Agency | None = None, **options: Any
) -> Upload:
    """Received and read, as the worker does it."""
    upload = uploads.receive(
        file=SimpleUploadedFile(name, body),
        agency=agency or (factories.agency() if by.operates(factories.agency().pk) else None),
        fiscal_year=YEAR,
        by=by,
        options=options,
    )
    uploads.read(upload.pk)
    upload.refresh_from_db()
    return upload


def take_over(upload: Upload, by: User, reason: str = "") -> Upload:
    uploads.request_apply(pk=upload.pk, by=by, reason=reason)
    uploads.apply(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.APPLIED
    return upload


def kind(upload: Upload, name: str) -> dict[str, int]:
    assert upload.state == UploadState.PREVIEW, (upload.state, upload.problem, upload.sheets)
    counted = ("new", "changed", "unchanged", "removed", "refused", "problems")
    return {each: upload.counts["kinds"][name][each] for each in counted}


def said(upload: Upload) -> list[tuple[int, str, str]]:
    return [(item.row, item.field, item.code) for item in upload.problems.order_by("row", "column")]


def sub_row(number: int, pagu: Any = 1_000_000_000, **more: Any) -> list[Any]:
    row = {
        "kode_sbl": f"1.2.{number}",
        "kode_skpd": factories.agency().code,
        "kode_program": "1.01.02",
        "nama_program": "1.01.02 PROGRAM PENGELOLAAN PENDIDIKAN",
        "kode_giat": "1.01.02.1.01",
        "nama_giat": "1.01.02.1.01 Pengelolaan Pendidikan SMA",
        "kode_sub_giat": f"1.01.02.1.01.{number:04d}",
        "nama_sub_giat": f"1.01.02.1.01.{number:04d} Sub kegiatan {number}",
        "pagu": pagu,
    }
    return list((row | more).values())


def line(sbl: str, component: str, amount: Any, volume: Any = 1, account: str = "5.1.02.01.01.0026") -> list[Any]:
    return [sbl, account, "Belanja alat tulis", "Paket A", component, volume, "buah", amount, amount]


@pytest.fixture
def subs(operator: User) -> Upload:
    return take_over(
        hand_in(workbook({"daftar": [SUBS, sub_row(1), sub_row(2, "Rp 2.500.000.000")]}), operator), operator
    )


def test_a_list_of_sub_activities_makes_the_chain_and_twice_changes_nothing(operator: User, subs: Upload) -> None:
    first, second = SubActivity.objects.order_by("sbl_code")
    assert (first.name, first.ceiling_rupiah, second.ceiling_rupiah) == ("Sub kegiatan 1", 10**9, 2_500_000_000)
    program = first.activity.program
    assert (program.state, program.budget_rupiah, program.nomenclature.code) == ("draft", 3_500_000_000, "1.01.02")
    again = hand_in(workbook({"daftar": [SUBS, sub_row(1), sub_row(2, "2.500.000.000,00")]}), operator)
    assert kind(again, "sub_activities") | {"problems": 0} == {
        "new": 0,
        "changed": 0,
        "unchanged": 2,
        "removed": 0,
        "refused": 0,
        "problems": 0,
    }
    take_over(again, operator)
    assert Program.objects.count() == 1


def test_a_reissued_budget_list_becomes_a_version_with_its_differences(operator: User, subs: Upload) -> None:
    rows = [line("1.2.1", "Kertas", 100_000), line("1.2.1", "Tinta", 50_000), line("1.2.2", "Meja", 900_000)]
    take_over(hand_in(workbook({"rka": [LINES, *rows]}), operator), operator)
    issue = BudgetIssue.objects.get()
    assert (issue.number, issue.added, issue.total_rupiah) == (1, 3, 1_050_000)
    same = hand_in(workbook({"rka": [LINES, *rows]}), operator)
    assert kind(same, "budget_lines")["unchanged"] == 3
    take_over(same, operator)
    assert BudgetIssue.objects.count() == 1
    # Meja belongs to a sub-activity that the new list does not name: it stays.
    changed = hand_in(
        workbook({"rka": [LINES, line("1.2.1", "Kertas", 150_000), line("1.2.1", "Map", 20_000)]}), operator
    )
    assert {key: kind(changed, "budget_lines")[key] for key in ("new", "changed", "removed")} == {
        "new": 1,
        "changed": 1,
        "removed": 1,
    }
    take_over(changed, operator, "Tinta tidak jadi dibeli")  # a row of two vanishes: that wants a reason
    second = BudgetIssue.objects.order_by("-number")[0]
    assert (second.number, second.stage, second.total_rupiah) == (2, "shift", 1_070_000)
    current = BudgetLine.objects.current()
    assert sum(row.amount_rupiah for row in current) == second.total_rupiah
    assert BudgetLine.objects.get(component="Tinta").until == second
    assert BudgetLine.objects.filter(component="Kertas").count() == 2


def test_five_kinds_of_errors_are_told_at_once_and_block(operator: User, subs: Upload, client_of: ClientOf) -> None:
    rows = [
        line("1.2.1", "Baik", 100_000),
        line("9.9.9", "Tak dikenal", 1),
        line("1.2.1", "Teks", "dua juta"),
        line("1.2.1", "Minus", -5),
        line("1.2.1", "Akun", 7, account="4.1.01"),
        ["", "5.1.02.01.01.0026", "x", "y", "Tanpa kode", 1, "buah", 5, 5],
    ]
    upload = hand_in(workbook({"rka": [LINES, *rows]}), operator)
    assert kind(upload, "budget_lines")["refused"] == 5
    assert {(row, code) for row, _field, code in said(upload)} >= {
        (3, "unknown_sbl"),
        (4, "not_a_number"),
        (5, "negative"),
        (6, "account_code"),
        (7, "sub_missing"),
    }
    client = client_of(operator)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "dua juta" in page
    assert "I4" in page
    refused = client.post(f"/unggahan/{upload.pk}/terapkan/", {"reason": ""})
    assert refused.status_code == 422
    assert BudgetLine.objects.count() == 0
    marked = client.get(f"/unggahan/{upload.pk}/bertanda/")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(marked.streaming_content)))["rka"]  # type: ignore[attr-defined]  # a file's answer streams
    assert sheet["I4"].value == "dua juta"
    assert sheet["I4"].comment is not None
    assert sheet["I4"].fill.fgColor.rgb == "FFF8C9C4"
    assert sheet["I2"].comment is None
    take_over(upload, operator, "Baris salah diperbaiki menyusul")
    assert list(BudgetLine.objects.values_list("component", flat=True)) == ["Baik"]


def test_rfk_fills_the_monthly_reports_and_comes_out_again(operator: User, subs: Upload, client_of: ClientOf) -> None:
    Program.objects.update(
        state="registered", registered_at=timezone.now(), problem_statement="x", target_group="y", target_count=1
    )
    head = ["bulan", "kode_sbl", "rak", "realisasi_anggaran", "realisasi_fisik", "permasalahan"]
    rows = [["Januari", "1.2.1", 90_000_000, "80.000.000", "12,5", "Hujan"], [1, "1.2.2", 1, 2_600_000_000, 5, ""]]
    upload = hand_in(workbook({"RFK": [head, *rows]}), operator)
    assert said(upload) == [(3, "financial_rupiah", "above_ceiling")]
    take_over(upload, operator, "Baris kedua salah ketik")
    row = Progress.objects.get(sub_activity__sbl_code="1.2.1")
    assert (row.report.period.number, row.financial_rupiah, row.physical_percent, row.obstacle) == (
        1,
        80_000_000,
        Decimal("12.5"),
        "Hujan",
    )
    assert row.report.state == "draft"
    answer = client_of(operator).get(f"/isian/{YEAR}-01/buku-kerja/")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file's answer streams
    sheet = openpyxl.load_workbook(io.BytesIO(body))["RFK"]
    assert [cell.value for cell in sheet[2]][:8] == [
        1,
        "1.2.1",
        "Sub kegiatan 1",
        10**9,
        90_000_000,
        80_000_000,
        12.5,
        "Hujan",
    ]
    assert sheet.protection.sheet
    again = hand_in(body, operator)
    assert kind(again, "rfk")["changed"] == 0
    report = Report.objects.get()
    Report.objects.filter(pk=report.pk).update(state="submitted", submitted_at=timezone.now(), submitted_by=operator)
    assert said(hand_in(body, operator)) == []  # the same again is no change, sent or not
    other = openpyxl.load_workbook(io.BytesIO(body))
    other["RFK"]["G2"] = 20
    changed = io.BytesIO()
    other.save(changed)
    assert said(hand_in(changed.getvalue(), operator)) == [(2, "physical_percent", "report_closed")]


@pytest.mark.parametrize(
    "text", ["- hujan", "=1+1", "+62 542 1234", "@kades", "-", "'-nya hilang", "''=dua", "'kutip'"]
)
def test_what_is_handed_out_and_in_again_stays_what_it_was(
    text: str, operator: User, subs: Upload, client_of: ClientOf
) -> None:
    """An apostrophe keeps a spreadsheet from taking it for a formula; on the way in it is no part of the text."""
    Program.objects.update(
        state="registered", registered_at=timezone.now(), problem_statement="x", target_group="y", target_count=1
    )
    head = ["bulan", "kode_sbl", "rak", "realisasi_anggaran", "realisasi_fisik", "permasalahan"]
    take_over(hand_in(workbook({"RFK": [head, ["Januari", "1.2.1", 90, 80, 5, "Hujan"]]}), operator), operator)
    Progress.objects.update(obstacle=text)
    answer = client_of(operator).get(f"/isian/{YEAR}-01/buku-kerja/")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file's answer streams
    assert kind(hand_in(body, operator), "rfk")["changed"] == 0
    edited = openpyxl.load_workbook(io.BytesIO(body))
    edited["RFK"]["G2"] = 20
    changed = io.BytesIO()
    edited.save(changed)
    take_over(hand_in(changed.getvalue(), operator), operator)
    row = Progress.objects.get(sub_activity__sbl_code="1.2.1")
    assert (row.physical_percent, row.obstacle) == (20, text)


def test_a_marked_list_is_handed_in_again_as_it_was(operator: User, subs: Upload, client_of: ClientOf) -> None:
    rows = [["bulan", "kode_sbl", "rak", "realisasi_anggaran", "realisasi_fisik", "permasalahan"]]
    rows += [["Januari", "1.2.1", "-", "-1.000", 5, "- hujan"], ["Januari", "9.9.9", 1, 1, 1, "-"]]
    first = hand_in(workbook({"RFK": rows}), operator)
    marked = client_of(operator).get(f"/unggahan/{first.pk}/bertanda/")
    body = b"".join(marked.streaming_content)  # type: ignore[attr-defined]  # as above
    assert said(hand_in(body, operator)) == said(first)


def test_plans_sirup_agencies_and_nomenclature(operator: User) -> None:
    steward = factories.member(Role.DATA_STEWARD)
    plan = [
        "misi",
        "tujuan",
        "sasaran",
        "indikator",
        "satuan",
        "target_awal",
        *[f"target_{n}" for n in range(1, 6)],
        "target_akhir",
    ]
    row = ["Misi 1", "Tujuan 1", "Sasaran 1", "IPM", "Indeks", "78,2", "78,9", "79,3", "79,8", "80,2", "80,7", "80,7"]
    take_over(hand_in(workbook({"rpjmd": [plan, row]}), steward), steward)
    indicator = PlanIndicator.objects.get()
    assert (indicator.targets[0], indicator.item.document.kind, indicator.item.parent.text) == (
        "78,9",
        "rpjmd",
        "Tujuan 1",
    )  # type: ignore[union-attr]
    assert kind(hand_in(workbook({"rpjmd": [plan, row]}), steward), "plans")["unchanged"] == 1
    sirup = [
        {
            "idSirup": "61000001",
            "paket": "Meja",
            "jenisPengadaan": "Barang",
            "metode": "E-Purchasing",
            "pagu": 5_000_000,
        },
        {"idSirup": "61000002", "paket": "Kursi", "jenisPengadaan": "Kue", "metode": "Tender", "pagu": "1.000.000"},
    ]
    upload = hand_in(json.dumps(sirup).encode(), operator, name="data_sirup.json")
    assert said(upload) == [(3, "kind", "package_kind")]
    take_over(upload, operator, "Salah jenis")
    assert Package.objects.get().name == "Meja"
    units = "kode_skpd;nama_skpd;isskpd\n1.99.0.00.0.00.01.0000;Dinas Baru;1\n"
    take_over(hand_in(units.encode(), steward, name="data_unit.csv"), steward)
    assert Agency.objects.get(name="Dinas Baru").code == "1.99.0.00.0.00.01.0000"
    codes = [
        "kode_urusan",
        "nama_urusan",
        "kode_program",
        "nama_program",
        "kode_sub_giat",
        "nama_sub_giat",
        "mulai_tahun",
    ]
    data = ["1", "X", "1.01.99", "1.01.99 PROGRAM BARU", "1.01.99.1.01.0001", "1.01.99.1.01.0001 Sub baru", 2025]
    take_over(hand_in(workbook({"prog": [codes, data]}), steward), steward)
    from programs.models import Nomenclature

    assert Nomenclature.objects.get(code="1.01.99.1.01.0001").name == "Sub baru"


@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4], [2, 4, 3, 1, 0]])
def test_upper_codes_are_named_as_most_rows_name_them(order: list[int], db: None) -> None:
    """Where as many rows say the one as the other, they are refused, and so are two names of a row's own code."""
    from programs.models import Nomenclature

    steward = factories.member(Role.DATA_STEWARD)
    head = ["kode_urusan", "kode_program", "nama_program", "kode_sub_giat", "nama_sub_giat", "mulai_tahun"]
    rows = [
        ["1", "1.01.98", name, f"1.01.98.1.01.000{number}", f"Sub {number}", 2025]
        for number, name in enumerate(("Program", "Program", "PROGRM"), start=1)
    ]
    rows += [["1", "1.01.97", name, "1.01.97.1.01.0001", f"Sub {name}", 2025] for name in ("A", "B")]
    upload = hand_in(workbook({"prog": [head, *(rows[at] for at in order)]}), steward)
    assert kind(upload, "nomenclature")["refused"] == 2
    take_over(upload, steward, "Dua nama")
    assert Nomenclature.objects.get(code="1.01.98").name == "Program"
    assert not Nomenclature.objects.filter(code__startswith="1.01.97").exists()


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    return file.getvalue()


def with_member(body: bytes, name: str, content: bytes) -> bytes:
    file = io.BytesIO(body)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, content)
    return file.getvalue()


GOOD = workbook({"daftar": [SUBS]})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "kosong"),
        (bomb(), "tidak dibuka"),
        (with_member(GOOD, "xl/vbaProject.bin", b"x"), "makro"),
        (b"PK\x03\x04 broken", "rusak"),
        (b"\x00\x01\x02" * 500, "bukan daftar"),
        (b"%PDF-1.7 x", "bukan daftar"),
        (b"<html><table></table></html>", "halaman web"),
        (b"[1, 2", "JSON"),
        (b'{"a": 1}', ""),
    ],
)
def test_hopeless_files_are_refused_with_a_reason(body: bytes, words: str, operator: User) -> None:
    upload = hand_in(body, operator, name="x.xlsx")
    assert upload.state in {UploadState.REFUSED, UploadState.MAPPING}
    assert words.lower() in upload.problem.lower()


def test_odd_workbooks_are_read_with_a_note(operator: User, subs: Upload) -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet("rka")
    hidden = book.add_worksheet("rahasia")
    hidden.hide()
    hidden.write(0, 0, "x")
    page.merge_range(0, 0, 0, 3, "DAFTAR RKA")
    page.write_row(2, 0, [*LINES, *[f"lain {n}" for n in range(200)]])
    page.write_row(3, 0, line("1.2.1", "Kertas", 5))
    page.write_formula(3, 8, "=2+3", None, 5)
    page.write_blank(1_048_575, 3, None, book.add_format({"bold": True}))
    book.close()
    upload = hand_in(file.getvalue(), operator)
    assert kind(upload, "budget_lines")["new"] == 1
    notes = " ".join(note["text"] for note in upload.notes)
    for word in ("rumus", "tersembunyi", "gabungan", "200 kolom"):
        assert word in notes, notes


def test_a_csv_of_another_encoding_is_read_with_a_note(operator: User, subs: Upload) -> None:
    text = "kode_sbl;kode_akun;nama_komponen;rincian\n1.2.1;5.1.02.01.01.0026;Café;1.500.000\n"
    upload = hand_in(text.encode("cp1252"), operator, name="rka.csv")
    assert kind(upload, "budget_lines")["new"] == 1
    assert "Windows-1252" in " ".join(note["text"] for note in upload.notes)
    take_over(upload, operator)
    assert BudgetLine.objects.get().component == "Café"


def test_a_nul_character_is_no_server_error(operator: User, subs: Upload, client_of: ClientOf) -> None:
    upload = hand_in(workbook({"rka": [LINES, line("9.9.9", "x", 1), line("1.2.1", "y", 1)]}), operator)
    client = client_of(operator)
    assert client.post(f"/unggahan/{upload.pk}/terapkan/", {"reason": "a\x00b"}).status_code == 302


def test_a_cell_at_the_end_of_the_sheet_ends_the_child_and_not_us(operator: User) -> None:
    upload = hand_in(workbook({"rka": [LINES]}), operator)
    assert upload.state != UploadState.READING
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet("rka")
    page.write(0, 0, "kode_sbl")
    page.write(1_048_575, 16_383, "jauh")
    book.close()
    upload = hand_in(file.getvalue(), operator)
    assert upload.state == UploadState.REFUSED
    assert "memori" in upload.problem


def test_dates_and_codes_that_excel_changed_are_named(operator: User, subs: Upload) -> None:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet("rka")
    page.write_row(0, 0, LINES)
    page.write_row(1, 0, line("1.2.1", "Kertas", "1.234"))
    page.write_datetime(1, 0, dt.date(2026, 2, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
    page.write_row(2, 0, line("1.2.1", "Angka", "1,234"))
    book.close()
    codes = {code for _row, _field, code in said(hand_in(file.getvalue(), operator))}
    assert {"code_is_date", "ambiguous"} <= codes


def test_own_columns_are_assigned_and_remembered(operator: User, subs: Upload, client_of: ClientOf) -> None:
    head = ["Sub", "Rekening", "Nilai"]
    body = workbook({"saya": [head, ["1.2.1", "5.1.02.01.01.0026", 7]]})
    upload = hand_in(body, operator)
    assert upload.state == UploadState.MAPPING
    client = client_of(operator)
    assert "Rekening" in client.get(upload.get_absolute_url()).content.decode()
    data = {"shape-0": "budget_lines", "save-as-0": "Daftar saya"} | {
        f"column-0-budget_lines-{name}": heading
        for name, heading in (("sbl_code", "Sub"), ("account_code", "Rekening"), ("amount_rupiah", "Nilai"))
    }
    client.post(f"/unggahan/{upload.pk}/kolom/", data)
    uploads.read(upload.pk)
    upload.refresh_from_db()
    assert kind(upload, "budget_lines")["new"] == 1
    assert upload.mapping["saya"]["shape"] == "budget_lines"
    second = hand_in(body, operator)
    from uploads.models import SavedMapping

    client.post(f"/unggahan/{second.pk}/kolom/", {"shape-0": "budget_lines", "saved-0": SavedMapping.objects.get().pk})
    uploads.read(second.pk)
    second.refresh_from_db()
    assert kind(second, "budget_lines")["new"] == 1


def test_nobody_else_sees_a_list(operator: User, subs: Upload, client_of: ClientOf) -> None:
    other = factories.member(Role.OPERATOR, "Dinkes")
    assert client_of(other).get(subs.get_absolute_url()).status_code == 404
    assert client_of(operator).get(f"/unggahan/{subs.pk}/berkas/").status_code == 200


def test_what_a_service_refuses_meanwhile_is_told_and_the_list_stays(
    operator: User, monkeypatch: pytest.MonkeyPatch, client_of: ClientOf
) -> None:
    """Between the preview and the worker a report may be sent or a right may end."""
    upload = hand_in(workbook({"daftar": [SUBS, sub_row(1)]}), operator)
    for error, words in (
        (ValidationError("Laporan sudah dikirim."), "Laporan sudah dikirim."),
        (PermissionDenied(), "Anda tidak lagi boleh mengambil alih daftar OPD ini."),
    ):
        uploads.request_apply(pk=upload.pk, by=operator, reason="")

        def refuse(*_args: Any, error: Exception = error, **_options: Any) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(type(registry()["sub_activities"]), "apply", refuse)
            assert uploads.apply(upload.pk) is None
        upload.refresh_from_db()
        assert (upload.state, upload.problem) == (UploadState.PREVIEW, words)
        assert words in client_of(operator).get(f"/unggahan/{upload.pk}/").content.decode()
    assert SubActivity.objects.count() == 0
    assert take_over(upload, operator).problem == ""


def test_what_nobody_takes_over_is_put_aside_after_two_weeks(operator: User, subs: Upload) -> None:
    upload = hand_in(workbook({"rka": [LINES, line("1.2.1", "Kertas", 5)]}), operator)
    assert uploads.put_aside_older_than(timezone.now() - dt.timedelta(days=14)) == 0
    assert uploads.put_aside_older_than(timezone.now()) == 1
    upload.refresh_from_db()
    assert upload.state == UploadState.DISCARDED
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'staging\\_%'")
        assert cursor.fetchone()[0] == 0


def test_results_are_known_by_any_month(operator: User) -> None:
    """A quarter takes the figure of its last month; a row without one says that nothing is taken over."""
    indicator = factories.IndicatorFactory(name="Angka melek huruf")
    head = ["indikator", "realisasi_bulan_1", "realisasi_bulan_2"]
    upload = hand_in(workbook({"renja": [head, ["angka melek huruf", 80, 80.5]]}), operator)
    assert upload.dataset == "monthly_results"
    assert said(upload) == [(2, "indicator", "no_quarter_month")]
    assert kind(upload, "monthly_results")["unchanged"] == 1
    upload = hand_in(workbook({"renja": [[*head, "realisasi_bulan_3"], ["angka melek huruf", 80, 80.5, 81]]}), operator)
    take_over(upload, operator)
    assert Report.objects.get().values.get(indicator=indicator).value == 81


def test_indicator_results_of_twelve_months_and_the_quarters_workbook(operator: User, client_of: ClientOf) -> None:
    indicator = factories.IndicatorFactory(name="Angka melek huruf")
    by_region = factories.IndicatorFactory(program=indicator.program, name="Per wilayah", by_region=True)
    head = [
        "indikator",
        *[f"realisasi_bulan_{month}" for month in range(1, 13)],
        "keterangan_bulan_3",
        "pendorong_bulan_3",
    ]
    row = ["angka melek huruf", 80, 80.5, 81, *[""] * 9, "Dari SIPD", "Relawan"]
    upload = hand_in(
        workbook({"renja": [head, row, ["Tak ada", *[1] * 12, "", ""], ["Per wilayah", *[1] * 12, "", ""]]}), operator
    )
    assert {code for _row, _field, code in said(upload)} == {"unknown_indicator", "by_region"}
    take_over(upload, operator, "Dua baris bukan indikator provinsi")
    report = Report.objects.get(period=Period(YEAR, PeriodKind.QUARTER, 1))
    value = report.values.get(indicator=indicator)
    assert (value.value, value.reason, value.helped) == (81, "Dari SIPD", "Relawan")
    answer = client_of(operator).get(f"/isian/{YEAR}-Q1/buku-kerja/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]  # a file's answer streams
    sheet = book["Indikator"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number in range(2, sheet.max_row + 1):
        if sheet.cell(number, columns["ID indikator"]).value == by_region.pk:
            sheet.cell(number, columns["Realisasi"]).value = 77.5
    people = book["Penerima"]
    heads = {cell.value: cell.column for cell in people[1]}
    for heading, figure in (("Penerima", 90), ("Laki-laki", 40), ("Perempuan", 50)):
        people.cell(2, heads[heading]).value = figure
    file = io.BytesIO()
    book.save(file)
    again = hand_in(file.getvalue(), operator)
    assert {key: kind(again, "quarterly_values")[key] for key in ("new", "changed", "refused")} == {
        "new": 0,
        "changed": 1,
        "refused": 0,
    }
    take_over(again, operator)
    assert report.values.get(indicator=by_region).value == Decimal("77.5")
    reached = report.recipients.get()
    assert (reached.people, reached.male, reached.female, reached.findings) == (90, 40, 50, [])


def test_two_sheets_of_one_report_that_nobody_opened(operator: User) -> None:
    """The first opens it, with blank rows for the second: that is nothing new since the preview."""
    indicator = factories.IndicatorFactory(name="Angka melek huruf")
    program = indicator.program
    sheets = {
        "Indikator": [
            ["triwulan", "id_indikator", "kode_wilayah", "realisasi"],
            [1, indicator.pk, validation_values.province().kemendagri_code, 70],
        ],
        "Penerima": [
            ["triwulan", "id_program", "kode_wilayah", "penerima"],
            [1, program.pk, program.regions.get().kemendagri_code, 90],
        ],
    }
    upload = take_over(hand_in(workbook(sheets), operator), operator)
    assert upload.state == UploadState.APPLIED, upload.problem
    report = Report.objects.get()
    assert (report.values.get().value, report.recipients.get().people) == (70, 90)


@hypothesis.given(st.integers(0, 10_000), st.binary(min_size=1, max_size=40))
@hypothesis.settings(max_examples=60)
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(place: int, noise: bytes) -> None:
    body = bytearray(GOOD)
    place %= len(body)
    body[place : place + len(noise)] = noise
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(body)
        file.flush()
        out = io.BytesIO()
        shapes = [dataset.shape.as_json() for dataset in registry().values()]
        reading.run({"path": file.name, "name": "x.xlsx", "shapes": shapes, "mapping": {}}, out)
    first = json.loads(out.getvalue().splitlines()[0])
    assert "refused" in first or "sheets" in first
