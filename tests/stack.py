"""The whole portal (web, worker, beat, stand-in BPS) over a database of its own, for the browser and the outage
tests."""

import contextlib
import json
import os
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from kaltim_portal.embedded import Portal, Servers, StartError
from tests import databases, embedded_stack
from tests.conftest import skip_or_fail
from tests.databases import home_of, number_of_worker, worker

QUICK = {
    "PULL_RETRY_SECONDS": "0.2",
    "PULL_SWEEP_SECONDS": "2",
    "PULL_STUCK_SECONDS": "10",
    "BEAT_MAX_LOOP_SECONDS": "1",
    "OUTBOUND_TIMEOUT_SECONDS": "2",
    "LOG_LEVEL": "WARNING",
    "QUICK_PASSWORDS": "true",
    "CHAIN_HEAD_FOLDER": "",  # it would outlive the database of one run
}


RUNNING: list[Portal] = []  # over the servers that all tests share


def stop_what_nobody_uses() -> None:
    """After a worker's last test of the whole portal: its worker and beat would go on looking for work."""
    while RUNNING:
        RUNNING.pop().stop()


def started(name: str, *, own_servers: bool) -> Iterator[Portal]:
    """The portal over a copy of the demo's data; on `own_servers` when the test will stop or kill them."""
    servers = embedded_stack.servers
    if servers is None or own_servers:
        servers = Servers(home_of(name), durable=False)
        servers.start()
    is_shared = servers is embedded_stack.servers
    database = "_".join(part for part in ("portal_stack", worker()) if part)
    number = 2 * number_of_worker() + 1 if is_shared else 1
    portal = Portal(servers, database=database, redis_number=number, environment=QUICK)
    try:
        portal.start_sso()
        _start_stand_in(portal)
        _fill(portal, database)
        portal.prepare()
        portal.wait_for_sso()
        portal.start_web()
        portal.start_worker()
        portal.start_beat()
        if is_shared:
            RUNNING.append(portal)
        yield portal
    finally:
        portal.stop()
        if not is_shared:
            servers.stop()


def _fill(portal: Portal, database: str) -> None:
    """The demo's data, copied: over servers of its own from the ones that all tests share, where those are ours."""
    shared = embedded_stack.servers
    if shared is None:
        portal.servers.create_database(database)
        return
    demo = demo_template(shared)
    if portal.servers is shared:
        databases.copy_again(shared, database, of=demo)
        return
    databases.bring_over(shared, demo, portal.servers, database)


def _start_stand_in(portal: Portal) -> None:
    """Its keys lie beside the servers: two that start at once over the same ones would each make their own."""
    with databases.one_at_a_time(portal.servers, "authority"):
        portal.start_stand_in()


def demo_template(servers: Servers) -> str:
    return databases.demo_template(servers, lambda made: _prepare(servers, made), QUICK)


def make_templates_meanwhile() -> None:
    """Begin with both templates at once, while the workers of a parallel run start and look for their tests.

    Whatever goes wrong here goes wrong again, and is told, for the first test that wants one.
    """
    shared = embedded_stack.servers
    if shared is None:
        return

    def make() -> None:
        with contextlib.suppress(subprocess.CalledProcessError, psycopg2.Error, StartError):
            demo_template(shared)

    threading.Thread(target=make, name="templates", daemon=True).start()


def _prepare(servers: Servers, database: str) -> None:
    """Fill the template; addresses in it lead to a stand-in that is gone then, so each copy is prepared once more."""
    number = 2 * number_of_worker() + 1
    portal = Portal(servers, database=database, redis_number=number, environment=QUICK)
    _forget_the_schedule(servers, database)
    try:
        _start_stand_in(portal)
        portal.prepare()
    finally:
        portal.stop()


def _forget_the_schedule(servers: Servers, database: str) -> None:
    """What the reference data began with is every minute; preparing writes it anew, as `QUICK` has it."""
    with databases.connected(servers, database) as cursor:
        cursor.execute("DELETE FROM django_celery_beat_periodictask")


def control(portal: Portal, **order: Any) -> None:
    """Tell the stand-in to misbehave: `fault="html"`, `revise={…}`."""
    request = urllib.request.Request(
        f"{portal.stand_in_address}/kendali", data=json.dumps(order).encode(), method="POST"
    )
    urllib.request.urlopen(request, timeout=5).close()


def until(what: Any, seconds: float = 30) -> Any:
    """Wait for `what()` to be true; its value. Fails after `seconds`."""
    deadline, pause = time.monotonic() + seconds, 0.05
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(pause)
        pause = min(1.5 * pause, 0.5)  # what takes long is asked for less often: the question costs the others time
    pytest.fail("waited in vain")


def browser_path() -> str:
    from tests.find_browser import find

    path = find()
    if path is None:
        skip_or_fail("no browser found; `python -m tests.find_browser` says how to get one")
    return str(path)


def screenshots() -> Path | None:
    folder = os.environ.get("PORTAL_SCREENSHOTS")
    return Path(folder) if folder else None
