
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# A run of the rules writes thousands of flags: one statement settles all their packages, and only those that change.
FUNCTION = """
CREATE FUNCTION procurement_settle_flags_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE procurement_package p SET is_flagged = p.is_flagged
     WHERE p.id IN ({changed}) AND p.is_flagged <> EXISTS (
        SELECT 1 FROM procurement_flag f
        WHERE f.package_id = p.id AND f.dataset_id IS NULL AND f.closed_at IS NULL AND f.suppressed_at IS NULL
     );
    RETURN NULL;
END $$;
CREATE TRIGGER procurement_settle_flags_{event} AFTER {event} ON procurement_flag REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION procurement_settle_flags_{event}();
"""
NEW, OLD = "SELECT package_id FROM new_rows", "SELECT package_id FROM old_rows"
SETTLE = "".join(
    FUNCTION.format(event=event, changed=changed, tables=tables)
    for event, changed, tables in (
        ("insert", NEW, "NEW TABLE AS new_rows"),
        ("update", f"{NEW} UNION {OLD}", "NEW TABLE AS new_rows OLD TABLE AS old_rows"),
        ("delete", OLD, "OLD TABLE AS old_rows"),
    )
)
UNDO = "".join(f"DROP FUNCTION procurement_settle_flags_{event}() CASCADE;" for event in ("insert", "update", "delete"))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('procurement', '0004_lacks_declarations'),
        ('programs', '0004_deviating_values'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='package',
            name='is_flagged',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='with a red flag'),
        ),
        migrations.AddIndex(
            model_name='package',
            index=models.Index(condition=models.Q(('lacks_declarations', True)), fields=['fiscal_year', '-ceiling_rupiah'], name='procurement_package_largest'),
        ),
        migrations.AddIndex(
            model_name='package',
            index=models.Index(condition=models.Q(('is_flagged', True)), fields=['fiscal_year', 'rup_code'], name='procurement_package_flagged'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='is_flagged', sql=pgtrigger.compiler.UpsertTriggerSql(func='\nNEW.is_flagged := EXISTS (\n    SELECT 1 FROM procurement_flag f\n    WHERE f.package_id = NEW.id AND f.dataset_id IS NULL AND f.closed_at IS NULL AND f.suppressed_at IS NULL\n);\nRETURN NEW;\n', hash='7e9c7c93313f7d64c362b48c250d30c2f9de5940', operation='UPDATE OF "is_flagged"', pgid='pgtrigger_is_flagged_391d3', table='procurement_package', when='BEFORE')),
        ),
        migrations.RunSQL(SETTLE, UNDO),
        migrations.RunSQL(
            "UPDATE procurement_package SET is_flagged = is_flagged WHERE id IN (SELECT package_id FROM procurement_flag)",
            migrations.RunSQL.noop,
        ),
    ]
