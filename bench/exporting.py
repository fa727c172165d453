"""Files for auditors: a million rows as CSV through the web server, 100,000 as XLSX, and the memory that it takes."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import requests

from bench.figures import Figure
from bench.worlds import HOME, size_s, without_triggers
from kaltim_portal.embedded import ROOT, Portal

CSV_ROWS, XLSX_ROWS = 1_000_000, 100_000
_FILL = """
INSERT INTO procurement_package (version, updated_at, fiscal_year, rup_code, name, kind, method, self_managed_type,
    selection_method, kbki_code,
                                 ceiling_rupiah, hps_rupiah, state, rup_published_on, announced_at, award_note,
                                     is_framework, agency_id,
                                 created_by_id, is_sample, lacks_declarations)
SELECT 1, now(), %(year)s, (%(first)s + n)::text,
    'Pengadaan barang dan jasa nomor ' || n || ' untuk pelayanan dasar (data contoh)',
       (ARRAY['goods','works','consulting','other_services'])[1 + n %% 4],
           (ARRAY['tender','e_purchasing','direct_procurement'])[1 + n %% 3], '', '', '',
       50000000 + n * 1000, 45000000 + n * 900, 'announced', make_date(%(year)s, 1, 1 + n %% 28), make_date(%(year)s,
           2, 1 + n %% 28), '', false,
       (SELECT array_agg(id ORDER BY id) FROM accounts_agency)[1 + n %% 40], (SELECT min(id) FROM accounts_user),
           true, true
  FROM generate_series(1, %(rows)s) n
"""


def _fill(year: int, rows: int, first: int) -> None:
    from django.db import connection, transaction

    from procurement.models import Package

    if Package.objects.filter(fiscal_year=year).count() >= rows:
        return
    with transaction.atomic(), connection.cursor() as cursor, without_triggers(cursor, "procurement_package"):
        cursor.execute(_FILL, {"year": year, "rows": rows, "first": first})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _auditor(portal: Portal, year: int) -> requests.Session:
    """A signed-in auditor at the running web server, with the fiscal year chosen."""
    from kaltim_portal.demo_data.people import DEMO_PASSWORD

    session = requests.Session()
    session.trust_env = False
    session.get(f"{portal.address}/masuk/", timeout=30)
    _post(session, portal, "/masuk/", login="auditor", password=DEMO_PASSWORD).close()
    _post(session, portal, "/beralih/", year=year).close()
    return session


def _post(session: requests.Session, portal: Portal, path: str, **data: Any) -> requests.Response:
    from core.form_keys import new_key

    data |= {"csrfmiddlewaretoken": session.cookies["csrftoken"], "form_key": new_key()}
    return session.post(portal.address + path, data=data, timeout=300, stream=True)


class _Counted(io.RawIOBase):
    """A file that only counts."""

    size = 0

    def write(self, data: Any) -> int:  # type: ignore[override]
        self.size += len(data)
        return len(data)


def export_csv() -> Iterator[Figure]:
    """From the click to the last byte, a million rows, against COPY of the same query straight from PostgreSQL."""
    with size_s(HOME / "export", with_packages=False) as portal:
        from django.db import connection
        from django.utils import timezone

        from core.exports.database import csv_copy
        from procurement.audit import report as audit_report
        from procurement.models import Package

        year = timezone.localdate().year
        _fill(year, CSV_ROWS, 100_000_000)
        portal.start_web()
        session = _auditor(portal, year)
        _post(session, portal, "/audit/pengadaan/unduh/", format="daftar-csv", filters="ceiling_max=1").close()
        times, floors = [], []
        for _turn in range(3):
            began = time.perf_counter()
            with _post(session, portal, "/audit/pengadaan/unduh/", format="daftar-csv") as answer:
                answer.raise_for_status()
                size = sum(len(part) for part in answer.iter_content(1 << 20))
            times.append(time.perf_counter() - began)
            statement = csv_copy(audit_report.of(Package.objects.of_year(year)), audit_report.columns(), None)
            bare = _Counted()
            began = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.copy_expert(statement, bare)
            floors.append(time.perf_counter() - began)
        print(f"{size / 1e6:.0f} MB through the web server, {bare.size / 1e6:.0f} MB by COPY", file=sys.stderr)
        value, floor = min(times), min(floors)
        yield Figure("export_csv", value, "s", "rate_of_copy_of_the_same_query", floor / value)


def export_xlsx() -> Iterator[Figure]:
    """The auditor's workbook of 100,000 packages against xlsxwriter alone on the same cells, and the memory of both
    sizes."""
    with size_s(HOME / "export", with_packages=False):
        from django.utils import timezone

        year = timezone.localdate().year - 1
        _fill(year, XLSX_ROWS, 300_000_000)
        _fill(year - 1, 2 * XLSX_ROWS, 400_000_000)
        ours = [_child("ours", year) for _turn in range(2)]
        bare = [_child("bare", year) for _turn in range(2)]
        larger = _child("ours", year - 1)
        value, floor = (min(run["seconds"] for run in runs) for runs in (ours, bare))
        yield Figure("export_xlsx", value, "s", "rate_of_bare_xlsxwriter", floor / value)
        memory = ours[0]["megabytes"]
        yield Figure("export_xlsx_memory", larger["megabytes"], "MB", "half_as_many_rows", larger["megabytes"] / memory)


def _child(what: str, year: int) -> dict[str, float]:
    """One workbook in a process of its own: seconds, and the most memory that the process ever held."""
    command = [sys.executable, "-c", f"from bench.exporting import one; one({what!r}, {year})"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def one(what: str, year: int) -> None:
    """In the child: write the workbook to a temporary file and print what it took."""
    import resource
    import tempfile

    import django

    django.setup()
    from accounts.models import User
    from procurement.audit import files as audit_files
    from procurement.audit import report as audit_report
    from procurement.models import AuditExport, Package

    with tempfile.TemporaryFile() as file:
        if what == "ours":
            export = AuditExport(
                layout="daftar", file_format="xlsx", fiscal_year=year, made_by=User.objects.get(username="auditor")
            )
            export.save()
            began = time.perf_counter()
            audit_files.make(export, file)
            seconds = time.perf_counter() - began
        else:
            from core.exports.database import rows_of

            columns = audit_report.columns()
            cells = list(rows_of(audit_report.of(Package.objects.of_year(year)), columns))
            began = time.perf_counter()
            _bare(file, [column.kind for column in columns], cells)
            seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


def _bare(file: Any, kinds: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "remove_timezone": True})
    page = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    money = book.add_format({"num_format": "#,##0"})
    for number, row in enumerate(cells):
        for index, value in enumerate(row):
            if value is None:
                continue
            if kinds[index] == "text":
                page.write_string(number, index, value)
            elif kinds[index] in {"date", "moment"}:
                page.write_datetime(number, index, value, day)
            else:
                page.write_number(number, index, value, money)
    book.close()
