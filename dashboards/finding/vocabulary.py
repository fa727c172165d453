"""The words that stand in anything that can be found: mistyped ones are put right by them.

Kept by the worker, so a word that nobody used before is forgiven its misspellings a quarter of an hour later; as it is
written it is found at once. The words stand here without what they come from, and are never shown: a hit is looked up
anew among what the reader may see.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.db import connection, transaction
from psycopg2.sql import SQL, Identifier
from rapidfuzz import fuzz

from core import sql
from dashboards.finding.kinds import KINDS
from dashboards.finding.words import Word, Words
from dashboards.models import SearchWord

SHORTEST, LONGEST = 4, 40  # letters: shorter ones are like too many others
LIKENESS = "0.3"  # of groups of three letters, to be looked at: “psoyandu” and “posyandu” share 0.38
SAME_WORD = 72  # of rapidfuzz's hundred, to be taken for what was meant
MOST_MEANT = 3


def refresh() -> int:
    """Take in words that are new; how many there were."""
    added = 0
    take_in = SQL(sql.statement("vocabulary.sql", beside=__file__))
    for table, column in sorted({each for kind in KINDS for each in kind.columns()}):
        names = {"table": Identifier(table), "column": Identifier(column)}
        with transaction.atomic(), connection.cursor() as cursor:
            sql.execute(cursor, take_in.format(**names), {"shortest": SHORTEST, "longest": LONGEST})
            added += cursor.rowcount
    return added


def put_right(words: Words) -> Words | None:
    """The same words with those that stand nowhere put right; None where there is nothing to put right."""
    unknown = [word.text for word in words.words if len(word.text) >= SHORTEST and word.text.isalpha()]
    alike = _alike(unknown)
    if not any(alike.values()):
        return None
    return Words(words.text, tuple(_meant(word, alike.get(word.text, [])) for word in words.words))


def _meant(word: Word, alike: Iterable[str]) -> Word:
    return replace(word, meant=tuple(alike))


def _alike(typed: list[str]) -> dict[str, list[str]]:
    """Of each word that stands nowhere, those that are most like it."""
    found: dict[str, list[str]] = {word: [] for word in typed}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [LIKENESS])
        for word in typed:
            if SearchWord.objects.filter(word__contains=word).exists():
                continue
            likely = SearchWord.objects.filter(word__trigram_similar=word).values_list("word", flat=True)[:200]
            scored = sorted(((fuzz.ratio(word, each), each) for each in likely), reverse=True)
            found[word] = [each for score, each in scored[:MOST_MEANT] if score >= SAME_WORD]
    return found
