"""What became of packages in SPSE: participants, winners, contracts, as its reports and LKPP's open lists have it."""

import re
from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.encryption import identity_hash, plain_identity
from core.importing.datasets import ImportScope
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from procurement import after_changes
from procurement.choices import NIK_DIGITS, NPWP_DIGITS, ContractKind, OfferState, PackageState
from procurement.models import Award, Contract, Offer, Package, Supplier
from procurement.packages.imports import plain

MESSAGES |= {
    "package_unknown": _("is no package of this OPD and year; take over the SIRUP list first"),
    "package_cancelled": _("is cancelled in the portal"),
    "package_not_gated": _(
        "is still planned in the portal: what the list says is kept, and flagged until the declarations are there"
    ),
    "supplier_number": _("is no NPWP; an NPWP has 15 or 16 digits"),
    "supplier_unclear": _("is the name of several suppliers; the row needs the NPWP"),
    "offer_amount": _("must be more than zero"),
    "other_winner": _("is not the winner in the portal, which is %(winner)s; cancel that decision first"),
    "contract_halves": _("is needed with the other two: number, date and value of the contract"),
    "contract_without_papers": _("has no number and date of the contract: kept as the winner's value, no document yet"),
    "several_packages": _("names several packages; the row counts for %(code)s"),
    "contract_differs": _("differs from the contract in the portal; correct it there, with the reason"),
}
BATCH = 1_000
WON = frozenset({"ya", "y", "1", "true", "menang", "pemenang", "pemenangberkontrak", "bintang"})


# The column of 16 digits is named otherwise in each of LKPP's lists.
NPWP_16 = ("npwp_16_penyedia", "npwp16_penyedia", "npwp_penyedia_16", "npwp_16")
AMOUNTS = ("offer_rupiah", "award_rupiah", "corrected_rupiah", "value_rupiah")


class TenderRow:
    """One row of a report on tenders: whom it names, whether they won, and what is wrong with it."""

    def __init__(
        self,
        row: dict[str, Any],
        package: Package | None,
        by_number: dict[str, Supplier],
        by_name: dict[str, list[Supplier]],
        *,
        is_only: bool,
    ) -> None:
        self.row, self.package, self.is_only = row, package, is_only
        self.digits = plain_number(row["tax_number"] or row["tax_number_16"] or "")
        self.by_number = by_number.get(identity_hash(self.digits)) if self.digits else None
        self.named = row["supplier"] or row["winner"] or ""
        self.by_name = by_name.get(self.named.casefold(), []) if self.by_number is None else []
        self.contract = (row["number"], row["signed_on"], row["value_rupiah"])
        self.won = not row["refused_because"] and self._says_won()

    def _says_won(self) -> bool:
        """Only what says so makes a winner: a column of winners, a mark, the day of the award, a contract."""
        row = self.row
        is_named = bool(row["winner"]) and plain(row["winner"]) == plain(self.named)
        if row["won"]:
            return plain(row["won"]) in WON
        # The day of the award stands in every participant's row as well: alone it makes a winner of the only one.
        return is_named or all(self.contract) or (bool(row["decided_on"]) and self.is_only)

    def refusal(self) -> tuple[str, str] | None:
        """(column, message) of the first thing that is wrong; None when nothing is."""
        if self.package is None:
            return "rup_code", "package_unknown"
        bad_amount = next((name for name in AMOUNTS if self.row[name] is not None and self.row[name] <= 0), "")
        checks = [
            (not self.named, "supplier", "required"),
            (self.package.state == PackageState.CANCELLED, "rup_code", "package_cancelled"),
            (bool(self.digits) and len(self.digits) not in {NPWP_DIGITS, NIK_DIGITS}, "tax_number", "supplier_number"),
            (not self.digits and len(self.by_name) > 1, "supplier", "supplier_unclear"),
            (bool(bad_amount), bad_amount, "offer_amount"),
            (any(self.contract[:2]) and not all(self.contract), "number", "contract_halves"),
        ]
        return next(((column, message) for wrong, column, message in checks if wrong), None)

    @property
    def has_no_papers(self) -> bool:
        """A contract value without number and day: kept as the winner's value, no contract is made of it."""
        return self.contract[2] is not None and not any(self.contract[:2])

    @property
    def package_key(self) -> int:
        return self._package.pk

    @property
    def is_planned(self) -> bool:
        return self._package.state == PackageState.PLANNED

    @property
    def _package(self) -> Package:
        """There is one once the row is not refused."""
        assert self.package is not None  # noqa: S101 (for the type checker)
        return self.package

    @property
    def supplier(self) -> Supplier | None:
        """None: one that is not in the portal yet. A name with another NPWP is somebody else."""
        named = self.by_name[0] if self.by_name else None
        if named is not None and self.digits and named.tax_number_hash:
            named = None
        return self.by_number or named

    def entry(self) -> Entry:
        row, supplier = self.row, self.supplier
        return Entry(
            (self._package.pk, supplier.pk if supplier else self.digits or self.named.casefold()),
            f"{self._package.rup_code} {self.named}"[:160],
            self._values(),
            row["sheet_no"],
            row["row_no"],
            {
                "package": self._package,
                "supplier": supplier,
                "name": self.named,
                "number": self.digits,
                "note": row["refused_because"] or "",
            },
        )

    def _values(self) -> dict[str, Any]:
        row = self.row
        state = OfferState.DISQUALIFIED if row["refused_because"] else OfferState.VALID if self.won else ""
        amounts = (row[name] for name in ("value_rupiah", "award_rupiah", "corrected_rupiah", "offer_rupiah"))
        award = next(filter(None, amounts), None) if self.won else None
        said = {
            "offer_rupiah": row["offer_rupiah"],
            "state": str(state),
            "award_rupiah": award,
            **dict(
                zip(("number", "signed_on", "value_rupiah"), self.contract if all(self.contract) else (), strict=False)
            ),
        }
        return {name: value for name, value in said.items() if value}


class TenderResults(EntryDataset):
    """One row per participant (or per winner) of a tender, as SPSE's reports and LKPP's open data have it."""

    label = _("Tender results (SPSE)")
    hint = _("Participants, winners and contracts, merged by RUP code; suppliers that are new are added.")
    roles = frozenset({Role.OPERATOR})
    order = 90
    summed = "value_rupiah"
    choices = {"state": OfferState}
    shape = Shape(
        "tender_results",
        (
            Field("rup_code", Kind.CODE, ("kd_rup", "kode_rup", "ID RUP", "kd_rup_paket"), required=True),
            Field("supplier", Kind.TEXT, ("nama_penyedia", "Nama Peserta", "nama_peserta", "peserta"), max_length=200),
            Field("winner", Kind.TEXT, ("Nama Pemenang", "nama_pemenang"), max_length=200),
            Field("tax_number", Kind.CODE, ("npwp_penyedia", "NPWP", "npwp_pemenang", "npwp_peserta"), max_length=30),
            Field("tax_number_16", Kind.CODE, NPWP_16, max_length=30),
            Field("offer_rupiah", Kind.RUPIAH, ("nilai_penawaran", "Harga Penawaran", "harga_penawaran")),
            Field(
                "award_rupiah",
                Kind.RUPIAH,
                ("nilai_negosiasi", "Harga Negosiasi"),
            ),
            Field("corrected_rupiah", Kind.RUPIAH, ("nilai_terkoreksi", "harga_terkoreksi")),
            Field("won", Kind.TEXT, ("pemenang", "status_pemenang", "menang"), max_length=40),
            Field("decided_on", Kind.DATE, ("tgl_penetapan_pemenang", "tanggal_penetapan_pemenang")),
            Field("refused_because", Kind.TEXT, ("alasan_gugur", "alasan", "keterangan_gugur"), max_length=500),
            Field("number", Kind.TEXT, ("no_kontrak", "nomor_kontrak", "No Kontrak"), max_length=120),
            Field("signed_on", Kind.DATE, ("tgl_kontrak", "tanggal_kontrak", "Tanggal Kontrak")),
            Field("value_rupiah", Kind.RUPIAH, ("nilai_kontrak", "Nilai Kontrak", "harga_kontrak")),
        ),
        recognised_by=("rup_code", "supplier|winner", "offer_rupiah|award_rupiah|value_rupiah"),
    )

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        packages = self._packages({code for row in rows for code in codes_in(row["rup_code"])}, scope)
        by_number, by_name = self._suppliers(rows)
        participants = Counter(row["rup_code"] for row in rows)
        winners: dict[int, tuple[Any, str]] = {
            award.package_id: (award.supplier_id, award.supplier.name)
            for award in Award.objects.filter(package__in=packages.values(), cancelled_at__isnull=True).select_related(
                "supplier"
            )
        }
        entries = []
        for row in rows:
            package = next(filter(None, map(packages.get, codes_in(row["rup_code"]))), None)
            is_only = participants[row["rup_code"]] == 1
            result = TenderRow(row, package, by_number, by_name, is_only=is_only)
            if (refusal := result.refusal()) is not None:
                remarks.refuse(row, *refusal)
                continue
            entry = result.entry()
            winner = winners.setdefault(result.package_key, (entry.key[1], result.named)) if result.won else None
            if winner is not None and winner[0] != entry.key[1]:
                remarks.refuse(row, "supplier", "other_winner", winner=winner[1])
                continue
            if package is not None and len(codes_in(row["rup_code"])) > 1:
                remarks.warn(row, "rup_code", "several_packages", code=package.rup_code)
            if result.has_no_papers:
                remarks.warn(row, "value_rupiah", "contract_without_papers")
            if result.is_planned:
                remarks.warn(row, "rup_code", "package_not_gated")
            entries.append(entry)
        return self._with_fixed_contracts(entries, remarks)

    def _packages(self, codes: set[str], scope: ImportScope) -> dict[str, Package]:
        rows = Package.objects.filter(rup_code__in=codes, agency=scope.agency, fiscal_year=scope.fiscal_year)
        return {row.rup_code: row for row in rows}

    def _suppliers(self, rows: list[dict[str, Any]]) -> tuple[dict[str, Supplier], dict[str, list[Supplier]]]:
        """Suppliers by the hash of their NPWP, and by the name that the list writes; of a merged one what it was merged
        into. Two queries."""
        known = Supplier.objects.select_related("merged_into").order_by(F("merged_into").asc(nulls_last=True))
        numbers = {plain_number(row["tax_number"] or row["tax_number_16"] or "") for row in rows}
        hashes = {identity_hash(number) for number in numbers} - {""}
        by_number = {row.tax_number_hash: row.merged_into or row for row in known.filter(tax_number_hash__in=hashes)}
        written = {(row["supplier"] or row["winner"] or "").casefold() for row in rows} - {""}
        keys: dict[str, list[str]] = {}
        for name, key in _name_keys(sorted(written)):
            keys.setdefault(key, []).append(name)
        by_name: dict[str, list[Supplier]] = {}
        for supplier in known.filter(name_key__in=list(keys)).exclude(name_key=""):
            for name in keys[supplier.name_key]:
                found, kept = supplier.merged_into or supplier, by_name.setdefault(name, [])
                if found not in kept:
                    kept.append(found)
        return by_number, by_name

    def _with_fixed_contracts(self, entries: list[Entry], remarks: Remarks) -> list[Entry]:
        """A contract that is in the portal is evidence: a list that says something else is refused."""
        held = self._contracts(entries)
        fitting = []
        for entry in entries:
            contract = held.get((entry.source["package"].pk, entry.values.get("number")))
            differs = contract is not None and (
                (contract.signed_on, contract.value_rupiah) != (entry.values["signed_on"], entry.values["value_rupiah"])
                or entry.source["supplier"] is None
                or (contract.supplier.merged_into_id or contract.supplier_id) != entry.source["supplier"].pk
            )
            if differs:
                place = {"sheet_no": entry.part, "row_no": entry.row, "number": entry.values["number"]}
                remarks.refuse(place, "number", "contract_differs")
            else:
                fitting.append(entry)
        return fitting

    def _contracts(self, entries: list[Entry]) -> dict[tuple[Any, Any], Contract]:
        packages = {entry.source["package"].pk for entry in entries}
        rows = Contract.objects.current().filter(package__in=packages).select_related("supplier")
        return {(row.package_id, row.number): row for row in rows}

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, dict[str, Any]]:
        packages = {entry.source["package"].pk for entry in entries}
        held: dict[Any, dict[str, Any]] = {}
        for offer in Offer.objects.filter(package__in=packages):
            held[offer.package_id, offer.supplier_id] = {
                "offer": offer,
                "offer_rupiah": offer.amount_rupiah,
                "state": offer.state,
            }
        for award in Award.objects.filter(package__in=packages, cancelled_at__isnull=True):
            place = held.setdefault((award.package_id, award.supplier_id), {})
            place |= {"award": award, "award_rupiah": award.amount_rupiah}
        contracts = self._contracts(entries)
        for entry in entries:
            contract = contracts.get((entry.source["package"].pk, entry.values.get("number")))
            if contract is not None and entry.key in held:
                held[entry.key] |= {name: getattr(contract, name) for name in ("number", "signed_on", "value_rupiah")}
        return held

    def said_by(self, held: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        return {name: held.get(name) for name in values}

    def write(self, new: list[Entry], changed: list[tuple[Entry, dict[str, Any]]], scope: ImportScope) -> None:
        suppliers = self._added_suppliers([entry for entry in new if entry.source["supplier"] is None])
        for entry in new:
            entry.source["supplier"] = entry.source["supplier"] or suppliers[entry.key[1]]
        everything: list[tuple[Entry, dict[str, Any]]] = [(entry, {}) for entry in new] + changed
        self._write_offers(everything)
        self._write_awards(everything)
        self._write_contracts(everything, scope)
        touched = sorted({entry.source["supplier"].pk for entry, _held in everything})
        after_changes.raise_flags_soon()
        if touched:
            after_changes.find_leads_soon(suppliers=touched)

    def _write_offers(self, everything: list[tuple[Entry, dict[str, Any]]]) -> None:
        Offer.objects.bulk_create([_offer(entry) for entry, held in everything if "offer" not in held], BATCH)
        held_offers = [(entry, held["offer"]) for entry, held in everything if "offer" in held]
        for entry, offer in held_offers:
            offer.amount_rupiah = entry.values.get("offer_rupiah", offer.amount_rupiah)
            offer.state = entry.values.get("state", offer.state)
            offer.note = entry.source["note"] or offer.note
        Offer.objects.bulk_update([offer for _entry, offer in held_offers], ["amount_rupiah", "state", "note"], BATCH)

    def _write_awards(self, everything: list[tuple[Entry, dict[str, Any]]]) -> None:
        said = [(entry, held) for entry, held in everything if "award_rupiah" in entry.values]
        for entry, held in said:
            if "award" in held:
                held["award"].amount_rupiah = entry.values["award_rupiah"]
        held_awards = [held["award"] for _entry, held in everything if "award" in held]
        Award.objects.bulk_update(held_awards, ["amount_rupiah"], BATCH)
        Award.objects.bulk_create([_award(entry) for entry, held in said if "award" not in held], BATCH)

    def _write_contracts(self, everything: list[tuple[Entry, dict[str, Any]]], scope: ImportScope) -> None:
        new = [entry for entry, held in everything if "number" in entry.values and "number" not in held]
        Contract.objects.bulk_create([_contract(entry, scope) for entry in new], BATCH)

    def _added_suppliers(self, entries: list[Entry]) -> dict[Any, Supplier]:
        """New suppliers by the second half of the entries' keys; one that stands in several rows is added once."""
        added: dict[Any, Supplier] = {}
        for entry in entries:
            mark = entry.key[1]
            if mark not in added:
                added[mark] = Supplier.objects.create(name=entry.source["name"], tax_number=entry.source["number"])
        return added


def plain_number(text: str) -> str:
    """The digits of an NPWP; '' for one of equal digits, which stands for none."""
    digits = plain_identity(re.sub(r"\D", "", text))
    return "" if len(set(digits)) == 1 else digits


def codes_in(text: str) -> list[str]:
    """The RUP codes of a cell: a tender may carry out several packages."""
    return [code for code in re.split(r"[;,\s]+", text) if code]


def _offer(entry: Entry) -> Offer:
    return Offer(
        package=entry.source["package"],
        supplier=entry.source["supplier"],
        amount_rupiah=entry.values.get("offer_rupiah"),
        state=entry.values.get("state", OfferState.VALID),
        note=entry.source["note"],
    )


def _award(entry: Entry) -> Award:
    return Award(
        package=entry.source["package"],
        supplier=entry.source["supplier"],
        amount_rupiah=entry.values["award_rupiah"],
    )


def _contract(entry: Entry, scope: ImportScope) -> Contract:
    return Contract(
        package=entry.source["package"],
        supplier=entry.source["supplier"],
        kind=ContractKind.CONTRACT,
        entered_by=scope.user,
        **{name: entry.values[name] for name in ("number", "signed_on", "value_rupiah")},
    )


def _name_keys(names: list[str]) -> list[tuple[str, str]]:
    """(name, key) as PostgreSQL computes it."""
    if not names:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, procurement_name_key(name) FROM unnest(%s::text[]) AS name", [names])
        return [(name, key) for name, key in cursor.fetchall()]
