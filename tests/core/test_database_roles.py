"""The portal's own role owns nothing: what it is refused, what the owner and the superuser could do, and what is
covered by itself."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from core import database_roles
from core.importing import staging
from tests import embedded_stack
from tests.conftest import skip_or_fail

pytestmark = pytest.mark.django_db

REFUSED = [
    "TRUNCATE core_auditevent, core_chainblock, core_chainentry CASCADE",
    "TRUNCATE procurement_declaration CASCADE",
    "ALTER TABLE core_auditevent DISABLE TRIGGER USER",
    "ALTER TABLE procurement_decision DISABLE TRIGGER ALL",
    "ALTER TABLE core_auditevent RENAME TO other",
    "DROP TABLE core_chainentry",
    "CREATE TRIGGER mine BEFORE INSERT ON core_auditevent FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger()",
    "SET session_replication_role = replica",
    "UPDATE core_auditevent SET reason = 'x'",
    "DELETE FROM core_auditevent",
    "UPDATE core_chainblock SET hash = 'x'",
    "DELETE FROM core_chainentry",
    "UPDATE procurement_declarationevent SET has_interest = true",
    "DELETE FROM accounts_membershipevent",
    "UPDATE procurement_decision SET reason = 'x'",
    "DELETE FROM procurement_gateoverride",
    "CREATE TABLE public.mine (x int)",
    "CREATE SCHEMA mine",
    (
        "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean"
        " LANGUAGE sql AS 'SELECT true'"
    ),
    "DROP SCHEMA staging CASCADE",
    "SELECT setval(pg_get_serial_sequence('core_chainblock', 'id'), 1)",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999', now())",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SET ROLE portal_owner",
    "ALTER ROLE portal SUPERUSER",
]


@pytest.fixture
def own_role() -> Iterator[psycopg2.extensions.cursor]:
    """As somebody with DATABASE_URL and psql."""
    if not settings.DATABASE_OWNER:
        skip_or_fail("the tests run with one role; DATABASE_OWNER_URL names the other")
    opened = psycopg2.connect(**{k: v for k, v in connection.get_connection_params().items() if "cursor" not in k})
    opened.autocommit = True
    with opened.cursor() as cursor:
        yield cursor
    opened.close()


@pytest.mark.parametrize("statement", REFUSED)
def test_the_portals_role_is_refused(own_role: psycopg2.extensions.cursor, statement: str) -> None:
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        own_role.execute(statement)


def test_the_portals_role_owns_nothing(own_role: psycopg2.extensions.cursor) -> None:
    assert database_roles.excess_rights() == []
    own_role.execute(
        "SELECT (SELECT count(*) FROM pg_class WHERE relowner = r.oid AND relnamespace = 'public'::regnamespace),"
        " (SELECT count(*) FROM pg_proc WHERE proowner = r.oid), rolsuper, rolcreatedb, rolcreaterole"
        " FROM pg_roles r WHERE rolname = current_user"
    )
    assert own_role.fetchone() == (0, 0, False, False, False)


def test_the_suite_runs_as_the_portals_role(own_role: psycopg2.extensions.cursor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == (settings.DATABASE_ROLE, settings.DATABASE_ROLE)


def test_what_is_only_added_to(own_role: psycopg2.extensions.cursor) -> None:
    """Found by the triggers, so that a new history is among them without a list."""
    tables = set(database_roles.append_only_tables())
    assert {"core_auditevent", "core_chainblock", "core_chainentry", "procurement_decision"} <= tables
    own_role.execute("SELECT relname FROM pg_class WHERE relname LIKE '%%event' AND relkind = 'r'")
    events = {name for (name,) in own_role.fetchall() if name.startswith(("accounts", "procurement", "programs"))}
    assert len(events) > 20 and events <= tables
    assert "procurement_package" not in tables


def test_no_session_skips_triggers(own_role: psycopg2.extensions.cursor) -> None:
    """django-pgtrigger lets every session name triggers to skip; a temporary view could stand before a real one."""
    own_role.execute("SET pgtrigger.ignore = '{declared_before_gate}'")
    own_role.execute("SELECT public._pgtrigger_should_ignore('declared_before_gate')")
    assert own_role.fetchone() == (False,)
    own_role.execute(
        "SELECT proname FROM pg_proc WHERE prorettype = 'trigger'::regtype AND pronamespace = 'public'::regnamespace"
        " AND NOT coalesce(proconfig @> ARRAY['search_path=public, pg_temp'], false)"
    )
    assert own_role.fetchall() == []


def test_new_tables_are_covered() -> None:
    """At once by default privileges, and whatever stands in them by the next migrate."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_default_acl")
        assert cursor.fetchone()[0] >= 2
    assert staging.SCHEMA == "staging"


@pytest.mark.parametrize("options", [["--plan"], ["--check"]])
def test_looking_at_migrations_changes_nothing(options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    settled: list[bool] = []
    monkeypatch.setattr(database_roles, "settle", lambda: settled.append(True))
    monkeypatch.setattr(settings, "DATABASE_OWNER", {})
    call_command("migrate", *options, verbosity=0)
    assert settled == []


def test_the_owner_could_do_it_and_the_superuser_too() -> None:
    """What the roles don't keep from them the chain shows: tests/evidence/test_tampering.py."""
    if embedded_stack.servers is None:
        skip_or_fail("needs the private servers")
    assert embedded_stack.servers is not None
    name = connection.settings_dict["NAME"]
    for url in (embedded_stack.servers.owner_url(name), embedded_stack.servers.superuser_url(name)):
        opened = psycopg2.connect(url)
        with opened.cursor() as cursor:
            cursor.execute("ALTER TABLE core_auditevent DISABLE TRIGGER USER; TRUNCATE core_auditevent")
        opened.rollback()
        opened.close()
