-- What the portal's own role ({runtime}) may do in the owner's database. All of it in one transaction after each
-- migrate: a portal that is running never sees a moment without its rights.
-- name: grants
REVOKE ALL ON SCHEMA public FROM PUBLIC, {runtime};
GRANT USAGE ON SCHEMA public TO {runtime};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {runtime};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {runtime};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {runtime};
GRANT SELECT, USAGE ON ALL SEQUENCES IN SCHEMA public TO {runtime};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {runtime};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {runtime};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, USAGE ON SEQUENCES TO {runtime};
CREATE SCHEMA IF NOT EXISTS {staging};
GRANT USAGE, CREATE ON SCHEMA {staging} TO {runtime}
-- Rows are added and read; nobody changes or removes them, with triggers or without.
-- name: append_only
REVOKE UPDATE, DELETE ON {table} FROM {runtime}
-- What triggers keep for the portal (who ever had a hand in a matter), and migrations (how things are defined): it
-- reads them. The comment is the table's own.
-- name: kept_by_triggers
SELECT c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
   AND obj_description(c.oid, 'pg_class') IN ('written by triggers only', 'written by migrations only')
-- name: read_only
REVOKE INSERT, UPDATE, DELETE ON {table} FROM {runtime}
-- Lists that were staged in the public schema, before there was a schema of their own, can be handed in again.
-- name: staged_before
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename ~ '^staging_[0-9]+_'
-- django-pgtrigger lets every session name triggers that are to be skipped (`SET pgtrigger.ignore`). Nothing here asks
-- for that, and whoever knows the portal's password must not.
-- name: nothing_is_ignored
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT false'
-- A trigger looks names up where its caller says. A temporary view called procurement_clearance would stand before ours
-- and open the gate: so each looks in the public schema, and among temporary tables last.
-- name: trigger_functions
SELECT p.oid::regprocedure::text
  FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype AND p.proconfig IS NULL
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
-- What a role may do that the portal's own must not: (right, on how many tables).
-- name: excess
SELECT r.right_name, count(*)
  FROM pg_class c
 CROSS JOIN unnest(ARRAY['TRUNCATE', 'TRIGGER', 'INSERT', 'UPDATE', 'DELETE']) AS r(right_name)
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND (r.right_name IN ('TRUNCATE', 'TRIGGER')
        OR r.right_name <> 'INSERT' AND c.relname = ANY (%(append_only)s)
        OR coalesce(obj_description(c.oid, 'pg_class')
                    IN ('written by triggers only', 'written by migrations only'), false))
   AND has_table_privilege(c.oid, r.right_name)
 GROUP BY 1
 ORDER BY 1
-- name: standing
SELECT rolname, rolsuper, rolcreaterole, rolbypassrls OR rolreplication,
       EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = pg_roles.oid AND c.relnamespace = 'public'::regnamespace),
       has_schema_privilege('public', 'CREATE')
  FROM pg_roles WHERE rolname = current_user
