"""The portal at work, size M: 20 people read and 10 write for ten minutes, on the servers that `make demo` starts.

Writers save cells of the month's grid as the browser does, and add packages with the form as it was served. Nothing may
fail: an answer that is no success is an error, and so is one that does not come.
"""

import html
import http.client
import json
import os
import random
import re
import sys
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bench import dashboards, grid
from bench.figures import Figure
from kaltim_portal.embedded import Portal

READERS, WRITERS, WARM_UP = 20, 10, 15
SECONDS = int(os.environ.get("LOAD_SECONDS", "600"))
PAUSE = (0.5, 1.5)  # s between two acts of one person; people take longer
CELLS_OF_FOUR = 3  # of four acts so many are cells, the rest new packages
LIMIT_READ_MS, LIMIT_WRITE_MS = 250, 250
OK, FOUND = 200, 302
READER_NAMES = ("gubernur", "auditor", "verifikator", "operator", "kepala")


class Visitor(threading.Thread):
    """Somebody signed in, in one browser: acts until told to stop, and notes ms in the server per act."""

    def __init__(self, portal: Portal, cookie: str, seed: int, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self.portal, self.cookie, self.done = portal, cookie, done
        self.chance = random.Random(seed)  # noqa: S311 (what comes next)
        self.times: list[float] = []
        self.problems: list[str] = []
        self.acts = 0
        self.connection = http.client.HTTPConnection("127.0.0.1", portal.web_port, timeout=60)

    def run(self) -> None:
        while not self.done.is_set():
            self.act()
            self.done.wait(self.chance.uniform(*PAUSE))
        self.connection.close()

    def act(self) -> None:
        raise NotImplementedError

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, str, float]:
        """(status, body, ms in the server). A connection that the server closed while idle is opened anew, once."""
        sent = {"Cookie": self.cookie, "Host": f"127.0.0.1:{self.portal.web_port}"} | headers
        for is_last in (False, True):
            try:
                self.connection.request(method, path, body, sent)
                answer = self.connection.getresponse()
                text = answer.read().decode("utf-8", "replace")
            except (OSError, http.client.HTTPException) as error:
                self.connection.close()
                if is_last or not isinstance(error, http.client.RemoteDisconnected | ConnectionError):
                    self.problems.append(f"{method} {path}: {type(error).__name__}")
                    return 0, "", 0.0
                continue
            timing = (answer.headers.get("Server-Timing") or "portal;dur=0").split("dur=")[1]
            return answer.status, text, float(timing)
        raise AssertionError

    def note(self, what: str, status: int, expected: int, took: float) -> bool:
        self.acts += 1
        self.times.append(took)
        if status and status != expected:
            self.problems.append(f"{what}: {status}")
        return status == expected


class Reader(Visitor):
    def __init__(self, *args: Any, pages: list[str]) -> None:
        super().__init__(*args)
        self.pages = pages

    def act(self) -> None:
        path = self.chance.choice(self.pages)
        status, _text, took = self.ask("GET", path)
        self.note(path, status, OK, took)


class Writer(Visitor):
    """An operator of one OPD; each saves cells of rows of their own OPD."""

    def __init__(self, *args: Any, token: str, cells: list[tuple[str, str]]) -> None:
        super().__init__(*args)
        self.token, self.cells = token, dict(cells)
        self.number = 0

    def act(self) -> None:
        self.number += 1
        if self.number % (CELLS_OF_FOUR + 1):
            self._save_cell()
        else:
            self._add_package()

    def _save_cell(self) -> None:
        name = self.chance.choice(list(self.cells))
        text = str(self.chance.randrange(10_000, 900_000))
        body = json.dumps({"cells": [{"name": name, "text": text, "base": self.cells[name]}]})
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        status, said, took = self.ask("POST", "/isian/sel/", body, **headers)
        if self.note("/isian/sel/", status, OK, took):
            cell = json.loads(said)["cells"][0]
            if cell["state"] != "saved":
                self.problems.append(f"/isian/sel/: {cell['state']}")
            self.cells[name] = cell["text"]

    def _add_package(self) -> None:
        status, page, _took = self.ask("GET", NEW_PACKAGE)
        if status != OK:
            self.problems.append(f"{NEW_PACKAGE}: {status}")
            return
        fields = {
            html.unescape(name): html.unescape(value)
            for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
        }
        number = time.time_ns() // 1000 % 10**7
        typed = {"name": f"Paket beban {number}", "kind": "goods", "method": "tender"}
        typed |= {"ceiling_rupiah": "900.000.000", "hps_rupiah": "850.000.000", "rup_code": f"9{number % 10**7:07d}"}
        body = urllib.parse.urlencode(fields | typed)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _said, took = self.ask("POST", NEW_PACKAGE, body, **headers)
        self.note(NEW_PACKAGE, status, FOUND, took)


NEW_PACKAGE = "/pengadaan/baru/"


def _signed_in(user: Any) -> tuple[str, str]:
    """(cookies, CSRF token) of a browser in which the person has signed in."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    token = _get_new_csrf_string()
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}", token


def _readers(portal: Portal, done: threading.Event) -> list[Reader]:
    """The governor's office on the dashboards, the others on the lists that each opens."""
    from accounts.models import User

    pages = dashboards.addresses()
    office = [path for paths in pages.values() for path in paths]
    of_role = {
        "gubernur": office,
        "auditor": ["/audit/pengadaan/", "/bendera/", "/petunjuk/", "/jejak/", "/pengadaan/"],
        "verifikator": ["/laporan/", "/laporan/nilai/", "/program/", "/dasbor/program/"],
        "operator": ["/", "/program/", "/pengadaan/", "/laporan/"],
        "kepala": ["/", "/laporan/", "/pernyataan/", "/pengadaan/"],
    }
    cookies = {name: _signed_in(User.objects.get(username=name))[0] for name in READER_NAMES}
    names = [READER_NAMES[number % len(READER_NAMES)] for number in range(READERS)]
    return [Reader(portal, cookies[name], seed, done, pages=of_role[name]) for seed, name in enumerate(names)]


def _writers(portal: Portal, done: threading.Event) -> list[Writer]:
    """Ten operators of ten OPD, made for it, each with fifty cells of months that are not sent yet."""
    from django.utils import timezone

    from accounts.models import Agency, Membership, User
    from core.choices import Role
    from programs.models import Progress
    from programs.reports.cell_entry import shown

    today = timezone.localdate()
    writers = []
    for number, agency in enumerate(Agency.objects.order_by("pk")[:WRITERS]):
        user, _made = User.objects.get_or_create(username=f"beban{number}", defaults={"full_name": f"Beban {number}"})
        Membership.objects.get_or_create(user=user, role=Role.OPERATOR, agency=agency)
        rows = Progress.objects.filter(
            report__program__agency=agency,
            report__program__name__startswith="Ukur ",
            report__program__fiscal_year=today.year,
            report__period__startswith__lte=today,
            report__state="draft",
        ).order_by("-report__period", "pk")[:50]
        cells = [(f"p{row.pk}-financial_rupiah", shown(row, "financial_rupiah")) for row in rows]
        if not cells:
            raise RuntimeError(f"{agency} has no open cells")
        cookie, token = _signed_in(User.objects.get(pk=user.pk))
        writers.append(Writer(portal, cookie, 1000 + number, done, token=token, cells=cells))
    return writers


def load() -> Iterator[Figure]:
    """95th percentiles in the server, and what failed, over ten minutes."""
    with dashboards.opened("dashboards") as portal:
        done = threading.Event()
        readers, writers = _readers(portal, done), _writers(portal, done)
        portal.start_web()
        portal.start_worker()
        portal.start_beat()
        visitors: list[Visitor] = [*readers, *writers]
        for visitor in visitors:
            visitor.start()
        time.sleep(WARM_UP)
        for visitor in visitors:
            visitor.times.clear()
        time.sleep(SECONDS)
        done.set()
        for visitor in visitors:
            visitor.join(60)
        problems = Counter(problem for visitor in visitors for problem in visitor.problems)
        for problem, count in problems.most_common(10):
            print(f"# {count} × {problem}", file=sys.stderr)
        acts = sum(visitor.acts for visitor in visitors)
        print(f"# {acts} acts in {SECONDS} s", file=sys.stderr)
        read = grid.p95([took for reader in readers for took in reader.times])
        write = grid.p95([took for writer in writers for took in writer.times])
        yield Figure("load_read_p95", read, "ms", f"limit_of_{LIMIT_READ_MS}_ms", read / LIMIT_READ_MS)
        yield Figure("load_write_p95", write, "ms", f"limit_of_{LIMIT_WRITE_MS}_ms", write / LIMIT_WRITE_MS)
        yield Figure("load_errors", problems.total(), "errors", "acts", problems.total() / max(1, acts))
