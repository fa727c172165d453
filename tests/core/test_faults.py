"""What may happen to a server: no room on the disk, files gone, more sent than it takes. Words, never a 500."""

import errno
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, User
from core import private_files, tasks
from core.choices import Role
from kaltim_portal.embedded import ROOT
from procurement.audit import files as audit_files
from procurement.models import AuditExport
from programs.models import Evidence
from tests import factories
from tests.private_folder import keep_private_files_in
from uploads import services as uploads
from uploads.choices import UploadState
from uploads.models import Upload

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog >> endobj\n" * 20 + b"trailer << /Root 1 0 R >>\n%%EOF\n"


ClientOf = Callable[[User], Client]


@pytest.fixture
def client_of(client_of: ClientOf) -> ClientOf:
    """Clients that see the page of an error, as people do."""

    def sign_in(user: User) -> Client:
        client = client_of(user)
        client.raise_request_exception = False
        return client

    return sign_in


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    keep_private_files_in(settings, tmp_path)
    return tmp_path


@pytest.fixture
def administrator(db: None) -> User:
    return factories.member(Role.ADMINISTRATOR)


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file is written, then there is no more room."""
    save = FileSystemStorage._save

    def full(self: FileSystemStorage, name: str, content: Any) -> str:
        save(self, name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)


def told(person: User) -> str:
    return " ".join(Notice.objects.filter(user=person).values_list("text", flat=True))


def kept(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_no_room_for_evidence(
    full_disk: None, administrator: User, operator: User, client_of: ClientOf, folder: Path
) -> None:
    report = factories.report_of(factories.ProgramFactory(), operator)
    file = SimpleUploadedFile("bukti.pdf", PDF, "application/pdf")
    answer = client_of(operator).post(
        reverse("programs:attach-evidence", args=[report.pk]), {"file": file, "value": "7"}
    )
    assert answer.status_code == 507
    text = answer.content.decode()
    assert "Tidak ada ruang" in text
    assert 'name="value"' in text  # what was typed stands on the page
    assert "bukti.pdf tidak ikut disimpan" in text
    assert not Evidence.objects.exists()
    assert not kept(folder)
    assert "tidak punya ruang" in told(administrator)


def test_no_room_for_a_list(
    full_disk: None, administrator: User, operator: User, client_of: ClientOf, folder: Path
) -> None:
    for _time in range(2):
        answer = client_of(operator).post(
            reverse("uploads:uploads"), {"file": SimpleUploadedFile("daftar.csv", b"kode;nama\n"), "stage": ""}
        )
        assert answer.status_code == 507
    assert not Upload.objects.exists()
    assert not kept(folder)
    assert Notice.objects.filter(user=administrator).count() == 1  # told once a day, not once a try


def test_no_room_for_an_auditors_file(full_disk: None, administrator: User, auditor: User, folder: Path) -> None:
    export = audit_files.order(by=auditor, layout=audit_files.LIST, file_format="csv", fiscal_year=2026, filters="")
    audit_files.make_and_keep(export)
    export = AuditExport.objects.get(pk=export.pk)
    assert export.state == "failed"
    assert "ruang" in export.problem
    assert not kept(folder)
    assert "tidak punya ruang" in told(administrator)


def test_no_room_for_what_is_on_its_way_in(
    operator: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Django itself keeps a large file on the disk before any view sees it."""

    def full(*_args: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk", full)
    answer = client_of(operator).post(
        reverse("uploads:uploads"), {"file": SimpleUploadedFile("daftar.csv", b"kode;nama\n" * 9)}
    )
    assert answer.status_code == 507


def test_a_file_whose_bytes_are_gone(administrator: User, operator: User, client_of: ClientOf, folder: Path) -> None:
    report = factories.report_of(factories.ProgramFactory(), operator)
    client = client_of(operator)
    file = SimpleUploadedFile("bukti.pdf", PDF, "application/pdf")
    client.post(reverse("programs:attach-evidence", args=[report.pk]), {"file": file})
    client.post(reverse("uploads:uploads"), {"file": SimpleUploadedFile("daftar.csv", b"kode;nama\n")})
    assert tasks.look_for_files() == 0
    assert client.get(reverse("health")).json()["files"] == "ok"
    for path in kept(folder):
        path.unlink()
    evidence, upload = Evidence.objects.get(), Upload.objects.get()
    for address in (
        reverse("programs:evidence", args=[evidence.pk]),
        reverse("uploads:upload-file", args=[upload.pk]),
        reverse("uploads:marked-workbook", args=[upload.pk]),
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "cadangan" in answer.content.decode(), address
    uploads.read(upload.pk)
    upload.refresh_from_db()
    assert (upload.state, "Unggah lagi" in upload.problem) == (UploadState.REFUSED, True)
    assert tasks.look_for_files() == 2
    assert client.get(reverse("health")).json()["files"] == "missing"
    assert "2 berkas" in told(administrator)


def test_more_than_the_portal_takes_at_once(operator: User, client_of: ClientOf, settings: Any) -> None:
    settings.BODY_LIMIT = 1024 * 1024
    answer = client_of(operator).post(
        reverse("uploads:uploads"), {"file": SimpleUploadedFile("daftar.csv", b"x" * 1024 * 1024)}
    )
    assert answer.status_code == 413
    assert "paling banyak 1 MB" in answer.content.decode()
    assert not Upload.objects.exists()


def test_more_text_than_a_form_holds(operator: User, client_of: ClientOf, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    answer = client_of(operator).post(reverse("procurement:new-package"), {"name": "x" * 1024 * 1024})
    assert answer.status_code == 413
    assert "paling banyak 1 MB" in answer.content.decode()


def test_proxy_and_portal_have_one_limit_and_one_message(client: Client, settings: Any) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    given = {
        name: part["environment"].get("BODY_LIMIT_MB")
        for name, part in compose["services"].items()
        if name in {"web", "proxy"}
    }
    assert given == {"web": "${BODY_LIMIT_MB:-64}", "proxy": "${BODY_LIMIT_MB:-64}"}
    assert settings.BODY_LIMIT == 64 * 1024 * 1024
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert "max_size {$BODY_LIMIT_MB}MiB" in caddy
    settings.BODY_LIMIT = 3 * 1024 * 1024
    page = client.post("/masuk/", {"file": SimpleUploadedFile("x.csv", b"x" * settings.BODY_LIMIT)}).content.decode()
    words = next(line.strip() for line in page.splitlines() if "paling banyak" in line)
    assert words.replace("3", "{$BODY_LIMIT_MB}") in caddy


def test_the_files_of_an_opd_have_a_limit(operator: User, client_of: ClientOf, settings: Any, folder: Path) -> None:
    settings.FILES_PER_AGENCY = 2 * len(PDF)
    report = factories.report_of(factories.IndicatorFactory().program, operator)
    client = client_of(operator)

    def attach() -> str:
        file = io.BytesIO(PDF)
        file.name = "bukti.pdf"
        answer = client.post(reverse("programs:attach-evidence", args=[report.pk]), {"file": file}, follow=True)
        return answer.content.decode()

    assert "Berkas dilampirkan" in attach()
    attach()
    assert "MB lagi tidak muat" in attach()
    assert Evidence.objects.count() == 2 == len(kept(folder))
    answer = client.post(reverse("uploads:uploads"), {"file": SimpleUploadedFile("daftar.csv", b"kode;nama\n")})
    assert answer.status_code == 422
    assert "MB lagi tidak muat" in answer.content.decode()
    assert private_files.missing() == []


def test_pages_of_people_stay_in_no_cache(operator: User, client_of: ClientOf, client: Client) -> None:
    signed_in = client_of(operator)
    for address in ("/", "/akun/", "/tidak-ada/", "/audit/pengadaan/"):
        assert "no-store" in signed_in.get(address).headers["Cache-Control"], address
    assert "no-store" not in signed_in.get(reverse("public-page")).headers["Cache-Control"]
    assert not client.get(reverse("health")).has_header("Cache-Control")


def test_a_fault_of_ours_keeps_what_was_typed(
    operator: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_given: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("procurement.packages.forms.PackageForm.is_valid", broken)
    answer = client_of(operator).post(reverse("procurement:new-package"), {"name": "Paket yang tidak boleh hilang"})
    assert answer.status_code == 500
    assert "Paket yang tidak boleh hilang" in answer.content.decode()
