
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migration_batches import together


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('procurement', '0003_contracts_in_force'),
        ('programs', '0003_findings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        migrations.AddField(
            model_name='package',
            name='lacks_declarations',
            field=models.BooleanField(default=True, editable=False, verbose_name='declarations are missing'),
        ),
        migrations.AddIndex(
            model_name='package',
            index=models.Index(fields=['fiscal_year', 'agency', 'rup_code'], name='procurement_package_listed'),
        ),
        migrations.AddIndex(
            model_name='package',
            index=models.Index(condition=models.Q(('lacks_declarations', True)), fields=['fiscal_year', 'agency', 'rup_code'], name='procurement_package_lacking'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='settle_declarations', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE procurement_package SET lacks_declarations = lacks_declarations WHERE id IN (SELECT o.package_id FROM procurement_officer o JOIN procurement_declaration d ON d.officer_id = o.id WHERE d.id IN (NEW.declaration_id, OLD.declaration_id));\n            RETURN NULL;\n        ', hash='06bc42b435190e82439df2be564de3b3c8b13cfc', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_settle_declarations_2422a', table='procurement_decision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='declaration',
            trigger=pgtrigger.compiler.Trigger(name='settle_declarations', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE procurement_package SET lacks_declarations = lacks_declarations WHERE id IN (SELECT package_id FROM procurement_officer WHERE id IN (NEW.officer_id, OLD.officer_id));\n            RETURN NULL;\n        ', hash='1d3c08f5702bbf236102df336613328db0596888', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_settle_declarations_377dd', table='procurement_declaration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='officer',
            trigger=pgtrigger.compiler.Trigger(name='settle_declarations', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n            UPDATE procurement_package SET lacks_declarations = lacks_declarations WHERE id IN (NEW.package_id, OLD.package_id);\n            RETURN NULL;\n        ', hash='b2b7b199060c94c0e4dc36028f3aaa31f41f0466', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_settle_declarations_9c710', table='procurement_officer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='lacks_declarations', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.state IN ('cancelled', 'failed') THEN\n    NEW.lacks_declarations := false;\nELSIF TG_OP = 'INSERT' THEN\n    NEW.lacks_declarations := true;\nELSE\n    NEW.lacks_declarations := NOT EXISTS (\n        SELECT 1 FROM procurement_officer o WHERE o.package_id = NEW.id AND o.removed_at IS NULL AND o.role = 'ppk'\n    ) OR EXISTS (\n        SELECT 1 FROM procurement_officer o\n        WHERE o.package_id = NEW.id AND o.removed_at IS NULL AND NOT EXISTS (\n            SELECT 1 FROM procurement_declaration d\n            JOIN procurement_decision s ON s.declaration_id = d.id\n            WHERE d.officer_id = o.id AND d.superseded_at IS NULL AND s.kind <> 'replace'\n        )\n    );\nEND IF;\nRETURN NEW;\n", hash='eb6d53bfb391f6cfc59e4ad98133191dc402f019', operation='INSERT OR UPDATE OF "state", "lacks_declarations"', pgid='pgtrigger_lacks_declarations_55315', table='procurement_package', when='BEFORE')),
        ),
        # What is there already: the trigger works the column out.
        migrations.RunSQL(
            "UPDATE procurement_package SET lacks_declarations = lacks_declarations", migrations.RunSQL.noop
        ),
    ])
