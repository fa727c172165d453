"""Sign-in, lock-out, second factor, sessions, the workspace."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.authtoken.models import Token

from accounts.models import Membership, Session, User
from core.choices import Role
from core.models import AuditEvent
from tests import factories

SIGN_IN = "/masuk/"


def sign_in(client: Client, user: User, password: str = factories.PASSWORD) -> Any:
    return client.post(
        SIGN_IN, {"username": user.username, "password": password}, headers={"user-agent": "Peramban Uji"}
    )


def test_right_password_opens_the_tasks(operator: User, client: Client) -> None:
    response = sign_in(client, operator)
    assert response.headers["Location"] == "/"
    session = Session.objects.get(user_id=operator.pk)
    assert (session.browser, session.address) == ("Peramban Uji", "127.0.0.1")


def test_five_wrong_passwords_lock_the_account_for_this_address(operator: User, client: Client) -> None:
    for _attempt in range(4):
        assert sign_in(client, operator, "salah").status_code == 200
    assert sign_in(client, operator, "salah").status_code == 429
    locked = sign_in(client, operator)
    assert locked.status_code == 429
    assert "15 menit" in locked.content.decode()


def test_next_page_must_be_ours(operator: User, client: Client) -> None:
    answer = client.post(
        SIGN_IN, {"username": operator.username, "password": factories.PASSWORD, "next": "https://jahat.example/"}
    )
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DATA_STEWARD, Role.ADMINISTRATOR])
def test_second_factor_is_required_of_these_roles(role: Role, client: Client, db: None, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    user = factories.member(role)
    sign_in(client, user)
    assert client.get("/").headers["Location"] == reverse("accounts:second-factor")
    assert client.get("/masuk/kode/").headers["Location"] == reverse("accounts:second-factor-setup")
    assert client.get("/masuk/kode/pasang/").status_code == 200
    device = TOTPDevice.objects.get(user=user)
    wrong = client.post("/masuk/kode/pasang/", {"token": "000000"})
    assert "Kode salah" in wrong.content.decode()
    device.refresh_from_db()
    device.throttle_reset()
    done = client.post("/masuk/kode/pasang/", {"token": f"{totp(device.bin_key):06d}"})
    assert "Kode pemulihan" in done.content.decode()
    assert client.get("/").status_code == 200


def test_operators_need_no_second_factor(operator: User, client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client, operator)
    assert client.get("/").status_code == 200


def test_who_has_a_device_is_always_asked(operator: User, client: Client) -> None:
    device = TOTPDevice.objects.create(user=operator, confirmed=True)
    sign_in(client, operator)
    assert client.get("/").headers["Location"] == reverse("accounts:second-factor")
    answer = client.post("/masuk/kode/", {"token": f"{totp(device.bin_key):06d}"})
    assert answer.headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_a_session_can_be_ended_from_another_browser(operator: User) -> None:
    here, there = Client(), Client()
    sign_in(here, operator)
    sign_in(there, operator)
    key = there.session.session_key
    assert here.get("/akun/").content.decode().count("Peramban Uji") == 2
    here.post("/akun/", {"act": "end-session", "session": key})
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert AuditEvent.objects.filter(action="session.ended", actor_id=operator.pk).exists()


def test_nobody_ends_a_strangers_session(operator: User, head: User) -> None:
    mine, theirs = Client(), Client()
    sign_in(mine, operator)
    sign_in(theirs, head)
    mine.post("/akun/", {"act": "end-session", "session": theirs.session.session_key})
    assert theirs.get("/").status_code == 200


def test_a_new_password_signs_out_every_other_browser(operator: User) -> None:
    here, there = Client(), Client()
    sign_in(here, operator)
    sign_in(there, operator)
    new = "kata-sandi-baru-2027"
    here.post(
        "/akun/", {"act": "password", "old_password": factories.PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_weak_passwords_are_refused(operator: User, client_of: Callable[[User], Client]) -> None:
    data = {
        "act": "password",
        "old_password": factories.PASSWORD,
        "new_password1": "12345678",
        "new_password2": "12345678",
    }
    page = client_of(operator).post("/akun/", data).content.decode()
    assert "12 karakter" in page


def test_a_token_reads_the_api_and_the_next_one_ends_it(operator: User, client_of: Callable[[User], Client]) -> None:
    browser = client_of(operator)
    browser.post("/akun/", {"act": "token"})
    first = Token.objects.get(user=operator).key
    program = Client(headers={"authorization": f"Token {first}"})
    assert program.get("/api/v1/programs/").status_code == 200
    browser.post("/akun/", {"act": "token"})
    assert program.get("/api/v1/programs/").status_code == 401


def test_desk_changes_only_to_ones_own_opd_and_a_sensible_year(
    operator: User, client_of: Callable[[User], Client]
) -> None:
    Membership.objects.create(user=operator, role=Role.OPERATOR, agency=factories.agency("Dinkes"))
    client = client_of(operator)
    client.post("/beralih/", {"agency": factories.agency("Dinkes").pk})
    assert client.session["workspace_agency"] == factories.agency("Dinkes").pk
    client.post("/beralih/", {"agency": factories.agency("Dinsos").pk, "year": "1800"})
    assert client.session["workspace_agency"] == factories.agency("Dinkes").pk
    assert "workspace_year" not in client.session
    client.post("/beralih/", {"year": "²²²²", "agency": "٣"})
    assert "workspace_year" not in client.session


def test_forwarded_addresses_count_only_behind_the_operators_proxy(
    operator: User, client: Client, settings: Any
) -> None:
    data = {"username": operator.username, "password": factories.PASSWORD}
    client.post(SIGN_IN, data, headers={"x-forwarded-for": "8.8.8.8"})
    assert Session.objects.get(user_id=operator.pk).address == "127.0.0.1"
    settings.PROXY_COUNT = 1
    Client().post(SIGN_IN, data, headers={"x-forwarded-for": "1.1.1.1, 8.8.8.8"})
    assert Session.objects.filter(user_id=operator.pk, address="8.8.8.8").exists()
