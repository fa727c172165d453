"""Tabler without what no page of ours uses: of its 635 kB a twelfth stays.

A selector stays when every class that it asks for is a word of our templates, scripts or Python; a custom property
when something that stays asks for it. Words that only look like classes keep too much, which costs a few bytes; nothing
that a page shows goes.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from django.apps import apps
from django.conf import settings

from kaltim_portal.stylesheets import css
from kaltim_portal.stylesheets.css import Rule

WHOLE = Path(__file__).parent / "tabler-1.6.1.min.css"
_WORD = re.compile(r"-?[A-Za-z_][\w-]*")
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_DATA = re.compile(r"\[(data-[\w-]+)")
_NOT = re.compile(r":not\([^)]*\)")
_ASKED = re.compile(r"var\(\s*(--[\w-]+)")
_SAID = re.compile(r"\{#.*?#\}|\{%\s*translate\s+(?:\"[^\"]*\"|'[^']*')", re.DOTALL)
_CLASSES = re.compile(r"\s*-?[a-z_][\w-]*(?:\s+-?[a-z_][\w-]*)*\s*")


def shipped() -> Path:
    base: Path = settings.BASE_DIR
    return base / "static" / "vendor" / "tabler" / "tabler.min.css"


def pruned() -> str:
    """What is to stand in the file that is shipped."""
    text = WHOLE.read_text(encoding="utf-8")
    notice = re.search(r"/\*!.*?\*/", text, re.DOTALL)
    if notice is None:
        raise ValueError(f"{WHOLE.name} does not say whose it is")
    rules = _asked_for(list(_used(css.read(text), words())), _own_text())
    return f"{''.join(map(str, rules))}\n".replace(";", f";{notice[0]}", 1)  # behind @charset, which has to be first


def words() -> set[str]:
    """Every word of ours that could be a class or the name of an attribute."""
    return {word for text in _texts() for word in _WORD.findall(text)}


def _texts() -> Iterator[str]:
    base: Path = settings.BASE_DIR
    for path in sorted((base / "templates").rglob("*.html")):
        yield _SAID.sub("", path.read_text(encoding="utf-8"))
    for path in sorted((base / "static" / "js").glob("*.js")):
        yield path.read_text(encoding="utf-8")
    for app in (Path(each.path) for each in apps.get_app_configs()):
        if app.parent == base:
            yield from (text for path in sorted(app.rglob("*.py")) for text in _classes_in(path))


def _classes_in(path: Path) -> Iterator[str]:
    """Strings of a Python file that can hold classes: sentences and documentation cannot."""
    if "migrations" in path.parts:
        return
    constants = (
        each for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(each, ast.Constant)
    )
    for text in (each.value for each in constants if isinstance(each.value, str)):
        if _CLASSES.fullmatch(text) or "class=" in text:
            yield text


def _own_text() -> str:
    """Our own stylesheet, templates and scripts, which ask for custom properties of Tabler by name."""
    own: Path = settings.BASE_DIR / "static" / "css" / "portal.css"
    return "\n".join([own.read_text(encoding="utf-8"), *_texts()])


def _used(rules: Sequence[Rule], known: Collection[str]) -> Iterator[Rule]:
    def used(rule: Rule) -> Rule | None:
        selectors = [each for each in rule.selectors if _is_used(each, known)]
        return rule.only(selectors=selectors) if selectors else None

    return _narrowed(rules, used)


def _narrowed(rules: Sequence[Rule], style: Callable[[Rule], Rule | None]) -> Iterator[Rule]:
    """What `style` leaves of each style rule, wherever it stands; groups that nothing is left of go."""
    for rule in rules:
        if rule.is_group:
            inner = list(_narrowed(rule.rules, style))
            if inner:
                yield replace(rule, rules=inner)
        elif not rule.is_style:
            yield rule
        elif left := style(rule):
            yield left


def _is_used(selector: str, known: Collection[str]) -> bool:
    asked = _NOT.sub("", selector)  # what must not be there is no reason to leave a rule out
    classes = (re.sub(r"\\(.)", r"\1", each) for each in _CLASS.findall(asked))
    return all(each in known for each in [*classes, *_DATA.findall(asked)])


def _asked_for(rules: Sequence[Rule], own_text: str) -> list[Rule]:
    """Without custom properties and animations that nothing asks for."""
    needs: dict[str, set[str]] = {}
    asked = set(re.findall(r"--[\w-]+", own_text))
    for declaration in (each for rule in _flat(rules) for each in rule.declarations):
        name = _property(declaration)
        needs.setdefault(name, set()).update(_ASKED.findall(declaration))
        if not name:
            asked |= needs.pop(name)
    open_ones = list(asked)
    while open_ones:
        found = needs.get(open_ones.pop(), set()) - asked
        asked |= found
        open_ones += found

    def kept_of(rule: Rule) -> Rule | None:
        kept = [each for each in rule.declarations if not _property(each) or _property(each) in asked]
        return replace(rule, declarations=kept) if kept else None

    kept = list(_narrowed(rules, kept_of))
    values = " ".join(each for rule in _flat(kept) if rule.is_style for each in rule.declarations)
    return [rule for rule in kept if not rule.head.startswith("@keyframes") or rule.head.split()[-1] in values]


def _flat(rules: Sequence[Rule]) -> Iterator[Rule]:
    for rule in rules:
        yield from _flat(rule.rules) if rule.is_group else [rule]


def _property(declaration: str) -> str:
    """The custom property that is declared, or nothing."""
    name = declaration.partition(":")[0].strip()
    return name if name.startswith("--") else ""
