
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from core.migration_batches import together


class Migration(migrations.Migration):

    dependencies = [
        ('dashboards', '0003_early_warnings'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        migrations.CreateModel(
            name='BriefingSectionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('part', models.CharField(choices=[('directives', 'Directives overdue'), ('changes', 'What changed since last week'), ('standings', 'How the programmes stand'), ('spm', 'Minimum service standards (SPM)'), ('spending', 'Spending against results'), ('warnings', 'Early warnings'), ('procurement', 'Procurement'), ('data', 'Reported values that deviate'), ('services', 'Public services')], max_length=12, verbose_name='part')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('is_shown', models.BooleanField(default=True, verbose_name='shown')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Briefing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('week', models.CharField(max_length=8, verbose_name='week')),
                ('number', models.PositiveSmallIntegerField(verbose_name='issue')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='issued')),
                ('as_of', models.DateTimeField(verbose_name='figures as of')),
                ('content', models.JSONField(verbose_name='content')),
                ('numbers', models.JSONField(default=dict, verbose_name='figures')),
                ('pdf', models.BinaryField(verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
            ],
            options={
                'verbose_name': 'briefing',
                'verbose_name_plural': 'briefings',
                'ordering': ['-issued_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='BriefingSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('directives', 'Directives overdue'), ('changes', 'What changed since last week'), ('standings', 'How the programmes stand'), ('spm', 'Minimum service standards (SPM)'), ('spending', 'Spending against results'), ('warnings', 'Early warnings'), ('procurement', 'Procurement'), ('data', 'Reported values that deviate'), ('services', 'Public services')], max_length=12, unique=True, verbose_name='part')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('is_shown', models.BooleanField(default=True, verbose_name='shown')),
            ],
            options={
                'verbose_name': 'part of the briefing',
                'verbose_name_plural': 'parts of the briefing',
                'ordering': ['position'],
                'constraints': [models.CheckConstraint(condition=models.Q(('part__in', ['directives', 'changes', 'standings', 'spm', 'spending', 'warnings', 'procurement', 'data', 'services'])), name='dashboards_briefingsection_part')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='briefingsection',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "dashboards_briefingsectionevent" ("id", "is_shown", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."id", NEW."is_shown", NEW."part", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position"); RETURN NULL;', hash='a9a637f0285b43b8a5766513e558df8b7effbc16', operation='INSERT', pgid='pgtrigger_insert_insert_813b9', table='dashboards_briefingsection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='briefingsection',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "dashboards_briefingsectionevent" ("id", "is_shown", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (NEW."id", NEW."is_shown", NEW."part", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position"); RETURN NULL;', hash='0855bd1612c291086765b69e0f7ff8a774da915d', operation='UPDATE', pgid='pgtrigger_update_update_9cc46', table='dashboards_briefingsection', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='briefingsection',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "dashboards_briefingsectionevent" ("id", "is_shown", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position") VALUES (OLD."id", OLD."is_shown", OLD."part", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position"); RETURN NULL;', hash='1211a7c47f418b38335a13ceaca725c9ece2ad11', operation='DELETE', pgid='pgtrigger_delete_delete_ea5ef', table='dashboards_briefingsection', when='AFTER')),
        ),
        migrations.AddField(
            model_name='briefingsectionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='briefingsectionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='dashboards.briefingsection'),
        ),
        migrations.AddConstraint(
            model_name='briefing',
            constraint=models.UniqueConstraint(fields=('week', 'number'), name='dashboards_briefing_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='briefing',
            trigger=pgtrigger.compiler.Trigger(name='as_issued', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1c505b444bd2bfdf6360a1a67273771aaec26e89', operation='UPDATE OR DELETE', pgid='pgtrigger_as_issued_dcc35', table='dashboards_briefing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='briefingsectionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='29fbc9915f49fcd52f5d2801651612afe347d200', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_20d1a', table='dashboards_briefingsectionevent', when='BEFORE')),
        ),
    ])
