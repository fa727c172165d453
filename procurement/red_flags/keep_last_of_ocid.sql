-- Of an ocid that comes twice in a data set the last counts.
DELETE FROM procurement_outsiderelease r USING (
    SELECT id, row_number() OVER (PARTITION BY ocid ORDER BY line DESC, id DESC) AS nth
      FROM procurement_outsiderelease WHERE dataset_id = %(dataset)s) d
 WHERE d.id = r.id AND d.nth > 1
