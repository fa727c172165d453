"""The private servers survive what happens to a laptop: a killed supervisor, a killed PostgreSQL, a second start."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from kaltim_portal.embedded import ROOT, Servers, StartError, free_port, only_one


@pytest.fixture
def home() -> Iterator[Path]:
    path = ROOT / ".portal" / f"test-embedded-{uuid.uuid4().hex[:8]}"  # what an earlier test killed may still be there
    yield path
    servers = Servers(path)
    shutil.rmtree(path)
    if servers.base != path:
        shutil.rmtree(servers.base)


def ask(servers: Servers, *queries: str) -> object:
    connection = psycopg2.connect(servers.owner_url())
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            for query in queries:
                cursor.execute(query)
            return cursor.fetchone()[0]  # type: ignore[index]
    finally:
        connection.close()


CODE = """
from pathlib import Path
import sys, time
from kaltim_portal.embedded import Servers
Servers(Path(sys.argv[1])).start()
print("ready", flush=True)
time.sleep(600)
"""


def test_data_outlive_a_killed_supervisor_and_a_killed_server(home: Path) -> None:
    supervisor = subprocess.Popen([sys.executable, "-c", CODE, str(home)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "ready\n"
    supervisor.kill()
    supervisor.wait()
    servers = Servers(home)
    servers.start()
    try:
        assert ask(servers, "CREATE TABLE kept AS SELECT 42 AS n", "SELECT n FROM kept") == 42
        os.kill(servers.processes["postgres"].pid, signal.SIGKILL)
        servers.processes["postgres"].wait()
        servers.start_postgres()
        assert ask(servers, "SELECT n FROM kept") == 42
        assert ask(servers, "SELECT bool_or(rolsuper) FROM pg_roles WHERE rolname LIKE 'portal%'") is False
    finally:
        servers.stop()
    assert (home / "secrets.json").stat().st_mode & 0o077 == 0


def test_a_portal_of_one_role_is_handed_over_to_the_owner(home: Path) -> None:
    servers = Servers(home)
    servers.start()
    try:
        before = ("DROP DATABASE portal", "ALTER ROLE portal CREATEDB", "CREATE DATABASE portal OWNER portal")
        with contextlib.closing(psycopg2.connect(servers.superuser_url("postgres"))) as opened:
            opened.autocommit = True
            with opened.cursor() as cursor:
                for statement in before:
                    cursor.execute(statement)
        with contextlib.closing(psycopg2.connect(servers.database_url())) as opened, opened, opened.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 42 AS n")
        servers.create_database("portal")
        assert ask(servers, "SELECT tableowner FROM pg_tables WHERE tablename = 'kept'") == "portal_owner"
        assert ask(servers, "SELECT rolcreatedb FROM pg_roles WHERE rolname = 'portal'") is False
    finally:
        servers.stop()


def test_two_portals_do_not_share_a_directory(tmp_path: Path) -> None:
    with only_one(tmp_path), pytest.raises(StartError, match="already running"), only_one(tmp_path):
        pass


def test_a_taken_port_is_replaced_by_a_free_one() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert free_port(taken.getsockname()[1]) != taken.getsockname()[1]


def test_processes_that_look_at_once_leave_each_others_probe_alone(home: Path) -> None:
    """What test workers do at their start."""
    Servers(home)
    look = f"from pathlib import Path; from kaltim_portal.embedded import Servers; home = Path({str(home)!r})"
    look += "\nfor _turn in range(40): Servers(home)"
    both = [subprocess.Popen([sys.executable, "-c", look], cwd=ROOT) for _process in range(2)]
    assert [process.wait() for process in both] == [0, 0]
