"""The guides of docs/guides, cut at their headings: one source for the pages, the panel “?” and the search.

A section says which pages it is of in a comment under its heading: `<!-- halaman: programs:program procurement:* -->`.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

FOLDER = Path(settings.BASE_DIR) / "docs" / "guides"
ORDER = ("account", "opd", "governors_office", "auditor", "steward")
_HEADING = re.compile(r"^(#{1,3}) (.+)$", re.MULTILINE)
_PAGES = re.compile(r"<!-- halaman: ([\w:*\- ]+) -->\n?")
_PICTURE = re.compile(r"^\s*!\[[^\]]*\]\([^)]*\)\n?", re.MULTILINE)  # pictures of the demo stay in the repository


@dataclass(frozen=True)
class Section:
    """`body` is HTML of ours, without the heading; `pages` are names of addresses, `*` for all of a namespace."""

    guide: str
    key: str
    title: str
    pages: tuple[str, ...]
    body: SafeString
    text: str

    def is_of(self, name: str) -> bool:
        return any(name == page or (page.endswith(":*") and name.startswith(page[:-1])) for page in self.pages)


@dataclass(frozen=True)
class Guide:
    key: str
    title: str
    sections: tuple[Section, ...]


@cache
def guides() -> dict[str, Guide]:
    return {key: _read(key) for key in ORDER}


def section_of(name: str) -> Section | None:
    """The section of a page: one that names the page itself goes before one that names all of its namespace."""
    found = [each for guide in guides().values() for each in guide.sections if each.is_of(name)]
    return min(found, key=lambda each: name not in each.pages, default=None)


def _read(key: str) -> Guide:
    text = (FOLDER / f"{key}.md").read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    parts = [(heading[2], text[heading.end() : end]) for heading, end in zip(headings, ends, strict=True)]
    title, opening = parts[0]
    sections = [_section(key, name, body) for name, body in parts[1:]]
    if opening.strip():
        sections.insert(0, _section(key, title, opening))
    return Guide(key, title, tuple(sections))


def _section(guide: str, title: str, text: str) -> Section:
    named = [page for found in _PAGES.finditer(text) for page in found[1].split()]
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(_PICTURE.sub("", _PAGES.sub("", text)))
    shown = mark_safe(body)  # noqa: S308 (from our own files, raw HTML in them switched off)
    return Section(guide, slugify(title), title, tuple(named), shown, strip_tags(body))
