-- name: seal
INSERT INTO core_chainentry (block_id, "table", row, digest)
SELECT %(block)s, %(table)s, t.{key}, {digest}
  FROM {table} t
 WHERE NOT EXISTS (SELECT 1 FROM core_chainentry e WHERE e."table" = %(table)s AND e.row = t.{key})

-- name: digest
encode(sha256(convert_to((
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) WHERE key = ANY (%(columns)s)
)::text, 'UTF8')), 'hex')

-- name: content
SELECT count(*), encode(sha256(convert_to(coalesce(
           string_agg("table" || ':' || row || ':' || digest, E'\n' ORDER BY "table", row), ''), 'UTF8')), 'hex')
  FROM core_chainentry
 WHERE block_id = %(block)s

-- name: compared
SELECT e.row, t.{key} IS NULL
  FROM core_chainentry e
  LEFT JOIN {table} t ON t.{key} = e.row
 WHERE e."table" = %(table)s AND e.block_id = ANY (%(blocks)s) AND (t.{key} IS NULL OR e.digest <> {digest})
 ORDER BY e.row

-- name: differs_from_history
SELECT coalesce(t.id, e.pgh_obj_id), t.id IS NULL, e.pgh_obj_id IS NULL
  FROM {table} t
  FULL JOIN (SELECT DISTINCT ON (pgh_obj_id) * FROM {events} ORDER BY pgh_obj_id, pgh_id DESC) e ON e.pgh_obj_id = t.id
 WHERE (t.id IS NULL AND e.pgh_label <> 'delete')
    OR e.pgh_obj_id IS NULL
    OR (t.id IS NOT NULL AND ({differ}))
 ORDER BY 1

-- name: unsealed
SELECT count(*)
  FROM {table} t
 WHERE NOT EXISTS (SELECT 1 FROM core_chainentry e WHERE e."table" = %(table)s AND e.row = t.{key})

-- name: left_unsealed
SELECT count(*), min(t.{moment})
  FROM {table} t
 WHERE t.{moment} < %(before)s
   AND NOT EXISTS (SELECT 1 FROM core_chainentry e WHERE e."table" = %(table)s AND e.row = t.{key})

-- name: triggers
SELECT t.tgname, c.relname, t.tgenabled IN ('O', 'A')
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%(tables)s) AND NOT t.tgisinternal

-- name: without_context_since
SELECT DISTINCT t.pgh_obj_id FROM {table} t WHERE t.pgh_context_id IS NULL AND t.pgh_created_at > %(since)s ORDER BY 1

-- name: without_context
SELECT DISTINCT t.pgh_obj_id
  FROM {table} t
 WHERE t.pgh_context_id IS NULL
   AND NOT EXISTS (SELECT 1 FROM core_chainentry e
                    WHERE e."table" = %(table)s AND e.row = t.{key} AND e.block_id = %(first)s)
 ORDER BY 1
