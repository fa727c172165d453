"""What no browser sends is a 400, whoever sends it."""

import io
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from accounts.models import User
from core.choices import Role
from core.middleware.plain_requests import REFUSAL
from core.request_values import query_in
from kaltim_portal.wsgi import application
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


ODD = ["idna", "rot13", "hex", "punycode", "undefined", "unicode_escape", "no-such", "utf-16", "%00", "\x00", "a\x00b"]


@pytest.mark.parametrize("kind", [*(f"text/plain; charset={odd}" for odd in ODD), "text/plain; charset*=no-such''x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_through_the_application_itself(db: None, kind: str, method: str) -> None:
    """Django's own client makes the request otherwise than a server does."""
    answers: list[tuple[str, dict[str, str]]] = []
    body = b"login=a"
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": "/masuk/",
        "QUERY_STRING": "x=%FF&y=a",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    said = b"".join(application(environ, lambda status, headers: answers.append((status, dict(headers)))))
    (status, headers) = answers[0]
    assert status == "400 Bad Request"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert said.decode() == REFUSAL


def test_a_plain_request_reaches_the_portal(db: None) -> None:
    answers: list[str] = []
    environ = {"PATH_INFO": "/masuk/", "CONTENT_TYPE": "text/plain; charset=UTF-8", "HTTP_HOST": "testserver"}
    setup_testing_defaults(environ)
    answer = application(environ, lambda status, _headers: answers.append(status))
    assert b"Masuk" in b"".join(answer)
    assert answers == ["200 OK"]


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


@pytest.mark.parametrize("address", ["/cari/?q=%00", "/cari/?q=a%00b", "/program/?page=%00"])
def test_a_nul_behind_the_question_mark(operator: User, address: str) -> None:
    assert factories.signed_in(operator).get(address).status_code == 200


@pytest.mark.parametrize("field", ["nomenclature_search", "name"])
def test_a_nul_in_a_field(operator: User, field: str) -> None:
    client = factories.signed_in(operator)
    assert client.post("/program/baru/", {field: "a\x00b"}).status_code in {200, 422}


def test_a_nul_in_filters_that_a_form_carries_along(db: None) -> None:
    client = factories.signed_in(factories.member(Role.AUDITOR))
    for address in ("/jejak/unduh/", "/pernyataan/register/unduh/"):
        answer = client.post(address, {"format": "csv", "filters": "q=%00&search=a%00b&who=%00"})
        assert answer.status_code in {200, 400}, address
    assert dict(query_in("q=a%00b&c=1").lists()) == {"q": ["ab"], "c": ["1"]}


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "GETT"])
@pytest.mark.parametrize("address", ["/", "/program/", "/akun/", "/masuk/", "/api/v1/packages/", "/tidak-ada/"])
def test_no_method_but_four(operator: User, method: str, address: str) -> None:
    assert factories.signed_in(operator).generic(method, address).status_code == 405


def test_static_files_are_not_offered_to_other_origins() -> None:
    answer = Client().get("/static/portal.svg")
    assert answer.status_code == 200
    assert "Access-Control-Allow-Origin" not in answer.headers
