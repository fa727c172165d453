"""An OPD's first page beside its tasks: where it stands, what the governor sees of it, what changed, what comes."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Agency, User
from core.formats import day, number
from core.formats import period as period_text
from core.periods import Period, PeriodKind
from dashboards.agencies import figures
from dashboards.early_warnings import messages as warning_messages
from dashboards.home.blocks import BlockLine, HomeBlock, first_rows, some_of
from dashboards.models import Directive, EarlyWarning, SummaryState
from datasources.models import Pull
from procurement.models import Flag
from programs.models import reporting_calendar

STANDS_BY = ("delivered", "absorbed", "matching")
LATELY, AHEAD = dt.timedelta(days=14), dt.timedelta(weeks=6)
TONES = {"better": "good", "worse": "warn"}


def blocks(user: User, year: int, today: dt.date, agency: Agency | None) -> list[HomeBlock]:
    found = [_standing(agency, year, today)] if agency is not None else []
    return [*found, _warnings(user, year, today), _changed(user, year, today), _calendar(user, today)]


def _standing(agency: Agency, year: int, today: dt.date) -> HomeBlock:
    """Three figures beside the median of all OPD; the page of the OPD has the others."""
    everything = figures.cached_measures(SummaryState.current().version, year, today)
    own = {measure.key: measure for measure in figures.measures(agency, year, everything)}
    lines = [_measure(own[key]) for key in STANDS_BY if own[key].value is not None]
    return HomeBlock(
        _("Where %(agency)s stands") % {"agency": agency.short_name},
        "chart-dots",
        _("There is nothing to measure in this fiscal year yet."),
        lines,
        len(lines),
        shows_count=False,
    )


def _measure(measure: figures.Measure) -> BlockLine:
    mark = f"{number(measure.value, 1)} {measure.unit}"
    median = _("median of all OPD: %(median)s") % {"median": f"{number(measure.median, 1)} {measure.unit}"}
    return BlockLine(measure.label, median, measure.url, mark, TONES.get(measure.standing, "quiet"))


def _warnings(user: User, year: int, today: dt.date) -> HomeBlock:
    """What stands on the governor's own page of this person's OPD."""
    rows = EarlyWarning.objects.visible_to(user).filter(agency_id__in=user.agency_ids, fiscal_year=year).active(today)
    lines, count = first_rows(
        rows.select_related("program").order_by("-score", "pk"),
        lambda row: BlockLine(row.subject, warning_messages.reason(row), row.rows_url, row.get_kind_display(), "warn"),
    )
    own = sorted(user.agency_ids)
    return HomeBlock(
        _("What the governor sees of us"),
        "alert-triangle",
        _("No early warning concerns your OPD."),
        lines,
        count,
        f"{reverse('warnings')}?agency={own[0]}" if len(own) == 1 else "",
    )


def _changed(user: User, year: int, today: dt.date) -> HomeBlock:
    since = today - LATELY
    flags = (
        Flag.objects.listed_for(user, year)
        .filter(agency_id__in=user.agency_ids)
        .findings()
        .raised()
        .filter(raised_at__date__gte=since)
        .select_related("package")
        .order_by("-raised_at", "-pk")
    )
    found = [*((row.raised_at, _flag(row)) for row in flags), *_revised(user, year, since)]
    lines, count = some_of(line for _at, line in sorted(found, key=lambda each: each[0], reverse=True))
    return HomeBlock(
        _("What changed on our figures"),
        "history",
        _("Since %(day)s no source has changed a figure that you compare with, and no rule has raised a flag.")
        % {"day": day(since)},
        lines,
        count,
        note=_("Since %(day)s.") % {"day": day(since)},
    )


def _flag(row: Flag) -> BlockLine:
    url = row.package.get_absolute_url() if row.package else reverse("procurement:flags")
    return BlockLine(row.title, f"{day(row.raised_at)} · {row.package or row.key}", url, _("red flag"), "warn")


def _revised(user: User, year: int, since: dt.date) -> list[tuple[dt.datetime, BlockLine]]:
    """Pulls that brought or changed figures of the series with which indicators of the OPD are compared."""
    own = Q(series__indicators__program__agency__in=user.agency_ids, series__indicators__program__fiscal_year=year)
    rows = (
        Pull.objects.visible_to(user)
        .good()
        .filter(Q(added__gt=0) | Q(revised__gt=0), own, finished_at__date__gte=since)
        .select_related("series")
        .annotate(compared=Count("series__indicators", filter=own, distinct=True))
    )
    return [(row.finished_at or timezone.now(), _pulled(row)) for row in rows]


def _pulled(row: Any) -> BlockLine:
    said = ngettext(
        "%(count)s indicator of yours is compared with it",
        "%(count)s indicators of yours are compared with it",
        row.compared,
    )
    return BlockLine(
        row.series.name,
        f"{day(row.finished_at)} · {said % {'count': row.compared}}",
        row.series.get_absolute_url(),
        _("%(added)s new, %(revised)s revised") % {"added": row.added, "revised": row.revised},
    )


def _calendar(user: User, today: dt.date) -> HomeBlock:
    """What is owed to whom in the next six weeks."""
    until = today + AHEAD
    directives = Directive.objects.visible_to(user).open().filter(agency_id__in=user.agency_ids)
    found = [
        (row.due_on, BlockLine(row.text, _("to the governor"), row.get_absolute_url(), day(row.due_on)))
        for row in directives.filter(due_on__range=(today, until))
    ]
    found += [(on, _due(period, on)) for period, on in _deadlines(today, until)]
    lines, count = some_of(line for _on, line in sorted(found, key=lambda each: (each[0], each[1].title)))
    return HomeBlock(
        _("Calendar of the next six weeks"), "calendar-due", _("Nothing is due in six weeks."), lines, count
    )


def _deadlines(today: dt.date, until: dt.date) -> list[tuple[Period, dt.date]]:
    calendar = reporting_calendar()
    periods = [
        period
        for year in (today.year - 1, today.year)
        for period in (
            *(Period(year, PeriodKind.MONTH, month) for month in range(1, 13)),
            *Period(year).quarters(),
        )
    ]
    due = [(period, calendar.deadline(period)) for period in periods]
    return [(period, on) for period, on in due if today <= on <= until]


def _due(period: Period, on: dt.date) -> BlockLine:
    is_month = period.kind is PeriodKind.MONTH
    title = _("Progress of the month") if is_month else _("Quarterly report")
    url = reverse("programs:reports")
    return BlockLine(f"{title} · {period_text(period)}", _("to Bappeda"), f"{url}?period={period}", day(on))
