"""Names: none of Django's own is shadowed, a class name means one thing, a template's line fits the screen."""

import ast
import re
from collections import defaultdict

from django.template.library import import_library

from kaltim_portal.embedded import ROOT
from tests.architecture.sources import SOURCES, TEXTS

DJANGO = (
    "django.template.defaultfilters",
    "django.template.defaulttags",
    "django.template.loader_tags",
    "django.templatetags.i18n",
    "django.templatetags.l10n",
    "django.templatetags.tz",
    "django.templatetags.static",
    "django.templatetags.cache",
)
# Names that Django or the language gives to a class of each module.
GIVEN = {"Command", "Meta", "Migration"}


def our_libraries() -> list[str]:
    return [
        place.removesuffix(".py").replace("/", ".")
        for place in TEXTS
        if "/templatetags/" in place and not place.endswith("__init__.py")
    ]


# Django's own tags, with their answers kept or a form's key beside: docs/decisions.md says why.
SAME_AS_DJANGOS = {"translate", "csrf_token"}


def test_no_tag_or_filter_of_ours_shadows_djangos() -> None:
    libraries = [import_library(name) for name in DJANGO]
    tags = {name for library in libraries for name in library.tags}
    filters = {name for library in libraries for name in library.filters}
    assert our_libraries()
    for name in our_libraries():
        ours = import_library(name)
        assert not tags & set(ours.tags) - SAME_AS_DJANGOS, name
        assert not filters & set(ours.filters), name


def test_a_class_name_means_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for place, tree in SOURCES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and node.name not in GIVEN:
                places[node.name].append(place)
    assert not {name: found for name, found in places.items() if len(found) > 1}


def test_exceptions_from_the_tools_say_why() -> None:
    """`# type: ignore[…]` and `# fmt: skip` stand beside a reason."""
    bare = re.compile(r"#\s*(type:\s*ignore(\[[\w, -]+\])?|fmt:\s*skip)\s*$")
    found = [
        f"{place}:{number}"
        for place, text in TEXTS.items()
        for number, line in enumerate(text.splitlines(), 1)
        if bare.search(line)
    ]
    assert not found, f"{len(found)} without a reason: {found[:10]}"


# A tag of Django's stands on one line, and what blocktranslate holds is the text that is translated.
UNBREAKABLE = re.compile(
    r"\{% blocktranslate\b.*?(\{% endblocktranslate %\}|$)|^.*?\{% endblocktranslate %\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|=(\"[^\"]*(\"|$)|'[^']*('|$))"
)
TOOLS_COMMENT = re.compile(r"\s+# (noqa|type: ignore).*")


def overlong(place: str, line: str) -> bool:
    """Over 120, though it could be broken; what a tool asks for in a comment doesn't count."""
    if len(TOOLS_COMMENT.sub("", line) if place.endswith(".py") else line) <= 120:
        return False
    return not place.endswith(".html") or " " in UNBREAKABLE.sub("x", line.strip())


def test_lines_fit() -> None:
    patterns = ("*.py", "*.sql", "*.html", "*.typ")
    skipped = {".venv", ".portal", "static", "migrations"}
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for pattern in patterns
        for path in ROOT.rglob(pattern)
        if not skipped & set(path.relative_to(ROOT).parts)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if overlong(path.name, line)
    ]
    assert not found, f"{len(found)} lines over 120: {found[:10]}"


def test_only_what_cannot_be_broken_may_be_longer() -> None:
    tag = "{% translate '" + "x " * 60 + "' %}"
    assert not overlong("a.html", f"  {tag}")
    assert not overlong("a.html", f"<p>{tag}</p>")
    assert overlong("a.html", f"{tag} {tag}")
    assert overlong("a.html", f'<p class="a" title="{"x" * 120}">')
    assert not overlong("a.html", "{% blocktranslate %}" + "two words " * 12 + "{% endblocktranslate %}")
    assert not overlong("a.py", "x" * 115 + "  # noqa: S608 (our own text)")
    assert overlong("a.py", "x" * 121)
