"""An OPD is renamed, merged or split: what is open goes over, what is over stays, and nothing new begins at it."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.models import AgencyChange, AgencyMove
from accounts.agencies.services import STAYS, Plan, Target, carry_out, names_before, what_moves
from accounts.agencies.then import agency_on
from accounts.delegations import delegate
from accounts.models import Agency, Membership, UnitCode, User
from core.choices import Role
from core.models import AuditEvent
from dashboards.directives import services as directive_services
from dashboards.early_warnings.services import raise_warnings
from dashboards.models import Directive, EarlyWarning, ProgramStanding
from dashboards.reference_lists import reference
from dashboards.summaries.refresh import refresh
from procurement.choices import PackageState
from procurement.models import Package
from programs.models import DECIDE_REPORT, PlanDocument, Program, Report
from programs.registration.services import create_program
from public_services.models import PublicService
from spm.models import ServiceKind
from tests import factories
from uploads.services import receive

TODAY = timezone.localdate()
YEAR = TODAY.year
NEW_YEAR = dt.date(YEAR, 1, 1)


@pytest.fixture
def steward(db: None) -> User:
    return factories.member(Role.DATA_STEWARD)


def plan_of(kind: str, *targets: Target, day: dt.date = NEW_YEAR, opd: str = "Disdikbud", chosen: Any = None) -> Plan:
    return Plan(
        factories.agency(opd), kind, day, "Perda 4/2025", "Susunan perangkat daerah berubah", targets, chosen or {}
    )


def renamed(steward: User, day: dt.date = NEW_YEAR, **values: str) -> Agency:
    old = factories.agency()
    target = Target(**{"code": old.code, "name": "Dinas Pendidikan", "short_name": "Disdik"} | values)
    carry_out(plan_of(AgencyChangeKind.RENAME, target, day=day), by=steward)
    return factories.agency("Disdik")


def merged(steward: User, day: dt.date = NEW_YEAR) -> tuple[Agency, Agency]:
    old, into = factories.agency(), factories.agency("Dinkes")
    carry_out(plan_of(AgencyChangeKind.MERGE, Target(existing=into), day=day), by=steward)
    old.refresh_from_db()
    return old, into


def given(agency: Agency) -> Directive:
    facts = {"agency": agency, "text": "Selesaikan", "measure": "Selesai", "given_on": NEW_YEAR, "due_on": TODAY}
    return directive_services.give(values=facts, by=factories.member(Role.GOVERNORS_OFFICE))


def test_a_renamed_opd_keeps_its_years_under_the_old_name(steward: User, operator: User, head: User) -> None:
    last, now = factories.ProgramFactory(fiscal_year=YEAR - 1), factories.ProgramFactory()
    report = factories.report_of(last, operator, quarter=4)
    new = renamed(steward)
    assert Program.objects.get(pk=last.pk).agency.name == "Dinas Pendidikan dan Kebudayaan"
    assert Program.objects.get(pk=now.pk).agency == new
    assert names_before(new) == [last.agency]
    operator, head = User.objects.get(pk=operator.pk), User.objects.get(pk=head.pk)
    assert [each.agency for each in operator.all_memberships] == [new]
    assert operator.operated_agency_ids == head.headed_agency_ids == {new.pk, last.agency_id}
    assert Report.objects.editable_by(operator).filter(pk=report.pk).exists(), "the last report is theirs to finish"
    assert head.pk in DECIDE_REPORT.deciders(report.pk, last.agency_id)
    assert list(User.objects.operators_of(Agency.objects.get(pk=last.agency_id))) == [operator]


def test_a_report_bears_the_name_of_its_time(steward: User, operator: User, client_of: Any) -> None:
    report = factories.report_of(factories.IndicatorFactory().program, operator, quarter=1)
    new = renamed(steward, day=dt.date(YEAR, 4, 1))
    page = client_of(User.objects.get(pk=operator.pk)).get(f"/laporan/{report.pk}/").content.decode()
    assert re.search(rf"Dinas Pendidikan dan Kebudayaan\s+\(sekarang\s+{new.name}\)", page)
    program = Program.objects.get(pk=report.program_id)
    assert agency_on(program, dt.date(YEAR, 3, 31)).short_name == "Disdikbud"
    assert agency_on(program, dt.date(YEAR, 4, 1)) == new


def test_a_loan_counts_at_the_former_opd_too(steward: User, operator: User, head: User) -> None:
    last = factories.ProgramFactory(fiscal_year=YEAR - 1)
    report = factories.report_of(last, operator, quarter=4)
    stand_in = factories.member(Role.OPERATOR)
    days = {"first_day": TODAY, "last_day": TODAY + dt.timedelta(days=3)}
    delegate(head=head, agency=factories.agency(), to=stand_in, reason="Dinas luar", **days)
    renamed(steward)
    stand_in = User.objects.get(pk=stand_in.pk)
    assert DECIDE_REPORT.lender(stand_in, last.agency_id) == head
    assert stand_in.pk in DECIDE_REPORT.deciders(report.pk, last.agency_id)


def test_merging_hands_over_what_is_open_and_leaves_what_is_over(steward: User, operator: User) -> None:
    old = factories.agency()
    program = factories.ProgramFactory()
    open_package = factories.PackageFactory(program=program)
    done = factories.PackageFactory(fiscal_year=YEAR - 1, state=PackageState.CANCELLED)
    service, gone = factories.public_service(), factories.public_service(is_active=False)
    directive, closed = given(old), given(old)
    Directive.objects.filter(pk=closed.pk).update(state="done", closed_at=timezone.now())
    unit = UnitCode.objects.create(code="X1", agency=old)
    plan = PlanDocument.objects.create(
        kind="renstra", agency=old, name="Renstra", first_year=YEAR - 1, last_year=YEAR + 3
    )
    spm = ServiceKind.objects.get(code="1.01.a")
    rows = [program, open_package, service, directive, unit, plan]
    day = NEW_YEAR + dt.timedelta(days=1)
    former, into = merged(steward, day)
    for row in rows:
        row.refresh_from_db()
        assert row.agency == into, row
    for row in (done, gone, closed):
        row.refresh_from_db()
        assert row.agency == former, row
    assert list(spm.agencies.all()) == [into]
    assert (former.closed_on, former.continued_by) == (day, into)
    assert not Agency.objects.living().filter(pk=former.pk).exists()
    assert Agency.objects.living(day - dt.timedelta(days=1)).filter(pk=former.pk).exists()
    change = AgencyChange.objects.get()
    assert (change.kind, change.by, change.successor) == ("merge", steward, into)
    moved = set(AgencyMove.objects.filter(change=change).values_list("holding", "row"))
    assert {("program", program.pk), ("package", open_package.pk), ("duty", spm.pk)} <= moved
    event = AuditEvent.objects.get(action="agency.merged")
    assert (event.reason, event.actor_id, event.details["moved"]["program"]) == (change.reason, steward.pk, 1)
    assert operator.notices.filter(text__contains="Disdikbud").exists()


def test_names_that_the_successor_has_already_are_told_apart(steward: User) -> None:
    other = factories.agency("Dinkes")
    mine, theirs = factories.ProgramFactory(name="Penunjang"), factories.ProgramFactory(name="Penunjang", agency=other)
    one = factories.public_service(name="Legalisir")
    factories.public_service(name="Legalisir", agency=other)
    both = factories.UserFactory()
    for agency in (factories.agency(), other):
        Membership.objects.create(user=both, role=Role.OPERATOR, agency=agency)
    merged(steward)
    assert Program.objects.get(pk=mine.pk).name == "Penunjang (eks Disdikbud)"
    assert Program.objects.get(pk=theirs.pk).name == "Penunjang"
    assert PublicService.objects.get(pk=one.pk).name == "Legalisir (eks Disdikbud)"
    assert list(both.memberships.values_list("agency", flat=True)) == [other.pk]


def test_a_name_with_its_origin_may_be_taken_as_well(steward: User) -> None:
    other = factories.agency("Dinkes")
    mine = factories.ProgramFactory(name="Penunjang")
    one = factories.public_service(name="Legalisir")
    for name in ("Penunjang", "Penunjang (eks Disdikbud)"):
        factories.ProgramFactory(name=name, agency=other)
    for name in ("Legalisir", "Legalisir (eks Disdikbud)", "Legalisir (eks Disdikbud 2)"):
        factories.public_service(name=name, agency=other)
    merged(steward)
    assert Program.objects.get(pk=mine.pk).name == "Penunjang (eks Disdikbud 2)"
    assert PublicService.objects.get(pk=one.pk).name == "Legalisir (eks Disdikbud 3)"


def test_a_split_goes_where_each_row_is_said_to_go(steward: User) -> None:
    stays_on, goes = factories.ProgramFactory(), factories.ProgramFactory()
    follows, alone = factories.PackageFactory(program=goes), factories.PackageFactory()
    people = [factories.member(Role.OPERATOR) for _each in range(3)]
    first, second, nowhere = (person.memberships.get() for person in people)
    parts = (
        Target(code="1.01.0.00.0.00.01.0000", name="Dinas Pendidikan", short_name="Disdik"),
        Target(code="2.22.0.00.0.00.01.0000", name="Dinas Kebudayaan", short_name="Disbud"),
    )
    chosen = {("program", goes.pk): 1, ("member", second.pk): 1, ("member", nowhere.pk): STAYS}
    carry_out(plan_of(AgencyChangeKind.SPLIT, *parts, chosen=chosen), by=steward)
    schools, culture = factories.agency("Disdik"), factories.agency("Disbud")
    where = dict(Program.objects.values_list("pk", "agency"))
    assert (where[stays_on.pk], where[goes.pk]) == (schools.pk, culture.pk)
    assert Package.objects.get(pk=follows.pk).agency == culture, "it goes with its programme"
    assert Package.objects.get(pk=alone.pk).agency == schools
    assert {Membership.objects.get(pk=row.pk).agency for row in (first, second)} == {schools, culture}
    left = User.objects.get(pk=people[2].pk)
    assert left.agency_ids and not left.operated_agency_ids, "reads what was, writes nothing"
    assert not left.held_roles
    former = Agency.objects.get(name="Dinas Pendidikan dan Kebudayaan")
    assert former.continued_by == schools, "the first keeps the papers of what is over"


def test_an_opd_that_goes_on_with_a_part_is_not_closed(steward: User) -> None:
    old = factories.agency()
    keeps, goes = factories.ProgramFactory(), factories.ProgramFactory()
    new = Target(code="2.22.0.00.0.00.01.0000", name="Dinas Kebudayaan", short_name="Disbud")
    carry_out(plan_of(AgencyChangeKind.SPLIT, Target(existing=old), new, chosen={("program", goes.pk): 1}), by=steward)
    old.refresh_from_db()
    assert old.closed_on is None
    assert Program.objects.get(pk=keeps.pk).agency == old
    assert Program.objects.get(pk=goes.pk).agency == factories.agency("Disbud")


def test_nothing_new_begins_at_a_former_opd(steward: User, operator: User) -> None:
    former, _into = merged(steward)
    operator = User.objects.get(pk=operator.pk)
    values = {"name": "Baru", "nomenclature_id": 1, "budget_rupiah": Decimal(1)}
    with pytest.raises(ValidationError, match="Dinas Kesehatan"):
        create_program(agency=former, fiscal_year=YEAR, by=operator, values=values, regions=[])
    with pytest.raises(ValidationError, match="Dinas Kesehatan"):
        given(former)
    with pytest.raises(ValidationError, match="Dinas Kesehatan"):
        receive(file=None, agency=former, fiscal_year=YEAR, by=operator, options={})
    with pytest.raises(ValidationError):
        Membership(user=operator, role=Role.OPERATOR, agency=former).full_clean()


def test_what_a_former_opd_left_undone_is_asked_of_its_successor(steward: User) -> None:
    program = factories.ProgramFactory(fiscal_year=YEAR - 1)
    factories.IndicatorFactory(program=program)
    former, into = merged(steward)
    refresh()
    raise_warnings(YEAR - 1, TODAY)
    assert set(EarlyWarning.objects.filter(kind="late").values_list("agency", flat=True)) <= {into.pk}
    assert ProgramStanding.objects.filter(program=program, agency=former).exists(), "its figures stay under its name"
    assert former not in reference().agencies_of(YEAR + 1)
    assert former in reference().agencies_of(YEAR - 1)


def test_successors_of_successors(steward: User) -> None:
    former, into = merged(steward)
    carry_out(
        plan_of(
            AgencyChangeKind.RENAME,
            Target(code=into.code, name="Dinas Kesehatan dan Pendidikan", short_name="Dinkesdik"),
            day=NEW_YEAR + dt.timedelta(days=31),
            opd="Dinkes",
        ),
        by=steward,
    )
    former.refresh_from_db()
    newest = factories.agency("Dinkesdik")
    assert former.continued_by == newest
    assert names_before(newest) == [into], "a merged one is no other name"
    with pytest.raises(ValidationError):
        carry_out(plan_of(AgencyChangeKind.MERGE, Target(existing=into), opd="Dinsos"), by=steward)


@pytest.mark.parametrize(
    ("kind", "targets", "day", "field"),
    [
        ("rename", [{"code": "1.01", "name": "Dinas X", "short_name": "X"}], NEW_YEAR, "targets"),
        ("rename", [{"code": "1.01.0.00", "name": "Dinas Kesehatan", "short_name": "X"}], NEW_YEAR, "targets"),
        ("rename", [{"code": "1.01.0.00", "name": "", "short_name": "X"}], NEW_YEAR, "targets"),
        ("rename", [{"code": "1.01.0.00", "name": "X", "short_name": "X"}], TODAY + dt.timedelta(days=1), "day"),
        ("split", [{"code": "1.01.0.00", "name": "X", "short_name": "X"}], NEW_YEAR, "targets"),
    ],
)
def test_what_cannot_be_is_refused_by_field(
    steward: User, kind: str, targets: list[dict[str, str]], day: dt.date, field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        carry_out(plan_of(kind, *(Target(**each) for each in targets), day=day), by=steward)
    assert list(refused.value.message_dict) == [field]
    assert not AgencyChange.objects.exists()
    assert factories.agency().closed_on is None


def test_only_a_data_steward_changes_an_opd(operator: User) -> None:
    target = Target(code="1.01.0.00.0.00", name="X", short_name="X")
    with pytest.raises(PermissionDenied):
        carry_out(plan_of(AgencyChangeKind.RENAME, target), by=operator)


def test_a_package_changes_its_opd_by_a_change_alone(steward: User) -> None:
    package = factories.PackageFactory()
    with pytest.raises(IntegrityError, match="keeps its OPD"), transaction.atomic():
        Package.objects.filter(pk=package.pk).update(agency=factories.agency("Dinkes"))
    merged(steward)
    with pytest.raises(IntegrityError, match="keeps its OPD"), transaction.atomic():
        Package.objects.filter(pk=package.pk).update(agency=factories.agency("Dinsos"))


def test_the_preview_writes_nothing(steward: User) -> None:
    factories.ProgramFactory()
    target = Target(code="1.01.0.00.0.00", name="X", short_name="X")
    assert {each.holding.name for each in what_moves(plan_of(AgencyChangeKind.RENAME, target))} >= {"program", "duty"}
    assert factories.agency().closed_on is None


@pytest.mark.parametrize(
    "there",
    [
        {"last_day": TODAY - dt.timedelta(days=300)},
        {"first_day": TODAY + dt.timedelta(days=30)},
        {"last_day": TODAY + dt.timedelta(days=3)},
    ],
)
def test_a_role_is_not_lost_to_one_that_holds_less(there: dict[str, dt.date], steward: User, operator: User) -> None:
    operator.memberships.create(role=Role.OPERATOR, agency=factories.agency("Dinkes"), **there)
    _old, into = merged(steward)
    row = operator.memberships.get()
    assert (row.agency, row.first_day, row.last_day) == (into, None, None)


def test_a_role_that_ends_goes_on_where_the_other_begins_before(steward: User, operator: User) -> None:
    """Nobody is without a role for a month because the later row of it holds longer."""
    operator.memberships.update(last_day=TODAY + dt.timedelta(days=60))
    later = TODAY + dt.timedelta(days=30)
    operator.memberships.create(role=Role.OPERATOR, agency=factories.agency("Dinkes"), first_day=later)
    _old, into = merged(steward)
    row = operator.memberships.get()
    assert (row.agency, row.first_day, row.last_day) == (into, None, None)


def test_an_own_role_is_not_lost_to_a_lent_one(steward: User, head: User) -> None:
    other = factories.member(Role.AGENCY_HEAD, "Dinkes")
    head.memberships.create(role=Role.OPERATOR, agency=factories.agency("Dinkes"))
    delegate(
        head=other,
        agency=factories.agency("Dinkes"),
        to=head,
        first_day=TODAY,
        last_day=TODAY + dt.timedelta(days=3),
        reason="Cuti",
    )
    _old, into = merged(steward)
    row = head.memberships.get(role=Role.AGENCY_HEAD)
    assert (row.agency, row.delegated_by, row.last_day) == (into, None, None)


def test_changes_are_recorded_in_the_order_of_their_days(steward: User) -> None:
    """Else what was merged into an OPD in June would be called by its name of March."""
    _old, into = merged(steward, dt.date(YEAR, 6, 1))
    target = Target(code="1.02.0.00.0.00.77.0000", name="Dinas Sehat", short_name="Sehat")
    for day, is_refused in ((dt.date(YEAR, 3, 1), True), (dt.date(YEAR, 7, 1), False)):
        plan = plan_of(AgencyChangeKind.RENAME, target, day=day, opd=into.short_name)
        if is_refused:
            with pytest.raises(ValidationError) as caught:
                carry_out(plan, by=steward)
            assert "day" in caught.value.message_dict
        else:
            carry_out(plan, by=steward)


@pytest.mark.parametrize("day", [dt.date(1, 1, 1), dt.date(1900, 1, 1), dt.date(2016, 12, 31)])
def test_no_change_before_there_were_such_opd(day: dt.date, steward: User) -> None:
    with pytest.raises(ValidationError) as caught:
        renamed(steward, day=day)
    assert "day" in caught.value.message_dict


@pytest.mark.parametrize("values", [{"name": "DINAS  KESEHATAN"}, {"short_name": "dinkes"}])
def test_a_name_in_other_letters_is_the_same_name(values: dict[str, str], steward: User) -> None:
    with pytest.raises(ValidationError):
        renamed(steward, code="1.01.0.00.0.00.77.0000", **values)


@pytest.mark.parametrize("code", ["...", "a.b.c.d", "-1.0.0.0", "1..01..", "1.02.0"])
def test_a_code_of_an_opd_has_its_form(code: str, steward: User) -> None:
    with pytest.raises(ValidationError):
        renamed(steward, code=code)
