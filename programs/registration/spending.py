"""Ceremony against impact: which class a budget line belongs to, by the rules that administrators keep. Set-wise SQL.

The most specific rule wins: the longer account prefix first, at the same length a rule with a word before one without.
Without any rule a line counts as supporting.
"""

from django.db import connection

# {rows} is a table or subquery with the columns of a budget line; the result has a row per row of it, by {key}.
CLASSES = """
    accounts AS MATERIALIZED (
        SELECT codes.account_code, plain.spending_class AS plain_class, coalesce(plain.reach, 0) AS plain_reach,
               (SELECT string_agg(regexp_replace(lower(w.word), '([^[:alnum:] ])', '\\\\\\1', 'g'), '|')
                FROM programs_spendingrule w WHERE w.is_active AND w.word <> ''
                AND starts_with(codes.account_code, w.account_prefix)) AS words
        FROM (SELECT DISTINCT account_code FROM {rows}) AS codes
        LEFT JOIN LATERAL (
            SELECT r.spending_class, length(r.account_prefix) AS reach FROM programs_spendingrule r
            WHERE r.is_active AND r.word = '' AND starts_with(codes.account_code, r.account_prefix)
            ORDER BY length(r.account_prefix) DESC LIMIT 1
        ) AS plain ON true
    )
"""
# To be joined as: LEFT JOIN accounts a ON a.account_code = s.account_code, then CLASS_OF_ROW.
CLASS_OF_ROW = """
    CASE WHEN lower(concat_ws(' ', s.heading, s.component, s.description)) ~ a.words THEN coalesce(
        (SELECT w.spending_class FROM programs_spendingrule w
         WHERE w.is_active AND w.word <> '' AND starts_with(s.account_code, w.account_prefix)
           AND length(w.account_prefix) >= a.plain_reach
           AND strpos(lower(concat_ws(' ', s.heading, s.component, s.description)), lower(w.word)) > 0
         ORDER BY length(w.account_prefix) DESC, length(w.word) DESC LIMIT 1), a.plain_class, 'supporting')
    ELSE coalesce(a.plain_class, 'supporting') END
"""


def reclassify() -> int:
    """Apply the rules to all current lines; returns how many changed class. Idempotent."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {CLASSES.format(rows="programs_budgetline WHERE until_id IS NULL")}
            UPDATE programs_budgetline AS line SET spending_class = judged.spending_class
            FROM (
                SELECT s.id, {CLASS_OF_ROW} AS spending_class
                FROM programs_budgetline s LEFT JOIN accounts a ON a.account_code = s.account_code
                WHERE s.until_id IS NULL
            ) AS judged
            WHERE judged.id = line.id AND judged.spending_class <> line.spending_class
            """  # noqa: S608 (only constants of this module are put together)
        )
        return int(cursor.rowcount)
