"""A form that is sent twice acts once; what was corrected, refused or typed on another page is a form of its own."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from core import form_keys
from core.models import AuditEvent, FormAnswer
from core.tasks import forget_form_answers
from procurement.models import Package
from tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
PACKAGE = {"name": "Paket", "kind": "goods", "method": "tender", "ceiling_rupiah": "1.000.000"}


def key_on(page: Any) -> str:
    fields = BeautifulSoup(page.content.decode(), "html.parser").select('main input[name="form_key"]')
    assert fields
    return str(fields[0]["value"])


def test_every_served_form_has_a_key_and_each_page_another(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    page = BeautifulSoup(client.get(reverse("accounts:account")).content.decode(), "html.parser")
    forms = page.select('form[method="post"]')
    keys = [each["value"] for form in forms for each in form.select('input[name="form_key"]')]
    assert len(forms) == len(keys) > 3
    assert set(keys) != {key_on(client.get(reverse("accounts:account")))}
    assert len(set(keys)) == 1
    assert not FormAnswer.objects.exists()  # a key is made when it is served, and stored nowhere


def test_the_same_form_twice_makes_one_row_and_the_same_answer(operator: User, client_of: ClientOf) -> None:
    client, address = client_of(operator), reverse("procurement:new-package")
    sent = PACKAGE | {"rup_code": "76543210", "form_key": key_on(client.get(address))}
    first, second = client.post(address, sent), client.post(address, sent)
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert first.cookies["messages"].value == second.cookies["messages"].value
    assert Package.objects.filter(rup_code="76543210").count() == 1


def test_a_corrected_form_is_another_one(operator: User, client_of: ClientOf) -> None:
    client, address = client_of(operator), reverse("procurement:new-package")
    key = key_on(client.get(address))
    wrong = client.post(address, PACKAGE | {"rup_code": "1", "form_key": key})
    assert wrong.status_code == 200
    assert key_on(wrong) != key
    assert not FormAnswer.objects.exists()  # a refusal is no answer to keep: it may be right by the next try
    assert client.post(address, PACKAGE | {"rup_code": "76543210", "form_key": key}).status_code == 302
    assert client.post(address, PACKAGE | {"rup_code": "76543211", "form_key": key}).status_code == 302
    assert Package.objects.filter(rup_code__in=["76543210", "76543211"]).count() == 2


@pytest.mark.parametrize("key", [{}, {"form_key": ""}, {"form_key": "pendek"}, {"form_key": "ä" * 22}])
def test_without_its_key_a_form_acts_once_in_a_double_click(operator: User, key: dict[str, str]) -> None:
    """Sent by hand or by a program, ten at once make one row; a while later the same once more is meant."""
    client, address = Client(enforce_csrf_checks=True), reverse("accounts:tokens")
    client.cookies = factories.signed_in(operator).cookies
    page = BeautifulSoup(client.get(address).content.decode(), "html.parser")
    token = page.select_one("[name=csrfmiddlewaretoken]")
    assert token is not None
    form = {name: value for name, value in token_form().items() if name != "form_key"} | key
    sent = form | {"csrfmiddlewaretoken": str(token["value"])}
    first, again = (client.post(address, sent) for _time in range(2))
    assert (first.status_code, first.content) == (200, again.content)
    assert operator.api_tokens.count() == 1
    assert client.post(address, sent | {"name": "Lain"}).status_code == 200  # something else was typed
    assert operator.api_tokens.count() == 2
    FormAnswer.objects.update(at=timezone.now() - form_keys.DOUBLE_CLICK - timedelta(seconds=1))
    assert client.post(address, sent).content != first.content
    assert operator.api_tokens.count() == 3


def test_cells_saved_by_a_script_are_no_form(operator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = factories.signed_in(operator).cookies
    token = client.get("/formulir/token/").json()["token"]
    cells = client.post(
        reverse("programs:save-cells"), {"cells": []}, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert cells.status_code == 200
    assert not FormAnswer.objects.exists()


def test_without_a_key_it_is_as_ever(operator: User, client_of: ClientOf) -> None:
    """Where nobody asks for a CSRF token, as in these tests."""
    client = client_of(operator)
    for key in ({}, {"form_key": ""}, {"form_key": "x" * 21}, {"form_key": "x" * 5000}):
        for _time in range(2):
            assert client.post(reverse("accounts:notices"), key).status_code == 302
    assert not FormAnswer.objects.exists()


def token_form() -> dict[str, str]:
    return {"name": "Excel", "days": "30", "resources": "program", "form_key": form_keys.new_key()}


def test_nobody_gets_anothers_answer(operator: User, head: User, client_of: ClientOf) -> None:
    sent, address = token_form(), reverse("accounts:tokens")
    mine, theirs = client_of(operator).post(address, sent), client_of(head).post(address, sent)
    assert mine.status_code == theirs.status_code == 200
    assert mine.content != theirs.content
    assert client_of(operator).post(address, sent).content == mine.content


def test_a_kept_answer_cannot_be_read_in_the_database(operator: User, client_of: ClientOf) -> None:
    assert client_of(operator).post(reverse("accounts:tokens"), token_form()).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT answer FROM core_formanswer")
        (stored,) = cursor.fetchone()
    assert stored.startswith("gAAAA")  # Fernet's mark


def test_a_role_that_was_taken_away_takes_the_answer_along(client_of: ClientOf, auditor: User) -> None:
    client, sent = client_of(auditor), {"format": "daftar-csv", "form_key": form_keys.new_key()}
    assert client.post(reverse("procurement:audit-export"), sent).status_code == 200
    auditor.memberships.all().delete()
    assert client.post(reverse("procurement:audit-export"), sent).status_code == 403


def test_a_file_sent_again_is_the_same_file(client_of: ClientOf, auditor: User) -> None:
    client, sent = client_of(auditor), {"format": "daftar-csv", "form_key": form_keys.new_key()}
    files = [client.post(reverse("procurement:audit-export"), sent) for _time in range(2)]
    assert b"".join(files[0].streaming_content) == files[1].content  # type: ignore[attr-defined]
    assert files[0].headers["X-File-SHA256"] == files[1].headers["X-File-SHA256"]
    assert AuditEvent.objects.filter(action="procurement_report.exported").count() == 1


def test_what_is_old_is_forgotten(operator: User) -> None:
    FormAnswer.objects.create(sending="a" * 64, answer="{}")
    FormAnswer.objects.create(
        sending="b" * 64, answer="{}", at=timezone.now() - form_keys.KEPT_FOR - timedelta(minutes=1)
    )
    assert forget_form_answers() == 1
    assert FormAnswer.objects.get().sending == "a" * 64


def test_writing_is_seen_and_what_was_taken_back_is_not(operator: User) -> None:
    def wrote(*, fail: bool = False, write: bool = True) -> bool:
        watch = form_keys.WritingWatch()
        with connection.execute_wrapper(watch):
            list(User.objects.select_for_update().filter(pk=operator.pk))
            try:
                with transaction.atomic(), transaction.atomic():
                    if write:
                        Notice.objects.create(user=operator, text="x", url="/")
                    assert not fail
            except AssertionError:
                pass
        return watch.wrote

    assert wrote()
    assert not wrote(write=False)  # a lock is no change
    assert not wrote(fail=True)


def test_two_people_who_are_equally_fast(operator: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The form's check saw nothing, PostgreSQL did: words, and what was typed to be sent again; never a 500."""
    factories.PackageFactory(rup_code="76543210")
    monkeypatch.setattr("django.db.models.Model.validate_unique", lambda *_args, **_kwargs: None)
    monkeypatch.setattr("django.db.models.Model.validate_constraints", lambda *_args, **_kwargs: None)
    client = client_of(operator)
    client.raise_request_exception = False
    answer = client.post(reverse("procurement:new-package"), PACKAGE | {"rup_code": "76543210", "name": "Paket kedua"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Ada yang lebih cepat" in text
    assert "Paket kedua" in text
    assert "Kirim lagi" in text


def test_a_page_is_shown_again_for_some_minutes_only(operator: User, client_of: ClientOf) -> None:
    """The fault that was found: who had lost a right saw the kept page, a number or a token, a day later."""
    client = client_of(operator)
    page = client.get(reverse("accounts:tokens"))
    sent = {"form_key": key_on(page), "name": "Laporan", "resources": ["package"], "days": "30"}
    first = client.post(reverse("accounts:tokens"), sent)
    assert "kaltim_" in first.content.decode()
    assert client.post(reverse("accounts:tokens"), sent).content == first.content
    FormAnswer.objects.update(at=timezone.now() - form_keys.REPEATED_FOR - timedelta(seconds=1))
    late = client.post(reverse("accounts:tokens"), sent, follow=True).content.decode()
    assert "kaltim_" not in late
    assert "sudah diproses" in late
    assert operator.api_tokens.count() == 1


def test_a_page_with_a_secret_is_shown_again_to_a_double_click_only(operator: User, client_of: ClientOf) -> None:
    """Reloaded a minute later, the page of a new token does not show the token again."""
    client = client_of(operator)
    sent = {
        "form_key": key_on(client.get(reverse("accounts:tokens"))),
        "name": "Laporan",
        "resources": ["package"],
        "days": "30",
    }
    first = client.post(reverse("accounts:tokens"), sent)
    assert client.post(reverse("accounts:tokens"), sent).content == first.content
    FormAnswer.objects.update(at=timezone.now() - form_keys.DOUBLE_CLICK - timedelta(seconds=1))
    late = client.post(reverse("accounts:tokens"), sent, follow=True).content.decode()
    assert "kaltim_" not in late
    assert "sudah diproses" in late
