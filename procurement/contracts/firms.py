"""Who a row of a list is about: the firm in the portal, or one that is new, by its NPWP or by its name.

A list names one firm in several rows, with its NPWP in one and without in another; the rows count for one firm. A name
counts with its legal form and the order of its words: PT Etam is not CV Etam, and PT Jaya Abadi is not PT Abadi Jaya.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from core.encryption import identity_hash, plain_identity
from core.importing.messages import MESSAGES
from procurement.choices import NIK_DIGITS, NPWP_DIGITS
from procurement.models import Supplier

MESSAGES |= {
    "supplier_number": _("is no NPWP; an NPWP has 15 or 16 digits"),
    "supplier_numbers_differ": _("and the NPWP of 16 digits beside it are two firms'; correct one of them"),
    "supplier_unclear": _("is the name of several suppliers; the row needs the NPWP"),
    "supplier_masked": _("is made unreadable by the source; fetch the list with full names"),
    "supplier_other_name": _("is another name than %(name)s, whose NPWP the row has; the row counts for %(name)s"),
    "supplier_alike": _("is taken for another firm than %(name)s, whose name has the same words in another order"),
}
SAME_FIRM = 80  # of 100: names that are less alike are told of where the NPWP is the same
MASK = re.compile(r"[*•●█]")
FORMS = {"pt": "pt", "cv": "cv", "ud": "ud", "fa": "firma", "firma": "firma", "kop": "koperasi", "yayasan": "yayasan"}
FORMS |= {"koperasi": "koperasi", "pd": "pd", "po": "po", "perum": "perum", "persero": "pt", "tbk": "pt"}
BRANCH_DIGITS = 22  # the NITKU: the firm's sixteen digits, then six of the place of business
# The column of 16 digits is named otherwise in each of LKPP's lists.
NPWP_16 = ("npwp_16_penyedia", "npwp16_penyedia", "npwp_penyedia_16", "npwp_16")


@dataclass(frozen=True)
class Firm:
    """`supplier` is None where the portal doesn't have it yet; `mark` tells it from the others of the list then."""

    name: str
    number: str = ""
    supplier: Supplier | None = None
    mark: str = ""
    problem: tuple[str, str] | None = None  # (column, message)
    remark: tuple[str, str] | None = None  # (message, the name of the other firm that it speaks of)

    @property
    def brings_number(self) -> bool:
        """Whether the list knows the NPWP of a firm that stands in the portal without one."""
        return bool(self.supplier and self.number and not self.supplier.tax_number_hash)

    @property
    def key(self) -> Any:
        return self.supplier.pk if self.supplier else self.mark or self.name.casefold()


def named(row: dict[str, Any]) -> str:
    return row["supplier"] or row["winner"] or ""


def plain_number(text: str) -> str:
    """The digits of an NPWP; '' for one of equal digits, which stands for none, and for one that is masked."""
    digits = "" if "*" in text else re.sub(r"\D", "", text)
    if len(digits) == BRANCH_DIGITS:
        digits = digits[:NIK_DIGITS]
    return "" if len(set(digits)) == 1 else plain_identity(digits)


def numbers_of(row: dict[str, Any]) -> list[str]:
    """The NPWP as the row writes it: one number, or two where a person has an old one and the NIK by now."""
    found = (plain_number(row["tax_number"] or ""), plain_number(row["tax_number_16"] or ""))
    return list(dict.fromkeys(filter(None, found)))


def _are_both_new(row: dict[str, Any]) -> bool:
    """Both of sixteen digits or more as written: an old number and the NIK of a person may differ, two new ones not."""
    texts = (row["tax_number"] or "", row["tax_number_16"] or "")
    return all(len(re.sub(r"\D", "", text)) >= NIK_DIGITS for text in texts)


@lru_cache(maxsize=10_000)
def form_of(name: str) -> str:
    """The legal form that a name states, '' without one."""
    words = re.sub(r"[^a-z]+", " ", name.lower().replace(".", " ")).split()
    return next((FORMS[word] for word in words if word in FORMS), "")


def _agree(form: str, other: str) -> bool:
    return not form or not other or form == other


class Firms:
    """The firms of a list. Two queries."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.keys = dict(_name_keys(_names_in(rows)))
        self.in_order = {name: _in_order(name, key) for name, key in self.keys.items()}
        known = Supplier.objects.select_related("merged_into").order_by(F("merged_into").asc(nulls_last=True))
        hashes = {identity_hash(number) for row in rows for number in numbers_of(row)} - {""}
        self.by_number = {
            row.tax_number_hash: row.merged_into or row for row in known.filter(tax_number_hash__in=hashes)
        }
        self.by_name: dict[str, list[Supplier]] = {}
        for held in known.filter(name_key__in={key for key in self.keys.values() if key}):
            self.by_name.setdefault(held.name_key, []).append(held)
        self.numbered: dict[str, list[tuple[str, list[str]]]] = {}  # key of a name → (form, NPWP) of rows with both
        self.forms: dict[str, set[str]] = {}
        for row in rows:
            self._hear(named(row), numbers_of(row))

    def _hear(self, name: str, numbers: list[str]) -> None:
        key = self.key_of(name)
        self.forms.setdefault(key, set()).add(form_of(name))
        if numbers and (form_of(name), numbers) not in self.numbered.setdefault(key, []):
            self.numbered[key].append((form_of(name), numbers))

    def key_of(self, name: str) -> str:
        """The words of the name that count, in their order."""
        return self.in_order.get(name) or name.casefold()

    def are_same(self, name: str, other: str) -> bool:
        """Whether two names of the list are one firm's."""
        return self.key_of(name) == self.key_of(other) and _agree(form_of(name), form_of(other))

    def of(self, row: dict[str, Any]) -> Firm:
        name, numbers = named(row), numbers_of(row)
        if MASK.search(name):
            return Firm(name, problem=("supplier", "supplier_masked"))
        if any(len(number) not in {NPWP_DIGITS, NIK_DIGITS} for number in numbers):
            return Firm(name, problem=("tax_number" if row["tax_number"] else "tax_number_16", "supplier_number"))
        if len(numbers) > 1 and (len(numbers[0]) == len(numbers[1]) or _are_both_new(row)):
            return Firm(name, problem=("tax_number", "supplier_numbers_differ"))
        return self._by_number(name, numbers) if numbers else self._by_name(name)

    def _by_number(self, name: str, numbers: list[str]) -> Firm:
        """By its NPWP; a firm of that name in the portal that has none yet may be it, one with another is not."""
        found = {supplier for each in numbers if (supplier := self.by_number.get(identity_hash(each)))}
        if len(found) > 1:
            return Firm(name, problem=("tax_number", "supplier_numbers_differ"))
        if found:
            return _known_by_number(name, found.pop())
        unnumbered = [each for each in self._in_portal(name) if not each.tax_number_hash]
        is_only = len({first for _form, (first, *_more) in self._numbered(name)}) == 1
        supplier = unnumbered[0] if is_only and len(unnumbered) == 1 else None
        return Firm(name, numbers[0], supplier, numbers[0], remark=None if supplier else self._alike(name))

    def _by_name(self, name: str) -> Firm:
        """By its name alone: what the portal and the other rows know under it has to be one firm."""
        known = {firm.key: firm for _form, numbers in self._numbered(name) for firm in [self._by_number(name, numbers)]}
        known |= {each.pk: Firm(name, "", each) for each in self._in_portal(name)}
        if len(known) > 1:
            return Firm(name, problem=("supplier", "supplier_unclear"))
        if known:
            return next(iter(known.values()))
        stated = {form_of(name)} - {""} or self.forms[self.key_of(name)] - {""}
        if len(stated) > 1:
            return Firm(name, problem=("supplier", "supplier_unclear"))
        return Firm(name, mark=" ".join([self.key_of(name), *stated]), remark=self._alike(name))

    def _numbered(self, name: str) -> Iterable[tuple[str, list[str]]]:
        said = self.numbered.get(self.key_of(name), [])
        return [each for each in said if _agree(form_of(name), each[0])]

    def _in_portal(self, name: str) -> list[Supplier]:
        """What the portal has under the name; of a merged one what it was merged into."""
        held = [each for each in self._with_its_words(name) if _in_order(each.name, each.name_key) == self.key_of(name)]
        return list(dict.fromkeys(each.merged_into or each for each in held))

    def _with_its_words(self, name: str) -> list[Supplier]:
        held = self.by_name.get(self.keys.get(name, ""), [])
        return [each for each in held if _agree(form_of(name), form_of(each.name))]

    def _alike(self, name: str) -> tuple[str, str] | None:
        return next((("supplier_alike", each.name) for each in self._with_its_words(name)), None)


def _known_by_number(name: str, supplier: Supplier) -> Firm:
    differs = fuzz.token_set_ratio(name.casefold(), supplier.name.casefold()) < SAME_FIRM
    return Firm(name, "", supplier, remark=("supplier_other_name", supplier.name) if differs else None)


def _in_order(name: str, key: str) -> str:
    """The words of the key as they follow one another in the name."""
    words = set(key.split())
    return " ".join(word for word in re.sub(r"[^a-z0-9]+", " ", name.lower().replace("'", "")).split() if word in words)


def _names_in(rows: list[dict[str, Any]]) -> list[str]:
    """Whatever the rows may name a firm in; marks of winners are among them."""
    return sorted({row[name] for row in rows for name in ("supplier", "winner", "won")} - {"", None})


def _name_keys(names: list[str]) -> list[tuple[str, str]]:
    """(name, key) as PostgreSQL computes it."""
    if not names:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, procurement_name_key(name) FROM unnest(%s::text[]) AS name", [names])
        return [(name, key) for name, key in cursor.fetchall()]
