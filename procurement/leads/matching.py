"""Who might be connected with whom: officials, the parties they declared, and suppliers with the people behind them.

Exact on hashes of NIK, NPWP and accounts; on keys of telephones and addresses; fuzzy on names. A name alone is only
ever a lead: its score stays at NAME_ONLY or below, whatever the similarity (Indonesian names often are one word, and
repeat). The similarity of names is rapidfuzz's token ratio on the keys of `procurement_name_key` (no titles, no legal
forms).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import execute_values
from rapidfuzz import fuzz

from core.locks import wait_for_lock
from core.sql import statements

SQL = statements("matching.sql", beside=__file__)
SIMILAR = 90.0  # of 100
NAME_ONLY = 0.45
NAME_EQUAL, NAME_ALIKE = 0.4, 0.3
RARE_WORD = 60  # a word that more names than this share says nothing about two of them
LONG_NAME = 3  # words: equal names this long are told even when the two never met
AT_MOST = 10  # suppliers that share a telephone or address; above it is a building, a call centre, a notary


@dataclass(frozen=True)
class Matched:
    """Sizes of the two sides, pairs of names that were compared, leads that stand now."""

    people: int
    companies: int
    compared: int
    leads: int


def similarity(one: str, other: str) -> float:
    """0…100 of two name keys, whose words are in order. A key that is part of the other counts from two words on."""
    ratio = fuzz.ratio(one, other, score_cutoff=SIMILAR)
    if not ratio and one.count(" ") and other.count(" ") and fuzz.token_set_ratio(one, other, score_cutoff=100):
        return SIMILAR
    return ratio


@transaction.atomic
def match(*, people: Iterable[int] | None = None, suppliers: Iterable[int] | None = None) -> Matched:
    """Find leads; new ones are opened, those whose evidence is gone are closed, reviews stay.

    `people` (users) or `suppliers` limit it to what may have changed; both None: everything.
    """
    values = {
        "people": None if people is None else list(people),
        "suppliers": None if suppliers is None else list(suppliers),
        "rare": RARE_WORD,
        "at_most": AT_MOST,
        "name_only": NAME_ONLY,
        "name_equal": NAME_EQUAL,
        "long_name": LONG_NAME,
    }
    with connection.cursor() as cursor:
        # One at a time: two runs over the same leads would wait for each other's rows in different orders.
        wait_for_lock("procurement-matching")
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
        cursor.execute(SQL["candidates"], values)
        compared = _names(cursor)
        cursor.execute(SQL["members"], values)
        if values["people"] is None:
            cursor.execute(SQL["bidders"], values)
        cursor.execute("ANALYZE hit")
        cursor.execute(SQL["meetings"], values)
        cursor.execute(SQL["leads"], values)
        cursor.execute(SQL["close"], values)
        cursor.execute(
            "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM company), (SELECT count(*) FROM found)"
        )
        people_count, company_count, leads = cursor.fetchone()
        cursor.execute(
            "DROP TABLE person, company, hit, person_name, company_name, company_word, member, meeting, found"
        )
    return Matched(people_count, company_count, compared, leads)


def _names(cursor: Any) -> int:
    """Add hits by name; returns how many pairs of different keys were compared."""
    cursor.execute("SELECT name_key FROM person_name JOIN company_name USING (name_key)")
    alike = [(key, key, NAME_EQUAL) for (key,) in cursor.fetchall()]
    cursor.execute(SQL["pairs_of_names"])
    pairs = cursor.fetchall()
    alike += [(one, other, NAME_ALIKE) for one, other in pairs if similarity(one, other) >= SIMILAR]
    cursor.execute("CREATE TEMP TABLE alike (one text, other text, score float8) ON COMMIT DROP")
    execute_values(cursor.cursor, "INSERT INTO alike VALUES %s", alike, page_size=5_000)
    cursor.execute(SQL["hits_by_name"])
    cursor.execute("DROP TABLE alike")
    return len(pairs)
