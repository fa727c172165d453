"""Databases of the tests, copied from templates: PostgreSQL copies in a second what migrations take half a minute to
make.

A template carries the hash of everything that it was made from, so it serves until one of those files changes; the next
run makes a new one and drops the old.
"""

import contextlib
import datetime as dt
import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from kaltim_portal.embedded import OWNER, ROOT, Servers

SCHEMA = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/choices.py", "core/*.py", "kaltim_portal/reference/*")
SCHEMA_TOO = (
    "core/*.sql",
    "core/management/commands/migrate.py",
    "kaltim_portal/embedded.py",
    "kaltim_portal/settings.py",
    "kaltim_portal/schedule.py",
    "kaltim_portal/management/commands/*.py",
    "uv.lock",
)
EVERYTHING = ("*/**/*.py", "*/**/*.sql", "kaltim_portal/reference/*", "uv.lock")
OF_THE_DATA = {"SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "FIELD_HASH_KEY"}
# Both in one process, as it takes seconds to start; and what migrating leaves behind, a hundred times all models, is
# let lie rather than searched for.
MIGRATE_AND_LOAD = """
import gc
gc.set_threshold(100_000, 50, 1000)
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("load_reference")
"""
NOT_PART_OF_THE_PORTAL = {"tests", "bench", "docs", "static", "templates"}


def fingerprint(*patterns: str, more: str = "") -> str:
    digest = hashlib.sha256(more.encode())
    files = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    for path in sorted(files):
        place = path.relative_to(ROOT)
        if place.parts[0] in NOT_PART_OF_THE_PORTAL or place.parts[0].startswith("."):
            continue
        digest.update(place.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


@contextlib.contextmanager
def one_at_a_time(servers: Servers, name: str) -> Iterator[None]:
    """Parallel workers of one run want the same template: one makes it, the others wait for it."""
    with (servers.home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def template(servers: Servers, of: str, key: str, make: Callable[[str], None], start: str = "template1") -> str:
    """The name of the template `of`; `make` fills its database, a copy of `start`, when there is none."""
    name = f"template_{of}_{key}"
    with one_at_a_time(servers, of), connected(servers) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"template\\_{of}\\_%"])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for old in [*there, f"unfinished_{of}"]:
                _drop(cursor, old)
            _create(cursor, f"unfinished_{of}", start)
            make(f"unfinished_{of}")
            cursor.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                    sql.Identifier(f"unfinished_{of}"), sql.Identifier(name)
                )
            )
    return name


def copy_again(servers: Servers, name: str, *, of: str) -> None:
    """The database `name` anew, as `of` is; whoever still speaks to either is cut off."""
    with one_at_a_time(servers, of), connected(servers) as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [of])
        _drop(cursor, name)
        _create(cursor, name, of)


class Snapshot:
    """The rows of a database as they are now, for tests that commit: a table that was written since is filled anew.

    Much quicker than another copy of the database, of which nearly all is as it was. Tables in `kept` stay as the tests
    leave them.
    """

    SCHEMA = "snapshot"

    def __init__(self, servers: Servers, name: str, kept: Iterable[str] = ()) -> None:
        self.connection = psycopg2.connect(servers.superuser_url(name))
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)::text[] FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'"
                " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                " AND a.attgenerated = '' WHERE c.relkind = 'r' AND NOT c.relname = ANY(%s) GROUP BY c.relname",
                [list(kept)],
            )
            self.columns: dict[str, list[str]] = dict(cursor.fetchall())
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(self.SCHEMA)))
            for table in self.columns:
                cursor.execute(
                    sql.SQL("CREATE UNLOGGED TABLE {} AS TABLE {}").format(self._copy(table), _public(table))
                )
        self.marks = self._marks(self.columns)

    def _copy(self, table: str) -> sql.Identifier:
        return sql.Identifier(self.SCHEMA, table)

    def _marks(self, tables: Iterable[str]) -> dict[str, tuple[int, int]]:
        """What tells of each table whether it was written: its rows, and the last transaction that wrote one."""
        mark = "SELECT {}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {}"
        parts = [sql.SQL(mark).format(sql.Literal(table), _public(table)) for table in tables]
        if not parts:
            return {}
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts))
            return {table: (count, last) for table, count, last in cursor.fetchall()}

    def restore(self) -> None:
        now = self._marks(self.columns)
        written = [table for table, mark in now.items() if mark != self.marks[table]]
        with self.connection, self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers: what was refused then stays
            for table in written:
                names = sql.SQL(", ").join(map(sql.Identifier, self.columns[table]))
                parts = {"table": _public(table), "copy": self._copy(table), "names": names}
                cursor.execute(sql.SQL("DELETE FROM {table}").format(**parts))
                fill = "INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM {copy}"
                cursor.execute(sql.SQL(fill).format(**parts))
        self.marks |= self._marks(written)

    def close(self) -> None:
        self.connection.close()


def _public(table: str) -> sql.Identifier:
    return sql.Identifier("public", table)


def bring_over(servers: Servers, template: str, to: Servers, name: str) -> None:
    """A fresh database `name` on other servers, with what is in `template`, and the keys that its data want."""
    to.secrets |= {key: value for key, value in servers.secrets.items() if key in OF_THE_DATA}
    with connected(to) as cursor:
        _drop(cursor, name)
    to.create_database(name)
    dump = [str(servers.postgres_bin / "pg_dump"), "-Fc", "-Z0", servers.superuser_url(template)]
    # Whoever copies the template meanwhile would cut the dump off.
    with one_at_a_time(servers, template), subprocess.Popen(dump, stdout=subprocess.PIPE) as dumping:
        restore = [str(servers.postgres_bin / "pg_restore"), "-d", to.superuser_url(name)]
        subprocess.run(restore, stdin=dumping.stdout, check=True)
    if dumping.returncode:
        raise RuntimeError(f"pg_dump of {template} ended with {dumping.returncode}")


@contextlib.contextmanager
def connected(servers: Servers, database: str = "postgres") -> Iterator[Any]:
    connection = psycopg2.connect(servers.superuser_url(database))
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        yield cursor


def _drop(cursor: Any, name: str) -> None:
    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(cursor: Any, name: str, template: str = "template1") -> None:
    cursor.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
            sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template)
        )
    )


def with_reference_data(servers: Servers, name: str) -> None:
    """What every test starts from: the schema and the reference data."""
    copy_again(servers, name, of=reference_template(servers))


def reference_template(servers: Servers) -> str:

    def make(database: str) -> None:
        urls = {"DATABASE_URL": servers.database_url(database), "DATABASE_OWNER_URL": servers.owner_url(database)}
        environment = os.environ | urls | {"PORTAL_ENV": "test", "DJANGO_SETTINGS_MODULE": "kaltim_portal.settings"}
        subprocess.run(
            [sys.executable, "-c", MIGRATE_AND_LOAD],
            check=True,
            cwd=ROOT,
            env=environment | {"DATABASE_STATEMENT_TIMEOUT_MS": "300000"},
        )

    return template(servers, "reference", fingerprint(*SCHEMA, *SCHEMA_TOO), make)


def demo_template(servers: Servers, prepare: Callable[[str], None], with_settings: dict[str, str]) -> str:
    """What a browser test starts from: the demo, as of today."""
    key = fingerprint(*EVERYTHING, more=f"{dt.datetime.now(dt.UTC):%Y-%m-%d %p} {with_settings}")
    return template(servers, "demo", key, prepare, start=reference_template(servers))


def worker() -> str:
    """`gw0`, `gw1` … in a parallel run, else empty."""
    return os.environ.get("PYTEST_XDIST_WORKER", "")


def number_of_worker() -> int:
    return int(worker().removeprefix("gw") or 0)


def home_of(name: str) -> Path:
    """A folder of this worker's own."""
    return ROOT / ".portal" / "-".join(part for part in (name, worker()) if part)
