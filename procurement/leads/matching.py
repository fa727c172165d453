"""Who might be connected with whom: officials, the parties they declared, and suppliers with the people behind them.

Exact on hashes of NIK, NPWP and accounts; on keys of telephones and addresses; fuzzy on names. A name alone is only ever
a lead: its score stays at NAME_ONLY or below, whatever the similarity (Indonesian names often are one word, and repeat).
The similarity of names is rapidfuzz's token ratio on the keys of `procurement_name_key` (no titles, no legal forms).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import execute_values
from rapidfuzz import fuzz

from core.locks import lock_number

SQL = (Path(__file__).parent / "matching.sql").read_text(encoding="utf-8")
SIMILAR = 90.0  # of 100
NAME_ONLY = 0.45
NAME_EQUAL, NAME_ALIKE = 0.4, 0.3
RARE_WORD = 60  # a word that more names than this share says nothing about two of them
LONG_NAME = 3  # words: equal names this long are told even when the two never met
AT_MOST = 10  # suppliers that share a telephone or address; above it is a building, a call centre, a notary
_BIDDERS = """
INSERT INTO hit
WITH trait AS MATERIALIZED (
    SELECT supplier_id, kind AS what, key, CASE kind WHEN 'account' THEN 0.95 WHEN 'phone' THEN 0.7 ELSE 0.5 END AS score
      FROM procurement_suppliercontact WHERE key <> '' AND until_day IS NULL
    UNION
    SELECT supplier_id, CASE WHEN role = 'owner' THEN 'owner' ELSE 'person' END, identity_hash, 0.9
      FROM procurement_supplierperson WHERE identity_hash <> '' AND until_day IS NULL AND (role <> 'owner' OR share_percent > 50)
    UNION
    SELECT supplier_id, 'name', name_key, %(name_equal)s
      FROM procurement_supplierperson WHERE until_day IS NULL AND name_key <> ''
),
telling AS (SELECT what, key FROM trait GROUP BY what, key HAVING count(DISTINCT supplier_id) BETWEEN 2 AND %(at_most)s),
linked AS MATERIALIZED (
    SELECT DISTINCT a.supplier_id AS one, b.supplier_id AS other, a.what, a.score
      FROM telling t JOIN trait a ON a.what = t.what AND a.key = t.key JOIN trait b ON b.what = t.what AND b.key = t.key AND a.supplier_id < b.supplier_id
)
SELECT 'b' || l.other, l.one, l.what, '', l.score
  FROM linked l
 WHERE EXISTS (SELECT 1 FROM procurement_offer a JOIN procurement_offer b ON b.package_id = a.package_id AND b.supplier_id = l.other AND b.state <> 'withdrawn'
                WHERE a.supplier_id = l.one AND a.state <> 'withdrawn')
   AND (%(suppliers)s::bigint[] IS NULL OR l.one = ANY (%(suppliers)s::bigint[]) OR l.other = ANY (%(suppliers)s::bigint[]))
"""
_MEETINGS = """
CREATE TEMP TABLE meeting ON COMMIT DROP AS
SELECT h.mark, h.supplier, max(m.package_id) AS package, count(DISTINCT m.package_id) AS packages
  FROM (SELECT DISTINCT mark, supplier FROM hit) h
  LEFT JOIN person p ON p.mark = h.mark
  JOIN LATERAL (
       SELECT o.package_id FROM procurement_officer o
         JOIN (SELECT package_id, supplier_id FROM procurement_offer WHERE state <> 'withdrawn'
               UNION SELECT package_id, supplier_id FROM procurement_contract WHERE superseded_at IS NULL) b
           ON b.package_id = o.package_id AND b.supplier_id = h.supplier
        WHERE p.official IS NOT NULL AND o.user_id = p.official AND o.removed_at IS NULL
       UNION ALL
       SELECT a.package_id FROM procurement_offer a JOIN procurement_offer b ON b.package_id = a.package_id AND b.state <> 'withdrawn'
        WHERE h.mark LIKE 'b%%' AND a.supplier_id = h.supplier AND a.state <> 'withdrawn' AND b.supplier_id = substr(h.mark, 2)::bigint
  ) m ON true
 GROUP BY h.mark, h.supplier
"""
# Names only count where the two met in a package, or where the name is long, or where a declared party is a supplier's name.
_LEADS = """
CREATE TEMP TABLE found ON COMMIT DROP AS
SELECT h.mark || ':s' || h.supplier AS fingerprint, p.official, p.interest, h.supplier,
       CASE WHEN h.mark LIKE 'b%%' THEN substr(h.mark, 2)::bigint END AS other, m.package,
       least(1 - exp(sum(ln(1 - least(h.score, 0.999)))), CASE WHEN bool_and(h.what = 'name') THEN %(name_only)s ELSE 1 END) AS score,
       jsonb_agg(jsonb_build_object('what', h.what, 'detail', h.detail, 'score', h.score) ORDER BY h.score DESC, h.what)
           || CASE WHEN m.packages IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('what', 'met', 'packages', m.packages)) END AS evidence
  FROM (SELECT mark, supplier, what, max(detail) AS detail, max(score) AS score FROM hit GROUP BY mark, supplier, what) h
  LEFT JOIN person p ON p.mark = h.mark
  LEFT JOIN meeting m ON m.mark = h.mark AND m.supplier = h.supplier
 GROUP BY h.mark, h.supplier, p.official, p.interest, p.name_key, m.package, m.packages
HAVING bool_or(h.what <> 'name') OR m.package IS NOT NULL OR max(h.score) >= %(name_equal)s AND (
       cardinality(string_to_array(p.name_key, ' ')) >= %(long_name)s OR p.interest IS NOT NULL AND bool_or(h.detail LIKE 'company:%%'));
INSERT INTO procurement_lead (fingerprint, official_id, interest_id, supplier_id, other_supplier_id, package_id, score, evidence, found_at, state, note)
SELECT fingerprint, official, interest, supplier, other, package, round(score::numeric, 3)::float8, evidence, now(), 'open', '' FROM found
ON CONFLICT (fingerprint) DO UPDATE
   SET score = excluded.score, evidence = excluded.evidence, package_id = excluded.package_id, interest_id = excluded.interest_id, closed_at = NULL
 WHERE procurement_lead.closed_at IS NOT NULL OR procurement_lead.evidence <> excluded.evidence
    OR procurement_lead.package_id IS DISTINCT FROM excluded.package_id OR procurement_lead.interest_id IS DISTINCT FROM excluded.interest_id
"""
_CLOSE = """
UPDATE procurement_lead l SET closed_at = now()
 WHERE l.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM found f WHERE f.fingerprint = l.fingerprint)
   AND (%(people)s::bigint[] IS NULL OR l.official_id = ANY (%(people)s::bigint[]))
   AND (%(suppliers)s::bigint[] IS NULL OR l.supplier_id = ANY (%(suppliers)s::bigint[]) OR l.other_supplier_id = ANY (%(suppliers)s::bigint[]))
"""


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
        "rare": RARE_WORD, "at_most": AT_MOST, "name_only": NAME_ONLY, "name_equal": NAME_EQUAL, "long_name": LONG_NAME,
    }  # fmt: skip
    with connection.cursor() as cursor:
        # One at a time: two runs over the same leads would wait for each other's rows in different orders.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number("procurement-matching")])
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
        cursor.execute(SQL, values)
        compared = _names(cursor)
        if values["people"] is None:
            cursor.execute(_BIDDERS, values)
        cursor.execute("ANALYZE hit")
        cursor.execute(_MEETINGS)
        cursor.execute(_LEADS, values)
        cursor.execute(_CLOSE, values)
        cursor.execute(
            "SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM company), (SELECT count(*) FROM found)"
        )
        people_count, company_count, leads = cursor.fetchone()
        cursor.execute("DROP TABLE person, company, hit, person_name, company_name, company_word, meeting, found")
    return Matched(people_count, company_count, compared, leads)


def _names(cursor: Any) -> int:
    """Add hits by name; returns how many pairs of different keys were compared."""
    cursor.execute("SELECT name_key FROM person_name JOIN company_name USING (name_key)")
    alike = [(key, key, NAME_EQUAL) for (key,) in cursor.fetchall()]
    cursor.execute(
        """
        SELECT DISTINCT p.name_key, c.name_key
          FROM person_name p CROSS JOIN LATERAL unnest(string_to_array(p.name_key, ' ')) AS w
          JOIN company_word c ON c.word = w AND c.name_key <> p.name_key
         WHERE abs(length(p.name_key) - length(c.name_key)) <= 12
        """
    )
    pairs = cursor.fetchall()
    alike += [(one, other, NAME_ALIKE) for one, other in pairs if similarity(one, other) >= SIMILAR]
    cursor.execute("CREATE TEMP TABLE alike (one text, other text, score float8) ON COMMIT DROP")
    execute_values(cursor.cursor, "INSERT INTO alike VALUES %s", alike, page_size=5_000)
    cursor.execute(
        """
        INSERT INTO hit SELECT p.mark, c.supplier, 'name', c.who || ': ' || c.written, a.score
          FROM alike a JOIN person p ON p.name_key = a.one JOIN company c ON c.name_key = a.other
        """
    )
    cursor.execute("DROP TABLE alike")
    return len(pairs)
