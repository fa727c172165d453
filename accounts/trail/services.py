"""The trail as a file, known by its SHA-256, which stands in the trail again."""

import tempfile
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.trail.permissions import check_may_read
from core import audit
from core.digests import sha256_of
from core.exports.columns import ExportColumn, as_cells
from core.exports.csv_files import write_csv
from core.exports.workbooks import ExportSheet, write_workbook
from core.formats import moment
from core.tables import CONTENT_TYPES

__all__ = ["CONTENT_TYPES", "MOST_TAKEN", "make_file"]

MOST_TAKEN = 50_000  # rows of one file; a longer trail is taken month by month


def make_file(
    columns: Sequence[ExportColumn], rows: Iterable[Any], *, kind: str, filters: str, by: User
) -> tuple[BinaryIO, str]:
    """The open file and its name; `kind` is csv or xlsx."""
    check_may_read(by)
    now = timezone.localtime()
    file = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    cells = as_cells(columns, islice(rows, MOST_TAKEN))
    if kind == "csv":
        count = write_csv(file, columns, cells)
    else:
        title = _("Trail")
        facts = [(_("Filters"), filters or "–"), (_("Made by"), str(by)), (_("Made"), moment(now))]
        count = write_workbook(file, [ExportSheet(title, columns, cells)], facts)[title]
    name = f"jejak-{now:%Y%m%d-%H%M%S}.{kind}"
    audit.record("trail.exported", None, by=by, file=name, rows=count, filters=filters, sha256=sha256_of(file))
    return file, name
