"""What people decide about their own account: how they are written to, and the language they read."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _lazy

from accounts import services, tasks
from accounts.models import Notice, NoticesByMail, User
from core.choices import Role
from core.exports.columns import ExportColumn
from core.exports.csv_files import write_csv
from kaltim_portal.navigation import GROUPS
from tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def choose(client: Client, **values: str) -> Any:
    chosen = {"act": "preferences", "phone": "", "language": "id", "notices_by_mail": "at_once"} | values
    return client.post("/akun/", chosen)


def told(user: User, text: str) -> None:
    services.remind([user], text, "/", timezone.localdate())


@pytest.mark.parametrize(
    ("wanted", "at_once", "in_the_morning"),
    [(NoticesByMail.AT_ONCE, 2, 0), (NoticesByMail.DAILY, 0, 1), (NoticesByMail.NEVER, 0, 0)],
)
def test_mail_comes_as_it_is_wanted(
    wanted: str, at_once: int, in_the_morning: int, client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    user = factories.member(Role.OPERATOR)
    assert choose(client_of(user), notices_by_mail=wanted, phone="0812 3456 7890").status_code == 302
    user.refresh_from_db()
    assert user.phone == "0812 3456 7890"
    with django_capture_on_commit_callbacks(execute=True):
        told(user, "Laporan terlambat")
        services.notify([user], "Laporan dikembalikan", "/laporan/")
    assert len(mail.outbox) == at_once
    assert Notice.objects.filter(user=user).count() == 2, "in the portal they stand in any case"
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.send_digests() == in_the_morning
        assert tasks.send_digests() == 0, "nobody gets the same twice"
    assert len(mail.outbox) == in_the_morning
    if in_the_morning:
        assert mail.outbox[0].subject == "2 pemberitahuan belum dibaca"
        assert "Laporan dikembalikan" in mail.outbox[0].body


def test_each_notice_is_mailed_once_to_whom_it_concerns(django_capture_on_commit_callbacks: Any) -> None:
    reader, gone = factories.member(Role.OPERATOR), factories.member(Role.OPERATOR, is_active=False)
    english = factories.member(Role.OPERATOR, language="en")
    text = "Arahan gubernur:\nperbaiki jalan"
    with django_capture_on_commit_callbacks(execute=True):
        services.notify([reader, gone, english, reader], text, "/arahan/1/")
    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert len(mail.outbox) == len(letters) == 2
    assert set(letters) == {reader.email, english.email}
    assert all(letter.subject == "Arahan gubernur: perbaiki jalan" for letter in mail.outbox)
    assert "Halaman akun Anda" in letters[reader.email].body
    assert "your account page offers another choice" in letters[english.email].body
    with django_capture_on_commit_callbacks(execute=True):
        services.change_preferences(user=reader, phone="", language="id", notices_by_mail="daily")
        assert tasks.send_digests() == 0, "what was mailed is not written of again"


def test_a_notice_whose_mail_fails_stands(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    user = factories.member(Role.OPERATOR)
    with django_capture_on_commit_callbacks(execute=True):
        services.notify([user], "Laporan dikembalikan", "/laporan/")
    assert Notice.objects.filter(user=user).exists()


def test_a_digest_has_only_what_is_new_and_unread(client_of: ClientOf, django_capture_on_commit_callbacks: Any) -> None:
    user = factories.member(Role.OPERATOR)
    told(user, "Dari sebelum memilih")
    choose(client_of(user), notices_by_mail="daily")
    user.refresh_from_db()
    told(user, "Sudah dibaca")
    services.read_notices(user)
    told(user, "Baru")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.send_digests() == 1
    assert "Baru" in mail.outbox[0].body
    assert "Dari sebelum" not in mail.outbox[0].body
    assert "Sudah dibaca" not in mail.outbox[0].body


def test_what_concerns_the_account_is_written_in_any_case(django_capture_on_commit_callbacks: Any) -> None:
    user = factories.member(Role.OPERATOR, notices_by_mail="never")
    with django_capture_on_commit_callbacks(execute=True):
        services.tell(user, "Kata sandi Anda diubah.", "/akun/")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("values", [{"language": "de"}, {"notices_by_mail": "hourly"}, {"phone": "satu dua"}])
def test_nothing_else_can_be_chosen(values: dict[str, str], client_of: ClientOf) -> None:
    user = factories.member(Role.OPERATOR)
    assert choose(client_of(user), **values).status_code == 200
    user.refresh_from_db()
    assert (user.language, user.notices_by_mail, user.phone) == ("id", "at_once", "")


def test_name_nip_and_address_are_not_ones_own_to_change(client_of: ClientOf) -> None:
    user = factories.member(Role.OPERATOR)
    before = (user.full_name, user.nip, user.email)
    choose(client_of(user), full_name="Orang Lain", nip="1" * 18, email="lain@example.test")
    user.refresh_from_db()
    assert (user.full_name, user.nip, user.email) == before


def test_the_account_page_opens_at_its_top(client_of: ClientOf) -> None:
    assert "autofocus" not in client_of(factories.member(Role.OPERATOR)).get("/akun/").content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_the_first_page_and_the_doors_are_english(role: Role, client_of: ClientOf) -> None:
    user = factories.member(role, language="en")
    page = client_of(user).get("/").content.decode()
    assert '<html lang="en"' in page
    assert "<h1>My tasks</h1>" in page.replace("\n", "") or "My tasks" in page
    with translation.override("en"):
        items = [item for group in GROUPS for item in group.items]
        names = {str(item.name) for item in items if item.rule is None or item.rule.admits(user)}
    assert names
    assert all(f"<span>{name}</span>" in page for name in names)
    for left in ("Tugas saya", "Keluar", "Akun dan keamanan", "Pemberitahuan", "Tahun anggaran"):
        assert left not in page


def test_what_others_read_stays_indonesian(client_of: ClientOf) -> None:
    user = factories.member(Role.OPERATOR, language="en")
    client = client_of(user)
    assert '<html lang="id"' in client.get("/publik/").content.decode(), "kept for everybody"
    file = io.BytesIO()
    with translation.override("en"):
        write_csv(file, [ExportColumn(_lazy("Programme"), "name")], [])
    assert "Program\r\n" in file.getvalue().decode("utf-8-sig")
    factories.ProgramFactory()
    listed = client.get("/program/", {"unduh": "csv"})
    assert listed.headers["Content-Type"].startswith("text/csv")
    assert "Programme" not in listed.getvalue().decode()


def test_a_refused_form_comes_back_in_its_senders_language(client_of: ClientOf) -> None:
    """Page, labels and errors."""
    client = client_of(factories.member(Role.OPERATOR, language="en"))
    refused = client.post("/pengadaan/baru/", {"ceiling_rupiah": "dua juta", "name": ""}).content.decode()
    for said in ('<html lang="en"', "This field is required.", "is not a figure. Write for example 1.234.567,89."):
        assert said in refused
    assert "Isian ini" not in refused


def test_the_next_request_is_indonesian_again(client_of: ClientOf) -> None:
    client_of(factories.member(Role.OPERATOR, language="en")).get("/")
    assert translation.get_language() == "id"
