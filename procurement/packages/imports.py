"""Packages of SIRUP (`data_sirup_lokal`), and what became of them in SPSE: participants, winners, contracts."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from procurement import after_changes
from procurement.choices import (
    Method,
    PackageKind,
    PackageState,
    SelfManagedType,
)
from procurement.models import Package

MESSAGES |= {
    "rup_code": _("is not a RUP code; SIRUP's have 6 to 12 digits"),
    "package_kinds": _("names several kinds; the first was taken"),
    "package_kind": _("is not a kind of procurement: Barang, Pekerjaan Konstruksi, Jasa Konsultansi or Jasa Lainnya"),
    "package_method": _("is not a method that the portal knows, such as Tender, E-Purchasing or Pengadaan Langsung"),
    "ceiling_zero": _("must be more than zero"),
    "package_of_other": _("is a package of another OPD or another year"),
    "package_underway": _("is %(state)s already: its plan does not change any more"),
}
# As SIRUP and SPSE write them, without blanks and signs; SPSE's longer ones begin like these.
KINDS = {
    "1": PackageKind.GOODS,
    "barang": PackageKind.GOODS,
    "pengadaanbarang": PackageKind.GOODS,
    "2": PackageKind.WORKS,
    "pekerjaankonstruksi": PackageKind.WORKS,
    "konstruksi": PackageKind.WORKS,
    "3": PackageKind.CONSULTING,
    "jasakonsultan": PackageKind.CONSULTING,
    "4": PackageKind.OTHER_SERVICES,
    "jasalain": PackageKind.OTHER_SERVICES,
}
METHODS = {
    "epurchasing": Method.E_PURCHASING,
    "pengadaanlangsung": Method.DIRECT_PROCUREMENT,
    "penunjukanlangsung": Method.DIRECT_APPOINTMENT,
    "tendercepat": Method.QUICK_TENDER,
    "lelangcepat": Method.QUICK_TENDER,
    "tender": Method.TENDER,
    "lelang": Method.TENDER,
    "seleksi": Method.SELECTION,
    "sayembara": Method.CONTEST,
    "kontes": Method.CONTEST,
    "dikecualikan": Method.EXEMPTED,
    "swakelola": Method.SELF_MANAGED,
}


def kind_of(text: Any) -> str:
    """The kind that a list names, the first of several; '' when it is none."""
    return _longest_beginning(plain(re.split(r"[;,/]", str(text or ""))[0]), KINDS)


def method_of(text: Any) -> str:
    return _longest_beginning(plain(text), METHODS)


def _longest_beginning(said: str, known: Mapping[str, str]) -> str:
    """“Jasa Konsultansi Badan Usaha Konstruksi” begins like “Jasa Konsultan”; a figure has to be the whole."""
    fitting = [name for name in known if said == name or (said.startswith(name) and not name.isdigit())]
    return str(known[max(fitting, key=len)]) if fitting else ""


SELF_MANAGED = {
    "1": SelfManagedType.TYPE_1,
    "i": SelfManagedType.TYPE_1,
    "2": SelfManagedType.TYPE_2,
    "ii": SelfManagedType.TYPE_2,
    "3": SelfManagedType.TYPE_3,
    "iii": SelfManagedType.TYPE_3,
    "4": SelfManagedType.TYPE_4,
    "iv": SelfManagedType.TYPE_4,
}
VALUES = ["name", "kind", "method", "ceiling_rupiah"]
BATCH = 1_000
MORE = ["rup_published_on", "kbki_code", "self_managed_type"]


def plain(text: Any) -> str:
    return re.sub(r"[^a-z0-9]", "", str(text or "").lower())


class SirupPackages(EntryDataset):
    label = _("Packages (SIRUP data_sirup_lokal)")
    hint = _("Plans of packages; those announced already keep what they have.")
    roles = frozenset({Role.OPERATOR})
    order = 80
    summed = "ceiling_rupiah"
    choices = {"kind": PackageKind, "method": Method, "self_managed_type": SelfManagedType}
    shape = Shape(
        "sirup_packages",
        (
            Field("rup_code", Kind.CODE, ("idSirup", "kd_rup", "kode_rup", "ID RUP", "idrup", "id"), required=True),
            Field("name", Kind.TEXT, ("paket", "nama_paket"), required=True, max_length=300),
            Field("kind", Kind.TEXT, ("jenisPengadaan", "jenis_pengadaan", "Jenis"), max_length=160),
            Field("method", Kind.TEXT, ("metode", "metode_pengadaan", "Metode Pemilihan"), max_length=160),
            Field("ceiling_rupiah", Kind.RUPIAH, ("pagu", "Total Pagu", "Total Nilai", "jumlahpagu"), required=True),
            Field(
                "rup_published_on",
                Kind.DATE,
                ("tgl_umumkan_paket", "tanggal_umumkan", "tglPengumuman", "tgl_pengumuman_paket"),
            ),
            Field("kbki_code", Kind.CODE, ("kode_kbki", "kbki"), max_length=12),
            Field("self_managed_type", Kind.CODE, ("tipe_swakelola", "tipeSwakelola"), max_length=3),
        ),
        recognised_by=("rup_code", "name", "method|self_managed_type", "ceiling_rupiah"),
        foreign=("nama_penyedia", "status_paket", "sumber_transaksi", "kd_tender", "nilai_kontrak"),
    )

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        held = {row.rup_code: row for row in Package.objects.filter(rup_code__in={row["rup_code"] for row in rows})}
        entries = []
        for row in rows:
            entry = self._entry(row)
            refusal = self._refusal(row, held.get(row["rup_code"]), entry, scope)
            if refusal is None:
                if ";" in (row["kind"] or ""):
                    remarks.warn(row, "kind", "package_kinds")
                entries.append(entry)
            else:
                remarks.refuse(row, *refusal[:2], **refusal[2])
        return entries

    def _refusal(
        self, row: dict[str, Any], there: Package | None, entry: Entry, scope: ImportScope
    ) -> tuple[str, str, dict[str, str]] | None:
        """(column, message, its values) of the first thing that is wrong with a row; None when nothing is."""
        checks: list[tuple[bool, str, str]] = [
            (not re.fullmatch(r"\d{6,12}", row["rup_code"]), "rup_code", "rup_code"),
            (not entry.values["kind"], "kind", "package_kind"),
            (not entry.values["method"], "method", "package_method"),
            (row["ceiling_rupiah"] <= 0, "ceiling_rupiah", "ceiling_zero"),
            (there is not None and not self._is_of(there, scope), "rup_code", "package_of_other"),
        ]
        wrong = next((check for check in checks if check[0]), None)
        if wrong is not None:
            return wrong[1], wrong[2], {}
        if (
            there is not None
            and there.state != PackageState.PLANNED
            and self.said_by(there, entry.values) != entry.values
        ):
            return "rup_code", "package_underway", {"state": str(there.get_state_display())}
        return None

    def _is_of(self, package: Package, scope: ImportScope) -> bool:
        return (package.agency_id, package.fiscal_year) == (scope.agency.pk, scope.fiscal_year)

    def _entry(self, row: dict[str, Any]) -> Entry:
        """What the row says in the portal's terms; kind and method are empty where they are not known."""
        values = {
            "name": row["name"],
            "kind": self._kind(row),
            "method": self._method(row),
            "ceiling_rupiah": row["ceiling_rupiah"],
        }
        label = f"{row['rup_code']} {row['name']}"[:160]
        return Entry(row["rup_code"], label, values | self._more(row), row["sheet_no"], row["row_no"])

    @staticmethod
    def _kind(row: dict[str, Any]) -> str:
        """A list of swakelola names no kind; the OPD or a group does the work itself."""
        if not row["kind"] and row["self_managed_type"]:
            return str(PackageKind.OTHER_SERVICES)
        return kind_of(row["kind"])

    @staticmethod
    def _method(row: dict[str, Any]) -> str:
        if not row["method"] and row["self_managed_type"]:
            return str(Method.SELF_MANAGED)
        return method_of(row["method"])

    def _more(self, row: dict[str, Any]) -> dict[str, Any]:
        """What a list may leave out: a column that is missing or empty changes nothing."""
        kbki = re.sub(r"\D", "", row["kbki_code"] or "")
        swakelola = SELF_MANAGED.get(plain(row["self_managed_type"]))
        more = {
            "rup_published_on": row["rup_published_on"],
            "kbki_code": kbki if len(kbki) > 1 else None,
            "self_managed_type": str(swakelola) if swakelola else None,
        }
        return {name: value for name, value in more.items() if value}

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, Package]:
        return {row.rup_code: row for row in Package.objects.filter(rup_code__in={entry.key for entry in entries})}

    def write(self, new: list[Entry], changed: list[tuple[Entry, Package]], scope: ImportScope) -> None:
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
            BATCH,
        )
        for entry, held in changed:
            for name, value in entry.values.items():
                setattr(held, name, value)
            held.version += 1
        Package.objects.bulk_update([held for _entry, held in changed], [*VALUES, *MORE, "version"], BATCH)
        after_changes.raise_flags_soon()
