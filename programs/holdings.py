"""What an OPD's successor takes over of its planning: programmes that still run, its Renstra, its checking rules."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding, told_apart
from accounts.models import Agency
from core.periods import first_year_from
from programs.models import PlanDocument, Program, ValidationRule

NAME_LENGTH = 300


class ProgramHolding(Holding):
    """With their reports, indicators and budget lines. A year that is over keeps its OPD and its figures."""

    name, label, model = "program", _("Programmes, with their reports and budgets"), Program
    bears_name = True

    def rows(self, agency: Agency, day: dt.date) -> Any:
        return Program.objects.filter(agency=agency, fiscal_year__gte=first_year_from(day)).order_by(
            "fiscal_year", "name", "pk"
        )

    def said(self, row: Program) -> str:
        return f"{row.name} ({row.fiscal_year})"

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        """A programme that the successor has as well keeps both: the one that comes says from where."""
        there = set(
            Program.objects.filter(agency=successor, fiscal_year__gte=first_year_from(day)).values_list(
                "fiscal_year", "nomenclature_id", "name"
            )
        )
        for row in Program.objects.filter(pk__in=keys):
            if (row.fiscal_year, row.nomenclature_id, row.name) in there:
                taken = {name for year, code, name in there if (year, code) == (row.fiscal_year, row.nomenclature_id)}
                name = told_apart(row.name, former, NAME_LENGTH, taken)
                there.add((row.fiscal_year, row.nomenclature_id, name))
                Program.objects.filter(pk=row.pk).update(name=name)
        super().move(keys, former, successor, day)


class PlanHolding(Holding):
    """The Renstra that still holds, unless the successor has one of the same years: then it stays as it was."""

    name, label, model = "plan", _("Planning documents (Renstra)"), PlanDocument

    def rows(self, agency: Agency, day: dt.date) -> Any:
        return PlanDocument.objects.filter(agency=agency, last_year__gte=first_year_from(day)).order_by(
            "first_year", "pk"
        )

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        own = PlanDocument.objects.filter(agency=successor).values_list("kind", "first_year")
        taken = Q(pk__in=[])
        for kind, first_year in own:
            taken |= Q(kind=kind, first_year=first_year)
        PlanDocument.objects.filter(pk__in=keys).exclude(taken).update(agency=successor)


class RuleHolding(Holding):
    """Exceptions of the checks that were made for this OPD; where the successor has its own, that one counts."""

    name, label, model = "rule", _("Checking rules of its own"), ValidationRule

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        scope = ("check_code", "indicator_id", "unit_id", "valid_from")
        own = set(ValidationRule.objects.filter(agency=successor).values_list(*scope))
        free = [
            row.pk
            for row in ValidationRule.objects.filter(pk__in=keys)
            if tuple(getattr(row, name) for name in scope) not in own
        ]
        super().move(free, former, successor, day)
