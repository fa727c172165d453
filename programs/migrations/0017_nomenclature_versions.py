"""The decisions that give and change the nomenclature, as data."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('programs', '0016_account_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='NomenclatureVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regulation', models.CharField(max_length=120, unique=True, verbose_name='regulation')),
                ('valid_from', models.PositiveSmallIntegerField(verbose_name='from year')),
                ('sub_activity_digits', models.PositiveSmallIntegerField(default=4, help_text='Four since 2023, two before.', verbose_name='digits of a sub-activity')),
                ('changes', models.CharField(blank=True, help_text='The decision that it changes.', max_length=120, verbose_name='changes')),
                ('is_verified', models.BooleanField(default=False, help_text='Until then it is shown as not checked.', verbose_name='checked against the regulation')),
            ],
            options={
                'verbose_name': 'version of the nomenclature',
                'verbose_name_plural': 'versions of the nomenclature',
                'ordering': ['-valid_from', '-id'],
            },
        ),
        migrations.CreateModel(
            name='NomenclatureVersionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('regulation', models.CharField(max_length=120, verbose_name='regulation')),
                ('valid_from', models.PositiveSmallIntegerField(verbose_name='from year')),
                ('sub_activity_digits', models.PositiveSmallIntegerField(default=4, help_text='Four since 2023, two before.', verbose_name='digits of a sub-activity')),
                ('changes', models.CharField(blank=True, help_text='The decision that it changes.', max_length=120, verbose_name='changes')),
                ('is_verified', models.BooleanField(default=False, help_text='Until then it is shown as not checked.', verbose_name='checked against the regulation')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nomenclatureversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_nomenclatureversionevent" ("changes", "id", "is_verified", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "regulation", "sub_activity_digits", "valid_from") VALUES (NEW."changes", NEW."id", NEW."is_verified", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."regulation", NEW."sub_activity_digits", NEW."valid_from"); RETURN NULL;', hash='f37f40a1f92521c14fdd108aac6f0fb5b931b109', operation='INSERT', pgid='pgtrigger_insert_insert_13d2c', table='programs_nomenclatureversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nomenclatureversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programs_nomenclatureversionevent" ("changes", "id", "is_verified", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "regulation", "sub_activity_digits", "valid_from") VALUES (NEW."changes", NEW."id", NEW."is_verified", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."regulation", NEW."sub_activity_digits", NEW."valid_from"); RETURN NULL;', hash='ff14376672c1192d1d5008dc10647b1e578a3647', operation='UPDATE', pgid='pgtrigger_update_update_33213', table='programs_nomenclatureversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nomenclatureversion',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_nomenclatureversionevent" ("changes", "id", "is_verified", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "regulation", "sub_activity_digits", "valid_from") VALUES (OLD."changes", OLD."id", OLD."is_verified", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."regulation", OLD."sub_activity_digits", OLD."valid_from"); RETURN NULL;', hash='6638efdce2e62c93e29ed5f3e343eaa9fe30e5e7', operation='DELETE', pgid='pgtrigger_delete_delete_757f0', table='programs_nomenclatureversion', when='AFTER')),
        ),
        migrations.AddField(
            model_name='nomenclatureversionevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='nomenclatureversionevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to='programs.nomenclatureversion'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nomenclatureversionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='efc4cfdc344098d70c8db083d2ca31416c7c21ff', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4bc41', table='programs_nomenclatureversionevent', when='BEFORE')),
        ),
    ]
