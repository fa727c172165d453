"""What a report said when it was decided, under the chain's key."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection

from accounts.models import User
from core.periods import Period
from programs.models import Evidence, Progress, Report, ReportSeal
from programs.reports import seals
from programs.reports import services as report_services
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_owner")]


@pytest.fixture
def report(operator: User, head: User) -> Report:
    program = factories.ProgramFactory()
    factories.sub_activity(program)
    made = report_services.open_report(program=program, period=Period.parse(f"{program.fiscal_year}-01"), by=operator)
    Progress.objects.filter(report=made).update(financial_rupiah=100_000, physical_percent=10)
    report_services.send_report(pk=made.pk, by=operator)
    made.refresh_from_db()
    return report_services.decide_report(pk=made.pk, by=head, version=made.version, approve=True)


def test_a_decision_is_sealed_and_a_draft_is_not(report: Report) -> None:
    assert [seal.step.to_state for seal in ReportSeal.objects.select_related("step")] == ["approved"]
    assert seals.findings() == []


def test_a_returned_report_carries_no_seal_that_could_fail(report: Report, operator: User) -> None:
    from core.choices import Role

    verifier = factories.member(Role.VERIFIER)
    report_services.verify_report(pk=report.pk, by=verifier, version=report.version, approve=False, comment="Periksa")
    Progress.objects.update(financial_rupiah=200_000)
    assert seals.findings() == []
    report_services.send_report(pk=report.pk, by=operator)
    assert seals.findings() == []


def test_verified_and_locked_are_sealed_too(report: Report) -> None:
    from core.choices import Role

    verifier = factories.member(Role.VERIFIER)
    report_services.verify_report(pk=report.pk, by=verifier, version=report.version, approve=True)
    report_services.lock_period(period=report.period, by=verifier)
    assert ReportSeal.objects.count() == 3
    assert seals.findings() == []
    Progress.objects.update(verifier_note="Diperiksa di lapangan", findings=[])
    assert seals.findings() == [], "what is worked out or noted later is not part of it"
    Progress.objects.update(physical_percent=11)
    assert ["angkanya diubah" in finding.what for finding in seals.findings()] == [True]


def test_a_file_that_is_slipped_in(report: Report, operator: User) -> None:
    Evidence.objects.create(
        report=report,
        name="bukti.pdf",
        content_type="application/pdf",
        size=1,
        sha256="0" * 64,
        stored_as="x",
        uploaded_by=operator,
    )
    assert ["angkanya diubah" in finding.what for finding in seals.findings()] == [True]


def test_reports_of_the_time_before_get_a_seal(report: Report) -> None:
    """The migration's SQL is frozen; it has to say what ours says, or each old report would be a finding."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE programs_reportseal DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM programs_reportseal")
        cursor.execute("ALTER TABLE programs_reportseal ENABLE TRIGGER USER")
    assert ["tidak ada segel" in finding.what for finding in seals.findings()] == [True]
    migration = import_module("programs.migrations.0007_seal_what_is_decided")
    migration.seal(None, SimpleNamespace(connection=connection))
    assert seals.findings() == []
