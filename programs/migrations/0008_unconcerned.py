"""Refuse decisions on a report by whoever typed, sent or already decided on it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# Whom a matter keeps from deciding on it: (user, how). Read by accounts_deciders and by the triggers below.
CONCERNED = """
CREATE FUNCTION programs_report_concerned(report bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT r.submitted_by_id, 'sent' FROM programs_report r WHERE r.id = report AND r.submitted_by_id IS NOT NULL
    UNION SELECT v.changed_by_id, 'typed' FROM programs_reportvalue v
           WHERE v.report_id = report AND v.changed_by_id IS NOT NULL
    UNION SELECT p.changed_by_id, 'typed' FROM programs_progress p
           WHERE p.report_id = report AND p.changed_by_id IS NOT NULL
    UNION SELECT c.changed_by_id, 'typed' FROM programs_recipients c
           WHERE c.report_id = report AND c.changed_by_id IS NOT NULL
    UNION SELECT e.uploaded_by_id, 'typed' FROM programs_evidence e WHERE e.report_id = report
$$;
CREATE FUNCTION programs_verification_concerned(report bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT user_id, relation FROM programs_report_concerned(report)
    UNION SELECT r.decided_by_id, 'decided' FROM programs_report r WHERE r.id = report AND r.decided_by_id IS NOT NULL
$$;
CREATE FUNCTION programs_report_concerned_at(report bigint, state text) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT user_id, relation FROM programs_report_concerned(report)
    UNION SELECT user_id, relation FROM programs_verification_concerned(report) WHERE state = 'approved'
$$;
"""
GONE = """
DROP FUNCTION programs_report_concerned_at(bigint, text);
DROP FUNCTION programs_verification_concerned(bigint);
DROP FUNCTION programs_report_concerned(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_separation_of_duties'),
        ('programs', '0007_seal_what_is_decided'),
    ]

    operations = [
        migrations.RunSQL(CONCERNED, GONE),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."decided_by_id" IS NOT NULL)', func="\n            IF accounts_is_concerned(NEW.decided_by_id, (SELECT p.agency_id FROM programs_program p WHERE p.id = NEW.program_id), ARRAY(SELECT c.user_id FROM programs_report_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.decided_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='226f79cee93c67b7a2379bdd6c212f656510a042', operation='INSERT OR UPDATE OF "decided_by_id", "submitted_by_id"', pgid='pgtrigger_unconcerned_75fc9', table='programs_report', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportstep',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."to_state" IN (\'approved\', \'returned\', \'verified\'))', func="\n            IF accounts_is_concerned(NEW.by_id, (SELECT p.agency_id FROM programs_program p JOIN programs_report r ON r.program_id = p.id WHERE r.id = NEW.report_id), ARRAY(SELECT c.user_id FROM programs_report_concerned_at(NEW.report_id, NEW.from_state) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='237abacd55340e5fedffbcd4bb68df6d1a56dcdd', operation='INSERT', pgid='pgtrigger_unconcerned_47ffe', table='programs_reportstep', when='AFTER')),
        ),
    ]
