"""Who holds a role at an OPD holds it at the former ones that this OPD continues; at a former one nobody holds any."""

from django.db import migrations

TODAY = "(now() AT TIME ZONE 'Asia/Makassar')::date"
HOLDING = """,
holding AS (
    SELECT h.* FROM in_force h
     WHERE h.lender_id IS NULL OR (
           EXISTS (SELECT FROM in_force o WHERE o.user_id = h.lender_id AND o.role = h.role
                      AND o.agency_id = h.agency_id AND o.lender_id IS NULL)
       AND EXISTS (SELECT FROM in_force o WHERE o.user_id = h.user_id AND o.agency_id = h.agency_id
                      AND o.lender_id IS NULL))
)
SELECT h.user_id, h.role, h.agency_id, h.lender_id,
       EXISTS (SELECT FROM holding l
                WHERE l.lender_id = h.user_id AND l.role = h.role AND l.agency_id = h.agency_id) AS rests
  FROM holding h
"""
HOLDER = f"""
CREATE OR REPLACE VIEW accounts_holder AS
WITH in_force AS (
    SELECT m.user_id, m.role, stands_at.agency_id, m.delegated_by_id AS lender_id
      FROM accounts_membership m
      JOIN accounts_user u ON u.id = m.user_id AND u.is_active
      LEFT JOIN accounts_agency own ON own.id = m.agency_id
     CROSS JOIN LATERAL (
           SELECT m.agency_id UNION ALL
           SELECT former.id FROM accounts_agency former WHERE former.continued_by_id = m.agency_id
     ) stands_at (agency_id)
     WHERE (m.first_day IS NULL OR m.first_day <= {TODAY}) AND (m.last_day IS NULL OR m.last_day >= {TODAY})
       AND own.closed_on IS NULL
){HOLDING}"""
BEFORE = f"""
CREATE OR REPLACE VIEW accounts_holder AS
WITH in_force AS (
    SELECT m.user_id, m.role, m.agency_id, m.delegated_by_id AS lender_id
      FROM accounts_membership m
      JOIN accounts_user u ON u.id = m.user_id AND u.is_active
     WHERE (m.first_day IS NULL OR m.first_day <= {TODAY}) AND (m.last_day IS NULL OR m.last_day >= {TODAY})
){HOLDING}"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_agencies_by_the_day")]

    operations = [migrations.RunSQL(HOLDER, BEFORE)]
