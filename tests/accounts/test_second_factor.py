"""The second factor: one gate for pages and API, codes for one use, nothing to be read from the database."""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, Session, User
from core import encryption
from core.choices import Role
from core.models import AuditEvent
from tests import factories
from tests.accounts.authenticator import SECRET, code_of, give_app
from tests.accounts.test_sign_in import sign_in


@pytest.fixture
def required(settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DATA_STEWARD, Role.ADMINISTRATOR])
def test_a_password_alone_opens_neither_pages_nor_the_api(role: Role, client: Client, db: None, required: None) -> None:
    sign_in(client, factories.member(role))
    for page in ("/", "/akun/", "/admin/", "/api/", "/akun/token/"):
        assert client.get(page).headers["Location"] == reverse("mfa_activate_totp"), page
    for address in ("/api/v1/", "/api/v1/packages/", "/api/v1/schema/"):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "faktor kedua" in answer.json()["detail"]
    assert client.get("/masuk/kode/pasang/").headers["Location"] == reverse("accounts:enrolment")
    assert client.get("/akun/faktor-kedua/kunci/").headers["Location"] == reverse("accounts:enrolment")


def test_the_first_factor_needs_a_link_from_ones_own_mailbox(
    client: Client, db: None, required: None, django_capture_on_commit_callbacks: Any
) -> None:
    user = factories.member(Role.AUDITOR)
    sign_in(client, user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/masuk/kode/tautan/")
        client.post("/masuk/kode/tautan/")  # not twice within minutes
    [letter] = mail.outbox
    assert letter.to == [user.email]
    link = re.search(r"http\S+", letter.body)[0].split("/", 3)[3]
    stranger = factories.signed_in(factories.member(Role.AUDITOR), by="password")
    assert stranger.get(f"/{link}").headers["Location"] == reverse("accounts:enrolment")
    assert client.get(f"/{link}").headers["Location"] == reverse("mfa_activate_totp")
    enrol(client)
    assert client.get("/").status_code == 200
    assert client.get("/api/v1/packages/").status_code == 200
    assert client.get(f"/{link}").headers["Location"] == reverse("accounts:enrolment")  # used


def enrol(client: Client) -> str:
    """Set up an app; its secret."""
    page = client.get("/masuk/kode/pasang/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    wrong = client.post("/masuk/kode/pasang/", {"code": "000000"})
    assert "Kode salah" in wrong.content.decode()
    done = client.post("/masuk/kode/pasang/", {"code": code_of(secret)})
    assert done.headers["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def test_recovery_codes_are_shown_once(operator: User) -> None:
    client = factories.signed_in(operator, by="password")
    enrol(client)
    shown = re.findall(r"<code>(\d{8})</code>", client.get("/akun/faktor-kedua/kode/").content.decode())
    assert len(shown) == 10
    assert not re.findall(r"<code>\d{8}</code>", client.get("/akun/faktor-kedua/kode/").content.decode())
    for expected in (302, 200):  # each opens once
        other = Client()
        sign_in(other, operator)
        assert other.post("/masuk/kode/", {"code": shown[0]}).status_code == expected
    assert AuditEvent.objects.get(action="recovery_code.used").actor_id == operator.pk


def test_secrets_are_encrypted_at_rest_and_not_in_the_back_office(operator: User) -> None:
    client = factories.signed_in(operator, by="password")
    secret = enrol(client)
    stored = str(list(Authenticator.objects.values("data"))) + str(list(Session.objects.values("session_data")))
    assert secret not in stored
    assert Authenticator not in admin.site._registry
    assert not [model for model in admin.site._registry if model._meta.app_label in {"mfa", "socialaccount", "account"}]


def test_a_secret_that_is_being_set_up_is_encrypted_in_the_session(operator: User) -> None:
    client = factories.signed_in(operator, by="password")
    page = client.get("/masuk/kode/pasang/").content.decode()
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")
    assert secret not in str(dict(client.session))


def test_a_new_factor_signs_out_whoever_came_before_it_and_tells(operator: User) -> None:
    elsewhere = factories.signed_in(operator, by="password")
    here = factories.signed_in(operator, by="password")
    enrol(here)
    assert elsewhere.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert Notice.objects.filter(user=operator, text__startswith="Faktor kedua akun Anda dipasang").exists()
    assert AuditEvent.objects.filter(action="second_factor.set_up", actor_id=operator.pk).exists()


def test_who_has_an_app_is_always_asked(operator: User, client: Client) -> None:
    give_app(operator)
    assert sign_in(client, operator).headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/").status_code == 302
    assert client.get("/api/v1/programs/").status_code == 401
    assert client.post("/masuk/kode/", {"code": code_of()}).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_code_opens_once(operator: User) -> None:
    give_app(operator)
    code = code_of()
    for expected in (302, 200):
        client = Client()
        sign_in(client, operator)
        assert client.post("/masuk/kode/", {"code": code}).status_code == expected


def test_a_code_opens_once_while_valkey_is_away(operator: User, settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    test_a_code_opens_once(operator)


def test_an_earlier_code_does_not_open_after_a_later_one(operator: User) -> None:
    give_app(operator)
    for step, expected in ((1, 302), (-1, 200), (0, 200)):
        client = Client()
        sign_in(client, operator)
        assert client.post("/masuk/kode/", {"code": code_of(step=step)}).status_code == expected


def test_codes_cannot_be_guessed(operator: User, client: Client) -> None:
    give_app(operator)
    sign_in(client, operator)
    for _attempt in range(5):
        client.post("/masuk/kode/", {"code": "000000"})
    page = client.post("/masuk/kode/", {"code": code_of()}).content.decode()
    assert "15 menit" in page


@pytest.mark.parametrize("credential", ["", "{}", "[]", "1", "null", '"x"', '{"id": 1}', '{"response": {}}', "{"])
def test_no_credential_breaks_the_server(credential: str, operator: User, client: Client) -> None:
    give_app(operator)
    assert client.post("/masuk/kunci/", {"credential": credential}).status_code == 302
    sign_in(client, operator)
    client.get("/masuk/kode/")
    assert client.post("/masuk/kode/", {"credential": credential}).status_code == 200
    owner = factories.signed_in(operator)
    owner.get("/akun/faktor-kedua/kunci/")
    assert owner.post("/akun/faktor-kedua/kunci/", {"credential": credential, "name": "x"}).status_code == 200


def test_the_last_factor_of_who_must_have_one_stays(
    db: None, required: None, client_of: Callable[[User], Client]
) -> None:
    auditor = factories.member(Role.AUDITOR)
    key = Authenticator.objects.create(user=auditor, type="webauthn", data={"name": "Laptop", "credential": {}})
    client = client_of(auditor)
    client.post(f"/akun/faktor-kedua/kunci/{key.pk}/hapus/")
    assert Authenticator.objects.filter(pk=key.pk).exists()
    give_app(auditor)
    client.post(f"/akun/faktor-kedua/kunci/{key.pk}/hapus/")
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_nobody_removes_a_strangers_passkey(operator: User, head: User, client_of: Callable[[User], Client]) -> None:
    key = Authenticator.objects.create(user=head, type="webauthn", data={"name": "Laptop", "credential": {}})
    assert client_of(operator).post(f"/akun/faktor-kedua/kunci/{key.pk}/hapus/").status_code == 404


def test_no_trusted_browsers_and_no_cookie_for_them(operator: User, client: Client) -> None:
    give_app(operator)
    sign_in(client, operator)
    client.post("/masuk/kode/", {"code": code_of(), "action": "trust"})
    assert set(client.cookies) <= {"sessionid", "csrftoken", "messages"}


def test_secrets_move_to_the_newest_key(operator: User, settings: Any) -> None:
    app = give_app(operator)
    before = settings.FIELD_ENCRYPTION_KEYS
    settings.FIELD_ENCRYPTION_KEYS = ["kunci-baru-yang-panjang-sekali-2026", *before]
    call_command("rotate_keys", stdout=StringIO())
    settings.FIELD_ENCRYPTION_KEYS = ["kunci-baru-yang-panjang-sekali-2026"]
    app.refresh_from_db()
    assert encryption.decrypt(app.data["secret"]) == SECRET
    settings.FIELD_ENCRYPTION_KEYS = before
    with pytest.raises(CommandError, match="mfa_authenticator"):
        call_command("rotate_keys", "--check", stdout=StringIO())
