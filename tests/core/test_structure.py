"""What the database's rules say is on record; whoever changes them past the migrations is told of."""

import pytest
from django.core.management import call_command
from django.db import connection

from core import structure
from core.models import AuditEvent, StructurePart

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_owner")]


def test_what_the_migrations_left_is_on_record() -> None:
    assert structure.findings() == []
    assert {"core_auditevent", "accounts_holder", "accounts_is_concerned(bigint,bigint,bigint[])"} <= set(
        StructurePart.objects.values_list("name", flat=True)
    )


def test_what_was_changed_is_named_until_it_is_on_record_again() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        cursor.execute("ALTER TABLE core_region ADD COLUMN mine int")
    assert structure.differing() == ["core_region", "mine()"]
    structure.record()
    assert structure.differing() == []


def test_migrating_tells_of_what_it_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """It goes on record with the new migrations; that nobody's migration made it stays in the trail."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    monkeypatch.setattr("django.conf.settings.DATABASE_OWNER", {})  # in this test's own transaction
    call_command("migrate", verbosity=0)
    assert AuditEvent.objects.get(action="structure.differed").details == {"parts": "mine()"}
    assert "mine()" in capsys.readouterr().err
    assert structure.differing() == []
    call_command("migrate", verbosity=0)
    assert AuditEvent.objects.filter(action="structure.differed").count() == 1
