-- Which class a budget line belongs to; the most specific rule wins.
-- The rules for each account; {rows} is a table or subquery with the columns of a budget line.
-- name: accounts
accounts AS MATERIALIZED (
    SELECT codes.account_code, plain.spending_class AS plain_class, coalesce(plain.reach, 0) AS plain_reach,
           (SELECT string_agg(regexp_replace(lower(w.word), '([^[:alnum:] ])', '\\\1', 'g'), '|')
            FROM programs_spendingrule w WHERE w.is_active AND w.word <> ''
            AND starts_with(codes.account_code, w.account_prefix)) AS words
    FROM (SELECT DISTINCT account_code FROM {rows}) AS codes
    LEFT JOIN LATERAL (
        SELECT r.spending_class, length(r.account_prefix) AS reach FROM programs_spendingrule r
        WHERE r.is_active AND r.word = '' AND starts_with(codes.account_code, r.account_prefix)
        ORDER BY length(r.account_prefix) DESC LIMIT 1
    ) AS plain ON true
)
-- The class of a row s, once joined: LEFT JOIN accounts a ON a.account_code = s.account_code.
-- name: class_of_row
CASE WHEN lower(concat_ws(' ', s.heading, s.component, s.description)) ~ a.words THEN coalesce(
    (SELECT w.spending_class FROM programs_spendingrule w
     WHERE w.is_active AND w.word <> '' AND starts_with(s.account_code, w.account_prefix)
       AND length(w.account_prefix) >= a.plain_reach
       AND strpos(lower(concat_ws(' ', s.heading, s.component, s.description)), lower(w.word)) > 0
     ORDER BY length(w.account_prefix) DESC, length(w.word) DESC LIMIT 1), a.plain_class, 'supporting')
ELSE coalesce(a.plain_class, 'supporting') END
-- name: current_lines
(SELECT account_code FROM programs_budgetline WHERE until_id IS NULL) AS line
-- name: reclassify
WITH {accounts}
UPDATE programs_budgetline AS line SET spending_class = judged.spending_class
  FROM (
       SELECT s.id, {class_of_row} AS spending_class
         FROM programs_budgetline s LEFT JOIN accounts a ON a.account_code = s.account_code
        WHERE s.until_id IS NULL
  ) AS judged
 WHERE judged.id = line.id AND judged.spending_class <> line.spending_class
-- Current lines by account, where no rule says more than a group of accounts: the largest first.
-- name: without_a_rule
SELECT l.account_code, max(l.account_name), sum(l.amount_rupiah), l.spending_class
  FROM programs_budgetline l
 WHERE l.until_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM programs_spendingrule r
                    WHERE r.is_active AND length(r.account_prefix) > %(group)s
                      AND starts_with(l.account_code, r.account_prefix)
                      AND (r.word = '' OR r.spending_class = l.spending_class))
 GROUP BY l.account_code, l.spending_class
 ORDER BY 3 DESC, 1
 LIMIT %(most)s
