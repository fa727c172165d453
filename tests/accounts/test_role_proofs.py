"""A change of roles stands in the trail, as it was: another act on the same person does not excuse it."""

from collections.abc import Iterator

import pghistory
import pytest
from django.utils import timezone

from accounts import proofs, services
from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.services import Plan, Target, carry_out
from accounts.models import Membership, User
from core import audit, chain
from core.choices import Role
from tests import factories


@pytest.fixture
def administrator(db: None) -> User:
    return factories.member(Role.ADMINISTRATOR)


@pytest.fixture
def clerk(db: None) -> User:
    return factories.member(Role.OPERATOR)


@pytest.fixture(autouse=True)
def sealed_portal(administrator: User, clerk: User) -> Iterator[None]:
    """What was there before the first seal is left out; whoever writes now names a context."""
    with pghistory.context(task="test"):
        chain.seal()
        assert proofs.findings() == []
        yield


def found() -> list[int]:
    return [finding.row for finding in proofs.findings()]


def test_a_change_with_its_act(administrator: User, clerk: User) -> None:
    row = clerk.memberships.create(role=Role.AUDITOR)
    assert found() == [row.pk]
    services.roles_changed(user=clerk, by=administrator)
    assert found() == []
    key = row.pk
    row.delete()
    assert found() == [key], "the act that named it does not excuse its end"
    services.roles_changed(user=clerk, by=administrator)
    assert found() == []


@pytest.mark.parametrize("action", ["account.changed", "admin.changed", "admin.added"])
def test_another_act_on_the_person_excuses_nothing(action: str, administrator: User, clerk: User) -> None:
    audit.record(action, clerk, by=administrator, fields=["phone"])
    row = clerk.memberships.create(role=Role.AUDITOR)
    assert found() == [row.pk]


def test_an_act_excuses_only_the_roles_that_it_names(administrator: User, clerk: User) -> None:
    services.roles_changed(user=clerk, by=administrator)
    row = clerk.memberships.get()
    Membership.objects.filter(pk=row.pk).update(role=Role.AUDITOR, agency=None)
    assert found() == [row.pk]


def test_a_role_prolonged_behind_its_act(administrator: User, clerk: User) -> None:
    row = clerk.memberships.get()
    Membership.objects.filter(pk=row.pk).update(last_day=timezone.localdate())
    services.roles_changed(user=clerk, by=administrator)
    assert found() == []
    Membership.objects.filter(pk=row.pk).update(last_day=None)
    assert found() == [row.pk]


def test_roles_that_go_over_with_an_opd_have_an_act_each(clerk: User) -> None:
    """Who held the role at the successor already loses the one at the former."""
    both = factories.member(Role.OPERATOR, "Dinkes")
    both.memberships.create(role=Role.OPERATOR, agency=factories.agency())
    proofs.record_roles(both, actor=both)
    target = Target(existing=factories.agency("Dinkes"))
    day = timezone.localdate().replace(month=1, day=1)
    plan = Plan(factories.agency(), AgencyChangeKind.MERGE, day, "Perda 4/2025", "Digabung", [target])
    carry_out(plan, by=factories.member(Role.DATA_STEWARD))
    assert clerk.memberships.get().agency == factories.agency("Dinkes")
    assert both.memberships.count() == 1
    of_members = {row.pk for row in Membership.objects.filter(user__in=[clerk, both])}
    assert not of_members & set(found())
