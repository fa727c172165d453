"""A list ties whoever handed it in, took it over or took it back to the reports that it changed."""

from django.db import migrations

HANDS = """
CREATE OR REPLACE FUNCTION programs_remember_new_hands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO programs_reporthand (report_id, user_id)
    SELECT DISTINCT n.report_id, n.changed_by_id FROM written n WHERE n.changed_by_id IS NOT NULL
    UNION SELECT DISTINCT n.report_id, h.hand
            FROM (SELECT accounts_hands_of_the_list() AS hand) h, written n WHERE n.changed_by_id IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION programs_remember_other_hands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO programs_reporthand (report_id, user_id)
    SELECT DISTINCT n.report_id, n.changed_by_id FROM written n JOIN before o ON o.id = n.id
     WHERE n.changed_by_id IS NOT NULL AND n.changed_by_id IS DISTINCT FROM o.changed_by_id
    UNION SELECT DISTINCT n.report_id, h.hand
            FROM (SELECT accounts_hands_of_the_list() AS hand) h, written n JOIN before o ON o.id = n.id
           WHERE to_jsonb(n) <> to_jsonb(o)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION programs_remember_removing_hands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO programs_reporthand (report_id, user_id)
    SELECT DISTINCT o.report_id, h.hand FROM (SELECT accounts_hands_of_the_list() AS hand) h, before o
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION programs_remember_new_hands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO programs_reporthand (report_id, user_id)
    SELECT DISTINCT n.report_id, n.changed_by_id FROM written n WHERE n.changed_by_id IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION programs_remember_other_hands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO programs_reporthand (report_id, user_id)
    SELECT DISTINCT n.report_id, n.changed_by_id FROM written n JOIN before o ON o.id = n.id
     WHERE n.changed_by_id IS NOT NULL AND n.changed_by_id IS DISTINCT FROM o.changed_by_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
TABLES = ("reportvalue", "progress", "recipients")
REMOVING = "".join(
    f"CREATE TRIGGER remembers_removing_hands AFTER DELETE ON programs_{table} REFERENCING OLD TABLE AS before"
    " FOR EACH STATEMENT EXECUTE FUNCTION programs_remember_removing_hands();"
    for table in TABLES
)
NOT_REMOVING = (
    "".join(f"DROP TRIGGER remembers_removing_hands ON programs_{table};" for table in TABLES)
    + "DROP FUNCTION programs_remember_removing_hands();"
)


class Migration(migrations.Migration):
    dependencies = [("programs", "0012_stand_ins_are_named"), ("accounts", "0009_hands_of_a_list")]

    operations = [migrations.RunSQL(HANDS + REMOVING, NOT_REMOVING + BEFORE)]
