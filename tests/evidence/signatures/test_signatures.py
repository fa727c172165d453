"""Prepared, sent once, signed or refused or unknown: against a service that really signs, faults included."""

import dataclasses
import datetime as dt
import hashlib
import io
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, transaction
from django.http import Http404
from django.test import Client
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfReader

from accounts.models import Notice, User
from core import private_files
from core.choices import Role
from core.formats import moment
from core.models import AuditEvent, FormAnswer
from dashboards.models import Briefing
from evidence.choices import PaperKind, SignatureState
from evidence.models import PaperSignature
from evidence.signatures import reading, services
from kaltim_portal.stand_ins import esign
from tests import factories

Capture = Callable[..., Any]


def prepared(briefing: Briefing, by: User) -> PaperSignature:
    return services.prepare(kind=PaperKind.BRIEFING, key=str(briefing.pk), by=by)


def stored(row: PaperSignature) -> bytes:
    with private_files.open_stored(services.FOLDER, row.stored_as) as file:
        return file.read()


def sign(row: PaperSignature, by: User, capture: Capture, passphrase: str = esign.PASSPHRASE) -> PaperSignature:
    with capture(execute=True):
        services.send(pk=row.pk, by=by, passphrase=passphrase)
    row.refresh_from_db()
    return row


def signed_apart(bsre: esign.EsignWorld, *given: Any, **more: Any) -> bytes:
    """In a thread of its own: the browser's tests may have left a loop of events in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(bsre.authority.sign, *given, **more).result()


def of_unknown_outcome(bsre: esign.EsignWorld, briefing: Briefing, by: User, capture: Capture) -> PaperSignature:
    """The service has signed, and its answer was lost."""
    bsre.fault = "sign_then_drop"
    return sign(prepared(briefing, by), by, capture)


def test_a_signed_paper_begins_with_the_paper_itself(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = prepared(briefing, signer)
    before = stored(row)
    assert before.startswith(bytes(briefing.pdf))
    assert row.paper_sha256 == hashlib.sha256(bytes(briefing.pdf)).hexdigest()
    row = sign(row, signer, django_capture_on_commit_callbacks)
    after = stored(row)
    assert (row.state, row.certificate, row.problem) == (SignatureState.SIGNED, "RINA OFFICE, S.E.", "")
    assert after.startswith(before)
    assert row.sha256 == hashlib.sha256(after).hexdigest()
    (found,) = reading.signatures_in(after)
    assert found.holds
    assert found.is_stamped
    assert found.reason == row.title
    pages = PdfReader(io.BytesIO(after)).pages
    assert len(pages) == len(PdfReader(io.BytesIO(bytes(briefing.pdf))).pages) + 1
    text = sheet_of(row)
    assert row.paper_sha256 in text
    assert "198001012005012001" in text
    assert str(signer.all_memberships[0]) in text
    assert moment(row.prepared_at) in text
    assert f"/verifikasi/ttd/{row.code}/" in text
    with pytest.raises(Error, match="signed_stays"), transaction.atomic():
        PaperSignature.objects.filter(pk=row.pk).update(certificate="somebody else")


def sheet_of(row: PaperSignature) -> str:
    text = PdfReader(io.BytesIO(stored(row))).pages[-1].extract_text()
    return text.replace("\u200b", "").replace("\n", "")


def test_who_is_elected_has_no_nip_and_signs(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    signer.nip = None
    signer.save()
    row = prepared(briefing, signer)
    assert "NIP" not in sheet_of(row)
    assert sign(row, signer, django_capture_on_commit_callbacks).state == SignatureState.SIGNED


def test_the_pass_phrase_is_nowhere_afterwards(
    bsre: esign.EsignWorld,
    briefing: Briefing,
    signer: User,
    django_capture_on_commit_callbacks: Capture,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    client = factories.signed_in(signer)
    row = prepared(briefing, signer)
    secret = "Salah-Sekali-77"
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"/tanda-tangan/{row.pk}/", {"passphrase": secret, "form_key": "k" * 22})
    assert answer.status_code == 302
    assert any(secret.encode() in body for body in bsre.bodies)
    page = client.get(f"/tanda-tangan/{row.pk}/").content.decode()
    row.refresh_from_db()
    assert row.state == SignatureState.REFUSED
    assert "Passphrase anda salah" in page
    kept = [
        json.dumps(list(AuditEvent.objects.values()), default=str),
        json.dumps(list(FormAnswer.objects.values()), default=str),
    ]
    kept += [
        json.dumps(list(PaperSignature.objects.values()), default=str),
        caplog.text,
        page,
        str(dict(client.session)),
    ]
    for text in kept:
        assert secret not in text


@pytest.mark.parametrize("email", ["asing.orang@kaltimprov.go.id", "baru.orang@kaltimprov.go.id"])
def test_whom_bsre_does_not_know_is_told_before_anything_is_sent(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture, email: str
) -> None:
    User.objects.filter(pk=signer.pk).update(email=email)
    signer.refresh_from_db()
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks)
    assert row.state == SignatureState.REFUSED
    assert "Diskominfo" in row.problem
    assert [path for path in bsre.requests if "sign" in path] == []


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        ("slow", SignatureState.REFUSED),  # already the question before is not answered: nothing was sent
        ("drop", SignatureState.REFUSED),
        ("garbage", SignatureState.REFUSED),
        ("unavailable", SignatureState.REFUSED),
        ("sign_then_drop", SignatureState.UNKNOWN),
        ("sign_then_500", SignatureState.UNKNOWN),
        ("other_file", SignatureState.UNKNOWN),
        ("altered", SignatureState.UNKNOWN),
        ("stranger", SignatureState.UNKNOWN),
    ],
)
def test_faults_of_the_service(
    bsre: esign.EsignWorld,
    briefing: Briefing,
    signer: User,
    django_capture_on_commit_callbacks: Capture,
    fault: str,
    state: SignatureState,
) -> None:
    row = prepared(briefing, signer)
    bsre.fault = fault
    row = sign(row, signer, django_capture_on_commit_callbacks)
    assert row.state == state, row.problem
    assert row.problem
    assert row.sha256 == ""
    assert hashlib.sha256(stored(row)).hexdigest() == row.prepared_sha256
    assert sum("sign/pdf" in path for path in bsre.requests) <= 1


@pytest.mark.parametrize("fault", ["slow", "drop", "garbage", "error", "unavailable", "truncated", "trickle"])
def test_faults_between_the_question_and_the_signing(
    bsre: esign.EsignWorld,
    briefing: Briefing,
    signer: User,
    django_capture_on_commit_callbacks: Capture,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    answer = bsre.answer_post

    def then_fault(path: str, headers: Any, body: bytes) -> Any:
        said = answer(path, headers, body)
        bsre.fault = fault
        return said

    monkeypatch.setattr(bsre, "answer_post", then_fault)
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks)
    assert row.state == SignatureState.UNKNOWN, row.problem


def test_a_service_that_is_away_has_signed_nothing(
    bsre: esign.EsignWorld,
    briefing: Briefing,
    signer: User,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    settings.BSRE_URL = "http://127.0.0.1:1"
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks)
    assert row.state == SignatureState.REFUSED
    settings.BSRE_URL = "http://127.0.0.1:1"
    settings.BSRE_PASSWORD = "x"


def test_a_portal_that_the_service_does_not_know(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, settings: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    settings.BSRE_PASSWORD = "other"
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks)
    assert row.state == SignatureState.REFUSED
    assert "administrator" in row.problem


def test_an_unknown_outcome_is_settled_by_the_file_that_was_signed(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    (signed,) = bsre.signed
    bsre.fault = "none"
    with pytest.raises(ValidationError):
        services.send(pk=row.pk, by=signer, passphrase=esign.PASSPHRASE)  # never twice
    for wrong in (stored(row), bytes(briefing.pdf), signed[:-200], signed + b"\n%more\n"):
        with pytest.raises(ValidationError):
            services.settle_unknown(pk=row.pk, by=signer, signed=wrong)
    row = services.settle_unknown(pk=row.pk, by=signer, signed=signed)
    assert (row.state, stored(row)) == (SignatureState.SIGNED, signed)


def test_a_file_that_comes_in_lines_with_a_message(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    bsre.fault = "wrapped"
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks)
    assert row.state == SignatureState.SIGNED, row.problem


def test_an_answer_that_is_too_large_may_have_been_signed(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, settings: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    settings.OUTBOUND_MAX_BYTES = 2_000
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks)
    assert row.state == SignatureState.UNKNOWN


def test_a_paper_with_another_page_is_not_the_paper(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    altered = signed_apart(bsre, esign._with_an_empty_first_page(stored(row)), "RINA OFFICE", {})
    assert altered.startswith(stored(row))
    (found,) = reading.signatures_in(altered)
    assert found.holds
    with pytest.raises(ValidationError, match="Lebih dari"):
        services.settle_unknown(pk=row.pk, by=signer, signed=altered)


def test_somebody_elses_certificate_is_not_the_signers(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    other = signed_apart(bsre, stored(row), "ORANG LAIN SAMA SEKALI", {})
    with pytest.raises(ValidationError, match="ORANG LAIN"):
        services.settle_unknown(pk=row.pk, by=signer, signed=other)


def test_a_signature_that_is_drawn_over_the_paper(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    """It would cover what was signed, and every reader would show it as valid."""
    row = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    covered = signed_apart(bsre, stored(row), "RINA OFFICE", {}, box=(0, 0, 595, 842))
    with pytest.raises(ValidationError, match="Lebih dari"):
        services.settle_unknown(pk=row.pk, by=signer, signed=covered)


def test_a_late_answer_is_no_answer_to_the_next_sending(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = prepared(briefing, signer)
    bsre.fault = "sign_then_drop"
    first = sign(row, signer, django_capture_on_commit_callbacks)
    services.settle_unknown(pk=row.pk, by=signer, signed=None)
    bsre.fault = "none"
    services.send(pk=row.pk, by=signer, passphrase=esign.PASSPHRASE)
    services._answered(first, SignatureState.REFUSED, problem="of the first")
    row.refresh_from_db()
    assert row.state == SignatureState.SENT


def test_without_roots_nothing_is_called_a_forgery(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, settings: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    signed = stored(sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks))
    settings.BSRE_ROOTS = "/nowhere/roots.pem"
    with pytest.raises(reading.Unreadable, match="BSRE_ROOTS"):
        reading.signatures_in(signed)
    answer = factories.signed_in(signer).post("/verifikasi/", {"file": io.BytesIO(signed)}).content.decode()
    assert "BSRE_ROOTS" in answer
    assert "Ada bagian yang berubah" not in answer


def test_the_table_of_transitions_holds_in_the_database(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User
) -> None:
    row = prepared(briefing, signer)
    now = timezone.now()
    forged = {"state": "signed", "sha256": "0" * 64, "certificate": "x", "sent_at": now, "answered_at": now}
    for change in (forged, {"state": "unknown", "sent_at": now}, {"paper_sha256": "1" * 64}):
        with pytest.raises(Error), transaction.atomic():
            PaperSignature.objects.filter(pk=row.pk).update(**change)


def test_an_unknown_outcome_that_was_none_can_be_tried_again(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = prepared(briefing, signer)
    bsre.fault = "stranger"
    row = sign(row, signer, django_capture_on_commit_callbacks)
    row = services.settle_unknown(pk=row.pk, by=signer, signed=None)
    bsre.fault = "none"
    assert sign(row, signer, django_capture_on_commit_callbacks).state == SignatureState.SIGNED


def test_a_process_that_died_on_the_way_leaves_an_unknown_outcome(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User
) -> None:
    row = prepared(briefing, signer)
    services.send(pk=row.pk, by=signer, passphrase=esign.PASSPHRASE)  # and never commits its way on
    assert services.give_up_on_lost() == 0
    PaperSignature.objects.filter(pk=row.pk).update(sent_at=timezone.now() - dt.timedelta(minutes=4))
    assert services.give_up_on_lost() == 1
    row.refresh_from_db()
    assert row.state == SignatureState.UNKNOWN
    assert Notice.objects.filter(user=signer, url=row.get_absolute_url()).exists()


def test_who_may(bsre: esign.EsignWorld, briefing: Briefing, signer: User, auditor: User) -> None:
    row = prepared(briefing, signer)
    with pytest.raises(PermissionDenied):
        prepared(briefing, factories.member(Role.AUDITOR, nip="197501012000011001"))
    other = factories.member(Role.GOVERNORS_OFFICE, nip="197001012000011001")
    for act in (
        lambda: services.send(pk=row.pk, by=other, passphrase="x"),
        lambda: services.withdraw(pk=row.pk, by=other),
        lambda: services.settle_unknown(pk=row.pk, by=other, signed=None),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert factories.signed_in(auditor).get(f"/tanda-tangan/{row.pk}/").status_code == 200
    assert factories.signed_in(factories.member(Role.OPERATOR)).get(f"/tanda-tangan/{row.pk}/").status_code == 404
    assert (
        factories.signed_in(factories.member(Role.OPERATOR)).get(f"/tanda-tangan/{row.pk}/berkas/").status_code == 404
    )
    signer.memberships.all().delete()
    fresh = User.objects.get(pk=signer.pk)
    with pytest.raises(Http404):  # who may not see the paper any more
        services.send(pk=row.pk, by=fresh, passphrase=esign.PASSPHRASE)


def test_two_clicks_prepare_one(bsre: esign.EsignWorld, briefing: Briefing, signer: User) -> None:
    assert prepared(briefing, signer).pk == prepared(briefing, signer).pk


def test_without_a_service_nothing_is_shown_of_it(briefing: Briefing, signer: User) -> None:
    client = factories.signed_in(signer)
    page = client.get(briefing.get_absolute_url()).content.decode()
    assert "tanda-tangan" not in page
    answer = client.post("/tanda-tangan/siapkan/", {"kind": "briefing", "key": str(briefing.pk)})
    assert answer.status_code == 302
    assert not PaperSignature.objects.exists()


def test_the_whole_way_on_the_pages(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    client = factories.signed_in(signer)
    assert "Tanda tangani secara elektronik" in client.get(briefing.get_absolute_url()).content.decode()
    here = client.post("/tanda-tangan/siapkan/", {"kind": "briefing", "key": str(briefing.pk)})
    row = PaperSignature.objects.get()
    assert here["Location"] == row.get_absolute_url()
    assert client.post(here["Location"], {"passphrase": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(here["Location"], {"passphrase": esign.PASSPHRASE}).status_code == 302
    assert "RINA OFFICE" in client.get(here["Location"]).content.decode()
    file = client.get(f"{here['Location']}berkas/")
    public = Client().get(f"/verifikasi/ttd/{row.code}/").content.decode()
    assert hashlib.sha256(file.content).hexdigest() in public
    assert "RINA OFFICE" in public
    verify = client.post("/verifikasi/", {"file": io.BytesIO(file.content)}).content.decode()
    assert "RINA OFFICE" in verify
    assert "berlaku" in verify


def test_a_changed_byte_shows_on_the_page_of_verification(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    signed = stored(sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks))
    middle = len(bytes(briefing.pdf)) // 2
    changed = signed[:middle] + bytes([signed[middle] ^ 1]) + signed[middle + 1 :]
    answer = factories.signed_in(signer).post("/verifikasi/", {"file": io.BytesIO(changed)}).content.decode()
    assert "tidak berlaku" in answer
    (found,) = reading.signatures_in(changed)
    assert not found.holds


@pytest.mark.parametrize(
    "body", [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"\x00" * 2000 + b"startxref\n5\n%%EOF"]
)
def test_a_broken_pdf_is_said_to_be_one(bsre: esign.EsignWorld, signer: User, body: bytes) -> None:
    answer = factories.signed_in(signer).post("/verifikasi/", {"file": io.BytesIO(body)})
    assert answer.status_code == 200
    assert "tidak dapat dibaca" in answer.content.decode()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda signed: signed[: len(signed) // 2], "tidak dapat dibaca"),
        (lambda signed: b"sisa surat\n" + signed, ""),
        (lambda signed: signed + bytes(21 * 1024 * 1024), "sampai 20 MB"),
        (lambda signed: signed.replace(b"startxref", b"startxrfe"), ""),
    ],
)
def test_of_a_spoilt_pdf_nobody_speaks_of_excel(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, spoil: Callable[[bytes], bytes], said: str
) -> None:
    body = spoil(signed_apart(bsre, bytes(briefing.pdf), "RINA OFFICE", {}))
    page = Client().post("/verifikasi/", {"file": io.BytesIO(body)}).content.decode()
    assert "Excel" not in page
    assert "berlaku</span>" not in page.replace("tidak berlaku</span>", "")
    assert said in page


def test_a_torn_signature_is_not_called_none(bsre: esign.EsignWorld, briefing: Briefing, signer: User) -> None:
    """A byte in the last list of objects, and no reader finds what was signed."""
    signed = bytearray(signed_apart(bsre, bytes(briefing.pdf), "RINA OFFICE", {}))
    at = signed.rindex(b"/Root")
    signed[at + 1 : at + 5] = b"Toor"
    page = Client().post("/verifikasi/", {"file": io.BytesIO(bytes(signed))}).content.decode()
    assert "tidak memuat tanda tangan" not in page
    trailer = bytes(briefing.pdf) + b"\n% /ByteRange [0 1 2 3]\n"
    with pytest.raises(reading.Unreadable, match="tidak dapat dibaca lagi"):
        reading.signatures_in(trailer)


def test_another_title_after_the_signature_is_a_change(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User
) -> None:
    signed = signed_apart(bsre, bytes(briefing.pdf), "RINA OFFICE", {})
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    title = generic.DictionaryObject({generic.pdf_name("/Title"): generic.pdf_string("Keputusan lain")})
    writer.set_info(writer.add_object(title))
    changed = io.BytesIO()
    writer.write(changed)
    (found,) = reading.signatures_in(changed.getvalue())
    assert (found.is_intact, found.is_whole, found.holds) == (True, False, False)
    first, second = reading.signatures_in(signed_apart(bsre, signed, "ORANG LAIN", {}))
    assert first.holds
    assert second.holds


def test_an_empty_file_is_called_empty(bsre: esign.EsignWorld, signer: User) -> None:
    answer = Client().post("/verifikasi/", {"file": io.BytesIO(b"")})
    assert (answer.status_code, "Berkas kosong" in answer.content.decode()) == (422, True)


def test_my_tasks_list_what_the_signer_has_under_way(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    unknown = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    briefing.pk, briefing.number = None, 2
    briefing.save()
    ready = prepared(briefing, signer)
    page = factories.signed_in(signer).get("/").content.decode()
    assert -1 < page.find(unknown.get_absolute_url()) < page.find(ready.get_absolute_url())
    assert (
        ready.get_absolute_url()
        not in factories.signed_in(factories.member(Role.GOVERNORS_OFFICE)).get("/").content.decode()
    )


def test_that_it_was_not_signed_is_said_with_a_tick(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    client = factories.signed_in(signer)
    here = f"{row.get_absolute_url()}pastikan/"
    answer = client.post(here, {"not_signed": "1"})
    assert answer.status_code == 422
    assert "Lihat dahulu" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == SignatureState.UNKNOWN
    assert client.post(here, {"not_signed": "1", "is_certain": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.state == SignatureState.REFUSED


def test_the_trail_tells_three_ways_of_not_signing_apart(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks, passphrase="salah")
    assert row.state == SignatureState.REFUSED
    services.settle_unknown(
        pk=of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks).pk, by=signer, signed=None
    )
    services.withdraw(pk=prepared(briefing, signer).pk, by=signer)
    events = AuditEvent.objects.filter(action__startswith="signature.").exclude(reason="").order_by("pk")
    told = {event.action: event.reason for event in events}
    assert told["signature.rejected"] == row.problem
    assert told["signature.said_unsigned"] == "penanda tangan menyatakan dokumen ini tidak ditandatangani"
    assert told["signature.withdrawn"] == "dibatalkan oleh penanda tangan"
    assert "signature.unknown" in told
    assert "signature.refused" not in told


def test_a_refused_one_leads_to_the_one_that_was_signed_instead(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    refused = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks, passphrase="salah")
    client = factories.signed_in(signer)
    assert "Coba lagi" in client.get(refused.get_absolute_url()).content.decode()
    signed = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks)
    assert signed.state == SignatureState.SIGNED
    page = client.get(refused.get_absolute_url()).content.decode()
    assert "Coba lagi" not in page
    assert f'href="{signed.get_absolute_url()}"' in page


def test_an_empty_pass_phrase_promises_nothing_that_was_kept(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User
) -> None:
    row = prepared(briefing, signer)
    answer = factories.signed_in(signer).post(row.get_absolute_url(), {"passphrase": ""})
    assert answer.status_code == 422
    page = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    assert page
    assert "semua yang Anda ketik" not in page
    assert "Belum terkirim" in page


def described_anew(document: bytes, **info: str) -> bytes:
    """The same pages under another title or author, as an update behind them."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    there = "/Info" in writer.trailer_view
    own = generic.DictionaryObject(writer.trailer_view["/Info"] if there else {})
    for name, value in info.items():
        own[f"/{name}"] = generic.pdf_string(value)
    writer.set_info(own)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_paper_under_another_title_is_not_the_paper(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    for change in ({"Title": "Surat lain"}, {"Author": "Orang lain"}):
        altered = signed_apart(bsre, described_anew(stored(row), **change), "RINA OFFICE", {})
        with pytest.raises(ValidationError, match="Lebih dari"):
            services.settle_unknown(pk=row.pk, by=signer, signed=altered)
    dated = signed_apart(bsre, described_anew(stored(row), Producer="Penanda BSrE"), "RINA OFFICE", {})
    assert services.settle_unknown(pk=row.pk, by=signer, signed=dated).state == SignatureState.SIGNED


def test_a_paper_under_other_metadata_is_not_the_paper(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    row = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    writer = IncrementalPdfFileWriter(io.BytesIO(stored(row)))
    xmp = writer.root["/Metadata"].data.replace(b"</rdf:RDF>", XMP_OF_ANOTHER + b"</rdf:RDF>")
    writer.root["/Metadata"] = writer.add_object(
        generic.StreamObject({"/Type": generic.pdf_name("/Metadata"), "/Subtype": generic.pdf_name("/XML")}, xmp)
    )
    writer.update_root()
    made = io.BytesIO()
    writer.write(made)
    altered = signed_apart(bsre, made.getvalue(), "RINA OFFICE", {})
    with pytest.raises(ValidationError, match="Lebih dari"):
        services.settle_unknown(pk=row.pk, by=signer, signed=altered)


XMP_OF_ANOTHER = (
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    b"<dc:subject>Surat lain</dc:subject></rdf:Description>"
)


def test_a_file_that_is_refused_in_the_end_is_not_kept(
    bsre: esign.EsignWorld,
    briefing: Briefing,
    signer: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    row = of_unknown_outcome(bsre, briefing, signer, django_capture_on_commit_callbacks)
    (signed,) = bsre.signed
    before = set(private_files.private_storage().listdir(services.FOLDER)[1])
    accepted = services._accepted

    def then_somebody_says(one: PaperSignature, document: bytes) -> Any:
        found = accepted(one, document)
        PaperSignature.objects.filter(pk=one.pk).update(state=SignatureState.REFUSED, answered_at=timezone.now())
        return found

    monkeypatch.setattr(services, "_accepted", then_somebody_says)
    with pytest.raises(ValidationError):
        services.settle_unknown(pk=row.pk, by=signer, signed=signed)
    assert set(private_files.private_storage().listdir(services.FOLDER)[1]) == before


def test_more_signatures_than_are_shown_are_counted(
    bsre: esign.EsignWorld,
    briefing: Briefing,
    signer: User,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    signed = stored(sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks))
    assert reading.examined(signed_apart(bsre, signed, "ORANG LAIN", {})).count == 2
    one = reading.examined(signed)
    monkeypatch.setattr(reading, "examined", lambda *_given, **_more: dataclasses.replace(one, count=37))
    page = Client().post("/verifikasi/", {"file": io.BytesIO(signed)}).content.decode()
    assert "37 tanda tangan" in page


def test_the_signer_is_asked_who_is_there_before_the_pass_phrase(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User
) -> None:
    row = prepared(briefing, signer)
    stale = factories.signed_in(signer, ago=601)
    asked = stale.get(row.get_absolute_url())
    assert asked.status_code == 403
    assert "Tegaskan bahwa ini Anda" in asked.content.decode()
    assert 'name="passphrase"' in factories.signed_in(signer).get(row.get_absolute_url()).content.decode()


def test_a_paper_that_was_not_signed_waits_until_it_is_withdrawn(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    """A wrong pass phrase is no end: the paper still wants a signature."""
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks, passphrase="salah")
    assert row.state == SignatureState.REFUSED
    client = factories.signed_in(signer)
    home = client.get("/").content.decode()
    assert row.get_absolute_url() in home
    assert "Coba lagi" in home
    assert list(PaperSignature.objects.waiting_for(signer)) == [row]
    assert client.post(f"{row.get_absolute_url()}batalkan/").status_code == 302
    assert not PaperSignature.objects.waiting_for(signer).exists()
    assert row.get_absolute_url() not in client.get("/").content.decode()


@pytest.mark.parametrize("was_sent", [False, True])
def test_a_withdrawn_paper_says_so_and_stays_withdrawn(
    was_sent: bool,
    bsre: esign.EsignWorld,
    briefing: Briefing,
    signer: User,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    """Whoever read “withdrawn” on the public page must not find it signed by the same mark later."""
    row = prepared(briefing, signer)
    if was_sent:
        sign(row, signer, django_capture_on_commit_callbacks, passphrase="salah")
        assert "ditarik" not in Client().get(f"/verifikasi/ttd/{row.code}/").content.decode()
    services.withdraw(pk=row.pk, by=signer)
    assert "ditarik kembali oleh penanda tangannya" in Client().get(f"/verifikasi/ttd/{row.code}/").content.decode()
    page = factories.signed_in(signer).get(row.get_absolute_url()).content.decode()
    assert "dibatalkan oleh penanda tangan" in page
    assert 'name="passphrase"' not in page
    with pytest.raises(ValidationError):
        services.send(pk=row.pk, by=signer, passphrase=esign.PASSPHRASE)
    again = prepared(briefing, signer)
    assert again.pk != row.pk
    assert sign(again, signer, django_capture_on_commit_callbacks).state == SignatureState.SIGNED


def test_of_several_sendings_of_one_paper_one_waits(
    bsre: esign.EsignWorld, briefing: Briefing, signer: User, django_capture_on_commit_callbacks: Capture
) -> None:
    first = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks, passphrase="salah")
    second = prepared(briefing, signer)
    assert list(PaperSignature.objects.waiting_for(signer)) == [second]
    sign(second, signer, django_capture_on_commit_callbacks)
    assert not PaperSignature.objects.waiting_for(signer).exists()
    with pytest.raises(PermissionDenied):
        services.withdraw(pk=first.pk, by=factories.member(Role.GOVERNORS_OFFICE))


@pytest.mark.parametrize("fault", ["sign_then_drop", "sign_then_500", "garbage"])
def test_why_is_told_in_words(
    fault: str,
    bsre: esign.EsignWorld,
    briefing: Briefing,
    signer: User,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    bsre.fault = fault
    row = sign(prepared(briefing, signer), signer, django_capture_on_commit_callbacks)
    assert row.problem
    assert "Error" not in row.problem
    assert "Timeout" not in row.problem
