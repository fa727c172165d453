"""Signing in by OpenID Connect, against a real provider (django-allauth's own) in a process of its own."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from bs4 import BeautifulSoup
from django.test import Client

from accounts.models import Membership, Notice, UnitCode, User
from accounts.sso import requests_in_time
from accounts.sso.claims import claim
from core.choices import Role
from core.models import AuditEvent
from kaltim_portal.demo_data.people import DEMO_PASSWORD, PEOPLE
from kaltim_portal.embedded import ROOT, free_port
from kaltim_portal.stand_ins import identity_provider as stand_in
from kaltim_portal.stand_ins import serving
from tests import factories
from tests.accounts.authenticator import code_of, give_app
from tests.accounts.test_accounts import change_account

PERSON = PEOPLE[0]
HOST = "portal.test"  # a provider leads back to whole names only


def browser() -> Client:
    return Client(SERVER_NAME=HOST)


@pytest.fixture
def client(settings: Any) -> Client:
    settings.ALLOWED_HOSTS = [HOST, "testserver"]
    return browser()


class OddWorld(serving.StandInWorld):
    body = b""

    def answer(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        return 200, self.body, "application/json"


class Provider:
    """The process, and a browser at it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def control(self, **order: str) -> None:
        request = urllib.request.Request(f"{self.address}/kendali", data=json.dumps(order).encode(), method="POST")
        urllib.request.urlopen(request, timeout=5).close()

    def sign_in(self, location: str) -> str:
        """From the portal's redirect to the address that leads back, with a code in it."""
        session = requests.Session()
        page = session.get(location)
        form = BeautifulSoup(page.text, "html.parser").select_one("form[method=post]")
        fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
        answer = session.post(
            page.url, fields | {"login": PERSON.username, "password": DEMO_PASSWORD}, allow_redirects=False
        )
        while not answer.headers["Location"].startswith("http://portal.test/"):
            answer = session.get(
                requests.compat.urljoin(self.address, answer.headers["Location"]), allow_redirects=False
            )
        return str(answer.headers["Location"]).removeprefix("http://portal.test")


@pytest.fixture(scope="module")
def process() -> Iterator[Provider]:
    address = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "kaltim_portal.stand_ins.identity_provider"]
    with subprocess.Popen([*command, address.rpartition(":")[2], "http://portal.test"], cwd=ROOT) as running:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"{address}/sehat", timeout=2).close()
                break
            except OSError:
                time.sleep(0.05)
        yield Provider(address)
        running.terminate()


@pytest.fixture
def provider(process: Provider, settings: Any) -> Iterator[Provider]:
    settings.SSO_DISCOVERY_URL = f"{process.address}/.well-known/openid-configuration"
    settings.SSO_NAME = "SSO"
    settings.SSO_NIP_CLAIM, settings.SSO_UNIT_CLAIM = stand_in.NIP_CLAIM, stand_in.UNIT_CLAIM
    app = {
        "provider_id": "sso",
        "name": "SSO",
        "client_id": stand_in.CLIENT_ID,
        "secret": stand_in.CLIENT_SECRET,
        "settings": {
            "server_url": settings.SSO_DISCOVERY_URL,
            "oauth_pkce_enabled": True,
            "scope": ["openid", "profile"],
        },
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield process
    process.control(fault="none", nip="")


@pytest.fixture
def person(db: None) -> User:
    return factories.member(Role.OPERATOR, nip=PERSON.nip)


def come_back(client: Client, provider: Provider) -> Any:
    """The whole way: button, provider, and back."""
    return client.get(provider.sign_in(client.post("/masuk/sso/").headers["Location"]))


def test_a_nip_that_an_administrator_moved_opens_nothing(client: Client, provider: Provider, db: None) -> None:
    head = factories.member(Role.AGENCY_HEAD)
    change_account(factories.member(Role.ADMINISTRATOR), head, nip=PERSON.nip)
    assert come_back(client, provider).status_code == 403
    assert not SocialAccount.objects.exists()
    factories.signed_in(head).post("/akun/", {"act": "confirm-account"})
    assert come_back(client, provider).headers["Location"] == "/"


def test_signs_in_whose_nip_it_knows(person: User, client: Client, provider: Provider) -> None:
    assert "Masuk dengan SSO" in client.get("/masuk/").content.decode()
    assert come_back(client, provider).headers["Location"] == "/"
    assert client.get("/").context["user"] == person
    assert AuditEvent.objects.filter(action="sso.linked", target_id=str(person.pk)).exists()
    assert Notice.objects.filter(user=person, text__contains="SSO").exists()
    again = browser()
    come_back(again, provider)
    assert again.get("/").context["user"] == person
    assert AuditEvent.objects.filter(action="sso.linked").count() == 1


def test_asks_with_state_nonce_and_pkce(client: Client, provider: Provider, db: None) -> None:
    sent = parse_qs(urlsplit(client.post("/masuk/sso/").headers["Location"]).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert len(sent["nonce"][0]) >= 24
    assert sent["state"]
    assert client.get("/masuk/sso/").status_code == 405


def test_leads_to_the_page_that_was_asked_for(person: User, client: Client, provider: Provider) -> None:
    location = client.post("/masuk/sso/", {"next": "/program/"}).headers["Location"]
    assert client.get(provider.sign_in(location)).headers["Location"] == "/program/"
    other = browser()
    location = other.post("/masuk/sso/", {"next": "https://jahat.example/"}).headers["Location"]
    assert other.get(provider.sign_in(location)).headers["Location"] == "/"


@pytest.mark.parametrize("fault", ["nonce", "audience", "issuer", "expired", "subject"])
def test_a_wrong_answer_opens_nothing(fault: str, person: User, client: Client, provider: Provider) -> None:
    provider.control(fault=fault)
    answer = come_back(client, provider)
    assert answer.status_code == 403
    assert "tidak dapat dipercaya" in answer.content.decode()
    assert client.get("/").status_code == 302
    assert not SocialAccount.objects.exists()


def test_an_answer_to_somebody_elses_question_opens_nothing(person: User, client: Client, provider: Provider) -> None:
    mine, theirs = client, browser()
    back = provider.sign_in(theirs.post("/masuk/sso/").headers["Location"])
    mine.post("/masuk/sso/")
    assert mine.get(back).status_code == 403
    assert mine.get("/").status_code == 302


def test_an_unknown_nip_is_told_whom_to_ask(client: Client, provider: Provider, db: None) -> None:
    answer = come_back(client, provider)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert PERSON.nip in page
    assert "Dinas Komunikasi dan Informatika" in page
    assert not User.objects.filter(nip=PERSON.nip).exists()  # no account comes from a claim
    assert AuditEvent.objects.get(action="sso.refused").details["nip"].endswith(PERSON.nip[-4:])


@pytest.mark.parametrize("nip", ["123", "199013152015032001", "' OR 1=1 --", "x" * 500])
def test_what_is_no_nip_finds_nobody(nip: str, person: User, client: Client, provider: Provider) -> None:
    provider.control(nip=nip)
    assert come_back(client, provider).status_code == 403


def test_a_switched_off_account_stays_out(person: User, client: Client, provider: Provider) -> None:
    come_back(client, provider)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert come_back(browser(), provider).status_code == 403


def test_a_linked_account_whose_nip_has_moved_is_refused(person: User, client: Client, provider: Provider) -> None:
    come_back(client, provider)
    User.objects.filter(pk=person.pk).update(nip=None)
    factories.member(Role.AUDITOR, nip=PERSON.nip)
    assert come_back(browser(), provider).status_code == 403


def test_another_account_there_with_the_same_nip_is_refused(person: User, client: Client, provider: Provider) -> None:
    administrator = factories.member(Role.ADMINISTRATOR)
    SocialAccount.objects.create(user=person, provider="sso", uid="orang-lain")
    answer = come_back(client, provider)
    assert (answer.status_code, "terhubung dengan akun lain" in answer.content.decode()) == (403, True)
    assert SocialAccount.objects.get().uid == "orang-lain"
    assert AuditEvent.objects.filter(action="sso.other_subject", target_id=str(person.pk)).exists()
    assert Notice.objects.filter(user=person).exists()
    assert Notice.objects.filter(user=administrator).exists()


@pytest.mark.parametrize("nip", [f"{PERSON.nip[:8]} {PERSON.nip[8:14]} {PERSON.nip[14]} {PERSON.nip[15:]}", PERSON.nip])
def test_a_nip_may_come_in_groups_as_it_is_printed(nip: str, person: User, client: Client, provider: Provider) -> None:
    provider.control(nip=nip)
    assert come_back(client, provider).headers["Location"] == "/"


def test_what_is_called_a_nip_is_not_repeated_without_end(person: User, client: Client, provider: Provider) -> None:
    provider.control(nip="9" * 5000)
    assert "9" * 100 not in come_back(client, provider).content.decode()


@pytest.fixture
def odd_provider(settings: Any) -> Iterator[OddWorld]:
    """One that answers whatever it is told, at its discovery address."""
    world = OddWorld()
    server = serving.serve_in_thread(world)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    settings.SSO_DISCOVERY_URL = f"{address}/.well-known/openid-configuration"
    app = {"provider_id": "sso", "name": "SSO", "client_id": "x", "secret": "x"}
    app["settings"] = {"server_url": settings.SSO_DISCOVERY_URL, "oauth_pkce_enabled": True}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield world
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("body", ["[]", "null", "7", "<html>", "", "{}", '"' + "x" * 2 * 1024 * 1024 + '"'])
def test_an_odd_answer_is_said_to_be_none(client: Client, odd_provider: OddWorld, body: str, db: None) -> None:
    odd_provider.body = body.encode()
    answer = client.post("/masuk/sso/")
    assert (answer.status_code, "sedang tidak menjawab" in answer.content.decode()) == (403, True)


def test_an_answer_that_drips_holds_nobody_up(
    client: Client, odd_provider: OddWorld, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(requests_in_time, "LONGEST_SECONDS", 0.5)
    odd_provider.body, odd_provider.fault = b"{}" * 2000, "trickle"
    begun = time.monotonic()
    assert client.post("/masuk/sso/").status_code == 403
    assert time.monotonic() - begun < 4


def test_nothing_of_the_claims_is_kept_but_the_subject(person: User, client: Client, provider: Provider) -> None:
    come_back(client, provider)
    assert list(SocialAccount.objects.get().extra_data["id_token"]) == ["sub"]


def test_the_second_factor_is_asked_all_the_same(person: User, client: Client, provider: Provider) -> None:
    give_app(person)
    answer = come_back(client, provider)
    assert answer.headers["Location"] == "/masuk/kode/"
    assert client.get("/").status_code == 302
    client.post("/masuk/kode/", {"code": code_of()})
    assert client.get("/").status_code == 200


def test_signing_out_ends_the_session_there_too(person: User, client: Client, provider: Provider) -> None:
    come_back(client, provider)
    out = client.post("/keluar/").headers["Location"]
    sent = parse_qs(urlsplit(out).query)
    assert out.startswith(f"{provider.address}/identity/o/logout?")
    assert sent["post_logout_redirect_uri"] == ["http://portal.test/masuk/"]
    assert requests.get(out, allow_redirects=False, timeout=5).headers["Location"] == "http://portal.test/masuk/"
    by_password = factories.signed_in(person)
    assert by_password.post("/keluar/").headers["Location"] == "/masuk/"


def test_a_provider_that_is_away_is_said_so(person: User, client: Client, provider: Provider, settings: Any) -> None:
    back = provider.sign_in(client.post("/masuk/sso/").headers["Location"])
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"]["server_url"] = f"http://127.0.0.1:{free_port()}/.well-known/openid-configuration"
    for answer in (browser().post("/masuk/sso/"), client.get(back)):
        assert answer.status_code == 403
        assert "sedang tidak menjawab" in answer.content.decode()


def test_no_rights_come_from_a_unit_but_people_are_told(person: User, client: Client, provider: Provider) -> None:
    steward, administrator = factories.member(Role.DATA_STEWARD), factories.member(Role.ADMINISTRATOR)
    come_back(client, provider)
    assert "1.01.01" in Notice.objects.get(user=steward).text
    UnitCode.objects.create(code="1.01.01", agency=factories.agency("Dinkes"))
    come_back(browser(), provider)
    assert "Dinkes" in Notice.objects.get(user=administrator).text
    assert Membership.objects.filter(user=person).count() == 1


def test_stewards_keep_the_units(db: None) -> None:
    client = factories.signed_in(factories.member(Role.DATA_STEWARD))
    client.post("/acuan/unit-sso/", {"code": "4.02.01", "agency": factories.agency("Dinkes").pk})
    client.post("/acuan/unit-sso/", {"code": "4.02.01", "agency": factories.agency("Dinsos").pk})
    row = UnitCode.objects.get()
    assert row.agency == factories.agency("Dinsos")
    client.post("/acuan/unit-sso/", {"remove": row.pk})
    assert not UnitCode.objects.exists()


def test_without_a_provider_there_is_no_button(client: Client, db: None) -> None:
    assert "SSO" not in client.get("/masuk/").content.decode()
    assert client.post("/masuk/sso/").status_code == 404
    assert client.get("/masuk/sso/kembali/?code=x&state=y").status_code == 404


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nip", "1"),
        ("data.identitas.nip", "2"),
        ("data.identitas", ""),
        ("data.none.nip", ""),
        ("nip.more", ""),
        ("number", "3"),
        ("flag", ""),
        ("", ""),
    ],
)
def test_claims_by_dotted_paths(path: str, expected: str) -> None:
    assert claim({"nip": " 1 ", "number": 3, "flag": True, "data": {"identitas": {"nip": "2"}}}, path) == expected
