-- The next processes of a data set, after `after`, that have several releases: with the rows' keys, lines and releases
-- in order.
WITH several AS (
    SELECT ocid
      FROM procurement_outsiderelease
     WHERE dataset_id = %(dataset)s AND ocid > %(after)s
     GROUP BY ocid
    HAVING count(*) > 1
     ORDER BY ocid
     LIMIT %(limit)s
)
SELECT r.ocid, array_agg(r.id ORDER BY r.line, r.id), array_agg(r.line ORDER BY r.line, r.id),
       jsonb_agg(r.release ORDER BY r.line, r.id)
  FROM procurement_outsiderelease r
  JOIN several s USING (ocid)
 WHERE r.dataset_id = %(dataset)s
 GROUP BY r.ocid
 ORDER BY r.ocid
