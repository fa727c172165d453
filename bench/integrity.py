"""Procurement integrity at size M: red flags, matching, and files for auditors."""

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.worlds import HOME, size_s, without_triggers

PACKAGES_M = 144_260
SUPPLIERS, PEOPLE = 20_000, 50_000
REPEATS = 5

_TABLES = [
    "procurement_package",
    "procurement_offer",
    "procurement_award",
    "procurement_contract",
    "procurement_addendum",
    "procurement_supplier",
    "procurement_supplierperson",
    "procurement_suppliercontact",
    "procurement_officer",
    "procurement_declaration",
    "procurement_decision",
    "accounts_user",
]
# Names as people have them: a common first word, then words of some four thousand, so that equal names are rare but
# there.
_FILL = [
    """
    CREATE FUNCTION pg_temp.word(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT s[1 + (h & 15)] || s[1 + (h >> 4 & 15)] || s[1 + (h >> 8 & 15)]
          FROM (SELECT string_to_array('ba di ka lu ma ni pa ra sa ti wa ya gu jo len sur', ' ') AS s,
              hashint4(n) AS h) x
    $$
    """,
    """
    INSERT INTO procurement_supplier (version, updated_at, name, kind, tax_number, tax_number_hash, business_number,
        known_since, is_sample)
    SELECT 1, now(), (ARRAY['PT','CV','UD'])[1 + n %% 3] || ' '
            || initcap(w[1 + n %% 40]) || ' ' || initcap(pg_temp.word(n))
            || ' ' || initcap(pg_temp.word(-n)),
           'pt', '', encode(sha256(('npwp' || n)::bytea), 'hex'), '', current_date - 2000 - n %% 900, true
      FROM generate_series(1, %(suppliers)s) n, (SELECT string_to_array(%(words)s, ' ') AS w) words
    """,
    """
    INSERT INTO procurement_supplierperson (supplier_id, name, identity, identity_hash, role)
    SELECT s.id, initcap(w[1 + (s.id * 7 + k * 13)::int %% 40]) || ' ' || initcap(pg_temp.word((s.id * 2 + k)::int))
            || ' ' || initcap(pg_temp.word((s.id * 5 + k)::int)),
           '', encode(sha256(('nik' || s.id * 2 + k)::bytea), 'hex'), (ARRAY['director','owner'])[1 + k]
      FROM procurement_supplier s, generate_series(0, 1) k, (SELECT string_to_array(%(words)s, ' ') AS w) words
          WHERE s.tax_number = ''
    """,
    """
    INSERT INTO procurement_suppliercontact (supplier_id, kind, value, key)
    SELECT s.id, k.kind, '', k.kind || '-' || s.id / (CASE WHEN s.id %% 500 = 0 THEN 2 ELSE 1 END)
      FROM procurement_supplier s, (VALUES ('address'), ('phone'), ('account')) AS k (kind) WHERE s.tax_number = ''
    """,
    """
    INSERT INTO procurement_package (version, updated_at, fiscal_year, rup_code, name, kind, method,
        self_managed_type, selection_method, kbki_code,
                                     ceiling_rupiah, hps_rupiah, state, rup_published_on, announced_at, offers_from,
                                         offers_until, award_note,
                                     is_framework, agency_id, created_by_id, is_sample, lacks_declarations)
    SELECT 1, now(), extract(year FROM now())::int - n %% 5, (80000000 + n)::text,
           'Pengadaan ' || w[1 + n %% 40] || ' ' || w[1 + (n / 40) %% 40] || ' ' || w[1 + (n / 1600) %% 40] || ' ' || n,
           (ARRAY['goods','works','consulting','other_services'])[1 + n %% 4],
               (ARRAY['tender','e_purchasing','direct_procurement','tender'])[1 + n %% 4], '', '',
           (10 + n %% 80)::text || '11', v.ceiling, v.ceiling * 0.98, CASE WHEN n %% 50 = 0 THEN 'cancelled'
               ELSE 'contracted' END,
           v.day::date - 30, v.day, v.day, v.day + interval '20 days', '', false,
           (SELECT array_agg(id ORDER BY id) FROM accounts_agency)[1 + n %% 40], (SELECT min(id) FROM accounts_user),
               true, n %% 25 = 0 AND n %% 50 > 0
      FROM generate_series(1, %(packages)s) n, (SELECT string_to_array(%(words)s, ' ') AS w) words,
           LATERAL (SELECT (50000000 + (n * 7919 %% 900) * 1000000)::numeric AS ceiling,
                           make_date(extract(year FROM now())::int - n %% 5, 1 + n %% 10,
                               1 + n %% 27)::timestamptz AS day) v
    """,
    """
    INSERT INTO procurement_offer (package_id, supplier_id, amount_rupiah, handed_in_at, state, note)
    SELECT p.id, (SELECT min(id) FROM procurement_supplier
        WHERE tax_number = '') + (p.id * 31 + k * 977) %% %(suppliers)s,
           round(p.hps_rupiah * (0.80 + 0.17 * ((hashint8(p.id * 3 + k)::bigint + 2147483648) %% 100003) / 100003.0)),
            p.offers_from + interval '3 days',
           CASE WHEN (p.id + k) %% 17 = 0 AND k > 0 THEN 'disqualified' ELSE 'valid' END, ''
      FROM procurement_package p, generate_series(0, 2) k WHERE p.rup_code LIKE '8%%' AND length(p.rup_code) = 8
          AND p.state = 'contracted'
    """,
    """
    INSERT INTO procurement_award (package_id, supplier_id, amount_rupiah, decided_on, above_reason,
        cancelled_because)
    SELECT DISTINCT ON (o.package_id) o.package_id, o.supplier_id, o.amount_rupiah, o.handed_in_at::date + 20, '', ''
      FROM procurement_offer o JOIN procurement_package p ON p.id = o.package_id
     WHERE o.state = 'valid' AND p.rup_code LIKE '8%%' AND length(p.rup_code) = 8 ORDER BY o.package_id, o.amount_rupiah
    """,
    """
    INSERT INTO procurement_contract (package_id, supplier_id, correction_reason, kind, number, signed_on,
        value_rupiah, above_reason, entered_by_id, entered_at)
    SELECT a.package_id, a.supplier_id, '', 'kontrak', 'K/' || a.package_id, a.decided_on + 5, a.amount_rupiah, '',
        (SELECT min(id) FROM accounts_user), now()
      FROM procurement_award a JOIN procurement_package p ON p.id = a.package_id WHERE p.rup_code LIKE '8%%'
          AND length(p.rup_code) = 8
    """,
    """
    INSERT INTO procurement_addendum (contract_id, number, signed_on, value_rupiah, reason)
    SELECT id, 1, signed_on + 30, value_rupiah * (1 + id %% 13 / 100.0), 'x' FROM procurement_contract
        WHERE id %% 20 = 0 AND number LIKE 'K/%%'
       AND NOT EXISTS (SELECT 1 FROM procurement_addendum x WHERE x.contract_id = procurement_contract.id)
    """,
    """
    INSERT INTO accounts_user (password, is_superuser, username, is_active, full_name, is_staff, date_joined, email,
        phone, dark_mode, language, notices_by_mail)
    SELECT '', false, 'orang' || n, false,
        initcap(w[1 + (n * 11) %% 40]) || ' ' || initcap(pg_temp.word(n + 7)) || CASE WHEN n %% 3 > 0
            THEN ' ' || initcap(pg_temp.word(n * 3 + 1)) ELSE '' END || CASE WHEN n %% 3 = 0 THEN ', S.T.' ELSE '' END,
           false, now(), '', '', 'auto', 'id', 'at_once'
      FROM generate_series(1, %(people)s) n, (SELECT string_to_array(%(words)s, ' ') AS w) words
    """,
    """
    INSERT INTO procurement_officer (package_id, user_id, role, assigned_at)
    SELECT p.id, (SELECT min(id) FROM accounts_user WHERE username LIKE 'orang%%') + p.id %% %(people)s, 'ppk',
        now() - interval '1 year' FROM procurement_package p
     WHERE p.rup_code LIKE '8%%' AND length(p.rup_code) = 8
    """,
    """
    INSERT INTO procurement_declaration (officer_id, declarer_id, agency_id, fiscal_year, number, has_interest,
        declared_at, signed_by)
    SELECT o.id, o.user_id, p.agency_id, p.fiscal_year, 1, false, p.announced_at - interval '1 day', 'none'
      FROM procurement_officer o JOIN procurement_package p ON p.id = o.package_id WHERE o.id %% 25 > 0
          AND p.announced_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM procurement_declaration d WHERE d.officer_id = o.id)
    """,
    """
    INSERT INTO procurement_decision (declaration_id, kind, reason, decided_by_id, decided_at)
    SELECT d.id, 'no_conflict', 'x', (SELECT min(u.id) FROM accounts_user u WHERE u.id <> d.declarer_id), d.declared_at
      FROM procurement_declaration d
     WHERE NOT EXISTS (SELECT 1 FROM procurement_decision s WHERE s.declaration_id = d.id)
    """,
]
_WORDS = (
    "anoa bekantan cendana damar elang fajar gaharu hulu indigo jelawat kahoi lontar meranti nibung orkid "
    "pesut ramin sapat tekukur ulin walet yaki zamrud arut batara ciremai dayak eboni ganesha haruan ibis "
    "jambu kapur lumba mandau nuri onta payau rotan siamang"
)


def fill() -> None:
    from django.db import connection, transaction

    from procurement.models import Offer

    if Offer.objects.count() > PACKAGES_M:
        return
    values = {"packages": PACKAGES_M, "suppliers": SUPPLIERS, "people": PEOPLE, "words": _WORDS}
    with transaction.atomic(), connection.cursor() as cursor:
        with without_triggers(cursor, *_TABLES):
            for statement in _FILL:
                cursor.execute(statement, values)
        cursor.execute("ANALYZE")


def _median(work: Any, repeats: int = REPEATS) -> float:
    times = []
    for _repeat in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _as_ocds() -> Path:
    from procurement.ocds import releases

    path = HOME / "integrity" / "releases.jsonl"
    if not path.exists():
        began, half = time.perf_counter(), path.with_suffix(".part")
        with half.open("w", encoding="utf-8") as file:
            for text in releases.release_texts(is_compiled=True):
                file.write(text + "\n")
        half.rename(path)
        print(f"written as OCDS in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return path


def flags() -> Iterator[Figure]:
    """Every flag over 144,260 packages, kept in the portal, against one pass of Cardinal's coverage over the same as
    OCDS."""
    import ocdscardinal

    with size_s(HOME / "integrity", with_packages=False):
        from procurement.red_flags import services as flag_services

        fill()
        path = _as_ocds()
        flag_services.run()  # the first run writes all flags; the nightly one only what changed
        result = flag_services.run()
        print(f"flags raised: {dict(result.raised)}; OCDS {path.stat().st_size / 1e6:.0f} MB", file=sys.stderr)
        value = _median(flag_services.run, 3)
        floor = _median(lambda: ocdscardinal.coverage(str(path)), 3)
        yield Figure("flags", value, "s", "ocdscardinal_coverage", value / floor)


def match() -> Iterator[Figure]:
    """50,000 people × 20,000 suppliers with 40,000 people behind them, against rapidfuzz on the same pairs of names
    alone."""
    with size_s(HOME / "integrity", with_packages=False):
        from procurement.leads import matching

        fill()
        found = matching.match()
        print(f"matched: {found}", file=sys.stderr)
        value = _median(matching.match, 3)
        names = [f"{a} {b}" for a in _WORDS.split() for b in _WORDS.split()]
        pairs = [(names[n % len(names)], names[(n * 7 + 1) % len(names)]) for n in range(max(found.compared, 1))]
        floor = _median(lambda: [matching.similarity(one, other) for one, other in pairs], 3)
        yield Figure("match", value, "s", "similarity_of_the_same_number_of_pairs", value / floor)
