"""Pytest plugin, loaded before Django's settings: private PostgreSQL and Valkey for the tests, thrown away afterwards.

With DATABASE_URL and REDIS_URL set, the tests use those servers instead; what needs the private ones says so.
"""

import atexit
import os

from kaltim_portal.embedded import ROOT, Servers, only_one

HOME = ROOT / ".portal" / "test"
servers: Servers | None = None


def _start() -> None:
    global servers  # noqa: PLW0603 (one per test run, by design)
    lock = only_one(HOME)
    lock.__enter__()
    servers = Servers(HOME, durable=False)
    servers.start()
    atexit.register(lock.__exit__, None, None, None)
    atexit.register(servers.stop)
    os.environ["DATABASE_URL"] = servers.database_url()
    os.environ["REDIS_URL"] = servers.redis_url(0)


os.environ["PORTAL_ENV"] = "test"
# Playwright keeps an event loop in this thread; Django takes that for asynchronous code and refuses the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
(ROOT / ".portal" / "static").mkdir(
    parents=True, exist_ok=True
)  # where collected files would lie; tests use the sources
os.environ.setdefault("LOG_LEVEL", "ERROR")
if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
    _start()
