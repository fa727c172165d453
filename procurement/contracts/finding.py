"""Which package a row of a list is about: by its RUP code, or by the code of its tender that an earlier list taught."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.importing.datasets import ImportScope
from core.importing.fields import Field, Kind
from core.importing.messages import MESSAGES
from procurement.choices import CodeKind
from procurement.models import Package, TenderCode
from procurement.packages.imports import RUP_HEADINGS

MESSAGES |= {
    "package_unknown": _("is no package of this OPD and year; take over the SIRUP list first"),
    "package_cancelled": _("is cancelled in the portal"),
    "tender_unknown": _(
        "is no code that the portal knows of a package of this OPD and year; hand in the list of announcements first"
        " (SPSE-TenderPengumuman or NonTenderPengumuman), or write the RUP code in a column kd_rup"
    ),
    "tender_of_several": _("carries out several packages (%(codes)s); write the RUP code of one in a column kd_rup"),
    "code_of_package": _("or the code of the tender (kd_tender) must be filled in"),
}
RUP_CODE = Field("rup_code", Kind.CODE, RUP_HEADINGS, may_go=False)
CODE_FIELDS = (
    Field("tender_code", Kind.CODE, ("kd_tender", "kode_tender"), max_length=40, may_go=False),
    Field("non_tender_code", Kind.CODE, ("kd_nontender", "kode_nontender"), max_length=40, may_go=False),
    Field("record_code", Kind.CODE, ("kd_nontender_pct",), max_length=40, may_go=False),
)
KIND_OF_CODE = {
    "tender_code": CodeKind.TENDER,
    "non_tender_code": CodeKind.NON_TENDER,
    "record_code": CodeKind.RECORDED,
    "self_managed_code": CodeKind.SELF_MANAGED,
    "order_code": CodeKind.ORDER,
}
BATCH = 1_000


def codes_in(text: str | None) -> list[str]:
    """The RUP codes of a cell: a tender may carry out several packages."""
    return [code for code in re.split(r"[;,\s]+", text or "") if code]


def code_of(row: dict[str, Any]) -> tuple[str, str]:
    """(column, code) under which SPSE or the e-catalogue knows what the row is about; ('', '') without one."""
    return next(((name, row[name]) for name in KIND_OF_CODE if row.get(name)), ("", ""))


@dataclass(frozen=True)
class FoundPackages:
    """`package` is the one that the row counts for, `packages` all that it names; `problem` is why there is none."""

    package: Package | None = None
    packages: list[Package] = field(default_factory=list)
    problem: tuple[str, str, dict[str, Any]] | None = None  # (column, message, its values)


class PackageFinder:
    """The packages that the rows of a list name. Two queries."""

    def __init__(self, rows: list[dict[str, Any]], scope: ImportScope) -> None:
        own = Package.objects.filter(agency=scope.agency, fiscal_year=scope.fiscal_year)
        codes = {code for row in rows for code in codes_in(row["rup_code"])}
        self.by_rup = {package.rup_code: package for package in own.filter(rup_code__in=codes)}
        self.by_code: dict[tuple[str, str], list[Package]] = {}
        said = {code_of(row) for row in rows if not row["rup_code"]} - {("", "")}
        known = TenderCode.objects.filter(code__in={code for _name, code in said}, package__in=own)
        for row in known.select_related("package").order_by("package__rup_code"):
            self.by_code.setdefault((row.kind, row.code), []).append(row.package)
        self._hear(rows)

    def _hear(self, rows: list[dict[str, Any]]) -> None:
        """A code that one row of the list has beside its RUP code is known for the others, whatever their order."""
        for row in rows:
            name, code = code_of(row)
            if code and row["rup_code"]:
                known = self.by_code.setdefault((KIND_OF_CODE[name], code), [])
                known += [package for package in self.of(row).packages if package not in known]
                known.sort(key=lambda package: package.rup_code)

    def of(self, row: dict[str, Any]) -> FoundPackages:
        if row["rup_code"]:
            packages = [self.by_rup[code] for code in codes_in(row["rup_code"]) if code in self.by_rup]
            return (
                FoundPackages(packages[0], packages)
                if packages
                else FoundPackages(problem=("rup_code", "package_unknown", {}))
            )
        name, code = code_of(row)
        if not code:
            return FoundPackages(problem=("rup_code", "code_of_package", {}))
        packages = self.by_code.get((KIND_OF_CODE[name], code), [])
        if len(packages) > 1:
            codes = ", ".join(package.rup_code for package in packages)
            return FoundPackages(problem=(name, "tender_of_several", {"codes": codes}))
        return FoundPackages(packages[0], packages) if packages else FoundPackages(problem=(name, "tender_unknown", {}))


Taught = tuple[int, str, str]  # package, kind of the code, code


def taught_by(row: dict[str, Any], packages: Iterable[Package]) -> list[Taught]:
    """What a row with both codes says of its packages."""
    name, code = code_of(row)
    return [(package.pk, str(KIND_OF_CODE[name]), code) for package in packages] if code and row["rup_code"] else []


def known_codes(packages: set[int]) -> set[Taught]:
    return set(TenderCode.objects.filter(package__in=packages).values_list("package_id", "kind", "code"))


def learn(taught: Iterable[Taught]) -> None:
    TenderCode.objects.bulk_create(
        [TenderCode(package_id=package, kind=kind, code=code) for package, kind, code in sorted(set(taught))],
        BATCH,
        ignore_conflicts=True,
    )
