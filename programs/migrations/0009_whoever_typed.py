"""Whoever ever typed in a report stays tied to it: the rows remember the last hand only, their history all of them."""

from django.db import migrations

HEAD = """
CREATE OR REPLACE FUNCTION programs_report_concerned(report bigint) RETURNS TABLE (user_id bigint, relation text)
LANGUAGE sql STABLE AS $$
    SELECT r.submitted_by_id, 'sent' FROM programs_report r WHERE r.id = report AND r.submitted_by_id IS NOT NULL
    UNION SELECT e.uploaded_by_id, 'typed' FROM programs_evidence e WHERE e.report_id = report
"""
LAST_HAND = "".join(
    f"    UNION SELECT t.changed_by_id, 'typed' FROM programs_{table} t"
    " WHERE t.report_id = report AND t.changed_by_id IS NOT NULL\n"
    for table in ("reportvalue", "progress", "recipients")
)
EVERY_HAND = "".join(
    f"    UNION SELECT h.changed_by_id, 'typed' FROM programs_{table} t JOIN programs_{table}event h"
    " ON h.pgh_obj_id = t.id WHERE t.report_id = report AND h.changed_by_id IS NOT NULL\n"
    for table in ("reportvalue", "progress", "recipients")
)


class Migration(migrations.Migration):
    dependencies = [("programs", "0008_unconcerned")]

    operations = [migrations.RunSQL(f"{HEAD}{LAST_HAND}{EVERY_HAND}$$;", f"{HEAD}{LAST_HAND}$$;")]
