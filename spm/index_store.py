"""The index in the database: the same computation as `spm.index`, set-wise, kept in `IndexValue` and brought up to
date.

After a change only its month is worked out again, for its region and for the province, which pools the regencies'
counts.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from core.locks import wait_for_lock
from core.models import PROVINCE_KEMENDAGRI_CODE, Region
from core.periods import Period
from core.sql import statement, statements
from spm.models import IndexValue

_ROWS = statements("index_rows.sql", beside=__file__)


def province() -> Region:
    return Region.objects.get(kemendagri_code=PROVINCE_KEMENDAGRI_CODE)


def _insert(asked: str) -> str:
    """The statement that works out the rows which the statement `asked` names."""
    return _ROWS["insert"].format(index=statement("index.sql", beside=__file__).format(asked=_ROWS[asked]))


def _written(cursor: Any, asked: str, parameters: dict[str, Any]) -> int:
    """The rows written. Nothing is known of the statement's parts beforehand: a loop within a loop over them would
    never end."""
    cursor.execute("SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)")
    cursor.execute(_insert(asked), parameters)
    count = int(cursor.rowcount)
    cursor.execute("SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT")
    return count


@transaction.atomic
def recompute(region_ids: Iterable[int], months: Iterable[Period]) -> int:
    """Bring the index of these regions and months up to date, and the province's of those months. Returns the rows
    written."""
    regions = sorted({*region_ids, province().pk})
    starts = sorted({month.first_day for month in months})
    parameters: dict[str, Any] = {"starts": starts, "regions": regions, "province": province().pk}
    with connection.cursor() as cursor:
        # One at a time per month: two at once would each pool the province without the other's change.
        for start in starts:
            wait_for_lock(f"spm-index:{start}")
        cursor.execute(_ROWS["forget"], parameters)
        return _written(cursor, "of_months", parameters)


@transaction.atomic
def recompute_all() -> int:
    """Everything from nothing: after a new version of the index or of the services. Returns the rows written."""
    with connection.cursor() as cursor:
        IndexValue.objects.all().delete()
        return _written(cursor, "of_everything", {"province": province().pk})
