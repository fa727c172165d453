"""Every page of the portal, found by following links as each persona: axe-core, the console, and nothing wider than a
phone."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from django.utils import timezone

from tests.access.test_every_url import TABLE, every_pattern
from tests.browser.conftest import OF_THE_WORKER, Desk
from tests.browser.pages import ELSEWHERE, name_of

pytestmark = [pytest.mark.browser, pytest.mark.stack]

LAST_YEAR = timezone.localdate().year - 1
# Who walks, and from where besides home. Of each page a person opens at most so many examples.
AT_MOST, MORE = 1, {"public_services:service": 9}  # until one is of the person's own OPD
PEOPLE = {
    "gubernur": ["/dasbor/", "/publik/", "/komponen/", "/cari/?q=guru"],
    "operator": ["/program/?state=draft", "/pengadaan/?state=planned", "/spm/isian/"],
    "kepala": [],
    "auditor": [f"/pengadaan/?tahun={LAST_YEAR}&state=contracted"],
    "walidata": ["/akun/"],
    "ppk": [],
    "admin": ["/akun/"],
    "verifikator": [f"/laporan/kunci/?period={LAST_YEAR}-Q4"],
}
LETTER_OF = {
    "gubernur": "g",
    "operator": "o",
    "kepala": "h",
    "auditor": "a",
    "walidata": "s",
    "ppk": "o",
    "admin": "x",
    "verifikator": "v",
}
# No link leads the first person who may open it to these pages; this one it does.
FOUND_BY = {"procurement:declare": "ppk"}
# What a browser takes for a download, a part of a page, or an answer for programs.
NO_PAGES = {
    "account_logout",
    "accounts:drafts",
    "datasources:payload",
    "guide-panel",
    "uploads:upload-file",
    "uploads:marked-workbook",
    "datasources:catalogue-state",
    "programs:evidence",
    "programs:evidence-preview",
    "programs:check-value",
    "programs:entry-before",
    "programs:entry-workbook",
    "spm:entry-before",
    "programs:nomenclature-search",
    "procurement:supplier-suggestions",
    "procurement:check-method",
    "procurement:audit-fetch",
    "evidence:token",
    "evidence:signature-file",
    "procurement:ocds-releases",
    "procurement:ocds-records",
    "procurement:ocds-bulk",
    "directive-evidence",
    "briefing-pdf",
    "open-csv",
    "open-json",
    "health",
    "form-token",
    "manifest",
    "offline",  # looked at where the line is cut: test_offline
    "service-worker",
    "procurement:my-data",
    "api-schema",
    "api-root",
}


def is_page(name: str | None) -> bool:
    return (
        name is not None
        and name in TABLE
        and TABLE[name][1] == "get"
        and name not in NO_PAGES
        and not name.startswith("api-")
    )


def links(html: str, here: str) -> list[str]:
    found = [str(each["href"]) for each in BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("a", href=True))]
    return list(dict.fromkeys(urlsplit(each).path or here for each in found if not urlsplit(each).netloc))


def checked_by(name: str) -> str:
    """The person whose walk looks at a page: the first who may open it, unless no link of theirs leads there."""
    admitted = TABLE[name][0]
    in_order = ["auditor", *PEOPLE] if name.startswith("procurement:") else PEOPLE  # who finds most of them
    return FOUND_BY.get(name) or next((who for who in in_order if LETTER_OF[who] in admitted), "")


def visit(desk: Desk, starts: list[str], wanted: set[str]) -> tuple[set[str], list[str]]:
    """Follow links until all of `wanted` were looked at; (names of the pages seen, what is wrong with those).

    What only leads on is asked for without being drawn.
    """
    seen: set[str] = set()
    problems: list[str] = []
    visits: Counter[str] = Counter()
    ways, tried = [*starts, "/"], set()  # the examples that the starts lead to come before those of the first page
    while ways and not wanted <= seen:
        path = ways.pop(0)
        name = name_of(path)
        if not is_page(name) or path in tried or visits[name] >= MORE.get(name, AT_MOST):
            continue
        tried.add(path)
        address = f"{desk.portal.address}{path}"
        is_looked_at = name in wanted and name not in seen
        answer = desk.page.goto(address) if is_looked_at else desk.page.request.get(address)
        if answer is None or not answer.ok or name_of(urlsplit(answer.url).path) != name:
            desk.said.clear()  # not for this person; somebody else gets there
            continue
        visits[name] += 1
        html = answer.text()
        if is_looked_at:
            problems += desk.checked(name)
        seen.add(name)
        desk.said.clear()
        ways += links(html, urlsplit(answer.url).path)
    return seen, problems


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_without_a_violation(username: str, sit: Callable[[str], Desk]) -> None:
    desk = sit(username)
    if username == "gubernur":
        desk.open("/rapat/")
        desk.page.get_by_role("button", name="Buat bahan rapat sekarang").click()
        desk.page.get_by_role("link", name="Tampilkan di layar").wait_for(timeout=OF_THE_WORKER)
    pages = {name for name, _callback in every_pattern() if is_page(name)} - ELSEWHERE - {"account_login"}
    wanted = {name for name in pages if checked_by(name) == username}
    seen, problems = visit(desk, PEOPLE[username], wanted)
    assert not problems, "\n".join(problems)
    assert wanted <= seen, f"no link leads {username} to {sorted(wanted - seen)}"


def test_the_page_of_signing_in(chromium: Any, portal: Any) -> None:
    door = Desk(chromium.new_context(locale="id-ID").new_page(), portal)
    door.open("/masuk/")
    assert not (problems := door.checked("account_login")), "\n".join(problems)


def test_each_page_has_somebody_who_looks_at_it() -> None:
    pages = {name for name, _callback in every_pattern() if is_page(name)} - ELSEWHERE
    assert all(checked_by(name) in PEOPLE for name in pages), {name for name in pages if not checked_by(name)}
