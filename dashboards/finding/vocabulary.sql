-- The words of one column that are not known yet. Ordered, so that two that run at once wait for each other.
INSERT INTO dashboards_searchword (word)
SELECT DISTINCT w FROM {table}, regexp_split_to_table(lower({column}), '[^[:alpha:]]+') w
 WHERE length(w) BETWEEN %(shortest)s AND %(longest)s
   AND NOT EXISTS (SELECT FROM dashboards_searchword k WHERE k.word = w)
 ORDER BY w
ON CONFLICT DO NOTHING
