"""A list that was taken over is taken back: every column of every table as it was, or nothing."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.models import Region
from programs.models import AccountRealisation, BudgetIssue, BudgetLine, Program, SubActivity
from tests import factories
from tests.uploads.test_files import EXPECTED, FOLDER, YEAR, _handed_in, made, world
from tests.uploads.test_uploads import LINES, line, workbook
from uploads import permissions, tasks
from uploads import services as uploads
from uploads.choices import UploadState
from uploads.models import Change, Upload

__all__ = ["made", "world"]
# What remembers that something happened: it stays.
KEPT = {"core_auditevent", "core_chainblock", "core_chainentry", "pghistory_context", "programs_reporthand"}
KEPT |= {"dashboards_stalesubject"}  # what the worker is to work out anew
TAKES_OVER = [name for name, wanted in EXPECTED.items() if "refused" not in wanted]


def everything() -> dict[str, list[str]]:
    """Each table's rows as text, but for trails, histories and the uploads themselves."""
    found = {}
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table in KEPT or table.startswith("uploads_") or hasattr(model, "pgh_tracked_model"):
                continue
            if table not in there:
                continue
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t ORDER BY 1')
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def take_over(name: str, by: User) -> Upload:
    upload = _handed_in((FOLDER / name).read_bytes(), name, by)
    uploads.request_apply(pk=upload.pk, by=by, reason="Sudah diperiksa", enqueue=False)
    uploads.apply(upload.pk)
    upload.refresh_from_db()
    assert upload.state == UploadState.APPLIED, upload.problem
    return upload


def take_back(upload: Upload, by: User) -> bool:
    uploads.request_undo(pk=upload.pk, by=by, reason="Berkasnya keliru", enqueue=False)
    done = uploads.take_back(upload.pk)
    upload.refresh_from_db()
    return done


@pytest.mark.parametrize("name", TAKES_OVER)
def test_taking_back_restores_every_column(name: str, world: User) -> None:
    before = everything()
    upload = take_over(name, world)
    is_evidence = any(table == "procurement_contract" for table in upload.changes.values_list("table_name", flat=True))
    done = take_back(upload, world)
    if is_evidence:
        assert not done
        assert "bukti" in upload.problem
        assert upload.state == UploadState.APPLIED
        return
    assert done, upload.problem
    after = everything()
    assert [table for table in before if before[table] != after[table]] == []
    assert upload.state == UploadState.UNDONE
    assert not upload.changes.exists()


AGENCIES = "kode_skpd;nama_skpd;isskpd\n9.02.0.00.0.00.01.0000;Dinas Baru;1\n"
CODES = (
    "kode_urusan;nama_urusan;kode_program;nama_program;kode_sub_giat;nama_sub_giat;mulai_tahun;kunci_tahun\n"
    "9;Urusan;9.01.02;Program;9.01.02.1.01.0001;A;2024;2027\n"
)
PLANS = (
    "visi;misi;tujuan;sasaran;indikator;satuan;target_1;target_2;target_3;target_4;target_5\nV;M;T;S;Ind;%;1;2;3;4;5\n"
)


@pytest.mark.parametrize("text", [AGENCIES, CODES, PLANS], ids=["agencies", "codes", "plans"])
def test_lists_of_a_data_steward_are_taken_back(text: str, world: User) -> None:
    steward = factories.member(Role.DATA_STEWARD)
    before = everything()
    file = SimpleUploadedFile("daftar.csv", text.encode())
    upload = uploads.receive(file=file, agency=None, fiscal_year=YEAR, by=steward, options={})
    uploads.read(upload.pk)
    uploads.request_apply(pk=upload.pk, by=steward, reason="Sudah diperiksa", enqueue=False)
    assert uploads.apply(upload.pk), Upload.objects.get(pk=upload.pk).problem
    assert everything() != before
    upload.refresh_from_db()
    assert take_back(upload, steward), upload.problem
    assert everything() == before


@pytest.mark.parametrize("kind", ["monthly_results", "quarterly_values", "recipients"])
def test_results_are_taken_back(kind: str, world: User) -> None:
    indicator = factories.IndicatorFactory(program=Program.objects.get(), name="Angka melek huruf")
    region = Region.objects.province_and_regencies().exclude(kemendagri_code="64").first()
    indicator.program.regions.add(region)
    sheets: dict[str, list[list[Any]]] = {
        "monthly_results": [["indikator", "realisasi_bulan_3"], [indicator.name, 80]],
        "quarterly_values": [
            ["triwulan", "id_indikator", "kode_wilayah", "realisasi"],
            [1, indicator.pk, "64", 70],
        ],
        "recipients": [
            ["triwulan", "id_program", "kode_wilayah", "penerima"],
            [1, indicator.program_id, region.kemendagri_code, 90],
        ],
    }
    before = everything()
    upload = _handed_in(workbook({"a": sheets[kind]}), "a.xlsx", world)
    assert upload.dataset == kind
    uploads.request_apply(pk=upload.pk, by=world, reason="Sudah diperiksa", enqueue=False)
    assert uploads.apply(upload.pk), Upload.objects.get(pk=upload.pk).problem
    assert everything() != before
    upload.refresh_from_db()
    assert take_back(upload, world), upload.problem
    assert everything() == before


def test_what_was_changed_meanwhile_is_not_written_over(world: User) -> None:
    upload = take_over("realisasi-tanpa-rak.csv", world)
    AccountRealisation.objects.update(realised_rupiah=7)
    assert not take_back(upload, world)
    assert "diubah sementara itu" in upload.problem
    assert AccountRealisation.objects.get().realised_rupiah == 7
    assert upload.state == UploadState.APPLIED


def test_a_later_version_of_the_budget_comes_first(world: User) -> None:
    first = take_over("rka-tanpa-volume.csv", world)
    body = workbook({"a": [LINES, line("1.2.1", "Kertas", 90_000), line("1.2.1", "Tinta", 50_000)]})
    second = _handed_in(body, "a.xlsx", world)
    uploads.request_apply(pk=second.pk, by=world, reason="Diperiksa", enqueue=False)
    uploads.apply(second.pk)
    assert not take_back(first, world)
    assert "lebih baru" in first.problem
    assert take_back(Upload.objects.get(pk=second.pk), world)
    assert take_back(first, world)
    assert BudgetIssue.objects.count() == 1
    assert {row.until_id for row in BudgetLine.objects.all()} == {None}


def test_only_with_a_reason_for_thirty_days_and_by_the_opd(world: User) -> None:
    upload = take_over("realisasi-tanpa-rak.csv", world)
    with pytest.raises(ValidationError, match="mengapa"):
        uploads.request_undo(pk=upload.pk, by=world, reason=" ")
    late = timezone.now() - permissions.UNDO_FOR - dt.timedelta(days=1)
    Upload.objects.filter(pk=upload.pk).update(applied_at=late)
    with pytest.raises(ValidationError, match="30 hari"):
        uploads.request_undo(pk=upload.pk, by=world, reason="x")
    tasks.tidy_uploads()
    assert not upload.changes.exists()


def test_in_the_browser(world: User, client_of: Any) -> None:
    upload = take_over("realisasi-tanpa-rak.csv", world)
    client = client_of(world)
    assert "Tarik kembali" in client.get(upload.get_absolute_url()).content.decode()
    refused = client.post(f"/unggahan/{upload.pk}/tarik-kembali/", {"undo_reason": ""})
    assert refused.status_code == 422
    client.post(f"/unggahan/{upload.pk}/tarik-kembali/", {"undo_reason": "Berkasnya keliru"})
    tasks.undo_upload(upload.pk)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "Ditarik kembali pada" in page
    assert "Berkasnya keliru" in page


def test_nothing_is_remembered_of_other_writes(world: User) -> None:
    Change.objects.all().delete()
    SubActivity.objects.update(location="Samarinda")
    assert not Change.objects.exists()
