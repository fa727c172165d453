"""The register of regulations that come with the portal, and how a text's citations lead to its rows.

Whoever writes a rule cites its regulation as people do, “Perpres 16/2018 jo. 12/2021, ps. 7 ayat (2)”: nothing else has
to be kept beside a rule for its link. `tests/accounts/regulations` finds a citation without a row.
"""

import csv
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings

KINDS = (
    r"UU|PP|Perpres|Perda|Pergub|Inpres|PMK|Permen(?:pan RB| PUPR|PU|[a-z]+)|Kepmen[a-z]+|Peraturan LKPP"  # as cited
)
NUMBER = r"(?:Nomor )?(?P<number>[\w.-]*\d[\w.-]*(?:/[A-Z]+)*)(?:/| Tahun )(?P<year>\d{4})"
ARTICLE = r"(?:,? ?\(?(?:ps\.|pasal|Pasal|art\.) ?(?P<article>\d+))"
CITATION = re.compile(
    rf"\b(?P<kind>{KINDS}) {NUMBER}(?P<changes>(?:,? jo\. \d+/\d{{4}})*){ARTICLE}?"
    r"|(?P<named>Instruksi Gubernur 17 Juni 2025|PMK akhir tahun anggaran)"
)
CHANGE = re.compile(r"jo\. (\d+/\d{4})")


@dataclass(frozen=True)
class Regulation:
    """A regulation, or one article of it: what it says here, from when, and where it was seen. Whoever compared it with
    the text before the portal came stands in the file; what is compared afterwards is a `RegulationCheck`."""

    key: str
    number: str
    article: str
    subject: str
    says: str
    in_force_from: dt.date | None
    seen_in: str
    checked_by: str
    checked_on: dt.date | None

    @property
    def first_day(self) -> dt.date:
        """Before it nobody can have read it: its day, or the beginning of the year in its number (UU 25/2009)."""
        years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", self.number)
        of_number = dt.date(int(years[-1]), 1, 1) if years else dt.date(1945, 1, 1)
        return of_number if self.in_force_from is None else min(of_number, self.in_force_from)

    @property
    def title(self) -> str:
        return f"{self.number} ps. {self.article}" if self.article else self.number


@dataclass(frozen=True)
class Citation:
    """A place in a text that names a regulation; `start` and `end` are where."""

    number: str
    article: str
    start: int
    end: int


def _day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _read(row: dict[str, str]) -> Regulation:
    days = {name: _day(row.pop(name)) for name in ("in_force_from", "checked_on")}
    return Regulation(**row, **days)  # type: ignore[arg-type]  # texts and days by name


@cache
def register() -> dict[str, Regulation]:
    """By key, in the order of the file."""
    with settings.REGULATIONS_FILE.open(encoding="utf-8", newline="") as file:
        rows = [_read(row) for row in csv.DictReader(file)]
    return {row.key: row for row in rows}


@cache
def _by_number() -> dict[tuple[str, str], Regulation]:
    return {(row.number, row.article): row for row in register().values()}


def citations(text: str) -> Iterator[Citation]:
    """Every regulation that the text names; those that change the named one (“jo. 12/2021”) too, at the same place."""
    for found in CITATION.finditer(text):
        start, end = found.span()
        if found["named"]:
            yield Citation(found["named"], "", start, end)
            continue
        yield Citation(f"{found['kind']} {found['number']}/{found['year']}", found["article"] or "", start, end)
        for changed in CHANGE.findall(found["changes"]):
            yield Citation(f"{found['kind']} {changed}", "", start, end)


def row_of(citation: Citation) -> Regulation | None:
    """Of its article where that has a row, else of the whole."""
    rows = _by_number()
    return rows.get((citation.number, citation.article)) or rows.get((citation.number, ""))


def has_its_row(citation: Citation) -> bool:
    return (citation.number, citation.article) in _by_number()
