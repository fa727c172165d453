"""The words that stand in anything that can be found: mistyped ones are put right by them.

Kept by the worker, so a word that nobody used before is forgiven its misspellings a quarter of an hour later; as it is
written it is found at once. The words stand here without what they come from, and are never shown: a hit is looked up
anew among what the reader may see.
"""

from dataclasses import replace

from django.db import connection, transaction
from psycopg2.sql import SQL, Identifier
from rapidfuzz import fuzz

from core import sql
from dashboards.finding.kinds import KINDS
from dashboards.finding.words import Words
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


def put_right(words: Words) -> Words:
    """The same words; with one that stands nowhere, those that are most like it."""
    unknown = _unknown([word.text for word in words.words if len(word.text) >= SHORTEST and word.text.isalpha()])
    alike = {word: _alike(word) for word in unknown}
    if not any(alike.values()):
        return words
    return Words(words.text, tuple(replace(word, meant=tuple(alike.get(word.text, ()))) for word in words.words))


def _unknown(typed: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT typed, set_config('pg_trgm.similarity_threshold', %s, true) FROM unnest(%s::text[]) typed WHERE NOT"
            " EXISTS (SELECT FROM dashboards_searchword WHERE word LIKE '%%' || typed || '%%')",
            [LIKENESS, typed],
        )
        return [word for word, _threshold in cursor.fetchall()]


def _alike(word: str) -> list[str]:
    likely = SearchWord.objects.filter(word__trigram_similar=word).values_list("word", flat=True)[:200]
    scored = sorted(((fuzz.ratio(word, each), each) for each in likely), reverse=True)
    return [each for score, each in scored[:MOST_MEANT] if score >= SAME_WORD]
