"""Whoever approved a report does not verify it, whatever a made-up step says in between."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0010_ties_stay'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='reportstep',
            name='unconcerned',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportstep',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."to_state" IN (\'approved\', \'returned\', \'verified\'))', func="\n            IF accounts_is_concerned(NEW.by_id, (SELECT p.agency_id FROM programs_program p JOIN programs_report r ON r.program_id = p.id WHERE r.id = NEW.report_id), ARRAY(SELECT c.user_id FROM programs_report_concerned_at(NEW.report_id, CASE NEW.to_state WHEN 'verified' THEN 'approved' ELSE coalesce((SELECT s.to_state FROM programs_reportstep s WHERE s.report_id = NEW.report_id AND s.id <> NEW.id ORDER BY s.id DESC LIMIT 1), NEW.from_state) END) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='a7bb5ce71036c07668f8977a7667d0e5e8c5618b', operation='INSERT', pgid='pgtrigger_unconcerned_47ffe', table='programs_reportstep', when='AFTER')),
        ),
    ]
