"""Refuse that whoever said a directive is carried out also closes it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# Whom a matter keeps from deciding on it: (user, how). Read by accounts_deciders and by the triggers below.
CONCERNED = """
CREATE FUNCTION dashboards_directive_concerned(directive bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT f.by_id, 'sent' FROM dashboards_followup f WHERE f.directive_id = directive AND f.state = 'answered'
$$;
"""
GONE = """
DROP FUNCTION dashboards_directive_concerned(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_separation_of_duties'),
        ('dashboards', '0005_warnings_noted'),
    ]

    operations = [
        migrations.RunSQL(CONCERNED, GONE),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IN (\'done\', \'withdrawn\'))', func="\n            IF accounts_is_concerned(NEW.by_id, (SELECT d.agency_id FROM dashboards_directive d WHERE d.id = NEW.directive_id), ARRAY(SELECT c.user_id FROM dashboards_directive_concerned(NEW.directive_id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='8a1bbabeebadcd42ee8b593b389651e521bbbf60', operation='INSERT', pgid='pgtrigger_unconcerned_21577', table='dashboards_followup', when='AFTER')),
        ),
    ]
