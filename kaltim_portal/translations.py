"""The catalogue locale/id: collected from the sources and compiled with Babel, so that no GNU gettext is needed."""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

from core import sql_headers

DOMAIN = "django"
KEYWORDS = {
    "_": None,
    "_lazy": None,  # gettext_lazy or gettext, where a module needs both
    "_now": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Texts = str | tuple[str, ...] | list[str]
# A run of letters that stands twice on end, or a sentence that stands anywhere a second time. Short words may.
REPEATED = re.compile(r"(?s)(\S.{14,})\s*\1|(?:^|(?<=[.!?:;]))\s*([^.!?:;]{15,}[.!?:;]).*(?<=[.!?:;])\s*\2")
FORMAT = re.compile(r"%\((\w+)\)[sd]|%[sd]")


def catalogue_path() -> Path:
    return Path(settings.LOCALE_PATHS[0]) / "id" / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue() -> Catalog:
    path = catalogue_path()
    if not path.exists():
        return Catalog(locale="id", domain=DOMAIN, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="id", domain=DOMAIN)


def collect() -> Catalog:
    """Every marked string of our Python files and templates, and what people read of the headers of SQL files."""
    found = Catalog(locale="id", domain=DOMAIN, fuzzy=False, project="Portal Kaltim", version="1")
    for path, code in _sources():
        place = path.relative_to(settings.BASE_DIR).as_posix()
        for _line, message, _comments, context in extract.extract(
            "python", io.BytesIO(code.encode()), keywords=KEYWORDS
        ):
            found.add(message, locations=[(place, 0)], context=context)
    return found


def _packages() -> list[Path]:
    """Every app of ours, found by being installed: the texts of a new one cannot be forgotten."""
    return [Path(app.path) for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]


def _sources() -> Iterator[tuple[Path, str]]:
    for package in _packages():
        for path in sorted(package.rglob("*.sql")):
            header, _statement = sql_headers.read(path)
            yield path, "\n".join(f"_({text!r})" for text in sql_headers.shown_texts(header))
        for path in sorted(package.rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")
    for path in sorted((settings.BASE_DIR / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, "\n".join(line.lstrip() for line in code.splitlines())  # HTML's indentation is not Python's


def update() -> tuple[int, int]:
    """Bring the catalogue up to the sources; returns how many strings there are, and how many have no translation."""
    known = read_catalogue()
    known.update(collect(), no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    path = catalogue_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, known, sort_output=True, omit_header=False, width=120, include_lineno=False, ignore_obsolete=True)
    lines = [
        line
        for line in buffer.getvalue().splitlines()
        if not line.startswith((b'"POT-Creation', b'"PO-Revision', b'"Generated-By'))
    ]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return len(known), len(untranslated(known))


def untranslated(catalogue: Catalog) -> list[str]:
    """Strings of the catalogue without a translation, or whose translation lost a placeholder."""
    return [str(message.id) for message in catalogue if message.id and not _is_whole(message.id, message.string)]


def _is_whole(source: Texts, target: Texts | None) -> bool:
    sources = [source] if isinstance(source, str) else list(source)
    targets = [target] if isinstance(target, str) else list(target or [])
    names = set(FORMAT.findall(sources[-1]))
    return bool(targets) and all(targets) and all(set(FORMAT.findall(text)) == names for text in targets)


def repeating(catalogue: Catalog) -> list[str]:
    """Strings whose translation says the same sentence twice, though the source does not."""
    return [str(message.id) for message in catalogue if message.id and _repeats(message.id, message.string)]


def _repeats(source: Texts, target: Texts | None) -> bool:
    targets = [target] if isinstance(target, str) else list(target or [])
    said_so = any(REPEATED.search(text) for text in ([source] if isinstance(source, str) else source))
    return not said_so and any(REPEATED.search(text) for text in targets)


def missing() -> list[str]:
    """What the sources say and the catalogue does not translate, or not once; empty when all is well."""
    known = read_catalogue()
    gaps = [str(message.id) for message in collect() if message.id and message.id not in known]
    return gaps + untranslated(known) + repeating(known)


def compile_catalogues() -> None:
    """Write the .mo that Django reads, when it is older than the .po."""
    source = catalogue_path()
    target = source.with_suffix(".mo")
    if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
        return
    unfinished = target.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        write_mo(file, read_catalogue())
    unfinished.replace(target)  # at once: another process never reads half a catalogue
    translation_file_changed(sender=None, file_path=target)  # a process that asked too early would stay without it
