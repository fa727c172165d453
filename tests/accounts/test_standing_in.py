"""A decision in a lent role says for whom it was taken: in its row, in the trail, on pages and in papers."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.delegations import delegate, end_delegation
from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from kaltim_portal.embedded import ROOT
from procurement.audit import annexes
from procurement.declarations import register
from procurement.models import Decision, GateOverride, Package
from programs.models import ReportStep
from tests import factories
from tests.access.test_separation import CASES, _operator

pytestmark = pytest.mark.django_db
BY_A_HEAD = [
    "approve a report",
    "return a report",
    "decide on a declaration",
    "override a gate",
    "adopt a procedure",
]
WHERE = {  # the row that keeps the decision
    "approve a report": lambda row: row.steps.get(),
    "return a report": lambda row: row.steps.get(),
    "decide on a declaration": lambda row: row.decision,
    "override a gate": lambda row: row.overrides.get(),
    "adopt a procedure": lambda row: type(row).objects.get(pk=row.pk),
}


@pytest.fixture
def lender(db: None) -> User:
    return factories.member(Role.AGENCY_HEAD, full_name="Surya Pranata")


@pytest.fixture
def stand_in(lender: User) -> User:
    person = factories.member(Role.OPERATOR, full_name="Hendra Saputra")
    today = timezone.localdate()
    last_day = today + dt.timedelta(days=3)
    delegate(head=lender, agency=factories.agency(), to=person, first_day=today, last_day=last_day, reason="Umrah")
    return User.objects.get(pk=person.pk)


def decided(name: str, by: User) -> Any:
    case = CASES[name]
    row = case.make(_operator(), case.ties[0])
    case.act(row, by)
    return WHERE[name](type(row)._default_manager.get(pk=row.pk))


@pytest.mark.parametrize("name", BY_A_HEAD)
def test_the_row_and_the_trail_say_for_whom(name: str, lender: User, stand_in: User) -> None:
    kept = decided(name, stand_in)
    assert kept.acting_for == lender
    event = AuditEvent.objects.filter(actor_id=stand_in.pk).first()
    assert event is not None
    assert event.details["acting_for_id"] == lender.pk
    assert event.who == "Hendra Saputra, mewakili Surya Pranata"


@pytest.mark.parametrize("name", BY_A_HEAD)
def test_who_decides_in_a_role_of_their_own_acts_for_nobody(name: str) -> None:
    head = factories.member(Role.AGENCY_HEAD)
    kept = decided(name, head)
    assert kept.acting_for is None
    event = AuditEvent.objects.filter(actor_id=head.pk).first()
    assert event is not None
    assert "acting_for" not in event.details


@pytest.mark.parametrize("name", ["return a report", "decide on a declaration", "override a gate", "adopt a procedure"])
def test_the_database_refuses_a_decision_that_hides_the_loan_or_makes_one_up(
    name: str, lender: User, stand_in: User
) -> None:
    case = CASES[name]
    row = case.make(_operator(), case.ties[0])
    outsider = factories.member(Role.DATA_STEWARD)
    assert case.force is not None
    for person in (stand_in, lender, outsider):  # without the lender; while the role is lent; without any role
        with pytest.raises(IntegrityError, match="holds no role"), transaction.atomic():
            case.force(row, person)


def test_a_loan_that_does_not_exist_is_refused(stand_in: User) -> None:
    package, other = factories.PackageFactory(), factories.member(Role.AGENCY_HEAD)
    with pytest.raises(IntegrityError, match="holds no role"), transaction.atomic():
        GateOverride.objects.create(package=package, to_state="announced", reason="x", by=stand_in, acting_for=other)


def test_bappeda_does_not_approve_and_a_head_does_not_verify_past_the_service() -> None:
    report = CASES["approve a report"].make(_operator(), "sent")
    for state, role in (("approved", Role.VERIFIER), ("verified", Role.AGENCY_HEAD)):
        with pytest.raises(IntegrityError, match="holds no role"), transaction.atomic():
            ReportStep.objects.create(
                report=report, from_state="submitted", to_state=state, by=factories.member(role, "Dinkes")
            )


def test_pages_and_papers_name_both(lender: User, stand_in: User, client_of: Callable[[User], Client]) -> None:
    said = "Hendra Saputra, mewakili Surya Pranata"
    step = decided("approve a report", stand_in)
    decision: Decision = decided("decide on a declaration", stand_in)
    override: GateOverride = decided("override a gate", stand_in)
    procedure = decided("adopt a procedure", stand_in)
    auditor = client_of(factories.member(Role.AUDITOR))
    for page in (
        step.report.get_absolute_url(),
        decision.declaration.get_absolute_url(),
        override.package.get_absolute_url(),
        procedure.service.get_absolute_url(),
        "/jejak/",
        "/jejak/?q=Surya",
    ):
        assert said in auditor.get(page).content.decode(), page
    taken = auditor.post("/jejak/unduh/", {"format": "csv", "filters": ""})
    assert said in b"".join(taken).decode()  # type: ignore[arg-type]  # a stream of bytes
    packages = Package.objects.all()
    rows = [list(annex.rows(packages)) for annex in annexes.annexes()]
    assert any(said in row for row in rows[1])
    assert any(said in row for row in rows[2])
    column = next(column for column in register.COLUMNS if str(column.label) == "Diputuskan oleh")
    assert column.source(decision.declaration) == said


def test_the_seal_of_a_report_covers_for_whom(stand_in: User) -> None:
    from programs.reports.seals import _contents, _hand, _seal

    step = decided("approve a report", stand_in)
    content = _contents([step.report_id])[step.report_id]
    as_sealed = _seal(step.report_id, step.pk, "approved", _hand(step.by_id, step.acting_for_id), content)
    assert step.seal.seal == as_sealed
    assert as_sealed != _seal(step.report_id, step.pk, "approved", _hand(step.by_id, None), content)


def test_whoever_stands_in_is_told_on_every_page_and_at_the_decision(
    lender: User, stand_in: User, client_of: Callable[[User], Client]
) -> None:
    report = CASES["approve a report"].make(_operator(), "sent")
    browser = client_of(stand_in)
    for page in ("/", "/laporan/putusan/", "/pengadaan/"):
        assert "Mewakili Surya Pranata" in browser.get(page).content.decode(), page
    assert "Anda memutuskan mewakili Surya Pranata" in browser.get(report.get_absolute_url()).content.decode()
    assert "Mewakili" not in client_of(_operator()).get("/").content.decode()


def test_loans_that_are_over_stay_on_the_page(
    lender: User, stand_in: User, client_of: Callable[[User], Client]
) -> None:
    loan = stand_in.loans[0]
    assert end_delegation(head=lender, pk=loan.pk)
    today = timezone.localdate()
    delegate(head=lender, agency=factories.agency(), to=stand_in, first_day=today, last_day=today, reason="Lagi")
    for person in (lender, stand_in, factories.member(Role.AUDITOR)):
        page = client_of(User.objects.get(pk=person.pk)).get("/akun/pelimpahan/").content.decode()
        over = page[page.index("Sudah berakhir") :]
        assert "dicabut" in over
        assert over.count("Umrah") == 1
        assert "Lagi" not in over
    assert "Sudah berakhir" not in client_of(_operator()).get("/akun/pelimpahan/").content.decode()
    ended = AuditEvent.objects.get(action="delegation.ended")
    assert ended.details["to"] == "Hendra Saputra"


def test_every_template_that_names_who_decided_names_the_lender() -> None:
    """Of rows that can be decided for somebody: who it was is never written without whose role it was."""
    named = ("override.by", "decision.decided_by", "item.decided_by", "current.decided_by")
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        for name in (*named, *(["step.by"] if "programs" in path.parts else [])):
            assert len(re.findall(rf"(?<!if ){re.escape(name)}\b", text)) == text.count(f"{name}|acting:"), (path, name)
