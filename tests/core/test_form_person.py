"""A form acts in the name of whom it was served to, and of nobody else who signs in in the same browser."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import User
from core.choices import Role
from core.form_keys import FIELD, SHAPE, new_key
from tests import factories

pytestmark = pytest.mark.django_db


def _key(page: bytes) -> str:
    field = BeautifulSoup(page, "lxml").find("input", {"name": FIELD})
    assert field is not None
    return str(field["value"])


def test_a_form_of_somebody_else_is_not_sent_in_ones_own_name(operator: User) -> None:
    """Neither as it is, nor once more as the page for a stale token would offer it; leaving is always possible."""
    client, head = Client(), factories.member(Role.AGENCY_HEAD)
    client.force_login(operator)
    key = _key(client.get("/akun/").content)
    client.force_login(head)
    form = {"act": "appearance", "dark_mode": "dark", "reason": "Ditulis operator", FIELD: key}
    answer = client.post("/akun/", form)
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "Kini orang lain yang masuk" in said
    assert "Ditulis operator" in said
    assert "dark_mode" not in said
    head.refresh_from_db()
    assert head.dark_mode != "dark"
    assert client.post("/akun/", form | {FIELD: _key(client.get("/akun/").content)}).status_code == 302
    assert client.post("/keluar/", {FIELD: key}).status_code == 302


def test_keys_with_and_without_a_person_are_keys(operator: User) -> None:
    assert SHAPE.fullmatch(new_key())
    assert SHAPE.fullmatch(new_key(operator))
