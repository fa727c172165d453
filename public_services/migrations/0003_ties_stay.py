"""A procedure keeps who proposed it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('public_services', '0002_unconcerned'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='procedure',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."service_id" IS DISTINCT FROM (NEW."service_id"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "created_by_id", "service_id" rows from % table\', TG_TABLE_NAME;', hash='90c5dffa83d38ad94662212994c671261bd17778', operation='UPDATE OF "created_by_id", "service_id"', pgid='pgtrigger_stays_f76e8', table='public_services_procedure', when='BEFORE')),
        ),
    ]
