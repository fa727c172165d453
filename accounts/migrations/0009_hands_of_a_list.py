"""Whose hands are in a list while it is taken over or taken back: who handed it in, who asked for either."""

from django.db import migrations

# Read from the list's own row, which the setting only names: nobody is tied by a setting alone. The table belongs to a
# floor above; a function looks for it when it runs.
HANDS = """
CREATE FUNCTION accounts_hands_of_the_list() RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    list bigint := coalesce(nullif(current_setting('portal.upload', true), ''),
                            nullif(current_setting('portal.taken_back', true), ''))::bigint;
BEGIN
    IF list IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT DISTINCT hand
      FROM uploads_upload u, unnest(ARRAY[u.uploaded_by_id, u.applied_by_id, u.undone_by_id]) AS hand
     WHERE u.id = list AND u.state IN ('applying', 'undoing') AND hand IS NOT NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_whose_role_it_is")]

    operations = [migrations.RunSQL(HANDS, "DROP FUNCTION accounts_hands_of_the_list()")]
