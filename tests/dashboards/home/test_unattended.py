"""Papers in an OPD without an active head: who is next in line hears of them, at once and every morning."""

import pytest
from django.utils import timezone

from accounts.models import Membership, Notice, User
from core import queue
from core.choices import Role
from core.periods import Period
from dashboards.home import receivers, tasks, unattended
from programs.models import Report
from tests import factories

pytestmark = pytest.mark.django_db


def _waiting_report() -> Report:
    program = factories.ProgramFactory()
    return Report.objects.create(
        program=program,
        period=Period.parse(f"{program.fiscal_year}-Q1"),
        state="submitted",
        submitted_at=timezone.now(),
        submitted_by=factories.member(Role.OPERATOR),
    )


def test_the_office_and_the_administrators_are_told_once_a_day() -> None:
    office, administrator = factories.member(Role.GOVERNORS_OFFICE), factories.member(Role.ADMINISTRATOR)
    head = factories.member(Role.AGENCY_HEAD)
    _waiting_report()
    assert tasks.tell_unattended() == 0, "the head is there"
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert unattended.waiting_by_agency() == {factories.agency().pk: 1}
    assert tasks.tell_unattended() == 2
    assert tasks.tell_unattended() == 0
    for person in (office, administrator):
        assert "1 berkas menunggu" in Notice.objects.get(user=person).text


def test_it_is_said_at_once_when_a_head_leaves(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(queue, "send", lambda task, *_args, **_options: sent.append(task) or True)
    head, other = factories.member(Role.AGENCY_HEAD), factories.member(Role.AGENCY_HEAD, "Dinkes")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        head.is_active = False
        head.save()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's fixture
        Membership.objects.get(user=other).delete()
    assert sent == [receivers.TASK, receivers.TASK]
