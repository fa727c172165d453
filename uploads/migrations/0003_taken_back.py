"""A list can be taken back: triggers keep each row before and after it was taken over."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# Every table that a list of some thousand rows writes. Budget lines keep versions of their own.
TABLES = (
    "accounts_agency",
    "programs_nomenclature",
    "programs_plandocument",
    "programs_planitem",
    "programs_planindicator",
    "programs_program",
    "programs_activity",
    "programs_subactivity",
    "programs_accountrealisation",
    "programs_report",
    "programs_progress",
    "programs_reportvalue",
    "programs_recipients",
    "procurement_package",
    "procurement_supplier",
    "procurement_offer",
    "procurement_award",
    "procurement_contract",
)
REMEMBER = """
CREATE FUNCTION uploads_remember_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO uploads_change (upload_id, table_name, row_id, before, after)
    VALUES (current_setting('portal.upload')::bigint, TG_TABLE_NAME,
            CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END,
            CASE TG_OP WHEN 'INSERT' THEN NULL ELSE to_jsonb(OLD) END,
            CASE TG_OP WHEN 'DELETE' THEN NULL ELSE to_jsonb(NEW) END);
    RETURN NULL;
END $$;
"""
OF_A_TABLE = """
CREATE TRIGGER remembers_change AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW
    WHEN (coalesce(current_setting('portal.upload', true), '') <> '') EXECUTE FUNCTION uploads_remember_change();
"""
FORGET = "".join(f"DROP TRIGGER remembers_change ON {table};" for table in TABLES)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_tokens_stay'),
        ('uploads', '0002_kinds_of_list'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('procurement', '0014_contest'),
        ('programs', '0010_ties_stay'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('table_name', models.CharField(max_length=63)),
                ('row_id', models.BigIntegerField()),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
            ],
            options={
                'verbose_name': 'change by an uploaded list',
                'verbose_name_plural': 'changes by uploaded lists',
                'ordering': ['id'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='upload',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='upload',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='upload',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='upload',
            name='uploads_upload_state',
        ),
        migrations.AddField(
            model_name='upload',
            name='undo_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='reason for taking it back'),
        ),
        migrations.AddField(
            model_name='upload',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='taken back'),
        ),
        migrations.AddField(
            model_name='upload',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by'),
        ),
        migrations.AddField(
            model_name='uploadevent',
            name='undo_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='reason for taking it back'),
        ),
        migrations.AddField(
            model_name='uploadevent',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='taken back'),
        ),
        migrations.AddField(
            model_name='uploadevent',
            name='undone_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by'),
        ),
        migrations.AlterField(
            model_name='upload',
            name='state',
            field=models.CharField(choices=[('queued', 'waiting'), ('reading', 'being read'), ('mapping', 'columns to be assigned'), ('preview', 'checked, not taken over'), ('applying', 'being taken over'), ('applied', 'taken over'), ('undoing', 'being taken back'), ('undone', 'taken back'), ('refused', 'refused'), ('discarded', 'put aside')], default='queued', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='uploadevent',
            name='state',
            field=models.CharField(choices=[('queued', 'waiting'), ('reading', 'being read'), ('mapping', 'columns to be assigned'), ('preview', 'checked, not taken over'), ('applying', 'being taken over'), ('applied', 'taken over'), ('undoing', 'being taken back'), ('undone', 'taken back'), ('refused', 'refused'), ('discarded', 'put aside')], default='queued', max_length=10, verbose_name='state'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='upload',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "uploads_uploadevent" ("agency_id", "applied_at", "applied_by_id", "apply_reason", "counts", "dataset", "fiscal_year", "id", "mapping", "name", "notes", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sha256", "sheets", "size", "state", "stored_as", "undo_reason", "undone_at", "undone_by_id", "uploaded_at", "uploaded_by_id") VALUES (NEW."agency_id", NEW."applied_at", NEW."applied_by_id", NEW."apply_reason", NEW."counts", NEW."dataset", NEW."fiscal_year", NEW."id", NEW."mapping", NEW."name", NEW."notes", NEW."options", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."sha256", NEW."sheets", NEW."size", NEW."state", NEW."stored_as", NEW."undo_reason", NEW."undone_at", NEW."undone_by_id", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='7afbaef2c2aa20bdd845b697f57d7151e618dd24', operation='INSERT', pgid='pgtrigger_insert_insert_26907', table='uploads_upload', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='upload',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."applied_at" IS DISTINCT FROM (NEW."applied_at") OR OLD."applied_by_id" IS DISTINCT FROM (NEW."applied_by_id") OR OLD."apply_reason" IS DISTINCT FROM (NEW."apply_reason") OR OLD."counts" IS DISTINCT FROM (NEW."counts") OR OLD."dataset" IS DISTINCT FROM (NEW."dataset") OR OLD."fiscal_year" IS DISTINCT FROM (NEW."fiscal_year") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."mapping" IS DISTINCT FROM (NEW."mapping") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."notes" IS DISTINCT FROM (NEW."notes") OR OLD."options" IS DISTINCT FROM (NEW."options") OR OLD."problem" IS DISTINCT FROM (NEW."problem") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."sheets" IS DISTINCT FROM (NEW."sheets") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."stored_as" IS DISTINCT FROM (NEW."stored_as") OR OLD."undo_reason" IS DISTINCT FROM (NEW."undo_reason") OR OLD."undone_at" IS DISTINCT FROM (NEW."undone_at") OR OLD."undone_by_id" IS DISTINCT FROM (NEW."undone_by_id") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id"))', func='INSERT INTO "uploads_uploadevent" ("agency_id", "applied_at", "applied_by_id", "apply_reason", "counts", "dataset", "fiscal_year", "id", "mapping", "name", "notes", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sha256", "sheets", "size", "state", "stored_as", "undo_reason", "undone_at", "undone_by_id", "uploaded_at", "uploaded_by_id") VALUES (NEW."agency_id", NEW."applied_at", NEW."applied_by_id", NEW."apply_reason", NEW."counts", NEW."dataset", NEW."fiscal_year", NEW."id", NEW."mapping", NEW."name", NEW."notes", NEW."options", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."sha256", NEW."sheets", NEW."size", NEW."state", NEW."stored_as", NEW."undo_reason", NEW."undone_at", NEW."undone_by_id", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='0732da006f0db1b219ccd1b5e9c43cee7ac65b4b', operation='UPDATE', pgid='pgtrigger_update_update_7ac68', table='uploads_upload', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='upload',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "uploads_uploadevent" ("agency_id", "applied_at", "applied_by_id", "apply_reason", "counts", "dataset", "fiscal_year", "id", "mapping", "name", "notes", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sha256", "sheets", "size", "state", "stored_as", "undo_reason", "undone_at", "undone_by_id", "uploaded_at", "uploaded_by_id") VALUES (OLD."agency_id", OLD."applied_at", OLD."applied_by_id", OLD."apply_reason", OLD."counts", OLD."dataset", OLD."fiscal_year", OLD."id", OLD."mapping", OLD."name", OLD."notes", OLD."options", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."problem", OLD."sha256", OLD."sheets", OLD."size", OLD."state", OLD."stored_as", OLD."undo_reason", OLD."undone_at", OLD."undone_by_id", OLD."uploaded_at", OLD."uploaded_by_id"); RETURN NULL;', hash='128b3373e5a1d6e921e15d4f3da7a86645554af8', operation='DELETE', pgid='pgtrigger_delete_delete_3c6c0', table='uploads_upload', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'reading', 'mapping', 'preview', 'applying', 'applied', 'undoing', 'undone', 'refused', 'discarded'])), name='uploads_upload_state'),
        ),
        migrations.AddField(
            model_name='change',
            name='upload',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='uploads.upload'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(fields=['upload', 'table_name', 'row_id', 'id'], name='uploads_change_rows'),
        ),
        migrations.RunSQL(
            REMEMBER + "".join(OF_A_TABLE.format(table=table) for table in TABLES),
            FORGET + "DROP FUNCTION uploads_remember_change();",
        ),
    ]
