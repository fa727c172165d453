"""A session that ended while somebody typed: what was typed is sent once more, and arrives."""

import re

import pytest
from django.test import Client

from accounts.models import User
from core.choices import Role
from core.form_keys import new_key
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
    token = token_in(browser.get("/").content.decode())
    typed = {"year": "2026", "next": "/", "csrfmiddlewaretoken": token, "form_key": new_key()}
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


def test_what_was_typed_outlives_the_role(head: User) -> None:
    package = factories.PackageFactory()
    client = factories.signed_in(head)
    factories.leave(head)
    typed = {"reason": "Banjir di Mahakam Ulu", "to_state": "announced", "form_key": "x" * 22}
    answer = client.post(f"/pengadaan/{package.pk}/lewati/", typed)
    page = answer.content.decode()
    assert (answer.status_code, "Banjir di Mahakam Ulu" in page) == (403, True)
    assert "data-fresh-token" in page
    assert not package.overrides.exists()


def test_what_was_typed_outlives_the_move_to_another_opd(operator: User) -> None:
    program = factories.ProgramFactory(state="draft", registered_at=None)
    client = factories.signed_in(operator)
    operator.memberships.update(agency=factories.agency("Dispora"))
    answer = client.post(f"/program/{program.pk}/ubah/", {"name": "Beasiswa Kaltim", "version": "1"})
    page = answer.content.decode()
    assert (answer.status_code, "Beasiswa Kaltim" in page) == (404, True)


def test_a_refused_button_repeats_nothing(head: User) -> None:
    package = factories.PackageFactory()
    client = factories.signed_in(head)
    factories.leave(head)
    page = client.post(f"/pengadaan/{package.pk}/lewati/", {"version": "3", "form_key": "x" * 22}).content.decode()
    assert "data-fresh-token" not in page


@pytest.mark.parametrize("address", ["/tidak-ada/", "/pengadaan/999999999/lewati/"])
def test_of_nobody_nothing_is_repeated(address: str) -> None:
    answer = Client().post(address, {"reason": "Banjir"})
    assert answer.status_code in {302, 403, 404}
    assert ("Banjir" in answer.content.decode()) == (answer.status_code == 403)  # the page of a session that is over


def test_a_grid_of_another_opd_is_refused_with_what_was_typed(operator: User) -> None:
    """Chosen in another tab, or moved there: the cells are of reports that this page doesn't show."""
    program = factories.ProgramFactory(agency=factories.agency("Dinkes"))
    factories.IndicatorFactory(program=program)
    report = factories.report_of(program, factories.member(Role.OPERATOR, "Dinkes"), 1)
    typed = {f"version-{report.pk}": "1", f"v-{report.values.get().pk}-value": "77,5"}
    answer = factories.signed_in(operator).post(f"/isian/{report.period}/", typed)
    assert answer.status_code == 403
    assert "77,5" in answer.content.decode()
