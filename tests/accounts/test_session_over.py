"""A session that ended while somebody typed: what was typed is sent once more, and arrives."""

import re

import pytest
from django.test import Client

from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found.group(1)


@pytest.fixture
def browser(operator: User) -> Client:
    """A strict one, with a session that is over and its old page open."""
    operator.set_password("Kopi-Manis-77-Etam")
    operator.save()
    client = Client(enforce_csrf_checks=True)
    client.cookies = factories.signed_in(operator).cookies
    return client


def test_one_sending_is_enough_after_signing_in_in_another_tab(browser: Client, operator: User) -> None:
    typed = {"year": "2026", "next": "/", "csrfmiddlewaretoken": token_in(browser.get("/").content.decode())}
    del browser.cookies["sessionid"]
    over = browser.post("/beralih/", typed)
    page = over.content.decode()
    assert (over.status_code, "Sesi Anda berakhir" in page) == (403, True)
    assert "data-fresh-token" in page
    address = re.search(r'data-token-url="([^"]+)"', page)
    assert address
    again = typed | {"csrfmiddlewaretoken": token_in(page)}
    sign_in = token_in(browser.get("/masuk/").content.decode())
    login = {"login": operator.username, "password": "Kopi-Manis-77-Etam", "csrfmiddlewaretoken": sign_in}
    assert browser.post("/masuk/", login).status_code == 302
    assert browser.post("/beralih/", again).status_code == 403  # the token of the old session stays worthless
    answer = browser.get(address.group(1))
    assert "no-store" in answer["Cache-Control"]
    assert browser.post("/beralih/", again | {"csrfmiddlewaretoken": answer.json()["token"]}).status_code == 302


def test_a_token_is_of_one_browser(browser: Client) -> None:
    """Another browser's is worth nothing here."""
    stolen = Client(enforce_csrf_checks=True).get("/formulir/token/").json()["token"]
    assert browser.post("/beralih/", {"year": "2026", "csrfmiddlewaretoken": stolen}).status_code == 403
