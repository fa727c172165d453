"""`manage.py preview_list` and `apply_list`: the same code as the browser's, a line of JSON per row."""

import io
import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Membership, User
from core.choices import Role
from core.importing import trial
from core.importing.versions import row_version
from procurement.models import Package
from procurement.packages.imports import PlannedRow
from programs.models import AccountRealisation, Program, Progress, SubActivity
from tests import factories
from tests.uploads.test_uploads import SUBS, YEAR, hand_in, private_files, sub_row, take_over, workbook
from uploads import services as uploads
from uploads.models import Upload

__all__ = ["private_files"]
Run = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def run(operator: User, tmp_path: Path) -> Run:
    """The lines of the command over a file with this content."""

    def lines(body: bytes | str, *, apply: bool = False, name: str = "daftar.csv", **options: Any) -> Any:
        path = tmp_path / name
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        out = io.StringIO()
        command = "apply_list" if apply else "preview_list"
        options = {"year": YEAR, "username": operator.username, "json": True} | options
        call_command(command, path, stdout=out, **options)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return lines


@pytest.fixture
def subs(operator: User) -> Upload:
    return take_over(hand_in(workbook({"a": [SUBS, sub_row(1), sub_row(2)]}), operator), operator)


def csv(*rows: list[Any]) -> str:
    return "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows)


def test_it_writes_nothing_and_says_each_row(run: Run, operator: User) -> None:
    *rows, last = run(workbook({"a": [SUBS, sub_row(1), sub_row(2, "seribu")]}), name="a.xlsx")
    assert [row["status"] for row in rows] == ["new", "refused"]
    assert rows[0]["sheet"] == "a"
    assert rows[0]["row"] == 2
    assert rows[0]["key"] == "1.2.1"
    assert Decimal(rows[0]["after"]["ceiling_rupiah"]) == 1_000_000_000
    assert "bukan angka" in rows[1]["problems"][0]
    summary = last["summary"]
    assert (summary["new"], summary["refused"], summary["kind"]) == (1, 1, "sub_activities")
    assert Decimal(summary["sum_after"]) == 1_000_000_000
    assert not SubActivity.objects.exists()
    assert not Upload.objects.exists()


@pytest.mark.parametrize("body", [b"", b"%PDF-1.7 x", b"PK\x03\x04rusak", "satu,dua\n1,2\n"])
def test_what_cannot_be_read_ends_with_two_and_a_sentence(body: Any, run: Run) -> None:
    with pytest.raises(CommandError) as refused:
        run(body)
    assert refused.value.returncode == 2
    assert len(str(refused.value)) > 20


def test_whoever_works_for_several_opd_names_one(run: Run, operator: User) -> None:
    other = factories.agency("Dinkes")
    Membership.objects.create(user=operator, agency=other, role=Role.OPERATOR)
    body = workbook({"a": [SUBS, sub_row(1)]})
    with pytest.raises(CommandError, match="--agency") as refused:
        run(body, name="a.xlsx")
    assert refused.value.returncode == 2
    assert run(body, name="a.xlsx", agency=factories.agency().short_name)[-1]["summary"]["new"] == 1


def test_a_list_speaks_only_of_what_it_has(run: Run, operator: User, subs: Upload) -> None:
    """Without the column, or with a blank cell, what stands stays; only the word empties, and is counted."""
    head = ["kode_sbl", "kode_akun", "rak", "realisasi"]
    account = "5.1.02.01.01.0026"
    run(csv(head, ["1.2.1", account, 500_000_000, 10]), apply=True)
    *rows, last = run(csv(["kode_sbl", "kode_akun", "realisasi"], ["1.2.1", account, 20]), apply=True)
    held = AccountRealisation.objects.get()
    assert (held.planned_rupiah, held.realised_rupiah) == (500_000_000, 20)
    assert last["summary"]["emptied"] == 0
    *rows, last = run(csv(head, ["1.2.1", account, "", 20]))
    assert [row["status"] for row in rows] == ["unchanged"]
    *rows, last = run(csv(head, ["1.2.1", account, "Kosongkan", 20]), apply=True)
    assert rows[0]["emptied"] == ["planned_rupiah"]
    assert last["summary"]["emptied"] == 1
    held.refresh_from_db()
    assert held.planned_rupiah is None
    with pytest.raises(CommandError, match="Sebutkan"):
        run(csv(head, ["KOSONGKAN", account, 1, 20]), apply=True)


def test_rows_of_another_year_opd_or_government_are_refused_and_named(run: Run, subs: Upload) -> None:
    other = factories.agency("Dinkes")
    head = [*SUBS, "tahun_anggaran", "nama_skpd", "nama_pemda"]
    good = [*sub_row(3), YEAR, factories.agency().name.upper(), "Pemerintah Provinsi Kalimantan Timur"]
    rows = [
        good,
        [*sub_row(4), YEAR - 1, "", ""],
        [*sub_row(5), YEAR, other.name, ""],
        [*sub_row(6), YEAR, "", "Kota Bontang"],
        [*sub_row(7), YEAR, "Dinas Perhubungan Kabupaten Berau", ""],
    ]
    found = run(workbook({"a": [head, *rows]}), name="a.xlsx")[:-1]
    by_row = {row["row"]: row for row in found}
    assert [by_row[number]["status"] for number in range(2, 7)] == ["new", *["refused"] * 4]
    assert str(YEAR) in by_row[3]["problems"][0]
    assert factories.agency().name in by_row[4]["problems"][0]


def test_rows_that_no_longer_hold_are_left_out(run: Run) -> None:
    head = ["kd_rup", "nama_paket", "jenis_pengadaan", "metode_pengadaan", "pagu", "status_delete_rup"]
    head += ["status_aktif_rup", "status_umumkan_rup"]
    tail = [["FALSE", "TRUE", "Terumumkan"], ["TRUE", "TRUE", "Terumumkan"], ["FALSE", "FALSE", "Terumumkan"]]
    tail += [["FALSE", "TRUE", "Terinisiasi"]]
    rows = [[61000001 + at, "Paket", "Barang", "Tender", 1000, *more] for at, more in enumerate(tail)]
    *found, last = run(csv(head, *rows))
    assert [row["key"] for row in found] == ["61000001"]
    assert any("3 baris" in text for text in last["summary"]["notes"])


def test_a_kind_or_stage_that_is_none_is_told(run: Run, subs: Upload) -> None:
    for options in ({"kind": "rkaa"}, {"stage": "murni"}):
        with pytest.raises(CommandError, match=r"yang ada: .*(budget_lines|original)"):
            run(workbook({"a": [SUBS, sub_row(1)]}), name="a.xlsx", **options)


def test_alarms_want_a_reason(run: Run, operator: User, subs: Upload) -> None:
    *_rows, last = run(workbook({"a": [SUBS, sub_row(1, 1_000)]}), name="a.xlsx")
    assert len(last["summary"]["alarms"]) == 2  # the sum falls, and a value leaps
    with pytest.raises(CommandError, match="Sebutkan"):
        run(workbook({"a": [SUBS, sub_row(1, 1_000)]}), name="a.xlsx", apply=True)
    run(workbook({"a": [SUBS, sub_row(1, 1_000)]}), name="a.xlsx", apply=True, reason="Dipangkas rasionalisasi")
    assert SubActivity.objects.get(sbl_code="1.2.1").ceiling_rupiah == 1_000


def test_who_has_moved_on_does_not_take_over_the_old_list(operator: User, subs: Upload) -> None:
    upload = hand_in(workbook({"a": [SUBS, sub_row(3)]}), operator)
    Membership.objects.filter(user=operator).update(agency=factories.agency("Dinkes"))
    moved = User.objects.get(pk=operator.pk)
    with pytest.raises(PermissionDenied):
        uploads.request_apply(pk=upload.pk, by=moved)
    assert not SubActivity.objects.filter(sbl_code="1.2.3").exists()


def test_rights_are_asked_when_the_worker_takes_over(operator: User, subs: Upload) -> None:
    upload = hand_in(workbook({"a": [SUBS, sub_row(3)]}), operator)
    uploads.request_apply(pk=upload.pk, by=operator, enqueue=False)
    Membership.objects.filter(user=operator, role=Role.OPERATOR).delete()
    uploads.apply(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "preview"
    assert upload.problem
    assert not SubActivity.objects.filter(sbl_code="1.2.3").exists()


def test_participants_without_a_mark_have_no_winner(run: Run, operator: User) -> None:
    package = factories.PackageFactory(rup_code="61000009", created_by=operator)
    Package.objects.filter(pk=package.pk).update(agency=factories.agency(), fiscal_year=YEAR)
    head = ["kd_rup", "nama_peserta", "harga_penawaran", "pemenang"]
    rows = [["61000009", "CV Satu", 100, ""], ["61000009", "CV Dua", 90, ""]]
    found = run(csv(head, *rows), apply=True)[:-1]
    assert [row["status"] for row in found] == ["new", "new"]
    assert package.offers.count() == 2
    assert not package.awards.exists()


def test_an_opds_own_headings_are_learnt_and_the_likeliest_are_offered(run: Run, operator: User, subs: Upload) -> None:
    body = csv(["Kode S.B.L", "Rek. Belanja", "Nilai Cair"], ["1.2.1", "5.1.02.01.01.0026", 20])
    upload = hand_in(body.encode(), operator, name="a.csv")
    assert upload.state == "mapping"
    page = factories.signed_in(operator).get(upload.get_absolute_url()).content.decode()
    chosen = re.search(r'<option value="Kode S.B.L"\s+selected>', page)
    assert chosen, "the likeliest heading is not preselected"
    assert "% mirip" in page
    columns = {"sbl_code": "Kode S.B.L", "account_code": "Rek. Belanja", "realised_rupiah": "Nilai Cair"}
    mapping = {"CSV": {"shape": "account_realisations", "columns": columns}}
    uploads.assign_columns(upload=upload, mapping=mapping, by=operator)
    uploads.read(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "preview"
    *rows, last = run(body)
    assert [row["status"] for row in rows] == ["new"]
    assert last["summary"]["kind"] == "account_realisations"


def test_a_row_that_changed_in_the_portal_is_a_conflict_with_both_values(run: Run, subs: Upload) -> None:
    """A workbook that the portal gave out says from which state each row was made."""
    head = ["bulan", "kode_sbl", "rak", "versi_baris"]
    Program.objects.update(
        state="registered", registered_at=timezone.now(), problem_statement="x", target_group="y", target_count=1
    )
    run(csv(head[:3], [1, "1.2.1", 100]), apply=True, kind="rfk")
    row = Progress.objects.get(sub_activity__sbl_code="1.2.1")
    version = row_version(getattr(row, name) for name in Progress.TYPED)
    Progress.objects.update(planned_rupiah=150)
    *rows, last = run(csv(head, [1, "1.2.1", 120, version]), kind="rfk")
    assert [each["status"] for each in rows] == ["conflict"]
    assert "150" in rows[0]["problems"][0]
    assert "120" in rows[0]["problems"][0]
    assert last["summary"]["conflict"] == 1
    same = run(csv(head, [1, "1.2.1", 150, version]), kind="rfk")
    assert same[0]["status"] == "unchanged"


def test_the_preview_says_choices_in_words(run: Run, operator: User) -> None:
    head = ["kd_rup", "nama_paket", "jenis_pengadaan", "metode_pengadaan", "pagu"]
    upload = hand_in(csv(head, [61000061, "Kursi", "Barang", "Kontes", 1000]).encode(), operator, name="a.csv")
    page = factories.signed_in(operator).get(upload.get_absolute_url()).content.decode()
    assert "Sayembara atau kontes" in page
    assert "contest" not in page


def test_a_conflict_names_the_column_that_was_changed_in_the_portal(run: Run, subs: Upload) -> None:
    """The list's own change of another column is no conflict of its own."""
    head = ["bulan", "kode_sbl", "rak", "realisasi_anggaran", "versi_baris"]
    Program.objects.update(
        state="registered", registered_at=timezone.now(), problem_statement="x", target_group="y", target_count=1
    )
    run(csv(head[:4], [1, "1.2.1", 100, 50]), apply=True, kind="rfk")
    row = Progress.objects.get(sub_activity__sbl_code="1.2.1")
    version = row_version(getattr(row, name) for name in Progress.TYPED)
    Progress.objects.update(planned_rupiah=150)
    both = run(csv(head, [1, "1.2.1", 100, 55, version]), kind="rfk")[0]
    assert both["status"] == "conflict"
    assert both["problems"][0].startswith("planned_rupiah")
    assert "150" in both["problems"][0]
    other = run(csv([*head[:2], *head[3:]], [1, "1.2.1", 55, version]), kind="rfk")[0]
    assert other["status"] == "conflict"
    assert "planned_rupiah" in other["problems"][0]
    unknown = run(csv(head, [1, "1.2.1", 150, 55, "deadbeef0000"]), kind="rfk")[0]
    assert unknown["problems"][0].startswith("financial_rupiah")


def test_the_order_of_contradicting_rows_decides_nothing(run: Run, subs: Upload) -> None:
    head = ["kode_sbl", "kode_akun", "realisasi"]
    rows = [["1.2.1", "5.1.02.01.01.0026", amount] for amount in (1, 2, 1)] + [["1.2.1", "5.1.02.01.01.0027", 5]]
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]):
        *found, last = run(csv(head, *(rows[at] for at in order)))
        assert sorted(each["status"] for each in found) == ["new", "refused", "refused", "refused"]
        assert last["summary"]["sum_after"] == "5.00"


@pytest.mark.parametrize(
    ("title", "file", "alarms"),
    [
        ("LAPORAN REALISASI DINAS KESEHATAN", "a.csv", 1),
        ("Rekap Dinkes", "a.csv", 1),
        ("Rekap", "RFK_Dinkes.csv", 1),
        ("SKPD : Dinas Perhubungan", "a.csv", 1),
        ("Kota Bontang", "a.csv", 1),
        ("Realisasi s.d. 31 Desember 2025", "a.csv", 1),
        ("Realisasi s.d. 30 Juni 2026", "unduhan 2025.csv", 0),
        ("Dinas Pendidikan dan Kebudayaan Provinsi Kalimantan Timur", "a.csv", 0),
        ("Rekap", "20251231.csv", 0),
    ],
)
def test_titles_and_names_of_elsewhere_want_a_reason(
    run: Run, subs: Upload, title: str, file: str, alarms: int
) -> None:
    body = f"{title};;\n" + csv(["kode_sbl", "kode_akun", "realisasi"], ["1.2.1", "5.1.02.01.01.0026", 5])
    *rows, last = run(body, name=file)
    assert [each["status"] for each in rows] == ["new"]
    assert len(last["summary"]["alarms"]) == alarms, last["summary"]["alarms"]


def _below_its_estimate() -> tuple[Package, str]:
    """A package, and a list with a ceiling below its HPS and another row that is right."""
    package = factories.PackageFactory(
        agency=factories.agency(), fiscal_year=YEAR, rup_code="61000001", ceiling_rupiah=200, hps_rupiah=140
    )
    head = ["kd_rup", "nama_paket", "metode_pengadaan", "jenis_pengadaan", "pagu"]
    rows = csv(head, [61000001, package.name, "Tender", "Barang", 100], [61000002, "Lain", "Tender", "Barang", 5])
    return package, rows


def test_what_the_database_would_refuse_is_refused_at_its_row(run: Run, operator: User) -> None:
    package, rows = _below_its_estimate()
    *found, _last = run(rows, apply=True, reason="Turun")
    assert {row["row"]: row["status"] for row in found} == {2: "refused", 3: "new"}
    assert "HPS" in " ".join(found[[row["row"] for row in found].index(2)]["problems"])
    package.refresh_from_db()
    assert package.ceiling_rupiah == 200
    assert Package.objects.count() == 2


def test_what_only_taking_over_finds_is_told_in_words_and_nothing_is_taken(
    run: Run, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule that the kind of list doesn't look at itself, in one that is too long for a trial."""
    monkeypatch.setattr(trial, "MOST_ROWS", 0)
    monkeypatch.setattr(PlannedRow, "hps", None)
    package, rows = _below_its_estimate()
    with pytest.raises(CommandError, match="HPS") as refused:
        run(rows, apply=True, reason="Turun")
    assert refused.value.returncode == 2
    package.refresh_from_db()
    assert package.ceiling_rupiah == 200
    assert Package.objects.count() == 1


def test_figures_beyond_all_measure_are_shown_whole(run: Run, subs: Upload) -> None:
    head = ["kode_sbl", "kode_akun", "nama_komponen", "volume", "harga_satuan", "rincian"]
    most = 99_999_999_999_999_999
    row = ["1.2.1", "5.1.02.01.01.0026", "Kertas", most, most, most]
    *rows, _last = run(csv(head, row))
    assert "Rp9.999.999.999.999.999.800.000.000.000.000.001" in " ".join(rows[0]["problems"])
