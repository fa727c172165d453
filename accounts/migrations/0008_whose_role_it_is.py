"""Whether a person holds a role that decides, an own one or one of this lender: triggers of decisions ask here."""

from django.db import migrations

HOLDS = """
CREATE FUNCTION accounts_holds(person bigint, agency bigint, ladder text[], lender bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM accounts_holder h
         WHERE h.user_id = person AND h.role = ANY (ladder) AND (h.agency_id IS NULL OR h.agency_id = agency)
           AND NOT h.rests AND h.lender_id IS NOT DISTINCT FROM lender)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_ties_stay_too")]

    operations = [migrations.RunSQL(HOLDS, "DROP FUNCTION accounts_holds(bigint, bigint, text[], bigint)")]
