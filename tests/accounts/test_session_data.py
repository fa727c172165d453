"""A session's data belong to its key: whoever writes in the table does not become somebody else by copying them."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import Session, User

pytestmark = pytest.mark.django_db


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_data_of_another_session_open_nothing(
    operator: User, auditor: User, client_of: Callable[[User], Client]
) -> None:
    theirs, own = client_of(auditor), client_of(operator)
    assert own.get("/akun/").status_code == 200
    stolen = Session.objects.get(session_key=key_of(theirs))
    Session.objects.filter(session_key=key_of(own)).update(session_data=stolen.session_data, user_id=stolen.user_id)
    answer = own.get("/akun/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/masuk/")
    assert theirs.get("/akun/").status_code == 200


def test_a_row_moved_to_another_key_opens_nothing(
    operator: User, auditor: User, client_of: Callable[[User], Client]
) -> None:
    theirs, own = client_of(auditor), client_of(operator)
    mine, other = key_of(own), key_of(theirs)
    Session.objects.filter(session_key=mine).delete()
    Session.objects.filter(session_key=other).update(session_key=mine)
    assert own.get("/akun/").status_code == 302


def test_a_session_outlives_a_new_key(operator: User) -> None:
    """As after a sign-in or a changed password: the data move with the person."""
    from accounts.sessions import SessionStore

    session = SessionStore()
    session["x"] = 1
    session.save()
    before = session.session_key
    session.cycle_key()
    session.save()
    assert session.session_key != before
    assert SessionStore(session.session_key)["x"] == 1
