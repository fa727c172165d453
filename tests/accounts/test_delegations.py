"""Lending a role: how long, to whom, who sees it; and no administrator who gives themselves a role."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.delegations import delegate, end_delegation
from accounts.models import Membership, User
from core.choices import Role
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def lend(head: User, to: User, **values: Any) -> Membership:
    facts = {"first_day": TODAY, "last_day": TODAY + dt.timedelta(days=6), "reason": "Dinas luar"}
    return delegate(head=head, agency=factories.agency(), to=to, **(facts | values))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"first_day": dt.date(1999, 1, 1), "last_day": dt.date(9999, 1, 1)}, "paling cepat hari ini"),
        ({"first_day": TODAY - dt.timedelta(days=1)}, "paling cepat hari ini"),
        ({"last_day": TODAY + dt.timedelta(days=90)}, "paling lama 90 hari"),
        ({"last_day": TODAY - dt.timedelta(days=1)}, "Hari terakhir"),
        ({"first_day": dt.date(9999, 12, 31), "last_day": dt.date(9999, 12, 31)}, "paling lambat 90 hari"),
        (
            {"first_day": TODAY + dt.timedelta(days=91), "last_day": TODAY + dt.timedelta(days=92)},
            "paling lambat 90 hari",
        ),
    ],
)
def test_the_days_of_a_loan(head: User, operator: User, days: dict[str, dt.date], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        lend(head, operator, **days)
    assert not Membership.objects.delegations().exists()


def test_ninety_days_are_the_most_in_the_database_too(head: User, operator: User) -> None:
    row = lend(head, operator, last_day=TODAY + dt.timedelta(days=89))
    with pytest.raises(IntegrityError, match="accounts_membership_loan"), transaction.atomic():
        Membership.objects.filter(pk=row.pk).update(last_day=TODAY + dt.timedelta(days=90))


def test_to_whom(head: User, operator: User) -> None:
    gone, stranger = factories.member(Role.OPERATOR, is_active=False), factories.member(Role.OPERATOR, "Dinkes")
    for person in (gone, stranger, head, factories.member(Role.AGENCY_HEAD)):
        with pytest.raises(ValidationError):
            lend(head, person)
    lend(head, operator)
    with pytest.raises(ValidationError, match="Hanya satu orang"):
        lend(head, factories.member(Role.OPERATOR))
    with pytest.raises(ValidationError, match="Hanya kepala"):
        lend(operator, factories.member(Role.OPERATOR))


def test_both_and_the_auditor_see_it(
    head: User, operator: User, auditor: User, client_of: Callable[[User], Client]
) -> None:
    row = lend(head, operator, first_day=TODAY + dt.timedelta(days=2))
    stranger = factories.member(Role.OPERATOR, "Dinkes")
    seen = {
        person: str(operator) in client_of(person).get("/akun/pelimpahan/").content.decode().split("<main", 1)[1]
        for person in (head, operator, auditor, stranger)
    }
    assert list(seen.values()) == [True, True, True, False]
    assert end_delegation(head=head, pk=row.pk)
    assert operator.notices.count() == 2, "told of the beginning and of the end"


def test_a_refused_loan_keeps_what_was_typed(head: User, operator: User, client_of: Callable[[User], Client]) -> None:
    data = {
        "agency": factories.agency().pk,
        "to": operator.pk,
        "first_day": "1999-01-01",
        "last_day": "9999-01-01",
        "reason": "Cuti besar",
    }
    answer = client_of(head).post("/akun/pelimpahan/", data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Cuti besar" in page
    assert "paling cepat hari ini" in page


def test_an_administrator_gives_no_role_to_themselves(client_of: Callable[[User], Client]) -> None:
    administrator = factories.member(Role.ADMINISTRATOR)
    client = client_of(administrator)
    prefix = "memberships"
    data = {
        "username": administrator.username,
        "full_name": "Nama baru",
        "email": "",
        f"{prefix}-TOTAL_FORMS": "1",
        f"{prefix}-INITIAL_FORMS": "0",
        f"{prefix}-0-user": administrator.pk,
        f"{prefix}-0-role": Role.AUDITOR,
    }
    client.post(f"/admin/accounts/user/{administrator.pk}/change/", data)
    administrator = User.objects.get(pk=administrator.pk)
    assert administrator.roles == {Role.ADMINISTRATOR}
    assert administrator.is_active, "nor closes the own account"
    other = factories.UserFactory()
    theirs = data | {"username": other.username, "is_active": "on", f"{prefix}-0-user": other.pk}
    answer = client.post(f"/admin/accounts/user/{other.pk}/change/", theirs)
    assert answer.status_code == 302, answer.content.decode()[:500]
    assert User.objects.get(pk=other.pk).roles == {Role.AUDITOR}
