"""Nobody takes an answer to a directive away."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('dashboards', '0006_unconcerned'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='followup',
            name='append_only',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7dc463bc207aea826da820915e23343b13f3db8c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a7383', table='dashboards_followup', when='BEFORE')),
        ),
    ]
