"""Sign-in, limits, sessions, the workspace."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import FailedTry, KnownPlace, Membership, Notice, Session, User
from accounts.sessions import handle_of
from core.choices import Role
from core.models import AuditEvent
from tests import factories
from tests.access.served_forms import served_forms

SIGN_IN = "/masuk/"


def sign_in(client: Client, user: User, password: str = factories.PASSWORD, address: str = "127.0.0.1") -> Any:
    return client.post(
        SIGN_IN,
        {"login": user.username, "password": password},
        headers={"user-agent": "Peramban Uji"},
        REMOTE_ADDR=address,
    )


def test_right_password_opens_the_tasks(operator: User, client: Client) -> None:
    response = sign_in(client, operator)
    assert response.headers["Location"] == "/"
    session = Session.objects.get(user_id=operator.pk)
    assert (session.browser, session.address) == ("Peramban Uji", "127.0.0.1")
    assert client.get("/").status_code == 200


def test_five_wrong_passwords_lock_the_account_for_this_address(operator: User, client: Client) -> None:
    for _attempt in range(5):
        assert "kata sandi salah" in sign_in(client, operator, "salah").content.decode()
    locked = sign_in(client, operator)
    assert locked.status_code == 429
    assert "15 menit" in locked.content.decode()


def test_the_owner_is_told_of_wrong_passwords(
    operator: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _attempt in range(5):
            sign_in(client, operator, "salah")
    assert Notice.objects.get(user=operator).text.startswith("Kata sandi atau kode yang salah dicoba")
    assert [letter.to for letter in mail.outbox] == [[operator.email]]
    assert AuditEvent.objects.get(action="sign_in.closed").target_id == str(operator.pk)


def test_one_account_from_many_addresses_is_closed_but_not_where_its_owner_works(operator: User) -> None:
    KnownPlace.objects.create(user=operator, network="10.1.2.0/24")
    for number in range(20):
        assert sign_in(Client(), operator, "salah", f"203.0.113.{number}").status_code == 200
    assert sign_in(Client(), operator, address="198.51.100.7").status_code == 429
    assert sign_in(Client(), operator, address="10.1.2.99").status_code == 302


def test_many_accounts_from_one_address_close_the_address(db: None) -> None:
    people = [factories.UserFactory() for _number in range(20)]
    for person in people:
        assert sign_in(Client(), person, "salah", "203.0.113.9").status_code == 200
    innocent = factories.UserFactory()
    assert sign_in(Client(), innocent, address="203.0.113.9").status_code == 429
    assert sign_in(Client(), innocent, address="203.0.114.9").status_code == 302


def test_limits_hold_while_valkey_is_away(operator: User, client: Client, settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    for _attempt in range(5):
        assert sign_in(client, operator, "salah").status_code == 200
    assert sign_in(client, operator).status_code == 429
    FailedTry.objects.all().delete()
    assert sign_in(client, operator).status_code == 302


def test_signing_in_from_a_new_place_is_told(operator: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(Client(), operator, address="10.1.2.3")
    assert not Notice.objects.filter(user=operator).exists()  # the first place is nobody's surprise
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(Client(), operator, address="10.1.2.200")
    assert not Notice.objects.filter(user=operator).exists()
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(Client(), operator, address="203.0.113.5")
    assert "203.0.113.5" in Notice.objects.get(user=operator).text
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    "data",
    [
        {"login": "x" * 5000, "password": "y" * 5000},
        {"login": "a\0b", "password": "c\0d"},
        {"login": "", "password": ""},
        {"login": ["a", "b"], "password": ["c"], "next": "\0"},
        {"login": "٣", "password": "💥"},
    ],
)
def test_no_input_breaks_the_page(data: dict[str, Any], client: Client, db: None) -> None:
    assert client.post(SIGN_IN, data).status_code == 200


def test_a_switched_off_account_stays_out(operator: User, client: Client) -> None:
    User.objects.filter(pk=operator.pk).update(is_active=False)
    page = client.post(SIGN_IN, {"login": operator.username, "password": factories.PASSWORD}, follow=True)
    assert "Akun ini tidak aktif" in page.content.decode()
    assert not page.context["user"].is_authenticated


def test_next_page_must_be_ours(operator: User, client: Client) -> None:
    answer = client.post(
        SIGN_IN, {"login": operator.username, "password": factories.PASSWORD, "next": "https://jahat.example/"}
    )
    assert answer.headers["Location"] == "/"


def test_nobody_signs_up(client: Client, db: None) -> None:
    for address in ("/masuk/daftar/", "/accounts/signup/", "/signup/"):
        assert client.get(address).status_code == 404


def test_operators_need_no_second_factor(operator: User, client: Client, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    sign_in(client, operator)
    assert client.get("/").status_code == 200


def test_a_session_can_be_ended_from_another_browser(operator: User) -> None:
    here, there = Client(), Client()
    sign_in(here, operator)
    sign_in(there, operator)
    page = here.get("/akun/").content.decode()
    assert page.count("> Peramban Uji") == 2
    handle = next(form.data["session"][0] for form in served_forms(page, "/akun/") if "session" in form.data)
    here.post("/akun/", {"act": "end-session", "session": handle})
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert AuditEvent.objects.filter(action="session.ended", actor_id=operator.pk).exists()


def test_nobody_ends_a_strangers_session(operator: User, head: User) -> None:
    mine, theirs = Client(), Client()
    sign_in(mine, operator)
    sign_in(theirs, head)
    for name in (theirs.session.session_key, handle_of(theirs.session.session_key)):
        mine.post("/akun/", {"act": "end-session", "session": name})
    assert theirs.get("/").status_code == 200


def test_no_page_shows_the_key_of_another_session(operator: User) -> None:
    here, there = Client(), Client()
    sign_in(here, operator)
    sign_in(there, operator)
    for address in ("/akun/", "/"):
        page = here.get(address).content.decode()
        assert there.session.session_key not in page, address
        assert here.session.session_key not in page, address


def test_signed_in_pages_are_kept_by_nobody(operator: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(operator)
    for address in ("/", "/akun/", "/masuk/", "/program/", "/api/v1/programs/", "/tidak-ada/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address
    assert "no-store" not in client.get("/publik/").headers["Cache-Control"]
    assert "no-store" in Client().get(SIGN_IN).headers["Cache-Control"]


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
    data = {"login": operator.username, "password": factories.PASSWORD}
    client.post(SIGN_IN, data, headers={"x-forwarded-for": "8.8.8.8"})
    assert Session.objects.get(user_id=operator.pk).address == "127.0.0.1"
    settings.PROXY_COUNT = 1
    Client().post(SIGN_IN, data, headers={"x-forwarded-for": "1.1.1.1, 8.8.8.8"})
    assert Session.objects.filter(user_id=operator.pk, address="8.8.8.8").exists()


@pytest.mark.parametrize("header", ["bukan-alamat", "1.2.3.4:99999", "[::1", "999.1.1.1", "a" * 9000, "fe80::1%eth0"])
def test_a_garbage_forwarded_address_is_passed_over(header: str, operator: User, settings: Any) -> None:
    settings.PROXY_COUNT = 1
    client = Client(headers={"x-forwarded-for": header})
    assert sign_in(client, operator, "salah").status_code == 200
    assert sign_in(client, operator).status_code == 302
    assert Session.objects.get(user_id=operator.pk).address in {"127.0.0.1", "fe80::1", "::1"}
