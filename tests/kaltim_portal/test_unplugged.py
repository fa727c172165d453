"""Parts unplugged while the whole portal runs: a clear message, nothing lost, recovery without a restart."""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests

from core.form_keys import new_key
from kaltim_portal.demo_data.people import DEMO_PASSWORD
from kaltim_portal.embedded import Portal, revive
from tests.stack import QUICK, control, started, until

pytestmark = pytest.mark.stack
MANY = 200  # series due at once: more than the workers pull between two sweeps, many times over


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    yield from started("test-unplugged", own_servers=True)


class Person:
    """A browser without a browser: cookies, forms, the CSRF token."""

    def __init__(self, portal: Portal, username: str) -> None:
        self.portal = portal
        self.session = requests.Session()
        self.session.trust_env = False
        self.get("/masuk/")
        self.post("/masuk/", login=username, password=DEMO_PASSWORD)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.portal.address + path, timeout=40, headers=headers)

    def post(self, path: str, **data: Any) -> requests.Response:
        data |= {"csrfmiddlewaretoken": self.session.cookies["csrftoken"], "form_key": new_key()}
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


def supervised(portal: Portal) -> bool:
    """What every installation has: Celery sometimes ends when its broker goes away in mid-acknowledgement (kombu)."""
    revive(portal)
    return True


def is_done_under_a_supervisor(portal: Portal, pull: int) -> bool:
    return supervised(portal) and state_of(portal, pull) == "done"


def figures(portal: Portal) -> Any:
    return sql(portal, "SELECT count(*), sum(value) FROM datasources_observation WHERE superseded_at IS NULL")


def test_it_sweeps_as_often_as_the_tests_want(portal: Portal) -> None:
    """Else each of those that wait for a sweep waits a minute."""
    every = sql(
        portal,
        "SELECT every FROM django_celery_beat_periodictask task"
        " JOIN django_celery_beat_intervalschedule rhythm ON rhythm.id = task.interval_id"
        " WHERE task.name = 'sweep-queued-pulls'",
    )
    assert every[0] == int(QUICK["PULL_SWEEP_SECONDS"])


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
        assert steward.get("/sehat/").json() == {"database": "ok", "cache": "away", "files": "ok"}
        pull = pull_now(steward, 2)
        assert "antre" in steward.get(f"/acuan/tarikan/{pull}/").text
        assert Person(portal, "gubernur").get("/dasbor/").status_code == 200
    finally:
        portal.servers.start_valkey(portal.servers.valkey_port)
    # Nobody asks again: beat's sweep hands the waiting pull over once the worker has its queue back.
    until(lambda: supervised(portal) and state_of(portal, pull) == "done", 120)


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
    assert fields.pop("form_key")  # sent again, it is still the same form
    assert fields == typed
    until(lambda: operator.get("/sehat/").status_code == 200)
    saved = operator.post("/pengadaan/baru/", **fields)
    assert saved.status_code == 200
    assert sql(portal, "SELECT count(*) FROM procurement_package WHERE rup_code = '69990001'")[0] == 1
    pull = pull_now(Person(portal, "walidata"), 3)
    until(lambda: supervised(portal) and state_of(portal, pull) == "done", 90)  # the worker too has a new connection


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
    until(lambda: state_of(portal, pull) == "done", 60)  # the sweep finds what the dead worker left behind
    assert figures(portal) == before


def versions_of(portal: Portal, series: int) -> int:
    return int(sql(portal, f"SELECT count(*) FROM datasources_observation WHERE series_id = {series}")[0])


def test_a_revision_pulled_by_two_workers_is_one_version(portal: Portal) -> None:
    """Two pulls of one series run at once on two worker processes; the source has revised one figure."""
    before = versions_of(portal, 5)
    last = time.localtime().tm_year - 1
    # Another figure in every run: the database of this test lives longer than the stand-in.
    control(portal, revise={"905": {f"6402/{last}": round(60 + time.time() % 10, 2)}})
    connection = psycopg2.connect(portal.servers.superuser_url(portal.database))
    with connection, connection.cursor() as cursor:  # two running pulls, as after a lost worker: both are handed over
        cursor.execute(
            "INSERT INTO datasources_pull (series_id, state, is_trial, requested_at, started_at, attempts, "
            "progress, problem,"
            " notes, preview, added, revised, unchanged, missing)"
            " SELECT 5, 'running', false, now() - interval '1 hour', now() - interval '1 hour', 0, '', '', '[]', "
            "'{}', 0, 0, 0, 0"
            " FROM generate_series(1, 2) RETURNING id"
        )
        pulls = [row[0] for row in cursor.fetchall()]
    connection.close()
    for pull in pulls:
        until(partial(is_done_under_a_supervisor, portal, pull), 150)
    assert versions_of(portal, 5) == before + 1
    revised = sql(portal, f"SELECT sum(revised) FROM datasources_pull WHERE id IN ({pulls[0]}, {pulls[1]})")
    assert revised[0] == 1


def test_hundreds_of_series_due_at_once(portal: Portal) -> None:
    """All are pulled, each once; nothing is queued twice by the sweeps that run meanwhile."""
    connection = psycopg2.connect(portal.servers.superuser_url(portal.database))
    connection.autocommit = True
    of_many = "series_id IN (SELECT id FROM datasources_series WHERE name LIKE 'Banyak %')"
    with connection.cursor() as cursor:
        for table in ("observation", "pull_payloads", "pull", "payload", "series"):
            where = {
                "series": "name LIKE 'Banyak %'",
                "pull_payloads": f"pull_id IN (SELECT id FROM datasources_pull WHERE {of_many})",
            }
            cursor.execute(f"DELETE FROM datasources_{table} WHERE {where.get(table, of_many)}")
        cursor.execute(
            "INSERT INTO datasources_series (source_id, query, name, unit, source_unit, factor, code_system, "
            "years_back,"
            " interval, stale_after, is_active, is_population, hold_reason,"
            " worst_side)"
            " SELECT 1, jsonb_build_object('model', 'data', 'domain', '6400', 'variable', '903', 'n', n), 'Banyak "
            "' || n,"
            " 'Persen', '', 1, 'bps', 2, '1 day', '7 days', true, false, '', '' FROM generate_series(1, %s) n",
            [MANY],
        )
        cursor.execute(
            "UPDATE django_celery_beat_periodictask SET last_run_at = NULL, interval_id ="
            " (SELECT interval_id FROM django_celery_beat_periodictask WHERE name = 'sweep-queued-pulls')"
            " WHERE name = 'pull-due-series'"
        )
        cursor.execute("UPDATE django_celery_beat_periodictasks SET last_update = now()")
    connection.close()
    until(
        lambda: sql(portal, f"SELECT count(*) FROM datasources_pull WHERE state = 'done' AND {of_many}")[0] >= MANY, 120
    )
    assert sql(portal, f"SELECT count(*) FROM datasources_pull WHERE {of_many}")[0] == MANY
    assert sql(portal, f"SELECT count(*) FROM datasources_observation WHERE {of_many}")[0] == MANY * 22


def test_logs_hold_no_key(portal: Portal) -> None:
    logs = [path.read_text(errors="replace") for path in Path(portal.servers.home).glob("*.log")]
    assert logs
    assert not [text for text in logs if "kunci-contoh" in text]


@pytest.mark.parametrize("name", ["postgres", "valkey", "web", "worker", "beat", "stand-in"])
def test_the_supervisor_brings_back_what_was_killed(name: str, portal: Portal) -> None:
    """`kill -9` of each part that the demo starts: it stands again, and the others have found it again."""
    before = (portal.servers.postgres_port, portal.servers.valkey_port)
    running = portal.servers.processes | portal.processes
    running[name].kill()
    running[name].wait(10)
    until(lambda: revive(portal) == [] and portal_answers(portal), 90)
    now = portal.servers.processes | portal.processes
    assert all(process.poll() is None for process in now.values())
    assert now[name].pid != running[name].pid
    assert (portal.servers.postgres_port, portal.servers.valkey_port) == before
    steward = signed_in_again(portal)
    pull = pull_now(steward, 3)
    until(lambda: supervised(portal) and state_of(portal, pull) == "done", 120)


def signed_in_again(portal: Portal, tries: int = 10) -> Person:
    """The workers of a web server that was killed answer a little longer than it, and then break off."""
    for _try in range(tries):
        try:
            return Person(portal, "walidata")
        except requests.ConnectionError:
            time.sleep(1)
    return Person(portal, "walidata")


def portal_answers(portal: Portal) -> bool:
    try:
        answer = requests.get(portal.address + "/sehat/", timeout=5)
    except requests.RequestException:
        return False
    return answer.json() == {"database": "ok", "cache": "ok", "files": "ok"}
