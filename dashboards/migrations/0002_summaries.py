
import core.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from dashboards.summaries.triggers import statements, undoing

from core.migration_batches import together


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('core', '0003_audit_chain'),
        ('dashboards', '0001_initial'),
        ('programs', '0003_findings'),
        ('procurement', '0004_lacks_declarations'),
        ('public_services', '0001_initial'),
('spm', '0002_remove_servicekind_insert_insert_and_more'),
    ]

    operations = together([
        migrations.CreateModel(
            name='StaleSubject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('program', 'program'), ('packages', 'packages'), ('page', 'page')], max_length=8)),
                ('key', models.BigIntegerField()),
                ('fiscal_year', models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                'verbose_name': 'stale summary',
                'verbose_name_plural': 'stale summaries',
            },
        ),
        migrations.CreateModel(
            name='SummaryState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.BigIntegerField(default=0)),
                ('as_of', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'state of the summaries',
                'verbose_name_plural': 'states of the summaries',
            },
        ),
        migrations.CreateModel(
            name='PackageTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField()),
                ('packages', models.PositiveIntegerField(default=0)),
                ('ceiling_rupiah', core.fields.RupiahField(decimal_places=2, default=0, max_digits=20)),
                ('open', models.PositiveIntegerField(default=0)),
                ('missing', models.PositiveIntegerField(default=0)),
                ('missing_rupiah', core.fields.RupiahField(decimal_places=2, default=0, max_digits=20)),
                ('held', models.PositiveIntegerField(default=0)),
                ('flagged', models.PositiveIntegerField(default=0)),
                ('flags', models.PositiveIntegerField(default=0)),
                ('contracted', models.PositiveIntegerField(default=0)),
                ('contracted_rupiah', core.fields.RupiahField(decimal_places=2, default=0, max_digits=20)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.agency')),
                ('domain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='spm.domain')),
            ],
            options={
                'verbose_name': 'packages of an OPD',
                'verbose_name_plural': 'packages of OPD',
                'indexes': [models.Index(fields=['fiscal_year'], name='dashboards_packagetally_year')],
                'constraints': [models.UniqueConstraint(fields=('agency', 'fiscal_year', 'domain'), name='dashboards_packagetally_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='ProgramStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField(verbose_name='fiscal year')),
                ('quarter', models.PositiveSmallIntegerField(verbose_name='quarter')),
                ('budget_rupiah', core.fields.RupiahField(decimal_places=2, max_digits=20, verbose_name='budget (Rp)')),
                ('planned_rupiah', core.fields.RupiahField(decimal_places=2, max_digits=20, null=True, verbose_name='planned cash (Rp)')),
                ('spent_rupiah', core.fields.RupiahField(decimal_places=2, max_digits=20, null=True, verbose_name='spent (Rp)')),
                ('ceremonial_rupiah', core.fields.RupiahField(decimal_places=2, default=0, max_digits=20)),
                ('supporting_rupiah', core.fields.RupiahField(decimal_places=2, default=0, max_digits=20)),
                ('direct_rupiah', core.fields.RupiahField(decimal_places=2, default=0, max_digits=20)),
                ('achievement', core.fields.FigureField(decimal_places=6, max_digits=24, null=True, verbose_name='achievement (%)')),
                ('people', models.PositiveIntegerField(default=0, verbose_name='people affected')),
                ('reached', models.PositiveIntegerField(null=True, verbose_name='people reached')),
                ('due', models.PositiveSmallIntegerField(default=0)),
                ('delivered', models.PositiveSmallIntegerField(default=0)),
                ('revised', models.PositiveSmallIntegerField(default=0)),
                ('matches', models.PositiveIntegerField(default=0)),
                ('explain', models.PositiveIntegerField(default=0)),
                ('deviates', models.PositiveIntegerField(default=0)),
                ('no_reference', models.PositiveIntegerField(default=0)),
                ('has_evidence', models.BooleanField(default=False)),
                ('stands_still', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('on_track', 'on track'), ('at_risk', 'at risk'), ('off_track', 'off track'), ('no_data', 'no data')], max_length=9, verbose_name='standing')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('silent', 'the newest quarterly report is missing'), ('nothing', 'neither outcome nor spending has been reported'), ('achievement', 'outcomes stay behind their targets'), ('spending', 'spending stays behind the plan'), ('deviating', 'reported values deviate from official figures'), ('no_result', 'money is spent well ahead of the result')], max_length=12), default=list, size=None, verbose_name='reasons')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.agency', verbose_name='OPD')),
                ('domain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='spm.domain', verbose_name='SPM domain')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.program', verbose_name='programme')),
            ],
            options={
                'verbose_name': 'standing of a programme',
                'verbose_name_plural': 'standings of programmes',
                'ordering': ['program', 'quarter'],
                'indexes': [models.Index(fields=['fiscal_year', 'quarter', 'agency'], name='dashboards_standing_year')],
                'constraints': [models.UniqueConstraint(fields=('program', 'quarter'), name='dashboards_programstanding_once'), models.CheckConstraint(condition=models.Q(('quarter__range', (1, 4))), name='dashboards_programstanding_quarter')],
            },
        ),
        migrations.CreateModel(
            name='RegionTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fiscal_year', models.PositiveSmallIntegerField()),
                ('quarter', models.PositiveSmallIntegerField()),
                ('reaches', models.BooleanField(default=False)),
                ('matches', models.PositiveIntegerField(default=0)),
                ('explain', models.PositiveIntegerField(default=0)),
                ('deviates', models.PositiveIntegerField(default=0)),
                ('no_reference', models.PositiveIntegerField(default=0)),
                ('people', models.PositiveIntegerField(default=0)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.agency')),
                ('domain', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='spm.domain')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.program')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.region')),
            ],
            options={
                'verbose_name': 'programme in a region',
                'verbose_name_plural': 'programmes in regions',
                'indexes': [models.Index(fields=['fiscal_year', 'region', 'quarter'], name='dashboards_regiontally_year')],
                'constraints': [models.UniqueConstraint(fields=('program', 'quarter', 'region'), name='dashboards_regiontally_once')],
            },
        ),
        migrations.RunSQL(statements(), undoing()),
        # Everything that is there already has to be worked out once.
        migrations.RunSQL(
            [
                "INSERT INTO dashboards_stalesubject (subject, key) SELECT 'program', id FROM programs_program",
                "INSERT INTO dashboards_stalesubject (subject, key, fiscal_year)"
                " SELECT DISTINCT 'packages', agency_id, fiscal_year FROM procurement_package",
            ],
            migrations.RunSQL.noop,
        ),
    ])
