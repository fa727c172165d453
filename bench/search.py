"""The search at size M, as three people use it; against plain ILIKE over the same rows in the same run."""

import contextlib
import statistics
import time
from collections.abc import Iterable, Iterator
from typing import Any

from bench import dashboards
from bench.figures import Figure

TABLES = ("procurement_package", "programs_indicator")
PEOPLE = ("gubernur", "auditor", "operator")
# Names as offices give them, over rows that the worlds number only; every hundredth package is of something rare.
_NAMES = [
    """
    UPDATE procurement_package SET name = left(
        (ARRAY['Belanja modal','Pengadaan','Pemeliharaan','Jasa konsultansi perencanaan','Belanja bahan','Rehabilitasi',
               'Pembangunan','Sewa'])[1 + id % 8] || ' ' ||
        (ARRAY['alat kesehatan','gedung sekolah','jalan provinsi','jembatan','obat dan vaksin','komputer','kendaraan',
               'jaringan irigasi','air minum','perlengkapan kantor','makan minum rapat'])[1 + id % 11] || ' ' ||
        CASE WHEN id % 100 = 0 THEN 'penurunan stunting posyandu' ELSE 'tahap ' || id % 7 END || ' ' ||
        (ARRAY['Samarinda','Balikpapan','Bontang','Kutai Timur','Berau','Paser'])[1 + id % 6] || ' ' || id, 300)
    """,
    """
    UPDATE programs_indicator SET name =
        (ARRAY['Prevalensi stunting','Angka partisipasi sekolah','Rumah tangga dengan air minum layak',
               'Panjang jalan mantap','Persentase balita gizi buruk'])[1 + id % 5] || ' ' || id
    """,
]
TYPED = [
    "stunting", "posyandu", "stuntign", "psoyandu", "pengadaan", "belanja modal", "paket", "jembatan berau",
    "air minum", "air", "dinas", "dinas sosial", "dinas pendidikan jalan", "2026", "jalan 2025", "800012", "80001234",
    "pembangunan gedung", "membangun", "laporan triwulan iii", "laporan oktober", "indikator gizi", "ab", "rapat",
    "kendaraan kutai", "qqqqxxxx", "prevalensi", "obat vaksin bontang", "sewa kendaran", "rehabilitsi jmbatan",
]  # fmt: skip
ROUNDS = 3


def search() -> Iterator[Figure]:
    with dashboards.opened("dashboards"):
        from django.db import connection

        with connection.cursor() as cursor, _named(cursor):
            value, yardstick = _measured(cursor)
        yield Figure("search_p95", value, "ms", "ilike_over_the_same_rows", value / yardstick)


@contextlib.contextmanager
def _named(cursor: Any) -> Iterator[None]:
    """Names as people give them, in tables as a night leaves them: nothing dead between the rows, and no index with
    entries that still wait. Other benches find the world as it was."""
    from dashboards.finding import vocabulary

    for table in TABLES:
        cursor.execute(
            f"DROP TABLE IF EXISTS bench_{table}; CREATE TABLE bench_{table} AS SELECT id, name FROM {table}"
        )
    try:
        _update(cursor, _NAMES)
        vocabulary.refresh()
        cursor.execute("VACUUM (ANALYZE) dashboards_searchword")
        yield
    finally:
        _update(
            cursor, [f"UPDATE {table} t SET name = b.name FROM bench_{table} b WHERE b.id = t.id" for table in TABLES]
        )
        for table in TABLES:
            cursor.execute(f"DROP TABLE bench_{table}")


def _update(cursor: Any, statements: Iterable[str]) -> None:
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for statement in statements:
        cursor.execute(statement)
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(f"VACUUM (ANALYZE) {table}")


def _measured(cursor: Any) -> tuple[float, float]:
    from django.test import Client

    from accounts.models import User

    pages, plain = [], []
    for name in PEOPLE:
        user, client = User.objects.get(username=name), Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.get("/cari/", {"q": "hangat"})
        for typed in TYPED * ROUNDS:
            began = time.perf_counter()
            client.get("/cari/", {"q": typed})
            pages.append((time.perf_counter() - began) * 1000)
        plain += [_plain(cursor, user, typed) for typed in TYPED]
    return _p95(pages), _p95(plain)


def _plain(cursor: Any, user: Any, typed: str) -> float:
    """Every kind read through with ILIKE, whatever indexes there are, and the first five fetched."""
    from django.db.models import Q

    from dashboards.finding.services import kinds_for

    cursor.execute("SET enable_bitmapscan = off")
    began = time.perf_counter()
    for kind in (each for each in kinds_for(user) if each.texts):  # help is files
        rows = kind.rows(user)
        for word in typed.split():
            held = Q()
            for text in kind.texts:
                held |= Q(**{f"{text}__icontains": word})
            rows = rows.filter(held)
        list(rows.select_related(*kind.related).order_by(kind.texts[0])[:5])
    took = (time.perf_counter() - began) * 1000
    cursor.execute("SET enable_bitmapscan = on")
    return took


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]
