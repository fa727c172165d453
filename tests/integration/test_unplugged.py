"""Parts unplugged while the whole portal runs: a clear message, nothing lost, recovery without a restart."""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests

from kaltim_portal.demo_data.people import DEMO_PASSWORD
from kaltim_portal.embedded import ROOT, Portal
from tests.stack import control, started, until

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    yield from started(ROOT / ".portal" / "test-unplugged", own_servers=True)


class Person:
    """A browser without a browser: cookies, forms, the CSRF token."""

    def __init__(self, portal: Portal, username: str) -> None:
        self.portal = portal
        self.session = requests.Session()
        self.session.trust_env = False
        self.get("/masuk/")
        self.post("/masuk/", username=username, password=DEMO_PASSWORD)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.portal.address + path, timeout=40, headers=headers)

    def post(self, path: str, **data: Any) -> requests.Response:
        data["csrfmiddlewaretoken"] = self.session.cookies["csrftoken"]
        return self.session.post(self.portal.address + path, data=data, timeout=40)


def sql(portal: Portal, query: str) -> Any:
    connection = psycopg2.connect(portal.servers.superuser_url(portal.database))
    try:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()
    finally:
        connection.close()


def pull_now(steward: Person, series: int = 1) -> int:
    answer = steward.post(f"/acuan/seri/{series}/tarik/")
    found = re.search(r"/acuan/tarikan/(\d+)/", answer.url)
    assert found, answer.url
    return int(found[1])


def state_of(portal: Portal, pull: int) -> str:
    return str(sql(portal, f"SELECT state FROM datasources_pull WHERE id = {pull}")[0])


def figures(portal: Portal) -> Any:
    return sql(portal, "SELECT count(*), sum(value) FROM datasources_observation WHERE superseded_at IS NULL")


@pytest.mark.parametrize(
    ("fault", "words"),
    [("unavailable", "tidak menjawab"), ("html", "HTML"), ("slow", "tidak menjawab"), ("truncated", "JSON")],
)
def test_bps_down_slow_or_answering_html(fault: str, words: str, portal: Portal) -> None:
    steward = Person(portal, "walidata")
    before = figures(portal)
    control(portal, fault=fault)
    try:
        pull = pull_now(steward)
        until(lambda: state_of(portal, pull) == "failed", 60)
        assert words in steward.get(f"/acuan/tarikan/{pull}/").text
        assert figures(portal) == before
        assert steward.get("/acuan/seri/1/").status_code == 200
    finally:
        control(portal, fault="none")
    again = pull_now(steward)
    until(lambda: state_of(portal, again) == "done")
    assert figures(portal) == before


def test_valkey_stopped(portal: Portal) -> None:
    steward = Person(portal, "walidata")
    portal.servers.stop_one("valkey")
    try:
        assert steward.get("/acuan/").status_code == 200
        assert steward.get("/sehat/").json() == {"database": "ok", "cache": "away"}
        pull = pull_now(steward, 2)
        assert "antre" in steward.get(f"/acuan/tarikan/{pull}/").text
        assert Person(portal, "gubernur").get("/dasbor/").status_code == 200
    finally:
        portal.servers.start_valkey(portal.servers.valkey_port)
    # Nobody asks again: beat's sweep hands the waiting pull over once the worker has its queue back.
    until(lambda: state_of(portal, pull) == "done", 120)


def test_database_restarted_in_the_middle_of_a_request(portal: Portal) -> None:
    operator = Person(portal, "operator")
    form = operator.get("/pengadaan/baru/")
    assert form.status_code == 200
    typed = {
        "rup_code": "69990001",
        "name": "Paket yang tidak boleh hilang",
        "kind": "goods",
        "method": "tender",
        "ceiling_rupiah": "1.000.000",
        "hps_rupiah": "900.000",
    }
    blocker = psycopg2.connect(portal.servers.superuser_url(portal.database))
    with blocker.cursor() as cursor:
        cursor.execute("LOCK TABLE procurement_package IN ACCESS EXCLUSIVE MODE")
    answers: list[requests.Response] = []
    sending = threading.Thread(target=lambda: answers.append(operator.post("/pengadaan/baru/", **typed)))
    sending.start()
    time.sleep(1)  # the request now waits inside PostgreSQL
    portal.servers.stop_one("postgres", signal.SIGINT)
    sending.join(60)
    blocker.close()
    lost = answers[0]
    try:
        assert lost.status_code == 503
        assert "Basis data sedang tidak menjawab" in lost.text
        assert "Paket yang tidak boleh hilang" in lost.text
        assert "Kirim lagi" in lost.text
        assert operator.get("/program/").status_code == 503
        assert operator.get("/sehat/").status_code == 503
    finally:
        portal.servers.start_postgres()
    fields = dict(re.findall(r'<textarea hidden name="([^"]+)">\n([^<]*)</textarea>', lost.text))
    assert fields == typed
    until(lambda: operator.get("/sehat/").status_code == 200)
    saved = operator.post("/pengadaan/baru/", **fields)
    assert saved.status_code == 200
    assert sql(portal, "SELECT count(*) FROM procurement_package WHERE rup_code = '69990001'")[0] == 1
    pull = pull_now(Person(portal, "walidata"), 3)
    until(lambda: state_of(portal, pull) == "done", 90)  # the worker too has a new connection


def test_worker_killed_in_the_middle_of_a_pull(portal: Portal) -> None:
    steward = Person(portal, "walidata")
    before = figures(portal)
    control(portal, fault="slow")
    pull = pull_now(steward, 4)
    until(lambda: state_of(portal, pull) == "running")
    os.killpg(portal.processes["worker"].pid, signal.SIGKILL)
    portal.processes["worker"].wait()
    control(portal, fault="none")
    portal.start_worker()
    other = pull_now(steward, 4)
    until(lambda: state_of(portal, other) == "done", 60)
    assert figures(portal) == before


def test_logs_hold_no_key(portal: Portal) -> None:
    logs = [path.read_text(errors="replace") for path in Path(portal.servers.home).glob("*.log")]
    assert logs
    assert not [text for text in logs if "kunci-contoh" in text]
