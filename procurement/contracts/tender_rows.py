"""One row of a list on tenders beside the others of its package: whom it names, whether they won, what is wrong."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.encryption import masked
from core.importing.entries import Entry
from core.importing.messages import MESSAGES
from procurement.choices import ContractKind, Method, PackageState
from procurement.contracts.finding import FoundPackages, taught_by
from procurement.contracts.firms import Firm, named
from procurement.models import Package
from procurement.packages.imports import plain

if TYPE_CHECKING:
    from procurement.contracts.bidders import Bidder

MESSAGES |= {
    "offer_amount": _("must be more than zero"),
    "contract_halves": _("is needed with the other two: number, date and value of the contract"),
    "row_is_addendum": _("is an addendum: enter it in the portal, at its contract"),
    "day_to_come": _("is still to come: nothing was decided or signed then; correct the date"),
    "contract_too_old": _("is long before %(year)s, the package's fiscal year; correct the date or the RUP code"),
}
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
        self.bidder: Bidder  # set once all rows are read (bidders_of)
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
    def won(self) -> bool:
        return self.bidder.won

    def empties(self, name: str) -> bool:
        return name in (self.row["emptied"] or "").split(",")

    def refusal(self) -> tuple[str, str, dict[str, Any]] | None:
        """(column, message, its values) of the first thing that is wrong; None when nothing is."""
        if self.found.problem is not None:
            return self.found.problem
        bad_amount = next((name for name in AMOUNTS if self.row[name] is not None and self.row[name] <= 0), "")
        checks: list[tuple[bool, str, str]] = [
            (not named(self.row), "supplier", "required"),
            (self.package.state == PackageState.CANCELLED, "rup_code", "package_cancelled"),
            (self.firm.problem is not None, *(self.firm.problem or ("", ""))),
            (bool(bad_amount), bad_amount, "offer_amount"),
            (bool(self.row["is_addendum"]), "is_addendum", "row_is_addendum"),
            (any(self.contract[:2]) and not all(self.contract), "number", "contract_halves"),
            (bool(self._day_to_come), self._day_to_come, "day_to_come"),
            (self._is_too_old, "signed_on", "contract_too_old"),
        ]
        words = {"year": self.package.fiscal_year}
        return next(((column, message, words) for wrong, column, message in checks if wrong), None)

    @property
    def form(self) -> ContractKind:
        return form_of_contract(self.row["form"])

    @property
    def _day_to_come(self) -> str:
        today = timezone.localdate()
        return next((name for name in ("signed_on", "decided_on") if (self.row[name] or today) > today), "")

    @property
    def _is_too_old(self) -> bool:
        """A contract may be signed before its budget year begins; one over several years long before."""
        signed_on = self.row["signed_on"]
        is_of_many_years = self.package.method == Method.MULTI_YEAR_PAYMENT
        return signed_on is not None and not is_of_many_years and signed_on.year < self.package.fiscal_year - 1

    @property
    def is_over_ceiling(self) -> bool:
        said = (self.row[name] for name in ("value_rupiah", "award_rupiah"))
        return any(amount is not None and amount > self.package.ceiling_rupiah for amount in said)

    @property
    def has_no_papers(self) -> bool:
        """A contract value without number and day: where the firm won it is the winner's value, no contract is made."""
        return self.contract[2] is not None and not any(self.contract[:2])

    @property
    def is_planned(self) -> bool:
        return self.package.state == PackageState.PLANNED

    def entry(self, *, is_awarded: bool) -> Entry:
        """`is_awarded`: the firm is the one winner of the package; otherwise its contracts stand for themselves."""
        row = self.row
        return Entry(
            (*self.offer_key, number_key(row["number"])),
            f"{self.package.rup_code} {self.firm.name}"[:160],
            self._values(is_awarded=is_awarded),
            row["sheet_no"],
            row["row_no"],
            {
                "package": self.package,
                "firm": self.firm,
                "supplier": self.firm.supplier,
                "form": self.form,
                "taught": taught_by(row, self.found.packages),
            },
        )

    def _values(self, *, is_awarded: bool) -> dict[str, Any]:
        bidder, firm = self.bidder, self.firm
        said = {
            "offer_rupiah": next(iter(bidder.offers), None) or None,
            "state": bidder.state,
            "note": bidder.note,
            "award_rupiah": bidder.award_rupiah if is_awarded else None,
            "decided_on": bidder.decided_on if is_awarded else None,
            "tender_code": ", ".join(sorted({code for *_more, code in taught_by(self.row, self.found.packages)})),
            "tax_number": masked(firm.number) if firm.brings_number else None,
        }
        if all(self.contract):
            said |= dict(zip(("number", "signed_on", "value_rupiah"), self.contract, strict=True))
        return {name: value for name, value in said.items() if value or self.empties(name)}


def number_key(number: str | None) -> str:
    """Contracts are told apart by it: `027/SPK/III/2026` and `027 / spk / III / 2026` are one number."""
    return re.sub(r"\s+", "", number or "").casefold()


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
        papers.setdefault((package, firm), {})[number_key(number)] = value
    with_papers = [row for row in rows if all(row.contract)]
    for row in with_papers:
        papers.setdefault(row.offer_key, {})[number_key(row.contract[0])] = row.contract[2]
    for row in with_papers:
        numbers = papers[row.offer_key]
        row.has_several_contracts = len(numbers) > 1
        if row.offer_key not in awarded:
            row.sum_of_contracts = sum(numbers.values(), Decimal(0))
