"""Say once, in a view, which OPD are one by several names: renamed, and renamed again, nothing else."""

from django.db import migrations

# `place` counts the names from the first; `newest_id` is the OPD that has the last one.
VIEW = """
CREATE VIEW accounts_agencyname AS
WITH RECURSIVE named AS (
    SELECT a.id AS agency_id, a.id AS first_id, 0 AS place FROM accounts_agency a
     WHERE NOT EXISTS (SELECT FROM accounts_agencychange c WHERE c.successor_id = a.id AND c.kind = 'rename')
    UNION ALL
    SELECT c.successor_id, n.first_id, n.place + 1
      FROM named n JOIN accounts_agencychange c ON c.agency_id = n.agency_id AND c.kind = 'rename'
)
SELECT agency_id, first_id, place,
       first_value(agency_id) OVER (PARTITION BY first_id ORDER BY place DESC) AS newest_id
  FROM named
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_regulation_checks")]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW accounts_agencyname")]
