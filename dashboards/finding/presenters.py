"""What the page of hits shows: titles with the words marked that were looked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dashboards.finding.base import Found, Hits
from dashboards.finding.words import Words

Piece = tuple[str, bool]  # text, and whether it is marked


@dataclass(frozen=True)
class ShownHit:
    title: list[Piece]
    detail: list[Piece]
    url: str


@dataclass(frozen=True)
class ShownKind:
    hits: Hits
    rows: list[ShownHit]

    @property
    def has_more(self) -> bool:
        return self.hits.count > len(self.rows)


def shown_kinds(hits: list[Hits], words: Words) -> list[ShownKind]:
    return [ShownKind(each, [_shown(found, words) for found in each.found]) for each in hits]


def _shown(found: Found, words: Words) -> ShownHit:
    return ShownHit(list(marked(found.title, words)), list(marked(found.detail, words)), found.url)


def marked(text: str, words: Words) -> Iterator[Piece]:
    """The text in pieces: (“Bayi dengan ”, False), (“stunting”, True)."""
    written = sorted({each for word in words.words for each in (word.text, *word.written)}, key=len, reverse=True)
    if not written:
        yield text, False
        return
    for place, piece in enumerate(re.split(f"({'|'.join(map(re.escape, written))})", text, flags=re.IGNORECASE)):
        if piece:
            yield piece, place % 2 == 1
