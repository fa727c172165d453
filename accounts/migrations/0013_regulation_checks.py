"""Who compared a regulation of the register with its text."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_successors_hold_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='RegulationCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=60)),
                ('title', models.CharField(max_length=120, verbose_name='regulation')),
                ('result', models.CharField(choices=[('matches', 'The portal says what the text says'), ('differs', 'The text says something else')], max_length=7, verbose_name='result')),
                ('checked_by', models.CharField(help_text='Name and office, for example of the legal bureau.', max_length=160, verbose_name='compared by')),
                ('checked_on', models.DateField(verbose_name='compared on')),
                ('note', models.CharField(blank=True, help_text='Where the text was read; what differs, if anything does.', max_length=500, verbose_name='note')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'comparison with a regulation',
                'verbose_name_plural': 'comparisons with regulations',
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('result__in', ['matches', 'differs'])), name='accounts_regulationcheck_result'), models.CheckConstraint(condition=models.Q(('result', 'matches'), models.Q(('note', ''), _negated=True), _connector='OR'), name='accounts_regulationcheck_note', violation_error_message='Say what the text says instead.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='regulationcheck',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1fe964aa32966e4064036d0a1401bdfa6ae6501f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b9531', table='accounts_regulationcheck', when='BEFORE')),
        ),
    ]
