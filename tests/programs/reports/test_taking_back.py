"""What was sent is taken back until somebody who decides has opened it; so is an approval, with a reason."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from programs.models import Report, ReportValue
from programs.reports.permissions import may_withdraw, may_withdraw_approval
from programs.reports.services import decide_report, send_report, verify_report, withdraw_approval, withdraw_report
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
    with pytest.raises(ValidationError):
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
    with pytest.raises(ValidationError):
        withdraw_approval(pk=sent.pk, by=head, reason="Terlambat")
