"""What a page says to people, looked through for what was never meant for them: English, machine names, raw codes."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from lxml import html as markup
from lxml.html import HtmlElement as Tag

# Words that an Indonesian page has no use for. Names of rules and of the field (“tender”, “e-purchasing”) are not here.
ENGLISH = frozenset(
    [
        "the",
        "and",
        "of",
        "is",
        "are",
        "not",
        "with",
        "for",
        "from",
        "this",
        "that",
        "was",
        "were",
        "has",
        "have",
        "been",
        "be",
        "or",
        "an",
        "by",
        "which",
        "who",
        "when",
        "where",
        "what",
        "there",
        "their",
        "your",
        "you",
        "they",
        "will",
        "can",
        "cannot",
        "must",
        "should",
        "only",
        "already",
        "late",
        "left",
        "out",
        "part",
        "decided",
        "allowed",
        "same",
        "year",
        "month",
        "quarter",
        "state",
        "value",
        "values",
        "name",
        "reason",
        "file",
        "row",
        "rows",
        "page",
        "choose",
        "save",
        "open",
        "closed",
        "show",
        "search",
        "none",
        "unknown",
    ]
)
# Names that stand as they are written.
NAMES = re.compile(r"\bWHO\b|\bCC BY 4\.0\b|\bOpen Contracting Data Standard\b")
# Codes that are Indonesian words too.
INDONESIAN = frozenset({"total", "program"})
MACHINE_NAME = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")
ISO = re.compile(r"\b(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b(?:[T ]\d\d:\d\d)?")
NO_CHOICE = "---------"
WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
# Said to people though no text stands between the tags.
SAYING = (
    "placeholder",
    "title",
    "aria-label",
    "alt",
    "data-label",
    "data-text-offline",
    "data-text-failed",
    "data-confirm",
)
# What is quoted as it is written elsewhere: code, keys, file names, headings of other people's lists.
QUOTED = ("code", "pre", "script", "style", "kbd", "samp", "textarea", "svg")


@cache
def raw_codes() -> frozenset[str]:
    """Values of choices that no label in Indonesian has among its words."""
    codes, labels = set(), set()
    for model in apps.get_models():
        for field in model._meta.get_fields():
            for value, label in getattr(field, "flatchoices", None) or []:
                codes.add(str(value))
                labels |= {word.casefold() for word in WORD.findall(str(label))}
    return frozenset(code for code in codes if re.fullmatch(r"[a-z]{5,}", code) and code not in labels)


def texts(page: str) -> Iterator[str]:
    """What stands between the tags and in the attributes that are said to people, piece by piece."""
    body = markup.document_fromstring(page if page.strip() else "<html></html>").find("body")
    return iter(()) if body is None else _texts_of(body)


def _texts_of(element: Tag) -> Iterator[str]:
    yield from (str(element.get(name)) for name in SAYING if element.get(name))
    yield from _piece(element.text)
    for child in element:
        is_element = isinstance(child.tag, str)  # and no comment
        if is_element and child.tag not in QUOTED and child.get("lang", "id") == "id":
            yield from _texts_of(child)
        yield from _piece(child.tail)


def _piece(text: str | None) -> Iterator[str]:
    if text and text.strip():
        yield text.strip()


def unfit(page: str) -> set[str]:
    """Each as “what: the text”."""
    return set[str]().union(*map(_complaints, texts(page)))


@cache  # of the thousands of pages that are looked through, nearly all texts stand on each
def _complaints(said: str) -> frozenset[str]:
    found = set()
    text = NAMES.sub(" ", said)
    words = {word.casefold() for word in WORD.findall(text)}
    if NO_CHOICE in text:
        found.add(f"no choice: {text}")
    if ISO.search(text):
        found.add(f"ISO: {text[:120]}")
    if named := MACHINE_NAME.search(text):
        found.add(f"machine name {named[0]}: {text[:120]}")
    if english := words & ENGLISH:
        found.add(f"English {sorted(english)}: {text[:120]}")
    if raw := (words & raw_codes()) - INDONESIAN:
        found.add(f"code {sorted(raw)}: {text[:120]}")
    return frozenset(found)


def is_page(response: Any) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and response.headers.get("Content-Type", "").startswith("text/html")
    )
