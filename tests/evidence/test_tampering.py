"""Behind the portal's back in SQL: each act, as whom, and what is said of it.

Three people: one with the portal's own password, one with the owner's, one with the superuser's. An act is refused by
PostgreSQL, or done and found by `manage.py verify_chain`. Nobody of them has the chain's key, but for the last tests.
"""

import contextlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pghistory
import psycopg2
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from accounts.tokens import services as tokens
from core import chain
from core.choices import Role
from core.importing import staging
from core.models import AuditEvent, ChainBlock
from core.periods import Period
from dashboards.models import Briefing, Directive, FollowUp
from evidence import head_file, services
from kaltim_portal.embedded import OWNER, RUNTIME
from procurement.choices import PackageState
from procurement.declarations import services as declaration_services
from procurement.models import Flag, Interest, Lead, Officer, PrivacyRequest
from procurement.packages import services as package_services
from programs.models import Progress, Report
from programs.reports import services as report_services
from public_services import services as public_services
from tests import databases, embedded_stack, factories
from tests.conftest import skip_or_fail

SUPERUSER = "postgres"
REFUSED = "ditolak PostgreSQL"


@dataclass(frozen=True)
class Tamper:
    """`acts` are statements, with names of the world in braces. `said` is what is found, by role; REFUSED likewise."""

    name: str
    acts: tuple[str, ...]
    portal: str
    owner: str
    superuser: str = ""

    def said_to(self, role: str) -> str:
        return {RUNTIME: self.portal, OWNER: self.owner, SUPERUSER: self.superuser or self.owner}[role]


def past_triggers(table: str, *acts: str) -> tuple[str, ...]:
    """What the owner of a table does first, and undoes afterwards."""
    off, on = (f"ALTER TABLE {table} {verb} TRIGGER USER" for verb in ("DISABLE", "ENABLE"))
    return ("SET CONSTRAINTS ALL IMMEDIATE", off, *acts, "SET CONSTRAINTS ALL IMMEDIATE", on)


DECIDED_IN_SQL = (
    "UPDATE programs_report SET state = 'approved', submitted_at = now(), submitted_by_id = {other},"
    " decided_at = now(), decided_by_id = {head} WHERE id = {draft}"
)
FORGED = (  # what the portal says of itself before it writes
    "SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),"
    ' set_config(\'pghistory.context_metadata\', \'{{"user": 1, "url": "/admin/"}}\', true)'
)
STATE, HISTORY = "statusnya tidak sesuai", "berbeda dari riwayatnya"
TAMPERS = [
    Tamper(
        "trail and chain emptied",
        ("TRUNCATE core_auditevent, core_chainblock, core_chainentry CASCADE",),
        REFUSED,
        "tidak ada segel: belum ada yang disegel, atau semua segel dihapus",
    ),
    Tamper(
        "trail and chain emptied, and what the database knows of seals that left",
        ("TRUNCATE core_auditevent, core_chainblock, core_chainentry, evidence_headdeparture CASCADE",),
        REFUSED,
        "segel.txt 1: blok 2 tidak ada di dalam rantai",
    ),
    Tamper(
        "triggers left switched off",
        ("SET CONSTRAINTS ALL IMMEDIATE", "ALTER TABLE procurement_decision DISABLE TRIGGER USER"),
        REFUSED,
        "dimatikan",
    ),
    Tamper(
        "a trigger that does nothing any more",
        ("CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",),
        REFUSED,
        "procurement_decision: tidak lagi didefinisikan seperti",
    ),
    Tamper(
        "a rule that swallows the trail",
        ("CREATE RULE nothing AS ON INSERT TO core_auditevent DO INSTEAD NOTHING",),
        REFUSED,
        "core_auditevent: tidak lagi didefinisikan seperti",
    ),
    Tamper(
        "a function that calls nobody concerned",
        (
            (
                "CREATE OR REPLACE FUNCTION accounts_is_concerned(person bigint, agency bigint, people bigint[])"
                " RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false'"
            ),
        ),
        REFUSED,
        "accounts_is_concerned(bigint,bigint,bigint[]): tidak lagi didefinisikan seperti",
    ),
    Tamper(
        "a view that calls everybody cleared",
        (
            (
                "CREATE OR REPLACE VIEW accounts_holder AS SELECT user_id, role, agency_id,"
                " delegated_by_id AS lender_id, false AS rests FROM accounts_membership"
            ),
        ),
        REFUSED,
        "accounts_holder: tidak lagi didefinisikan seperti",
    ),
    Tamper(
        "a constraint taken away",
        ("ALTER TABLE accounts_devicereset DROP CONSTRAINT accounts_devicereset_two_others",),
        REFUSED,
        "accounts_devicereset: tidak lagi didefinisikan seperti",
    ),
    Tamper(
        "a function of somebody's own",
        ("CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",),
        REFUSED,
        "mine(): ada di basis data",
    ),
    Tamper(
        "the record of how things are defined",
        ("DELETE FROM core_structurepart",),
        REFUSED,
        "belum tercatat",
    ),
    Tamper("a trigger taken away", ("DROP TRIGGER {trigger} ON procurement_decision",), REFUSED, "tidak ada lagi"),
    Tamper(
        "the superuser's way past all triggers",
        ("SET LOCAL session_replication_role = replica", "UPDATE procurement_decision SET reason = 'lain'"),
        REFUSED,
        REFUSED,
        "diubah setelah disegel",
    ),
    Tamper(
        "the newest block removed",
        (
            "SET CONSTRAINTS ALL IMMEDIATE",
            "ALTER TABLE core_chainentry DISABLE TRIGGER USER",
            "ALTER TABLE core_chainblock DISABLE TRIGGER USER",
            "DELETE FROM core_chainentry WHERE block_id = {block}",
            "DELETE FROM core_chainblock WHERE id = {block}",
        ),
        REFUSED,
        "menyebut blok 2, yang sudah hilang",
    ),
    Tamper("an event of the trail removed", ("DELETE FROM core_auditevent WHERE id = {event}",), REFUSED, REFUSED),
    Tamper(
        "an event of the trail removed, triggers off",
        past_triggers("core_auditevent", "DELETE FROM core_auditevent WHERE id = {event}"),
        REFUSED,
        "dihapus setelah disegel",
    ),
    Tamper(
        "figures of an approved report",
        ("UPDATE programs_progress SET financial_rupiah = 1 WHERE report_id = {report}",),
        "angkanya diubah setelah diputuskan",
        "angkanya diubah setelah diputuskan",
    ),
    Tamper(
        "figures of an approved report, triggers off",
        past_triggers(
            "programs_progress", "UPDATE programs_progress SET financial_rupiah = 1 WHERE report_id = {report}"
        ),
        REFUSED,
        "angkanya diubah setelah diputuskan",
    ),
    Tamper(
        "a figure more in an approved report",
        ("DELETE FROM programs_progress WHERE report_id = {report}",),
        "angkanya diubah setelah diputuskan",
        "angkanya diubah setelah diputuskan",
    ),
    Tamper(
        "who decided on a report",
        ("UPDATE programs_report SET decided_by_id = {other} WHERE id = {report}",),
        "diputuskan oleh orang lain",
        "diputuskan oleh orang lain",
    ),
    Tamper(
        "who sent a report",
        ("UPDATE programs_report SET submitted_by_id = {other} WHERE id = {report}",),
        "dikirim oleh orang lain",
        "dikirim oleh orang lain",
    ),
    Tamper(
        "a report approved without a step",
        (DECIDED_IN_SQL,),
        STATE,
        STATE,
    ),
    Tamper(
        "a report approved with steps",
        (
            (
                "UPDATE programs_report SET state = 'approved', submitted_at = now(), submitted_by_id = {other},"
                " decided_at = now(), decided_by_id = {head} WHERE id = {draft}"
            ),
            (
                "INSERT INTO programs_reportstep (report_id, from_state, to_state, by_id, at, comment) VALUES"
                " ({draft}, 'draft', 'submitted', {other}, now(), ''),"
                " ({draft}, 'submitted', 'approved', {head}, now(), '')"
            ),
        ),
        "tidak ada segel atas isinya",
        "tidak ada segel atas isinya",
    ),
    Tamper(
        "a report approved with steps and a made-up seal",
        (
            (
                "UPDATE programs_report SET state = 'approved', submitted_at = now(), submitted_by_id = {other},"
                " decided_at = now(), decided_by_id = {head} WHERE id = {draft}"
            ),
            (
                "INSERT INTO programs_reportstep (id, report_id, from_state, to_state, by_id, at, comment) VALUES"
                " (900001, {draft}, 'draft', 'submitted', {other}, now(), ''),"
                " (900002, {draft}, 'submitted', 'approved', {head}, now(), '')"
            ),
            (
                "INSERT INTO programs_reportseal (step_id, content, seal, sealed_at)"
                " VALUES (900002, repeat('0', 64), repeat('0', 64), now())"
            ),
        ),
        "segel atas isinya tidak cocok",
        "segel atas isinya tidak cocok",
    ),
    Tamper(
        "who typed in a report",
        ("DELETE FROM programs_reporthand",),
        REFUSED,
        "tidak lagi menyebut siapa yang mengisinya",
    ),
    Tamper(
        "a report's step that says it stood elsewhere",
        (
            (
                "INSERT INTO programs_reportstep (report_id, from_state, to_state, by_id, at, comment)"
                " VALUES ({report}, 'submitted', 'verified', {head}, now(), '')"
            ),
        ),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "who was on a package",
        (
            "DELETE FROM procurement_officer WHERE id = {undeclared_officer}",
            "DELETE FROM procurement_packagehand",
        ),
        REFUSED,
        "tidak lagi menyebut siapa yang bertugas padanya",
    ),
    *(
        Tamper(f"{column} of {table}", (f"UPDATE {table} SET {column} = {value}",), REFUSED, REFUSED)
        for table, column, value in (
            ("procurement_officer", "user_id", "{other}"),
            ("procurement_package", "created_by_id", "{other}"),
            ("procurement_lead", "official_id", "{other}"),
            ("procurement_privacyrequest", "made_by_id", "{other}"),
            ("public_services_procedure", "created_by_id", "{other}"),
            ("accounts_apitoken", "user_id", "{other}"),
            ("accounts_apitoken", "resources", "ARRAY['package', 'report']"),
            ("procurement_flag", "package_id", "{cleared}"),
            ("procurement_package", "agency_id", "agency_id + 1"),
            ("accounts_apitoken", "expires_at", "expires_at - interval '1 day'"),
        )
    ),
    Tamper("an answer to a directive", ("DELETE FROM dashboards_followup",), REFUSED, REFUSED),
    Tamper("a hand made up", ("SELECT procurement_remember_hand({undeclared}, {other}, 'named')",), REFUSED, REFUSED),
    Tamper(
        "a step in between, to verify what one approved",
        (
            (
                "INSERT INTO programs_reportstep (report_id, from_state, to_state, by_id, at, comment)"
                " VALUES ({report}, 'approved', 'draft', {other}, '2099-01-01', '')"
            ),
            (
                "INSERT INTO programs_reportstep (report_id, from_state, to_state, by_id, at, comment)"
                " VALUES ({report}, 'draft', 'verified', {head}, now(), '')"
            ),
        ),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "a lead about nothing, to review it",
        (
            "UPDATE procurement_lead SET package_id = NULL, interest_id = NULL",
            (
                "UPDATE procurement_lead SET state = 'cleared', note = 'x', reviewed_at = now(),"
                " reviewed_by_id = (SELECT created_by_id FROM procurement_package WHERE id = {undeclared})"
            ),
        ),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "a password exchanged",
        ("UPDATE accounts_user SET password = 'md5$x' WHERE id = {other}",),
        "accounts_user {other}: diubah di luar portal",
        "accounts_user {other}: diubah di luar portal",
    ),
    Tamper(
        "a token of somebody else",
        (
            (
                "INSERT INTO accounts_apitoken (user_id, name, digest, hint, resources, with_second_factor, created_at,"
                " expires_at) VALUES ({other}, 'x', repeat('1', 64), 'x', ARRAY['package'], true, now(),"
                " now() + interval '1 day')"
            ),
        ),
        "diubah di luar portal",
        "diubah di luar portal",
    ),
    Tamper("a report's step", ("UPDATE programs_reportstep SET by_id = {other}",), REFUSED, REFUSED),
    Tamper(
        "a report's step, triggers off",
        past_triggers("programs_reportstep", "UPDATE programs_reportstep SET by_id = {other}"),
        REFUSED,
        "diubah setelah disegel",
    ),
    Tamper(
        "the seal of a report, triggers off",
        past_triggers("programs_reportseal", "UPDATE programs_reportseal SET content = repeat('0', 64)"),
        REFUSED,
        "segel atas isinya tidak cocok",
    ),
    Tamper(
        "a package past the gate without declarations",
        ("UPDATE procurement_package SET state = 'announced', announced_at = now() WHERE id = {undeclared}",),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "a package past the gate with the setting that skips triggers",
        (
            "SET LOCAL pgtrigger.ignore = '{{{gate}}}'",
            "UPDATE procurement_package SET state = 'announced', announced_at = now() WHERE id = {undeclared}",
        ),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "a package past the gate with a temporary view before ours",
        (
            (
                "CREATE TEMPORARY VIEW procurement_clearance AS SELECT 0::bigint AS package_id, ''::text AS missing,"
                " ARRAY['announced'] AS overridden_for WHERE false"
            ),
            "UPDATE procurement_package SET state = 'announced', announced_at = now() WHERE id = {undeclared}",
        ),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "packages moved that may pass",
        ("UPDATE procurement_package SET state = 'announced', announced_at = now() WHERE id = {cleared}",),
        STATE,
        STATE,
    ),
    Tamper(
        "a package past the gate, triggers off",
        past_triggers(
            "procurement_package",
            "UPDATE procurement_package SET state = 'announced', announced_at = now() WHERE id = {undeclared}",
        ),
        REFUSED,
        HISTORY,
    ),
    Tamper("a package's step", ("UPDATE procurement_packagestep SET by_id = {other}",), REFUSED, REFUSED),
    Tamper(
        "a package's step, triggers off",
        past_triggers("procurement_packagestep", "UPDATE procurement_packagestep SET by_id = {other}"),
        REFUSED,
        "diubah setelah disegel",
    ),
    Tamper(
        "the identity hash of an interest",
        ("UPDATE procurement_interest SET party_identity_hash = repeat('0', 64) WHERE id = {interest}",),
        "procurement_interest.identity {interest}: diubah setelah disegel",
        "procurement_interest.identity {interest}: diubah setelah disegel",
    ),
    Tamper(
        "an identity erased before its time",
        (
            (
                "UPDATE procurement_interest SET party_identity = '', party_identity_hash = '',"
                " party_identity_salt = ''"
                " WHERE id = {interest}"
            ),
        ),
        "procurement_interest.identity {interest}: diubah setelah disegel",
        "procurement_interest.identity {interest}: diubah setelah disegel",
    ),
    Tamper(
        "a declaration ended",
        ("UPDATE procurement_declaration SET superseded_at = now() WHERE id = {declaration}",),
        "diakhiri, padahal tidak ada versi yang lebih baru",
        "diakhiri, padahal tidak ada versi yang lebih baru",
    ),
    Tamper(
        "the end of a declaration moved",
        ("UPDATE procurement_declaration SET superseded_at = now() WHERE id = {earlier}",),
        "diakhiri pada saat lain",
        "diakhiri pada saat lain",
    ),
    Tamper(
        "what was declared, with its history",
        (
            "SET CONSTRAINTS ALL IMMEDIATE",
            "ALTER TABLE procurement_declaration DISABLE TRIGGER USER",
            "ALTER TABLE procurement_declarationevent DISABLE TRIGGER USER",
            "UPDATE procurement_declaration SET has_interest = false WHERE id = {declaration}",
            "UPDATE procurement_declarationevent SET has_interest = false WHERE pgh_obj_id = {declaration}",
        ),
        REFUSED,
        "procurement_declaration {declaration}: diubah setelah disegel",
    ),
    Tamper(
        "a role given",
        ("UPDATE accounts_membership SET role = 'auditor', agency_id = NULL WHERE user_id = {other}",),
        "accounts_membership {membership}: diubah di luar portal",
        "accounts_membership {membership}: diubah di luar portal",
    ),
    Tamper(
        "a role given, triggers off",
        past_triggers(
            "accounts_membership",
            "UPDATE accounts_membership SET role = 'auditor', agency_id = NULL WHERE user_id = {other}",
        ),
        REFUSED,
        f"accounts_membership {{membership}}: {HISTORY}",
    ),
    Tamper(
        "a role's history removed",
        past_triggers("accounts_membershipevent", "DELETE FROM accounts_membershipevent"),
        REFUSED,
        "dihapus setelah disegel",
    ),
    Tamper(
        "a role given in somebody's name",
        (FORGED, "UPDATE accounts_membership SET role = 'auditor', agency_id = NULL WHERE user_id = {other}"),
        "accounts_membership {membership}: diubah, tetapi tidak ada perbuatannya di jejak",
        "accounts_membership {membership}: diubah, tetapi tidak ada perbuatannya di jejak",
    ),
    Tamper(
        "a role taken away in somebody's name",
        (FORGED, "DELETE FROM accounts_membership WHERE id = {membership}"),
        "accounts_membership {membership}: diubah, tetapi tidak ada perbuatannya di jejak",
        "accounts_membership {membership}: diubah, tetapi tidak ada perbuatannya di jejak",
    ),
    Tamper(
        "a token made in somebody's name",
        (
            FORGED,
            (
                "INSERT INTO accounts_apitoken (user_id, name, digest, hint, resources, with_second_factor, created_at,"
                " expires_at) VALUES ({other}, 'x', 'y', 'z', ARRAY['package'], true, now(), now() + interval '1 day')"
            ),
        ),
        "diubah, tetapi tidak ada perbuatannya di jejak",
        "diubah, tetapi tidak ada perbuatannya di jejak",
    ),
    Tamper(
        "a revoked token opened again",
        ("UPDATE accounts_apitoken SET revoked_at = now()", "UPDATE accounts_apitoken SET revoked_at = NULL"),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "a role lent years ahead",
        (
            (
                "INSERT INTO accounts_membership (user_id, role, agency_id, delegated_by_id, first_day, last_day,"
                " reason)"
                " SELECT {other}, 'agency_head', agency_id, {head}, '9999-12-31', '9999-12-31', 'x'"
                " FROM accounts_membership WHERE user_id = {head}"
            ),
        ),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "a gate opened by somebody whose role does not",
        (
            (
                "INSERT INTO procurement_gateoverride (package_id, to_state, obstacles, reason, by_id, at)"
                " VALUES ({undeclared}, 'announced', '[]', 'x', {other}, now())"
            ),
        ),
        REFUSED,
        REFUSED,
    ),
    Tamper(
        "an official taken off",
        ("UPDATE procurement_officer SET removed_at = now() WHERE id = {undeclared_officer}",),
        "procurement_officer {undeclared_officer}: diubah di luar portal",
        "procurement_officer {undeclared_officer}: diubah di luar portal",
    ),
    Tamper(
        "a plan changed",
        ("UPDATE procurement_package SET ceiling_rupiah = ceiling_rupiah + 1 WHERE id = {undeclared}",),
        "procurement_package {undeclared}: diubah di luar portal",
        "procurement_package {undeclared}: diubah di luar portal",
    ),
    Tamper(
        "an account made an administrator's",
        ("UPDATE accounts_user SET is_superuser = true WHERE id = {other}",),
        "accounts_user {other}: diubah di luar portal",
        "accounts_user {other}: diubah di luar portal",
    ),
    Tamper(
        "an issued briefing",
        past_triggers("dashboards_briefing", 'UPDATE dashboards_briefing SET numbers = \'{{"programs": "99"}}\''),
        REFUSED,
        "dashboards_briefing {briefing}: diubah setelah disegel",
    ),
    Tamper(
        "a seal that left the house",
        past_triggers("evidence_headdeparture", "UPDATE evidence_headdeparture SET seal = repeat('0', 64)"),
        REFUSED,
        "tidak ada di dalam rantai",
    ),
]


@pytest.fixture(autouse=True)
def _by_the_portal() -> None:
    """Here it is not the portal that writes."""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[SimpleNamespace]:
    """A database of its own with something of everything, sealed and sent out, by the portal itself."""
    if embedded_stack.servers is None:
        skip_or_fail("needs the private servers")
    assert embedded_stack.servers is not None
    name = "_".join(part for part in ("portal_tampering", databases.worker()) if part)
    databases.with_reference_data(embedded_stack.servers, name)
    folder = str(tmp_path_factory.mktemp("elsewhere"))
    before = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), override_settings(CHAIN_HEAD_FOLDER=folder):
        connection.close()
        connection.settings_dict["NAME"] = name
        with pghistory.context(task="test"):
            made = _made()
        yield made
        connection.close()
        connection.settings_dict["NAME"] = before
    with contextlib.closing(psycopg2.connect(embedded_stack.servers.superuser_url("postgres"))) as opened:
        opened.autocommit = True
        opened.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")


def _made() -> SimpleNamespace:
    operator, head = factories.member(Role.OPERATOR), factories.member(Role.AGENCY_HEAD)
    other = factories.member(Role.OPERATOR)
    program = factories.ProgramFactory()
    factories.sub_activity(program)
    months = [Period.parse(f"{program.fiscal_year}-{number:02d}") for number in (1, 2)]
    report, draft = (report_services.open_report(program=program, period=month, by=operator) for month in months)
    Progress.objects.filter(report=report).update(financial_rupiah=100_000, physical_percent=10, changed_by=operator)
    report_services.send_report(pk=report.pk, by=operator)
    version = Report.objects.get(pk=report.pk).version
    report_services.decide_report(pk=report.pk, by=head, version=version, approve=True)
    moved, cleared = factories.cleared_package(), factories.cleared_package()
    package_services.move_package(pk=moved.pk, version=moved.version, by=operator, state=PackageState.ANNOUNCED)
    undeclared = factories.PackageFactory()
    officer = Officer.objects.create(package=undeclared, user=factories.UserFactory(), role="ppk")
    interest = Interest(
        kind="family", nature="actual", party_name="S", relation="adik", party_identity="6472010101800005"
    )
    earlier = declaration_services.declare(officer=officer, by=officer.user, interests=[])
    declaration = declaration_services.declare(officer=officer, by=officer.user, interests=[interest])
    second = Officer.objects.create(package=undeclared, user=factories.UserFactory(), role="pp")
    Lead.objects.create(
        fingerprint="o1:s1", supplier=factories.supplier(), official=officer.user, score=0.4, package=undeclared
    )
    Flag.objects.create(
        code="K01", subject="package", key=undeclared.rup_code, package=undeclared, agency=undeclared.agency
    )
    directive = Directive.objects.create(
        year=2026,
        number=1,
        agency=factories.agency(),
        text="Percepat",
        measure="Selesai",
        given_on=timezone.localdate(),
        due_on=timezone.localdate(),
        given_by=other,
        state="answered",
    )
    FollowUp.objects.create(directive=directive, text="Sudah", state="answered", by=operator)
    PrivacyRequest.objects.create(kind="access", user=operator, made_by=operator, name="Seseorang", text="Apa?")
    public_services.save_procedure(
        service=factories.public_service(),
        by=operator,
        steps=[public_services.StepInput("Daftar", "counter", 1, is_visit=False)],  # type: ignore[arg-type]  # a whole day
    )
    tokens.make_token(user=operator, name="Laporan", resources=["package"], days=30, with_second_factor=False)
    briefing = Briefing.objects.create(
        fiscal_year=2026, week="2026-W48", number=1, as_of=timezone.now(), content={}, pdf=b"%PDF", sha256="0" * 64
    )
    chain.seal()
    declaration_services.declare_for_year(agency=factories.agency(), fiscal_year=2026, by=operator, interests=[])
    chain.seal()
    services.send_head()
    block = ChainBlock.objects.first()
    event = AuditEvent.objects.filter(action="report.approved").get()
    assert block is not None and block.number == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_as_decided%%'")
        trigger = cursor.fetchone()[0]
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_declared_before_gate%%'")
        gate = cursor.fetchone()[0]
    return SimpleNamespace(
        report=report.pk,
        draft=draft.pk,
        other=other.pk,
        head=head.pk,
        cleared=cleared.pk,
        undeclared=undeclared.pk,
        undeclared_officer=second.pk,
        interest=interest.pk,
        declaration=declaration.pk,
        earlier=earlier.pk,
        briefing=briefing.pk,
        block=block.pk,
        event=event.pk,
        membership=other.memberships.get().pk,
        trigger=trigger,
        gate=gate,
        head_seal=block.hash,
    )


@contextmanager
def connected_as(role: str) -> Iterator[None]:
    """In a transaction that leaves nothing behind."""
    servers = embedded_stack.servers
    assert servers is not None
    portal = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(USER=role, PASSWORD=servers.secrets[role])
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        connection.close()
        connection.settings_dict.update(portal)


def said_after(acts: tuple[str, ...], world: SimpleNamespace) -> str:
    """REFUSED, or the findings as verify_chain prints them. Past Django: it would say who did it."""
    try:
        with transaction.atomic(), connection.connection.cursor() as cursor:
            for act in acts:
                cursor.execute(act.format(**vars(world)))
    except psycopg2.Error:
        return REFUSED
    return printed()


def printed(*options: str) -> str:
    out = io.StringIO()
    try:
        call_command("verify_chain", *options, stdout=out)
    except SystemExit as ended:
        assert ended.code == 1
    return out.getvalue()


@pytest.mark.parametrize("role", [RUNTIME, OWNER, SUPERUSER])
@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.name)
def test_tampering(tamper: Tamper, role: str, world: SimpleNamespace) -> None:
    with connected_as(role):
        said = said_after(tamper.acts, world)
    assert tamper.said_to(role).format(**vars(world)) in said


@pytest.mark.parametrize("role", [RUNTIME, OWNER, SUPERUSER])
def test_nothing_is_found_when_nothing_was_done(role: str, world: SimpleNamespace) -> None:
    with connected_as(role):
        said = printed("--head", world.head_seal)
    assert "0 findings; 2 blocks" in said
    assert ("may do more than it must" in said) == (role != RUNTIME)


@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
def test_made_anew_by_somebody_who_has_the_key(role: str, world: SimpleNamespace) -> None:
    """Trail and chain are emptied, what was decided is changed, and all is sealed again with the key: the chain alone
    is in order, but the seals that left the house are not in it."""
    with connected_as(role):
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE core_auditevent, core_chainblock, core_chainentry, evidence_headdeparture CASCADE")
        with override_settings(CHAIN_HEAD_FOLDER=""):
            chain.seal()
            assert "0 findings; 1 blocks" in printed()
        assert f"{head_file.NAME} 1: blok 2 tidak ada di dalam rantai" in printed()
        assert world.head_seal in printed("--head", world.head_seal)


def test_the_portals_role_makes_staged_lists_and_nothing_else(world: SimpleNamespace) -> None:
    with connected_as(RUNTIME), connection.cursor() as cursor:
        cursor.execute(f"CREATE UNLOGGED TABLE {staging.SCHEMA}.staging_1_x (a int)")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("CREATE TABLE public.staging_1_x (a int)")


def test_an_outside_folder_is_read_wherever_it_lies(world: SimpleNamespace) -> None:
    lines = head_file.lines()
    assert [(line.number, line.seal) for line in lines] == [(2, world.head_seal)]
    assert Path(str(head_file.path())).name == head_file.NAME
