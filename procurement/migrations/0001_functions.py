"""SQL functions that names are compared by and fences are computed by."""

from django.db import migrations

# Titles and legal forms say nothing about who somebody is. Written without dots: those are gone by then.
NAME_KEY = r"""
CREATE FUNCTION procurement_name_key(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(string_agg(DISTINCT word, ' ' ORDER BY word), '') FROM regexp_split_to_table(
        regexp_replace(regexp_replace(regexp_replace(lower(name),
            '\m(s|m)\s*\.\s*(pd|si|kom|sos|psi|ked|kep|farm|hum|kes|ak|ap|ip|ag|sn|tr|stat|t|h|e|p)\M\.?', ' ', 'g'),
            '['']', '', 'g'), '[^a-z0-9]+', ' ', 'g'), '\s+') AS word
    WHERE word <> '' AND word NOT IN (
        'h', 'hj', 'dr', 'drg', 'drs', 'dra', 'ir', 'prof', 'st', 'sh', 'se', 'sp', 'sip', 'ssos', 'spd', 'skom', 'ssi', 'sap', 'sag', 'skm',
        'mt', 'mh', 'mm', 'msi', 'mpd', 'mkom', 'map', 'mkes', 'msc', 'ma', 'mba', 'phd', 'ph', 'amd', 'md', 'ba', 'bsc', 'ak', 'ca', 'mp', 'mip', 'mhum',
        'pt', 'cv', 'ud', 'fa', 'firma', 'tbk', 'persero', 'perseroan', 'terbatas', 'koperasi', 'kop', 'pd', 'po', 'yayasan')
$$;
"""
# Hyndman and Fan's type 8, as statrs' OrderStatistics has it (which Cardinal uses). `sorted` ascends; NULL when empty.
QUANTILE = """
CREATE FUNCTION procurement_quantile(sorted double precision[], tau double precision) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN n IS NULL OR n = 0 THEN NULL
                WHEN floor(h) <= 0 THEN sorted[1]
                WHEN floor(h) >= n THEN sorted[n]
                ELSE sorted[floor(h)::int] + (h - floor(h)) * (sorted[floor(h)::int + 1] - sorted[floor(h)::int]) END
      FROM (SELECT n, (n + 1.0::double precision / 3) * tau + 1.0::double precision / 3 AS h
              FROM (SELECT cardinality(sorted) AS n) counted) placed
$$;
"""
# A moment as RFC 3339 writes it, an amount that is a JSON number, the identifiers of an array of organisations.
READERS = r"""
CREATE FUNCTION procurement_moment(written text) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN written ~ '^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$' AND pg_input_is_valid(written, 'timestamptz')
                THEN written::timestamptz END
$$;
CREATE FUNCTION procurement_amount(written jsonb) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN jsonb_typeof(written) = 'number' AND pg_input_is_valid(written::text, 'double precision')
                THEN (written::text)::double precision END
$$;
CREATE FUNCTION procurement_ids(organisations jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT o->>'id' ORDER BY o->>'id'), '{}')
      FROM jsonb_array_elements(CASE WHEN jsonb_typeof(organisations) = 'array' THEN organisations ELSE '[]' END) AS o
     WHERE jsonb_typeof(o->'id') IN ('string', 'number')
$$;
"""
READERS_GONE = """
DROP FUNCTION procurement_moment(text); DROP FUNCTION procurement_amount(jsonb); DROP FUNCTION procurement_ids(jsonb);
"""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.RunSQL(NAME_KEY, "DROP FUNCTION procurement_name_key(text)"),
        migrations.RunSQL(QUANTILE, "DROP FUNCTION procurement_quantile(double precision[], double precision)"),
        migrations.RunSQL(READERS, READERS_GONE),
    ]
