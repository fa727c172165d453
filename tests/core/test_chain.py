"""Nobody changes evidence in SQL without being told."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core import chain, database_roles
from core.models import AuditEvent
from procurement.models import Contract, Decision, Declaration, Package
from tests import factories
from tests.conftest import skip_or_fail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_owner")]


@pytest.fixture(autouse=True)
def _by_the_portal() -> Iterator[None]:
    """Whatever the portal writes says who did it."""
    with pghistory.context(task="test"):
        yield


@pytest.fixture
def evidence() -> Contract:
    package = factories.cleared_package()
    factories.cleared_package()
    return Contract.objects.create(
        package=package,
        supplier=factories.supplier(),
        number="1/KTR",
        signed_on="2026-05-01",
        value_rupiah=10,
        entered_by=factories.UserFactory(),
    )


@contextmanager
def behind_the_back() -> Iterator[None]:
    """As somebody with the owner's password does it: no trigger runs."""
    tables = ["core_auditevent", "core_chainblock", "core_chainentry", "procurement_decision"]
    for table in ("contract", "declaration"):
        tables += [f"procurement_{table}", f"procurement_{table}event"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> set[tuple[str, int | None]]:
    return {(finding.table, finding.row) for finding in chain.verify().findings}


def test_clean_before_and_after_sealing(evidence: Contract) -> None:
    assert found() == {("core_chainblock", None)}, "nothing was sealed yet"
    block = chain.seal()
    assert block is not None and block.number == 1
    assert found() == set()
    other = Package.objects.exclude(pk=evidence.package_id).get()
    Contract.objects.create(
        package=other,
        supplier=evidence.supplier,
        number="2/KTR",
        signed_on="2026-05-02",
        value_rupiah=9,
        entered_by=evidence.entered_by,
    )
    assert (second := chain.seal()) is not None and second.previous == block.hash
    assert found() == set()
    chain.seal()  # the seals' own trail
    assert chain.verify().unsealed == 1, "the newest seal's own event"


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_row_changed_in_sql(evidence: Contract, is_sealed: bool) -> None:
    if is_sealed:
        chain.seal()
    decision = Decision.objects.first()
    assert decision is not None
    with behind_the_back():
        sql("UPDATE procurement_decision SET reason = 'lain' WHERE id = %s", decision.pk)
        sql("UPDATE procurement_contract SET value_rupiah = 99 WHERE id = %s", evidence.pk)
    no_seal = set() if is_sealed else {("core_chainblock", None)}
    assert found() == {("procurement_decision", decision.pk), ("procurement_contract", evidence.pk)} | no_seal
    out = io.StringIO()
    with pytest.raises(SystemExit) as exit_code:
        call_command("verify_chain", stdout=out)
    assert exit_code.value.code == 1
    assert f"procurement_decision {decision.pk}:" in out.getvalue()


@pytest.mark.parametrize("is_sealed", [True, False])
def test_a_row_removed_in_sql(evidence: Contract, is_sealed: bool) -> None:
    if is_sealed:
        chain.seal()
    with behind_the_back():
        sql("DELETE FROM procurement_contract WHERE id = %s", evidence.pk)
    assert ("procurement_contract", evidence.pk) in found()


def test_a_row_and_its_history_changed_together(evidence: Contract) -> None:
    chain.seal()
    declaration = Declaration.objects.first()
    assert declaration is not None
    with behind_the_back():
        sql("UPDATE procurement_declaration SET has_interest = true WHERE id = %s", declaration.pk)
        sql("UPDATE procurement_declarationevent SET has_interest = true WHERE pgh_obj_id = %s", declaration.pk)
    assert ("procurement_declaration", declaration.pk) in found()


def test_the_trail_itself(evidence: Contract) -> None:
    factories.UserFactory()
    event = AuditEvent.objects.create(action="x.done")
    chain.seal()
    with behind_the_back():
        sql("DELETE FROM core_auditevent WHERE id = %s", event.pk)
    assert ("core_auditevent", event.pk) in found()


def test_whoever_recomputes_the_digests_does_not_have_the_key(evidence: Contract) -> None:
    chain.seal()
    with behind_the_back():
        sql("UPDATE procurement_contract SET value_rupiah = 99")
        sql("UPDATE procurement_contractevent SET value_rupiah = 99")
        for table in ("procurement_contract", "procurement_contractevent"):
            sql('DELETE FROM core_chainentry WHERE "table" = %s', table)
    assert any(table.startswith(("blok 1", "block 1")) for table, _row in found())


def test_a_chain_cut_off_at_its_end(evidence: Contract) -> None:
    chain.seal()
    factories.cleared_package()
    last = chain.seal()
    assert last is not None
    with behind_the_back():
        sql("DELETE FROM core_chainentry WHERE block_id = %s", last.pk)
        sql("DELETE FROM core_chainblock WHERE id = %s", last.pk)
    assert any(table == "core_auditevent" for table, _row in found())
    assert any(last.hash in finding.what for finding in chain.verify(last.hash).findings)


def test_postgresql_refuses_while_its_triggers_run(evidence: Contract) -> None:
    AuditEvent.objects.create(action="x.done")
    for statement in (
        "UPDATE procurement_contract SET value_rupiah = 1",
        "DELETE FROM procurement_declaration",
        "UPDATE procurement_declaration SET has_interest = NOT has_interest",
        "UPDATE procurement_decision SET reason = 'x'",
        "DELETE FROM core_auditevent",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(statement)


def test_a_role_that_may_do_too_much_is_told() -> None:
    """As it was with one role for everything: here the connection is the owner's."""
    if not settings.DATABASE_OWNER:
        skip_or_fail("the tests run with one role; DATABASE_OWNER_URL names the other")
    told = database_roles.excess_rights()
    assert "portal_owner: OWNER" in told
    assert any(each.startswith("portal_owner: TRUNCATE (") for each in told)
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_chain", stdout=out)
    assert "the portal's role may do more than it must: portal_owner: OWNER" in out.getvalue()
