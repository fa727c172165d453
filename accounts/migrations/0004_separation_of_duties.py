"""Say once who holds which role today and whom a matter keeps from deciding on it; services and triggers ask here."""

import datetime as dt

from django.db import migrations, models

TODAY = "(now() AT TIME ZONE 'Asia/Makassar')::date"

# A head who has lent the role does not act in it until the loan ends: one person answers for the OPD at a time.
HOLDER = f"""
CREATE VIEW accounts_holder AS
WITH in_force AS (
    SELECT m.user_id, m.role, m.agency_id, m.delegated_by_id AS lender_id
      FROM accounts_membership m
      JOIN accounts_user u ON u.id = m.user_id AND u.is_active
     WHERE (m.first_day IS NULL OR m.first_day <= {TODAY}) AND (m.last_day IS NULL OR m.last_day >= {TODAY})
)
SELECT h.user_id, h.role, h.agency_id, h.lender_id,
       EXISTS (SELECT FROM in_force l
                WHERE l.lender_id = h.user_id AND l.role = h.role AND l.agency_id = h.agency_id) AS rests
  FROM in_force h
"""

# `people`: whom the matter concerns. Who stands in for one of them owes the role to somebody with a stake in it.
FUNCTIONS = """
CREATE FUNCTION accounts_is_concerned(person bigint, agency bigint, people bigint[]) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT person = ANY (people) OR EXISTS (
        SELECT FROM accounts_holder h
         WHERE h.user_id = person AND h.agency_id = agency AND h.lender_id = ANY (people))
$$;
CREATE FUNCTION accounts_deciders(agency bigint, people bigint[], ladder text[])
RETURNS TABLE (user_id bigint, role text)
LANGUAGE sql STABLE AS $$
    WITH able AS (
        SELECT h.user_id, array_position(ladder, h.role::text) AS rung
          FROM accounts_holder h
         WHERE h.role = ANY (ladder) AND (h.agency_id IS NULL OR h.agency_id = agency) AND NOT h.rests
           AND NOT accounts_is_concerned(h.user_id, agency, people)
    )
    SELECT DISTINCT a.user_id, ladder[a.rung] FROM able a WHERE a.rung = (SELECT min(rung) FROM able)
$$;
CREATE FUNCTION accounts_decides(person bigint, agency bigint, people bigint[], ladder text[]) RETURNS boolean
LANGUAGE sql STABLE COST 100000 AS $$
    SELECT EXISTS (SELECT FROM accounts_deciders(agency, people, ladder) d WHERE d.user_id = person)
$$;
"""
GONE = """
DROP FUNCTION accounts_decides(bigint, bigint, bigint[], text[]);
DROP FUNCTION accounts_deciders(bigint, bigint[], text[]);
DROP FUNCTION accounts_is_concerned(bigint, bigint, bigint[]);
DROP VIEW accounts_holder;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_second_factors_moved")]

    operations = [
        migrations.RunSQL(HOLDER + ";" + FUNCTIONS, GONE),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.CheckConstraint(
                condition=models.Q(delegated_by__isnull=True)
                | models.Q(last_day__lte=models.F("first_day") + dt.timedelta(days=89)),
                name="accounts_membership_loan",
                violation_error_message="A role is lent for at most 90 days.",
            ),
        ),
    ]
