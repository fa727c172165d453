"""Files of pyproc, which reads SPSE's pages: a row per tender, its participants and winners as JSON in the cells.

Its older files have a row per winner and are read like any list of results.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.importing.datasets import ImportScope
from core.importing.entries import Entry, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from procurement.contracts.imports import TenderResults
from procurement.packages.imports import plain, spell_codes

MESSAGES |= {
    "not_json": _("is no list in JSON as pyproc writes it; download the file again"),
    "no_offers": _("names nobody with an offer yet: nothing was taken over of this row"),
}
LONGEST = 400_000
# Where the cells stand: the file's headings of the last two columns are the wrong way round.
CELLS = ("participants", "schedule", "results", "winners", "contracted")
BLANK = dict.fromkeys(field.name for field in TenderResults.shape.fields)


def _cell(name: str, heading: str) -> Field:
    return Field(name, Kind.TEXT, (heading,), max_length=LONGEST, may_go=False)


class PyprocTenders(TenderResults):
    label = _("Tenders with participants and winners (pyproc)")
    hint = _("A row per tender; hand in the list of announcements first, which knows the RUP codes.")
    order = 95
    builds_on = TenderResults.builds_on | {"tender_results"}
    says_nothing = None
    shape = Shape(
        "pyproc_tenders",
        (
            Field("code", Kind.CODE, ("id_paket",), required=True, max_length=40),
            Field("tender_name", Kind.TEXT, ("nama_tender",), may_go=False),
            _cell("participants", "peserta"),
            _cell("schedule", "jadwal"),
            _cell("results", "hasil_evaluasi"),
            _cell("winners", "pemenang"),
            _cell("contracted", "pemenang_berkontrak"),
        ),
        recognised_by=("code", "participants", "results", "winners"),
    )

    def complete(self, table: str, scope: ImportScope) -> list[tuple[str, dict[str, Any]]]:
        spell_codes(table, "code")
        return []

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        """A row with something wrong in it stays out as a whole."""
        inner = Remarks()
        entries = super().place([each for row in rows for each in _participants(row, inner)], scope, inner)
        remarks.problems += inner.problems
        refused = {(item.part, item.row) for item in inner.problems if not item.is_warning}
        return [entry for entry in entries if (entry.part, entry.row) not in refused]


def _participants(row: dict[str, Any], remarks: Remarks) -> Iterator[dict[str, Any]]:
    """A row of results for each firm that made an offer or won."""
    firms: dict[str, dict[str, Any]] = {}
    for name in CELLS:
        try:
            said = _list_in(row[name])
        except ValueError:
            remarks.refuse(row, name, "not_json")
            return
        for each in said:
            _hear(firms, each, has_won=name in {"winners", "contracted"})
    found = [firm for firm in firms.values() if firm["won"] or firm["refused_because"] or firm["offer_rupiah"]]
    if not found:
        remarks.refuse(row, "participants", "no_offers")
    code = {"tender_code" if row["tender_name"] else "non_tender_code": row["code"]}
    where = {"sheet_no": row["sheet_no"], "row_no": row["row_no"], "emptied": ""}
    for firm in found:
        yield BLANK | firm | code | where


def _list_in(text: str | None) -> list[dict[str, Any]]:
    """The firms in a cell; a schedule names none. Raises ValueError."""
    try:
        found = json.loads(text or "null")
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if found is not None and not isinstance(found, list):
        raise ValueError("no list")
    return [each for each in found or [] if isinstance(each, dict) and _name_in(each)]


def _name_in(said: dict[str, Any]) -> str:
    return str(said.get("nama_peserta") or said.get("nama_pemenang") or "").strip()[:200]


def _hear(firms: dict[str, dict[str, Any]], said: dict[str, Any], *, has_won: bool) -> None:
    """Put what one cell says of a firm beside what the others said."""
    name = _name_in(said)
    firm = firms.setdefault(plain(name), dict.fromkeys(("tax_number", "won", "refused_because")) | {"supplier": name})
    firm["tax_number"] = firm["tax_number"] or str(said.get("npwp") or "")[:40] or None
    firm["refused_because"] = firm["refused_because"] or str(said.get("alasan") or "").strip()[:500] or None
    if has_won or any(str(said.get(name)).lower() in {"true", "1"} for name in ("p", "pemenang")):
        firm["won"] = "ya"
    amounts = {
        "offer_rupiah": ("harga_penawaran", "penawaran"),
        "corrected_rupiah": ("harga_terkoreksi", "penawaran_terkoreksi"),
        "award_rupiah": ("hasil_negosiasi", "harga_negosiasi"),
    }
    for field, keys in amounts.items():
        firm[field] = next(filter(None, (_amount(said.get(key)) for key in keys)), firm.get(field))


def _amount(value: Any) -> Decimal | None:
    """Rupiah; pyproc writes -1 for what it could not read."""
    is_figure = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**17
    return round(Decimal(str(value)), 2) if is_figure else None
