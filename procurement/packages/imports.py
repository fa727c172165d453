"""Packages of SIRUP (`data_sirup_lokal`), and what became of them in SPSE: participants, winners, contracts."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg2 import sql

from core.choices import Role
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.importing.staging import identifier
from core.numbers import format_rupiah
from core.sql import execute
from core.text import shortened
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
    "package_kind": _(
        "is not a kind of procurement: Barang, Pekerjaan Konstruksi, Jasa Konsultansi, Jasa Lainnya or Terintegrasi"
    ),
    "package_method": _("is not a method that the portal knows, such as Tender, E-Purchasing or Pengadaan Langsung"),
    "new_package_kind": _("is needed for a package that is not in the portal yet; write its kind of procurement"),
    "new_package_method": _("is needed for a package that is not in the portal yet; write its method"),
    "self_managed_type": _("is not a type of swakelola; there are Tipe I, II, III and IV (1 to 4)"),
    "kbki_code": _("is not a KBKI code; it has 2 to 12 digits"),
    "ceiling_zero": _("must be more than zero"),
    "ceiling_below_hps": _("is less than the package's HPS of %(hps)s in the portal; correct the HPS there first"),
    "new_package_name": _("is needed for a package that is not in the portal yet; write its name"),
    "new_package_ceiling": _("is needed for a package that is not in the portal yet; write its ceiling"),
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
    "7": PackageKind.INTEGRATED,
    "gabungan": PackageKind.INTEGRATED,
}
# SIRUP's numbers of methods (idMetode) beside its words; 1 to 12 are those of before 2018.
METHODS = {
    "epurchasing": Method.E_PURCHASING,
    "9": Method.E_PURCHASING,
    "pengadaanlangsung": Method.DIRECT_PROCUREMENT,
    "8": Method.DIRECT_PROCUREMENT,
    "penunjukanlangsung": Method.DIRECT_APPOINTMENT,
    "7": Method.DIRECT_APPOINTMENT,
    "tendercepat": Method.QUICK_TENDER,
    "lelangcepat": Method.QUICK_TENDER,
    "12": Method.QUICK_TENDER,
    "14": Method.QUICK_TENDER,
    "tender": Method.TENDER,
    "lelang": Method.TENDER,
    "pemilihanlangsung": Method.TENDER,
    **dict.fromkeys(("1", "2", "3", "6", "13"), Method.TENDER),
    "seleksi": Method.SELECTION,
    **dict.fromkeys(("4", "5", "15"), Method.SELECTION),
    "sayembara": Method.CONTEST,
    "10": Method.CONTEST,
    "kontes": Method.CONTEST,
    "11": Method.CONTEST,
    "dikecualikan": Method.EXEMPTED,
    "swakelola": Method.SELF_MANAGED,
    "pembayaranuntukkontraktahunjamak": Method.MULTI_YEAR_PAYMENT,
    "kontraktahunjamak": Method.MULTI_YEAR_PAYMENT,
    "20": Method.MULTI_YEAR_PAYMENT,
}
NOTHING = {"", "0", "null", "none"}  # how SIRUP's answers write that a method or a kind is not chosen


def kinds_of(text: Any) -> list[str]:
    """The kinds that a list names, `Barang;Jasa Lainnya` two; [""] for a text that is none."""
    if "terintegrasi" in plain(text):
        return [str(PackageKind.INTEGRATED)]
    parts = [part for part in re.split(r"[;,/|+]| dan ", str(text or "")) if plain(part) not in NOTHING]
    return list(dict.fromkeys(kind for part in parts if (kind := _longest_beginning(plain(part), KINDS)))) or (
        [""] if parts else []
    )


def method_of(text: Any) -> str:
    return _longest_beginning(plain(text), METHODS)


def _longest_beginning(said: str, known: Mapping[str, str]) -> str:
    """“Jasa Konsultansi Badan Usaha Konstruksi” begins like “Jasa Konsultan”; a figure has to be the whole."""
    fitting = [name for name in known if said == name or (said.startswith(name) and not name.isdigit())]
    return str(known[max(fitting, key=len)]) if fitting else ""


def self_managed_type_of(text: Any) -> str:
    """“1”, “I”, “Tipe I” and “Swakelola Tipe 1” are type I; '' for what is none."""
    found = re.fullmatch(r"(?:swakelola)?(?:tipe|type)?([1-4]|i{1,3}|iv)", plain(text))
    return str(SELF_MANAGED[found[1]]) if found else ""


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
RUP_HEADINGS = ("kd_rup", "kode_rup", "ID RUP", "kd_rup_paket", "kd_rups")
VALUES = ["name", "kind", "method", "ceiling_rupiah"]
BATCH = 1_000
MORE = ["rup_published_on", "kbki_code", "self_managed_type"]
KBKI = re.compile(r"\d{2,12}")
# Of each number in a cell the zeros in front; of one that went through a table of figures those behind, 61000001.0.
ZEROS_AROUND = r"(^|[;,\s])0+(?=\d+($|[;,\s]))|(?<=(^|[;,\s])\d+)[.,]0+(?=$|[;\s])"


def plain(text: Any) -> str:
    return re.sub(r"[^a-z0-9]", "", str(text or "").lower())


def spell_codes(table: str, *names: str) -> None:
    """Staged rows have the numbers of SIRUP and SPSE as the portal keeps them: texts may have zeros in front of them,
    061000001."""
    statement = sql.SQL("UPDATE {} SET {} = regexp_replace({}, %s, '\\1', 'g') WHERE {} ~ %s")
    with connection.cursor() as cursor:
        for column in map(sql.Identifier, names):
            filled = statement.format(identifier(table), column, column, column)
            execute(cursor, filled, [ZEROS_AROUND, ZEROS_AROUND])


class PlannedRow:
    """One row of a plan in the portal's terms, beside the package that is there (`there`)."""

    def __init__(self, row: dict[str, Any], there: Package | None) -> None:
        self.row, self.there = row, there
        self.emptied = set((row["emptied"] or "").split(","))
        said_type = plain(row["self_managed_type"])
        self.self_managed_type = self_managed_type_of(said_type) if said_type not in NOTHING else ""
        self.names_no_type = said_type not in NOTHING and not self.self_managed_type
        self.is_self_managed = bool(self.self_managed_type) or plain(row["way"]) == "swakelola"
        self.kinds = kinds_of(row["kind"]) or kinds_of(row["kind_id"])
        self.kbki = re.sub(r"\D", "", row["kbki_code"] or "")

    @property
    def kind(self) -> str | None:
        """None where the row says nothing of it. A list of swakelola names no kind: the OPD or a group does the work.

        Of several, the one that the package has already.
        """
        if self.kinds:
            return self.there.kind if self.there is not None and self.there.kind in self.kinds else self.kinds[0]
        return str(PackageKind.OTHER_SERVICES) if self.is_self_managed and self.there is None else None

    @property
    def method(self) -> str | None:
        """None where the row says nothing of it; SIRUP writes 0 where none is chosen."""
        said = next((text for text in (self.row["method"], self.row["method_id"]) if plain(text) not in NOTHING), None)
        if said is not None:
            return method_of(said)
        return str(Method.SELF_MANAGED) if self.is_self_managed else None

    def wrong(self) -> tuple[str, str] | None:
        """(column, message) of the first thing that is wrong with the row; None when nothing is."""
        is_new = self.there is None
        checks = [
            (not re.fullmatch(r"\d{6,12}", self.row["rup_code"]), "rup_code", "rup_code"),
            (self.names_no_type, "self_managed_type", "self_managed_type"),
            (self.kind == "", "kind", "package_kind"),
            (is_new and self.kind is None, "kind", "new_package_kind"),
            (self.method == "", "method", "package_method"),
            (is_new and self.method is None, "method", "new_package_method"),
            (is_new and not self.row["name"], "name", "new_package_name"),
            (is_new and self.row["ceiling_rupiah"] is None, "ceiling_rupiah", "new_package_ceiling"),
            (
                self.row["ceiling_rupiah"] is not None and self.row["ceiling_rupiah"] <= 0,
                "ceiling_rupiah",
                "ceiling_zero",
            ),
            (plain(self.row["kbki_code"]) not in NOTHING and not KBKI.fullmatch(self.kbki), "kbki_code", "kbki_code"),
        ]
        return next(((column, message) for is_wrong, column, message in checks if is_wrong), None)

    @property
    def hps(self) -> Decimal | None:
        """The package's HPS in the portal, where the row's ceiling is below it."""
        held, ceiling = self.there.hps_rupiah if self.there else None, self.row["ceiling_rupiah"]
        return held if held is not None and ceiling is not None and ceiling < held else None

    def values(self) -> dict[str, Any]:
        """What the row says, or empties by the word; a column that is missing or blank changes nothing."""
        said = {
            "name": self.row["name"],
            "kind": self.kind,
            "method": self.method,
            "ceiling_rupiah": self.row["ceiling_rupiah"],
            "rup_published_on": self.row["rup_published_on"],
            "kbki_code": self.kbki if KBKI.fullmatch(self.kbki) else "",
            "self_managed_type": self.self_managed_type,
        }
        return {name: value for name, value in said.items() if value or name in self.emptied}

    @property
    def name(self) -> str:
        return self.row["name"] or (self.there.name if self.there else "")

    def entry(self) -> Entry:
        row = self.row
        return Entry(
            row["rup_code"],
            shortened(f"{row['rup_code']} {self.name}", 160),
            self.values(),
            row["sheet_no"],
            row["row_no"],
        )


class SirupPackages(EntryDataset):
    label = _("Packages (SIRUP)")
    hint = _("Plans of packages; those announced already keep what they have.")
    roles = frozenset({Role.OPERATOR})
    order = 80
    summed = "ceiling_rupiah"
    choices = {"kind": PackageKind, "method": Method, "self_managed_type": SelfManagedType}
    shape = Shape(
        "sirup_packages",
        (
            Field("rup_code", Kind.CODE, ("idSirup", "kd_rup", "kode_rup", "ID RUP", "idrup", "id"), required=True),
            Field("name", Kind.TEXT, ("paket", "nama_paket"), max_length=300, may_go=False),
            Field("kind", Kind.TEXT, ("jenisPengadaan", "jenis_pengadaan", "Jenis"), max_length=160, may_go=False),
            Field("kind_id", Kind.TEXT, ("idJenisPengadaan", "kd_jenis_pengadaan"), max_length=40, may_go=False),
            Field(
                "method", Kind.TEXT, ("metode", "metode_pengadaan", "Metode Pemilihan"), max_length=160, may_go=False
            ),
            Field("method_id", Kind.TEXT, ("idMetode", "kd_metode_pengadaan"), max_length=40, may_go=False),
            Field("way", Kind.TEXT, ("Cara Pengadaan",), max_length=40, may_go=False),
            Field("ceiling_rupiah", Kind.RUPIAH, ("pagu", "Total Pagu", "Total Nilai", "jumlahpagu"), may_go=False),
            Field(
                "rup_published_on",
                Kind.DATE,
                ("tgl_umumkan_paket", "tanggal_umumkan", "tglPengumuman", "tgl_pengumuman_paket"),
            ),
            Field("kbki_code", Kind.CODE, ("kode_kbki", "kbki"), max_length=30),
            Field("self_managed_type", Kind.CODE, ("tipe_swakelola", "tipeSwakelola"), max_length=40),
        ),
        recognised_by=("rup_code", "name|method", "name|ceiling_rupiah", "method|self_managed_type|way|ceiling_rupiah"),
        foreign=(
            "nama_penyedia",
            "status_paket",
            "sumber_transaksi",
            "nilai_kontrak",
            "kd_tender",
            "kd_nontender",
            "kd_nontender_pct",
            "kd_swakelola_pct",
        ),
    )

    def complete(self, table: str, scope: ImportScope) -> list[tuple[str, dict[str, Any]]]:
        spell_codes(table, "rup_code")
        return []

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        held = {row.rup_code: row for row in Package.objects.filter(rup_code__in={row["rup_code"] for row in rows})}
        entries = []
        for row in rows:
            plan = PlannedRow(row, held.get(row["rup_code"]))
            refusal = self._refusal(plan, scope)
            if refusal is None:
                if len(plan.kinds) > 1 and plan.there is None:
                    remarks.warn(row, "kind", "package_kinds")
                entries.append(plan.entry())
            else:
                remarks.refuse(row, *refusal[:2], **refusal[2])
        return entries

    def _refusal(self, plan: "PlannedRow", scope: ImportScope) -> tuple[str, str, dict[str, str]] | None:
        """(column, message, its values) of the first thing that is wrong with a row; None when nothing is."""
        there = plan.there
        if there is not None and not self._is_of(there, scope):
            return "rup_code", "package_of_other", {}
        if (wrong := plan.wrong()) is not None:
            return *wrong, {}
        if there is not None and there.state != PackageState.PLANNED:
            values = plan.values()
            if self.said_by(there, values) != values:
                return "rup_code", "package_underway", {"state": str(there.get_state_display())}
        if plan.hps is not None:
            return "ceiling_rupiah", "ceiling_below_hps", {"hps": format_rupiah(plan.hps)}
        return None

    def _is_of(self, package: Package, scope: ImportScope) -> bool:
        return (package.agency_id, package.fiscal_year) == (scope.agency.pk, scope.fiscal_year)

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
