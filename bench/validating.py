"""Validating reported values at size M (600,000 in five years of 40 OPD), and pulling a thousand series."""

import io
import json
import statistics
import sys
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

from bench.figures import Figure
from bench.worlds import HOME, size_s, without_triggers

YEARS, AGENCIES, PROGRAMS, INDICATORS = 5, 40, 15, 5  # × 10 regencies × 4 quarters = 600,000 values
HUNDRED_THOUSAND = 100_000
SERIES = 1_000

STATEMENTS = [
    """
    INSERT INTO datasources_source (name, kind, base_address, api_key, key_header, is_sample, is_active,
        consecutive_failures, catalogue_state, catalogue_progress, catalogue_problem)
    VALUES ('Acuan ukur', 'upload', '', '', '', true, true, 0, 'none', 0, '')
    """,
    """
    INSERT INTO datasources_series (source_id, query, name, unit, source_unit, factor, code_system, years_back,
        interval,
        stale_after, is_active, is_population, worst_side, hold_reason)
    SELECT id, jsonb_build_object('n', n), 'Acuan ukur ' || n, 'Persen', '', 1, 'bps', 5, '1 day', '7 days', true,
        false, '', ''
    FROM datasources_source, generate_series(1, 200) n WHERE name = 'Acuan ukur'
    """,
    """
    INSERT INTO datasources_payload (series_id, address, page, status, content_type, etag, last_modified, body, size,
        sha256, fetched_at)
    SELECT id, '', 0, 200, '', '', '', '', 0, '', now() FROM datasources_series WHERE name LIKE 'Acuan ukur %'
    """,
    f"""
    INSERT INTO datasources_observation (series_id, region_id, period, value, payload_id, fetched_at)
    SELECT s.id, g.id, daterange(make_date(y, 1, 1), make_date(y + 1, 1, 1)), 50 + (s.id + g.id + y) % 40, p.id, now()
    FROM datasources_series s JOIN datasources_payload p ON p.series_id = s.id, core_region g,
        generate_series(extract(year FROM now())::int - {YEARS + 1}, extract(year FROM now())::int - 1) y
    WHERE s.name LIKE 'Acuan ukur %' AND g.level = 'regency'
    """,
    f"""
    INSERT INTO programs_program (version, updated_at, agency_id, fiscal_year, nomenclature_id, name, problem_statement,
        evidence_worst, evidence_snapshot, worst_count, target_group, target_count, budget_rupiah, state, registered_at,
        created_by_id, is_sample)
    SELECT 1, now(), a.id, extract(year FROM now())::int - y, (SELECT min(id) FROM programs_nomenclature),
        'Nilai ' || n, 'x', 'high', '{{}}', 3, 'x', 1000, 1e9, 'registered', now(), (SELECT min(id)
            FROM accounts_user), true
    FROM (SELECT id FROM accounts_agency ORDER BY id LIMIT {AGENCIES}) a, generate_series(0, {YEARS - 1}) y,
        generate_series(1, {PROGRAMS}) n
    """,
    f"""
    INSERT INTO programs_indicator (program_id, name, level, unit_id, direction, baseline, target, by_region,
        with_total,
        reference_series_id, tolerance_kind, tolerance, formula, numerator_label, denominator_label, disaggregation,
            frequency,
        needs_evidence, over_time, over_regions)
    SELECT p.id, 'Indikator nilai ' || n, CASE n WHEN 1 THEN 'output' ELSE 'outcome' END,
        (SELECT id FROM programs_unit WHERE name = 'Persen'), 'maximise', 50, 90, true, false,
        (SELECT min(id) FROM datasources_series WHERE name LIKE 'Acuan ukur %') + (p.id + n) % 200,
        'points', 2, '', '', '', 'none', 'quarterly', false, 'last', ''
    FROM programs_program p, generate_series(1, {INDICATORS}) n WHERE p.name LIKE 'Nilai %'
    """,
    """
    INSERT INTO programs_report (version, updated_at, program_id, period, kind, state, revision, revision_reason,
        is_current)
    SELECT 1, now(), p.id, daterange(make_date(p.fiscal_year, q * 3 - 2, 1),
        (make_date(p.fiscal_year, q * 3 - 2, 1) + interval '3 months')::date), 'quarter', 'draft', 0, '', true
    FROM programs_program p, generate_series(1, 4) q WHERE p.name LIKE 'Nilai %'
    """,
    """
    INSERT INTO programs_reportvalue (report_id, indicator_id, region_id, category, value, helped, verdict, reason,
        typed, findings)
    SELECT r.id, i.id, g.id, '',
        round((50 + (i.id + g.id) % 40 + (hashint8(r.id + i.id * 31 + g.id) % 500) / 100.0)::numeric, 2),
        '', 'no_reference', '', '{}', '[]'
    FROM programs_report r JOIN programs_program p ON p.id = r.program_id JOIN programs_indicator i
        ON i.program_id = p.id,
        core_region g WHERE p.name LIKE 'Nilai %' AND r.kind = 'quarter' AND g.level = 'regency'
    """,
]
TABLES = [
    "datasources_source",
    "datasources_series",
    "programs_program",
    "programs_indicator",
    "programs_report",
    "programs_reportvalue",
]


def fill() -> None:
    from django.db import connection

    from programs.models import Program

    with connection.cursor() as cursor:
        if Program.objects.filter(name__startswith="Nilai ").exists():
            cursor.execute(
                "UPDATE programs_reportvalue v SET verdict = 'no_reference', reference_id = NULL, findings = '[]', "
                "distance = NULL"
                " FROM programs_report r, programs_program p WHERE r.id = v.report_id AND p.id = r.program_id"
                " AND p.name LIKE 'Nilai %'"
            )
        else:
            with without_triggers(cursor, *TABLES):
                for statement in STATEMENTS:
                    cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE programs_reportvalue")
        cursor.execute("ANALYZE")


def validate() -> Iterator[Figure]:
    """100,000 and 600,000 values, each judged for the first time and written; and once more when nothing has changed.

    The yardstick of the first line is six times the time of 100,000; of the others a bare UPDATE of the same rows.
    """
    with size_s(HOME / "validate"):
        from django.db import connection
        from django.db.models import Count

        from programs.models import Report
        from programs.validation import values as validation_values

        fill()
        rows = Report.objects.filter(program__name__startswith="Nilai ").annotate(count=Count("values"))
        counts = dict(rows.order_by("pk").values_list("pk", "count"))
        portions = list(validation_values.in_portions(counts, HUNDRED_THOUSAND))
        print(f"# {sum(counts.values())} values in {len(portions)} portions", file=sys.stderr)
        times = [_seconds(lambda part=part: validation_values.revalidate_reports(part)) for part in portions]  # type: ignore[misc]  # mypy infers no lambda with a default
        again = [_seconds(lambda part=part: validation_values.revalidate_reports(part)) for part in portions]  # type: ignore[misc]  # mypy infers no lambda with a default
        whole, hundred = sum(times), statistics.median(times)
        with connection.cursor() as cursor:
            bare = _seconds(
                lambda: cursor.execute(
                    "UPDATE programs_reportvalue SET checked_at = now() WHERE report_id = ANY(%s)", [portions[0]]
                )
            )
        yield Figure("validate", whole, "s", f"{len(portions)}_times_100000_values", whole / (len(portions) * times[0]))
        yield Figure("validate_100000", hundred, "s", "bare_UPDATE", hundred / bare)
        yield Figure("validate_unchanged", sum(again), "s", "first_time", sum(again) / whole)


def _seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def pull_many() -> Iterator[Figure]:
    """A thousand series, one after the other in one worker's place, against the bare GET, json.loads and COPY of
    each."""
    with size_s(HOME / "validate") as portal:
        from datasources.models import Pull, Series, Source
        from datasources.pulls import services as pulls

        source = Source.objects.get(kind="bps")
        Series.objects.filter(name__startswith="Tarik ukur").delete()
        variables = ["902", "903", "905", "907", "908", "909", "910", "911"]
        units = {"905": "Tahun", "909": "Tahun", "910": "Tahun"}
        made = Series.objects.bulk_create(
            Series(
                source=source,
                query={"model": "data", "domain": "6400", "variable": variables[n % len(variables)], "n": n},
                name=f"Tarik ukur {n}",
                unit=units.get(variables[n % len(variables)], "Persen"),
                years_back=6,
            )
            for n in range(SERIES)
        )
        asked = Pull.objects.bulk_create(Pull(series=series) for series in made)
        base = f"{portal.stand_in_address}/v1/api/list/model/data/domain/6400/key/kunci-contoh/var/"
        ours = _seconds(lambda: [pulls.carry_out(pull.pk) for pull in asked])
        assert Pull.objects.filter(pk__in=[p.pk for p in pulls], state="done", added=66).count() == SERIES  # noqa: S101
        floor = _seconds(lambda: [_bare(base + str(series.query["variable"])) for series in made])
        yield Figure("pull_many", ours, "s", "bare_GET_json_and_COPY", ours / floor)
        again = Pull.objects.bulk_create(Pull(series=series) for series in made)
        unchanged = _seconds(lambda: [pulls.carry_out(pull.pk) for pull in again])
        yield Figure("pull_many_unchanged", unchanged, "s", "first_time", unchanged / ours)


def _bare(address: str) -> None:
    from django.db import connection

    with urllib.request.urlopen(address) as answer:  # noqa: S310 (loopback)
        content = json.loads(answer.read())["datacontent"]
    rows = io.StringIO("".join(f"{key}\t{value}\n" for key, value in content.items()))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS bare_rows (key text, value text)")
        cursor.copy_expert("COPY bare_rows FROM STDIN", rows)
