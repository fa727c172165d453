-- Taking over a list of budget lines, set-wise. {table} is the staged list, {ready} what is worked out of it.
-- name: staged
{ready} r JOIN {table} s ON s.sheet_no = r.sheet_no AND s.row_no = r.row_no
-- Whether a staged row says something else than the current line of the same identity. What it leaves blank, or has no
-- column for, is as the current line says.
-- name: says_more
(({stored}) IS DISTINCT FROM ({staged}))
-- Current lines of the file's sub-activities that the file has no more, not even as a refused row.
-- name: missed
(SELECT l.* FROM programs_budgetline l
  WHERE l.until_id IS NULL AND l.sub_activity_id IN (SELECT DISTINCT sub_activity_id FROM {ready} WHERE is_own)
    AND NOT EXISTS (SELECT 1 FROM {ready} g WHERE g.identity = l.identity)) AS gone
-- Those of them that no refused row may mean: one that is of no known line may be any line of its sub-activity and
-- account, and of any where it names none that is known.
-- name: gone
(SELECT l.* FROM programs_budgetline l
  WHERE l.until_id IS NULL AND l.sub_activity_id IN (SELECT DISTINCT sub_activity_id FROM {ready} WHERE is_own)
    AND NOT EXISTS (SELECT 1 FROM {ready} g WHERE g.identity = l.identity)
    AND NOT EXISTS (SELECT 1 FROM {ready}
                     WHERE is_lost AND NOT is_settled AND sub_activity_id IS NULL AND account_code IS NULL)
    AND l.sub_activity_id NOT IN (
        SELECT sub_activity_id FROM {ready}
         WHERE is_lost AND NOT is_settled AND sub_activity_id IS NOT NULL AND account_code IS NULL)
    AND l.account_code NOT IN (
        SELECT account_code FROM {ready}
         WHERE is_lost AND NOT is_settled AND sub_activity_id IS NULL AND account_code IS NOT NULL)
    AND (l.sub_activity_id, l.account_code) NOT IN (
        SELECT sub_activity_id, account_code FROM {ready}
         WHERE is_lost AND NOT is_settled AND sub_activity_id IS NOT NULL AND account_code IS NOT NULL)) AS gone
-- A refused row that is of a known line speaks of that one and of no other.
-- name: settle
UPDATE {ready} r SET is_settled = true
 WHERE r.is_lost
   AND EXISTS (SELECT 1 FROM programs_budgetline l WHERE l.identity = r.identity AND l.until_id IS NULL)
-- Tax stands beside the amount, in it, or as a percentage of it.
-- name: amount_differs
s.amount_rupiah >= 0
AND abs(s.amount_rupiah - s.volume * s.price_rupiah) > 1
AND abs(s.amount_rupiah - s.volume * s.price_rupiah - coalesce(s.tax_rupiah, 0)) > 1
AND abs(s.amount_rupiah - s.volume * s.price_rupiah * (1 + coalesce(s.tax_rupiah, 0) / 100)) > 1
-- name: forget
DROP TABLE IF EXISTS {ready}
-- name: prepare
CREATE UNLOGGED TABLE {ready} AS
WITH {accounts},
placed AS (
    SELECT s.sheet_no, s.row_no, s.amount_rupiah, s.bad AS cell_bad, s.is_foreign, sub.id AS sub_activity_id,
           CASE WHEN s.account_code ~ '^5(\.[0-9]{{1,4}}){{5}}$' THEN s.account_code END AS account_code,
           sub.agency_id = %(agency)s AS is_own, {faults} AS faults,
           md5(concat_ws('|', sub.id, {same}))::uuid AS same, {class_of_row} AS spending_class
      FROM {table} s
      LEFT JOIN (
           SELECT sa.id, sa.sbl_code, p.agency_id
             FROM programs_subactivity sa
             JOIN programs_activity act ON act.id = sa.activity_id
             JOIN programs_program p ON p.id = act.program_id
            WHERE sa.fiscal_year = %(year)s
      ) AS sub ON sub.sbl_code = s.sbl_code
      LEFT JOIN accounts a ON a.account_code = s.account_code
),
numbered AS (
    SELECT *, row_number() OVER (PARTITION BY same ORDER BY sheet_no, row_no) AS occurrence FROM placed
)
SELECT sheet_no, row_no, amount_rupiah, sub_activity_id, is_own, spending_class, faults, occurrence > 1 AS is_twin,
       CASE WHEN occurrence = 1 THEN same ELSE md5(same::text || occurrence)::uuid END AS identity,
       cell_bad OR is_own IS NOT TRUE OR faults & %(refusing)s > 0 AS bad, account_code,
       (cell_bad OR sub_activity_id IS NULL OR faults & %(refusing)s > 0)
       AND is_own IS NOT FALSE AND is_foreign IS NOT TRUE AS is_lost,
       false AS is_settled
  FROM numbered
-- Rows without a current line of their identity, and current lines without a row: a list with fewer columns still
-- speaks of the same lines. What a row leaves blank may be anything; equal lines are told apart by their order.
-- name: to_adopt
SELECT EXISTS (SELECT 1 FROM {missed})
-- name: adopt_equal
WITH loose AS (
    SELECT r.sheet_no, r.row_no, r.sub_activity_id, s.account_code, {columns}, ({columns})::text AS said,
           row_number() OVER (PARTITION BY r.sub_activity_id, s.account_code, ({columns})::text
                              ORDER BY r.sheet_no, r.row_no) AS place
      FROM {staged} LEFT JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
     WHERE r.is_own AND l.id IS NULL
),
pairs AS (
    SELECT loose.*, gone.identity, gone.spending_class,
           dense_rank() OVER (PARTITION BY loose.sub_activity_id, loose.account_code, loose.said
                              ORDER BY gone.id) AS line_place,
           min(loose.said) OVER (PARTITION BY gone.id) = max(loose.said) OVER (PARTITION BY gone.id) AS is_claimed_once
      FROM loose
      JOIN {missed} ON gone.sub_activity_id = loose.sub_activity_id
       AND gone.account_code = loose.account_code AND {equal}
)
UPDATE {ready} r SET identity = pairs.identity, spending_class = pairs.spending_class
  FROM pairs
 WHERE r.sheet_no = pairs.sheet_no AND r.row_no = pairs.row_no AND place = line_place AND is_claimed_once
-- Columns that no row of the list fills: it has none of them.
-- name: filled
SELECT {counts} FROM {table}
-- Where the amounts differ: only by what the list has no column for, never by a blank cell, and by some text at least.
-- name: adopt_only
WITH loose AS (
    SELECT r.sheet_no, r.row_no, r.sub_activity_id, s.account_code, {texts}
      FROM {staged} LEFT JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
     WHERE r.is_own AND l.id IS NULL AND coalesce({texts}) IS NOT NULL
),
pairs AS (
    SELECT loose.sheet_no, loose.row_no, gone.identity, gone.spending_class,
           count(*) OVER (PARTITION BY loose.sheet_no, loose.row_no) AS lines,
           count(*) OVER (PARTITION BY gone.id) AS claims
      FROM loose
      JOIN {missed} ON gone.sub_activity_id = loose.sub_activity_id
       AND gone.account_code = loose.account_code AND {alike}
)
UPDATE {ready} r SET identity = pairs.identity, spending_class = pairs.spending_class
  FROM pairs
 WHERE r.sheet_no = pairs.sheet_no AND r.row_no = pairs.row_no AND lines = 1 AND claims = 1
-- name: analyze
ANALYZE {ready} (identity, sub_activity_id)
-- name: count
SELECT count(*) FILTER (WHERE r.bad), count(*) FILTER (WHERE NOT r.bad AND l.id IS NULL),
       count(*) FILTER (WHERE NOT r.bad AND l.id IS NOT NULL)
  FROM {ready} r LEFT JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
-- name: count_changed
SELECT count(*) FILTER (WHERE {says_more})
  FROM {staged} JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
 WHERE NOT r.bad
-- name: count_emptied
SELECT count(*)
  FROM {staged} JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
 CROSS JOIN LATERAL unnest(string_to_array(s.emptied, ',')) AS going(name)
 WHERE NOT r.bad AND coalesce(to_jsonb(l) ->> going.name, '') <> ''
-- name: count_gone
SELECT count(*) FROM {gone}
-- name: count_missed
SELECT count(*) FROM {missed}
-- name: faulty
SELECT r.sheet_no, r.row_no, r.faults, s.volume * s.price_rupiah, {shown}, count(*) OVER ()
  FROM {staged}
 WHERE r.faults > 0
 ORDER BY r.sheet_no, r.row_no
 LIMIT %(most)s
-- name: twins
SELECT r.sheet_no, r.row_no, s.component, count(*) OVER ()
  FROM {staged}
 WHERE r.is_twin AND NOT r.bad
 LIMIT %(most)s
-- name: over_ceiling
SELECT first.sheet_no, first.row_no, sub.sbl_code, sums.total, sub.ceiling_rupiah
  FROM (SELECT sub_activity_id, sum(amount_rupiah) AS total, min(sheet_no * 10000000::bigint + row_no) AS place
          FROM {ready} WHERE NOT bad GROUP BY 1) AS sums
  JOIN programs_subactivity sub ON sub.id = sums.sub_activity_id AND sums.total > sub.ceiling_rupiah
  JOIN {ready} first ON first.sheet_no = sums.place / 10000000 AND first.row_no = mod(sums.place, 10000000)
 ORDER BY 1, 2
 LIMIT %(most)s
-- name: changed
SELECT 'changed', s.sbl_code || ' · ' || s.account_code || ' ' || coalesce(s.component, s.account_name, ''),
       l.amount_rupiah, s.amount_rupiah
  FROM {staged} JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
 WHERE NOT r.bad AND {says_more}
 ORDER BY abs(l.amount_rupiah - s.amount_rupiah) DESC
 LIMIT %(most)s
-- name: new
SELECT s.sbl_code || ' · ' || s.account_code || ' ' || coalesce(s.component, s.account_name, ''),
       s.volume, s.unit_text, s.price_rupiah, s.amount_rupiah
  FROM (SELECT r.sheet_no, r.row_no
          FROM {ready} r LEFT JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
         WHERE NOT r.bad AND l.id IS NULL
         ORDER BY r.amount_rupiah DESC
         LIMIT %(most)s) AS largest
  JOIN {table} s USING (sheet_no, row_no)
 ORDER BY s.amount_rupiah DESC, s.sheet_no, s.row_no
-- name: removed
SELECT 'removed', sub.sbl_code || ' · ' || gone.account_code || ' ' || gone.component, gone.amount_rupiah, NULL
  FROM {gone} JOIN programs_subactivity sub ON sub.id = gone.sub_activity_id
 ORDER BY gone.amount_rupiah DESC
 LIMIT %(most)s
-- The money (Rp) of the file's sub-activities, now and after taking over; how many amounts leap, or fall to zero.
-- name: sums
SELECT (SELECT coalesce(sum(l.amount_rupiah), 0) FROM programs_budgetline l
         WHERE l.until_id IS NULL AND l.sub_activity_id IN (SELECT DISTINCT sub_activity_id FROM {ready} WHERE is_own)),
       (SELECT coalesce(sum(r.amount_rupiah), 0) FROM {ready} r WHERE NOT r.bad)
       + (SELECT coalesce(sum(l.amount_rupiah), 0) FROM programs_budgetline l JOIN {ready} r ON r.identity = l.identity
           WHERE l.until_id IS NULL AND r.bad)
       + (SELECT coalesce(sum(gone.amount_rupiah), 0) FROM {missed})
       - (SELECT coalesce(sum(gone.amount_rupiah), 0) FROM {gone}),
       (SELECT count(*) FROM {ready} r JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
         WHERE NOT r.bad AND l.amount_rupiah > 0
           AND greatest(r.amount_rupiah, l.amount_rupiah) >= {leap} * least(r.amount_rupiah, l.amount_rupiah))
-- The lines that stand, each of which is written once: what a list was compared with.
-- name: seen
SELECT concat(count(*), ':', sum(l.id)) FROM programs_budgetline l
 WHERE l.until_id IS NULL AND l.sub_activity_id IN (SELECT DISTINCT sub_activity_id FROM {ready} WHERE is_own)
-- name: listed
SELECT CASE WHEN l.id IS NULL THEN 'new' WHEN {says_more} THEN 'changed' ELSE 'unchanged' END,
       s.sheet_no, s.row_no, s.sbl_code || ' · ' || s.account_code || ' ' || coalesce(s.component, s.account_name, ''),
       s.emptied, {stored}, {said}
  FROM {staged} LEFT JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
 WHERE NOT r.bad
 ORDER BY s.sheet_no, s.row_no
-- name: listed_gone
SELECT sub.sbl_code || ' · ' || gone.account_code || ' ' || gone.component, {stored}
  FROM {gone} JOIN programs_subactivity sub ON sub.id = gone.sub_activity_id
 ORDER BY gone.amount_rupiah DESC
-- Each of the three that write lines is run inside `summed`.
-- name: end_gone
UPDATE programs_budgetline SET until_id = %(issue)s WHERE id IN (SELECT id FROM {gone})
-- name: end_changed
UPDATE programs_budgetline SET until_id = %(issue)s WHERE id IN (
    SELECT l.id FROM {staged} JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
     WHERE NOT r.bad AND {says_more})
-- name: insert
INSERT INTO programs_budgetline (since_id, sub_activity_id, identity, spending_class, {columns})
SELECT %(issue)s, r.sub_activity_id, r.identity, r.spending_class, {values}
  FROM {staged}
  LEFT JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id = %(issue)s
 WHERE NOT r.bad
   AND NOT EXISTS (SELECT 1 FROM programs_budgetline l WHERE l.identity = r.identity AND l.until_id IS NULL)
-- name: summed
WITH written AS ({written} RETURNING amount_rupiah) SELECT coalesce(sum(amount_rupiah), 0) FROM written
-- name: take_out
DELETE FROM programs_budgetline WHERE since_id = %(issue)s
-- name: stand_again
UPDATE programs_budgetline SET until_id = NULL WHERE until_id = %(issue)s
