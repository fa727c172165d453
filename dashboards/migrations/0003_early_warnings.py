
import core.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migration_batches import together


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('dashboards', '0002_summaries'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('programs', '0003_findings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        migrations.CreateModel(
            name='EarlyWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('absorption', 'absorption at the end of the year'), ('achievement', 'outcome behind its target'), ('late', 'reports overdue'), ('stalled', 'packages too late for a contract'), ('reference', 'official figure turning for the worse'), ('spm', 'SPM service behind its target')], max_length=11, verbose_name='kind')),
                ('key', models.CharField(max_length=80)),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('subject', models.CharField(max_length=300, verbose_name='subject')),
                ('url', models.CharField(max_length=300)),
                ('facts', models.JSONField(default=dict)),
                ('people', models.BigIntegerField(default=0, verbose_name='people affected')),
                ('rupiah', core.fields.RupiahField(decimal_places=2, default=0, max_digits=20, verbose_name='money (Rp)')),
                ('score', models.FloatField(default=0)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='raised')),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last seen')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='no longer so')),
                ('silenced_until', models.DateField(blank=True, null=True, verbose_name='silenced until')),
                ('silenced_because', models.CharField(blank=True, max_length=500, verbose_name='why silenced')),
                ('came_true', models.BooleanField(null=True, verbose_name='came true')),
                ('judged_at', models.DateTimeField(blank=True, null=True, verbose_name='proved')),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='warnings', to='accounts.agency', verbose_name='OPD')),
                ('program', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='warnings', to='programs.program', verbose_name='programme')),
                ('silenced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'early warning',
                'verbose_name_plural': 'early warnings',
                'ordering': ['-score', 'id'],
            },
        ),
        migrations.CreateModel(
            name='EarlyWarningEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('absorption', 'absorption at the end of the year'), ('achievement', 'outcome behind its target'), ('late', 'reports overdue'), ('stalled', 'packages too late for a contract'), ('reference', 'official figure turning for the worse'), ('spm', 'SPM service behind its target')], max_length=11, verbose_name='kind')),
                ('key', models.CharField(max_length=80)),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('subject', models.CharField(max_length=300, verbose_name='subject')),
                ('url', models.CharField(max_length=300)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='raised')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='no longer so')),
                ('silenced_until', models.DateField(blank=True, null=True, verbose_name='silenced until')),
                ('silenced_because', models.CharField(blank=True, max_length=500, verbose_name='why silenced')),
                ('came_true', models.BooleanField(null=True, verbose_name='came true')),
                ('judged_at', models.DateTimeField(blank=True, null=True, verbose_name='proved')),
                ('agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='OPD')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='dashboards.earlywarning')),
                ('program', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.program', verbose_name='programme')),
                ('silenced_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='earlywarning',
            index=models.Index(fields=['fiscal_year', 'closed_at', '-score'], name='dashboards_warning_ranked'),
        ),
        migrations.AddConstraint(
            model_name='earlywarning',
            constraint=models.UniqueConstraint(fields=('kind', 'key', 'fiscal_year'), name='dashboards_warning_once'),
        ),
        migrations.AddConstraint(
            model_name='earlywarning',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['absorption', 'achievement', 'late', 'stalled', 'reference', 'spm'])), name='dashboards_warning_kind'),
        ),
        migrations.AddConstraint(
            model_name='earlywarning',
            constraint=models.CheckConstraint(condition=models.Q(('silenced_until__isnull', True), models.Q(('silenced_because', ''), _negated=True), _connector='OR'), name='dashboards_warning_silenced', violation_error_message='Say why the warning is silenced.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='earlywarning',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "dashboards_earlywarningevent" ("agency_id", "came_true", "closed_at", "fiscal_year", "id", "judged_at", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "raised_at", "silenced_because", "silenced_by_id", "silenced_until", "subject", "url") VALUES (NEW."agency_id", NEW."came_true", NEW."closed_at", NEW."fiscal_year", NEW."id", NEW."judged_at", NEW."key", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."program_id", NEW."raised_at", NEW."silenced_because", NEW."silenced_by_id", NEW."silenced_until", NEW."subject", NEW."url"); RETURN NULL;', hash='b689741b013101e76728635464afa2628a6194c2', operation='INSERT', pgid='pgtrigger_insert_insert_eeddb', table='dashboards_earlywarning', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='earlywarning',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."agency_id" IS DISTINCT FROM (NEW."agency_id") OR OLD."came_true" IS DISTINCT FROM (NEW."came_true") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."fiscal_year" IS DISTINCT FROM (NEW."fiscal_year") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."judged_at" IS DISTINCT FROM (NEW."judged_at") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."program_id" IS DISTINCT FROM (NEW."program_id") OR OLD."raised_at" IS DISTINCT FROM (NEW."raised_at") OR OLD."silenced_because" IS DISTINCT FROM (NEW."silenced_because") OR OLD."silenced_by_id" IS DISTINCT FROM (NEW."silenced_by_id") OR OLD."silenced_until" IS DISTINCT FROM (NEW."silenced_until") OR OLD."subject" IS DISTINCT FROM (NEW."subject") OR OLD."url" IS DISTINCT FROM (NEW."url"))', func='INSERT INTO "dashboards_earlywarningevent" ("agency_id", "came_true", "closed_at", "fiscal_year", "id", "judged_at", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "raised_at", "silenced_because", "silenced_by_id", "silenced_until", "subject", "url") VALUES (NEW."agency_id", NEW."came_true", NEW."closed_at", NEW."fiscal_year", NEW."id", NEW."judged_at", NEW."key", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."program_id", NEW."raised_at", NEW."silenced_because", NEW."silenced_by_id", NEW."silenced_until", NEW."subject", NEW."url"); RETURN NULL;', hash='e8b9f35ebf6bf9bad16fd14e52a3911aed7c41c1', operation='UPDATE', pgid='pgtrigger_update_update_702bd', table='dashboards_earlywarning', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='earlywarning',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "dashboards_earlywarningevent" ("agency_id", "came_true", "closed_at", "fiscal_year", "id", "judged_at", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "program_id", "raised_at", "silenced_because", "silenced_by_id", "silenced_until", "subject", "url") VALUES (OLD."agency_id", OLD."came_true", OLD."closed_at", OLD."fiscal_year", OLD."id", OLD."judged_at", OLD."key", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."program_id", OLD."raised_at", OLD."silenced_because", OLD."silenced_by_id", OLD."silenced_until", OLD."subject", OLD."url"); RETURN NULL;', hash='fb76b2742ce57225ffea81ec2db5700428bf17eb', operation='DELETE', pgid='pgtrigger_delete_delete_a0fa2', table='dashboards_earlywarning', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='earlywarningevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bd90bfb52661318a9e5bf66361ee9995ad756665', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_453c6', table='dashboards_earlywarningevent', when='BEFORE')),
        ),
    ])
