"""What the page of hits shows: titles with the words marked that were looked for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from dashboards.finding.base import Found, Hits
from dashboards.finding.words import Words

SAME_WORD = 70  # of rapidfuzz's hundred: a mistyped word and the one that was meant
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


def shown_kinds(hits: list[Hits], words: Words, *, similar: bool) -> list[ShownKind]:
    return [ShownKind(each, [_shown(found, words, similar=similar) for found in each.found]) for each in hits]


def _shown(found: Found, words: Words, *, similar: bool) -> ShownHit:
    return ShownHit(
        list(marked(found.title, words, similar=similar)), list(marked(found.detail, words, similar=False)), found.url
    )


def marked(text: str, words: Words, *, similar: bool = False) -> Iterator[Piece]:
    """The text in pieces: (“Bayi dengan ”, False), (“stunting”, True)."""
    written = sorted({each for word in words.words for each in (word.text, *word.written)}, key=len, reverse=True)
    if similar:
        written += [each for each in re.findall(r"\w+", text.casefold()) if _is_like(each, words)]
    if not written:
        yield text, False
        return
    for place, piece in enumerate(re.split(f"({'|'.join(map(re.escape, written))})", text, flags=re.IGNORECASE)):
        if piece:
            yield piece, place % 2 == 1


def _is_like(word: str, words: Words) -> bool:
    return any(fuzz.ratio(word, each.text) >= SAME_WORD for each in words.words)
