"""When a flag that was put aside is raised anew: it names something that it did not name, or is a tenth worse."""

from django.db import migrations

SAYS_MORE = """
CREATE FUNCTION procurement_flag_says_more(was double precision, said jsonb, is_now double precision, says jsonb)
    RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(is_now > was * 1.1, false) OR EXISTS (
        SELECT jsonb_path_query(says, 'strict $.**? (@.type() == "string")')
        EXCEPT SELECT jsonb_path_query(said, 'strict $.**? (@.type() == "string")'))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("procurement", "0029_packages_settled_by_array")]
    operations = [
        migrations.RunSQL(
            SAYS_MORE,
            "DROP FUNCTION procurement_flag_says_more(double precision, jsonb, double precision, jsonb)",
        ),
    ]
