"""A workbook whose sheets hang on one another, and previews that no longer hold when they are taken over."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from core.importing.datasets import registry
from core.locks import lock_number
from core.models import Region
from core.periods import Period, PeriodKind
from programs.models import AccountRealisation, BudgetLine, Program, Progress, SubActivity
from programs.reports import services as report_services
from tests import factories
from tests.uploads.handing_in import PreviewFile, preview_file
from tests.uploads.test_files import ACCOUNT, YEAR, _everything, _handed_in, made, world
from tests.uploads.test_uploads import LINES, SUBS, line, sub_row, workbook
from uploads import services as uploads
from uploads.choices import UploadState
from uploads.models import Upload, UploadProblem

__all__ = ["made", "preview_file", "world"]
SPENT = ["kode_sbl", "kode_akun", "realisasi"]
Sheets = dict[str, list[list[Any]]]


def sheets(ceiling: int = 900_000) -> Sheets:
    return {
        "Realisasi": [SPENT, ["1.2.3", ACCOUNT, 400_000], ["1.2.9", ACCOUNT, 5]],
        "RKA": [LINES, line("1.2.3", "Kertas", 100_000), line("1.2.3", "Tinta", 50_000)],
        "Sub": [SUBS, sub_row(3, ceiling)],
    }


def handed_in(content: Sheets, by: User) -> Upload:
    return _handed_in(workbook(content), "a.xlsx", by)


def take_over(upload: Upload, by: User) -> Upload:
    uploads.request_apply(pk=upload.pk, by=by, reason="Sudah diperiksa", enqueue=False)
    uploads.apply(upload.pk)
    upload.refresh_from_db()
    return upload


def test_rows_of_what_another_sheet_brings(preview_file: PreviewFile) -> None:
    before = _everything()
    found = preview_file(sheets())
    statuses = {(row["sheet"], row["row"]): row["status"] for row in found.rows}
    assert statuses == {
        ("Sub", 2): "new",
        ("RKA", 2): "new",
        ("RKA", 3): "new",
        ("Realisasi", 2): "new",
        ("Realisasi", 3): "refused",
    }
    assert _everything() == before


def test_the_other_sheet_refused_takes_its_rows_along(preview_file: PreviewFile) -> None:
    found = preview_file(sheets(-1))
    assert set(found.statuses) == {"refused"}


def test_they_are_taken_over_together_and_back(world: User) -> None:
    before = _everything()
    upload = handed_in(sheets(), world)
    assert upload.state == UploadState.PREVIEW
    assert take_over(upload, world).state == UploadState.APPLIED, upload.problem
    assert upload.counts["applied"]["new"] == 4
    assert upload.counts["applied"]["refused"] == 1
    sub = SubActivity.objects.get(sbl_code="1.2.3")
    assert AccountRealisation.objects.get(sub_activity=sub).realised_rupiah == Decimal(400_000)
    assert BudgetLine.objects.filter(sub_activity=sub).count() == 2
    uploads.request_undo(pk=upload.pk, by=world, reason="Salah berkas", enqueue=False)
    assert uploads.take_back(upload.pk), Upload.objects.get(pk=upload.pk).problem
    assert _everything() == before


def test_new_lines_are_shown_as_they_were_read(world: User) -> None:
    upload = handed_in(sheets(), world)
    shown = upload.counts["examples"]["budget_lines"]
    assert [kind for kind, *_rest in shown] == ["new", "new"]
    assert shown[0][3] == "1 buah × Rp100.000 = Rp100.000"
    page = factories.signed_in(world).get(upload.get_absolute_url()).content.decode()
    kinds = [registry()[kind] for kind in ("sub_activities", "budget_lines", "account_realisations")]
    places = [page.index(escape(str(kind.label))) for kind in kinds]
    assert places == sorted(places)


def test_contracts_of_packages_that_come_along(preview_file: PreviewFile) -> None:
    found = preview_file(
        {
            "SPSE": [
                ["kd_rup", "nama_penyedia", "nilai_kontrak", "no_kontrak", "tgl_kontrak"],
                ["61000090", "CV Baru", 4_000_000, "K/9", f"{YEAR}-03-01"],
            ],
            "RUP": [
                ["kode_rup", "nama_paket", "pagu", "metode", "jenisPengadaan"],
                ["61000090", "Meja", 5_000_000, "Tender", "Barang"],
            ],
        }
    )
    assert found.statuses == ["new", "new"], found.problems


RFK = ["bulan", "kode_sbl", "realisasi_anggaran", "realisasi_fisik"]


@pytest.fixture
def rfk(world: User) -> Upload:
    upload = handed_in({"a": [RFK, [3, "1.2.1", 50, 5], [3, "1.2.2", 60, 6]]}, world)
    assert upload.counts["kinds"]["rfk"]["new"] == 2
    return upload


def test_a_row_that_can_no_longer_be_taken_over_shows_the_preview_anew(rfk: Upload, world: User) -> None:
    """Nobody has agreed to what is left of the list."""
    SubActivity.objects.filter(sbl_code="1.2.2").update(ceiling_rupiah=10)
    assert take_over(rfk, world).state == UploadState.PREVIEW
    assert not Progress.objects.filter(financial_rupiah=50).exists()
    assert "1 baris" in rfk.problem
    assert rfk.counts["kinds"]["rfk"]["refused"] == 1
    assert UploadProblem.objects.get(upload=rfk).row == 3
    page = factories.signed_in(world).get(rfk.get_absolute_url()).content.decode()
    assert "sejak pratinjau" in page
    assert take_over(rfk, world).state == UploadState.APPLIED
    assert Progress.objects.get(financial_rupiah=50).sub_activity.sbl_code == "1.2.1"


def test_a_programme_that_is_a_draft_again(rfk: Upload, world: User) -> None:
    Program.objects.update(state="draft", registered_at=None)
    assert take_over(rfk, world).state == UploadState.PREVIEW
    assert rfk.counts["kinds"]["rfk"]["refused"] == 2


def test_an_unchanged_portal_takes_over_what_the_preview_said(world: User) -> None:
    """Rows that stand or fall with a refused one are refused in the preview already."""
    documents = [
        [*SPENT, "nomor_dokumen", "tanggal_dokumen"],
        ["1.2.1", ACCOUNT, 5, "SP2D/1", f"{YEAR}-03-01"],
        ["1.2.1", ACCOUNT, 2_000_000_000, "SP2D/2", f"{YEAR}-03-01"],
        ["1.2.2", ACCOUNT, 7, "SP2D/3", f"{YEAR}-03-01"],
    ]
    upload = handed_in({"a": documents}, world)
    kind = upload.counts["kinds"]["account_realisations"]
    assert (kind["new"], kind["refused"]) == (1, 2)
    assert take_over(upload, world).state == UploadState.APPLIED
    assert upload.counts["applied"]["refused"] == 2
    assert timezone.now() >= upload.applied_at


def test_what_was_entered_since_the_preview_is_not_written_over(rfk: Upload, world: User) -> None:
    """The preview said that the rows are new; meanwhile another list brought them."""
    other = handed_in({"a": [RFK, [3, "1.2.1", 51, 5], [3, "1.2.2", 60, 6]]}, world)
    assert take_over(rfk, world).state == UploadState.APPLIED
    assert take_over(other, world).state == UploadState.PREVIEW
    assert "sejak pratinjau" in other.problem
    assert Progress.objects.filter(financial_rupiah=50).exists()
    kind = other.counts["kinds"]["rfk"]
    assert (kind["new"], kind["changed"], kind["unchanged"]) == (0, 1, 1)
    assert take_over(other, world).state == UploadState.APPLIED
    assert Progress.objects.filter(financial_rupiah=51).exists()


def test_a_row_that_was_unchanged_would_be_written_back(world: User) -> None:
    """Whoever saw “unchanged” agreed to no change."""
    upload = handed_in({"a": [SPENT, ["1.2.1", ACCOUNT, 100_000_000]]}, world)
    assert upload.counts["kinds"]["account_realisations"]["unchanged"] == 1
    AccountRealisation.objects.update(realised_rupiah=120_000_000)
    assert take_over(upload, world).state == UploadState.PREVIEW
    assert AccountRealisation.objects.get().realised_rupiah == 120_000_000
    assert upload.counts["kinds"]["account_realisations"]["changed"] == 1


def test_what_the_list_does_not_touch_may_change(world: User) -> None:
    upload = handed_in({"a": [SPENT, ["1.2.1", ACCOUNT, 110_000_000]]}, world)
    AccountRealisation.objects.update(planned_rupiah=400_000_000)
    assert take_over(upload, world).state == UploadState.APPLIED
    assert AccountRealisation.objects.get().realised_rupiah == 110_000_000


def test_a_report_that_was_opened_since_holds_nothing_yet(rfk: Upload, world: User) -> None:
    report_services.open_report(program=Program.objects.get(), period=Period(YEAR, PeriodKind.MONTH, 3), by=world)
    assert take_over(rfk, world).state == UploadState.APPLIED, rfk.problem


def test_budget_lines_of_the_same_sub_activity_taken_over_since(world: User) -> None:
    first, second, elsewhere = (
        handed_in({"a": [LINES, line(sub, "Kertas", amount, account=ACCOUNT)]}, world)
        for sub, amount in (("1.2.1", 110_000), ("1.2.1", 120_000), ("1.2.2", 90_000))
    )
    assert take_over(first, world).state == UploadState.APPLIED
    assert take_over(second, world).state == UploadState.PREVIEW
    assert BudgetLine.objects.get(sub_activity__sbl_code="1.2.1", until=None).amount_rupiah == 110_000
    assert take_over(elsewhere, world).state == UploadState.APPLIED, elsewhere.problem


def test_a_row_on_another_sheet_is_named_with_it(preview_file: PreviewFile) -> None:
    found = preview_file(
        {
            "Januari": [SPENT, ["1.2.1", ACCOUNT, 5]],
            "Februari": [SPENT, ["1.2.2", ACCOUNT, 1], ["1.2.1", ACCOUNT, 6]],
        }
    )
    told = {(row["sheet"], row["row"]): " ".join(row["problems"]) for row in found.rows if row["status"] == "refused"}
    assert "baris 3 (lembar “Februari”)" in told["Januari", 2]
    assert "baris 2 (lembar “Januari”)" in told["Februari", 3]
    alone = preview_file({"Januari": [SPENT, ["1.2.1", ACCOUNT, 5], ["1.2.1", ACCOUNT, 6]]})
    assert "di baris 3 dengan isi" in alone.problems


def test_the_preview_says_which_value_is_which(rfk: Upload, world: User) -> None:
    shown = {kind: (before, after) for kind, _name, before, after in rfk.counts["examples"]["rfk"]}
    assert shown["new"][1] in {f"realisasi_anggaran: {a}; realisasi_fisik: {b}" for a, b in ((50, 5), (60, 6))}
    take_over(rfk, world)
    again = handed_in({"a": [[*RFK, "rak"], [3, "1.2.1", 55, 5, "KOSONGKAN"]]}, world)
    ((kind, _name, before, after),) = again.counts["examples"]["rfk"]
    assert (kind, before, after) == ("changed", "realisasi_anggaran: 50", "realisasi_anggaran: 55")


def test_lists_of_one_opd_and_year_wait_for_one_another(rfk: Upload, world: User) -> None:
    """In the transaction that writes, until it ends: the second compares with what the first wrote."""
    take_over(rfk, world)
    number = lock_number(f"list:{rfk.agency_id}:{rfk.fiscal_year}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (classid::bigint << 32 | objid::bigint) FROM pg_locks"
            " WHERE locktype = 'advisory' AND objsubid = 1 AND pid = pg_backend_pid()"
        )
        assert number in {held for (held,) in cursor.fetchall()}


def test_a_workbook_of_every_kind_is_what_its_preview_said(world: User) -> None:
    """What one sheet brings is no change since the preview for the next."""
    indicator = factories.IndicatorFactory(program=Program.objects.get(), name="Angka melek huruf")
    region = Region.objects.province_and_regencies().exclude(kemendagri_code="64").first()
    assert region is not None
    indicator.program.regions.add(region)
    content = sheets() | {
        "RFK": [RFK, [3, "1.2.1", 50, 5]],
        "Renja": [["indikator", "realisasi_bulan_3"], [indicator.name, 80]],
        "Indikator": [
            ["triwulan", "id_indikator", "kode_wilayah", "penjelasan", "realisasi"],
            [1, indicator.pk, "64", "Tetap", 80],
        ],
        "Penerima": [
            ["triwulan", "id_program", "kode_wilayah", "penerima"],
            [1, indicator.program_id, region.kemendagri_code, 9],
        ],
        "RUP": [
            ["kode_rup", "nama_paket", "pagu", "metode", "jenisPengadaan"],
            ["61000090", "Meja", 5_000_000, "Tender", "Barang"],
        ],
        "Kode": [["kd_rup", "kd_tender"], ["61000090", "555"]],
        "SPSE": [
            ["kd_tender", "nama_penyedia", "npwp_penyedia", "nilai_penawaran", "pemenang"],
            ["0555", "CV Baru", "", 4_000_000, "ya"],
        ],
    }
    upload = handed_in(content, world)
    assert set(upload.counts["kinds"]) - {"cells"} == {
        *("sub_activities", "budget_lines", "account_realisations", "rfk", "monthly_results", "quarterly_values"),
        *("recipients", "sirup_packages", "tender_codes", "tender_results"),
    }
    assert take_over(upload, world).state == UploadState.APPLIED, upload.problem
    assert upload.counts["applied"]["refused"] == 1
    again = handed_in(content, world)
    counts = [kind for kind in again.counts["kinds"].values() if isinstance(kind, dict)]
    assert [(kind["new"], kind["changed"]) for kind in counts] == [(0, 0)] * 10
