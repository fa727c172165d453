"""What an auditor takes away and brings back, flags put aside, thresholds tried, leads reviewed, data of others."""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import User
from accounts.sign_in import limits
from core import private_files, queue
from core.choices import Role
from core.models import AuditEvent
from procurement.audit import files as audit_files
from procurement.audit import tasks as audit_tasks
from procurement.choices import OfficerRole
from procurement.declarations import services as declaration_services
from procurement.leads import matching
from procurement.models import (
    AuditExport,
    Flag,
    GateOverride,
    Interest,
    Lead,
    Offer,
    Officer,
    OutsideDataset,
    Package,
    SavedFilter,
    SupplierPerson,
)
from procurement.red_flags import external_data
from procurement.red_flags import services as flag_services
from procurement.red_flags import tasks as flag_tasks
from tests import factories
from tests.private_folder import keep_private_files_in

ClientOf = Callable[[User], Client]
REPORT = "/audit/pengadaan/unduh/"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    keep_private_files_in(settings, tmp_path)


@pytest.fixture
def doubtful(db: None) -> Package:
    """Two offers at one price (R028) and a name that begins like a formula."""
    package = factories.PackageFactory(name="=2+2 kursi", method="tender")
    for _number in range(2):
        Offer.objects.create(package=package, supplier=factories.supplier(), amount_rupiah=7_000_000, state="valid")
    flag_services.run()
    assert Flag.objects.filter(code="R028", package=package).exists()
    return package


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_each_format_is_issued_and_recognised(doubtful: Package, auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    files = {
        kind: client.post(REPORT, {"format": kind, "filters": ""})
        for kind in (
            "daftar-xlsx",
            "daftar-csv",
            "daftar-json",
            "kertas_kerja-xlsx",
            "kertas_kerja-pdf",
        )
    }
    contents = {kind: body(answer) for kind, answer in files.items()}
    assert contents["kertas_kerja-pdf"].startswith(b"%PDF")
    assert b"'=2+2 kursi" in contents["daftar-csv"]
    releases = json.loads(contents["daftar-json"])["releases"]
    assert [release["ocid"] for release in releases] == [f"ocds-kaltim-{doubtful.rup_code}"]
    paper = openpyxl.load_workbook(io.BytesIO(contents["kertas_kerja-xlsx"]))
    assert [name[:2] for name in paper.sheetnames] == ["A ", "B ", "C ", "D ", "E ", "F ", "G ", "Ke"]
    flags = [row[2] for row in paper[paper.sheetnames[1]].iter_rows(min_row=2, values_only=True)]
    assert "R028" in flags
    facts = {row[0]: row[1] for row in paper["Keterangan"].iter_rows(values_only=True)}
    assert facts["Dibuat oleh"].startswith(str(auditor))
    assert "Perpres 16/2018" in facts["Dasar hukum"]
    for kind, content in contents.items():
        known = client.post("/verifikasi/", {"file": SimpleUploadedFile("x", content)}).content.decode()
        assert files[kind]["X-File-SHA256"] in known
        assert AuditExport.objects.get(sha256=files[kind]["X-File-SHA256"]).file_name in known
        changed = client.post("/verifikasi/", {"file": SimpleUploadedFile("x", content + b" ")}).content.decode()
        assert "tidak pernah menerbitkan berkas ini" in changed
        assert AuditExport.objects.get(sha256=files[kind]["X-File-SHA256"]).file_name not in changed
    assert AuditEvent.objects.filter(action="procurement_report.exported").count() == len(files)


def test_the_working_paper_says_what_the_page_says(doubtful: Package, auditor: User, client_of: ClientOf) -> None:
    """In words, with the suppliers' names, one row for what the page counts as one, and the limits with their days."""
    asked = client_of(auditor).post(REPORT, {"format": "kertas_kerja-xlsx", "filters": ""})
    paper = openpyxl.load_workbook(io.BytesIO(body(asked)))
    sheets = {name[0]: list(paper[name].iter_rows(min_row=2, values_only=True)) for name in paper.sheetnames}
    found = [row for row in sheets["B"] if row[2]]
    text = " ".join(str(cell) for row in (*found, *sheets["F"]) for cell in row)
    assert "{" not in text
    assert "ID-KALTIM" not in text
    assert all(offer.supplier.name in text for offer in doubtful.offers.all())
    findings = Flag.objects.ours().filter(package__isnull=False, closed_at__isnull=True).findings()
    assert len(found) == findings.count()
    facts = {row[0]: row[1] for row in paper["Keterangan"].iter_rows(values_only=True)}
    assert facts["Bendera merah"].startswith(f"{len(found)} diangkat, 0 dikesampingkan")
    limits = [row for row in sheets["G"] if row[0]]
    assert limits
    assert all(row[2] and row[4] for row in limits), "since when, and by what"


def test_a_large_file_is_made_by_the_worker_with_progress(
    doubtful: Package, auditor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_files, "AT_ONCE", dict.fromkeys(audit_files.AT_ONCE, 0))
    monkeypatch.setattr(queue, "send_after_commit", lambda _task, _pk: None)
    client = client_of(auditor)
    answer = client.post(REPORT, {"format": "kertas_kerja-xlsx", "filters": "method=tender"})
    export = AuditExport.objects.get()
    assert answer.url == f"/audit/berkas/{export.pk}/"
    assert "0 dari 1 baris" in client.get(answer.url).content.decode()
    assert client.get(f"{answer.url}unduh/").status_code == 404, "not there yet"
    audit_tasks.issue(export.pk)
    export.refresh_from_db()
    assert export.state == "ready"
    assert export.sha256 in client.get(answer.url).content.decode()
    assert body(client.get(f"{answer.url}unduh/")).startswith(b"PK")
    assert audit_tasks.issue(export.pk) == "ready", "handed over twice, made once"
    assert AuditEvent.objects.filter(action="procurement_report.exported").count() == 1


def test_filters_are_kept_under_a_name(auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    client.post("/audit/pengadaan/saringan/", {"name": "Tender saja", "filters": "method=tender"})
    client.post("/audit/pengadaan/saringan/", {"name": "Tender saja", "filters": "method=tender"})
    row = SavedFilter.objects.get()
    assert "Tender saja" in client.get("/audit/pengadaan/").content.decode()
    client.post("/audit/pengadaan/saringan/", {"forget": row.pk})
    assert not SavedFilter.objects.exists()


def test_a_flag_is_put_aside_with_a_reason_and_stays_aside(
    doubtful: Package, auditor: User, client_of: ClientOf
) -> None:
    client = client_of(auditor)
    flag = Flag.objects.get(code="R028", package=doubtful)
    client.post(f"/bendera/{flag.pk}/kesampingkan/", {"reason": ""})
    flag.refresh_from_db()
    assert flag.suppressed_at is None
    client.post(f"/bendera/{flag.pk}/kesampingkan/", {"reason": "Harga katalog"})
    flag_services.run()
    flag.refresh_from_db()
    assert (flag.suppressed_because, flag.suppressed_by) == ("Harga katalog", auditor)
    page = client.get("/bendera/", {"code": "R028"}).content.decode()
    assert "Harga katalog" in page
    client.post(f"/bendera/{flag.pk}/kesampingkan/", {"reason": "Salah paket", "act": "restore"})
    flag.refresh_from_db()
    assert flag.suppressed_at is None
    assert set(AuditEvent.objects.filter(action__startswith="flag.").values_list("action", flat=True)) == {
        "flag.suppressed",
        "flag.restored",
    }


def test_a_threshold_is_tried_without_changing_anything(auditor: User, client_of: ClientOf) -> None:
    package = factories.PackageFactory(method="tender", hps_rupiah=100_000_000)
    supplier = factories.supplier()
    day = timezone.localdate()
    from procurement.models import Contract

    Contract.objects.create(
        package=package, supplier=supplier, number="1", signed_on=day, value_rupiah=97_000_000, entered_by=auditor
    )
    before = Flag.objects.count()
    page = client_of(auditor).get("/bendera/uji/", {"kode": "K02", "share": "0,95", "coba": "1"})
    trial = page.context["trial"]
    assert (trial.before, trial.after) == (0, 1)
    assert trial.new == [f"ocds-kaltim-{package.rup_code}"]
    assert Flag.objects.count() == before
    assert client_of(auditor).get("/bendera/uji/", {"kode": "K02", "share": "banyak", "coba": "1"}).status_code == 422


@pytest.mark.parametrize(
    ("code", "name"), [("K01", "days"), ("K14", "successor_days"), ("R048", "digits"), ("K11", "rupiah")]
)
@pytest.mark.parametrize("typed", ["11,234", "1,5", "0,1", "-1", "9" * 19, "Infinity", "1e400", "1e5", "NaN", "--1"])
def test_a_threshold_that_no_rule_can_use_is_told(
    code: str, name: str, typed: str, auditor: User, client_of: ClientOf
) -> None:
    answer = client_of(auditor).get("/bendera/uji/", {"kode": code, name: typed, "coba": "1"})
    assert answer.status_code == 422
    assert typed in answer.content.decode(), "what was typed stays"


def test_a_threshold_is_read_as_it_is_written_here(auditor: User, client_of: ClientOf) -> None:
    answer = client_of(auditor).get("/bendera/uji/", {"kode": "K11", "rupiah": "1.500.000.000", "coba": "1"})
    assert answer.status_code == 200
    assert answer.context["trial"] is not None


def test_a_lead_is_reviewed_with_a_finding(auditor: User, operator: User, client_of: ClientOf) -> None:
    package = factories.PackageFactory()
    supplier = factories.supplier()
    SupplierPerson.objects.create(supplier=supplier, name="Siti", role="director", identity="6472010101800005")
    Offer.objects.create(package=package, supplier=supplier, amount_rupiah=5)
    officer = Officer.objects.create(package=package, user=operator, role=OfficerRole.COMMITMENT_OFFICER)
    interest = Interest(
        kind="family", nature="actual", party_name="Siti", relation="adik", party_identity="6472010101800005"
    )
    declaration_services.declare(officer=officer, by=operator, interests=[interest])
    matching.match()
    lead = Lead.objects.get()
    client = client_of(auditor)
    assert "Siti" in client.get("/petunjuk/").content.decode()
    assert client.post(f"/petunjuk/{lead.pk}/tinjau/", {"state": "confirmed", "note": ""}).status_code == 422
    client.post(f"/petunjuk/{lead.pk}/tinjau/", {"state": "confirmed", "note": "Adik kandung, direktur."})
    matching.match()
    lead.refresh_from_db()
    assert (lead.state, lead.note, lead.reviewed_by) == ("confirmed", "Adik kandung, direktur.", auditor)
    assert "Siti" in client.get(f"/pengadaan/{package.pk}/keterkaitan/").content.decode()


def test_a_head_may_override_with_a_reason_that_stands_in_the_paper(
    head: User, auditor: User, operator: User, client_of: ClientOf
) -> None:
    package = factories.PackageFactory()
    client = client_of(head)
    assert client.post(f"/pengadaan/{package.pk}/lewati/", {"reason": ""}).status_code == 422
    client.post(f"/pengadaan/{package.pk}/lewati/", {"reason": "Banjir, darurat."})
    assert GateOverride.objects.get().obstacles
    client_of(operator).post(f"/pengadaan/{package.pk}/langkah/", {"state": "announced", "version": package.version})
    package.refresh_from_db()
    assert package.state == "announced"
    paper = body(client_of(auditor).post(REPORT, {"format": "kertas_kerja-xlsx", "filters": ""}))
    sheet = openpyxl.load_workbook(io.BytesIO(paper))
    assert "Banjir, darurat." in [row[3] for row in sheet[sheet.sheetnames[3]].iter_rows(values_only=True)]


def test_data_of_others_are_loaded_in_the_browser(
    auditor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[int] = []
    monkeypatch.setattr(queue, "send_after_commit", lambda _task, pk: queued.append(pk))
    client = client_of(auditor)
    bid = {"status": "valid", "value": {"amount": 5, "currency": "IDR"}}
    release = {
        "ocid": "ocds-x-1",
        "bids": {"details": [bid | {"id": n, "tenderers": [{"id": n}]} for n in "ab"]},
        "awards": [{"id": "1", "status": "active", "suppliers": [{"id": "a"}]}],
    }
    text = json.dumps(release) + "\nbukan json\n"
    answer = client.post(
        "/bendera/luar/", {"name": "Kota Lain", "file": SimpleUploadedFile("lain.jsonl", text.encode())}
    )
    dataset = OutsideDataset.objects.get()
    assert (answer.url, queued) == (f"/bendera/luar/{dataset.pk}/", [dataset.pk])
    assert "sedang dibaca" in client.get(answer.url).content.decode()
    assert flag_tasks.take_over_outside(dataset.pk) == "ready"
    page = client.get(answer.url).content.decode()
    assert "R028" in page
    assert "ocds-x-1" in page
    assert "2:" in page, "the line that is no JSON is told"
    assert not private_files.exists(external_data.FOLDER, OutsideDataset.objects.get().stored_as), "not kept twice"
    assert "ocds-x-1" not in client.get("/bendera/").content.decode(), "ours and others' stay apart"
    empty = client.post("/bendera/luar/", {"name": "Kosong", "file": SimpleUploadedFile("x.json", b"{}")})
    flag_tasks.take_over_outside(queued[-1])
    assert "Tidak ada rilis OCDS" in client.get(empty.url).content.decode()
    client.post(f"/bendera/luar/{dataset.pk}/hapus/")
    assert not Flag.objects.filter(dataset__isnull=False).exists()
    assert client_of(factories.member(Role.OPERATOR)).get("/bendera/luar/").status_code == 403


def test_the_two_halves_raise_what_the_whole_raises(db: None) -> None:
    """A nightly run shares the rules between two sessions; each needs only its own facts and closes only its own
    flags."""
    from kaltim_portal.demo_data.planted import plant
    from procurement.red_flags.facts import BID_FACTS, RunHalf
    from procurement.red_flags.rules import RULES

    plant(factories.agency(), 2025, factories.UserFactory(), factories.member(Role.AGENCY_HEAD))
    parameters = flag_services.parameters_on(timezone.localdate())
    whole = flag_services._run(None, parameters, None)
    raised = set(Flag.objects.raised().values_list("code", "key"))
    Flag.objects.update(closed_at=timezone.now())
    halves = [flag_services._run(None, parameters, part) for part in RunHalf]
    assert halves[0] | halves[1] == whole
    assert not set(halves[0]) & set(halves[1])
    assert min(len(half) for half in halves) > 5
    assert set(Flag.objects.raised().values_list("code", "key")) == raised
    Offer.objects.all().delete()
    flag_services._run(None, parameters, RunHalf.BIDS)
    asks_for_bids = (*BID_FACTS, "tenderers")  # R018 reads how many they are from the package
    kept = {code for code, _key in raised if not any(name in RULES[code].sql for name in asks_for_bids)}
    assert kept < {code for code, _key in raised}
    assert {code for code, _key in Flag.objects.raised().values_list("code", "key")} == kept


def test_a_run_after_one_that_was_rolled_back(db: None) -> None:
    """A session's first temporary table may have been rolled back: its buffers cannot be set any more, and need not
    be."""
    from django.db import transaction

    for _turn in range(2):
        with transaction.atomic():
            flag_services.run()
            transaction.set_rollback(True)
    assert flag_services.run().raised["R028"] == 0


def test_a_paper_that_is_signed_electronically_has_no_line_to_sign_on(
    doubtful: Package, auditor: User, client_of: ClientOf, settings: Any
) -> None:
    for address, has_line in (("", True), ("http://127.0.0.1:1", False)):
        settings.BSRE_URL = address
        paper = body(client_of(auditor).post(REPORT, {"format": "kertas_kerja-pdf", "filters": ""}))
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages)
        assert "Kertas kerja" in text
        assert ("NIP." in text) is has_line


def test_anybody_verifies_a_file_and_learns_no_more_than_that_it_is_one(
    doubtful: Package, auditor: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client_of(auditor).post(REPORT, {"format": "daftar-csv", "filters": ""})
    content, export = body(answer), AuditExport.objects.get()
    guest = Client()
    assert "Periksa" in guest.get("/verifikasi/").content.decode()
    known = guest.post("/verifikasi/", {"file": SimpleUploadedFile("x", content)}).content.decode()
    assert "berkas yang diterbitkan portal" in known
    assert str(export.made_by) not in known
    assert export.file_name not in known
    monkeypatch.setattr(audit_files, "issued", lambda _digest: None)  # as when its record is gone
    gone = guest.post("/verifikasi/", {"digest": hashlib.sha256(content).hexdigest()}).content.decode()
    assert "berkas yang diterbitkan portal" in gone
    assert str(auditor) not in gone


def test_who_is_not_signed_in_verifies_a_few_files_in_a_while(auditor: User, client_of: ClientOf) -> None:
    for _each in range(limits.FILES_OF_PLACE.tries):
        assert Client().post("/verifikasi/", {"digest": "0" * 64}).status_code == 200
    full = Client().post("/verifikasi/", {"digest": "0" * 64})
    assert full.status_code == 429
    assert "15 menit" in full.content.decode()
    assert "tidak pernah menerbitkan" not in full.content.decode()
    assert Client(REMOTE_ADDR="203.0.113.9").post("/verifikasi/", {"digest": "0" * 64}).status_code == 200
    assert client_of(auditor).post("/verifikasi/", {"digest": "0" * 64}).status_code == 200
    limits.check(auditor.username, "127.0.0.1")  # closes nobody's door: they are no wrong passwords
