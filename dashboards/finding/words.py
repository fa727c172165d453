"""What somebody typed into the search, taken apart."""

import re
from dataclasses import dataclass

from django.db import connection

from accounts.models import Agency

LONGEST, MOST_WORDS = 100, 8
SHORTEST_STEM = 4  # shorter ones stand in too many other words
SHORTEST_AGENCY = 3
_STEMS = "SELECT typed, ts_lexize('pg_catalog.indonesian_stem', typed) FROM unnest(%s::text[]) AS typed"


@dataclass(frozen=True)
class Word:
    """`stems`: without prefixes and endings, as PostgreSQL's Indonesian dictionary takes them off. `agencies`: the OPD
    whose names hold the word."""

    text: str
    stems: tuple[str, ...]
    agencies: frozenset[int]
    meant: tuple[str, ...] = ()  # words that are nearly so written, of one that stands nowhere

    @property
    def written(self) -> tuple[str, ...]:
        """Every way of writing that counts as a hit. A stem that stands in the word itself finds the word too."""
        own = self.stems if any(stem in self.text for stem in self.stems) else (self.text, *self.stems)
        return (*own, *self.meant)

    @property
    def is_short(self) -> bool:
        """Too short for an index of three letters: such a word is looked for at the beginning of a text."""
        return len(self.text) < 3  # noqa: PLR2004 (letters of a trigram)


@dataclass(frozen=True)
class Words:
    text: str
    words: tuple[Word, ...]

    def __bool__(self) -> bool:
        return bool(self.words)


def taken_apart(typed: str) -> Words:
    """Two queries, whatever was typed; none where nothing was."""
    text = " ".join(typed.replace("\0", "")[:LONGEST].split())
    parts = list(dict.fromkeys(part.strip(".-/_") for part in re.split(r"[^\w.\-/]+", text.casefold())))
    parts = [part for part in parts if part][:MOST_WORDS]
    if len(text) < 2 or not parts:  # noqa: PLR2004 (one letter finds everything)
        return Words(text, ())
    stems, named = _stems_of(parts), _agencies()
    return Words(
        text,
        tuple(
            Word(
                part,
                stems.get(part, ()),
                frozenset(pk for pk, name in named if len(part) >= SHORTEST_AGENCY and part in name),
            )
            for part in parts
        ),
    )


def _stems_of(parts: list[str]) -> dict[str, tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_STEMS, [parts])
        return {
            part: tuple(stem for stem in stems or () if stem != part and len(stem) >= SHORTEST_STEM)
            for part, stems in cursor.fetchall()
        }


def _agencies() -> list[tuple[int, str]]:
    rows = Agency.objects.with_former().values_list("pk", "name", "short_name")
    return [(pk, f"{name} {short_name}".casefold()) for pk, name, short_name in rows]
