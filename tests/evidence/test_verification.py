"""Every night, and when an auditor asks: the whole chain is verified, and people are told in words what was found."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from accounts.models import Notice, User
from core import chain
from core.choices import Role
from core.models import AuditEvent, ChainBlock
from evidence import head_file, presenters, services, tasks
from evidence.models import ChainVerification, HeadDeparture
from kaltim_portal.stand_ins import timestamps
from tests import factories

pytestmark = pytest.mark.django_db


def whats() -> list[str]:
    return [finding.what for finding in chain.verify().findings]


def test_the_schedule_does_it(db: None) -> None:
    tasks_of = dict(PeriodicTask.objects.values_list("name", "task"))
    assert tasks_of["send-chain-head"] == "evidence.tasks.send_head"
    assert tasks_of["verify-chain"] == "evidence.tasks.verify"


def test_a_clean_night(sealed: ChainBlock) -> None:
    factories.member(Role.AUDITOR)
    assert tasks.verify() == 0
    row = ChainVerification.objects.get()
    assert (row.blocks, row.head, row.weaknesses) == (1, sealed.hash, [])
    assert not Notice.objects.exists()


def test_findings_alert_auditors_and_administrators(
    sealed: ChainBlock, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    told = [factories.member(Role.AUDITOR, email="a@kaltim.test"), factories.member(Role.ADMINISTRATOR)]
    factories.member(Role.OPERATOR)
    factories.PackageFactory()
    from procurement.models import Package

    Package.objects.update(state="cancelled")
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.verify() == 2
    assert set(Notice.objects.values_list("user", flat=True)) == {user.pk for user in told}
    assert "procurement_package" in mail.outbox[0].body
    assert AuditEvent.objects.filter(action="chain.findings").exists()


def test_an_empty_chain_is_a_finding(db: None) -> None:
    assert any("tidak ada segel" in what for what in whats())


def test_rows_that_wait_too_long_are_a_finding(sealed: ChainBlock, settings: Any) -> None:
    """The sealing stands still, or the seals were removed."""
    settings.SEAL_LATE_SECONDS = -60
    assert any("belum disegel" in what for what in whats())


def test_a_chain_made_anew_with_the_key(
    sealed: ChainBlock, outside: Path, tsa: timestamps.TimestampWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has database and key can seal again what was changed; what left the house shows it."""
    services.send_head()
    assert whats() == []
    other = "f" * 64
    monkeypatch.setattr("evidence.copies.ChainBlock", SimpleNamespace(objects=_Blocks({other: timezone.now()})))
    found = {(each.table, each.what) for each in chain.verify().findings}
    assert {table for table, _what in found} == {
        "evidence_headdeparture",
        head_file.NAME,
        f"stempel-1-{sealed.hash}.tsr",
    }
    assert all("dibuat ulang" in what for _table, what in found)


class _Blocks:
    """A chain with other seals."""

    def __init__(self, seals: dict[str, Any]) -> None:
        self.seals = seals

    def values_list(self, *_names: str) -> list[tuple[str, Any]]:
        return list(self.seals.items())


def test_the_file_outside(sealed: ChainBlock, outside: Path) -> None:
    services.send_head()
    file = outside / head_file.NAME
    text = file.read_text()
    file.write_text("")
    assert any("diambil dari berkas segel" in what for what in whats())
    file.unlink()
    assert any("diambil dari berkas segel" in what for what in whats())
    file.write_text(text + "coretan\n" + text.replace(sealed.hash, "0" * 64))
    assert len(whats()) == 2
    file.unlink()
    file.mkdir()
    assert any("tidak dapat dibaca" in what for what in whats())


def test_a_token_that_was_exchanged(sealed: ChainBlock, outside: Path, tsa: timestamps.TimestampWorld) -> None:
    services.send_head()
    token = outside / f"stempel-1-{sealed.hash}.tsr"
    whole = token.read_bytes()
    token.write_bytes(whole[:-20] + bytes(20))
    assert any("tidak sah" in what for what in whats())
    token.rename(outside / f"stempel-1-{'0' * 64}.tsr")
    assert any("tidak sah" in what for what in whats())


def test_roots_that_are_gone_make_stamps_worthless(
    sealed: ChainBlock, tsa: timestamps.TimestampWorld, settings: Any
) -> None:
    services.send_head()
    settings.TIMESTAMP_ROOTS = "/nowhere/roots.pem"
    assert any("sertifikat akar" in what for what in whats())


def test_the_auditors_page(
    sealed: ChainBlock,
    outside: Path,
    tsa: timestamps.TimestampWorld,
    auditor: User,
    client_of: Callable[[User], Client],
) -> None:
    client = client_of(auditor)
    assert "Segel belum pernah diperiksa" in client.get("/audit/segel/").text
    services.send_head()
    tasks.verify(auditor.pk)
    page = client.get("/audit/segel/").text
    assert "Tidak ada yang diubah di luar portal" in page and sealed.hash in page and str(auditor) in page
    token = client.get(f"/audit/segel/{HeadDeparture.objects.stamps().get().pk}/stempel/")
    assert token["Content-Type"] == "application/timestamp-reply" and token["Cache-Control"] == "no-store"
    mailed = HeadDeparture.objects.get(way="mail")
    assert client.get(f"/audit/segel/{mailed.pk}/stempel/").status_code == 404
    factories.PackageFactory()
    from procurement.models import Package

    Package.objects.update(state="cancelled")
    tasks.verify()
    page = client.get("/audit/segel/").text
    assert "jejak perubahan di luar portal" in page and "Jangan perbaiki apa pun" in page


def test_a_verification_that_is_too_old(sealed: ChainBlock, monkeypatch: pytest.MonkeyPatch) -> None:
    tasks.verify()
    assert presenters.standing(ChainVerification.objects.get()) == presenters.ChainStanding.GOOD
    monkeypatch.setattr(presenters, "TOO_OLD", -presenters.TOO_OLD)
    assert presenters.standing(ChainVerification.objects.get()) == presenters.ChainStanding.OLD


def test_a_way_that_fails_stands_on_the_page(
    sealed: ChainBlock,
    outside: Path,
    tsa: timestamps.TimestampWorld,
    auditor: User,
    client_of: Callable[[User], Client],
) -> None:
    tsa.fault = "unavailable"
    services.send_head()
    page = client_of(auditor).get("/audit/segel/").text
    assert "tidak sampai" in page and "HTTP 503" in page


def test_asking_for_a_verification(auditor: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(auditor).post("/audit/segel/periksa/").status_code == 302
    assert AuditEvent.objects.filter(action="chain.verification_asked", actor_id=auditor.pk).exists()
