"""The import of 100,000 budget lines in 20 columns against three yardsticks: the floor, and a peer in two modes."""

import csv
import io
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.worlds import HOME, size_s

ROWS, SUB_ACTIVITIES, BAD_EVERY = 100_000, 2_000, 100
DEFAULT_ROWS = 3_000  # the peer's default mode goes row by row; its rate shows on fewer
HEADINGS = [
    "kode_sbl",
    "kode_akun",
    "nama_akun",
    "subs_bl_teks",
    "ket_bl_teks",
    "nama_komponen",
    "spek",
    "volume",
    "koefisien",
    "satuan",
    "harga_satuan",
    "pajak",
    "rincian",
    "nama_dana",
    "is_paket",
    "volume_murni",
    "koefisien_murni",
    "harga_satuan_murni",
    "pajak_murni",
    "rincian_murni",
]
REPEATS = 3


def workbook() -> Path:
    """Made once: 100,000 lines of 2,000 sub-activities, one in a hundred with an amount that cannot be right."""
    import xlsxwriter

    path = HOME / "rka-100000.xlsx"
    if path.exists():
        return path
    HOME.mkdir(parents=True, exist_ok=True)
    dice = random.Random(17)  # noqa: S311 (made-up lines)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("data_rka")
    sheet.write_row(0, 0, HEADINGS)
    for number in range(1, ROWS + 1):
        volume, price = dice.randint(1, 500), dice.randint(1, 5_000) * 1_000
        amount: Any = volume * price
        if number % BAD_EVERY == 0:
            amount = "dua juta" if number % (2 * BAD_EVERY) else -5
        account = f"5.1.02.0{dice.randint(1, 4)}.01.{dice.randint(1, 60):04d}"
        row = [
            f"24.24.1.{number % SUB_ACTIVITIES}",
            account,
            "Belanja Bahan-Bahan/Bibit Tanaman",
            f"Paket {number % 50} lapangan",
            f"Keterangan belanja nomor {number}",
            f"Komponen barang {number % 5000}",
            "Ukuran standar, mutu baik",
            volume,
            f"{volume} Buah x 1 Kali",
            "Buah",
            price,
            0,
            amount,
            "PENDAPATAN ASLI DAERAH (PAD)",
            0,
            volume,
            f"{volume} Buah",
            price,
            0,
            volume * price,
        ]
        sheet.write_row(number, 0, row)
    book.close()
    return path


def sub_activities() -> Any:
    """2,000 sub-activities of one OPD for the lines to hang on; returns the OPD."""
    from programs.models import Activity, Nomenclature, Program, SubActivity

    program = Program.objects.select_related("agency").order_by("pk").first()
    assert program is not None  # noqa: S101 (the demo has some)
    code = Nomenclature.objects.order_by("pk").first()
    activity, _made = Activity.objects.get_or_create(program=program, nomenclature=code)
    SubActivity.objects.bulk_create(
        [
            SubActivity(
                activity=activity,
                fiscal_year=program.fiscal_year,
                sbl_code=f"24.24.1.{number}",
                nomenclature=code,
                name=f"Sub kegiatan {number}",
                ceiling_rupiah=Decimal(10) ** 12,
            )
            for number in range(SUB_ACTIVITIES)
        ],
        ignore_conflicts=True,
    )
    return program


def clear() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE programs_budgetline")


def whole_import(path: Path, program: Any, taken_back: list[float] | None = None) -> float:
    """From the stored file to the lines in the table, as the worker does it. Seconds; with `taken_back` the list is
    taken back as well, and how long that took, by how long the taking over alone did, is added to it."""
    import pghistory

    from accounts.models import User
    from core import private_files
    from programs.models import BudgetLine
    from uploads import services as uploads
    from uploads.models import Upload

    clear()
    user = User.objects.get(username="operator")
    with path.open("rb") as file:
        stored = private_files.store_whole(uploads.FOLDER, file)
    upload = Upload.objects.create(
        agency=program.agency,
        fiscal_year=program.fiscal_year,
        uploaded_by=user,
        name=path.name,
        size=path.stat().st_size,
        sha256="0" * 64,
        stored_as=stored,
    )
    with pghistory.context(task="bench"):
        began = time.perf_counter()
        uploads.read(upload.pk)
        middle = time.perf_counter()
        uploads.request_apply(pk=upload.pk, by=user, reason="ukur")
        uploads.apply(upload.pk)
        took = time.perf_counter() - began
    upload.refresh_from_db()
    written = BudgetLine.objects.count()
    expected = ROWS - ROWS // BAD_EVERY
    assert written == expected, f"{written} lines instead of {expected}: {upload.state} {upload.problem}"  # noqa: S101
    assert upload.problems.filter(is_warning=False).count() == ROWS // BAD_EVERY  # noqa: S101
    private_files.delete(uploads.FOLDER, stored)
    if taken_back is not None:
        taken_back += [_take_back(upload.pk, user), began + took - middle]
        assert BudgetLine.objects.count() == 0  # noqa: S101
    print(f"# read {middle - began:.2f} s, taken over {began + took - middle:.2f} s", file=sys.stderr)
    return took


def _take_back(pk: int, user: Any) -> float:
    from uploads import services as uploads

    began = time.perf_counter()
    uploads.request_undo(pk=pk, by=user, reason="ukur")
    assert uploads.take_back(pk)  # noqa: S101
    return time.perf_counter() - began


def floor(path: Path) -> float:
    """python-calamine's read and a raw COPY of the cells into a bare table. Seconds."""
    from django.db import connection
    from python_calamine import CalamineWorkbook

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute(f"CREATE TABLE bare ({', '.join(f'{name} text' for name in HEADINGS)})")
        began = time.perf_counter()
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
        text = io.StringIO()
        csv.writer(text).writerows(rows[1:])
        text.seek(0)
        cursor.copy_expert("COPY bare FROM STDIN (FORMAT csv)", text)
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return took


def peer(path: Path, program: Any, *, bulk: bool, rows: int) -> float:
    """django-import-export on the same model and file (read by calamine, which is kinder than its own reader).
    Seconds."""
    import hashlib

    import tablib
    from import_export import fields, resources, widgets
    from python_calamine import CalamineWorkbook

    from programs.models import BudgetIssue, BudgetLine, SubActivity

    clear()
    issue = BudgetIssue.objects.create(
        agency=program.agency,
        fiscal_year=program.fiscal_year,
        number=BudgetIssue.objects.count() + 1_000,
        taken_by=program.created_by,
    )
    places = dict(SubActivity.objects.of_year(program.fiscal_year).values_list("sbl_code", "pk"))
    columns = {
        "account_code": "kode_akun",
        "account_name": "nama_akun",
        "heading": "subs_bl_teks",
        "description": "ket_bl_teks",
        "component": "nama_komponen",
        "specification": "spek",
        "volume": "volume",
        "coefficient": "koefisien",
        "unit_text": "satuan",
        "price_rupiah": "harga_satuan",
        "tax_rupiah": "pajak",
        "amount_rupiah": "rincian",
        "fund_source": "nama_dana",
        "is_package": "is_paket",
        "volume_before": "volume_murni",
        "coefficient_before": "koefisien_murni",
        "price_before_rupiah": "harga_satuan_murni",
        "tax_before_rupiah": "pajak_murni",
        "amount_before_rupiah": "rincian_murni",
    }

    class LineResource(resources.ModelResource):
        class Meta:
            model = BudgetLine
            import_id_fields = ("identity",)
            fields = (*columns, "identity")
            use_bulk = bulk
            batch_size = 2_000
            skip_diff = bulk
            report_skipped = not bulk
            force_init_instance = bulk

        def before_import_row(self, row: Any, **_kwargs: Any) -> None:
            text = "|".join(str(value) for value in row.values())
            row["identity"] = str(uuid.UUID(hashlib.md5(text.encode()).hexdigest()))  # noqa: S324
            row["sub_activity_id"], row["since_id"] = places[row["kode_sbl"]], issue.pk
            if row["rincian"] == -5:  # noqa: PLR2004 (what the database would refuse for the whole batch)
                row["rincian"] = "kurang dari nol"

    for name, heading in columns.items():
        field = LineResource.fields[name]
        LineResource.fields[name] = fields.Field(attribute=name, column_name=heading, widget=field.widget)
    for name in (
        "sub_activity_id",
        "since_id",
    ):  # as numbers: its foreign-key widget would ask the database for each row
        LineResource.fields[name] = fields.Field(attribute=name, column_name=name, widget=widgets.IntegerWidget())
    LineResource.fields["is_package"].widget = widgets.BooleanWidget()
    began = time.perf_counter()
    cells = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    result = LineResource().import_data(
        tablib.Dataset(*cells[1 : rows + 1], headers=HEADINGS),
        dry_run=False,
        raise_errors=False,
        use_transactions=False,
    )
    took = time.perf_counter() - began
    written = BudgetLine.objects.count()
    expected = rows - rows // BAD_EVERY
    assert written == expected, f"{written} instead of {expected}: {result.row_errors()[:1]}"  # noqa: S101
    return took


def memory(path: Path) -> float:
    """Peak resident memory in MB of a fresh worker process plus that of the process that reads the file."""
    code = (
        "import re, resource; import django; django.setup(); from bench import imports; from pathlib import Path; "
        f"imports.whole_import(Path({str(path)!r}), imports.sub_activities()); "
        # The kernel's high-water mark of this process image; ru_maxrss would still know the one it was forked from.
        "own = int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]); "
        "print(own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return int(done.stdout.splitlines()[-1]) / 1024


def _ours(path: Path, program: Any) -> float:
    return min(whole_import(path, program) for _repeat in range(REPEATS))


def import_floor() -> Iterator[Figure]:
    path = workbook()
    with size_s():
        program = sub_activities()
        pairs = [(whole_import(path, program), floor(path)) for _repeat in range(REPEATS)]
        ours, bare = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
        peak = memory(path)
        yield Figure("import_memory", peak, "MB", "limit_of_500_MB", peak / 500)
        yield Figure("import_floor", ours, "s", "calamine_read_and_raw_COPY", ours / bare)


def import_undo() -> Iterator[Figure]:
    path = workbook()
    with size_s():
        program = sub_activities()
        runs: list[list[float]] = []
        for _repeat in range(REPEATS):
            runs.append([])
            whole_import(path, program, runs[-1])
        back, over = min(run[0] for run in runs), min(run[1] for run in runs)
        yield Figure("import_undo", back, "s", "taking_over_the_same_list", back / over)


def import_bulk() -> Iterator[Figure]:
    path = workbook()
    with size_s():
        program = sub_activities()
        ours = _ours(path, program)
        theirs = peer(path, program, bulk=True, rows=ROWS)
        yield Figure("import_bulk", ROWS / ours, "rows/s", "django_import_export_bulk_no_diff", theirs / ours)


def import_default() -> Iterator[Figure]:
    path = workbook()
    with size_s():
        program = sub_activities()
        ours = _ours(path, program)
        theirs = peer(path, program, bulk=False, rows=DEFAULT_ROWS) * ROWS / DEFAULT_ROWS
        yield Figure("import_default", ROWS / ours, "rows/s", "django_import_export_default", theirs / ours)
