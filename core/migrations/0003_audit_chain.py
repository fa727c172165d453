import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_region_abbreviation'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChainBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='number')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed')),
                ('columns', models.JSONField(default=dict)),
                ('entries', models.PositiveIntegerField(verbose_name='rows')),
                ('content', models.CharField(max_length=64)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64, verbose_name='seal')),
            ],
            options={
                'verbose_name': 'seal of the audit chain',
                'verbose_name_plural': 'seals of the audit chain',
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='ChainEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=63)),
                ('row', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('block', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='core.chainblock')),
            ],
            options={
                'verbose_name': 'sealed row',
                'verbose_name_plural': 'sealed rows',
                'constraints': [models.UniqueConstraint(fields=('table', 'row'), name='core_chainentry_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='chainblock',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e22c902c52d2ae3fdff04fbd308dceae6291651e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_54fb2', table='core_chainblock', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='chainentry',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c708951468d395a7c2fbd550748c799d20eb033f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_31a4e', table='core_chainentry', when='BEFORE')),
        ),
    ]
