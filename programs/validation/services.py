"""Judging reported values again when figures or rules change."""

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import ngettext

from accounts.models import User
from accounts.services import notify
from core.formats import period as period_text
from datasources.choices import Verdict
from datasources.models import Series
from programs.models import (
    Report,
    ReportValue,
)
from programs.validation import values as validation_values

# How much a verdict asks of the OPD.
GRAVITY: dict[str, int] = {Verdict.MATCHES: 0, Verdict.NO_REFERENCE: 0, Verdict.EXPLAIN: 1, Verdict.DEVIATES: 2}


def revalidate(*, series: Series | None = None) -> int:
    """Judge reported values again: those compared with `series`, or with None all. Returns how many are judged
    otherwise.

    Idempotent: a second run over the same figures and rules changes nothing and tells nobody.
    """
    values = ReportValue.objects.filter(value__isnull=False)
    if series is not None:
        of_series = Q(indicator__reference_series=series) | Q(indicator__reference_series__rse_series=series)
        values = values.filter(of_series)
    affected = set(values.values_list("report_id", flat=True)) if series is not None else None
    counts = Report.objects.annotate(count=Count("values")).filter(count__gt=0)
    if affected is not None:
        counts = counts.filter(pk__in=affected)
    changed = list(validation_values.revalidate(dict(counts.order_by("pk").values_list("pk", "count"))))
    worse = [row for row in changed if GRAVITY[row.after] > GRAVITY[row.before]]
    _tell_owners(worse)
    return len(changed)


@transaction.atomic
def _tell_owners(rows: list[validation_values.Changed]) -> None:
    """Once per report and run."""
    worse: dict[int, list[validation_values.Changed]] = {}
    for row in rows:
        worse.setdefault(row.report_id, []).append(row)
    reports = Report.objects.filter(pk__in=worse).select_related("program__agency")
    people: dict[int, list[User]] = {}
    for report in reports:
        found = worse[report.pk]
        deviates = sum(row.after == Verdict.DEVIATES for row in found)
        text = ngettext(
            "%(count)s value of %(program)s (%(period)s) no longer matches the official figures, %(deviates)s deviate.",
            "%(count)s values of %(program)s (%(period)s) no longer match the official figures, %(deviates)s deviate.",
            len(found),
        ) % {
            "count": len(found),
            "program": report.program,
            "period": period_text(report.period),
            "deviates": deviates,
        }
        agency = report.program.agency
        if agency.pk not in people:
            people[agency.pk] = list(User.objects.members_of(agency))
        notify(people[agency.pk], text, report.get_absolute_url())
