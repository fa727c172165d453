"""The index in the database: the same computation as `spm.index`, set-wise, kept in `IndexValue` and brought up to date.

After a change only its month is worked out again, for its region and for the province, which pools the regencies' counts.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core.locks import lock_number
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from spm.models import IndexValue

_STATEMENT = (Path(__file__).parent / "index.sql").read_text()
_COLUMNS = (
    "government, level, region_id, period, domain_id, service_id, recipients, recipients_uncapped, quality, index, must_be_served, served,"
    " is_over, zero_need, entered, expected"
)
_ALL = """
    SELECT DISTINCT places.region_id, a.period
      FROM spm_achievement a CROSS JOIN LATERAL (VALUES (a.region_id), (%(province)s)) places (region_id)
"""
_SOME = """
    SELECT places.region_id, months.period
      FROM unnest(%(starts)s::date[]) starts
      CROSS JOIN LATERAL (SELECT daterange(starts, (starts + interval '1 month')::date) AS period) months
      CROSS JOIN unnest(%(regions)s::bigint[]) places (region_id)
"""


def province() -> Region:
    return Region.objects.get(kemendagri_code=PROVINCE_KEMENDAGRI_CODE)


@transaction.atomic
def recompute(region_ids: Iterable[int], months: Iterable[Period]) -> int:
    """Bring the index of these regions and months up to date, and the province's of those months. Returns the rows written."""
    regions = sorted({*region_ids, province().pk})
    starts = sorted({month.first_day for month in months})
    parameters: dict[str, Any] = {"starts": starts, "regions": regions, "province": province().pk}
    with connection.cursor() as cursor:
        # One at a time per month: two at once would each pool the province without the other's change.
        for start in starts:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(f"spm-index:{start}")])
        cursor.execute(
            "DELETE FROM spm_indexvalue WHERE lower(period) = ANY(%(starts)s) AND region_id = ANY(%(regions)s)",
            parameters,
        )
        cursor.execute(
            f"INSERT INTO spm_indexvalue ({_COLUMNS}) {_STATEMENT.format(asked=_SOME)}",
            parameters,
        )
        return int(cursor.rowcount)


@transaction.atomic
def recompute_all() -> int:
    """Everything from nothing: after a new version of the index or of the services. Returns the rows written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)")
        IndexValue.objects.all().delete()
        cursor.execute(
            f"INSERT INTO spm_indexvalue ({_COLUMNS}) {_STATEMENT.format(asked=_ALL)}",
            {"province": province().pk},
        )
        return int(cursor.rowcount)
