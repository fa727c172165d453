"""The grid at size M: five years of 40 OPD, some 670,000 measurements. Opening, saving and the weight of a page."""

import copy
import gzip
import json
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.worlds import size_s, without_triggers

YEARS, PROGRAMS, INDICATORS, SUB_ACTIVITIES = 5, 10, 5, 8
SAVES, OPENED = 200, 40
PASTED, PASTES = 200, 40  # cells of a block, blocks
BLOCK = ("planned_rupiah", "financial_rupiah", "physical_percent", "obstacle")  # its columns
STATIC = Path(__file__).parents[1] / "static"


def fill() -> int:
    """Programmes, indicators, sub-activities and five years of figures, in SQL; returns the number of measurements."""
    from django.db import connection

    from programs.models import Program, Progress, Recipients, ReportValue

    tables = ["program", "indicator", "activity", "subactivity", "report", "reportvalue", "progress", "recipients"]
    with connection.cursor() as cursor:
        if not Program.objects.filter(name__startswith="Ukur ").exists():
            with without_triggers(cursor, *(f"programs_{table}" for table in tables)):
                for statement in STATEMENTS:
                    cursor.execute(statement)
            cursor.execute("ANALYZE")
    return ReportValue.objects.count() + Progress.objects.count() + Recipients.objects.count()


STATEMENTS = [
    f"""
    INSERT INTO programs_program (version, updated_at, agency_id, fiscal_year, nomenclature_id, name, problem_statement,
        evidence_worst, evidence_snapshot, worst_count, target_group, target_count, budget_rupiah, state, registered_at,
        created_by_id, is_sample)
    SELECT 1, now(), a.id, extract(year FROM now())::int - y, (SELECT min(id) FROM programs_nomenclature),
        'Ukur ' || n, 'x', 'high', '{{}}', 3, 'x', 1000, 1e9, 'registered', now(), (SELECT min(id)
            FROM accounts_user), true
    FROM (SELECT id FROM accounts_agency ORDER BY id LIMIT 40) a, generate_series(0, {YEARS - 1}) y,
        generate_series(1, {PROGRAMS}) n
    """,
    f"""
    INSERT INTO programs_indicator (program_id, name, level, unit_id, direction, baseline, target, by_region,
        with_total,
        tolerance_kind, tolerance, formula, numerator_label, denominator_label, disaggregation, frequency,
            needs_evidence, over_time, over_regions)
    SELECT p.id, 'Indikator ukur ' || n, 'outcome', (SELECT id FROM programs_unit WHERE name = 'Persen'), 'maximise',
        50, 90,
        true, false, 'points', 2, '', '', '', 'none', 'quarterly', false, 'last', ''
    FROM programs_program p, generate_series(1, {INDICATORS}) n WHERE p.name LIKE 'Ukur %'
    """,
    """
    INSERT INTO programs_activity (program_id, nomenclature_id)
    SELECT id, nomenclature_id FROM programs_program WHERE name LIKE 'Ukur %'
    """,
    f"""
    INSERT INTO programs_subactivity (activity_id, fiscal_year, sbl_code, nomenclature_id, name, ceiling_rupiah,
        target_text,
        output_text, indicator_text, unit_text, first_month, last_month, location, fund_source, priority_labels,
            is_sample)
    SELECT a.id, p.fiscal_year, 'u.' || a.id || '.' || n, a.nomenclature_id, 'Sub kegiatan ukur nomor ' || n, 1e8,
        '', '', '', '',
        1, 12, '', '', '', true
    FROM programs_activity a JOIN programs_program p ON p.id = a.program_id, generate_series(1, {SUB_ACTIVITIES}) n
    WHERE p.name LIKE 'Ukur %'
    """,
    """
    INSERT INTO programs_report (version, updated_at, program_id, period, kind, state, revision, revision_reason,
        is_current)
    SELECT 1, now(), p.id, daterange(make_date(p.fiscal_year, m, 1), (make_date(p.fiscal_year, m,
        1) + interval '1 month')::date),
        'month', 'draft', 0, '', true
    FROM programs_program p, generate_series(1, 12) m WHERE p.name LIKE 'Ukur %'
    """,
    """
    INSERT INTO programs_report (version, updated_at, program_id, period, kind, state, revision, revision_reason,
        is_current)
    SELECT 1, now(), p.id, daterange(make_date(p.fiscal_year, q * 3 - 2, 1),
        (make_date(p.fiscal_year, q * 3 - 2, 1) + interval '3 months')::date), 'quarter', 'draft', 0, '', true
    FROM programs_program p, generate_series(1, 4) q WHERE p.name LIKE 'Ukur %'
    """,
    """
    INSERT INTO programs_progress (report_id, sub_activity_id, planned_rupiah, financial_rupiah, physical_percent,
        obstacle,
        verifier_note, reason, typed, findings)
    SELECT r.id, s.id, 1e6 * extract(month FROM lower(r.period)), 9e5 * extract(month FROM lower(r.period)),
        8 * extract(month FROM lower(r.period)), '', '', '', '{}', '[]'
    FROM programs_report r JOIN programs_program p ON p.id = r.program_id JOIN programs_activity a
        ON a.program_id = p.id
    JOIN programs_subactivity s ON s.activity_id = a.id WHERE p.name LIKE 'Ukur %' AND r.kind = 'month'
    """,
    """
    INSERT INTO programs_reportvalue (report_id, indicator_id, region_id, category, value, helped, verdict, reason,
        typed, findings)
    SELECT r.id, i.id, g.id, '', 50 + (i.id + g.id * 7) % 40, '', 'no_reference', '', '{}', '[]'
    FROM programs_report r JOIN programs_program p ON p.id = r.program_id JOIN programs_indicator i
        ON i.program_id = p.id,
        core_region g WHERE p.name LIKE 'Ukur %' AND r.kind = 'quarter' AND g.level = 'regency'
    """,
    """
    INSERT INTO programs_recipients (report_id, region_id, people, reason, typed, findings)
    SELECT r.id, g.id, 100 + g.id, '', '{}', '[]'
    FROM programs_report r JOIN programs_program p ON p.id = r.program_id, core_region g
    WHERE p.name LIKE 'Ukur %' AND r.kind = 'quarter' AND g.level = 'regency'
    """,
]


def grid() -> Iterator[Figure]:
    """The month's sheet of an OPD with 80 sub-activities: opening it, saving a cell, saving a pasted block (95th
    percentiles); what the page weighs on the first visit and after."""
    with size_s():
        from django.test import Client
        from django.utils import timezone

        from accounts.models import User
        from programs.models import Progress

        count = fill()
        print(f"# {count} measurements", file=sys.stderr)
        user = User.objects.get(username="operator")
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        today = timezone.localdate()
        month = f"{today.year}-{max(1, today.month - 1):02d}"
        quarter = f"{today.year}-Q{(today.month + 2) // 3}"
        rows = list(
            Progress.objects.filter(
                report__program__agency__in=user.operated_agency_ids,
                report__program__name__startswith="Ukur ",
                report__period__startswith=f"{month}-01",
            ).order_by("pk")
        )
        assert len(rows) * len(BLOCK) >= PASTED, "the month has too few rows"  # noqa: S101
        heaviest = max(_weights(client, path) for path in (f"/isian/{month}/", f"/isian/{quarter}/"))
        yield Figure("grid_first_visit", heaviest[1], "kB_compressed", "limit_of_150_kB", heaviest[1] / 150)
        yield Figure("grid_after", heaviest[0], "kB_compressed", "limit_of_30_kB", heaviest[0] / 30)
        yield _opening(client, f"/isian/{month}/")
        yield _one_cell(client, rows)
        yield _pasting(client, rows[: PASTED // len(BLOCK)])


def _opening(client: Any, path: str) -> Figure:
    """The page as it is opened, against the health page: what the framework costs by itself."""
    times: dict[str, list[float]] = {path: [], "/sehat/": []}
    client.get(path)  # warm: the templates
    for _repeat in range(OPENED):
        for each, taken in times.items():
            began = time.perf_counter()
            assert client.get(each).content  # noqa: S101 (renders the answer)
            taken.append((time.perf_counter() - began) * 1000)
    value = p95(times[path])
    return Figure("grid_open_p95", value, "ms", "health_page_p95", value / p95(times["/sehat/"]))


def _one_cell(client: Any, rows: list[Any]) -> Figure:
    ours, bare = [], []
    for number in range(SAVES):
        row = rows[number % len(rows)]
        ours.append(_save(client, [row], ["financial_rupiah"], 700_000 + number))
        bare.append(_bare_update([row], number))
    value = p95(ours)
    return Figure("grid_save_p95", value, "ms", "bare_UPDATE_p95", value / p95(bare))


def _pasting(client: Any, rows: list[Any]) -> Figure:
    """A block of 200 cells, against a bare UPDATE of each of its rows in one transaction."""
    ours, bare, before = [], [], [copy.copy(row) for row in rows]
    for number in range(PASTES):
        ours.append(_save(client, rows, BLOCK, 10 + number))
        bare.append(_bare_update(rows, number))
    type(rows[0]).objects.bulk_update(before, [*BLOCK, "typed", "findings"])  # the next run weighs the same page
    value = p95(ours)
    return Figure("grid_paste_200_p95", value, "ms", "bare_UPDATE_of_each_row_p95", value / p95(bare))


def _bare_update(rows: list[Any], amount: int) -> float:
    from django.db import connection, transaction

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for row in rows:
            cursor.execute("UPDATE programs_progress SET planned_rupiah = %s WHERE id = %s", [amount, row.pk])
    return (time.perf_counter() - began) * 1000


def _save(client: Any, rows: list[Any], fields: Sequence[str], amount: int) -> float:
    """Milliseconds until the cells are saved; every one has to be."""
    from programs.reports.cell_entry import shown

    cells = []
    for row in rows:
        row.refresh_from_db()
        cells += [{"name": f"p{row.pk}-{name}", "text": str(amount), "base": shown(row, name)} for name in fields]
    body = json.dumps({"cells": cells})
    began = time.perf_counter()
    answer = client.post("/isian/sel/", body, content_type="application/json")
    took = (time.perf_counter() - began) * 1000
    assert [cell["state"] for cell in answer.json()["cells"]] == ["saved"] * len(cells), answer.content  # noqa: S101
    return took


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _weights(client: Any, path: str) -> tuple[float, float]:
    """(the page alone, the page with everything it loads), compressed, in kB."""
    body = client.get(path).content
    page = len(gzip.compress(body)) / 1000
    files = {
        name.split("#")[0] for name in re.findall(rb'(?:href|src)="/static/([^"]+)"', body) for name in [name.decode()]
    }
    static = sum(len(gzip.compress((STATIC / _plain(name)).read_bytes())) for name in files) / 1000
    return page, page + static


def _plain(name: str) -> str:
    """The file behind a hashed name: css/portal.1a2b3c4d5e6f.css → css/portal.css."""
    return re.sub(r"\.[0-9a-f]{12}(\.[a-z0-9]+)$", r"\1", name)
