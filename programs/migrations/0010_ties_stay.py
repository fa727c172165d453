"""Who sent, attached or approved before stays tied to a report; a step is not believed about where the report stood.

The hands are written by triggers alone: the portal's role has no right to the table but to read it.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


HANDS = """
COMMENT ON TABLE programs_reporthand IS 'written by triggers only';
ALTER FUNCTION programs_remember_new_hands() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION programs_remember_other_hands() SECURITY DEFINER SET search_path = public, pg_temp;
CREATE FUNCTION programs_remember_uploader() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO programs_reporthand VALUES (OLD.report_id, OLD.uploaded_by_id) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER remembers_uploader AFTER DELETE OR UPDATE OF report_id, uploaded_by_id ON programs_evidence
    FOR EACH ROW EXECUTE FUNCTION programs_remember_uploader();
"""
NO_HANDS = """
DROP TRIGGER remembers_uploader ON programs_evidence;
DROP FUNCTION programs_remember_uploader();
ALTER FUNCTION programs_remember_new_hands() SECURITY INVOKER;
ALTER FUNCTION programs_remember_other_hands() SECURITY INVOKER;
COMMENT ON TABLE programs_reporthand IS NULL;
"""
CONCERNED = """
CREATE OR REPLACE FUNCTION programs_report_concerned(report bigint) RETURNS TABLE (user_id bigint, relation text)
LANGUAGE sql STABLE AS $$
    SELECT r.submitted_by_id, 'sent' FROM programs_report r WHERE r.id = report AND r.submitted_by_id IS NOT NULL
    {sent}
    UNION SELECT e.uploaded_by_id, 'typed' FROM programs_evidence e WHERE e.report_id = report
    UNION SELECT h.user_id, 'typed' FROM programs_reporthand h WHERE h.report_id = report
$$;
CREATE OR REPLACE FUNCTION programs_verification_concerned(report bigint) RETURNS TABLE (user_id bigint, relation text)
LANGUAGE sql STABLE AS $$
    SELECT user_id, relation FROM programs_report_concerned(report)
    UNION SELECT r.decided_by_id, 'decided' FROM programs_report r WHERE r.id = report AND r.decided_by_id IS NOT NULL
    {decided}
$$;
"""
SENT = "UNION SELECT s.by_id, 'sent' FROM programs_reportstep s WHERE s.report_id = report AND s.to_state = 'submitted'"
DECIDED = (
    "UNION SELECT s.by_id, 'decided' FROM programs_reportstep s WHERE s.report_id = report AND s.to_state = 'approved'"
)


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0009_whoever_typed'),
    ]

    operations = [
        migrations.RunSQL(HANDS, NO_HANDS),
        migrations.RunSQL(
            CONCERNED.format(sent=SENT, decided=DECIDED), CONCERNED.format(sent="", decided="")
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='reportstep',
            name='unconcerned',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportstep',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."to_state" IN (\'approved\', \'returned\', \'verified\'))', func="\n            IF accounts_is_concerned(NEW.by_id, (SELECT p.agency_id FROM programs_program p JOIN programs_report r ON r.program_id = p.id WHERE r.id = NEW.report_id), ARRAY(SELECT c.user_id FROM programs_report_concerned_at(NEW.report_id, coalesce((SELECT s.to_state FROM programs_reportstep s WHERE s.report_id = NEW.report_id AND s.id <> NEW.id ORDER BY s.at DESC, s.id DESC LIMIT 1), NEW.from_state)) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='7c678d6f38a7a73db6239e340dff900d436ccde5', operation='INSERT', pgid='pgtrigger_unconcerned_47ffe', table='programs_reportstep', when='AFTER')),
        ),
    ]
