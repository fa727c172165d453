"""What is typed is kept for its owner, and for nobody else, until the form is taken."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.drafts import services
from accounts.drafts.services import owner_mark
from accounts.models import Draft, User
from accounts.services import account_changed
from accounts.tasks import forget_drafts
from core.choices import Role
from core.form_keys import new_key
from core.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db
KEY = "1abc9z"


def letter(owner: User, **changes: Any) -> dict[str, Any]:
    fields = {"name": {"t": ["Beasiswa Kaltim"], "b": [""], "l": "Nama"}}
    said = {"key": KEY, "page": "/program/baru/", "title": "Angkutan sungai", "fields": fields, "known": []}
    return {"owner": owner_mark(owner)} | said | changes


def sent(client: Client, body: dict[str, Any]) -> Any:
    return client.post("/konsep/", json.dumps(body), content_type="application/json")


def typed(text: str, whose: str) -> dict[str, Any]:
    return {"t": [text], "b": [""], "l": "", "w": whose}


def test_it_comes_back_on_every_device_of_its_owner(operator: User) -> None:
    answer = sent(factories.signed_in(operator), letter(operator))
    assert answer.status_code == 200
    there = factories.signed_in(operator).get("/konsep/", {"k": f"{KEY},other"}).json()
    assert there[KEY]["stamp"] == answer.json()["stamp"]
    assert there[KEY]["fields"]["name"] == typed("Beasiswa Kaltim", "") | {"l": "Nama", "o": []}


@pytest.mark.parametrize("role", list(Role))
def test_nobody_else_sees_it(role: Role, operator: User) -> None:
    sent(factories.signed_in(operator), letter(operator))
    other = factories.signed_in(factories.member(role))
    assert other.get("/konsep/", {"k": KEY}).json() == {}
    draft = Draft.objects.get()
    assert other.get(f"/konsep/{draft.pk}/").status_code == other.post(f"/konsep/{draft.pk}/").status_code == 404
    assert "tidak ada lagi" in other.get(f"/konsep/{draft.pk}/").content.decode()  # as of one that is gone
    assert "Angkutan sungai" not in other.get("/").content.decode()
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_the_database_holds_no_word_of_it(operator: User) -> None:
    sent(factories.signed_in(operator), letter(operator))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(d)::text FROM accounts_draft d")
        row = cursor.fetchone()[0]
    assert "Beasiswa" not in row
    assert "Angkutan sungai" not in row


def test_it_is_not_in_the_trail(operator: User) -> None:
    before = AuditEvent.objects.count()
    sent(factories.signed_in(operator), letter(operator))
    assert AuditEvent.objects.count() == before
    assert not hasattr(Draft, "pgh_event_model")


def test_a_page_of_somebody_who_signed_out_keeps_nothing_in_another_name(operator: User, head: User) -> None:
    assert sent(factories.signed_in(head), letter(operator)).status_code == 409
    assert sent(factories.signed_in(head), letter(head) | {"owner": "1:forged"}).status_code == 409
    assert not Draft.objects.exists()


@pytest.mark.parametrize("page", ["/acuan/sumber/baru/", "/masuk/", "/tidak-ada/", "/admin/"])
def test_only_for_a_page_that_its_owner_may_open(page: str, operator: User) -> None:
    assert sent(factories.signed_in(operator), letter(operator, page=page)).status_code == 403
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "../../x"},
        {"key": 7},
        {"page": "https://elsewhere.example/"},
        {"page": "//elsewhere.example/"},
        {"fields": ["x"]},
        {"fields": {"name": {"t": "x"}}},
        {"fields": {"name": 1}},
    ],
)
def test_what_no_page_sends_is_refused(wrong: dict[str, Any], operator: User) -> None:
    assert sent(factories.signed_in(operator), letter(operator, **wrong)).status_code == 400


def test_no_body_and_no_object_are_refused(operator: User) -> None:
    client = factories.signed_in(operator)
    for body in ("", "[]", "null", "{}", "\xff"):
        assert client.post("/konsep/", body, content_type="application/json").status_code == 400


def test_the_token_is_asked_for(operator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = factories.signed_in(operator).cookies
    assert sent(client, letter(operator)).status_code == 403


def test_there_is_a_limit(operator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    client = factories.signed_in(operator)
    long = {"name": {"t": ["x" * services.LARGEST], "b": [""], "l": ""}}
    assert sent(client, letter(operator, fields=long)).status_code == 413
    monkeypatch.setattr(services, "MOST_OF_A_PERSON", 2)
    for number in range(4):
        sent(client, letter(operator, key=f"k{number}"))
    assert set(Draft.objects.values_list("key", flat=True)) == {"k2", "k3"}


def test_two_tabs_lose_nothing(operator: User) -> None:
    """The later text stands; the other tab's stays beside it, and what only that one has stays as it is."""
    client = factories.signed_in(operator)
    one = {"name": typed("satu", "a.1"), "note": typed("catatan", "a.2")}
    sent(client, letter(operator, fields=one, known=["a.9"]))
    for number, text in enumerate(("dua", "dua kali"), 1):  # also when it saves once more
        sent(client, letter(operator, fields={"name": typed(text, f"b.{number}")}, known=["b.9"]))
        fields = services.content_of(Draft.objects.get())
        assert (fields["name"]["t"], fields["note"]["t"]) == ([text], ["catatan"])
        assert fields["name"]["o"] == [{"t": ["satu"], "w": "a.1"}]
    # Who has found the other's texts and says nothing of them any more has thrown them away.
    sent(client, letter(operator, fields={"name": typed("tiga", "c.1")}, known=["c.9", "a.1", "a.2", "b.2"]))
    assert services.content_of(Draft.objects.get()) == {"name": typed("tiga", "c.1") | {"o": []}}
    sent(client, letter(operator, fields={}, known=["c.9"]))
    assert not Draft.objects.exists()


def test_a_letter_that_was_overtaken_changes_nothing(operator: User) -> None:
    """A page that closes sends beside what is still under way; whichever comes last, the later text stands."""
    client = factories.signed_in(operator)
    sent(client, letter(operator, fields={"name": typed("kedua", "a.2")}, known=["a.2"]))
    for fields in ({"name": typed("pertama", "a.1")}, {}):
        sent(client, letter(operator, fields=fields, known=["a.1"]))
        assert services.content_of(Draft.objects.get())["name"]["t"] == ["kedua"]
    sent(client, letter(operator, fields={}, known=["a.3"]))
    assert not Draft.objects.exists()


def test_a_tab_that_sends_the_form_takes_only_what_it_knew(operator: User) -> None:
    """The other tab's words stay a draft, be it on another device; the same words are sent with the form."""
    client = factories.signed_in(operator)
    one = {"act": typed("appearance", "a.1"), "note": typed("catatan", "a.2"), "mine": typed("lama", "b.1")}
    sent(client, letter(operator, fields=one | {"mine": typed("punya a", "a.3") | {"o": []}}, known=["a.9"]))
    sent(client, letter(operator, fields={"mine": typed("punya b", "b.2")}, known=["b.9"]))
    form = {"draft": KEY, "draft_known": '["b.9"]', "form_key": new_key(), "act": "appearance", "dark_mode": "dark"}
    client.post("/akun/", form | {"mine": "punya b"})
    left = services.content_of(Draft.objects.get())
    assert {name: field["t"] for name, field in left.items()} == {"note": ["catatan"], "mine": ["punya a"]}
    client.post("/akun/", form | {"form_key": new_key(), "draft_known": '["c.9", "a.2", "a.3"]', "dark_mode": "light"})
    assert not Draft.objects.exists()


def test_line_breaks_of_a_form_are_those_of_its_draft(operator: User) -> None:
    client = factories.signed_in(operator)
    sent(client, letter(operator, fields={"note": typed("satu\ndua", "a.1")}, known=["a.9"]))
    form = {"draft": KEY, "draft_known": '["b.9"]', "form_key": new_key(), "act": "appearance", "dark_mode": "dark"}
    client.post("/akun/", form | {"note": "satu\r\ndua"})
    assert not Draft.objects.exists()


def test_a_form_that_is_taken_ends_its_draft(operator: User) -> None:
    program = factories.ProgramFactory()
    client = factories.signed_in(operator)
    sent(client, letter(operator, page=f"/program/{program.pk}/"))
    form = {"draft": KEY, "form_key": new_key(), "kind": "", "title": ""}
    assert client.post(f"/program/{program.pk}/dasar-hukum/", form).status_code == 422
    assert Draft.objects.exists(), "refused: the text is still needed"
    answer = client.post("/akun/", {"draft": KEY, "form_key": new_key(), "act": "appearance", "dark_mode": "dark"})
    assert answer.status_code == 302
    assert not Draft.objects.exists()
    assert answer.cookies["draft_taken"].value == KEY


def test_what_the_form_had_no_place_for_stays_a_draft(operator: User) -> None:
    client = factories.signed_in(operator)
    fields = {name: {"t": [name], "b": [""], "l": ""} for name in ("name", "rows-3-name")}
    sent(client, letter(operator, fields=fields))
    form = {"draft": KEY, "form_key": new_key(), "act": "appearance", "dark_mode": "dark"}
    client.post("/akun/", form | {"draft_left": '["rows-3-name", "unknown", 7]'})
    assert list(services.content_of(Draft.objects.get())) == ["rows-3-name"]
    client.post("/akun/", form | {"form_key": new_key(), "draft_left": "no list", "dark_mode": "light"})
    assert not Draft.objects.exists()


def test_it_says_what_it_was_typed_for(operator: User) -> None:
    client = factories.signed_in(operator)
    sent(client, letter(operator, place="Dinas Kesehatan, TA 2026"))
    assert client.get("/konsep/", {"k": KEY}).json()[KEY]["place"] == "Dinas Kesehatan, TA 2026"
    assert "Dinas Kesehatan, TA 2026" in client.get("/").content.decode()


def test_pages_say_whose_they_are_but_for_those_of_everybody(operator: User) -> None:
    client = factories.signed_in(operator)
    assert client.get("/akun/")["Portal-Person"] == str(operator.pk)
    assert not client.get("/publik/").has_header("Portal-Person")
    assert not Client().get("/masuk/").has_header("Portal-Person")


def test_another_persons_draft_does_not_end_with_it(operator: User, head: User) -> None:
    sent(factories.signed_in(operator), letter(operator))
    form = {"draft": KEY, "form_key": new_key(), "act": "appearance", "dark_mode": "dark"}
    factories.signed_in(head).post("/akun/", form)
    assert Draft.objects.get().owner == operator


def test_an_emptied_form_has_no_draft(operator: User) -> None:
    client = factories.signed_in(operator)
    sent(client, letter(operator))
    assert sent(client, letter(operator, fields={})).json() == {"stamp": ""}
    assert not Draft.objects.exists()


def test_the_list_the_page_and_discarding(operator: User) -> None:
    client = factories.signed_in(operator)
    sent(client, letter(operator))
    draft = Draft.objects.get()
    home = client.get("/").content.decode()
    assert "Angkutan sungai" in home
    assert f'href="/konsep/{draft.pk}/"' in home
    page = client.get(f"/konsep/{draft.pk}/").content.decode()
    assert "Beasiswa Kaltim" in page
    assert 'href="/program/baru/"' in page
    assert client.post(f"/konsep/{draft.pk}/", follow=True).status_code == 200
    assert not Draft.objects.exists()


def test_drafts_end_after_thirty_days_and_with_the_account(operator: User, head: User) -> None:
    for person in (operator, head):
        sent(factories.signed_in(person), letter(person, page="/akun/"))
    assert forget_drafts() == 0
    Draft.objects.filter(owner=operator).update(saved_at=timezone.now() - dt.timedelta(days=31))
    User.objects.filter(pk=head.pk).update(is_active=False)  # not by the administration's page
    assert forget_drafts() == 2


def test_deactivating_a_person_deletes_them_at_once(operator: User) -> None:
    administrator = factories.member(Role.ADMINISTRATOR)
    sent(factories.signed_in(operator), letter(operator))
    operator.is_active = False
    operator.save()
    account_changed(user=operator, fields=["is_active"], former={"is_active": True}, by=administrator)
    assert not Draft.objects.exists()


def test_every_page_names_its_person_to_the_script(operator: User) -> None:
    page = factories.signed_in(operator).get("/").content.decode()
    mark = re.search(r'data-owner="([^"]+)"', page)
    assert mark
    assert services.is_of(mark.group(1), operator)
    assert "data-drafts" not in Client().get("/masuk/").content.decode()


def test_forms_of_the_administration_are_kept_too() -> None:
    administrator = factories.member(Role.ADMINISTRATOR)
    client = factories.signed_in(administrator)
    assert "drafts.js" in client.get("/admin/accounts/user/add/").content.decode()
    assert sent(client, letter(administrator, page="/admin/accounts/user/add/")).status_code == 200


def test_a_session_that_ends_at_the_sending_leads_back_to_the_form(operator: User) -> None:
    client = factories.signed_in(operator)
    del client.cookies["sessionid"]
    form = {"draft": KEY, "name": "Beasiswa Kaltim", "form_key": new_key()}
    page = client.post("/arahan/2/jawab/", form, headers={"referer": "http://testserver/arahan/2/?tahun=2026"})
    assert page.status_code == 403
    assert 'href="/masuk/?next=%2Farahan%2F2%2F%3Ftahun%3D2026"' in page.content.decode()
    elsewhere = client.post("/arahan/2/jawab/", form, headers={"referer": "https://elsewhere.example/x"})
    assert 'href="/masuk/?next=%2Fx"' in elsewhere.content.decode(), "a path of ours, wherever it was read from"


def test_the_page_knows_when_the_session_ends(operator: User) -> None:
    client = factories.signed_in(operator)
    page = client.get("/").content.decode()
    ends = re.search(r'data-session-ends="([^"]+)"', page)
    assert ends
    left = dt.datetime.fromisoformat(ends.group(1)) - timezone.now()
    assert dt.timedelta(hours=11) < left <= dt.timedelta(hours=12)
    assert 'data-idle-minutes="30"' in page


def test_what_is_stored_about_somebody_names_their_drafts(operator: User, head: User) -> None:
    sent(factories.signed_in(operator), letter(operator))
    assert "Beasiswa Kaltim" in factories.signed_in(operator).post("/data-pribadi/unduh/").content.decode()
    assert "Beasiswa Kaltim" not in factories.signed_in(head).post("/data-pribadi/unduh/").content.decode()


@pytest.mark.parametrize("address", ["/akun/konfirmasi/", "/akun/token/", "/masuk/kode/pasang/"])
def test_forms_of_the_way_in_say_that_they_are_not_kept(address: str, operator: User) -> None:
    page = BeautifulSoup(factories.signed_in(operator).get(address, follow=True).content, "html.parser")
    typed_into = [form for form in page.select("form[method=post]") if form.select("input:not([type=hidden])")]
    assert all(form.has_attr("data-no-draft") or not form.select("input[type=text], textarea") for form in typed_into)
