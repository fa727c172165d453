"""The working paper's fixed annexes: flags, declarations, overrides, looks behind the mask, and the rules in force."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.exports.columns import ExportColumn
from core.exports.database import labels, literal, rows_of
from core.exports.workbooks import ExportSheet
from core.sql import statements
from procurement.choices import DecisionKind, InterestKind, InterestNature, OfficerRole, PackageState
from procurement.models import PackageQuerySet
from procurement.red_flags.rules import RULES
from procurement.red_flags.services import parameters_on

SQL = statements("annexes.sql", beside=__file__)


@dataclass(frozen=True)
class Annex:
    """An annex that comes from the database; `sql` leaves `{packages}` and `{columns}` open."""

    letter: str
    title: str
    columns: Sequence[ExportColumn]
    sql: str

    def rows(self, packages: PackageQuerySet) -> Iterator[Sequence[Any]]:
        return rows_of(self.sql.replace("{packages}", packages.ids_in_sql()), self.columns)


def annexes() -> list[Annex]:
    """B to E, with labels of choices in the language of the request."""
    return [
        Annex("B", _("Red flags"), _flag_columns(), SQL["flags"]),
        Annex("C", _("Declarations"), _declaration_columns(), SQL["declarations"]),
        Annex("D", _("Overrides"), _override_columns(), SQL["overrides"]),
        Annex("E", _("Looks behind the mask"), _look_columns(), SQL["looks"]),
    ]


def sheets(packages: PackageQuerySet) -> Iterator[ExportSheet]:
    """B to E about the packages, and F with the rules that were in force."""
    for annex in annexes():
        yield ExportSheet(f"{annex.letter} {annex.title}", annex.columns, annex.rows(packages))
    yield ExportSheet(f"F {_('Flags and their basis')}", _rule_columns(), _rules_in_force())


def _flag_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("RUP code"), "p.rup_code", width=14),
        ExportColumn(_("Package"), "p.name", width=60),
        ExportColumn(_("Flag"), "f.code", width=8),
        ExportColumn(_("Value"), "f.value", "number", 14),
        ExportColumn(_("What raised it"), "f.evidence::text", width=80),
        ExportColumn(_("Raised"), "f.raised_at", "moment", 18),
        ExportColumn(_("Put aside because"), "f.suppressed_because", width=50),
    ]


def _declaration_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("RUP code"), "p.rup_code", width=14),
        ExportColumn(_("Name of the official"), "u.full_name", width=30),
        ExportColumn(_("Task"), labels("o.role", OfficerRole), width=24),
        ExportColumn(_("Version"), "d.number", "number", 8),
        ExportColumn(_("Declared"), "d.declared_at", "moment", 18),
        ExportColumn(_("Interest"), f"coalesce({labels('i.kind', InterestKind)}, '')", width=20),
        ExportColumn(_("Nature"), f"coalesce({labels('i.nature', InterestNature)}, '')", width=14),
        ExportColumn(_("Party"), "coalesce(i.party_name, '')", width=30),
        ExportColumn(_("Relation"), "coalesce(i.relation, '')", width=40),
        ExportColumn(_("Decision"), f"coalesce({labels('s.kind', DecisionKind)}, '')", width=24),
        ExportColumn(_("Reason"), "coalesce(s.reason, '')", width=50),
        ExportColumn(_("Decided by"), f"coalesce({_acting('b.full_name', 'l.full_name')}, '')", width=30),
        ExportColumn(_("Decided"), "s.decided_at", "moment", 18),
    ]


def _acting(person: str, lender: str) -> str:
    """As core.formats.acting: who decided, and whose role it was where it was lent."""
    said = literal(_("%(person)s, standing in for %(lender)s") % {"person": "<person>", "lender": "<lender>"})
    both = f"replace(replace({said}, '<person>', {person}), '<lender>', {lender})"
    return f"CASE WHEN {lender} IS NULL THEN {person} ELSE {both} END"


def _override_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("RUP code"), "p.rup_code", width=14),
        ExportColumn(_("Step"), labels("v.to_state", PackageState), width=16),
        ExportColumn(_("What was missing"), "v.obstacles::text", width=60),
        ExportColumn(_("Reason"), "v.reason", width=60),
        ExportColumn(_("By"), _acting("u.full_name", "l.full_name"), width=30),
        ExportColumn(_("At"), "v.at", "moment", 18),
    ]


def _look_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("At"), "e.at", "moment", 18),
        ExportColumn(_("By"), _acting("e.actor_name", "e.details ->> 'acting_for'"), width=30),
        ExportColumn(_("What"), "e.target_name", width=60),
        ExportColumn(_("Reason"), "e.reason", width=60),
    ]


def _rule_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("Flag"), "", width=8),
        ExportColumn(_("Name"), "", width=36),
        ExportColumn(_("Explanation"), "", width=80),
        ExportColumn(_("Legal basis"), "", width=50),
        ExportColumn(_("Parameters"), "", width=40),
    ]


def _rules_in_force() -> Iterator[tuple[str, ...]]:
    in_force = parameters_on(timezone.localdate())
    for code, rule in RULES.items():
        parameters = json.dumps(in_force.get(code, {}), ensure_ascii=False)
        yield code, str(rule.title), str(rule.explanation), rule.basis, parameters
