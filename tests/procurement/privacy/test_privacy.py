"""Personal data: what people may ask, how long numbers are kept, and changing the key (UU 27/2022)."""

import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import Notice, User
from core import encryption
from core.choices import Role
from core.models import AuditEvent
from procurement.choices import OfficerRole
from procurement.models import Declaration, Interest, Officer, OfficialProfile, PrivacyRequest, SupplierPerson
from procurement.privacy import retention
from tests import factories

ClientOf = Callable[[User], Client]
NIK = "6472010101800005"


def declared(year: int) -> Interest:
    package = factories.PackageFactory(fiscal_year=year)
    officer = Officer.objects.create(package=package, user=factories.UserFactory(), role=OfficerRole.COMMITMENT_OFFICER)
    declaration = Declaration.objects.create(officer=officer, number=1, has_interest=True)
    return Interest.objects.create(
        declaration=declaration, kind="family", nature="actual", party_name="Siti", relation="adik", party_identity=NIK
    )


def test_my_data_are_mine_and_complete(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    client.post("/pernyataan/keterangan-saya/", {"identity": NIK, "phone": "0812 1234 5678"})
    profile = OfficialProfile.objects.get()
    assert (profile.identity, profile.user) == (NIK, operator)
    page = client.get("/pernyataan/keterangan-saya/").content.decode()
    assert NIK not in page
    assert "0005" in page
    client.post("/pernyataan/keterangan-saya/", {"identity": "", "forget": ["phone"]})
    profile.refresh_from_db()
    assert (profile.identity, profile.phone) == (NIK, ""), "empty keeps, the box removes"
    told = json.loads(client.post("/data-pribadi/unduh/").content)
    assert NIK in json.dumps(told)
    assert AuditEvent.objects.filter(action="personal_data.exported", actor_id=operator.pk).exists()
    assert client.get("/data-pribadi/unduh/").status_code == 405, "a download leaves a trace"


def test_a_request_is_answered_and_told(operator: User, auditor: User, client_of: ClientOf) -> None:
    client_of(operator).post("/data-pribadi/", {"act": "own", "kind": "objection", "text": "Nomor saya salah."})
    request = PrivacyRequest.objects.get()
    assert (request.user, request.name) == (operator, str(operator))
    assert auditor.notices.exists()
    stranger = client_of(factories.member(Role.OPERATOR))
    assert "Nomor saya salah." not in stranger.get("/data-pribadi/").content.decode()
    answering = client_of(auditor)
    assert answering.post(f"/data-pribadi/{request.pk}/jawab/", {"state": "granted", "answer": ""}).status_code == 422
    answering.post(f"/data-pribadi/{request.pk}/jawab/", {"state": "granted", "answer": "Sudah diperbaiki."})
    request.refresh_from_db()
    assert (request.state, request.answered_by) == ("granted", auditor)
    assert "Sudah diperbaiki." in client_of(operator).get("/data-pribadi/").content.decode()
    answering.post(
        "/data-pribadi/", {"act": "outside", "kind": "access", "name": "Warga", "identity": NIK, "text": "Lewat surat"}
    )
    assert PrivacyRequest.objects.filter(name="Warga", user=None).get().identity == NIK


def test_a_number_is_found_by_its_hash_and_the_look_is_logged(auditor: User, client_of: ClientOf) -> None:
    interest = declared(2026)
    SupplierPerson.objects.create(
        supplier=factories.supplier(name="PT Dicari"), name="Siti", role="owner", identity=NIK
    )
    client = client_of(auditor)
    assert client.post("/audit/pembukaan/", {"number": "12", "reason": "x"}).status_code == 422
    page = client.post(
        "/audit/pembukaan/", {"number": "6472.0101.0180.0005", "reason": "Permintaan warga"}
    ).content.decode()
    assert interest.declaration.get_absolute_url() in page
    assert "PT Dicari" in page
    event = AuditEvent.objects.get(action="identity.searched")
    assert event.details["found"] == 2
    assert NIK not in json.dumps(event.details)


def test_numbers_go_when_their_time_is_over_and_evidence_stays(db: None) -> None:
    today = dt.date(2026, 11, 25)
    old, kept = declared(2020), declared(2021)
    gone = SupplierPerson.objects.create(
        supplier=factories.supplier(), name="A", role="owner", identity=NIK, until_day=dt.date(2021, 11, 24)
    )
    stays = SupplierPerson.objects.create(
        supplier=factories.supplier(), name="B", role="owner", identity=NIK, until_day=dt.date(2021, 11, 25)
    )
    left = factories.UserFactory(is_active=False)
    OfficialProfile.objects.create(user=left, identity=NIK)
    OfficialProfile.objects.create(user=factories.UserFactory(), identity=NIK)
    Notice.objects.create(user=left, text="x", url="/", read_at=timezone.make_aware(dt.datetime(2025, 1, 1)))  # noqa: DTZ001 (made aware)
    done = retention.forget(today)
    assert done == {
        "supplier_people": 1,
        "declared_parties": 1,
        "official_profiles": 1,
        "privacy_requests": 0,
        "notices": 1,
    }
    for row in (old, kept, gone, stays):
        row.refresh_from_db()
    assert (old.party_identity, old.party_identity_hash, old.party_name) == ("", "", "Siti")
    assert kept.party_identity == NIK
    assert (gone.identity, stays.identity) == ("", NIK)
    assert not any(retention.forget(today).values()), "a second time there is nothing left"
    assert retention.years_before(dt.date(2024, 2, 29), 1) == dt.date(2023, 2, 28)


def test_keys_are_rotated_without_a_gap(settings: Any, db: None) -> None:
    interest = declared(2026)
    before = settings.FIELD_ENCRYPTION_KEYS

    def token() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT party_identity FROM procurement_interest WHERE id = %s", [interest.pk])
            return str(cursor.fetchone()[0])

    old = token()
    settings.FIELD_ENCRYPTION_KEYS = ["kunci-baru-yang-panjang-sekali-2026", *before]
    out = io.StringIO()
    call_command("rotate_keys", "--check", stdout=out)
    assert token() == old, "a check changes nothing"
    call_command("rotate_keys", stdout=out)
    assert "procurement_interest.party_identity 1" in out.getvalue()
    settings.FIELD_ENCRYPTION_KEYS = ["kunci-baru-yang-panjang-sekali-2026"]
    assert encryption.decrypt(token()) == NIK, "the old key can go"
    settings.FIELD_ENCRYPTION_KEYS = ["kunci-yang-lain-sama-sekali-2026"]
    with pytest.raises(CommandError, match="procurement_interest"):
        call_command("rotate_keys", stdout=out)
