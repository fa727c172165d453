"""The SPM index over ten regions × 14 services × 12 months × 5 years: from nothing, and after one figure has
changed.
"""

import statistics
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench.figures import Figure
from bench.worlds import HOME, size_s, without_triggers

YEARS, REPEATS = 5, 9

_FILL = [
    """
    INSERT INTO spm_achievement (version, updated_at, service_id, region_id, period, must_be_served, served,
    unserved_reason, need_reason, over_reason)
    SELECT 1, now(), s.id, g.id, daterange(make_date(y, m, 1), (make_date(y, m, 1) + interval '1 month')::date),
        1000 + g.id, 900 + (s.id * 7 + g.id * 3 + m * 11 + y) %% 100, 'x', '', ''
    FROM spm_servicekind s, core_region g, generate_series(1, 12) m,
        generate_series(extract(year FROM now())::int - %(years)s + 1, extract(year FROM now())::int) y
    WHERE g.level = 'regency' AND s.level = 'province'
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO spm_qualityfigure (achievement_id, element_id, required, fulfilled)
    SELECT a.id, e.id, 100, 60 + (a.id + e.id) %% 40 FROM spm_achievement a
  JOIN spm_qualityelement e ON e.service_id = a.service_id
    ON CONFLICT DO NOTHING
    """,
]
# What a report query would do without keeping anything: the same sums, ratios and means in one go.
_AGGREGATE = """
    SELECT region_id, period, avg(index) FROM (
        SELECT region_id, period, domain_id, avg(index) AS index FROM (
            SELECT a.region_id, a.period, s.domain_id,
                   least(a.served::numeric * 100 / nullif(a.must_be_served, 0), 100) * 0.8
                   + avg(least(q.fulfilled * 100 / nullif(q.required, 0), 100)) * 0.2 AS index
              FROM spm_achievement a JOIN spm_servicekind s ON s.id = a.service_id
              JOIN spm_qualityfigure q ON q.achievement_id = a.id
             GROUP BY a.id, s.domain_id) services
        GROUP BY region_id, period, domain_id) domains
    GROUP BY region_id, period
"""


def _fill() -> int:
    from django.db import connection

    from spm.models import Achievement

    with connection.cursor() as cursor:
        with without_triggers(cursor, "spm_achievement", "spm_qualityfigure"):
            for statement in _FILL:
                cursor.execute(statement, {"years": YEARS})
        cursor.execute("ANALYZE")
    return Achievement.objects.count()


def _median(work: Any) -> float:
    times = []
    for _repeat in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _aggregate() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_AGGREGATE)
        cursor.fetchall()


def index_full() -> Iterator[Figure]:
    """Everything computed and kept, against the plain SQL aggregate that keeps nothing."""
    with size_s(HOME / "validate"):
        from spm import index_store

        print(f"# {_fill()} achievements", file=sys.stderr)
        plain = _median(_aggregate)
        whole = _median(index_store.recompute_all)
        yield Figure("index_full", whole, "ms", "plain_SQL_aggregate", whole / plain)


def index_incremental() -> Iterator[Figure]:
    """One figure changes: its region and the province in its month, against the plain SQL aggregate over everything."""
    with size_s(HOME / "validate"):
        from spm import index_store
        from spm.models import Achievement

        _fill()
        index_store.recompute_all()
        row = Achievement.objects.order_by("-pk").first()
        assert row is not None  # noqa: S101 (filled above)
        plain = _median(_aggregate)
        one = _median(lambda: index_store.recompute([row.region_id], [row.period]))
        yield Figure("index_incremental", one, "ms", "plain_SQL_aggregate", one / plain)
