"""Who declared, for which OPD and year: from the official's package, for declarations made before these columns."""

from django.db import migrations

FILL = """
ALTER TABLE procurement_{table} DISABLE TRIGGER USER;
UPDATE procurement_{table} d SET declarer_id = o.user_id, agency_id = p.agency_id, fiscal_year = p.fiscal_year
  FROM procurement_officer o JOIN procurement_package p ON p.id = o.package_id WHERE o.id = d.officer_id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE procurement_{table} ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0004_integrity")]
    operations = [
        migrations.RunSQL(FILL.format(table=table), migrations.RunSQL.noop)
        for table in ("declaration", "declarationevent")
    ]
