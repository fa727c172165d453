"""A lent role counts only while the lender is in office and the stand-in works at the OPD."""

from django.db import migrations

TODAY = "(now() AT TIME ZONE 'Asia/Makassar')::date"
IN_FORCE = f"""
WITH in_force AS (
    SELECT m.user_id, m.role, m.agency_id, m.delegated_by_id AS lender_id
      FROM accounts_membership m
      JOIN accounts_user u ON u.id = m.user_id AND u.is_active
     WHERE (m.first_day IS NULL OR m.first_day <= {TODAY}) AND (m.last_day IS NULL OR m.last_day >= {TODAY})
)"""
HOLDER = f"""
CREATE OR REPLACE VIEW accounts_holder AS {IN_FORCE},
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
BEFORE = f"""
CREATE OR REPLACE VIEW accounts_holder AS {IN_FORCE}
SELECT h.user_id, h.role, h.agency_id, h.lender_id,
       EXISTS (SELECT FROM in_force l
                WHERE l.lender_id = h.user_id AND l.role = h.role AND l.agency_id = h.agency_id) AS rests
  FROM in_force h
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_separation_of_duties")]

    operations = [migrations.RunSQL(HOLDER, BEFORE)]
