"""The working paper's fixed annexes: flags, declarations, overrides, looks behind the mask, and the rules in force."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.exports.columns import ExportColumn, as_cells
from core.exports.database import labels, literal, objects_of, rows_of
from core.exports.workbooks import ExportSheet
from core.numbers import format_number
from core.sql import statements
from procurement.choices import DecisionKind, InterestKind, InterestNature, OfficerRole, PackageState
from procurement.models import Flag, FlagLimit, FlagRule, MethodThreshold, PackageQuerySet
from procurement.red_flags.rules import ALL_FLAGS, RULES, SETTINGS
from procurement.red_flags.services import parameters_on

SQL = statements("annexes.sql", beside=__file__)


@dataclass(frozen=True)
class Annex:
    """An annex about packages; `sql` leaves `{packages}` and `{columns}` open, without it `of` gives the rows."""

    letter: str
    title: str
    columns: Sequence[ExportColumn]
    sql: str = ""
    of: Callable[[PackageQuerySet], QuerySet[Any]] | None = None

    def rows(self, packages: PackageQuerySet) -> Iterator[Sequence[Any]]:
        if self.of is not None:
            return as_cells(self.columns, objects_of(self.of(packages)))
        return rows_of(self.sql.replace("{packages}", packages.ids_in_sql()), self.columns)


def annexes() -> list[Annex]:
    """B to E, with labels of choices in the language of the request."""
    return [
        Annex("B", _("Red flags"), _flag_columns(), of=findings_of),
        Annex("C", _("Declarations"), _declaration_columns(), SQL["declarations"]),
        Annex("D", _("Overrides"), _override_columns(), SQL["overrides"]),
        Annex("E", _("Looks behind the mask"), _look_columns(), SQL["looks"]),
    ]


def sheets(packages: PackageQuerySet) -> Iterator[ExportSheet]:
    """B to E about the packages; F and G with the rules and the limits by which they were looked at."""
    for annex in annexes():
        yield ExportSheet(f"{annex.letter} {annex.title}", annex.columns, annex.rows(packages))
    yield ExportSheet(f"F {_('Flags and their basis')}", _rule_columns(), _rules_in_force())
    yield ExportSheet(f"G {_('Limits used')}", _limit_columns(), _limits())


def findings_of(packages: PackageQuerySet) -> QuerySet[Flag]:
    """As the page counts them: flags that say the same are one finding, and what was put aside is told apart."""
    rows = Flag.objects.ours().filter(closed_at__isnull=True, package__in=packages).findings().with_reasons()
    return rows.select_related("package", "suppressed_by").order_by("code", "package__rup_code", "pk")


def _flag_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("RUP code"), lambda row: row.package.rup_code, width=14),
        ExportColumn(_("Package"), lambda row: row.package.name, width=60),
        ExportColumn(_("Flag"), lambda row: row.code, width=8),
        ExportColumn(_("Name"), lambda row: row.rule.title if row.rule else "", width=36),
        ExportColumn(_("Value"), lambda row: None if row.value is None else str(row.value), "number", 14),
        ExportColumn(_("What raised it"), _what_raised, width=80),
        ExportColumn(_("Says the same"), lambda row: ", ".join(each.code for each in row.reasons), width=12),
        ExportColumn(_("Raised"), lambda row: _clock(row.raised_at), "moment", 18),
        ExportColumn(_("State"), lambda row: _("raised") if row.suppressed_at is None else _("put aside"), width=14),
        ExportColumn(_("Put aside"), lambda row: _clock(row.suppressed_at), "moment", 18),
        ExportColumn(_("Put aside by"), lambda row: row.suppressed_by or "", width=30),
        ExportColumn(_("Put aside because"), lambda row: row.suppressed_because, width=50),
    ]


def _what_raised(flag: Flag) -> str:
    """The words of the page, of the finding and of the flags that say the same."""
    return "; ".join(f"{name}: {value}" for each in (flag, *flag.reasons) for name, value in each.facts)


def _clock(at: dt.datetime | None) -> dt.datetime | None:
    """As the province's clock showed it: worksheets know no time zones."""
    return at and timezone.make_naive(at)


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
        ExportColumn(
            _("What was missing"),
            "(SELECT string_agg(each, '; ') FROM jsonb_array_elements_text(v.obstacles) AS each)",
            width=60,
        ),
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
        ExportColumn(_("Parameters"), "", width=60),
    ]


def _rules_in_force() -> Iterator[tuple[str, ...]]:
    in_force = parameters_on(timezone.localdate())
    for code, rule in RULES.items():
        if code not in in_force:
            yield code, str(rule.title), str(rule.explanation), rule.basis, _("not raised")
            continue
        given = in_force[code]
        said = "; ".join(f"{each.label}: {shown(given.get(name))}" for name, each in rule.parameters.items())
        yield code, str(rule.title), str(rule.explanation), rule.basis, said


def _limit_columns() -> list[ExportColumn]:
    return [
        ExportColumn(_("About"), "", width=60),
        ExportColumn(_("Limit"), "", width=24),
        ExportColumn(_("Valid from"), "", "date", 12),
        ExportColumn(_("Valid until"), "", "date", 12),
        ExportColumn(_("Legal basis"), "", width=60),
    ]


def _limits() -> Iterator[tuple[Any, ...]]:
    """Every limit that a package of any year was held against, each with its days: those of the methods, those of a
    flag by method, and the parameters of flags since they were changed here."""
    for threshold in MethodThreshold.objects.order_by("method", "kind", "valid_from"):
        days = (threshold.valid_from, threshold.valid_until)
        yield str(threshold), f"Rp{format_number(threshold.max_rupiah)}", *days, threshold.basis
    for limit in FlagLimit.objects.order_by("code", "method", "valid_from"):
        about = f"{_title(limit.code)} · {limit.get_method_display()}"
        yield about, format_number(limit.limit.normalize() + 0), limit.valid_from, limit.valid_until, limit.basis
    for version in FlagRule.objects.order_by("code", "valid_from"):
        rule = RULES.get(version.code)
        known = SETTINGS if version.code == ALL_FLAGS else rule.parameters if rule else {}
        for name, value in version.parameters.items():
            if name in known:
                about = f"{_title(version.code)} · {known[name].label}"
                yield about, shown(value), version.valid_from, None, version.basis
    for code, rule in RULES.items():
        for parameter in rule.parameters.values():
            if parameter.first_day is not None:
                about = f"{_title(code)} · {parameter.label}"
                yield about, shown(parameter.default), parameter.first_day, None, rule.basis


def _title(code: str) -> str:
    return f"{code} {RULES[code].title}" if code in RULES else str(_("All flags"))


def shown(value: Any) -> str:
    """A parameter as people read it; without a number it is worked out from the data."""
    if value is None:
        return _("worked out from the data")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_number(Decimal(str(value)).normalize() + 0)
    return str(value) or "–"
