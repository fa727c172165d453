"""Two small functions that programs/validation/values.sql writes its findings with."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION programs_finding(
    level int, code text, severity text, field text,
    name1 text DEFAULT NULL, figure1 numeric DEFAULT NULL, name2 text DEFAULT NULL, figure2 numeric DEFAULT NULL
) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN severity IS NOT NULL THEN jsonb_build_object(
        'level', level, 'code', code, 'severity', severity, 'field', field,
        'params', CASE WHEN name1 IS NULL THEN '{}'::jsonb
                       ELSE jsonb_build_object(name1, trim_scale(figure1)::text) END
               || CASE WHEN name2 IS NULL THEN '{}'::jsonb
                       ELSE jsonb_build_object(name2, trim_scale(figure2)::text) END) END
$$;
COMMENT ON FUNCTION programs_finding IS 'A finding of validation as JSON; NULL where its rule is switched off.';
CREATE FUNCTION programs_apart(
    value numeric, is_rate boolean, total numeric, low numeric, high numeric, severity text, slack numeric
) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN is_rate AND value NOT BETWEEN low AND high
                     THEN programs_finding(3, 'outside_parts', severity, 'value', 'low', low, 'high', high)
                WHEN NOT is_rate AND abs(total - value) > abs(value) * slack
                     THEN programs_finding(3, 'sum_differs', severity, 'value', 'sum', total) END
$$;
COMMENT ON FUNCTION programs_apart IS 'Level 3: a count is the sum of its parts, a rate lies between them.';
"""
BACK = """
DROP FUNCTION programs_apart(numeric, boolean, numeric, numeric, numeric, text, numeric);
DROP FUNCTION programs_finding(int, text, text, text, text, numeric, text, numeric);
"""


class Migration(migrations.Migration):
    dependencies = [("programs", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
