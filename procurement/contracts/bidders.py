"""A firm in a package by all rows of a list that name it: what they say together, whatever their order."""

import re
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.importing.cells import YES
from core.importing.messages import MESSAGES
from procurement.choices import OfferState
from procurement.contracts.firms import Firms
from procurement.contracts.tender_rows import AMOUNTS, TenderRow

MESSAGES |= {
    "offers_differ": _("stands in several rows of the package that say different things of the offer; keep one"),
    "awards_differ": _("stands in several rows of the package with different days or values of the award; keep one"),
    "marks_differ": _("is marked as the winner in one row of the package and not in another; keep one"),
    "won_unclear": _("is no mark of the winner; write Ya or Tidak"),
    "winner_elsewhere": _(
        "is not among the firms that the list names for the package; correct the name, or add its row"
    ),
    "winner_not_verified": _(
        "is marked as the winner, but another firm of the package is the verified one, who counts"
    ),
}
WON = YES | {"menang", "pemenang", "bintang", "✔", "√", "v"}
LOST = {"tidak", "tdk", "f", "n", "no", "0", "false", "kalah", "bukan", "salah", "-", "✗", "✘", "gugur"}
NOT_FIRST = {"tidak", "bukan", "belum", "tdk", "kalah", "gugur", "cadangan", "calon", "2", "3", "4", "5", "ii", "iii"}


def mark_of(text: str | None) -> bool | None:
    """What the cell says of winning: “1.0”, “✓” and “Menang (terverifikasi)” that the firm did; None for what is
    neither, such as a name or a rank, or a `t` that the other cells of the column left open."""
    said = (text or "").strip().lower()
    figure = re.fullmatch(r"([01])[.,]0+", said)
    plain = figure[1] if figure else said.strip(" .")
    if plain in WON | LOST:
        return plain in WON
    words = re.findall(r"[a-z]+|\d+", said)
    if words[:1] not in (["menang"], ["pemenang"]):
        return False if words[:1] == ["bukan"] else None
    return not set(words) & NOT_FIRST


class Bidder:
    """`problem` is (column, message) where its rows contradict one another."""

    def __init__(self, rows: Sequence[TenderRow]) -> None:
        self.rows = rows
        self.offers = self._said("offer_rupiah") | ({""} if any(row.empties("offer_rupiah") for row in rows) else set())
        self.reasons = {row.disqualified_because for row in rows} - {""}
        self.days = self._said("decided_on")
        self.marks = {mark for row in rows if (mark := mark_of(row.row["won"])) is not None}
        self.is_verified = any(row.row["verified"] for row in rows)
        self.is_only = self.is_named = self.won = self.is_outdone = False
        self.problem = self._contradiction()

    @property
    def key(self) -> tuple[int, Any]:
        return self.rows[0].offer_key

    @property
    def name(self) -> str:
        return self.rows[0].firm.name

    def _said(self, name: str) -> set[Any]:
        return {row.row[name] for row in self.rows} - {None, ""}

    def _contradiction(self) -> tuple[str, str] | None:
        without_papers = {row.contract[2] for row in self.rows if row.has_no_papers}
        checks = [
            (len(self.offers) > 1 or len(self.reasons) > 1, "supplier", "offers_differ"),
            (len(self.days) > 1 or len(without_papers) > 1, "supplier", "awards_differ"),
            (
                any(len(self._said(name)) > 1 for name in ("award_rupiah", "corrected_rupiah")),
                "supplier",
                "awards_differ",
            ),
            (len(self.marks) > 1, "won", "marks_differ"),
        ]
        return next(((column, message) for wrong, column, message in checks if wrong), None)

    def hear_names(self, firms: Firms, others: Iterable["Bidder"]) -> None:
        """Whom its rows name as the winner: itself, another firm of the package, or nobody that the list knows."""
        for column in ("winner", "won"):
            for row in self.rows:
                text = row.row[column]
                if not text or (column == "won" and mark_of(text) is not None):
                    continue
                if firms.are_same(text, self.name):
                    self.is_named = True
                elif not any(firms.are_same(text, other.name) for other in others):
                    message = "winner_elsewhere" if column == "winner" else "won_unclear"
                    self.problem = self.problem or (column, message)

    def decide(self, *, has_marks: bool, has_verified: bool) -> None:
        """Only what says so makes a winner: a mark, a column of winners, a contract, the day or value of the award.

        Day and value may stand in every participant's row, and a list with marks says by them who won: alone they make
        a winner of the only one.
        """
        if has_verified:
            self.won, self.is_outdone = self.is_verified, True in self.marks and not self.is_verified
        elif self.marks:
            self.won = self.marks == {True}
        else:
            is_decided = self._has_day_or_value and self.is_only and not has_marks
            self.won = self.is_named or (not self.reasons and (self.has_papers or is_decided))

    @property
    def has_papers(self) -> bool:
        return any(all(row.contract) for row in self.rows)

    @property
    def _has_day_or_value(self) -> bool:
        return bool(self.days) or any(row.has_no_papers for row in self.rows)

    @property
    def is_marked(self) -> bool:
        return self.marks == {True}

    @property
    def state(self) -> str:
        return str(OfferState.VALID if self.won else OfferState.DISQUALIFIED if self.reasons else "")

    @property
    def note(self) -> str:
        return "" if self.won else next(iter(self.reasons), "")

    @property
    def award_rupiah(self) -> Decimal | None:
        """Of several contracts their sum; else the first of what says most about the price."""
        if any(row.has_several_contracts for row in self.rows):
            return next((row.sum_of_contracts for row in self.rows if row.has_several_contracts), None)
        return next((max(said) for name in AMOUNTS if (said := self._said(name))), None)

    @property
    def decided_on(self) -> Any:
        return next(iter(self.days), None)


def bidders_of(rows: Iterable[TenderRow], firms: Firms, *, more_in: Collection[int] = ()) -> list[Bidder]:
    """All firms of the rows, with who won decided. `rows` have a package each; in those of `more_in` refused rows name
    firms besides."""
    groups: dict[tuple[int, Any], list[TenderRow]] = {}
    for row in rows:
        groups.setdefault(row.offer_key, []).append(row)
    found = [Bidder(group) for group in groups.values()]
    by_package: dict[int, list[Bidder]] = {}
    for bidder in found:
        by_package.setdefault(bidder.key[0], []).append(bidder)
    has_marks = any(bidder.marks for bidder in found)
    for package in by_package.values():
        has_verified = any(bidder.is_verified for bidder in package)
        for bidder in package:
            bidder.is_only = len(package) == 1 and bidder.key[0] not in more_in
            bidder.hear_names(firms, package)
            bidder.decide(has_marks=has_marks, has_verified=has_verified)
            for row in bidder.rows:
                row.bidder = bidder
    return found
