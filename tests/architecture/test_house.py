"""What the import linter cannot see: names, sizes, current diagrams and translations, the lock file's addresses."""

import ast
import gzip
import re

from kaltim_portal import translations
from kaltim_portal.embedded import ROOT
from kaltim_portal.management.commands import diagrams
from kaltim_portal.stylesheets import pruning
from tests.architecture.sources import PATHS, SOURCES

ATTICS = {"utils.py", "helpers.py", "common.py", "misc.py"}
PURE = [
    *sorted(path.relative_to(ROOT).as_posix() for path in PATHS if path.parent.name == "forecasting"),
    "core/numbers.py",
    "core/periods.py",
    "programs/reports/achievement.py",
    "programs/deadlines.py",
]
LIMIT = 500
# What an operator reads from top to bottom, and what starts the demo: each one thing, and better in one place.
WHOLE = {"kaltim_portal/embedded.py", "kaltim_portal/settings.py"}


def test_no_attic() -> None:
    assert not [path for path in PATHS if path.name in ATTICS]


def test_no_module_is_an_attic_by_size() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in PATHS}
    assert not {name: length for name, length in lengths.items() if length > LIMIT and name not in WHOLE}


def test_pure_modules_import_no_framework() -> None:
    for name in PURE:
        tree = ast.parse((ROOT / name).read_text())
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not [
            module for module in imported if module.split(".")[0] in {"django", "rest_framework", "celery", "requests"}
        ], name


def test_diagrams_are_current() -> None:
    assert diagrams.states_page().read_text() == diagrams.page(), "run `make diagrams`"


def test_who_waits_for_another_run_waits_longer_than_for_a_row() -> None:
    """`wait_for_lock` puts the lock timeout off; by hand the second of two long runs would end after some seconds."""
    places = {path.relative_to(ROOT).as_posix() for path in PATHS if "pg_advisory_xact_lock" in path.read_text()}
    assert places == {"core/locks.py"}


def test_every_string_has_its_indonesian() -> None:
    assert translations.missing() == []


def test_every_name_of_gettext_is_collected() -> None:
    """A module that imports it under another name would say English words to everybody."""
    imported = {
        alias.asname or alias.name
        for module in SOURCES.values()
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if "gettext" in alias.name
    }
    assert imported <= set(translations.KEYWORDS)


def test_the_lock_file_names_public_addresses_only() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)/", (ROOT / "uv.lock").read_text()))
    assert hosts <= {"pypi.org", "files.pythonhosted.org"}


def test_vendored_files_are_listed() -> None:
    listed = (ROOT / "static/vendor/VENDORED.md").read_text()
    for folder in (ROOT / "static/vendor").iterdir():
        if folder.is_dir():
            assert f"{folder.name}/" in listed
            assert (folder / "LICENSE").exists()


def test_the_stylesheet_holds_what_pages_use() -> None:
    assert pruning.shipped().read_text() == pruning.pruned(), "run `make styles`"


def test_a_first_visit_is_light() -> None:
    """Everything that the base layout loads, compressed: the page itself adds at most 40 kB (bench pages_s measures
    it)."""
    base = (ROOT / "templates/base.html").read_text()
    loaded = [*re.findall(r"static '([^']+\.(?:css|js|svg))'", base), "vendor/tabler-icons/sprite.svg"]
    assert "vendor/htmx/htmx.min.js" in loaded
    size = sum(len(gzip.compress((ROOT / "static" / name).read_bytes())) for name in set(loaded))
    assert size < (200 - 40) * 1000
