"""A token keeps whose it is and what it opens."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_loans_end_with_the_office'),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."user_id" IS DISTINCT FROM (NEW."user_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."hint" IS DISTINCT FROM (NEW."hint") OR OLD."resources" IS DISTINCT FROM (NEW."resources") OR OLD."with_second_factor" IS DISTINCT FROM (NEW."with_second_factor") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."expires_at" IS DISTINCT FROM (NEW."expires_at"))', func='RAISE EXCEPTION \'pgtrigger: Cannot update of "user_id", "name", "digest", "hint", "resources", "with_second_factor", "created_at", "expires_at" rows from % table\', TG_TABLE_NAME;', hash='ab87c926865dbfe2b88ff23349964453063cb512', operation='UPDATE OF "user_id", "name", "digest", "hint", "resources", "with_second_factor", "created_at", "expires_at"', pgid='pgtrigger_stays_3fa35', table='accounts_apitoken', when='BEFORE')),
        ),
    ]
