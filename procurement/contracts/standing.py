"""What stands of packages in the portal and in a list beside each other: awards, contracts, and their numbers."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import F, QuerySet

from core.importing.entries import Entry
from procurement.contracts.tender_rows import TenderRow, number_key
from procurement.models import Award, Contract, Offer, Supplier

Row = TypeVar("Row", Offer, Award)


class HeldInPortal:
    """What stands of some packages: awards and contracts in force, by the firms as they are merged now. A query each,
    when it is asked for."""

    def __init__(self, packages: set[int]) -> None:
        self.packages = packages

    @cached_property
    def _awarded(self) -> dict[tuple[int, int], Award]:
        return self._by_firm(Award.objects.filter(cancelled_at__isnull=True))

    @cached_property
    def awards(self) -> dict[tuple[int, int], str]:
        """The winner's name by package and firm."""
        return {pair: row.supplier.name for pair, row in self._awarded.items()}

    @cached_property
    def said(self) -> dict[tuple[int, int], dict[str, Any]]:
        """Offers and awards by package and firm, in a list's terms."""
        found: dict[tuple[int, int], dict[str, Any]] = {}
        for pair, offer in self._by_firm(Offer.objects.all()).items():
            said: dict[str, Any] = {
                "offer": offer,
                "offer_rupiah": offer.amount_rupiah,
                "state": offer.state,
                "note": offer.note,
            }
            found.setdefault(pair, {}).update(said)
        for pair, award in self._awarded.items():
            said = {"award": award, "award_rupiah": award.amount_rupiah, "decided_on": award.decided_on}
            found.setdefault(pair, {}).update(said)
        return found

    def _by_firm(self, rows: QuerySet[Row]) -> dict[tuple[int, int], Row]:
        """What a firm has by itself comes before what it has by one that was merged into it."""
        found = rows.filter(package__in=self.packages).select_related("supplier")
        in_order = found.order_by(F("supplier__merged_into").asc(nulls_last=True), "pk")
        return {(row.package_id, _standing(row.supplier)): row for row in in_order}

    @cached_property
    def contracts(self) -> dict[tuple[int, int, str], Contract]:
        """By package, firm and number."""
        rows = Contract.objects.current().filter(package__in=self.packages).select_related("supplier")
        return {(row.package_id, _standing(row.supplier), number_key(row.number)): row for row in rows}

    @cached_property
    def _bound(self) -> set[tuple[int, int]]:
        return {*self.awards, *((package, firm) for package, firm, _number in self.contracts)}

    @cached_property
    def _firms(self) -> dict[tuple[int, str], dict[int, str]]:
        """The names of the firms that have a contract, by package and number."""
        found: dict[tuple[int, str], dict[int, str]] = {}
        for (package, firm, number), row in self.contracts.items():
            found.setdefault((package, number), {})[firm] = row.supplier.name
        return found

    @property
    def papers(self) -> Iterable[tuple[int, int, str, Decimal]]:
        return ((package, firm, row.number, row.value_rupiah) for (package, firm, _n), row in self.contracts.items())

    def contract_of(self, pair: tuple[int, int | None], number: str) -> Contract | None:
        package, firm = pair
        return None if firm is None else self.contracts.get((package, firm, number_key(number)))

    def binds(self, pair: tuple[int, int | None]) -> bool:
        return pair in self._bound

    def others_with(self, pair: tuple[int, int | None], number: str) -> set[str]:
        """The other firms that have a contract of that number in the package."""
        firms = self._firms.get((pair[0], number_key(number)), {})
        return {name for firm, name in firms.items() if firm != pair[1]}

    def spelling(self, entry: Entry) -> str:
        contract = self.contracts.get(entry.key)
        return contract.number if contract else ""


def _standing(supplier: Supplier) -> int:
    return supplier.merged_into_id or supplier.pk


class NumbersOfList:
    """The contracts of a list by package and number: how the number is written, and whose they are."""

    def __init__(self, results: Iterable[TenderRow]) -> None:
        self.spellings: dict[tuple[int, str], str] = {}
        self.firms: dict[tuple[int, str], dict[Any, str]] = {}
        for result in results:
            if all(result.contract):
                number = result.contract[0]
                place = result.package.pk, number_key(number)
                self.spellings[place] = min(self.spellings.get(place, number), number)
                self.firms.setdefault(place, {})[result.firm.key] = result.firm.name

    def spelling(self, entry: Entry) -> str:
        return self.spellings[entry.key[0], entry.key[2]]

    def others_with(self, result: TenderRow) -> set[str]:
        firms = self.firms[result.package.pk, number_key(result.contract[0])]
        return {name for key, name in firms.items() if key != result.firm.key}
