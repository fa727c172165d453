"""Refuse that somebody adopts the procedure that they proposed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# Whom a matter keeps from deciding on it: (user, how). Read by accounts_deciders and by the triggers below.
CONCERNED = """
CREATE FUNCTION public_services_procedure_concerned(procedure bigint) RETURNS TABLE (user_id bigint, relation text) LANGUAGE sql STABLE AS $$
    SELECT p.created_by_id, 'typed' FROM public_services_procedure p WHERE p.id = procedure
$$;
"""
GONE = """
DROP FUNCTION public_services_procedure_concerned(bigint);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_separation_of_duties'),
        ('public_services', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(CONCERNED, GONE),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."decided_by_id" IS NOT NULL AND NOT (NEW."state" = \'replaced\'))', func="\n            IF accounts_is_concerned(NEW.decided_by_id, (SELECT s.agency_id FROM public_services_publicservice s WHERE s.id = NEW.service_id), ARRAY(SELECT c.user_id FROM public_services_procedure_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.decided_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='cc35e2a0829ac7178ce2d7112f866c60a311fd39', operation='INSERT OR UPDATE OF "decided_by_id"', pgid='pgtrigger_unconcerned_0b496', table='public_services_procedure', when='AFTER')),
        ),
    ]
