"""Separation of duties: every cell of docs/separation.md, in the service and past it in the database."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pghistory
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Notice, User
from core.choices import Role
from core.periods import Period
from dashboards.directives import services as directives
from dashboards.models import Directive, FollowUp
from kaltim_portal.embedded import ROOT
from procurement.declarations import services as declarations
from procurement.leads import services as leads
from procurement.models import (
    Decision,
    Declaration,
    Flag,
    GateOverride,
    Interest,
    Lead,
    Officer,
    OfficialProfile,
    PrivacyRequest,
    SupplierPerson,
)
from procurement.packages import services as packages
from procurement.privacy import inventory
from procurement.red_flags import services as flags
from procurement.suppliers import services as suppliers
from programs.models import Evidence, Report, ReportStep, ReportValue
from programs.reports import services as reports
from public_services import services as public_services
from public_services.models import Procedure
from tests import factories

pytestmark = pytest.mark.django_db
NIK = "6472010101800005"
HEAD, OFFICE, VERIFIER, AUDITOR = Role.AGENCY_HEAD, Role.GOVERNORS_OFFICE, Role.VERIFIER, Role.AUDITOR


@dataclass(frozen=True)
class Case:
    """An act: how a matter comes about that concerns `tied`, how it is decided, and how a row says so without asking.

    `ties` are the ways in which it may concern somebody; `make(tied, tie)` gives the row.
    """

    nearest: Role
    higher: Role
    ties: tuple[str, ...]
    make: Callable[[User, str], Any]
    act: Callable[[Any, User], Any]
    force: Callable[[Any, User], Any] | None = None


def _operator() -> User:
    return factories.member(Role.OPERATOR)


def _report(tied: User, tie: str, state: str = "submitted") -> Report:
    program = factories.ProgramFactory()
    approver = factories.UserFactory() if state == "approved" else None
    report = Report.objects.create(
        program=program,
        period=Period.parse(f"{program.fiscal_year}-Q1"),
        state=state,
        submitted_at=timezone.now(),
        submitted_by=tied if tie == "sent" else _operator(),
        decided_at=timezone.now() if approver else None,
        decided_by=tied if tie == "decided" else approver,
    )
    if tie == "typed":
        indicator = factories.IndicatorFactory(program=program)
        ReportValue.objects.create(
            report=report, indicator=indicator, region=factories.region(), changed_by=tied, changed_at=timezone.now()
        )
    return report


def _force_report(report: Report, by: User) -> None:
    Report.objects.filter(pk=report.pk).update(state="approved", decided_by=by, decided_at=timezone.now())


def _declaration(tied: User, tie: str, package: Any = None) -> Declaration:
    """By `tied`, or by somebody else who names the NIK of `tied`."""
    package = package or factories.PackageFactory()
    declarer = factories.UserFactory() if tie == "numbered" else tied
    officer = Officer.objects.create(package=package, user=declarer, role="pptk")
    declaration: Declaration = Declaration.objects.create(officer=officer, number=1, has_interest=True)
    if tie == "numbered":
        OfficialProfile.objects.create(user=tied, identity=NIK)
    Interest.objects.create(
        declaration=declaration,
        kind="family",
        nature="potential",
        party_name="CV X",
        party_identity=NIK if tie == "numbered" else "",
        relation="Adik",
    )
    return declaration


def _package(tied: User, tie: str) -> Any:
    package = factories.PackageFactory(**({"created_by": tied} if tie == "typed" else {}))
    Officer.objects.create(package=package, user=tied if tie == "named" else factories.UserFactory(), role="ppk")
    if tie == "numbered":
        _declaration(tied, tie, package)
    return package


def _proposal(tied: User, _tie: str) -> Procedure:
    service = factories.public_service()
    step = public_services.StepInput("Daftar", "counter", 1, is_visit=False)  # type: ignore[arg-type]  # a whole day
    public_services.save_procedure(service=service, by=_operator(), steps=[step, step])
    return public_services.save_procedure(service=service, by=tied, steps=[step], reason="Lebih singkat")


def _directive(tied: User, _tie: str) -> Directive:
    today = timezone.localdate()
    directive = Directive.objects.create(
        year=today.year,
        number=1,
        agency=factories.agency(),
        text="Percepat",
        measure="Selesai",
        given_on=today,
        due_on=today,
        given_by=factories.UserFactory(),
        state="answered",
    )
    FollowUp.objects.create(directive=directive, text="Sudah", state="answered", by=tied)
    return directive


def _flag(tied: User, tie: str, **values: Any) -> Flag:
    package = _package(tied, tie)
    return Flag.objects.create(
        code="K01", subject="package", key=package.rup_code, package=package, agency=package.agency, **values
    )


def _flag_aside(tied: User, tie: str) -> Flag:
    return _flag(tied, tie, suppressed_at=timezone.now(), suppressed_because="Sudah diperiksa")


def _lead(tied: User, tie: str) -> Lead:
    if tie in {"declared", "numbered"}:
        interest = _declaration(tied, tie).interests.get()
        return Lead.objects.create(fingerprint="x", supplier=factories.supplier(), interest=interest, score=0.4)
    return Lead.objects.create(fingerprint="x", supplier=factories.supplier(), official=tied, score=0.4)


def _request(tied: User, tie: str) -> PrivacyRequest:
    return PrivacyRequest.objects.create(
        kind="access",
        user=tied if tie == "asked" else None,
        made_by=tied,
        name="Seseorang",
        text="Apa yang disimpan?",
    )


def _decide(approve: bool) -> Callable[[Any, User], Any]:
    return lambda row, by: reports.decide_report(
        pk=row.pk, by=by, version=row.version, approve=approve, comment="Periksa lagi"
    )


CASES: dict[str, Case] = {
    "approve a report": Case(HEAD, OFFICE, ("sent", "typed"), _report, _decide(True), _force_report),
    "return a report": Case(
        HEAD,
        OFFICE,
        ("sent", "typed"),
        _report,
        _decide(False),
        lambda row, by: ReportStep.objects.create(
            report=row, from_state="submitted", to_state="returned", by=by, comment="x"
        ),
    ),
    "verify a report": Case(
        VERIFIER,
        OFFICE,
        ("sent", "typed", "decided"),
        lambda tied, tie: _report(tied, tie, "approved"),
        lambda row, by: reports.verify_report(pk=row.pk, by=by, version=row.version, approve=True),
        lambda row, by: ReportStep.objects.create(report=row, from_state="approved", to_state="verified", by=by),
    ),
    "decide on a declaration": Case(
        HEAD,
        OFFICE,
        ("declared", "numbered"),
        _declaration,
        lambda row, by: declarations.decide_declaration(pk=row.pk, by=by, kind="no_conflict", reason="Diperiksa"),
        lambda row, by: Decision.objects.create(declaration=row, kind="no_conflict", reason="x", decided_by=by),
    ),
    "override a gate": Case(
        HEAD,
        OFFICE,
        ("named", "typed", "numbered"),
        _package,
        lambda row, by: packages.override_gate(package=row, by=by, reason="Keadaan darurat"),
        lambda row, by: GateOverride.objects.create(package=row, to_state="announced", reason="x", by=by),
    ),
    "adopt a procedure": Case(
        HEAD,
        OFFICE,
        ("typed",),
        _proposal,
        lambda row, by: public_services.decide_proposal(procedure=row, by=by, adopt=True, reason="Bagus"),
        lambda row, by: Procedure.objects.filter(pk=row.pk).update(state="refused", decided_by=by),
    ),
    "close a directive": Case(
        OFFICE,
        AUDITOR,
        ("sent",),
        _directive,
        lambda row, by: directives.follow_up(
            directive=row, by=by, text="Selesai", percent=100, state="done", lacking_reason="Dilihat sendiri"
        ),
        lambda row, by: FollowUp.objects.create(directive=row, text="Selesai", state="done", by=by),
    ),
    "put a flag aside": Case(
        AUDITOR,
        OFFICE,
        ("named", "typed", "numbered"),
        _flag,
        lambda row, by: flags.suppress(flag=row, by=by, reason="Sudah diperiksa"),
        lambda row, by: Flag.objects.filter(pk=row.pk).update(
            suppressed_at=timezone.now(), suppressed_by=by, suppressed_because="x"
        ),
    ),
    "raise a flag again": Case(
        AUDITOR,
        OFFICE,
        ("named", "typed", "numbered"),
        _flag_aside,
        lambda row, by: flags.restore(flag=row, by=by, reason="Belum jelas"),
    ),
    "review a lead": Case(
        AUDITOR,
        OFFICE,
        ("named", "declared", "numbered"),
        _lead,
        lambda row, by: leads.review(lead=row, by=by, state="cleared", note="Orang lain"),
        lambda row, by: Lead.objects.filter(pk=row.pk).update(state="cleared", note="x", reviewed_by=by),
    ),
    "answer a request about personal data": Case(
        AUDITOR,
        OFFICE,
        ("asked", "typed"),
        _request,
        lambda row, by: inventory.answer(pk=row.pk, by=by, state="granted", text="Terlampir"),
        lambda row, by: PrivacyRequest.objects.filter(pk=row.pk).update(state="granted", answer="x", answered_by=by),
    ),
    "look behind a mask": Case(
        HEAD,
        AUDITOR,
        ("declared", "numbered"),
        _declaration,
        lambda row, by: declarations.unmask_identity(interest=row.interests.get(), by=by, reason="Pemeriksaan"),
    ),
}


def _hold(user: User, role: Role, **values: Any) -> User:
    agency = factories.agency() if role in {Role.AGENCY_HEAD, Role.OPERATOR} else None
    Membership.objects.create(user=user, role=role, agency=agency, **values)
    return User.objects.get(pk=user.pk)


def _stand_in(lender: User) -> User:
    today = timezone.localdate()
    return _hold(
        _operator(),
        HEAD,
        delegated_by=lender,
        first_day=today,
        last_day=today + dt.timedelta(days=7),
        reason="Dinas luar",
    )


def _lender(_case: Case, _tied: User) -> User:
    head = factories.member(HEAD)
    _stand_in(head)
    return head


def _stand_in_for_a_former(_case: Case, _tied: User) -> User:
    lender = factories.member(HEAD)
    person = _stand_in(lender)
    lender.memberships.update(last_day=timezone.localdate() - dt.timedelta(days=1))
    return person


def _former(case: Case, _tied: User) -> User:
    person = factories.member(case.nearest)
    person.memberships.update(last_day=timezone.localdate() - dt.timedelta(days=1))
    return person


def _deactivated(case: Case, _tied: User) -> User:
    person = factories.member(case.nearest)
    User.objects.filter(pk=person.pk).update(is_active=False)
    return person  # as a request knew the person that began before the account was closed


def _higher_while_others_are_left(case: Case, _tied: User) -> User:
    factories.member(case.nearest)
    return factories.member(case.higher)


def _higher_alone(case: Case, tied: User) -> User:
    _hold(tied, case.nearest)
    return factories.member(case.higher)


ACTORS: dict[str, Callable[[Case, User], User]] = {
    "own": lambda case, _tied: factories.member(case.nearest),
    "tied": lambda case, tied: _hold(tied, case.nearest),
    "stands in": lambda _case, _tied: _stand_in(factories.member(HEAD)),
    "stands in for the tied": lambda _case, tied: _stand_in(_hold(tied, HEAD)),
    "stands in for a former": _stand_in_for_a_former,
    "lender": _lender,
    "former": _former,
    "deactivated": _deactivated,
    "higher, others left": _higher_while_others_are_left,
    "higher, nobody left": _higher_alone,
}
OWES_IT = {"tied", "stands in for the tied"}  # what the database refuses by itself


def _cells() -> list[Any]:
    lines = (ROOT / "docs" / "separation.md").read_text(encoding="utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    columns = table[0][1:]
    found = []
    for name, *cells in table[2:]:
        if name == "act":
            break
        for column, said in zip(columns, cells, strict=True):
            ties = CASES[name].ties if said != "–" else ()
            found += [pytest.param(name, column, tie, said, id=f"{name}-{column}-{tie}") for tie in ties]
    return found


@pytest.mark.parametrize(("name", "column", "tie", "said"), _cells())
def test_every_cell_of_the_table(name: str, column: str, tie: str, said: str) -> None:
    case = CASES[name]
    tied = _operator()
    row = case.make(tied, tie)
    person = ACTORS[column](case, tied)
    if said == "yes":
        case.act(row, person)
        return
    with pytest.raises(PermissionDenied, match=r"\w"):
        case.act(row, person)
    if case.force is not None and column in OWES_IT:
        with pytest.raises(IntegrityError, match="separation of duties"), transaction.atomic():
            case.force(row, person)


def test_the_table_names_every_act() -> None:
    assert {cell.values[0] for cell in _cells()} == set(CASES)
    assert {cell.values[1] for cell in _cells()} == set(ACTORS)


@pytest.mark.parametrize(
    "name", ["approve a report", "decide on a declaration", "adopt a procedure", "verify a report", "review a lead"]
)
@pytest.mark.parametrize("column", [*ACTORS])
def test_separation_in_lists_is_the_same_as_in_services(name: str, column: str) -> None:
    """What waits for somebody in a list is what the service lets them decide on."""
    from procurement.models import DECIDE_DECLARATION, REVIEW_LEAD
    from programs.models import DECIDE_REPORT, VERIFY_REPORT
    from public_services.models import ADOPT_PROCEDURE

    kinds = {
        "approve a report": (DECIDE_REPORT, "program__agency_id"),
        "verify a report": (VERIFY_REPORT, "program__agency_id"),
        "decide on a declaration": (DECIDE_DECLARATION, "agency_id"),
        "adopt a procedure": (ADOPT_PROCEDURE, "service__agency_id"),
        "review a lead": (REVIEW_LEAD, "package__agency_id"),
    }
    act, agency = kinds[name]
    case = CASES[name]
    for tie in case.ties:
        tied = _operator()
        row = case.make(tied, tie)
        person = User.objects.get(pk=ACTORS[column](case, tied).pk)
        of = type(row)._default_manager.filter(pk=row.pk)
        agency_id = of.values_list(agency, flat=True).get()
        listed = act.waiting_for(of, person, agency=agency).exists()
        assert listed == (person.pk in act.deciders(row.pk, agency_id)), (tie, column)
        Membership.objects.all().delete()
        if name == "review a lead":
            Lead.objects.all().delete()


def test_separation_tells_the_next_higher_who_decides() -> None:
    office, tied = factories.member(OFFICE), _operator()
    _hold(tied, HEAD)
    report = _report(tied, "sent", "draft")
    reports._send(report, tied)
    assert "tidak ada lagi pejabat yang lebih dekat" in Notice.objects.get(user=office).text
    assert not Notice.objects.filter(user=tied).exists()


def test_separation_of_a_head_from_the_own_declaration_whoever_is_lent_the_role() -> None:
    """The fault that was found: lent, decided by the subordinate, and the governor's office could no longer decide."""
    office, head = factories.member(OFFICE), factories.member(HEAD)
    declaration = _declaration(head, "declared")
    stand_in = _stand_in(head)
    for person in (head, stand_in):
        assert not Declaration.objects.awaiting_decision_of(person).exists()
    assert Declaration.objects.awaiting_decision_of(office).get() == declaration
    declarations.decide_declaration(pk=declaration.pk, by=office, kind="no_conflict", reason="Diperiksa")


@pytest.mark.parametrize("left", ["lender closed", "lender moved", "stand-in moved"])
def test_separation_a_loan_ends_with_the_office(left: str) -> None:
    """In the database's view and in Django's own query alike."""
    lender = factories.member(HEAD)
    person = _stand_in(lender)
    assert person.heads(factories.agency().pk)
    assert Membership.objects.in_force().filter(user=person, delegated_by=lender).exists()
    if left == "lender closed":
        User.objects.filter(pk=lender.pk).update(is_active=False)
    else:
        of = lender if left == "lender moved" else person
        Membership.objects.filter(user=of, delegated_by=None).delete()
    person = User.objects.get(pk=person.pk)
    assert not person.heads(factories.agency().pk)
    assert not Membership.objects.in_force().filter(user=person, role=HEAD).exists()


def test_separation_of_whoever_typed_before_the_last_hand() -> None:
    """The fault that was found: a second person adds a reason to the row, and the first is no longer tied."""
    head = _hold(_operator(), HEAD)
    report = _report(head, "typed")
    ReportValue.objects.filter(report=report).update(changed_by=_operator(), reason="Data baru")
    with pytest.raises(PermissionDenied):
        reports.decide_report(pk=report.pk, by=head, version=report.version, approve=True)
    with pytest.raises(IntegrityError, match="separation of duties"), transaction.atomic():
        _force_report(report, head)


def test_separation_of_whoever_sent_attached_or_approved_before() -> None:
    """Sent by one, returned, sent by another; attached and taken away again; approved, returned, approved anew."""
    sender, attacher, approver = (_hold(_operator(), HEAD) for _person in range(3))
    report = _report(_operator(), "sent")
    ReportStep.objects.create(report=report, from_state="draft", to_state="submitted", by=sender)
    evidence = Evidence.objects.create(
        report=report, uploaded_by=attacher, name="x.pdf", size=1, sha256="0" * 64, stored_as="x"
    )
    evidence.delete()
    for person in (sender, attacher):
        with pytest.raises(PermissionDenied):
            reports.decide_report(pk=report.pk, by=person, version=report.version, approve=True)
        with pytest.raises(IntegrityError, match="separation of duties"), transaction.atomic():
            _force_report(report, person)
    ReportStep.objects.create(report=report, from_state="submitted", to_state="approved", by=approver)
    with pytest.raises(IntegrityError, match="separation of duties"), transaction.atomic():
        ReportStep.objects.create(report=report, from_state="submitted", to_state="verified", by=approver)


def test_separation_of_whoever_was_on_a_package_or_changed_its_plan() -> None:
    planner, named = (_hold(_operator(), HEAD) for _person in range(2))
    package = _package(_operator(), "typed")
    officer = Officer.objects.create(package=package, user=named, role="pp")
    packages.remove_officer(package=package, officer=officer, by=_operator())
    with pghistory.context(user=planner.pk):
        packages.update_package(pk=package.pk, version=package.version, by=planner, values={"name": "Lain"})
    for person in (planner, named):
        with pytest.raises(PermissionDenied):
            packages.override_gate(package=package, by=person, reason="Darurat")
        with pytest.raises(IntegrityError, match="separation of duties"), transaction.atomic():
            GateOverride.objects.create(package=package, to_state="announced", reason="x", by=person)


def test_separation_holds_for_rights_that_end_meanwhile() -> None:
    """A request knows the roles of its beginning; the service asks anew."""
    head = factories.member(HEAD)
    assert head.heads(factories.agency().pk)
    report = _report(_operator(), "sent")
    Membership.objects.filter(user=head).delete()
    with pytest.raises(PermissionDenied):
        reports.decide_report(pk=report.pk, by=head, version=report.version, approve=True)


def test_separation_of_an_auditor_from_the_own_number() -> None:
    """Whose NIK it is does not look it up about themselves: another auditor does."""
    named, other = factories.member(AUDITOR), factories.member(AUDITOR)
    OfficialProfile.objects.create(user=named, identity="6472010101800005")
    interest = _declaration(_operator(), "declared").interests.get()
    interest.party_identity = "6472010101800005"
    interest.save()
    person = SupplierPerson.objects.create(
        supplier=factories.supplier(), name="Sama", role="director", identity="6472010101800005"
    )
    for auditor, may in ((named, False), (other, True)):
        for act in (
            lambda by: declarations.unmask_identity(interest=interest, by=by, reason="Pemeriksaan"),
            lambda by: suppliers.unmask_person(person=person, by=by, reason="Pemeriksaan"),
        ):
            if may:
                assert act(auditor) == "6472010101800005"
            else:
                with pytest.raises(PermissionDenied, match="tercantum"):
                    act(auditor)


def test_separation_is_asked_once_a_request_for_all_lists() -> None:
    head = factories.member(HEAD)
    with CaptureQueriesContext(connection) as queries:
        assert not Report.objects.waiting_for(head).exists()
        assert not Declaration.objects.awaiting_decision_of(head).exists()
    assert sum("FROM accounts_holder WHERE user_id" in query["sql"] for query in queries) == 1


def test_separation_of_whoever_is_named_in_an_earlier_version() -> None:
    """A corrected declaration no longer names the NIK; who was named once does not decide on what came of it."""
    head = _hold(_operator(), HEAD)
    first = _declaration(head, "numbered")
    Declaration.objects.filter(pk=first.pk).update(superseded_at=timezone.now())
    second = Declaration.objects.create(officer=first.officer, number=2, has_interest=False)
    with pytest.raises(PermissionDenied, match="tercantum"):
        declarations.decide_declaration(pk=second.pk, by=head, kind="no_conflict", reason="Diperiksa")
    with pytest.raises(IntegrityError, match="separation of duties"), transaction.atomic():
        Decision.objects.create(declaration=second, kind="no_conflict", reason="x", decided_by=head)


def test_separation_of_a_number_that_is_nobodys() -> None:
    """Empty numbers tie nobody to anybody."""
    head = _hold(_operator(), HEAD)
    OfficialProfile.objects.create(user=head, identity="")
    row = _declaration(_operator(), "declared")
    declarations.decide_declaration(pk=row.pk, by=head, kind="no_conflict", reason="Diperiksa")


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.force and name != "approve a report"])
def test_separation_asks_for_the_role_past_the_service(name: str) -> None:
    """Somebody whom the matter does not concern, and who decides on nothing of its kind; of a report its step is
    asked."""
    case = CASES[name]
    row = case.make(_operator(), case.ties[0])
    assert case.force is not None
    for outsider in (_operator(), factories.member(Role.DATA_STEWARD)):
        with pytest.raises(IntegrityError, match="holds no role"), transaction.atomic():
            case.force(row, outsider)
