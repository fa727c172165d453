"""Who takes the own approval back has not sent the report: the step back to “submitted” right after it ties nobody."""

from django.db import migrations

CONCERNED = """
CREATE OR REPLACE FUNCTION programs_report_concerned(report bigint) RETURNS TABLE (user_id bigint, relation text)
LANGUAGE sql STABLE AS $$
    SELECT r.submitted_by_id, 'sent' FROM programs_report r WHERE r.id = report AND r.submitted_by_id IS NOT NULL
    UNION SELECT s.by_id, 'sent' FROM programs_reportstep s WHERE s.report_id = report AND s.to_state = 'submitted'{but}
    UNION SELECT e.uploaded_by_id, 'typed' FROM programs_evidence e WHERE e.report_id = report
    UNION SELECT h.user_id, 'typed' FROM programs_reporthand h WHERE h.report_id = report
$$;
"""
# The step before is looked up, not taken from what the step says of itself: only who might approve could write it.
BUT = """
       AND NOT EXISTS (
           SELECT FROM programs_reportstep b
            WHERE b.id = (SELECT max(e.id) FROM programs_reportstep e WHERE e.report_id = report AND e.id < s.id)
              AND b.to_state = 'approved' AND b.by_id = s.by_id)"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0021_measured_of_levels")]
    operations = [migrations.RunSQL(CONCERNED.format(but=BUT), CONCERNED.format(but=""))]
