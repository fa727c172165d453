"""Say once, in a view, whether everybody on a package has declared and may stay; the triggers of the gate ask it."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Joined by keys that are unique, so that a reader who does not ask for a column does not pay for its table.
VIEW = """
CREATE VIEW procurement_clearance AS
SELECT o.id, o.package_id, o.id AS officer_id, o.role, o.removed_at, r.id AS replaced_by_id,
       d.id AS declaration_id, d.declared_at, d.has_interest, coalesce(s.kind, '') AS decision, s.decided_at,
       d1.declared_at AS first_declared_at, s1.decided_at AS first_decided_at,
       ARRAY(SELECT g.to_state FROM procurement_gateoverride g WHERE g.package_id = o.package_id) AS overridden_for,
       CASE WHEN o.removed_at IS NOT NULL THEN ''
            WHEN d.id IS NULL THEN 'declaration'
            WHEN s.id IS NULL THEN 'decision'
            WHEN s.kind = 'replace' THEN 'replacement'
            ELSE '' END AS missing
  FROM procurement_officer o
  LEFT JOIN procurement_officer r ON r.replaces_id = o.id
  LEFT JOIN procurement_declaration d ON d.officer_id = o.id AND d.superseded_at IS NULL
  LEFT JOIN procurement_decision s ON s.declaration_id = d.id
  LEFT JOIN procurement_declaration d1 ON d1.officer_id = o.id AND d1.number = 1
  LEFT JOIN procurement_decision s1 ON s1.declaration_id = d1.id
UNION ALL
SELECT -p.id, p.id, NULL, 'ppk', NULL, NULL, NULL, NULL, NULL, '', NULL, NULL, NULL,
       ARRAY(SELECT g.to_state FROM procurement_gateoverride g WHERE g.package_id = p.id), 'officer'
  FROM procurement_package p
 WHERE NOT EXISTS (
       SELECT 1 FROM procurement_officer o WHERE o.package_id = p.id AND o.role = 'ppk' AND o.removed_at IS NULL)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('procurement', '0007_largest_of_an_opd'),
    ]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW procurement_clearance"),
        migrations.CreateModel(
            name='Clearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('pa', 'Budget user (PA)'), ('kpa', 'Proxy of the budget user (KPA)'), ('ppk', 'Commitment officer (PPK)'), ('pptk', 'Technical officer (PPTK)'), ('pp', 'Procurement officer (pejabat pengadaan)'), ('pokja', 'Member of the selection group (pokja pemilihan)'), ('pjphp', 'Examiner of the delivery (PjPHP)')], max_length=6)),
                ('removed_at', models.DateTimeField(null=True)),
                ('declared_at', models.DateTimeField(null=True)),
                ('has_interest', models.BooleanField(null=True)),
                ('decision', models.CharField(choices=[('no_conflict', 'No conflict'), ('restrict', 'Restricted tasks'), ('replace', 'To be replaced'), ('other', 'Other measure')], max_length=12)),
                ('decided_at', models.DateTimeField(null=True)),
                ('first_declared_at', models.DateTimeField(null=True)),
                ('first_decided_at', models.DateTimeField(null=True)),
                ('overridden_for', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), size=None)),
                ('missing', models.CharField(max_length=11)),
            ],
            options={
                'db_table': 'procurement_clearance',
                'managed': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='package',
            name='declared_before_gate',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='package',
            name='lacks_declarations',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='declared_before_gate', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NEW."state" IN (\'announced\', \'contracted\') AND OLD."state" IS DISTINCT FROM (NEW."state"))', func="\nIF EXISTS (\n    SELECT 1 FROM procurement_clearance c\n    WHERE c.package_id = NEW.id AND c.missing <> '' AND NEW.state <> ALL (c.overridden_for)\n) THEN\n    RAISE EXCEPTION 'package % lacks decided declarations', NEW.id USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n", hash='f5b960306f3a37d45647a17ca0faa25f24f390ae', operation='UPDATE OF "state"', pgid='pgtrigger_declared_before_gate_b95f4', table='procurement_package', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='package',
            trigger=pgtrigger.compiler.Trigger(name='lacks_declarations', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.state IN ('cancelled', 'failed') THEN\n    NEW.lacks_declarations := false;\nELSIF TG_OP = 'INSERT' THEN\n    NEW.lacks_declarations := true;\nELSE\n    NEW.lacks_declarations := EXISTS (\n        SELECT 1 FROM procurement_clearance c WHERE c.package_id = NEW.id AND c.missing <> ''\n    );\nEND IF;\nRETURN NEW;\n", hash='f970b17c1012d991ad7dce1f52015c346cd9d4f6', operation='INSERT OR UPDATE OF "state", "lacks_declarations"', pgid='pgtrigger_lacks_declarations_55315', table='procurement_package', when='BEFORE')),
        ),
    ]
