"""What was sent is taken back until somebody who decides has opened it; so is an approval, with a reason."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import User
from core.choices import Role
from core.decided import AlreadyDecided
from core.models import AuditEvent
from programs.models import Program, Report, ReportValue
from programs.reports import seals
from programs.reports.permissions import may_withdraw, may_withdraw_approval
from programs.reports.services import (
    decide_report,
    lock_period,
    revise_report,
    send_report,
    unlock_period,
    verify_report,
    withdraw_approval,
    withdraw_report,
)
from tests import factories

ClientOf = Callable[[User], Client]


@pytest.fixture
def sent(operator: User, head: User) -> Report:
    """Of an indicator that nothing is compared with; the head may decide on it."""
    del head
    report = factories.report_of(factories.IndicatorFactory().program, operator)
    ReportValue.objects.filter(report=report).update(value=Decimal("83.4"))
    return send_report(pk=report.pk, by=operator)


def test_unseen_it_comes_back_as_a_draft(sent: Report, operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    assert "Tarik kembali" in client.get(f"/laporan/{sent.pk}/").content.decode()
    client.post(f"/laporan/{sent.pk}/tarik/")
    sent.refresh_from_db()
    assert (sent.state, sent.submitted_at, sent.submitted_by) == ("draft", None, None)
    assert sent.steps.first().to_state == "draft"
    assert AuditEvent.objects.filter(action="report.withdrawn", target_id=str(sent.pk)).exists()
    assert send_report(pk=sent.pk, by=operator).state == "submitted"


def test_once_the_head_has_opened_it_the_head_returns_it(
    sent: Report, operator: User, head: User, client_of: ClientOf
) -> None:
    client_of(operator).get(f"/laporan/{sent.pk}/")
    assert may_withdraw(operator, sent)  # whoever sent it may look at it
    client_of(head).get(f"/laporan/{sent.pk}/")
    assert not may_withdraw(operator, sent)
    with pytest.raises(ValidationError, match=head.full_name):
        withdraw_report(pk=sent.pk, by=operator)
    decide_report(pk=sent.pk, by=head, version=sent.version, approve=False, comment="Perbaiki")
    send_report(pk=sent.pk, by=operator)
    assert may_withdraw(operator, Report.objects.get(pk=sent.pk))  # what was seen was the one before
    client_of(head).get(f"/laporan/{sent.pk}/")
    assert not may_withdraw(operator, Report.objects.get(pk=sent.pk))


def test_only_the_opd_takes_it_back_and_only_what_was_sent(sent: Report, operator: User, head: User) -> None:
    with pytest.raises(PermissionDenied):
        withdraw_report(pk=sent.pk, by=factories.member(Role.OPERATOR, "Dinkes"))
    decide_report(pk=sent.pk, by=head, version=sent.version, approve=True)
    with pytest.raises(AlreadyDecided, match="disetujui"):
        withdraw_report(pk=sent.pk, by=operator)


def test_an_approval_is_taken_back_with_a_reason_by_whoever_gave_it(
    sent: Report, head: User, client_of: ClientOf
) -> None:
    sender = sent.submitted_by
    verifier = factories.member(Role.VERIFIER)
    decide_report(pk=sent.pk, by=head, version=sent.version, approve=True)
    with pytest.raises(ValidationError):
        withdraw_approval(pk=sent.pk, by=head, reason="")
    client_of(head).post(f"/laporan/{sent.pk}/tarik-persetujuan/", {"reason": "Belum lengkap"})
    sent.refresh_from_db()
    assert (sent.state, sent.decided_by, sent.submitted_by) == ("submitted", None, sender)
    assert AuditEvent.objects.get(action="report.approval_withdrawn").reason == "Belum lengkap"
    approved = decide_report(pk=sent.pk, by=head, version=sent.version, approve=True)
    client_of(verifier).get(f"/laporan/{sent.pk}/")
    assert not may_withdraw_approval(head, Report.objects.get(pk=sent.pk))
    verify_report(pk=sent.pk, by=verifier, version=approved.version, approve=True)
    with pytest.raises(AlreadyDecided, match=verifier.full_name):
        withdraw_approval(pk=sent.pk, by=head, reason="Terlambat")


def _verified(report: Report, head: User, verifier: User) -> Report:
    approved = decide_report(pk=report.pk, by=head, version=report.version, approve=True)
    return verify_report(pk=report.pk, by=verifier, version=approved.version, approve=True)


def _verified_at(short_name: str, verifier: User) -> Program:
    """A programme of another OPD with its report of the same quarter."""
    by, head = factories.member(Role.OPERATOR, short_name), factories.member(Role.AGENCY_HEAD, short_name)
    program = factories.ProgramFactory(agency=factories.agency(short_name))
    factories.IndicatorFactory(program=program)
    report = factories.report_of(program, by)
    ReportValue.objects.filter(report=report).update(value=Decimal("83.4"))
    _verified(send_report(pk=report.pk, by=by), head, verifier)
    return program


def test_the_chain_finds_nothing_odd_in_what_was_taken_back(sent: Report, operator: User, head: User) -> None:
    decide_report(pk=sent.pk, by=head, version=sent.version, approve=True)
    withdraw_approval(pk=sent.pk, by=head, reason="Belum lengkap")
    assert not seals.findings()
    withdraw_report(pk=sent.pk, by=operator)
    assert not seals.findings()
    ReportValue.objects.filter(report=sent).update(value=Decimal("84.4"))
    again = send_report(pk=sent.pk, by=operator)
    decide_report(pk=sent.pk, by=head, version=again.version, approve=True)
    assert not seals.findings()
    Report.objects.filter(pk=sent.pk).update(submitted_by=factories.UserFactory())
    assert seals.findings(), "who sent it is still held against the steps"


def test_locking_says_before_what_it_locks_and_what_lacks(sent: Report, head: User, client_of: ClientOf) -> None:
    verifier = factories.member(Role.VERIFIER)
    _verified(sent, head, verifier)
    other = factories.IndicatorFactory().program
    client = client_of(verifier)
    page = client.get(f"/laporan/kunci/?period={sent.period}").content.decode()
    assert sent.program.name in page
    assert "1 laporan akan dikunci" in page
    assert "belum ada laporan: 1" in page
    assert other.agency.short_name in page
    sent.refresh_from_db()
    assert sent.state == "verified"
    client.post("/laporan/kunci/", {"period": str(sent.period), "act": "lock", "reason": "Batas waktu"})
    sent.refresh_from_db()
    assert sent.state == "locked"
    assert AuditEvent.objects.get(action="period.locked").reason == "Batas waktu"


def test_unlocking_takes_a_reason_and_leaves_what_a_revision_corrects(
    sent: Report, head: User, operator: User, client_of: ClientOf
) -> None:
    verifier = factories.member(Role.VERIFIER)
    _verified(sent, head, verifier)
    lock_period(period=sent.period, by=verifier)
    client, key = client_of(verifier), f"program-{sent.program_id}"
    data = {"period": str(sent.period), "act": "unlock"}
    assert client.post("/laporan/kunci/", data | {key: "1"}).status_code == 422
    assert client.post("/laporan/kunci/", data | {"reason": "Keliru"}).status_code == 422
    with pytest.raises(PermissionDenied):
        unlock_period(period=sent.period, by=head, reason="Keliru")
    client.post("/laporan/kunci/", data | {"reason": "Keliru", key: "1"})
    sent.refresh_from_db()
    assert sent.state == "verified"
    assert AuditEvent.objects.get(action="period.unlocked").reason == "Keliru"
    assert not seals.findings()
    lock_period(period=sent.period, by=verifier)
    revise_report(pk=sent.pk, by=operator, reason="Salah hitung")
    with pytest.raises(ValidationError, match="terkunci"):
        unlock_period(period=sent.period, by=verifier, reason="Keliru")
    sent.refresh_from_db()
    assert sent.state == "locked"


def test_whoever_comes_second_is_told_who_was_first(
    sent: Report, head: User, operator: User, client_of: ClientOf
) -> None:
    other = factories.member(Role.OPERATOR)
    withdraw_report(pk=sent.pk, by=operator)
    page = client_of(other).post(f"/laporan/{sent.pk}/tarik/", {"reason": "Salah angka"})
    assert page.status_code == 409
    assert f"Sudah ditarik kembali oleh {operator.full_name}" in page.content.decode()
    assert "Salah angka" in page.content.decode()
    send_report(pk=sent.pk, by=operator)
    sent.refresh_from_db()
    verifier, second = factories.member(Role.VERIFIER), factories.member(Role.VERIFIER)
    data = {"period": str(sent.period), "reason": "Batas waktu"}
    nothing = client_of(second).post("/laporan/kunci/", data | {"act": "lock"})
    assert nothing.status_code == 422
    assert "Batas waktu" in nothing.content.decode()
    _verified(sent, head, verifier)
    lock_period(period=sent.period, by=verifier)
    page = client_of(second).post("/laporan/kunci/", data | {"act": "lock"})
    assert page.status_code == 409
    assert f"Sudah terkunci oleh {verifier.full_name}" in page.content.decode()
    assert "Batas waktu" in page.content.decode()
    chosen = {f"program-{sent.program_id}": "1", "act": "unlock"}
    unlock_period(period=sent.period, by=verifier, reason="Keliru", programs=[sent.program_id])
    page = client_of(second).post("/laporan/kunci/", data | chosen)
    assert page.status_code == 409
    assert f"Sudah dibuka kuncinya oleh {verifier.full_name}" in page.content.decode()
    assert "Batas waktu" in page.content.decode()


def test_opd_are_unlocked_together_with_one_reason_and_one_act_each(
    sent: Report, head: User, operator: User, client_of: ClientOf
) -> None:
    verifier = factories.member(Role.VERIFIER)
    _verified(sent, head, verifier)
    other, third = (_verified_at(short_name, verifier) for short_name in ("Dinkes", "Dinsos"))
    lock_period(period=sent.period, by=verifier)
    client, address = client_of(verifier), f"/laporan/kunci/?period={sent.period}"
    mine, theirs = sent.program.agency, other.agency
    page = client.get(address).content.decode()
    assert f'value="{mine.pk}"' in page
    assert f"program-{sent.program_id}" not in page
    page = client.get(f"{address}&agency={mine.pk}&agency={theirs.pk}&agency=x").content.decode()
    assert f"program-{sent.program_id}" in page
    assert f"program-{other.pk}" in page
    assert f"program-{third.pk}" not in page
    data = {"period": str(sent.period), "act": "unlock", "agency": [mine.pk, theirs.pk]}
    data |= {f"program-{sent.program_id}": "1", f"program-{other.pk}": "1"}
    refused = client.post("/laporan/kunci/", data)
    assert refused.status_code == 422
    assert f"program-{other.pk}" in refused.content.decode()
    client.post("/laporan/kunci/", data | {"reason": "Data dasar diperbaiki"})
    acts = AuditEvent.objects.filter(action="period.unlocked")
    assert {(each.target_id, each.reason, each.details["reports"]) for each in acts} == {
        (str(agency.pk), "Data dasar diperbaiki", 1) for agency in (mine, theirs)
    }
    assert Report.objects.get(program=third).state == "locked"


def test_a_verified_report_is_returned_with_a_reason(sent: Report, head: User, client_of: ClientOf) -> None:
    verifier = factories.member(Role.VERIFIER)
    verified = _verified(sent, head, verifier)
    client = client_of(verifier)
    assert "Kembalikan laporan yang sudah diverifikasi ini" in client.get(f"/laporan/{sent.pk}/").content.decode()
    address = f"/laporan/{sent.pk}/kembalikan/"
    client.post(address, {"version": verified.version, "reason": " "})
    sent.refresh_from_db()
    assert sent.state == "verified"
    client.post(address, {"version": verified.version, "reason": "Angka tertukar"})
    sent.refresh_from_db()
    assert (sent.state, sent.steps.first().comment) == ("returned", "Angka tertukar")
    assert not seals.findings()
