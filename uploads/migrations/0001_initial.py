import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migration_batches import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        migrations.CreateModel(
            name='SavedMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dataset', models.CharField(max_length=40, verbose_name='kind of list')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('columns', models.JSONField(default=dict, verbose_name='columns')),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='saved_mappings', to='accounts.agency')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved column mapping',
                'verbose_name_plural': 'saved column mappings',
                'ordering': ['dataset', 'name'],
            },
        ),
        migrations.CreateModel(
            name='SavedMappingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('dataset', models.CharField(max_length=40, verbose_name='kind of list')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('columns', models.JSONField(default=dict, verbose_name='columns')),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='uploads.savedmapping')),
                ('saved_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
                ('name', models.CharField(max_length=150, verbose_name='file name')),
                ('size', models.PositiveBigIntegerField(verbose_name='size, bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('stored_as', models.CharField(max_length=120, unique=True)),
                ('dataset', models.CharField(blank=True, max_length=40, verbose_name='kind of list')),
                ('options', models.JSONField(blank=True, default=dict, verbose_name='options')),
                ('mapping', models.JSONField(blank=True, default=dict, verbose_name='columns')),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('reading', 'being read'), ('mapping', 'columns to be assigned'), ('preview', 'checked, not taken over'), ('applying', 'being taken over'), ('applied', 'taken over'), ('refused', 'refused'), ('discarded', 'put aside')], default='queued', max_length=10, verbose_name='state')),
                ('progress', models.JSONField(blank=True, default=dict)),
                ('sheets', models.JSONField(blank=True, default=list)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('notes', models.JSONField(blank=True, default=list)),
                ('problem', models.TextField(blank=True, verbose_name='problem')),
                ('stage', models.CharField(blank=True, max_length=60)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='taken over')),
                ('apply_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('agency', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='accounts.agency', verbose_name='OPD')),
                ('applied_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken over by')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'uploaded list',
                'verbose_name_plural': 'uploaded lists',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='UploadEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
                ('name', models.CharField(max_length=150, verbose_name='file name')),
                ('size', models.PositiveBigIntegerField(verbose_name='size, bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('stored_as', models.CharField(max_length=120)),
                ('dataset', models.CharField(blank=True, max_length=40, verbose_name='kind of list')),
                ('options', models.JSONField(blank=True, default=dict, verbose_name='options')),
                ('mapping', models.JSONField(blank=True, default=dict, verbose_name='columns')),
                ('state', models.CharField(choices=[('queued', 'waiting'), ('reading', 'being read'), ('mapping', 'columns to be assigned'), ('preview', 'checked, not taken over'), ('applying', 'being taken over'), ('applied', 'taken over'), ('refused', 'refused'), ('discarded', 'put aside')], default='queued', max_length=10, verbose_name='state')),
                ('sheets', models.JSONField(blank=True, default=list)),
                ('counts', models.JSONField(blank=True, default=dict)),
                ('notes', models.JSONField(blank=True, default=list)),
                ('problem', models.TextField(blank=True, verbose_name='problem')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='taken over')),
                ('apply_reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='OPD')),
                ('applied_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken over by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='uploads.upload')),
                ('uploaded_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UploadProblem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(max_length=60, verbose_name='sheet')),
                ('row', models.PositiveIntegerField(verbose_name='row')),
                ('column', models.PositiveSmallIntegerField(null=True, verbose_name='column')),
                ('field', models.CharField(blank=True, max_length=40, verbose_name='field')),
                ('found', models.CharField(blank=True, max_length=200, verbose_name='found')),
                ('code', models.CharField(max_length=40)),
                ('params', models.JSONField(default=dict)),
                ('is_warning', models.BooleanField(default=False, verbose_name='warning')),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='uploads.upload')),
            ],
            options={
                'verbose_name': 'problem in an uploaded list',
                'verbose_name_plural': 'problems in uploaded lists',
                'ordering': ['sheet', 'row', 'column', 'id'],
            },
        ),
        migrations.AddConstraint(
            model_name='savedmapping',
            constraint=models.UniqueConstraint(fields=('agency', 'dataset', 'name'), name='uploads_savedmapping_once', nulls_distinct=False),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedmapping',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "uploads_savedmappingevent" ("agency_id", "columns", "dataset", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id") VALUES (NEW."agency_id", NEW."columns", NEW."dataset", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."saved_at", NEW."saved_by_id"); RETURN NULL;', hash='32d0afeb27cd129feb7740cff20ad12e8fb9cc3e', operation='INSERT', pgid='pgtrigger_insert_insert_1beca', table='uploads_savedmapping', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedmapping',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "uploads_savedmappingevent" ("agency_id", "columns", "dataset", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id") VALUES (NEW."agency_id", NEW."columns", NEW."dataset", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."saved_at", NEW."saved_by_id"); RETURN NULL;', hash='769ae5aa906922a929e1c5b88fb3e0d07ea92dbf', operation='UPDATE', pgid='pgtrigger_update_update_836e2', table='uploads_savedmapping', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedmapping',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "uploads_savedmappingevent" ("agency_id", "columns", "dataset", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "saved_at", "saved_by_id") VALUES (OLD."agency_id", OLD."columns", OLD."dataset", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."saved_at", OLD."saved_by_id"); RETURN NULL;', hash='9d5ae972c16ecc750719a13568153c459d515e06', operation='DELETE', pgid='pgtrigger_delete_delete_6f148', table='uploads_savedmapping', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='savedmappingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e82bd87a5781b25647bc9655257260a74d431b21', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_12374', table='uploads_savedmappingevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'reading', 'mapping', 'preview', 'applying', 'applied', 'refused', 'discarded'])), name='uploads_upload_state'),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'applied'), _negated=True), models.Q(('applied_at__isnull', False), ('applied_by__isnull', False)), _connector='OR'), name='uploads_upload_applied'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='upload',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "uploads_uploadevent" ("agency_id", "applied_at", "applied_by_id", "apply_reason", "counts", "dataset", "fiscal_year", "id", "mapping", "name", "notes", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sha256", "sheets", "size", "state", "stored_as", "uploaded_at", "uploaded_by_id") VALUES (NEW."agency_id", NEW."applied_at", NEW."applied_by_id", NEW."apply_reason", NEW."counts", NEW."dataset", NEW."fiscal_year", NEW."id", NEW."mapping", NEW."name", NEW."notes", NEW."options", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."problem", NEW."sha256", NEW."sheets", NEW."size", NEW."state", NEW."stored_as", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='102e52c5558818e9b48f4eaabe4ad3e578d83c49', operation='INSERT', pgid='pgtrigger_insert_insert_26907', table='uploads_upload', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='upload',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."applied_at" IS DISTINCT FROM (NEW."applied_at") OR OLD."applied_by_id" IS DISTINCT FROM (NEW."applied_by_id") OR OLD."apply_reason" IS DISTINCT FROM (NEW."apply_reason") OR OLD."counts" IS DISTINCT FROM (NEW."counts") OR OLD."dataset" IS DISTINCT FROM (NEW."dataset") OR OLD."fiscal_year" IS DISTINCT FROM (NEW."fiscal_year") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."mapping" IS DISTINCT FROM (NEW."mapping") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."notes" IS DISTINCT FROM (NEW."notes") OR OLD."options" IS DISTINCT FROM (NEW."options") OR OLD."problem" IS DISTINCT FROM (NEW."problem") OR OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."sheets" IS DISTINCT FROM (NEW."sheets") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."stored_as" IS DISTINCT FROM (NEW."stored_as") OR OLD."uploaded_at" IS DISTINCT FROM (NEW."uploaded_at") OR OLD."uploaded_by_id" IS DISTINCT FROM (NEW."uploaded_by_id"))', func='INSERT INTO "uploads_uploadevent" ("agency_id", "applied_at", "applied_by_id", "apply_reason", "counts", "dataset", "fiscal_year", "id", "mapping", "name", "notes", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sha256", "sheets", "size", "state", "stored_as", "uploaded_at", "uploaded_by_id") VALUES (NEW."agency_id", NEW."applied_at", NEW."applied_by_id", NEW."apply_reason", NEW."counts", NEW."dataset", NEW."fiscal_year", NEW."id", NEW."mapping", NEW."name", NEW."notes", NEW."options", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."problem", NEW."sha256", NEW."sheets", NEW."size", NEW."state", NEW."stored_as", NEW."uploaded_at", NEW."uploaded_by_id"); RETURN NULL;', hash='e655dd175a8d2d6278bb6b40a4799f494b00a20d', operation='UPDATE', pgid='pgtrigger_update_update_7ac68', table='uploads_upload', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='upload',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "uploads_uploadevent" ("agency_id", "applied_at", "applied_by_id", "apply_reason", "counts", "dataset", "fiscal_year", "id", "mapping", "name", "notes", "options", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "problem", "sha256", "sheets", "size", "state", "stored_as", "uploaded_at", "uploaded_by_id") VALUES (OLD."agency_id", OLD."applied_at", OLD."applied_by_id", OLD."apply_reason", OLD."counts", OLD."dataset", OLD."fiscal_year", OLD."id", OLD."mapping", OLD."name", OLD."notes", OLD."options", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."problem", OLD."sha256", OLD."sheets", OLD."size", OLD."state", OLD."stored_as", OLD."uploaded_at", OLD."uploaded_by_id"); RETURN NULL;', hash='da78176b3d017d95696a2dda9444d340e27587cf', operation='DELETE', pgid='pgtrigger_delete_delete_3c6c0', table='uploads_upload', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='uploadevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f8263a59f078daff223f4bf5b883b5ebd0e805f1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3b1dc', table='uploads_uploadevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='uploadproblem',
            index=models.Index(fields=['upload', 'is_warning'], name='uploads_uploadproblem_i'),
        ),
    ])
