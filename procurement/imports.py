"""Packages of SIRUP (`data_sirup_lokal`)."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import Scope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from procurement.choices import Method, PackageKind, PackageState
from procurement.models import Package

MESSAGES |= {
    "rup_code": _("is not a RUP code; SIRUP's have 6 to 12 digits"),
    "package_kind": _("is not a kind of procurement: Barang, Pekerjaan Konstruksi, Jasa Konsultansi or Jasa Lainnya"),
    "package_method": _("is not a method that the portal knows, such as Tender, E-Purchasing or Pengadaan Langsung"),
    "ceiling_zero": _("must be more than zero"),
    "package_of_other": _("is a package of another OPD or another year"),
    "package_underway": _("is %(state)s already: its plan does not change any more"),
}
KINDS = {
    "1": PackageKind.GOODS, "barang": PackageKind.GOODS,
    "2": PackageKind.WORKS, "pekerjaankonstruksi": PackageKind.WORKS, "konstruksi": PackageKind.WORKS,
    "3": PackageKind.CONSULTING, "jasakonsultansi": PackageKind.CONSULTING, "jasakonsultan": PackageKind.CONSULTING,
    "4": PackageKind.OTHER_SERVICES, "jasalainnya": PackageKind.OTHER_SERVICES, "jasalain": PackageKind.OTHER_SERVICES,
}  # fmt: skip
METHODS = {
    "epurchasing": Method.E_PURCHASING, "pengadaanlangsung": Method.DIRECT_PROCUREMENT,
    "penunjukanlangsung": Method.DIRECT_APPOINTMENT, "tendercepat": Method.QUICK_TENDER, "tender": Method.TENDER,
    "seleksi": Method.SELECTION, "dikecualikan": Method.EXEMPTED, "swakelola": Method.SELF_MANAGED,
}  # fmt: skip
VALUES = ["name", "kind", "method", "ceiling_rupiah"]


def plain(text: Any) -> str:
    return re.sub(r"[^a-z0-9]", "", str(text or "").lower())


class SirupPackages(EntryDataset):
    label = _("Packages (SIRUP data_sirup_lokal)")
    hint = _("Plans of packages; those announced already keep what they have.")
    roles = frozenset({Role.OPERATOR})
    order = 80
    shape = Shape(
        "sirup_packages",
        (
            Field("rup_code", Kind.CODE, ("idSirup", "kode_rup", "ID RUP"), required=True, max_length=12),
            Field("name", Kind.TEXT, ("paket", "nama_paket"), required=True, max_length=300),
            Field("kind", Kind.TEXT, ("jenisPengadaan", "jenis_pengadaan"), required=True, max_length=60),
            Field("method", Kind.TEXT, ("metode", "metode_pengadaan"), required=True, max_length=60),
            Field("ceiling_rupiah", Kind.RUPIAH, ("pagu",), required=True),
        ),
        recognised_by=("rup_code", "name", "method"),
    )

    def place(self, rows: list[dict[str, Any]], scope: Scope, remarks: Remarks) -> list[Entry]:
        held = {row.rup_code: row for row in Package.objects.filter(rup_code__in={row["rup_code"] for row in rows})}
        entries = []
        for row in rows:
            kind, method = KINDS.get(plain(row["kind"])), METHODS.get(plain(row["method"]))
            there = held.get(row["rup_code"])
            if not re.fullmatch(r"\d{6,12}", row["rup_code"]):
                remarks.refuse(row, "rup_code", "rup_code")
            elif kind is None:
                remarks.refuse(row, "kind", "package_kind")
            elif method is None:
                remarks.refuse(row, "method", "package_method")
            elif row["ceiling_rupiah"] <= 0:
                remarks.refuse(row, "ceiling_rupiah", "ceiling_zero")
            elif there is not None and (there.agency_id, there.fiscal_year) != (scope.agency.pk, scope.fiscal_year):
                remarks.refuse(row, "rup_code", "package_of_other")
            else:
                values = {
                    "name": row["name"],
                    "kind": str(kind),
                    "method": str(method),
                    "ceiling_rupiah": row["ceiling_rupiah"],
                }
                if there is not None and there.state != PackageState.PLANNED and self.said_by(there, values) != values:
                    remarks.refuse(row, "rup_code", "package_underway", state=str(there.get_state_display()))
                    continue
                entries.append(
                    Entry(
                        row["rup_code"],
                        f"{row['rup_code']} {row['name']}"[:160],
                        values,
                        row["sheet_no"],
                        row["row_no"],
                    )
                )
        return entries

    def current(self, entries: list[Entry], scope: Scope) -> dict[Any, Package]:
        return {row.rup_code: row for row in Package.objects.filter(rup_code__in={entry.key for entry in entries})}

    def write(self, new: list[Entry], changed: list[tuple[Entry, Package]], scope: Scope) -> None:
        Package.objects.bulk_create(
            [
                Package(
                    agency=scope.agency,
                    fiscal_year=scope.fiscal_year,
                    rup_code=entry.key,
                    created_by=scope.user,
                    **entry.values,
                )
                for entry in new
            ],
            batch_size=1_000,
        )
        for entry, held in changed:
            for name, value in entry.values.items():
                setattr(held, name, value)
            held.version += 1
        Package.objects.bulk_update([held for _entry, held in changed], [*VALUES, "version"], batch_size=1_000)
