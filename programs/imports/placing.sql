-- Whose sub-activity a staged row speaks of, and which rows only sum up others. {table} is the staged list.
-- name: by_code
UPDATE {table} s SET sbl_code = found.sbl_code
  FROM (SELECT n.code, min(sa.sbl_code) AS sbl_code
          FROM programs_subactivity sa
          JOIN programs_nomenclature n ON n.id = sa.nomenclature_id
          JOIN programs_activity act ON act.id = sa.activity_id
          JOIN programs_program p ON p.id = act.program_id
         WHERE sa.fiscal_year = %(year)s AND p.agency_id = %(agency)s
         GROUP BY n.code
        HAVING count(*) = 1) AS found
 WHERE s.sbl_code IS NULL AND found.code = rtrim(s.sub_code, '.')
-- An account of fewer than six parts, above the accounts that begin with it: recaps print both.
-- name: leave_out_sums
DELETE FROM {table} s
 WHERE s.account_code NOT LIKE '%%.%%.%%.%%.%%._%%'
   AND EXISTS (SELECT 1 FROM {table} below
                WHERE below.sbl_code IS NOT DISTINCT FROM s.sbl_code
                  AND below.account_code LIKE rtrim(s.account_code, '.') || '.%%')
-- Rows of an account that say what is bought, and how much of it, and beside them rows that only have an amount: the
-- account's own line of the printed form, or the heading of a group.
-- name: leave_out_headings
WITH bare AS (
    SELECT s.ctid AS place, s.sbl_code, s.account_code, s.amount_rupiah,
           concat_ws(' ', s.component, s.heading, s.description) ~ '^\s*\[[#-]\]' AS is_group
      FROM {table} s
     WHERE s.volume IS NULL AND s.price_rupiah IS NULL AND s.coefficient IS NULL AND s.unit_text IS NULL
       AND s.specification IS NULL
),
detailed AS (
    SELECT d.sbl_code, d.account_code, sum(d.amount_rupiah) AS total
      FROM {table} d
     WHERE d.volume IS NOT NULL OR d.price_rupiah IS NOT NULL OR d.coefficient IS NOT NULL
     GROUP BY 1, 2
)
DELETE FROM {table} s USING bare, detailed
 WHERE s.ctid = bare.place AND bare.account_code = detailed.account_code
   AND bare.sbl_code IS NOT DISTINCT FROM detailed.sbl_code
   AND (bare.is_group OR bare.amount_rupiah = detailed.total)
