"""The codes of packages in SPSE and the e-catalogue, as the lists have them that name no firm.

SPSE's later lists (participants, contracts) know a tender only by its own code: these say which package it carries out.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from procurement.contracts.finding import (
    CODE_FIELDS,
    KIND_OF_CODE,
    PackageFinder,
    code_of,
    codes_in,
    known_codes,
    learn,
)
from procurement.models import Package
from procurement.packages.imports import RUP_HEADINGS, spell_codes

MESSAGES |= {
    "code_missing": _("must be filled in: the code of the tender, the purchase or the order"),
    "packages_unknown": _("names packages that are not of this OPD and year, which were left out: %(codes)s"),
}


class TenderCodes(EntryDataset):
    """One row per tender, purchase or order with the RUP codes that it carries out."""

    label = _("Tenders and orders by RUP code (SPSE, e-catalogue)")
    hint = _("Their codes are kept with the packages, so that lists without RUP codes can be read.")
    roles = frozenset({Role.OPERATOR})
    order = 85  # in one workbook before the lists that know only these codes
    builds_on = frozenset({"sirup_packages"})
    shape = Shape(
        "tender_codes",
        (
            Field("rup_code", Kind.CODE, RUP_HEADINGS, required=True),
            *CODE_FIELDS,
            Field("self_managed_code", Kind.CODE, ("kd_swakelola_pct",), max_length=40, may_go=False),
            Field("order_code", Kind.CODE, ("kd_paket", "no_paket"), max_length=40, may_go=False),
        ),
        recognised_by=("rup_code", "tender_code|non_tender_code|record_code|self_managed_code|order_code"),
        foreign=("nama_penyedia", "nama_peserta", "nama_pemenang", "pemenang", "nilai_kontrak", "no_kontrak"),
    )

    def complete(self, table: str, scope: ImportScope) -> list[tuple[str, dict[str, Any]]]:
        spell_codes(table, "rup_code", *KIND_OF_CODE)
        return []

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        finder = PackageFinder(rows, scope)
        entries = []
        for row in rows:
            name, code = code_of(row)
            found = finder.of(row)
            if not code:
                remarks.refuse(row, self._code_column(row), "code_missing")
            elif found.problem is not None:
                remarks.refuse(row, found.problem[0], found.problem[1], **found.problem[2])
            else:
                others = set(codes_in(row["rup_code"])) - {package.rup_code for package in found.packages}
                if others:
                    remarks.warn(row, "rup_code", "packages_unknown", codes=", ".join(sorted(others)))
                entries.append(self._entry(row, str(KIND_OF_CODE[name]), code, found.packages))
        return entries

    @staticmethod
    def _code_column(row: dict[str, Any]) -> str:
        return next((name for name in KIND_OF_CODE if name in row), "tender_code")

    @staticmethod
    def _entry(row: dict[str, Any], kind: str, code: str, packages: list[Package]) -> Entry:
        """An order has as many rows as products: equal ones count once."""
        codes = ", ".join(sorted({package.rup_code for package in packages}))
        taught = frozenset((package.pk, kind, code) for package in packages)
        return Entry(taught, f"{code} → {codes}"[:160], {"code": code}, row["sheet_no"], row["row_no"])

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, dict[str, Any]]:
        known = known_codes({package for entry in entries for package, *_code in entry.key})
        return {entry.key: entry.values for entry in entries if known.issuperset(entry.key)}

    def said_by(self, held: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        return {name: held.get(name) for name in values}

    def write(self, new: list[Entry], changed: list[tuple[Entry, dict[str, Any]]], scope: ImportScope) -> None:
        learn(taught for entry in new for taught in entry.key)
