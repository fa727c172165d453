"""NIP, invitations, links by mail, passwords that don't come back, lost devices, words about changes."""

import datetime as dt
import re
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.device_resets.models import SET_UP_DAYS
from accounts.models import DeviceReset, FormerPassword, Notice, Session, User
from accounts.nip import problem_of
from accounts.sign_in import services
from core.choices import Role
from core.models import AuditEvent
from tests import factories
from tests.access.served_forms import served_forms
from tests.accounts.authenticator import give_app
from tests.accounts.test_sign_in import sign_in

NEW = "kata-sandi-baru-2027"


@pytest.fixture
def administrator(db: None) -> User:
    return factories.member(Role.ADMINISTRATOR)


def link_in(letter: Any) -> str:
    return "/" + re.search(r"http\S+", letter.body)[0].split("/", 3)[3]


def choose(client: Client, link: str, password: str = NEW) -> Any:
    """Follow a link and choose a password, as a browser does."""
    page = client.get(link, follow=True)
    form = next((each for each in served_forms(page.content.decode(), link) if "password1" in each.data), None)
    if form is None:
        return page
    return client.post(form.address, form.data | {"password1": [password], "password2": [password]}, follow=True)


# -- NIP -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("nip", ["198001012005011001", "199511302022212003"])
def test_a_nip_as_it_is_given(nip: str) -> None:
    assert problem_of(nip) == ""


@pytest.mark.parametrize(
    ("nip", "word"),
    [
        ("19800101200501100", "18 digit"),
        ("1980010120050110011", "18 digit"),
        ("١٩٨٠٠١٠١٢٠٠٥٠١١٠٠١", "18 digit"),
        ("198013012005011001", "tanggal lahir"),
        ("198002302005011001", "tanggal lahir"),
        ("198001012005131001", "pengangkatan"),
        ("198001011981011001", "pengangkatan"),
        ("198001012005013001", "laki-laki"),
    ],
)
def test_what_is_no_nip(nip: str, word: str) -> None:
    assert word in problem_of(nip)


def test_a_nip_belongs_to_one_person(db: None) -> None:
    factories.UserFactory(nip="198001012005011001")
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.UserFactory(nip="198001012005011001")
    factories.UserFactory(nip=None)
    factories.UserFactory(nip=None)


# -- invitations -----------------------------------------------------------------------------------------------
def new_account(administrator: User, **values: str) -> None:
    client = factories.signed_in(administrator)
    address = "/admin/accounts/user/add/"
    form = next(each for each in served_forms(client.get(address).content.decode(), address) if "username" in each.data)
    assert not [name for name in form.data if "password" in name]
    answer = client.post(address, form.data | {name: [text] for name, text in values.items()})
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def test_a_new_account_begins_with_a_link(administrator: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        new_account(administrator, username="baru", full_name="Orang Baru", email="baru@example.test")
    user = User.objects.get(username="baru")
    assert not user.has_usable_password()
    [letter] = mail.outbox
    client = Client()
    assert "tersimpan" in choose(client, link_in(letter)).content.decode()
    assert sign_in(client, user, NEW).headers["Location"] == "/"
    assert "sudah dipakai" in choose(Client(), link_in(letter), "satu-lagi-yang-lain-2028").content.decode()
    assert AuditEvent.objects.filter(action="account.invited", target_id=str(user.pk)).exists()


def test_an_invitation_lets_enrol_what_the_role_needs(db: None, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    auditor = factories.member(Role.AUDITOR)
    client = Client()
    choose(client, services.link_of(auditor).removeprefix(settings.PORTAL_ADDRESS))
    sign_in(client, auditor, NEW)
    assert client.get("/masuk/kode/pasang/").status_code == 200


def test_links_grow_old(operator: User, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    link = services.link_of(operator).removeprefix(settings.PORTAL_ADDRESS)
    now = dt.datetime.now()  # noqa: DTZ005 (as Django reckons the age of a link)
    monkeypatch.setattr(services.LinkTokens, "_now", lambda _self: now + dt.timedelta(minutes=61))
    assert "sudah dipakai" in choose(Client(), link).content.decode()
    operator.set_unusable_password()
    operator.save()
    monkeypatch.setattr(services.LinkTokens, "_now", lambda _self: now)
    link = services.link_of(operator).removeprefix(settings.PORTAL_ADDRESS)
    monkeypatch.setattr(services.LinkTokens, "_now", lambda _self: now + dt.timedelta(days=6))
    assert "sudah dipakai" not in Client().get(link, follow=True).content.decode()
    monkeypatch.setattr(services.LinkTokens, "_now", lambda _self: now + dt.timedelta(days=8))
    assert "sudah dipakai" in choose(Client(), link).content.decode()


@pytest.mark.parametrize("link", ["/masuk/tautan/1-x/", "/masuk/tautan/zzzzzzzzzzzzzz-a-b/", "/masuk/tautan/1-%0A/"])
def test_a_made_up_link_opens_nothing(link: str, db: None) -> None:
    assert "sudah dipakai" in Client().get(link, follow=True).content.decode()


def test_who_has_signed_in_is_not_invited_again(administrator: User, operator: User) -> None:
    client = factories.signed_in(administrator)
    data = {"action": "send_invitations", "_selected_action": [operator.pk]}
    page = client.post("/admin/accounts/user/", data, follow=True).content.decode()
    assert "dua administrator" in page
    assert not AuditEvent.objects.filter(action="account.invited").exists()
    assert client.get(f"/admin/accounts/user/{operator.pk}/password/").status_code in {302, 404}


def test_the_console_prints_the_first_administrators_link(db: None) -> None:
    user = factories.UserFactory()
    with pytest.raises(CommandError):
        call_command("invite", user.username)
    user.set_unusable_password()
    user.save()
    told = StringIO()
    call_command("invite", user.username, stdout=told)
    assert "/masuk/tautan/" in told.getvalue()


# -- forgotten passwords ---------------------------------------------------------------------------------------
def test_a_forgotten_password_is_chosen_anew_by_mail(
    operator: User, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    elsewhere = factories.signed_in(operator)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/masuk/lupa/", {"email": operator.email})
    [letter] = mail.outbox
    with django_capture_on_commit_callbacks(execute=True):
        choose(client, link_in(letter))
    assert elsewhere.get("/").status_code == 302
    assert sign_in(Client(), operator, NEW).status_code == 302
    assert "tautan" in Notice.objects.get(user=operator).text
    assert len(mail.outbox) == 2


def test_nobody_learns_which_accounts_exist(operator: User, django_capture_on_commit_callbacks: Any) -> None:
    answers = []
    for address in (operator.email, "tidak.ada@example.test"):
        with django_capture_on_commit_callbacks(execute=True):
            page = Client().post("/masuk/lupa/", {"email": address}, follow=True)
        random = r'name="csrfmiddlewaretoken" value="\w+"|name="form_key" value="[\w-]+"'
        answers.append(re.sub(random, "", page.content.decode()))
    assert answers[0] == answers[1]
    assert len(mail.outbox) == 1


def test_links_cannot_flood_a_mailbox(operator: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _attempt in range(9):
            Client().post("/masuk/lupa/", {"email": operator.email})
    assert len(mail.outbox) == 5


def test_a_link_leads_to_the_configured_address(operator: User, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        Client(SERVER_NAME="localhost").post("/masuk/lupa/", {"email": operator.email})
    assert "http://127.0.0.1:8000/masuk/tautan/" in mail.outbox[0].body


# -- passwords -------------------------------------------------------------------------------------------------
def change(user: User, old: str, new: str) -> Any:
    data = {"act": "password", "old_password": old, "new_password1": new, "new_password2": new}
    return factories.signed_in(user).post("/akun/", data)


def test_the_last_five_passwords_do_not_come_back(operator: User) -> None:
    passwords = [factories.PASSWORD, *(f"kata-sandi-nomor-{number}-x" for number in range(6))]
    FormerPassword.objects.all().delete()
    for old, new in pairwise(passwords):
        operator.refresh_from_db()
        assert change(operator, old, new).status_code == 302
    operator.refresh_from_db()
    for used in passwords[1:]:
        assert "tidak dapat dipakai lagi" in change(operator, passwords[-1], used).content.decode()
    assert FormerPassword.objects.filter(user=operator).count() <= 6


def test_weak_passwords_are_refused(operator: User) -> None:
    assert "12 karakter" in change(operator, factories.PASSWORD, "12345678").content.decode()


def test_a_new_password_signs_out_every_other_browser_and_is_told(
    operator: User, django_capture_on_commit_callbacks: Any
) -> None:
    there = factories.signed_in(operator)
    here = factories.signed_in(operator)
    with django_capture_on_commit_callbacks(execute=True):
        data = {"act": "password", "old_password": factories.PASSWORD, "new_password1": NEW, "new_password2": NEW}
        here.post("/akun/", data)
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert "Kata sandi Anda diganti" in Notice.objects.get(user=operator).text
    assert mail.outbox[0].to == [operator.email]


# -- changes by an administrator -------------------------------------------------------------------------------
def change_account(administrator: User, user: User, **values: str) -> None:
    client, address = factories.signed_in(administrator), f"/admin/accounts/user/{user.pk}/change/"
    form = next(each for each in served_forms(client.get(address).content.decode(), address) if "_save" in each.data)
    answer = client.post(address, form.data | {name: [text] for name, text in values.items()})
    assert answer.status_code == 302, answer.content.decode()[-3000:]


def test_people_are_told_what_an_administrator_changes(
    administrator: User, operator: User, django_capture_on_commit_callbacks: Any
) -> None:
    old = operator.email
    with django_capture_on_commit_callbacks(execute=True):
        change_account(administrator, operator, email="lain@example.test")
    assert {letter.to[0] for letter in mail.outbox} == {old, "lain@example.test"}
    assert AuditEvent.objects.get(action="account.changed").details == {"fields": ["email"]}
    with django_capture_on_commit_callbacks(execute=True):
        role = {"memberships-0-role": "agency_head"}
        change_account(administrator, operator, **role)
    assert Notice.objects.filter(user=operator, text__contains="Kepala").exists()
    assert AuditEvent.objects.filter(action="roles.changed", target_id=str(operator.pk)).exists()


def test_switching_an_account_off_ends_its_sessions(administrator: User, operator: User) -> None:
    client = factories.signed_in(operator)
    address = f"/admin/accounts/user/{operator.pk}/change/"
    office = factories.signed_in(administrator)
    form = next(each for each in served_forms(office.get(address).content.decode(), address) if "_save" in each.data)
    data = dict(form.data)
    del data["is_active"]
    office.post(address, data)
    assert not User.objects.get(pk=operator.pk).is_active
    assert not Session.objects.filter(user_id=operator.pk).exists()
    assert client.get("/").status_code == 302


def letters_with_links(django_capture_on_commit_callbacks: Any, address: str) -> list[Any]:
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/masuk/lupa/", {"email": address})
    return [letter for letter in mail.outbox if "/masuk/tautan/" in letter.body]


def test_an_administrator_alone_gets_into_nobodys_account(
    administrator: User, head: User, django_capture_on_commit_callbacks: Any
) -> None:
    other = factories.member(Role.ADMINISTRATOR)
    change_account(administrator, head, email="lain@example.test")
    assert not letters_with_links(django_capture_on_commit_callbacks, "lain@example.test")
    assert AuditEvent.objects.filter(action="link.withheld", target_id=str(head.pk)).exists()
    assert Notice.objects.filter(user=other, text__contains=str(head)).exists()
    client = factories.signed_in(head)
    assert "lain@example.test" in client.get("/akun/").content.decode()
    client.post("/akun/", {"act": "confirm-account"})
    assert "confirm-account" not in client.get("/akun/").content.decode()
    assert letters_with_links(django_capture_on_commit_callbacks, "lain@example.test")


def test_an_address_changed_after_a_reset_gets_no_link(
    administrator: User, operator: User, django_capture_on_commit_callbacks: Any
) -> None:
    change_account(administrator, operator, email="lain@example.test")
    ask(administrator, operator)
    assert "lain@example.test" in factories.signed_in(administrator).get("/akun/perangkat-hilang/").content.decode()
    decide(factories.member(Role.ADMINISTRATOR), DeviceReset.objects.get())
    assert letters_with_links(django_capture_on_commit_callbacks, "lain@example.test")  # two have looked at it
    change_account(administrator, operator, email="lagi@example.test")
    assert not letters_with_links(django_capture_on_commit_callbacks, "lagi@example.test")
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError):
        services.invite(user=User.objects.get(pk=operator.pk), by=administrator)


def test_an_invitation_goes_to_a_corrected_address(
    administrator: User, django_capture_on_commit_callbacks: Any
) -> None:
    new_account(administrator, username="baru", full_name="Orang Baru", email="salah@example.test")
    user = User.objects.get(username="baru")
    change_account(administrator, user, email="benar@example.test")
    with django_capture_on_commit_callbacks(execute=True):
        services.invite(user=User.objects.get(pk=user.pk), by=administrator)
    assert ["benar@example.test"] in [letter.to for letter in mail.outbox]


# -- lost devices ----------------------------------------------------------------------------------------------
def ask(by: User, user: User) -> Any:
    return factories.signed_in(by).post(
        "/akun/perangkat-hilang/", {"user": user.username, "reason": "Datang membawa kartu pegawai"}
    )


def decide(by: User, row: DeviceReset, act: str = "confirm") -> Any:
    return factories.signed_in(by).post(f"/akun/perangkat-hilang/{row.pk}/", {"act": act})


def test_a_lost_device_needs_two_administrators(
    administrator: User, operator: User, django_capture_on_commit_callbacks: Any
) -> None:
    second = factories.member(Role.ADMINISTRATOR)
    give_app(operator)
    client = factories.signed_in(operator)
    assert ask(administrator, operator).status_code == 302
    row = DeviceReset.objects.get()
    assert "perangkat" in Notice.objects.get(user=second).text
    assert "segera beri tahu" in Notice.objects.get(user=operator).text
    assert decide(administrator, row).status_code == 403  # not the same one
    assert Authenticator.objects.filter(user=operator).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert decide(second, row).status_code == 302
    assert not Authenticator.objects.filter(user=operator).exists()
    assert client.get("/").status_code == 302
    assert sign_in(Client(), operator).status_code == 200  # the old password is gone too
    letter = next(each for each in mail.outbox if "/masuk/tautan/" in each.body)
    fresh = Client()
    choose(fresh, link_in(letter))
    assert sign_in(fresh, operator, NEW).headers["Location"] == "/"
    actions = AuditEvent.objects.filter(action__startswith="device_reset").values_list("action", "actor_id")
    assert set(actions) == {("device_reset.asked", administrator.pk), ("device_reset.done", second.pk)}


def test_nobody_resets_their_own_device(administrator: User) -> None:
    assert ask(administrator, administrator).status_code == 422
    second, third = factories.member(Role.ADMINISTRATOR), factories.member(Role.ADMINISTRATOR)
    ask(second, administrator)
    row = DeviceReset.objects.get()
    assert decide(administrator, row).status_code == 403
    assert decide(third, row, "refuse").status_code == 302
    row.refresh_from_db()
    assert row.state == "refused"
    assert decide(third, row).status_code == 409  # decided already: said in words, nothing changes
    row.refresh_from_db()
    assert row.state == "refused"


def test_the_database_wants_two_others_as_well(administrator: User, operator: User) -> None:
    row = DeviceReset.objects.create(user=operator, reason="x", asked_by=administrator)
    for wrong in ({"decided_by": administrator}, {"decided_by": operator}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DeviceReset.objects.filter(pk=row.pk).update(state="done", decided_at=dt.datetime.now(dt.UTC), **wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        DeviceReset.objects.create(user=operator, reason="y", asked_by=factories.UserFactory())


def by_hand(administrator: User, **values: str) -> User:
    """An administrator whom this one has made in the administration."""
    new_account(administrator, **values)
    made = User.objects.get(username=values["username"])
    change_account(administrator, made, **{"memberships-0-role": "administrator"})
    return made


def test_whoever_was_set_up_by_the_first_is_no_second(administrator: User, operator: User) -> None:
    own = by_hand(administrator, username="boneka", full_name="Admin Boneka", email="lain@example.test")
    ask(administrator, operator)
    row = DeviceReset.objects.get()
    assert decide(own, row).status_code == 403
    with pytest.raises(IntegrityError, match="separation of duties"), transaction.atomic():
        DeviceReset.objects.filter(pk=row.pk).update(state="done", decided_at=timezone.now(), decided_by=own)
    assert decide(factories.member(Role.ADMINISTRATOR), row).status_code == 302
    row.refresh_from_db()
    assert row.state == "done"


def test_neither_is_the_first_of_the_second_nor_two_of_one_hand(administrator: User, operator: User) -> None:
    one = by_hand(administrator, username="satu", full_name="Admin Satu", email="satu@example.test")
    other = by_hand(one, username="dua", full_name="Admin Dua", email="dua@example.test")
    for asking, deciding in ((one, administrator), (one, other), (administrator, other), (other, administrator)):
        ask(asking, operator)
        row = DeviceReset.objects.latest("pk")
        answer = decide(deciding, row)
        assert (answer.status_code, "administrator lain" in answer.content.decode().lower()) == (403, True)
        decide(deciding, row, "refuse")


@pytest.mark.parametrize(
    ("values", "status"), [({"email": "alih@example.test"}, 403), ({"phone": "0812 3456 7890"}, 302)]
)
def test_who_moved_the_seconds_address_holds_it(
    administrator: User, operator: User, values: dict[str, str], status: int
) -> None:
    second = factories.member(Role.ADMINISTRATOR)
    change_account(administrator, second, **values)
    ask(administrator, operator)
    assert decide(second, DeviceReset.objects.get()).status_code == status


def test_after_ninety_days_the_two_are_two(administrator: User, operator: User) -> None:
    second = by_hand(administrator, username="lama", full_name="Admin Lama", email="lama@example.test")
    with connection.cursor() as cursor:
        for days, together in ((89, True), (91, False)):
            moment = timezone.now() + dt.timedelta(days=days - SET_UP_DAYS)
            cursor.execute(
                "SELECT accounts_set_up_together(%s, %s, %s)",
                [administrator.pk, second.pk, moment - dt.timedelta(hours=1)],
            )
            assert cursor.fetchone()[0] is together


def test_who_is_unknown_or_without_mail_cannot_be_reset(administrator: User, operator: User) -> None:
    User.objects.filter(pk=operator.pk).update(email="")
    assert "surel" in ask(administrator, operator).content.decode()
    page = factories.signed_in(administrator).post("/akun/perangkat-hilang/", {"user": "tidak-ada", "reason": "Hilang"})
    assert page.status_code == 422
    assert "Hilang" in page.content.decode()


def test_addresses_are_found_however_they_were_typed(
    administrator: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        new_account(administrator, username="baru", full_name="Orang Baru", email="Rina.W@Kaltimprov.go.id")
    with django_capture_on_commit_callbacks(execute=True):
        Client().post("/masuk/lupa/", {"email": "RINA.W@kaltimprov.GO.ID"})
    assert [letter.to for letter in mail.outbox] == [["rina.w@kaltimprov.go.id"]] * 2
