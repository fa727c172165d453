"""The whole portal (web, worker, beat, stand-in BPS) over a database of its own, for the browser and the outage tests."""

import json
import os
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kaltim_portal.embedded import Portal, Servers
from tests import embedded_stack
from tests.conftest import skip_or_fail

QUICK = {
    "PULL_RETRY_SECONDS": "0.2",
    "PULL_SWEEP_SECONDS": "2",
    "PULL_STUCK_SECONDS": "10",
    "BEAT_MAX_LOOP_SECONDS": "1",
    "OUTBOUND_TIMEOUT_SECONDS": "2",
    "LOG_LEVEL": "WARNING",
}


def started(home: Path, *, own_servers: bool) -> Iterator[Portal]:
    servers = embedded_stack.servers
    if servers is None or own_servers:
        servers = Servers(home, durable=False)
        servers.start()
    servers.create_database("portal_stack")
    portal = Portal(servers, database="portal_stack", redis_number=1, environment=QUICK)
    try:
        portal.start_stand_in()
        portal.prepare()
        portal.start_web()
        portal.start_worker()
        portal.start_beat()
        yield portal
    finally:
        portal.stop()
        if servers is not embedded_stack.servers:
            servers.stop()


def control(portal: Portal, **order: Any) -> None:
    """Tell the stand-in to misbehave: `fault="html"`, `revise={…}`."""
    request = urllib.request.Request(
        f"{portal.stand_in_address}/kendali", data=json.dumps(order).encode(), method="POST"
    )
    urllib.request.urlopen(request, timeout=5).close()


def until(what: Any, seconds: float = 30) -> Any:
    """Wait for `what()` to be true; its value. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.2)
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
