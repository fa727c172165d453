"""An OPD exists from a day until a day; what was switched off counts as closed today, continued by nobody."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0010_loans_begin_soon'),
    ]

    operations = [
        migrations.CreateModel(
            name='AgencyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('rename', 'Renamed'), ('merge', 'Merged into another'), ('split', 'Split')], max_length=6, verbose_name='what happened')),
                ('day', models.DateField(verbose_name='counts from')),
                ('basis', models.CharField(help_text='The regulation that says so, with number and year.', max_length=200, verbose_name='legal basis')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
            ],
            options={
                'verbose_name': 'change of an OPD',
                'verbose_name_plural': 'changes of OPD',
                'ordering': ['-day', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AgencyMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holding', models.CharField(max_length=20, verbose_name='what')),
                ('table', models.CharField(max_length=63)),
                ('row', models.BigIntegerField()),
                ('name', models.CharField(max_length=300, verbose_name='name')),
            ],
            options={
                'verbose_name': 'row that went to another OPD',
                'verbose_name_plural': 'rows that went to another OPD',
                'ordering': ['change', 'holding', 'id'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='agency',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='agency',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='agency',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='agency',
            name='closed_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='no longer exists from'),
        ),
        migrations.AddField(
            model_name='agency',
            name='continued_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='continues', to='accounts.agency', verbose_name='continued by'),
        ),
        migrations.AddField(
            model_name='agency',
            name='opened_on',
            field=models.DateField(blank=True, editable=False, help_text='Empty: from before the portal.', null=True, verbose_name='exists from'),
        ),
        migrations.AddField(
            model_name='agencyevent',
            name='closed_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='no longer exists from'),
        ),
        migrations.AddField(
            model_name='agencyevent',
            name='continued_by',
            field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.agency', verbose_name='continued by'),
        ),
        migrations.AddField(
            model_name='agencyevent',
            name='opened_on',
            field=models.DateField(blank=True, editable=False, help_text='Empty: from before the portal.', null=True, verbose_name='exists from'),
        ),
        migrations.AlterField(
            model_name='agency',
            name='code',
            field=models.CharField(help_text='kode_skpd of SIPD, up to three fields of government and a number', max_length=40, verbose_name='SIPD code'),
        ),
        migrations.AlterField(
            model_name='agency',
            name='name',
            field=models.CharField(max_length=160, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='agency',
            name='short_name',
            field=models.CharField(max_length=40, verbose_name='short name'),
        ),
        migrations.RunSQL(
            "UPDATE accounts_agency SET closed_on = (now() AT TIME ZONE 'Asia/Makassar')::date WHERE NOT is_active",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(
            model_name='agency',
            name='is_active',
        ),
        migrations.RemoveField(
            model_name='agencyevent',
            name='is_active',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_agencyevent" ("closed_on", "code", "continued_by_id", "id", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (NEW."closed_on", NEW."code", NEW."continued_by_id", NEW."id", NEW."name", NEW."opened_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."short_name"); RETURN NULL;', hash='cb8194a4f5a3bc397afa826555ea145330e03587', operation='INSERT', pgid='pgtrigger_insert_insert_67acf', table='accounts_agency', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "accounts_agencyevent" ("closed_on", "code", "continued_by_id", "id", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (NEW."closed_on", NEW."code", NEW."continued_by_id", NEW."id", NEW."name", NEW."opened_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."short_name"); RETURN NULL;', hash='e76550be6d3e174698234395581d6356407aca0d', operation='UPDATE', pgid='pgtrigger_update_update_f30d7', table='accounts_agency', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agency',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_agencyevent" ("closed_on", "code", "continued_by_id", "id", "name", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name") VALUES (OLD."closed_on", OLD."code", OLD."continued_by_id", OLD."id", OLD."name", OLD."opened_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."short_name"); RETURN NULL;', hash='b4e75e3230d3b9194bb293f663a0544b65a77338', operation='DELETE', pgid='pgtrigger_delete_delete_d4253', table='accounts_agency', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('code',), name='accounts_agency_one_code', violation_error_message='Another OPD has this code already.'),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('name',), name='accounts_agency_one_name', violation_error_message='Another OPD has this name already.'),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('short_name',), name='accounts_agency_one_short_name', violation_error_message='Another OPD has this short name already.'),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('opened_on__isnull', True), ('closed_on__gt', models.F('opened_on')), _connector='OR'), name='accounts_agency_days', violation_error_message='The last day cannot be before the first.'),
        ),
        migrations.AddConstraint(
            model_name='agency',
            constraint=models.CheckConstraint(condition=models.Q(('continued_by__isnull', True), ('closed_on__isnull', False), _connector='OR'), name='accounts_agency_continued', violation_error_message='Only an OPD that no longer exists is continued by another.'),
        ),
        migrations.AddField(
            model_name='agencychange',
            name='agency',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='accounts.agency', verbose_name='OPD'),
        ),
        migrations.AddField(
            model_name='agencychange',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='agencychange',
            name='successor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes_to', to='accounts.agency', verbose_name='continued by'),
        ),
        migrations.AddField(
            model_name='agencymove',
            name='change',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='accounts.agencychange'),
        ),
        migrations.AddField(
            model_name='agencymove',
            name='former',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='from'),
        ),
        migrations.AddField(
            model_name='agencymove',
            name='successor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency', verbose_name='to'),
        ),
        migrations.AddConstraint(
            model_name='agencychange',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['rename', 'merge', 'split'])), name='accounts_agencychange_kind'),
        ),
        migrations.AddConstraint(
            model_name='agencychange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('basis', ''), _negated=True)), name='accounts_agencychange_reason', violation_error_message='Say why the OPD changes, and by which regulation.'),
        ),
        migrations.AddConstraint(
            model_name='agencychange',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'split'), models.Q(('successor', models.F('agency')), _negated=True), _connector='OR'), name='accounts_agencychange_successor'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agencychange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='37918a52351cab0022e5727e58ed2ecf7f7f8a54', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c4dfa', table='accounts_agencychange', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='agencymove',
            index=models.Index(fields=['table', 'row'], name='accounts_agencymove_row'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agencymove',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8e7439e49afea9936fbc0dcc2eb6355247160c17', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_87c89', table='accounts_agencymove', when='BEFORE')),
        ),
    ]
