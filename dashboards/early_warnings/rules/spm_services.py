"""SPM services of the province that are not expected to reach their target by December."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import ExpressionWrapper, IntegerField, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from core.models import PROVINCE_KEMENDAGRI_CODE
from core.periods import Period
from dashboards.choices import WarningKind
from dashboards.early_warnings.rules.base import (
    Facts,
    Forecasting,
    FoundWarning,
    Judge,
    expected,
    facts_of,
    figure,
    month_text,
    people_in,
)
from dashboards.models import EarlyWarning
from programs.models import Program
from spm import target_forecast
from spm.choices import GovernmentLevel, IndexLevel
from spm.models import IndexValue, ServiceKind
from spm.periods import month_of
from spm.target_forecast import Outlook


class SlidingServices(Forecasting):
    kind = WarningKind.SPM

    def find(self, year: int, today: dt.date) -> list[FoundWarning]:
        del today  # the newest month with figures says up to when
        month = month_of(Period(year))
        if month is None:
            return []
        behind = target_forecast.outlooks(month)
        owners = _owners(behind)
        programs = Program.objects.registered().of_year(year).filter(service__in=owners).order_by()
        budgets = dict(programs.values_list("service").annotate(Sum("budget_rupiah")))
        return [
            self._warning(each, owners.get(each.service.pk), budgets.get(each.service.pk, Decimal(0)))
            for each in behind
        ]

    def _warning(self, each: Outlook, owner: int | None, budget: Decimal) -> FoundWarning:
        return FoundWarning(
            self.kind,
            f"{each.service.code}-{PROVINCE_KEMENDAGRI_CODE}",
            owner,
            None,
            f"{each.service.code} {each.service.name}"[:300],
            each.address,
            each.lacking,
            budget,
            {
                **facts_of(each.ahead),
                "now": round(each.index, 2),
                "month": each.month.number,
                "target": float(each.service.target),
            },
        )

    def reason(self, year: int, facts: Facts) -> str:
        said = {
            "now": figure(facts["now"]),
            "month": month_text(year, facts["month"]),
            "target": figure(facts["target"]),
        }
        return _(
            "Index %(now)s in %(month)s; %(value)s expected in December. Even the upper end of what is likely (%(low)s "
            "to %(high)s) is below the target of %(target)s."
        ) % (said | expected(facts))

    def next_step(self, facts: Facts, today: dt.date) -> str:
        return _("Look at who is not served yet and where; move people and money there first.")

    def together(self, rows: Sequence[EarlyWarning], today: dt.date) -> str:
        farthest = min(rows, key=lambda row: row.facts["value"] - row.facts["target"])
        sentence = (
            _(
                "%(name)s misses its target: %(people)s people are not served yet (%(value)s of %(target)s expected in "
                "December)."
            )
            if len(rows) == 1
            else _(
                "%(count)s services miss their targets, %(name)s the farthest: %(people)s people are not served yet "
                "(%(value)s of %(target)s expected in December)."
            )
        )
        return sentence % {
            "count": figure(len(rows)),
            "name": farthest.subject.partition(" ")[2],
            "people": people_in(rows),
            "value": figure(farthest.facts["value"]),
            "target": figure(farthest.facts["target"]),
        }

    def lost(self, row: EarlyWarning, today: dt.date) -> float:
        return float(row.people)  # those who are not served

    def measure(self, rows: Sequence[EarlyWarning]) -> str:
        return _("Nobody of the %(people)s people is left unserved by 31 December") % {"people": people_in(rows)}

    def judge(self, year: int) -> Judge:
        indices = _december_indices(year)

        def came_true(row: EarlyWarning) -> bool | None:
            known = indices.get(row.key.removesuffix(f"-{PROVINCE_KEMENDAGRI_CODE}"))
            return None if known is None else known[0] < known[1]

        return came_true


def _owners(behind: list[Outlook]) -> dict[int, int | None]:
    """The first OPD in charge of each service."""
    first = ServiceKind.agencies.through.objects.filter(servicekind=OuterRef("pk")).order_by("pk").values("agency")[:1]
    rows = ServiceKind.objects.filter(pk__in=[each.service.pk for each in behind])
    owner = ExpressionWrapper(Subquery(first), output_field=IntegerField())
    return dict(rows.annotate(owner=owner).values_list("pk", "owner"))


def _december_indices(year: int) -> dict[str, tuple[float, float]]:
    """(index, target) in December of the province's services, by their code."""
    rows = IndexValue.objects.filter(
        government=GovernmentLevel.PROVINCE,
        level=IndexLevel.SERVICE,
        period=Period.parse(f"{year}-12"),
        region__kemendagri_code=PROVINCE_KEMENDAGRI_CODE,
        index__isnull=False,
    ).select_related("service")
    return {row.service.code: (float(row.index or 0), float(row.service.target)) for row in rows if row.service}
