"""Every form of every page sent ten times at once to a real server: one act, ten equal answers, no error.

What one sending writes is counted first, in a transaction that is rolled back; ten at once must write as much. After
whatever wrote, the tables that were written are as before again.
"""

import http.client
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings as portal_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connection
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.testcases import QuietWSGIRequestHandler
from django.utils import timezone

from accounts.models import Session, User
from procurement.choices import OfficerRole
from tests import databases, embedded_stack, factories
from tests.access import test_every_form as every_form
from tests.access import test_every_url as every_url
from tests.access.served_forms import Blank, ServedForm
from tests.conftest import skip_or_fail
from tests.private_folder import keep_private_files_in

AT_ONCE = 10
MOST_ALIKE = 2  # buttons of one name on one page: “up” of each of twenty rows is the same act
# Who is signed in, the answers themselves; and each wrong password is a try of its own, however often it is sent.
SIGNED_IN = {"accounts_session", "django_session"}
NOT_COUNTED = {*SIGNED_IN, "core_formanswer", "accounts_failedtry"}
ADMINISTRATION = ["/admin/accounts/user/add/", "/admin/accounts/agency/add/"]


class Answer(NamedTuple):
    status: int
    location: str | None
    body: str


class Server(ThreadedWSGIServer):
    """Django's, but its threads stay, each with its connection to the database, as those of the portal's workers do:
    else there would be thousands of connections, and PostgreSQL learns each table anew on each."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.threads = ThreadPoolExecutor(AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.threads.submit(self.process_request_thread, request, client_address)

    def server_close(self) -> None:
        super().server_close()
        self.threads.shutdown()

    def _close_connections(self) -> None:
        """Not after each request."""


class Stage:
    """The world in a database of its own, and a server over it that answers as many at once as are sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before = str(connection.settings_dict["NAME"])
        self.name = "_".join(part for part in ("portal_once", databases.worker()) if part)
        servers = embedded_stack.servers
        assert servers is not None
        self.servers = servers
        databases.with_reference_data(servers, self.name)
        self._use(self.name)
        self.world = every_url._make()
        self.pages = every_form.more_pages(self.world)
        official = {"user": [str(self.world["people"]["o"].pk)], "role": [OfficerRole.RECEIVING_OFFICER.value]}
        self.wants = WANTS | {"procurement:assign-officer": official}
        self.seen: set[Any] = set()
        self.alike: Counter[Any] = Counter()
        self.wrote: set[str] = set()
        self.is_written = False
        every_url.put_files(self.folder)
        self.snapshot = databases.Snapshot(servers, self.name, kept=SIGNED_IN)
        self.server = Server(("127.0.0.1", 0), QuietWSGIRequestHandler)
        self.server.set_app(WSGIHandler())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _use(self, name: str) -> None:
        connection.close()
        portal_settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name

    def restore_if_written(self) -> bool:
        if not self.is_written:
            return False
        self.snapshot.restore()
        every_url.put_files(self.folder)
        self.is_written = False
        return True

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.snapshot.close()
        self._use(self.before)

    def sent_at_once(self, cookies: str, address: str, body: bytes) -> list[Answer]:
        headers = {"Content-Type": MULTIPART_CONTENT, "Cookie": cookies}
        ready = threading.Barrier(AT_ONCE)

        def send(_number: int) -> Answer:
            line = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=60)
            line.connect()
            ready.wait()
            line.request("POST", address, body, headers)
            response = line.getresponse()
            return Answer(response.status, response.headers["Location"], response.read().decode("latin-1"))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(send, range(AT_ONCE)))


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Stage]:
    if embedded_stack.servers is None:
        skip_or_fail("needs the private servers: it copies databases")
    with django_db_blocker.unblock():
        built = Stage(tmp_path_factory.mktemp("files"))
        yield built
        built.stop()


def rows(tables: Collection[str] | None = None) -> Counter[str]:
    """How many rows stand in each of `tables`, or in each that is counted."""
    counted = counted_tables() if tables is None else counted_tables() & set(tables)
    if not counted:
        return Counter()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{each}', count(*) FROM \"{each}\"" for each in counted))
        return Counter(dict(cursor.fetchall()))


@cache
def counted_tables() -> frozenset[str]:
    return frozenset(connection.introspection.table_names()) - NOT_COUNTED


def written(before: Counter[str], after: Counter[str]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


PDF = b"%PDF-1.7\n" + b"1 0 obj << /Type /Catalog >> endobj\n" * 20 + b"trailer << /Root 1 0 R >>\n%%EOF\n"
# What a form wants besides what any control takes: by the view that it is sent to.
PASSWORD = ["Sungai-Mahakam-2026"]
WANTS: dict[str, dict[str, Any]] = {
    "accounts:account": {"old_password": [factories.PASSWORD], "new_password1": PASSWORD, "new_password2": PASSWORD},
    "procurement:new-package": {"rup_code": ["76543210"]},
    "procurement:particulars": {"identity": ["6472010101800099"]},
    "public_services:new-service": {"promised_days": ["5"]},
    "programs:new-rule": {"warn": ["3"], "refuse": ["9"]},
    "admin:accounts_user_add": {"username": ["baru"], "password1": PASSWORD, "password2": PASSWORD},
}
# Forms that make a row at least, by the page that they stand on: were one of them refused, ten refusals prove nothing.
MAKING = {
    "/admin/accounts/agency/add/": {"admin:accounts_agency_add"},
    "/admin/accounts/user/add/": {"admin:accounts_user_add"},
    "accounts:account": {"accounts:account"},
    "briefings": {"issue-briefing"},
    "directive": {"answer-directive"},
    "new-directive": {"new-directive"},
    "procurement:audit-report": {"procurement:audit-export"},
    "procurement:declare": {"procurement:declare"},
    "procurement:declare-year": {"procurement:declare-year"},
    "procurement:new-package": {"procurement:new-package"},
    "procurement:new-supplier": {"procurement:new-supplier"},
    "procurement:package": {"procurement:assign-officer"},
    "programs:program": {"programs:add-legal-basis", "programs:open-report"},
    "programs:report": {"programs:attach-evidence"},
    "public_services:new-service": {"public_services:new-service"},
    "uploads:uploads": {"uploads:uploads"},
}


def filled(form: ServedForm, wants: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """As it was served, with something in what is empty."""
    data: dict[str, Any] = {}
    for blank in form.blanks:
        if blank.name not in form.missing and blank.kind != "file":
            continue
        data.setdefault(blank.name, _something(blank))
    wanted = wants.get(every_form.view_of(form)[0], {})
    return form.data | data | {name: value for name, value in wanted.items() if name in form.data | data}


def _something(blank: Blank) -> Any:
    if blank.choices:
        return [blank.choices[0]]
    if blank.kind == "file":
        return [SimpleUploadedFile("contoh.pdf", PDF, "application/pdf")]
    fitting = {"date": timezone.localdate().isoformat(), "number": "1", "email": "a@b.go.id", "month": "2026-01"}
    fitting["password"] = factories.PASSWORD  # to sign with
    fitting["url"] = "https://contoh.go.id/"
    return [fitting.get(blank.kind, "12345")]


@pytest.mark.parametrize("name", every_form.PAGES + ADMINISTRATION)
def test_sent_ten_times_at_once(name: str, stage: Stage, settings: Any) -> None:
    keep_private_files_in(settings, stage.folder)
    for user, address in pages_of(name, stage):
        stage.restore_if_written()
        client, forms = opened(user, address)
        for number in range(len(forms)):
            if number >= len(forms):
                break  # one that only stood there because of what was done before
            view = every_form.view_of(forms[number])
            kind = (view, told_by(forms[number]), forms[number].missing)
            alike = (view, (told_by(forms[number]) or ("",))[0], len(forms[number].missing))
            if kind in stage.seen or stage.alike[alike] == MOST_ALIKE:
                continue
            stage.seen.add(kind)
            stage.alike[alike] += 1
            if stage.restore_if_written() and not is_signed_in(client):
                client, forms = opened(user, address)
            if once(stage, client, forms[number]):
                stage.wrote.add(view[0])
    assert not MAKING.get(name, set()) - stage.wrote


def told_by(form: ServedForm) -> tuple[str, str] | None:
    """The button, or whatever is last: forms of one address that differ in it do different things."""
    return next((field for field in reversed(form.fields) if field[0] not in every_form.NOT_TYPED), None)


def pages_of(name: str, stage: Stage) -> list[tuple[User, str]]:
    people = stage.world["people"]
    if name in ADMINISTRATION:
        return [(people["x"], name)]
    address = every_url.address_of(name, stage.world)
    first = [(people[letter], address) for letter in every_url.TABLE[name][0] if letter != "n"]
    return first + stage.pages.get(name, [])


def is_signed_in(client: Client) -> bool:
    return Session.objects.filter(session_key=client.cookies[portal_settings.SESSION_COOKIE_NAME].value).exists()


def opened(user: User, address: str) -> tuple[Client, list[ServedForm]]:
    client = factories.signed_in(user)
    forms = every_form.forms_of(client, address)
    return client, [form for form in forms if every_form.view_of(form)[0] != "admin:logout"]


def once(stage: Stage, client: Client, form: ServedForm) -> bool:
    """Whether there was anything to write."""
    body = encode_multipart(BOUNDARY, filled(form, stage.wants))
    cookies = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    before = rows()
    with every_form.forgotten():
        client.generic("POST", form.address, body, MULTIPART_CONTENT)
        expected = written(before, rows(+every_form.writes()))
    answers = stage.sent_at_once(cookies, form.address, body)
    found = written(before, rows())
    stage.is_written = bool(found)
    if "new_password1" in form.data:  # it ends the session: who comes after it has to sign in, and is told so
        answers = [each for each in answers if each.status != HTTPStatus.FORBIDDEN]
        assert answers
    assert all(each.status < 500 for each in answers), (form.address, answers)
    assert {(each.status, each.location) for each in answers} == {(answers[0].status, answers[0].location)}
    assert found == expected, form.address
    if expected:
        assert len(set(answers)) == 1, form.address
    return bool(expected)
