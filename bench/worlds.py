"""The data that measurements run on: the demo's, filled up to a named size, on servers of their own."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kaltim_portal.embedded import ROOT, Portal, Servers

HOME = ROOT / ".portal" / "bench"
PACKAGES_S = 28_852  # the province's real number of packages in a year
AGENCIES = 40


@contextlib.contextmanager
def size_s(home: Path = HOME, *, with_packages: bool = True) -> Iterator[Portal]:
    """The demo's data, and 28,852 packages over 40 OPD on top; Django ready in this process."""
    servers = Servers(home)
    servers.start()
    portal = Portal(servers)
    try:
        portal.start_stand_in()
        portal.prepare()
        os.environ.update(
            portal.environment(
                DATABASE_URL=servers.owner_url(),  # made-up rows are written past the triggers
                DATABASE_STATEMENT_TIMEOUT_MS="300000",
                DATABASE_LONG_QUERIES=os.environ.get("DATABASE_LONG_QUERIES", "true"),
            )
        )
        import django

        django.setup()
        if with_packages:
            _fill_packages()
        yield portal
    finally:
        from django.db import connections

        connections.close_all()
        portal.stop()
        servers.stop()


@contextlib.contextmanager
def without_triggers(cursor: Any, *tables: str) -> Iterator[None]:
    """Filling past the triggers: the trail of made-up rows would only double the wait. All of it or nothing: half a
    world would be taken for the whole one the next time."""
    from django.db import transaction

    with transaction.atomic():
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        # In a transaction PostgreSQL alters no table with checks outstanding.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _fill_packages() -> None:
    from django.db import connection

    from procurement.models import Package

    missing = PACKAGES_S - Package.objects.count()
    if missing <= 0:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO procurement_package (version, updated_at, fiscal_year, rup_code, name, kind, method,
                ceiling_rupiah,
                                             hps_rupiah, state, agency_id, created_by_id, is_sample,
                                             self_managed_type, selection_method, kbki_code, award_note, is_framework,
                                             lacks_declarations)
            SELECT 1, now(), extract(year FROM now()), (80000000 + n)::text, 'Paket ' || n || ' (data contoh)',
                   (ARRAY['goods','works','consulting','other_services'])[1 + n %% 4],
                   (ARRAY['e_purchasing','tender','direct_procurement'])[1 + n %% 3],
                   50000000 + n * 1000, 45000000 + n * 900, 'planned',
                   (SELECT array_agg(id ORDER BY id) FROM accounts_agency)[1 + n %% %s],
                   (SELECT min(id) FROM accounts_user), true, '', '', '', '', false, true
            FROM generate_series(1, %s) AS n
            """,
            [AGENCIES, missing],
        )
        cursor.execute("ANALYZE")
