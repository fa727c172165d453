"""Whoever ever typed in a report stays tied to it: its rows remember the last hand only.

The hands are kept by triggers, so that a figure written past the portal leaves its hand as well. No foreign keys: a
hand outlives its report, as the trail does.
"""

from django.db import migrations

TABLES = ("reportvalue", "progress", "recipients")
HANDS = """
CREATE TABLE programs_reporthand (
    report_id bigint NOT NULL,
    user_id bigint NOT NULL,
    PRIMARY KEY (report_id, user_id)
);
CREATE FUNCTION programs_remember_new_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO programs_reporthand (report_id, user_id)
    SELECT DISTINCT n.report_id, n.changed_by_id FROM written n WHERE n.changed_by_id IS NOT NULL
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE FUNCTION programs_remember_other_hands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO programs_reporthand (report_id, user_id)
    SELECT DISTINCT n.report_id, n.changed_by_id FROM written n JOIN before o ON o.id = n.id
     WHERE n.changed_by_id IS NOT NULL AND n.changed_by_id IS DISTINCT FROM o.changed_by_id
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
"""
OF_A_TABLE = """
CREATE TRIGGER remembers_new_hands AFTER INSERT ON programs_{table} REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION programs_remember_new_hands();
CREATE TRIGGER remembers_other_hands AFTER UPDATE ON programs_{table}
    REFERENCING OLD TABLE AS before NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION programs_remember_other_hands();
INSERT INTO programs_reporthand (report_id, user_id)
SELECT DISTINCT report_id, changed_by_id FROM programs_{table} WHERE changed_by_id IS NOT NULL
ON CONFLICT DO NOTHING;
"""
CONCERNED = """
CREATE OR REPLACE FUNCTION programs_report_concerned(report bigint) RETURNS TABLE (user_id bigint, relation text)
LANGUAGE sql STABLE AS $$
    SELECT r.submitted_by_id, 'sent' FROM programs_report r WHERE r.id = report AND r.submitted_by_id IS NOT NULL
    UNION SELECT e.uploaded_by_id, 'typed' FROM programs_evidence e WHERE e.report_id = report
    {typed}
$$;
"""
BY_HAND = "UNION SELECT h.user_id, 'typed' FROM programs_reporthand h WHERE h.report_id = report"
BY_ROW = "\n".join(
    f"UNION SELECT t.changed_by_id, 'typed' FROM programs_{table} t"
    " WHERE t.report_id = report AND t.changed_by_id IS NOT NULL"
    for table in TABLES
)
FORGET = (
    "".join(
        f"DROP TRIGGER remembers_new_hands ON programs_{table}; DROP TRIGGER remembers_other_hands ON programs_{table};"
        for table in TABLES
    )
    + "DROP FUNCTION programs_remember_new_hands(); DROP FUNCTION programs_remember_other_hands();"
    + "DROP TABLE programs_reporthand;"
)


class Migration(migrations.Migration):
    dependencies = [("programs", "0008_unconcerned")]

    operations = [
        migrations.RunSQL(
            HANDS + "".join(OF_A_TABLE.format(table=table) for table in TABLES) + CONCERNED.format(typed=BY_HAND),
            CONCERNED.format(typed=BY_ROW) + FORGET,
        )
    ]
