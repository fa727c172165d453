-- What triggers, functions, views and columns are in the schema of the portal: (name, how it is defined). What comes
-- with an extension is its own. Whether a trigger is switched off is asked elsewhere (chain.sql).
-- name: parts
SELECT c.relname::text, concat_ws(E'\n',
           (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                                        pg_get_expr(d.adbin, d.adrelid)), E'\n' ORDER BY a.attname)
              FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           (SELECT string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), E'\n' ORDER BY k.conname)
              FROM pg_constraint k WHERE k.conrelid = c.oid),
           (SELECT string_agg(concat_ws(E'\n', pg_get_triggerdef(t.oid), p.prosrc, p.proconfig::text), E'\n'
                              ORDER BY t.tgname)
              FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
           (SELECT string_agg(pg_get_ruledef(r.oid), E'\n' ORDER BY r.rulename)
              FROM pg_rewrite r WHERE r.ev_class = c.oid),
           (SELECT string_agg(pg_get_indexdef(i.indexrelid), E'\n' ORDER BY i.indexrelid::regclass::text)
              FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique))
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
   AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = c.oid AND e.deptype = 'e')
UNION ALL
SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid)
  FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
   AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.objid = p.oid AND e.deptype = 'e')
   AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = p.oid)
