"""Directives: given, answered with evidence, closed, and told to the right people."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from dashboards.choices import DirectiveState
from dashboards.directives import services as directive_services
from dashboards.directives.services import follow_up
from dashboards.models import Directive
from tests import factories
from tests.private_folder import keep_private_files_in

ClientOf = Callable[[User], Client]
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> None:
    keep_private_files_in(settings, tmp_path)


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


def given(office: User, days: int = 7, **values: Any) -> Directive:
    facts = {
        "agency": factories.agency(),
        "text": "Selesaikan",
        "measure": "Selesai",
        "given_on": TODAY - dt.timedelta(days=30),
        "due_on": TODAY + dt.timedelta(days=days),
    }
    return directive_services.give(values=facts | values, by=office)


def test_from_the_directive_to_its_end(office: User, operator: User, head: User, client_of: ClientOf) -> None:
    package = factories.PackageFactory()
    facts = {
        "agency": package.agency_id,
        "text": "Percepat pengadaan meja",
        "measure": "Meja terpasang",
        "given_on": TODAY.isoformat(),
        "due_on": (TODAY + dt.timedelta(days=14)).isoformat(),
        "package": package.rup_code,
    }
    workspace, typist = client_of(office), client_of(operator)
    assert workspace.post("/arahan/baru/", facts | {"due_on": "2020-01-01"}).status_code == 422
    assert workspace.post("/arahan/baru/", facts | {"package": "61"}).status_code == 422
    workspace.post("/arahan/baru/", facts)
    row = Directive.objects.get()
    assert (row.package, row.number_text) == (package, f"A-{TODAY.year}-001")
    assert {notice.user for notice in operator.notices.all()} | {notice.user for notice in head.notices.all()} == {
        operator,
        head,
    }
    here = f"/arahan/{row.pk}/jawab/"
    assert typist.post(here, {"text": "", "state": "open"}).status_code == 422
    assert typist.post(here, {"text": "Selesai", "state": "done"}).status_code == 403, "an OPD does not close its own"
    wrong = SimpleUploadedFile("bukti.pdf", b"#!/bin/sh")
    assert typist.post(here, {"text": "Sudah", "state": "answered", "file": wrong}).status_code == 422
    assert not row.follow_ups.exists(), "nothing half-saved"
    proof = SimpleUploadedFile("bukti.txt", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF")
    typist.post(here, {"text": "Terpasang", "percent": "100", "state": "answered", "file": proof})
    said = row.follow_ups.get()
    assert (said.file_name, said.percent) == ("bukti.pdf", 100), "a file is what its content says"
    assert office.notices.exists()
    fetched = workspace.get(f"/arahan/bukti/{said.pk}/")
    assert fetched["Content-Disposition"].startswith("attachment")
    workspace.post(here, {"text": "Belum semua sekolah", "state": "open"})
    workspace.post(here, {"text": "Baik", "state": "done"})
    row.refresh_from_db()
    assert row.state == DirectiveState.DONE
    assert row.closed_at is not None
    assert typist.post(here, {"text": "Masih ada", "state": "open"}).status_code == 409, "closed stays closed"
    assert AuditEvent.objects.filter(action="directive.followed_up").count() == 3


def test_who_sees_which(office: User, operator: User, client_of: ClientOf) -> None:
    mine, other = given(office), given(office, agency=factories.agency("Dinkes"), text="Turunkan stunting")
    client = client_of(operator)
    page = client.get("/arahan/").content.decode()
    assert mine.number_text in page
    assert other.number_text not in page
    assert client.get(f"/arahan/{other.pk}/").status_code == 404
    assert client.post(f"/arahan/{other.pk}/jawab/", {"text": "x", "state": "open"}).status_code == 404
    auditor = client_of(factories.member(Role.AUDITOR))
    assert other.number_text in auditor.get("/arahan/").content.decode()
    assert auditor.post(f"/arahan/{other.pk}/jawab/", {"text": "x", "state": "open"}).status_code == 403


def test_overdue_ones_and_reminders(office: User, operator: User, client_of: ClientOf) -> None:
    late, today, tomorrow = given(office, -1), given(office, 0), given(office, 1)
    assert list(Directive.objects.overdue(TODAY)) == [late]
    page = client_of(office).get("/arahan/", {"late": "yes"}).content.decode()
    assert late.number_text in page
    assert today.number_text not in page
    operator.notices.all().delete()
    thursday = dt.date(2026, 11, 26)
    Directive.objects.filter(pk=tomorrow.pk).update(due_on=thursday + dt.timedelta(days=1))
    Directive.objects.filter(pk=late.pk).update(
        due_on=thursday - dt.timedelta(days=3), given_on=thursday - dt.timedelta(days=9)
    )
    Directive.objects.filter(pk=today.pk).update(due_on=thursday + dt.timedelta(days=40))
    assert directive_services.remind(thursday) == 1, "the day before"
    assert tomorrow.number_text in operator.notices.get().text
    assert directive_services.remind(thursday + dt.timedelta(days=4)) == 2, "and what is late every Monday"


def test_numbers_follow_each_other_within_the_year(office: User) -> None:
    first, second = given(office), given(office)
    earlier = given(office, given_on=dt.date(2025, 3, 1))
    assert [first.number, second.number, earlier.number_text] == [1, 2, "A-2025-001"]


def test_the_list_takes_few_queries(office: User, client_of: ClientOf) -> None:
    client = client_of(office)
    given(office)
    client.get("/arahan/")

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/arahan/")
        return len(seen)

    few = count()
    for _number in range(9):
        row = given(office)
        directive_services.follow_up(directive=row, by=office, text="x", percent=5, state=DirectiveState.OPEN)
    assert count() == few


def test_carried_out_below_the_whole_or_without_proof_only_with_a_reason(
    office: User, operator: User, client_of: ClientOf
) -> None:
    row = given(office)
    here, typist, workspace = f"/arahan/{row.pk}/jawab/", client_of(operator), client_of(office)
    said = {"text": "Sudah", "percent": "60", "state": "answered"}
    refused = typist.post(here, said)
    assert refused.status_code == 422
    assert "60 persen" in refused.content.decode()
    assert "belum ada bukti yang dilampirkan" in refused.content.decode()
    with pytest.raises(ValidationError):
        follow_up(directive=row, by=operator, text="Sudah", percent=100, state="answered")
    assert typist.post(here, {"text": "Jalan", "percent": "60", "state": "open"}).status_code == 302
    assert typist.post(here, said | {"lacking_reason": "Sisanya tahun depan"}).status_code == 302
    assert workspace.post(here, {"text": "Baik", "state": "done"}).status_code == 422
    workspace.post(here, {"text": "Baik", "state": "done", "lacking_reason": "Dilihat di lapangan"})
    row.refresh_from_db()
    assert row.state == DirectiveState.DONE
    page = workspace.get(f"/arahan/{row.pk}/").content.decode()
    assert "Sisanya tahun depan" in page
    assert "Dilihat di lapangan" in page


def test_withdrawing_and_asking_again_need_no_proof(office: User, client_of: ClientOf) -> None:
    row = given(office)
    assert (
        client_of(office).post(f"/arahan/{row.pk}/jawab/", {"text": "Keliru", "state": "withdrawn"}).status_code == 302
    )
