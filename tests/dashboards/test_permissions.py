"""Who may do what: the services of the governor's office trust no caller."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from dashboards.briefings import services as briefings
from dashboards.choices import DIRECTIVE_TRANSITIONS, DirectiveState
from dashboards.directives import services as directives
from dashboards.directives.permissions import may_follow_up, may_give, may_move
from dashboards.early_warnings import services as warnings
from dashboards.models import Directive, EarlyWarning
from tests import factories

TODAY = timezone.localdate()


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


@pytest.fixture
def directive(office: User) -> Directive:
    facts = {
        "agency": factories.agency(),
        "text": "Selesaikan",
        "measure": "Selesai",
        "given_on": TODAY,
        "due_on": TODAY,
    }
    return directives.give(values=facts, by=office)


def test_every_state_has_its_transitions() -> None:
    assert set(DIRECTIVE_TRANSITIONS) == set(DirectiveState)


def test_each_says_of_a_directive_what_is_theirs_to_say(directive: Directive, office: User, operator: User) -> None:
    stranger = factories.member(Role.AGENCY_HEAD, "Dinkes")
    says = {
        user: {state.value for state in DirectiveState if may_move(user, directive, state)}
        for user in (office, operator, stranger)
    }
    assert says == {office: {"open", "done", "withdrawn"}, operator: {"open", "answered"}, stranger: set()}
    assert not may_give(operator)
    directives.follow_up(
        directive=directive, by=office, text="Baik", percent=None, state=DirectiveState.DONE, lacking_reason="Dilihat"
    )
    directive.refresh_from_db()
    assert not may_follow_up(office, directive), "closed stays closed"


def _acts(directive: Directive, warning: EarlyWarning, by: User) -> list[Callable[[], Any]]:
    until = TODAY + dt.timedelta(days=1)
    return [
        lambda: directives.give(values={}, by=by),
        lambda: directives.follow_up(directive=directive, by=by, text="x", percent=None, state="done"),
        lambda: warnings.silence(row=warning, until=until, reason="x", by=by, today=TODAY),
        lambda: warnings.speak_again(row=warning, by=by),
        lambda: briefings.issue(year=TODAY.year, today=TODAY, by=by),
        lambda: briefings.reorder(parts=[], hidden=set(), seen="", by=by),
    ]


@pytest.mark.parametrize("number", range(6))
def test_no_act_of_the_office_is_done_for_an_operator(number: int, directive: Directive, operator: User) -> None:
    warning = EarlyWarning.objects.create(kind="late", key="1-1", fiscal_year=TODAY.year, url="/", facts={})
    with pytest.raises((PermissionDenied, ValidationError), match=r"Kantor gubernur|Pilih salah satu tombol"):
        _acts(directive, warning, operator)[number]()
