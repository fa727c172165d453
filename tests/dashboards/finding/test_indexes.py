"""Every text that is searched in a table that grows has its index."""

import pytest
from django.db import connection

from dashboards.finding.kinds import KINDS

pytestmark = pytest.mark.django_db
# Hundreds of rows at most: read through faster than an index is asked.
SMALL = {
    "accounts_agency",
    "dashboards_directive",
    "public_services_publicservice",
    "spm_servicekind",
    "spm_domain",
    "datasources_series",
}


def test_the_texts_of_tables_that_grow_have_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, indexdef FROM pg_indexes WHERE indexdef LIKE '%gin_trgm_ops%'")
        indexes = cursor.fetchall()
    lacking = {
        (table, column)
        for kind in KINDS
        for table, column in kind.columns()
        if table not in SMALL
        and not any(table == on and f"upper(({column})::text)" in definition for on, definition in indexes)
    }
    assert not lacking


def test_kinds_are_told_apart() -> None:
    assert len({kind.slug for kind in KINDS}) == len({kind.place for kind in KINDS}) == len(KINDS)
