"""What became of packages in SPSE: participants, winners, contracts, as its reports and LKPP's open lists have it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.choices import Role
from core.importing.datasets import ImportScope, Review
from core.importing.entries import Entry, EntryDataset, Remarks
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.numbers import format_rupiah
from procurement import after_changes
from procurement.choices import ContractKind, OfferState
from procurement.contracts.bidders import LOST, Bidder, bidders_of
from procurement.contracts.finding import CODE_FIELDS, RUP_CODE, PackageFinder, codes_in, known_codes, learn
from procurement.contracts.firms import NPWP_16, Firms
from procurement.contracts.standing import HeldInPortal, NumbersOfList
from procurement.contracts.tender_rows import AMOUNTS, TenderRow, sum_contracts
from procurement.models import Award, Contract, Offer, Supplier
from procurement.packages.imports import spell_codes

MESSAGES |= {
    "package_not_gated": _(
        "is still planned in the portal: what the list says is kept, and flagged until the declarations are there"
    ),
    "other_winner": _("is not the winner in the portal, which is %(winner)s; cancel that decision first"),
    "two_winners": _(
        "is one of several winners of the package in this list (%(names)s); keep one, or write number, date and value"
        " of each one's contract"
    ),
    "several_contractors": _(
        "is one of several firms with contracts in the package (%(names)s): the contracts are kept, no single winner"
    ),
    "contract_without_papers": _("has no number and date of the contract: kept as the winner's value, no document yet"),
    "value_left_out": _("is not kept: the list does not say that this firm won; write Ya under pemenang if it did"),
    "amount_unreadable": _("is -1: the source could not read it, so it counts as blank"),
    "reason_beside_mark": _(
        "stands beside the mark of the winner: the firm counts as the winner, the text is left out"
    ),
    "several_packages": _("names several packages; the row counts for %(code)s"),
    "contract_differs": _("differs from the contract in the portal; correct it there, with the reason"),
    "contract_of_two": _("is the number of contracts of several firms in the package (%(names)s); correct the number"),
    "winner_disqualified": _(
        "speaks against %(name)s, who has the award or a contract of the package in the portal; cancel that first"
    ),
    "winner_not_marked": _(
        "marks %(name)s as no winner, who has the award in the portal: it stays until cancelled there"
    ),
    "over_ceiling": _("is more than the package's ceiling of %(ceiling)s"),
    "rows_over_ceiling": _("%(count)s rows hold an award or a contract above the ceiling of their package."),
    "no_offer": _("%(count)s rows name a participant without an offer (registered only) and were left out."),
}
BATCH = 1_000
Refusal = tuple[str, str, dict[str, Any]]  # column, message, its values
# In SQL, of a staged row. Whoever only registered for a tender is no tenderer: the flags count those.
REGISTERED_ONLY = " AND ".join(
    [
        *(f"coalesce({name}, 0) IN (0, -1)" for name in AMOUNTS),
        *(f"{name} IS NULL" for name in ("decided_on", "signed_on", "number", "winner")),
        "position('offer_rupiah' in coalesce(emptied, '')) = 0",
        "coalesce(btrim(refused_because), '') = ''",
        "verified IS NOT TRUE",
        "lower(btrim(coalesce(won, ''))) IN ('', {})".format(", ".join(f"'{word}'" for word in sorted(LOST))),
    ]
)


def _kept(name: str, kind: Kind, headings: tuple[str, ...], **more: Any) -> Field:
    """A field that no cell empties: who took part and won, and what was signed, is changed in the portal, by name."""
    return Field(name, kind, headings, may_go=False, **more)


class TenderResults(EntryDataset):
    """One row per participant (or per winner, or contract) of a tender, as SPSE's reports and LKPP's lists have it."""

    label = _("Tender results (SPSE)")
    hint = _("Participants, winners and contracts, merged by RUP code; suppliers that are new are added.")
    roles = frozenset({Role.OPERATOR})
    order = 90
    builds_on = frozenset({"sirup_packages", "tender_codes"})
    summed = "value_rupiah"
    needs_lost_rows = True  # a firm beside a refused one is not the only one of its package
    choices = {"state": OfferState}
    says_nothing: tuple[str, str] | None = (REGISTERED_ONLY, "no_offer")
    shape = Shape(
        "tender_results",
        (
            RUP_CODE,
            *CODE_FIELDS,
            _kept("supplier", Kind.TEXT, ("nama_penyedia", "Nama Peserta", "peserta"), max_length=200),
            _kept("winner", Kind.TEXT, ("Nama Pemenang",), max_length=200),
            _kept("tax_number", Kind.CODE, ("npwp_penyedia", "NPWP", "npwp_pemenang", "npwp_peserta"), max_length=40),
            _kept("tax_number_16", Kind.CODE, NPWP_16, max_length=40),
            Field("offer_rupiah", Kind.RUPIAH, ("nilai_penawaran", "Harga Penawaran", "penawaran")),
            _kept("award_rupiah", Kind.RUPIAH, ("nilai_negosiasi", "Harga Negosiasi", "hasil_negosiasi")),
            _kept("corrected_rupiah", Kind.RUPIAH, ("nilai_terkoreksi", "harga_terkoreksi", "penawaran_terkoreksi")),
            _kept("won", Kind.TEXT, ("pemenang", "status_pemenang", "menang", "p"), max_length=200, is_mark=True),
            _kept("verified", Kind.FLAG, ("pemenang_terverifikasi", "terverifikasi")),
            _kept("decided_on", Kind.DATE, ("tgl_penetapan_pemenang", "tanggal_penetapan_pemenang")),
            _kept("refused_because", Kind.TEXT, ("alasan_gugur", "alasan", "keterangan_gugur")),
            _kept("number", Kind.TEXT, ("no_kontrak", "nomor_kontrak", "no_realisasi"), max_length=120),
            _kept("signed_on", Kind.DATE, ("tgl_kontrak", "tanggal_kontrak", "tgl_realisasi")),
            _kept("value_rupiah", Kind.RUPIAH, ("nilai_kontrak", "harga_kontrak", "nilai_realisasi")),
            _kept("form", Kind.TEXT, ("jenis_realisasi", "bentuk_kontrak"), max_length=120),
            _kept("is_addendum", Kind.FLAG, ("apakah_addendum",)),
        ),
        recognised_by=(
            "rup_code|tender_code|non_tender_code|record_code",
            "supplier|winner",
            "offer_rupiah|award_rupiah|value_rupiah",
        ),
    )

    def complete(self, table: str, scope: ImportScope) -> list[tuple[str, dict[str, Any]]]:
        spell_codes(table, RUP_CODE.name, *(field.name for field in CODE_FIELDS))
        return []

    def place(self, rows: list[dict[str, Any]], scope: ImportScope, remarks: Remarks) -> list[Entry]:
        finder, firms = PackageFinder([*rows, *remarks.lost], scope), Firms(rows)
        results = [TenderRow(row, finder.of(row), firms.of(row)) for row in rows]
        placed = [result for result in results if result.found.package is not None]
        lost_in = {package.pk for row in remarks.lost for package in finder.of(row).packages}
        bidders = bidders_of(placed, firms, more_in=lost_in)
        held = HeldInPortal({result.package.pk for result in placed})
        sum_contracts(placed, held.papers, set(held.awards))
        numbers = NumbersOfList(placed)
        winners = self._winners(bidders, held)
        entries = []
        for result in results:
            awarded = winners.get(result.package.pk) if result.found.package is not None and result.won else None
            refusal = result.refusal() or self._beside_others(result, held, numbers) or _lost(result, awarded)
            if refusal is not None:
                remarks.refuse(result.row, refusal[0], refusal[1], **refusal[2])
                continue
            entry = result.entry(is_awarded=awarded is not None and awarded.key is not None)
            if "number" in entry.values:
                entry.values["number"] = held.spelling(entry) or numbers.spelling(entry)
            entries.append(entry)
            _remark(result, awarded, held, remarks)
        return entries

    def review(self, table: str, scope: ImportScope) -> Review:
        found = super().review(table, scope)
        over = {(item.part, item.row) for item in found.problems if item.code == "over_ceiling"}
        written = {(row.part, row.row) for row in found.rows() if row.status in {"new", "changed"}} if over else set()
        if over & written:
            found.more_alarms.append(("rows_over_ceiling", {"count": len(over & written)}))
        return found

    @staticmethod
    def _beside_others(result: TenderRow, held: HeldInPortal, numbers: NumbersOfList) -> Refusal | None:
        """What is wrong with a row beside the others of its firm and package, and beside the portal."""
        bidder, supplier = result.bidder, result.firm.supplier
        if bidder.problem is not None:
            return *bidder.problem, {}
        pair = (result.package.pk, supplier.pk if supplier else None)
        if bidder.state == OfferState.DISQUALIFIED and held.binds(pair):
            return "refused_because", "winner_disqualified", {"name": result.firm.name}
        if not all(result.contract):
            return None
        contract = held.contract_of(pair, result.contract[0])
        if contract is not None and (contract.signed_on, contract.value_rupiah) != result.contract[1:]:
            return "number", "contract_differs", {}
        others = held.others_with(pair, result.contract[0]) | numbers.others_with(result)
        if others and result.form != ContractKind.RECEIPT:  # shops number their receipts each for itself
            return "number", "contract_of_two", {"names": ", ".join(sorted(others | {result.firm.name})[:5])}
        return None

    @staticmethod
    def _winners(bidders: list[Bidder], held: HeldInPortal) -> dict[int, "Winners"]:
        """By package: the winner in the portal, else those of the list."""
        found = {package: Winners({pk: name}, is_held=True) for (package, pk), name in held.awards.items()}
        for bidder in bidders:
            if bidder.won:
                found.setdefault(bidder.key[0], Winners({})).hear(bidder)
        return found

    def current(self, entries: list[Entry], scope: ImportScope) -> dict[Any, dict[str, Any]]:
        packages = {entry.source["package"].pk for entry in entries}
        portal = HeldInPortal(packages)
        pairs, contracts, known = portal.said, portal.contracts, known_codes(_taught_packages(entries))
        held: dict[Any, dict[str, Any]] = {}
        for entry in entries:
            contract = contracts.get(entry.key) if "number" in entry.values else None
            if entry.key[:2] not in pairs and contract is None:
                continue
            found = held[entry.key] = dict(pairs.get(entry.key[:2], {}))
            if contract is not None:
                found |= {name: getattr(contract, name) for name in ("number", "signed_on", "value_rupiah")}
            if known.issuperset(entry.source["taught"]):
                found["tender_code"] = entry.values.get("tender_code")
        return held

    def said_by(self, held: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
        return {name: held.get(name) for name in values}

    def write(self, new: list[Entry], changed: list[tuple[Entry, dict[str, Any]]], scope: ImportScope) -> None:
        suppliers = self._added_suppliers([entry for entry in new if entry.source["supplier"] is None])
        for entry in new:
            entry.source["supplier"] = entry.source["supplier"] or suppliers[entry.key[1]]
        everything: list[tuple[Entry, dict[str, Any]]] = [(entry, {}) for entry in new] + changed
        self._write_numbers(everything)
        self._write_offers(everything)
        self._write_awards(everything)
        self._write_contracts(everything, scope)
        learn(taught for entry, _held in everything for taught in entry.source["taught"])
        touched = sorted({entry.source["supplier"].pk for entry, _held in everything})
        after_changes.raise_flags_soon()
        if touched:
            after_changes.find_leads_soon(suppliers=touched)

    def _write_numbers(self, everything: list[tuple[Entry, dict[str, Any]]]) -> None:
        """The NPWP of firms that stood in the portal without one."""
        brought = {entry.key[1]: entry.source["firm"] for entry, _held in everything if "tax_number" in entry.values}
        for firm in brought.values():
            firm.supplier.tax_number = firm.number
            firm.supplier.save_next_version()

    def _write_offers(self, everything: list[tuple[Entry, dict[str, Any]]]) -> None:
        """One offer of a firm in a package, in however many rows it stands."""
        offers: dict[Any, Offer] = {}
        for entry, held in everything:
            offer = offers.setdefault(_pair(entry), held.get("offer") or Offer(state=OfferState.VALID))
            offer.package, offer.supplier = entry.source["package"], entry.source["supplier"]
            offer.amount_rupiah = entry.values.get("offer_rupiah", offer.amount_rupiah)
            offer.state = entry.values.get("state", offer.state)
            offer.note = entry.values.get("note", "" if offer.state == OfferState.VALID else offer.note)
        Offer.objects.bulk_create([offer for offer in offers.values() if offer.pk is None], BATCH)
        held_offers = [offer for offer in offers.values() if offer.pk is not None]
        Offer.objects.bulk_update(held_offers, ["amount_rupiah", "state", "note"], BATCH)

    def _write_awards(self, everything: list[tuple[Entry, dict[str, Any]]]) -> None:
        awards: dict[Any, Award] = {}
        for entry, held in everything:
            if not {"award_rupiah", "decided_on"} & entry.values.keys():
                continue
            award = awards.setdefault(_pair(entry), held.get("award") or Award())
            award.package, award.supplier = entry.source["package"], entry.source["supplier"]
            award.amount_rupiah = entry.values.get("award_rupiah", award.amount_rupiah)
            award.decided_on = entry.values.get("decided_on", award.decided_on)
        Award.objects.bulk_create([award for award in awards.values() if award.pk is None], BATCH)
        held_awards = [award for award in awards.values() if award.pk is not None]
        Award.objects.bulk_update(held_awards, ["amount_rupiah", "decided_on"], BATCH)

    def _write_contracts(self, everything: list[tuple[Entry, dict[str, Any]]], scope: ImportScope) -> None:
        new = [entry for entry, held in everything if "number" in entry.values and "number" not in held]
        Contract.objects.bulk_create([_contract(entry, scope) for entry in new], BATCH)

    def _added_suppliers(self, entries: list[Entry]) -> dict[Any, Supplier]:
        """New suppliers by the second half of the entries' keys; one that stands in several rows is added once."""
        added: dict[Any, Supplier] = {}
        for entry in entries:
            mark, firm = entry.key[1], entry.source["firm"]
            if mark not in added:
                added[mark] = Supplier.objects.create(name=firm.name, tax_number=firm.number)
        return added


class Winners:
    """Those who won a package, by the portal or by a list; `is_held` that the portal has decided."""

    def __init__(self, names: dict[Any, str], *, is_held: bool = False) -> None:
        self.names, self.is_held = names, is_held
        self.all_have_contracts = True

    def hear(self, bidder: Bidder) -> None:
        if not self.is_held:
            self.names.setdefault(bidder.key[1], bidder.name)
            self.all_have_contracts &= bidder.has_papers

    @property
    def key(self) -> Any:
        """The one winner; None where several firms have contracts side by side."""
        return next(iter(self.names)) if len(self.names) == 1 else None

    def takes(self, bidder: Bidder) -> bool:
        return self.key == bidder.key[1] if self.key is not None else self.all_have_contracts

    @property
    def refusal(self) -> str:
        return "other_winner" if self.is_held else "two_winners"

    @property
    def words(self) -> dict[str, str]:
        names = ", ".join(sorted(self.names.values())[:5])
        return {"winner": names} if self.is_held else {"names": names}


def _lost(result: TenderRow, winners: Winners | None) -> Refusal | None:
    """Why the row's firm can't be the winner that it is said to be."""
    is_taken = winners is None or winners.takes(result.bidder)
    return None if is_taken or winners is None else ("supplier", winners.refusal, winners.words)


def _remark(result: TenderRow, winners: Winners | None, held: HeldInPortal, remarks: Remarks) -> None:
    """What a person should know of a row that is taken over."""
    row, bidder, firm = result.row, result.bidder, result.firm
    if len(codes_in(row["rup_code"])) > 1:
        remarks.warn(row, "rup_code", "several_packages", code=result.package.rup_code)
    if result.has_no_papers:
        remarks.warn(row, "value_rupiah", "contract_without_papers" if result.won else "value_left_out")
    if firm.remark is not None:
        remarks.warn(row, "supplier", firm.remark[0], name=firm.remark[1])
    if result.is_over_ceiling:
        remarks.warn(row, "value_rupiah", "over_ceiling", ceiling=format_rupiah(result.package.ceiling_rupiah))
    if winners is not None and winners.key is None:
        remarks.warn(row, "supplier", "several_contractors", **winners.words)
    if result.unreadable:
        remarks.warn(row, result.unreadable, "amount_unreadable")
    if result.is_planned:
        remarks.warn(row, "rup_code", "package_not_gated")
    _remark_marks(row, bidder, held.awards.get(bidder.key), remarks)


def _remark_marks(row: dict[str, Any], bidder: Bidder, awarded: str | None, remarks: Remarks) -> None:
    """What the row says of winning that isn't followed."""
    if bidder.won and bidder.is_marked and bidder.reasons:
        remarks.warn(row, "refused_because", "reason_beside_mark")
    if bidder.is_outdone:
        remarks.warn(row, "won", "winner_not_verified")
    if awarded is not None and bidder.marks == {False}:
        remarks.warn(row, "won", "winner_not_marked", name=awarded)


def _pair(entry: Entry) -> tuple[int, int]:
    return entry.source["package"].pk, entry.source["supplier"].pk


def _taught_packages(entries: Iterable[Entry]) -> set[int]:
    return {package for entry in entries for package, *_code in entry.source["taught"]}


def _contract(entry: Entry, scope: ImportScope) -> Contract:
    return Contract(
        package=entry.source["package"],
        supplier=entry.source["supplier"],
        kind=entry.source["form"],
        entered_by=scope.user,
        **{name: entry.values[name] for name in ("number", "signed_on", "value_rupiah")},
    )
