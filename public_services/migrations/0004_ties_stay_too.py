"""A decision on a procedure is looked at again when its state changes."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('public_services', '0003_ties_stay'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='procedure',
            name='unconcerned',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='unconcerned', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."decided_by_id" IS NOT NULL AND NOT (NEW."state" = \'replaced\'))', func="\n            IF accounts_is_concerned(NEW.decided_by_id, (SELECT s.agency_id FROM public_services_publicservice s WHERE s.id = NEW.service_id), ARRAY(SELECT c.user_id FROM public_services_procedure_concerned(NEW.id) c)) THEN\n                RAISE EXCEPTION 'separation of duties: user % decides on what concerns them or their lender', NEW.decided_by_id\n                      USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NULL;\n        ", hash='5f754e3f171348616e072f90b9d1e9e8ec9b6960', operation='INSERT OR UPDATE OF "decided_by_id", "state"', pgid='pgtrigger_unconcerned_0b496', table='public_services_procedure', when='AFTER')),
        ),
    ]
