"""The summaries that dashboards read, and triggers on the raw tables that note which of them no longer hold.

The triggers stand here and not on the models of the lower floors, which know nothing of dashboards. One note per statement
and programme, appended: a writer never waits for another.
"""

import core.fields
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


from core.migration_batches import together

OF_PROGRAM = {  # table → how a changed row leads to its programme
    "programs_program": "SELECT c.id FROM {changed} c",
    "programs_program_regions": "SELECT c.program_id FROM {changed} c",
    "programs_indicator": "SELECT c.program_id FROM {changed} c",
    "programs_indicatortarget": "SELECT i.program_id FROM {changed} c JOIN programs_indicator i ON i.id = c.indicator_id",
    "programs_report": "SELECT c.program_id FROM {changed} c",
    "programs_reportvalue": "SELECT r.program_id FROM {changed} c JOIN programs_report r ON r.id = c.report_id",
    "programs_progress": "SELECT r.program_id FROM {changed} c JOIN programs_report r ON r.id = c.report_id",
    "programs_recipients": "SELECT r.program_id FROM {changed} c JOIN programs_report r ON r.id = c.report_id",
    "programs_budgetline": "SELECT a.program_id FROM {changed} c JOIN programs_subactivity s ON s.id = c.sub_activity_id"
    " JOIN programs_activity a ON a.id = s.activity_id",
}
OF_PACKAGES = {  # table → how a changed row leads to an OPD and a year
    "procurement_package": "SELECT c.agency_id, c.fiscal_year FROM {changed} c",
    "procurement_flag": "SELECT p.agency_id, p.fiscal_year FROM {changed} c JOIN procurement_package p ON p.id = c.package_id",
}
OF_PAGE = (  # what the pages ask directly, because there are few: any change makes cached pages old
    "dashboards_directive",
    "public_services_publicservice",
    "public_services_procedurestep",
    "spm_indexvalue",
)
EVENTS = {"insert": ["NEW"], "delete": ["OLD"], "update": ["NEW", "OLD"]}
NAME = "dashboards_note"


def statements() -> list[str]:
    """CREATE FUNCTION and CREATE TRIGGER for every table and event (transition tables allow one event a trigger)."""
    made = []
    for tables, subject, columns in (
        (OF_PROGRAM, "program", "'program', key, NULL"),
        (OF_PACKAGES, "packages", "'packages', key, year"),
    ):
        names = "key" if subject == "program" else "key, year"
        for table, select in tables.items():
            for event, sides in EVENTS.items():
                function = f"{NAME}_{table}_{event}"
                changed = " UNION ".join(select.format(changed=f"{side.lower()}_rows") for side in sides)
                made.append(
                    f"""CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        INSERT INTO dashboards_stalesubject (subject, key, fiscal_year)
                        SELECT {columns} FROM (SELECT DISTINCT * FROM ({changed}) AS u ({names})) AS s WHERE key IS NOT NULL;
                        RETURN NULL;
                    END $$"""  # noqa: S608 (constants of this module)
                )
                referencing = " ".join(f"{side} TABLE AS {side.lower()}_rows" for side in sides)
                made.append(
                    f"CREATE TRIGGER {NAME}_{event} AFTER {event.upper()} ON {table} REFERENCING {referencing}"
                    f" FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
                )
    made.append(
        f"""CREATE OR REPLACE FUNCTION {NAME}_page() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO dashboards_stalesubject (subject, key) VALUES ('page', 0);
            RETURN NULL;
        END $$"""  # noqa: S608 (constants of this module)
    )
    made += [
        f"CREATE TRIGGER {NAME} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {NAME}_page()"
        for table in OF_PAGE
    ]
    return made


def undoing() -> list[str]:
    functions = [f"{NAME}_{table}_{event}" for table in [*OF_PROGRAM, *OF_PACKAGES] for event in EVENTS]
    return [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in [*functions, f"{NAME}_page"]]


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
