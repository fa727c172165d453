"""Tokens of the API: hashed, named, scoped, expiring, nobody else's."""

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, Notice, User
from accounts.tokens.choices import Resource
from core.choices import Role
from core.models import AuditEvent
from kaltim_portal.urls import router
from tests import factories

ALL = list(Resource.values)


def make(client: Client, **values: Any) -> str:
    """A new token's text, from the page that shows it once."""
    data = {"name": "dasbor", "days": 30, "resources": ALL} | values
    page = client.post("/akun/token/", data).content
    shown = BeautifulSoup(page, "html.parser").select_one(".token-text")
    return shown.get_text() if shown else ""


def program(secret: str, keyword: str = "Bearer") -> Client:
    return Client(headers={"authorization": f"{keyword} {secret}"})


def test_a_token_reads_what_its_owner_reads(operator: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        secret = make(factories.signed_in(operator))
    assert program(secret).get("/api/v1/programs/").status_code == 200
    assert program(secret, "Token").get("/api/v1/programs/").status_code == 200
    assert program(secret).get("/api/v1/").status_code == 200
    assert ApiToken.objects.get().last_used_at
    assert "dasbor" in Notice.objects.get(user=operator).text
    assert len(mail.outbox) == 1
    assert AuditEvent.objects.get(action="token.made").actor_id == operator.pk


def test_its_text_is_shown_once_and_kept_nowhere(operator: User) -> None:
    client = factories.signed_in(operator)
    secret = make(client)
    assert secret.startswith("kaltim_")
    assert secret not in client.get("/akun/token/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_apitoken t")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT row_to_json(t)::text FROM accounts_apitokenevent t")
        stored += str(cursor.fetchall())
    assert secret not in stored


def test_it_opens_only_what_was_chosen(operator: User) -> None:
    secret = make(factories.signed_in(operator), resources=["series", "agency"])
    assert program(secret).get("/api/v1/series/").status_code == 200
    assert program(secret).get("/api/v1/agencies/").status_code == 200
    for address in ("programs", "reports", "packages", "observations", "spm-index", "nomenclature", "services"):
        assert program(secret).get(f"/api/v1/{address}/").status_code == 403, address


def test_every_resource_of_the_api_can_be_chosen() -> None:
    assert {basename.removeprefix("api-") for _prefix, _viewset, basename in router.registry} == set(ALL)


def test_it_changes_nothing_and_opens_no_page(operator: User) -> None:
    secret = make(factories.signed_in(operator))
    for method in ("post", "put", "patch", "delete"):
        assert getattr(program(secret), method)("/api/v1/programs/").status_code == 405
    assert program(secret).get("/akun/token/").status_code == 302
    assert program(secret).get("/program/").status_code == 302


def test_an_expired_one_is_refused_in_words(operator: User) -> None:
    secret = make(factories.signed_in(operator))
    past = timezone.now() - dt.timedelta(days=40)
    row = ApiToken.objects.get()
    row.delete()  # what a token opens, and until when, never changes: so another of the same text
    row.pk, row.created_at, row.expires_at = None, past, past + dt.timedelta(days=30)
    row.save(force_insert=True)
    answer = program(secret).get("/api/v1/programs/")
    assert answer.status_code == 401
    assert "kedaluwarsa" in answer.json()["detail"]


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer kaltim_x", "Token é", "Bearer " + "x" * 9000, "Bearer a b c"]
)
def test_what_is_no_token_opens_nothing(header: str, db: None) -> None:
    assert Client(headers={"authorization": header}).get("/api/v1/programs/").status_code == 401


def test_a_new_password_ends_all_of_them(operator: User) -> None:
    client = factories.signed_in(operator)
    secret = make(client)
    new = "kata-sandi-baru-2027"
    client.post(
        "/akun/", {"act": "password", "old_password": factories.PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert program(secret).get("/api/v1/programs/").status_code == 401
    assert "dicabut" in client.get("/akun/token/").content.decode()


def test_a_switched_off_account_loses_them_for_good(operator: User) -> None:
    secret = make(factories.signed_in(operator))
    User.objects.filter(pk=operator.pk).update(is_active=False)
    assert program(secret).get("/api/v1/programs/").status_code == 401
    User.objects.filter(pk=operator.pk).update(is_active=True)
    assert program(secret).get("/api/v1/programs/").status_code == 401


def test_revoking_ends_ones_own_and_nobody_elses(operator: User, head: User) -> None:
    client = factories.signed_in(operator)
    secret = make(client)
    row = ApiToken.objects.get()
    factories.signed_in(head).post("/akun/token/cabut/", {"token": row.pk})
    assert program(secret).get("/api/v1/programs/").status_code == 200
    client.post("/akun/token/cabut/", {"token": row.pk})
    assert program(secret).get("/api/v1/programs/").status_code == 401
    assert AuditEvent.objects.filter(action="token.revoked", actor_id=operator.pk).exists()


def test_nobody_sees_or_makes_anothers(operator: User) -> None:
    make(factories.signed_in(operator), name="rahasia-operator")
    administrator = factories.signed_in(factories.member(Role.ADMINISTRATOR))
    assert "rahasia-operator" not in administrator.get("/akun/token/").content.decode()
    assert ApiToken not in admin.site._registry
    assert administrator.get("/admin/accounts/apitoken/").status_code == 404
    assert administrator.get("/admin/authtoken/").status_code == 404


def test_a_role_that_needs_a_second_factor_needs_it_behind_the_token_too(db: None, settings: Any) -> None:
    auditor = factories.member(Role.AUDITOR)
    by_password = make(factories.signed_in(auditor, by="password"))
    by_both = make(factories.signed_in(auditor))
    settings.SECOND_FACTOR_REQUIRED = True
    assert "faktor kedua" in program(by_password).get("/api/v1/packages/").json()["detail"]
    assert program(by_both).get("/api/v1/packages/").status_code == 200


def test_wrong_forms_are_said_so_and_forget_nothing(operator: User) -> None:
    client = factories.signed_in(operator)
    for values in ({"name": ""}, {"days": "9999"}, {"resources": []}, {"resources": ["semua"]}, {"name": "x" * 81}):
        answer = client.post("/akun/token/", {"name": "dasbor", "days": 30, "resources": ALL} | values)
        assert answer.status_code == 422
    assert not ApiToken.objects.exists()


def test_the_database_holds_the_limits(operator: User) -> None:
    now = timezone.now()
    right = {"user": operator, "hint": "x", "with_second_factor": False, "created_at": now}
    for wrong in (
        {"expires_at": now + dt.timedelta(days=4000), "resources": ["series"]},
        {"expires_at": now - dt.timedelta(days=1), "resources": ["series"]},
        {"expires_at": now + dt.timedelta(days=30), "resources": []},
        {"expires_at": now + dt.timedelta(days=30), "resources": ["semua"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.create(digest="x", **right, **wrong)


def test_openapi_says_how(operator: User) -> None:
    schema = (
        factories.signed_in(operator).get("/api/v1/schema/", headers={"accept": "application/json"}).content.decode()
    )
    assert "bearer" in schema


def test_with_nothing_ticked_it_says_what_to_tick(operator: User) -> None:
    answer = factories.signed_in(operator).post("/akun/token/", {"name": "dasbor", "days": 30})
    assert "Pilih sedikitnya satu." in answer.content.decode()
    assert not ApiToken.objects.exists()
