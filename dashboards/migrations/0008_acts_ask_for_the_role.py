"""Closing a directive asks for the role, too."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_whose_role_it_is'),
        ('dashboards', '0007_ties_stay_too'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='followup',
            name='unconcerned',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IN (\'done\', \'withdrawn\'))', func="\n            IF accounts_is_concerned(NEW.by_id, (SELECT d.agency_id FROM dashboards_directive d WHERE d.id = NEW.directive_id), ARRAY(SELECT c.user_id FROM dashboards_directive_concerned(NEW.directive_id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            IF NOT accounts_holds(NEW.by_id, (SELECT d.agency_id FROM dashboards_directive d WHERE d.id = NEW.directive_id), ARRAY['governors_office', 'auditor'], NULL::bigint) THEN\n                RAISE EXCEPTION 'separation of duties: user % holds no role that decides on this', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='0d350fbf72d0fcf0553f8dc5e0ea40e22f97062d', operation='INSERT', pgid='pgtrigger_unconcerned_21577', table='dashboards_followup', when='AFTER')),
        ),
    ]
