"""One row of a list on tenders beside the others of its package: whom it names, whether they won, what is wrong."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.importing.entries import Entry
from core.importing.messages import MESSAGES
from procurement.choices import ContractKind, OfferState, PackageState
from procurement.contracts.finding import FoundPackages, taught_by
from procurement.contracts.firms import Firm, named
from procurement.models import Package
from procurement.packages.imports import plain

MESSAGES |= {
    "offer_amount": _("must be more than zero"),
    "contract_halves": _("is needed with the other two: number, date and value of the contract"),
    "row_is_addendum": _("is an addendum: enter it in the portal, at its contract"),
}
WON = frozenset({"ya", "y", "1", "true", "menang", "pemenang", "pemenangberkontrak", "bintang"})
# In the order in which they say what the winner gets.
AMOUNTS = ("value_rupiah", "award_rupiah", "corrected_rupiah", "offer_rupiah")
UNREADABLE = Decimal(-1)  # how pyproc writes an amount that it could not read
PASSES, FAILS = {"memenuhi", "lulus", "sesuai"}, {"tidak", "tdk", "belum", "gugur", "kurang", "gagal", "tanpa"}
FORMS_OF_CONTRACT = {
    "suratpesanan": ContractKind.PURCHASE_ORDER,
    "spk": ContractKind.SPK,
    "suratperintahkerja": ContractKind.SPK,
    "kwitansi": ContractKind.RECEIPT,
    "kuitansi": ContractKind.RECEIPT,
    "bukti": ContractKind.RECEIPT,
    "nota": ContractKind.RECEIPT,
}


class TenderRow:
    def __init__(self, row: dict[str, Any], found: FoundPackages, firm: Firm) -> None:
        self.found, self.firm = found, firm
        self.unreadable = next((name for name in AMOUNTS if row[name] == UNREADABLE), "")
        self.row = row | {name: None for name in AMOUNTS if row[name] == UNREADABLE}
        self.contract = (row["number"], row["signed_on"], self.row["value_rupiah"])
        self.disqualified_because = "" if _passes(row["refused_because"]) else row["refused_because"]
        self.won = False
        self.has_several_contracts = False
        self.sum_of_contracts: Decimal | None = None  # of a firm that has several and no award yet

    @property
    def package(self) -> Package:
        """There is one once the row is not refused."""
        assert self.found.package is not None  # noqa: S101 (for the type checker)
        return self.found.package

    @property
    def offer_key(self) -> tuple[int, Any]:
        return self.package.pk, self.firm.key

    @property
    def is_marked(self) -> bool:
        return bool(self.row["won"]) and plain(self.row["won"]) in WON

    def decide(self, *, is_only: bool, has_marks: bool) -> None:
        """Only what says so makes a winner: a mark, a column of winners, a contract, the day or value of the award.

        Day and value may stand in every participant's row, and a list with marks says by them who won: alone they make
        a winner of the only one.
        """
        row = self.row
        if row["won"]:
            self.won = self.is_marked
            return
        is_named = bool(row["winner"]) and plain(row["winner"]) == plain(self.firm.name)
        is_decided = bool(row["decided_on"] or self.has_no_papers) and is_only and not has_marks
        self.won = is_named or (not self.disqualified_because and (all(self.contract) or is_decided))

    def refusal(self) -> tuple[str, str, dict[str, Any]] | None:
        """(column, message, its values) of the first thing that is wrong; None when nothing is."""
        if self.found.problem is not None:
            return self.found.problem
        bad_amount = next((name for name in AMOUNTS if self.row[name] is not None and self.row[name] <= 0), "")
        checks = [
            (not named(self.row), "supplier", "required"),
            (self.package.state == PackageState.CANCELLED, "rup_code", "package_cancelled"),
            (self.firm.problem is not None, *(self.firm.problem or ("", ""))),
            (bool(bad_amount), bad_amount, "offer_amount"),
            (bool(self.row["is_addendum"]), "is_addendum", "row_is_addendum"),
            (any(self.contract[:2]) and not all(self.contract), "number", "contract_halves"),
        ]
        return next(((column, message, {}) for wrong, column, message in checks if wrong), None)

    @property
    def has_no_papers(self) -> bool:
        """A contract value without number and day: where the firm won it is the winner's value, no contract is made."""
        return self.contract[2] is not None and not any(self.contract[:2])

    @property
    def is_planned(self) -> bool:
        return self.package.state == PackageState.PLANNED

    @property
    def award_rupiah(self) -> Any:
        if self.has_several_contracts:
            return self.sum_of_contracts
        return next((self.row[name] for name in AMOUNTS if self.row[name]), None)

    def entry(self, *, is_awarded: bool) -> Entry:
        """`is_awarded`: the firm is the one winner of the package; otherwise its contracts stand for themselves."""
        row = self.row
        return Entry(
            (*self.offer_key, row["number"] or ""),
            f"{self.package.rup_code} {self.firm.name}"[:160],
            self._values(is_awarded=is_awarded),
            row["sheet_no"],
            row["row_no"],
            {
                "package": self.package,
                "firm": self.firm,
                "supplier": self.firm.supplier,
                "form": form_of_contract(row["form"]),
                "taught": taught_by(row, self.found.packages),
            },
        )

    def _values(self, *, is_awarded: bool) -> dict[str, Any]:
        row, emptied = self.row, (self.row["emptied"] or "").split(",")
        state = OfferState.VALID if self.won else OfferState.DISQUALIFIED if self.disqualified_because else ""
        said = {
            "offer_rupiah": row["offer_rupiah"],
            "state": str(state),
            "note": "" if self.won else self.disqualified_because,
            "award_rupiah": self.award_rupiah if is_awarded else None,
            "decided_on": row["decided_on"] if is_awarded else None,
            "tender_code": ", ".join(sorted({code for *_more, code in taught_by(row, self.found.packages)})),
        }
        if all(self.contract):
            said |= dict(zip(("number", "signed_on", "value_rupiah"), self.contract, strict=True))
        return {name: value for name, value in said.items() if value or name in emptied}


def _passes(reason: str | None) -> bool:
    """Whether what stands under the reasons speaks for the firm, as “Memenuhi syarat” does, or is nothing at all."""
    words = set(re.sub(r"[^a-z]+", " ", (reason or "").lower()).split())
    return words <= {"null", "none", "nan"} or bool(words & PASSES and not words & FAILS)


def form_of_contract(text: str | None) -> ContractKind:
    said = plain(text)
    return next((kind for name, kind in FORMS_OF_CONTRACT.items() if said.startswith(name)), ContractKind.CONTRACT)


def sum_contracts(
    rows: Iterable[TenderRow], held: Iterable[tuple[int, int, str, Decimal]], awarded: set[tuple[int, Any]]
) -> None:
    """Tell each row of a firm with several contracts in one package what they come to, those of the portal (`held`:
    package, firm, number, value) among them. An award that is there (`awarded`) stays: one of several contracts says
    nothing of it."""
    papers: dict[tuple[int, Any], dict[str, Decimal]] = {}
    for package, firm, number, value in held:
        papers.setdefault((package, firm), {})[number] = value
    with_papers = [row for row in rows if all(row.contract)]
    for row in with_papers:
        papers.setdefault(row.offer_key, {})[row.contract[0]] = row.contract[2]
    for row in with_papers:
        numbers = papers[row.offer_key]
        row.has_several_contracts = len(numbers) > 1
        if row.offer_key not in awarded:
            row.sum_of_contracts = sum(numbers.values(), Decimal(0))
