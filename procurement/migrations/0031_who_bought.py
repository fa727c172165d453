"""Say once, in a view, whose a package was when its contract was signed, where it has gone to another OPD since."""

from django.db import migrations

VIEW = """
CREATE VIEW procurement_bought AS
SELECT DISTINCT ON (m."row") m."row" AS package_id, m.former_id AS agency_id
  FROM accounts_agencymove m
  JOIN accounts_agencychange h ON h.id = m.change_id
  JOIN procurement_contract c ON c.package_id = m."row" AND c.superseded_at IS NULL AND c.signed_on < h.day
 WHERE m."table" = 'procurement_package'
 ORDER BY m."row", h.day, m.id
"""

# A finding about an OPD is known by its first name from here on: what was put aside stays so at its next name.
KEYS = """
UPDATE procurement_flag f SET key = regexp_replace(f.key, '\\d+$', n.first_id::text)
  FROM accounts_agencyname n
 WHERE f.dataset_id IS NULL AND f.subject IN ('buyer', 'entity') AND n.first_id <> n.agency_id
   AND n.agency_id = substring(f.key FROM '\\d+$')::bigint
   AND NOT EXISTS (SELECT FROM procurement_flag o
                    WHERE o.dataset_id IS NULL AND o.code = f.code AND o.subject = f.subject
                      AND o.key = regexp_replace(f.key, '\\d+$', n.first_id::text))
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0030_flags_that_say_more"), ("accounts", "0014_names_of_agencies")]
    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW procurement_bought"),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop, elidable=True),
    ]
