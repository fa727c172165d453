"""Reports that were decided before there were seals get one of what they say at this moment."""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.db import migrations

DECIDED = """
SELECT DISTINCT ON (r.id) s.report_id, s.id, s.to_state, s.by_id, encode(sha256(convert_to(jsonb_build_object(
           'program', r.program_id, 'period', r.period::text, 'revision', r.revision,
           'reason', r.revision_reason, 'submitted_by', r.submitted_by_id,
           'values', (SELECT jsonb_agg(jsonb_build_array(v.id, v.indicator_id, v.region_id, v.category, v.value,
                                                         v.numerator, v.denominator, v.reason, v.helped) ORDER BY v.id)
                        FROM programs_reportvalue v WHERE v.report_id = r.id),
           'progress', (SELECT jsonb_agg(jsonb_build_array(p.id, p.sub_activity_id, p.planned_rupiah,
                                                           p.financial_rupiah, p.physical_percent, p.obstacle,
                                                           p.reason) ORDER BY p.id)
                          FROM programs_progress p WHERE p.report_id = r.id),
           'recipients', (SELECT jsonb_agg(jsonb_build_array(c.id, c.region_id, c.people, c.male, c.female, c.children,
                                                             c.adults, c.elderly, c.disabled, c.reason) ORDER BY c.id)
                            FROM programs_recipients c WHERE c.report_id = r.id),
           'files', (SELECT jsonb_agg(jsonb_build_array(f.id, f.value_id, f.name, f.sha256) ORDER BY f.id)
                       FROM programs_evidence f WHERE f.report_id = r.id)
       )::text, 'UTF8')), 'hex')
  FROM programs_report r
  JOIN programs_reportstep s ON s.report_id = r.id AND s.to_state IN ('approved', 'verified', 'locked')
 WHERE r.state IN ('approved', 'verified', 'locked')
   AND NOT EXISTS (SELECT 1 FROM programs_reportseal l WHERE l.step_id = s.id)
 ORDER BY r.id, s.id DESC
"""


def seal(apps: Any, schema_editor: Any) -> None:
    key = hmac.new(settings.FIELD_HASH_KEY.encode(), b"audit chain", hashlib.sha256).digest()
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute(DECIDED)
        for report, step, state, by, content in cursor.fetchall():
            said = f"report|{report}|{step}|{state}|{by}|{content}"
            cursor.execute(
                "INSERT INTO programs_reportseal (step_id, content, seal, sealed_at) VALUES (%s, %s, %s, now())",
                [step, content, hmac.new(key, said.encode(), hashlib.sha256).hexdigest()],
            )


class Migration(migrations.Migration):
    dependencies = [("programs", "0006_report_seals")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop)]
