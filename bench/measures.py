"""What is measured: the start, the five busiest pages at size S, the pull of one variable."""

import gzip
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench import dashboards, exporting, grid, imports, integrity, load, search, spm, validating, ways
from bench.figures import Figure
from bench.worlds import size_s
from kaltim_portal.embedded import ROOT, Servers

REPEATS = 15


def start() -> Iterator[Figure]:
    """`make demo` from an empty data directory, and again on what is there; against initdb and start of PostgreSQL
    alone."""
    home = ROOT / ".portal" / "bench-start"
    shutil.rmtree(home, ignore_errors=True)
    began = time.monotonic()
    bare = Servers(home)
    bare.start_postgres()
    floor = time.monotonic() - began
    bare.stop()
    wipe(bare)
    first = seconds_to_ready(home)
    second = seconds_to_ready(home)
    yield Figure("start_first", first, "s", "initdb_and_start_of_postgresql", first / floor)
    yield Figure("start_again", second, "s", "first_start", second / first)
    wipe(bare)


def wipe(servers: Servers) -> None:
    shutil.rmtree(servers.home, ignore_errors=True)
    if servers.base != servers.home:
        shutil.rmtree(servers.base, ignore_errors=True)


def seconds_to_ready(home: Path) -> float:
    began = time.monotonic()
    code = f"from pathlib import Path; from kaltim_portal.embedded import demo; demo(Path({str(home)!r}))"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=os.environ | {"PORT": "0"}
    )
    assert process.stdout is not None  # noqa: S101 (PIPE above)
    try:
        for line in process.stdout:
            if "siap dalam" in line:
                return time.monotonic() - began
        raise RuntimeError("the portal did not start; see the logs in .portal/bench-start")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


PAGES = [
    ("home", "operator", "/"),
    ("overview", "gubernur", "/dasbor/"),
    ("packages", "auditor", "/pengadaan/"),
    ("audit_report", "auditor", "/audit/pengadaan/"),
    ("report_values", "gubernur", "/laporan/nilai/"),
]


def pages_s() -> Iterator[Figure]:
    """Server time of the five busiest pages against the health page (the framework's own cost), queries and bytes."""
    with size_s():
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        from accounts.models import User

        floor = _median_ms(Client(), "/sehat/")
        for name, username, path in PAGES:
            client = Client()
            client.force_login(
                User.objects.get(username=username), backend="allauth.account.auth_backends.AuthenticationBackend"
            )
            client.get(path)  # warm: templates, the chart in the cache
            with CaptureQueriesContext(connection) as queries:
                body = client.get(path).content
            asked = len(queries)  # before the next request empties the log
            value = _median_ms(client, path)
            packed = len(gzip.compress(body)) / 1000
            yield Figure(f"pages_s_{name}", value, "ms", "health_page", value / floor)
            yield Figure(f"pages_s_{name}_queries", asked, "queries", "one_query", float(asked))
            yield Figure(f"pages_s_{name}_bytes", packed, "kB_compressed", "limit_of_40_kB", packed / 40)


def _median_ms(client: Any, path: str) -> float:
    times = []
    for _repeat in range(REPEATS):
        began = time.perf_counter()
        client.get(path).content  # noqa: B018 (renders the answer)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def pull() -> Iterator[Figure]:
    """One variable through the whole pull against the bare floor: the same GET, json.loads and COPY of the rows."""
    with size_s() as portal:
        from datasources.models import Pull, Series
        from datasources.pulls import services as pulls

        series = Series.objects.order_by("pk").first()
        assert series is not None  # noqa: S101 (the demo has eight)
        variable = series.query["variable"]
        address = f"{portal.stand_in_address}/v1/api/list/model/data/domain/6400/var/{variable}/key/kunci-contoh"
        whole, floor = [], []
        for _repeat in range(REPEATS):
            began = time.perf_counter()
            pulls.carry_out(Pull.objects.create(series=series).pk)
            whole.append(time.perf_counter() - began)
            began = time.perf_counter()
            _bare(address)
            floor.append(time.perf_counter() - began)
        value, yardstick = statistics.median(whole) * 1000, statistics.median(floor) * 1000
        yield Figure("pull", value, "ms", "bare_GET_json_and_COPY", value / yardstick)


def _bare(address: str) -> None:
    import io

    from django.db import connection

    with urllib.request.urlopen(address) as answer:  # noqa: S310 (loopback)
        content = json.loads(answer.read())["datacontent"]
    rows = io.StringIO("".join(f"{key}\t{value}\n" for key, value in content.items()))
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS bare (key text, value text)")
        cursor.copy_expert("COPY bare FROM STDIN", rows)


MEASURES: dict[str, Callable[[], Iterator[Figure]]] = {
    "start": start,
    "pages_s": pages_s,
    "pull": pull,
    "import_floor": imports.import_floor,
    "import_bulk": imports.import_bulk,
    "import_undo": imports.import_undo,
    "import_default": imports.import_default,
    "grid": grid.grid,
    "flags": integrity.flags,
    "match": integrity.match,
    "export_csv": exporting.export_csv,
    "export_xlsx": exporting.export_xlsx,
    "validate": validating.validate,
    "pull_many": validating.pull_many,
    "index_full": spm.index_full,
    "index_incremental": spm.index_incremental,
    "dashboards_m": dashboards.dashboards_m,
    "dashboards_l": dashboards.dashboards_l,
    "load": load.load,
    "search": search.search,
    "ways": ways.ways,
    "briefing": dashboards.briefing,
}
