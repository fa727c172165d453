-- Taking back what an upload wrote, set-wise for each table. {table} is one that triggers watch.
-- name: tables
SELECT table_name FROM uploads_change WHERE upload_id = %(upload)s GROUP BY 1 ORDER BY max(id) DESC
-- Every row as the upload left it must be as it is now, but for what the portal works out by itself.
-- name: touched
SELECT count(*)
  FROM (SELECT DISTINCT ON (row_id) row_id, after FROM uploads_change
         WHERE upload_id = %(upload)s AND table_name = %(name)s ORDER BY row_id, id DESC) AS last
  LEFT JOIN {table} t ON t.id = last.row_id
 WHERE (to_jsonb(t) - %(derived)s::text[]) IS DISTINCT FROM (last.after - %(derived)s::text[])
-- What the rows were before the upload's first change of each; NULL where there was none.
-- name: first
(SELECT DISTINCT ON (row_id) row_id, before FROM uploads_change
  WHERE upload_id = %(upload)s AND table_name = %(name)s ORDER BY row_id, id) AS first
-- name: take_out
DELETE FROM {table} WHERE id IN (SELECT row_id FROM {first} WHERE before IS NULL)
-- name: put_back
UPDATE {table} t SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(NULL::{table}, first.before))
  FROM {first} WHERE t.id = first.row_id AND first.before IS NOT NULL
-- name: columns
SELECT column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = %(name)s AND is_generated = 'NEVER' AND column_name <> 'id'
 ORDER BY ordinal_position
