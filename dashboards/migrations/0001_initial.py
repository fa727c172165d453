import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migration_batches import together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('procurement', '0003_contracts_in_force'),
        ('programs', '0003_findings'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Directive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('year', models.PositiveSmallIntegerField(editable=False, verbose_name='year')),
                ('number', models.PositiveSmallIntegerField(editable=False, verbose_name='number')),
                ('text', models.CharField(max_length=500, verbose_name='directive')),
                ('measure', models.CharField(help_text='By what one sees that it is carried out.', max_length=300, verbose_name='measure of success')),
                ('given_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='given on')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('state', models.CharField(choices=[('open', 'open'), ('answered', 'said to be carried out'), ('done', 'carried out'), ('withdrawn', 'withdrawn')], default='open', max_length=9, verbose_name='state')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='closed')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample data')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='accounts.agency', verbose_name='OPD')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('indicator', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='directives', to='programs.indicator', verbose_name='indicator')),
                ('package', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='directives', to='procurement.package', verbose_name='package')),
                ('program', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='directives', to='programs.program', verbose_name='programme')),
            ],
            options={
                'verbose_name': 'directive',
                'verbose_name_plural': 'directives',
                'ordering': ['due_on', 'pk'],
                'indexes': [models.Index(fields=['agency', 'state', 'due_on'], name='dashboards_directive_due')],
                'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='dashboards_directive_number'), models.CheckConstraint(condition=models.Q(('due_on__gte', models.F('given_on'))), name='dashboards_directive_days', violation_error_message='The due day comes after the day it is given.'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered', 'done', 'withdrawn'])), name='dashboards_directive_state'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state__in', ['open', 'answered'])), models.Q(('closed_at__isnull', False), ('state__in', ['done', 'withdrawn'])), _connector='OR'), name='dashboards_directive_closed')],
            },
        ),
        migrations.CreateModel(
            name='DirectiveEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('year', models.PositiveSmallIntegerField(editable=False, verbose_name='year')),
                ('number', models.PositiveSmallIntegerField(editable=False, verbose_name='number')),
                ('text', models.CharField(max_length=500, verbose_name='directive')),
                ('measure', models.CharField(help_text='By what one sees that it is carried out.', max_length=300, verbose_name='measure of success')),
                ('given_on', models.DateField(default=django.utils.timezone.localdate, verbose_name='given on')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('state', models.CharField(choices=[('open', 'open'), ('answered', 'said to be carried out'), ('done', 'carried out'), ('withdrawn', 'withdrawn')], default='open', max_length=9, verbose_name='state')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='closed')),
                ('is_sample', models.BooleanField(default=False, editable=False, verbose_name='sample data')),
                ('agency', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='OPD')),
                ('given_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('indicator', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.indicator', verbose_name='indicator')),
                ('package', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='procurement.package', verbose_name='package')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='dashboards.directive')),
                ('program', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.program', verbose_name='programme')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='follow-up')),
                ('percent', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='carried out (%)')),
                ('state', models.CharField(choices=[('open', 'open'), ('answered', 'said to be carried out'), ('done', 'carried out'), ('withdrawn', 'withdrawn')], max_length=9, verbose_name='state after it')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('file_name', models.CharField(blank=True, max_length=160, verbose_name='proof')),
                ('content_type', models.CharField(blank=True, max_length=120)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('stored_as', models.CharField(blank=True, max_length=80)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='follow_ups', to='dashboards.directive', verbose_name='directive')),
            ],
            options={
                'verbose_name': 'follow-up',
                'verbose_name_plural': 'follow-ups',
                'ordering': ['directive', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('percent__isnull', True), ('percent__range', (0, 100)), _connector='OR'), name='dashboards_followup_percent', violation_error_message='Write a share between 0 and 100 per cent.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='directive',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "dashboards_directiveevent" ("agency_id", "closed_at", "due_on", "given_by_id", "given_on", "id", "indicator_id", "is_sample", "measure", "number", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "state", "text", "updated_at", "version", "year") VALUES (NEW."agency_id", NEW."closed_at", NEW."due_on", NEW."given_by_id", NEW."given_on", NEW."id", NEW."indicator_id", NEW."is_sample", NEW."measure", NEW."number", NEW."package_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."program_id", NEW."state", NEW."text", NEW."updated_at", NEW."version", NEW."year"); RETURN NULL;', hash='1fb470de9ad3647ffca838df0afc1cce13046856', operation='INSERT', pgid='pgtrigger_insert_insert_d953c', table='dashboards_directive', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='directive',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "dashboards_directiveevent" ("agency_id", "closed_at", "due_on", "given_by_id", "given_on", "id", "indicator_id", "is_sample", "measure", "number", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "state", "text", "updated_at", "version", "year") VALUES (NEW."agency_id", NEW."closed_at", NEW."due_on", NEW."given_by_id", NEW."given_on", NEW."id", NEW."indicator_id", NEW."is_sample", NEW."measure", NEW."number", NEW."package_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."state", NEW."text", NEW."updated_at", NEW."version", NEW."year"); RETURN NULL;', hash='284e892ccb753000e91bfd6d451adac176f0ffbd', operation='UPDATE', pgid='pgtrigger_update_update_b8844', table='dashboards_directive', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='directive',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "dashboards_directiveevent" ("agency_id", "closed_at", "due_on", "given_by_id", "given_on", "id", "indicator_id", "is_sample", "measure", "number", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "state", "text", "updated_at", "version", "year") VALUES (OLD."agency_id", OLD."closed_at", OLD."due_on", OLD."given_by_id", OLD."given_on", OLD."id", OLD."indicator_id", OLD."is_sample", OLD."measure", OLD."number", OLD."package_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."program_id", OLD."state", OLD."text", OLD."updated_at", OLD."version", OLD."year"); RETURN NULL;', hash='7f163e714a5ea2c07ec0de3f1499d81f9b98786e', operation='DELETE', pgid='pgtrigger_delete_delete_7c5da', table='dashboards_directive', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='directiveevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bed9c87b0f2ad7779f0dcfb828d0e5d2eb120ad7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_830b9', table='dashboards_directiveevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='followup',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fa63dbcaa5e49bca68842426caec30c8b139e8fc', operation='UPDATE', pgid='pgtrigger_append_only_a7383', table='dashboards_followup', when='BEFORE')),
        ),
    ])
