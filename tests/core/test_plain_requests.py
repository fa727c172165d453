"""What no browser sends is a 400, whoever sends it."""

import pytest
from django.test import Client

from accounts.models import User
from tests import factories


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "no-such"])
def test_another_character_set(db: None, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert Client().generic("POST", "/masuk/", b"login=a&password=b", content_type=kind).status_code == 400
    assert Client().get("/masuk/?x=%FF", CONTENT_TYPE=f"text/plain; charset={charset}").status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_ours(db: None, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert Client().generic("POST", "/masuk/", b"login=a&password=b", content_type=kind).status_code == 200


def test_a_nul_in_the_address(operator: User) -> None:
    client = factories.signed_in(operator)
    for path in ("/isian/2026-Q1%00/", "/isian/2026-Q1%00/buku-kerja/", "/spm/isian/1/2026-Q1%00/", "/a%00"):
        assert client.get(path).status_code == 400


@pytest.mark.parametrize("target", ["[", "abc", "' OR 1=1--", "//evil.test/", "https://evil.test/", "\\evil"])
def test_a_page_to_go_on_to_that_is_none(operator: User, target: str) -> None:
    client = factories.signed_in(operator)
    answer = client.get("/akun/konfirmasi/", {"next": target})
    assert answer.status_code in {200, 302}
    assert "evil" not in answer.headers.get("Location", "")
    assert client.post("/beralih/", {"next": target}).status_code < 500


@pytest.mark.parametrize("name", [5, None, [], {}, "", "x", "v\x00"])
def test_a_cell_that_is_none(operator: User, name: object) -> None:
    client = factories.signed_in(operator)
    body = {"cells": [{"name": name, "text": "1", "base": ""}]}
    assert client.post("/isian/sel/", body, content_type="application/json").status_code < 500
