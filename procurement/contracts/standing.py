"""What stands of packages in the portal and in a list beside each other: awards, contracts, and their numbers."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from core.importing.entries import Entry
from procurement.contracts.tender_rows import TenderRow, number_key
from procurement.models import Award, Contract, Supplier


class HeldInPortal:
    """What stands of some packages: awards and contracts in force, by the firms as they are merged now. Two queries."""

    def __init__(self, packages: set[int]) -> None:
        awards = Award.objects.filter(package__in=packages, cancelled_at__isnull=True).select_related("supplier")
        self.awards = {(row.package_id, _standing(row.supplier)): row.supplier.name for row in awards}
        self.contracts: dict[tuple[int, int, str], Contract] = {}
        for row in Contract.objects.current().filter(package__in=packages).select_related("supplier"):
            self.contracts[row.package_id, _standing(row.supplier), number_key(row.number)] = row

    @property
    def papers(self) -> Iterable[tuple[int, int, str, Decimal]]:
        return ((package, firm, row.number, row.value_rupiah) for (package, firm, _n), row in self.contracts.items())

    def contract_of(self, pair: tuple[int, int | None], number: str) -> Contract | None:
        package, firm = pair
        return None if firm is None else self.contracts.get((package, firm, number_key(number)))

    def binds(self, pair: tuple[int, int | None]) -> bool:
        return pair in self.awards or any(key[:2] == pair for key in self.contracts)

    def others_with(self, pair: tuple[int, int | None], number: str) -> set[str]:
        """The other firms that have a contract of that number in the package."""
        same = ((key, row) for key, row in self.contracts.items() if (key[0], key[2]) == (pair[0], number_key(number)))
        return {row.supplier.name for key, row in same if key[1] != pair[1]}

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
