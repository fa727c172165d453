"""Locked after a pause, and asked again before what matters most; nothing typed is lost by it."""

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import FailedTry, Session, User
from core.choices import Role
from programs.models import Program
from tests import factories
from tests.access import test_every_url as every_url
from tests.access.served_forms import served_forms
from tests.accounts.authenticator import code_of, give_app

made = every_url.made
world = every_url.world

# Deciding, overriding, unmasking, lending a role, making a token, and what keeps the account itself.
ASKS_AGAIN = {
    "accounts:change-agency",
    "programs:decide-report",
    "programs:verify-report",
    "programs:decisions",
    "programs:return-verified",
    "programs:withdraw-approval",
    "procurement:decide-declaration",
    "procurement:override-gate",
    "procurement:unmask",
    "procurement:unmask-person",
    "public_services:decide-proposal",
    "new-directive",
    "answer-directive",
    "evidence:prepare-signature",
    "evidence:settle-signature",
    "evidence:signature",
    "accounts:delegations",
    "accounts:tokens",
    "accounts:confirm",
    "accounts:device-resets",
    "accounts:decide-device-reset",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}
WITHOUT_ONE = {
    "programs:decide-report": "h",
    "programs:verify-report": "v",
    "programs:return-verified": "v",
    "mfa_remove_webauthn": "o",
    "mfa_view_recovery_codes": "o",
}
STALE = 601
HOUR = dt.timedelta(hours=1)


def leave_alone(client: Client, pause: dt.timedelta = HOUR) -> None:
    Session.objects.filter(session_key=client.session.session_key).update(seen_at=timezone.now() - pause)


def asks(response: Any) -> bool:
    return response.status_code == 403 and "Tegaskan bahwa ini Anda" in response.content.decode()


def test_these_views_ask_again_and_no_others() -> None:
    found = {name for name, callback in every_url.every_pattern() if getattr(callback, "asks_again", False)}
    assert {name for name in found if not name.startswith("admin:")} == ASKS_AGAIN


@pytest.mark.parametrize("name", sorted(ASKS_AGAIN))
def test_a_stale_session_is_asked_and_a_fresh_one_is_not(name: str, world: dict[str, Any]) -> None:
    letter = (every_url.TABLE[name][0] or WITHOUT_ONE.get(name, "o"))[-1 if name == "answer-directive" else 0]
    user, address = world["people"][letter], every_url.address_of(name, world)
    data = world["data"].get(name, {}) | {"reason": "Satu alasan"}
    assert asks(factories.signed_in(user, ago=STALE).post(address, data))
    assert not asks(factories.signed_in(user).post(address, data))


def test_the_back_office_asks_before_it_changes_anything(db: None) -> None:
    administrator, person = factories.member(Role.ADMINISTRATOR), factories.UserFactory()
    address = f"/admin/accounts/user/{person.pk}/change/"
    client = factories.signed_in(administrator, ago=STALE, by="password")
    page = client.get(address)
    form = next(each for each in served_forms(page.content.decode(), address) if "_save" in each.data)
    typed = form.data | {"full_name": ["Nama Baru"]}
    question = client.post(address, typed)
    assert asks(question)
    assert not User.objects.filter(full_name="Nama Baru").exists()
    answer_to(client, question, confirm_password=factories.PASSWORD)
    assert User.objects.get(pk=person.pk).full_name == "Nama Baru"


def answer_to(client: Client, question: Any, **answer: str) -> Any:
    """Send the page's form as a browser does."""
    [form] = [
        each for each in served_forms(question.content.decode(), question.request["PATH_INFO"]) if not _leaves(each)
    ]
    return client.post(form.address, form.data | {name: [text] for name, text in answer.items()})


def _leaves(form: Any) -> bool:
    return bool(form.address.endswith("/keluar/"))


def test_what_was_typed_goes_on_its_way_with_the_answer(head: User) -> None:
    to = factories.member(Role.OPERATOR)
    client = factories.signed_in(head, ago=STALE, by="password")
    today = timezone.localdate()
    typed = {
        "agency": factories.agency().pk,
        "to": to.pk,
        "first_day": str(today),
        "last_day": str(today + dt.timedelta(days=3)),
        "reason": 'Cuti “besar” <b> & "dinas"',
    }
    question = client.post("/akun/pelimpahan/", typed)
    assert asks(question)
    wrong = answer_to(client, question, confirm_password="salah")
    assert asks(wrong)
    assert "Kata sandi" in BeautifulSoup(wrong.content, "html.parser").select_one('[role="alert"]').get_text()
    done = answer_to(client, wrong, confirm_password=factories.PASSWORD)
    assert done.status_code == 302
    assert to.memberships.get(delegated_by=head).reason == typed["reason"]
    assert not asks(client.post("/akun/pelimpahan/", {"end": "1"}))


def test_the_second_factor_is_asked_of_who_has_one(head: User) -> None:
    give_app(head)
    client = factories.signed_in(head, ago=STALE)
    question = client.post("/akun/pelimpahan/", {"reason": "x"})
    assert 'name="confirm_code"' in question.content.decode()
    assert 'name="confirm_password"' not in question.content.decode()
    assert asks(client.post("/akun/pelimpahan/", {"reason": "x", "confirm_password": factories.PASSWORD}))
    assert answer_to(client, question, confirm_code=code_of()).status_code == 422  # let in, and the form is wrong
    assert asks(factories.signed_in(head, ago=STALE).post("/akun/pelimpahan/", {"confirm_code": code_of()}))  # spent


def test_a_long_sentence_confirms_as_it_signs_in(head: User) -> None:
    sentence = "kata sandi yang panjang sekali, " * 10
    head.set_password(sentence)
    head.save()
    client = factories.signed_in(head)
    leave_alone(client)
    assert client.post("/akun/", {"confirm_password": sentence, "act": "appearance"}).status_code == 302


def test_wrong_answers_are_counted(head: User) -> None:
    client = factories.signed_in(head, ago=STALE, by="password")
    for _attempt in range(5):
        client.post("/akun/pelimpahan/", {"confirm_password": "salah"})
    page = client.post("/akun/pelimpahan/", {"confirm_password": factories.PASSWORD})
    assert asks(page)
    assert "15 menit" in page.content.decode()


def test_wrong_former_passwords_are_counted(operator: User) -> None:
    client = factories.signed_in(operator)
    data = {"act": "password", "new_password1": "kata-sandi-baru-2027", "new_password2": "kata-sandi-baru-2027"}
    for _attempt in range(5):
        client.post("/akun/", data | {"old_password": "salah"})
    page = client.post("/akun/", data | {"old_password": factories.PASSWORD}).content.decode()
    assert "15 menit" in page
    assert FailedTry.objects.filter(account=operator.username).count() == 5
    assert client.post("/admin/password_change/").status_code in {302, 403}


def test_a_session_that_is_left_alone_is_locked_and_opens_again_with_the_password(operator: User) -> None:
    client = factories.signed_in(operator, by="password")
    assert client.get("/program/").status_code == 200
    leave_alone(client)
    locked = client.get("/program/?state=draft")
    assert asks(locked) or "Terkunci" in locked.content.decode()
    assert client.get("/").status_code == 403  # looking elsewhere doesn't open it
    back = answer_to(client, locked, confirm_password=factories.PASSWORD)
    assert back.headers["Location"] == "/program/?state=draft"
    assert client.get("/program/").status_code == 200


def test_a_passkey_prompt_does_not_open_the_lock(operator: User) -> None:
    """Showing the question writes to the session; it must not count as being there."""
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=operator, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client = factories.signed_in(operator)
    leave_alone(client)
    for _look in range(3):
        assert client.get("/program/").status_code == 403
        client.post("/beralih/", {"year": "2026"})


def test_a_form_sent_after_the_pause_is_saved_as_typed(operator: User) -> None:
    program = factories.ProgramFactory(state="draft", registered_at=None)
    client = factories.signed_in(operator, by="password")
    address = f"/program/{program.pk}/ubah/"
    [form] = [
        each
        for each in served_forms(client.get(address).content.decode(), address)
        if "problem_statement" in each.data and not each.skips_checks
    ][:1]
    leave_alone(client)
    text = "Baris satu\r\nbaris dua “kutipan” <tanda>"
    question = client.post(form.address, form.data | {"problem_statement": [text], "reason": ["Diperbaiki"]})
    assert question.status_code == 403
    assert Program.objects.get(pk=program.pk).problem_statement != text
    answer_to(client, question, confirm_password=factories.PASSWORD)
    assert Program.objects.get(pk=program.pk).problem_statement == text


def test_scripts_are_told_in_their_own_way(operator: User) -> None:
    client = factories.signed_in(operator)
    leave_alone(client)
    for answer in (
        client.get("/api/v1/programs/"),
        client.get("/program/", headers={"hx-request": "true"}),
        client.post("/isian/sel/", "{}", content_type="application/json"),
    ):
        assert answer.status_code in {401, 404}
    assert "terkunci" in client.get("/api/v1/programs/").json()["detail"]


def test_attached_files_are_not_lost_in_silence(operator: User) -> None:
    client = factories.signed_in(operator)
    leave_alone(client)
    page = client.post("/unggahan/", {"file": SimpleUploadedFile("a.csv", b"x"), "name": "y"}).content.decode()
    assert "tidak dapat disimpan di halaman ini" in page
    assert "<textarea" not in page


def test_the_way_out_and_public_pages_stay_open(operator: User) -> None:
    client = factories.signed_in(operator)
    leave_alone(client)
    assert client.get("/publik/").status_code == 200
    assert client.post("/keluar/").status_code == 302
    assert client.get("/").headers["Location"].startswith("/masuk/")


def test_work_keeps_the_session_open(operator: User, settings: Any) -> None:
    client = factories.signed_in(operator)
    for _step in range(3):
        leave_alone(client, dt.timedelta(minutes=settings.IDLE_MINUTES - 1))
        assert client.get("/program/").status_code == 200


def test_what_was_typed_outlives_the_session(operator: User) -> None:
    client = factories.signed_in(operator)
    Session.objects.all().delete()
    page = client.post("/program/baru/", {"name": "Bantuan “seragam”", "password": "rahasia"})
    text = page.content.decode()
    assert page.status_code == 403
    assert "Bantuan “seragam”" in text
    assert "rahasia" not in text
    assert client.get("/program/baru/").status_code == 302


def test_a_secret_that_cannot_be_kept_is_asked_for_anew_and_nobody_says_otherwise(operator: User) -> None:
    """The fault that was found: “carried out at once, nothing typed is lost”, and then the pass phrase was missing."""
    client = factories.signed_in(operator, ago=STALE)
    question = client.post("/tanda-tangan/0/", {"passphrase": "Frasa#2026", "form_key": "x" * 22})
    page = question.content.decode()
    assert asks(question)
    assert "Frasa#2026" not in page
    assert "ketik lagi" in page
    assert "langsung dilaksanakan" not in page
    assert "tidak hilang" not in page
    form = BeautifulSoup(page, "html.parser").select_one("form[data-repeatable]")
    assert form is not None
    assert form["action"] == "/akun/konfirmasi/?next=%2Ftanda-tangan%2F0%2F"
    over = Client().post("/tanda-tangan/0/", {"passphrase": "Frasa#2026", "note": "x"}).content.decode()
    assert "Frasa#2026" not in over
    assert "ketik lagi" in over
    assert "tidak hilang" not in over


def test_what_else_was_typed_is_kept_beside_a_secret(operator: User) -> None:
    client = factories.signed_in(operator, ago=STALE)
    page = client.post("/tanda-tangan/0/", {"passphrase": "Frasa#2026", "note": "Catatan"}).content.decode()
    assert "Catatan" in page
    assert "Frasa#2026" not in page
    assert "ketik lagi" in page
