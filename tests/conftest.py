"""Guard rails and fixtures: real PostgreSQL and Valkey, the reference data, a stand-in BPS server, no other network."""

import gc
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from pytest_django.plugin import blocking_manager_key

from accounts.models import User
from core import database_roles
from core.choices import Role
from datasources.models import Source
from kaltim_portal.stand_ins import bps, ckan, sectoral, serving
from kaltim_portal.translations import compile_catalogues
from tests import databases, embedded_stack, factories, rails

gc.disable()
compile_catalogues()  # before anybody asks for a translation: Django reads a catalogue once
# A busy machine is not a slow formula: no time limit per example.
hypothesis.settings.register_profile("portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("portal")
LONGEST = [  # what waits or computes for more than some seconds; whatever comes after it evens out between the workers
    "browser/",
    "kaltim_portal/test_unplugged.py",
    "access/test_every_form_once.py",
    "access/test_every_url.py",
    "dashboards/summaries/test_generated_year.py",
    "uploads/test_files.py",
    "uploads/test_undo.py",
    "procurement/red_flags/test_planted_cases.py",
    "access/test_every_form.py",
    "access/test_every_partial.py",
    "kaltim_portal/test_every_list.py",
    "kaltim_portal/test_change_of_year.py",
    "core/forecasting/test_back_tests.py",
    "architecture/",
    "procurement/contracts/test_tender_lists.py",
    "evidence/signatures/test_signatures.py",
    "procurement/audit/test_files.py",
    "uploads/test_properties.py",
    "kaltim_portal/test_production.py",
    "queries/test_query_counts.py",
    "procurement/ocds/test_ocds.py",
    "dashboards/summaries/test_summaries.py",
    "access/test_separation.py",
    "programs/validation/test_values.py",
    "spm/test_entry.py",
    "uploads/test_whose_rows.py",
    "uploads/test_uploads.py",
    "core/forecasting/test_forecast.py",
    "accounts/test_sso.py",
    "procurement/test_emptying.py",
    "dashboards/early_warnings/test_warnings.py",
    "evidence/test_tampering.py",
    "procurement/red_flags/test_cardinal_flags.py",
    "dashboards/briefings/test_briefings.py",
    "kaltim_portal/test_embedded.py",
    "datasources/pulls/test_pulls.py",
    "uploads/test_command_line.py",
]
YOUNG_OBJECTS = 20_000  # before the collector looks at them: the rows and templates of some requests
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.dealing import Dealer

    return Dealer(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Before the workers of a parallel run start: whoever runs all tests needs both templates."""
    from tests import stack

    config = session.config
    is_chosen = config.option.keyword or config.option.markexpr
    is_everything = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not is_chosen
    if is_everything and config.pluginmanager.has_plugin("dsession"):
        stack.make_templates_meanwhile()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In a parallel run what takes longest goes first, so that no worker is left alone with it at the end: the
    browser's tests, which share one portal and so one worker, beside what waits long or sends every form ten times."""
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """What was imported stays until the end: it isn't searched for garbage again and again, a tenth of all time."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 20)


def _turn(item: pytest.Item) -> int:
    place = item.nodeid.removeprefix("tests/")
    return next((turn for turn, each in enumerate(LONGEST) if place.startswith(each)), len(LONGEST))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    from tests import stack

    marker = item.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        _reference_data_again(item)
    if nextitem is not None and _turn(nextitem) > 0:
        stack.stop_what_nobody_uses()


def _reference_data_again(item: pytest.Item) -> None:
    """After a test that commits, Django empties every table: whatever comes next on this worker has to find them."""
    with item.config.stash[blocking_manager_key].unblock():
        connection.close()
        if embedded_stack.servers is not None:
            databases.with_reference_data(embedded_stack.servers, str(connection.settings_dict["NAME"]))
        else:
            call_command("load_reference")


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any) -> None:
    """A database with the reference data, as they are in every portal; on the private servers copied from a
    template."""
    if embedded_stack.servers is None:
        request.getfixturevalue("django_db_made_by_migrations")
        return
    name = "_".join(part for part in ("portal_test", databases.worker()) if part)
    databases.with_reference_data(embedded_stack.servers, name)
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_made_by_migrations(django_db_blocker: Any, django_db_keepdb: bool) -> Iterator[None]:
    """Django's own way, for servers that somebody else has set up."""
    with django_db_blocker.unblock():
        with database_roles.as_owner():
            made = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb)
        call_command("load_reference")
    yield
    with django_db_blocker.unblock(), database_roles.as_owner():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def as_owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """For modules whose tests change tables or switch triggers off: everything else runs as the portal's own role."""
    with django_db_blocker.unblock(), database_roles.as_owner():
        yield


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another machine fails, and says where to."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test opened a connection to {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def nothing_passes_by_luck(monkeypatch: pytest.MonkeyPatch) -> None:
    rails.fail_on_undefined_variables(monkeypatch)
    rails.shuffle_what_has_no_order(monkeypatch)
    rails.refuse_headings_of_machines(monkeypatch)
    rails.refuse_forms_without_a_token(monkeypatch)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    return factories.signed_in


@pytest.fixture
def operator(db: None) -> User:
    return factories.member(Role.OPERATOR)


@pytest.fixture
def head(db: None) -> User:
    return factories.member(Role.AGENCY_HEAD)


@pytest.fixture
def auditor(db: None) -> User:
    return factories.member(Role.AUDITOR)


@pytest.fixture
def stand_in() -> Iterator[tuple[str, bps.BpsWorld]]:
    """A BPS of our own on a free port: (base address, the world behind it)."""
    server, world = bps.serve_in_thread()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/api/", world
    finally:
        server.shutdown()
        server.server_close()


def served(world: serving.StandInWorld, settings: Any) -> Iterator[str]:
    """The address of a stand-in on a free port that outgoing requests may reach."""
    server = serving.serve_in_thread(world)
    place = f"127.0.0.1:{server.server_address[1]}"
    settings.OUTBOUND_ALLOWED_INTERNAL = [*settings.OUTBOUND_ALLOWED_INTERNAL, place]
    settings.OUTBOUND_TIMEOUT_SECONDS = 2.0
    try:
        yield f"http://{place}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def satu_data(settings: Any) -> Iterator[tuple[str, ckan.CkanWorld]]:
    """A CKAN portal of our own: (address, the world behind it)."""
    world = ckan.CkanWorld()
    yield from ((address, world) for address in served(world, settings))


@pytest.fixture
def sectoral_system(settings: Any) -> Iterator[tuple[str, sectoral.SectoralWorld]]:
    """REST, files and SDMX of our own: (address, the world behind it)."""
    world = sectoral.SectoralWorld()
    yield from ((address, world) for address in served(world, settings))


@pytest.fixture
def bps_source(db: None, stand_in: tuple[str, bps.BpsWorld], settings: Any) -> Source:
    """A source that leads to the stand-in."""
    address, _world = stand_in
    settings.OUTBOUND_ALLOWED_INTERNAL = [*settings.OUTBOUND_ALLOWED_INTERNAL, address.split("/")[2]]
    settings.OUTBOUND_TIMEOUT_SECONDS = 2.0
    source: Source = factories.SourceFactory(base_address=address, api_key=bps.KEY, is_sample=True)
    return source


def skip_or_fail(why: str) -> None:
    """A skip on a developer's machine, a failure in CI: there nothing is skipped."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)
