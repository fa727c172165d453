"""A decision says for whom a stand-in took it, and its trigger asks for the role."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_whose_role_it_is'),
        ('programs', '0011_ties_stay_too'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='reportstep',
            name='unconcerned',
        ),
        migrations.AddField(
            model_name='reportstep',
            name='acting_for',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='standing in for'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportstep',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."to_state" IN (\'approved\', \'returned\', \'verified\'))', func="\n            IF accounts_is_concerned(NEW.by_id, (SELECT p.agency_id FROM programs_program p JOIN programs_report r ON r.program_id = p.id WHERE r.id = NEW.report_id), ARRAY(SELECT c.user_id FROM programs_report_concerned_at(NEW.report_id, CASE NEW.to_state WHEN 'verified' THEN 'approved' ELSE coalesce((SELECT s.to_state FROM programs_reportstep s WHERE s.report_id = NEW.report_id AND s.id <> NEW.id ORDER BY s.id DESC LIMIT 1), NEW.from_state) END) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            IF NOT accounts_holds(NEW.by_id, (SELECT p.agency_id FROM programs_program p JOIN programs_report r ON r.program_id = p.id WHERE r.id = NEW.report_id), CASE NEW.to_state WHEN 'approved' THEN ARRAY['agency_head', 'governors_office', 'auditor'] WHEN 'verified' THEN ARRAY['verifier', 'governors_office', 'auditor'] ELSE ARRAY['agency_head', 'auditor', 'governors_office', 'verifier'] END, NEW.acting_for_id) THEN\n                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='b98480637d027cfaa78650e000a5c000903a824b', operation='INSERT', pgid='pgtrigger_unconcerned_47ffe', table='programs_reportstep', when='AFTER')),
        ),
    ]
