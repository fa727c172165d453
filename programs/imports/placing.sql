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
-- Accounts in one spelling, 5.1.02.01.01.0026: printed forms have longer parts (5.1.02.01.001.00026), and a spreadsheet
-- may have taken the zeros. They are the same account.
-- name: spell_accounts
UPDATE {table} s
   SET account_code = (
       SELECT string_agg(lpad(bare, greatest(length(bare), width), '0'), '.' ORDER BY at)
         FROM (SELECT at, coalesce(nullif(ltrim(part, '0'), ''), '0') AS bare, (ARRAY[1, 1, 2, 2, 2, 4])[at] AS width
                 FROM unnest(string_to_array(rtrim(translate(s.account_code, '-', '.'), '.'), '.'))
                      WITH ORDINALITY AS parts (part, at)) AS spelt)
 WHERE s.account_code NOT LIKE '_._.__.__.__.____' AND s.account_code ~ '^5([.-][0-9]{{1,5}}){{1,5}}\.?$'
-- An account of fewer than six parts, above the accounts that begin with it: recaps print both.
-- name: leave_out_sums
DELETE FROM {table} s
 WHERE s.account_code NOT LIKE '%%.%%.%%.%%.%%._%%'
   AND EXISTS (SELECT 1 FROM {table} below
                WHERE below.sbl_code IS NOT DISTINCT FROM s.sbl_code
                  AND below.account_code LIKE rtrim(s.account_code, '.') || '.%%')
-- Rows of an account that say what is bought, and beside them rows that only have an amount: the account's own line of
-- the printed form, or the heading of a group. One is left out where its amount is the sum of the others of the
-- account, or of those that follow it up to the next one; any other is a line.
-- name: leave_out_headings
WITH of_account AS (
    SELECT s.ctid AS place, s.sbl_code, s.account_code, s.amount_rupiah, s.sheet_no, s.row_no,
           s.component IS NULL AND s.specification IS NULL AND s.volume IS NULL AND s.price_rupiah IS NULL
           AND s.coefficient IS NULL AND s.unit_text IS NULL AS is_bare
      FROM {table} s
),
grouped AS (
    SELECT *, count(*) FILTER (WHERE is_bare) OVER (
                  PARTITION BY sbl_code, account_code ORDER BY sheet_no, row_no) AS number,
           sum(amount_rupiah) FILTER (WHERE NOT is_bare) OVER (PARTITION BY sbl_code, account_code) AS of_all
      FROM of_account
),
summed AS (
    SELECT *, sum(amount_rupiah) FILTER (WHERE NOT is_bare) OVER (
                  PARTITION BY sbl_code, account_code, number) AS of_group
      FROM grouped
)
DELETE FROM {table} s USING summed
 WHERE s.ctid = summed.place AND summed.is_bare AND summed.amount_rupiah IN (summed.of_all, summed.of_group)
