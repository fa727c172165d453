"""Pytest plugin, loaded before Django's settings: private PostgreSQL and Valkey for the tests.

With DATABASE_URL and REDIS_URL set, the tests use those servers instead; what needs the private ones says so. In a
parallel run the first process starts the servers and its workers use them, each with a database and a Valkey number of
its own.
"""

import atexit
import os

from kaltim_portal.embedded import ROOT, Servers, only_one
from tests.databases import number_of_worker, worker

HOME = ROOT / ".portal" / "test"
STARTED = "PORTAL_TESTS_STARTED_SERVERS"
servers: Servers | None = None


def _start() -> None:
    global servers  # noqa: PLW0603 (one per test run, by design)
    lock = only_one(HOME)
    lock.__enter__()
    servers = Servers(HOME, durable=False)
    servers.start()
    atexit.register(lock.__exit__, None, None, None)
    atexit.register(servers.stop)
    os.environ[STARTED] = "yes"
    _use(servers)


def _use(running: Servers) -> None:
    os.environ["DATABASE_URL"] = running.database_url()
    os.environ["DATABASE_OWNER_URL"] = running.owner_url()
    os.environ["REDIS_URL"] = running.redis_url(2 * number_of_worker())


os.environ["PORTAL_ENV"] = "test"
# Playwright keeps an event loop in this thread; Django takes that for asynchronous code and refuses the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
(ROOT / ".portal" / "static").mkdir(
    parents=True, exist_ok=True
)  # where collected files would lie; tests use the sources
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("BACK_TEST_YEARS", "12")  # how good the forecasts are is asked by their own tests
if worker() and os.environ.get(STARTED):
    servers = Servers.running(HOME)
    _use(servers)
elif not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    _start()
