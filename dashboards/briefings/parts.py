"""The parts of a weekly briefing: texts, figures and pictures, as they are frozen."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.charts import print_svg
from core.formats import change as change_text
from core.formats import day as date_text
from core.formats import number as number_text
from core.formats import percent as percent_text
from core.formats import period as period_text
from core.numbers import format_number, format_rupiah_short
from core.periods import Period
from dashboards import status_rule
from dashboards.briefings.gathered import Gathered, cut, labels, numbers
from dashboards.choices import BriefingPart, Standing
from dashboards.early_warnings import messages as warning_messages
from dashboards.filters import LAST_QUARTER
from dashboards.models import Briefing, ProgramStanding
from dashboards.overview import charts
from dashboards.overview.deviations import deviating_values
from dashboards.overview.spread import spread
from dashboards.spm import figures as spm_figures
from spm.standing import IndexStanding

DIRECTIVES_SHOWN, WARNINGS_SHOWN, VALUES_SHOWN, WORST_SHOWN = 6, 5, 5, 5
Part = dict[str, Any]


def _part(key: BriefingPart, as_of: str, **more: Any) -> Part:
    blank: Part = {
        "figures": [],
        "items": [],
        "more": "",
        "heads": [],
        "rows": [],
        "chart": "",
        "note": "",
        "empty": "",
    }
    return blank | {"key": key.value, "title": str(key.label), "as_of": as_of} | more


def _figure(label: str, value: str, note: str = "") -> dict[str, str]:
    return {"label": label, "value": value, "note": note}


def _directives(now: Gathered, _before: Briefing | None) -> Part:
    items = [
        {
            "text": cut(row.text),
            "detail": _("%(number)s · %(agency)s · due on %(day)s, %(late)s days late")
            % {
                "number": row.number_text,
                "agency": row.agency.short_name,
                "day": date_text(row.due_on),
                "late": (now.today - row.due_on).days,
            },
        }
        for row in now.overdue[:DIRECTIVES_SHOWN]
    ]
    return _part(
        BriefingPart.DIRECTIVES,
        date_text(now.today),
        items=items,
        more=_and_more(len(now.overdue), DIRECTIVES_SHOWN),
        empty=_("No directive is overdue."),
    )


def _and_more(count: int, shown: int) -> str:
    return _("and %(count)s more") % {"count": count - shown} if count > shown else ""


def _changes(now: Gathered, before: Briefing | None) -> Part:
    if before is None:
        return _part(BriefingPart.CHANGES, now.at, empty=_("This is the first briefing; next week stands beside it."))
    rows, current = [], numbers(now)
    for key, label in labels().items():
        new, old = current.get(key), before.numbers.get(key)
        if new is not None and old is not None and Decimal(new) != Decimal(old):
            change = Decimal(new) - Decimal(old)
            sign = "+" if change > 0 else ""
            rows.append(
                [label, format_number(Decimal(old)), format_number(Decimal(new)), f"{sign}{format_number(change)}"]
            )
    return _part(
        BriefingPart.CHANGES,
        now.at,
        heads=[_("Figure"), date_text(before.as_of), date_text(now.as_of), _("Difference")],
        rows=rows,
        empty=_("Nothing changed since %(day)s.") % {"day": date_text(before.as_of)},
    )


def _standings(now: Gathered, _before: Briefing | None) -> Part:
    total = now.overview.total
    worst = (
        ProgramStanding.objects.filter(fiscal_year=now.year, quarter=LAST_QUARTER, state=Standing.OFF_TRACK)
        .select_related("program", "agency")
        .order_by("-budget_rupiah", "pk")
    )
    rows = [
        [
            cut(row.program.name)[:90],
            row.agency.short_name,
            percent_text(row.achievement),
            percent_text(row.of_plan_percent),
            format_rupiah_short(row.budget_rupiah),
        ]
        for row in worst[:WORST_SHOWN]
    ]
    return _part(
        BriefingPart.STANDINGS,
        now.at,
        figures=[_figure(str(state.label), format_number(total.states[state])) for state in Standing],
        heads=[_("Off track, the largest first"), "OPD", _("Achievement"), _("of the plan"), _("Budget")]
        if rows
        else [],
        rows=rows,
        chart=charts.state_bar(now.overview, now.filters, draw=print_svg) or "",
        note=" ".join(f"{line.state.label}: {line.text}" for line in status_rule.rule()),
        empty="" if total.programs else _("No programme is registered."),
    )


def _spm(now: Gathered, _before: Briefing | None) -> Part:
    found = spm_figures.page(Period(now.year))
    if found is None or now.headline.spm is None:
        return _part(BriefingPart.SPM, now.at, empty=_("No SPM figures have been entered in this year."))
    month = period_text(found.month)
    rows = [
        [
            line.domain.name if line.domain else "",
            number_text(line.province.index, 2),
            change_text(line.change),
            "–" if line.lacking is None else format_number(line.lacking),
            format_rupiah_short(line.budget),
        ]
        for line in found.domains
    ]
    return _part(
        BriefingPart.SPM,
        month,
        figures=[
            _figure(
                _("SPM index of the province"),
                format_number(now.headline.spm.index, 2),
                _spm_note(now.headline.spm),
            )
        ],
        heads=[_("Domain"), _("Index"), _("Change in value"), _("Not served yet"), _("Budget")],
        rows=rows,
    )


def _spm_note(standing: IndexStanding) -> str:
    """What the index covers, and the change since the same month of the year before."""
    said = [standing.value.coverage]
    if standing.change is not None:
        said.append(
            _("%(points)s since %(month)s")
            % {"points": change_text(standing.change), "month": period_text(standing.base)}
        )
    return "; ".join(filter(None, said))


def _spending(now: Gathered, _before: Briefing | None) -> Part:
    total = now.overview.total
    points = spread(now.overview, now.filters)
    return _part(
        BriefingPart.SPENDING,
        now.at,
        figures=[
            _figure(_("Budget"), format_rupiah_short(total.budget_rupiah)),
            _figure(_("Spent"), format_rupiah_short(total.spent_rupiah), percent_text(total.spent_percent)),
            _figure(_("of the planned cash"), percent_text(total.of_plan_percent)),
            _figure(_("Achievement of outcomes"), percent_text(total.achievement)),
            _figure(
                _("Ceremonial share"),
                percent_text(total.spending.ceremonial_percent),
                format_rupiah_short(total.ceremonial_rupiah),
            ),
        ],
        chart=charts.scatter(points, draw=print_svg) or "",
        note=_(
            "Each circle is an OPD, as large as its budget. Red and below the dashed line: the money is well ahead "
            "of the result."
        )
        if points
        else "",
        empty="" if total.programs else _("No programme is registered."),
    )


def _warnings(now: Gathered, _before: Briefing | None) -> Part:
    items = [
        {
            "text": cut(row.subject),
            "detail": f"{row.get_kind_display()}{f' · {row.agency.short_name}' if row.agency else ''} · "
            f"{warning_messages.reason(row)}",
        }
        for row in now.warnings[:WARNINGS_SHOWN]
    ]
    return _part(
        BriefingPart.WARNINGS,
        date_text(now.today),
        items=items,
        more=_and_more(len(now.warnings), WARNINGS_SHOWN),
        empty=_("Nothing warns at the moment."),
    )


def _ceiling(rupiah: Decimal) -> str:
    return _("ceiling %(sum)s") % {"sum": format_rupiah_short(rupiah)}


def _procurement(now: Gathered, _before: Briefing | None) -> Part:
    found = now.packages
    return _part(
        BriefingPart.PROCUREMENT,
        now.at,
        figures=[
            _figure(_("Packages"), format_number(found.packages), _ceiling(found.ceiling_rupiah)),
            _figure(
                _("under contract"),
                format_number(found.contracted),
                _("contracts %(value)s, %(ceiling)s")
                % {
                    "value": format_rupiah_short(now.contracts.value_rupiah),
                    "ceiling": _ceiling(found.contracted_rupiah),
                },
            ),
            _figure(_("of them without a contract in the portal"), format_number(now.contracts.without)),
            _figure(
                _("without complete declarations"),
                format_number(found.missing),
                _ceiling(found.missing_rupiah),
            ),
            _figure(_("held at the gate"), format_number(found.held)),
            _figure(
                _("Red flags raised"),
                format_number(found.flags),
                _("on %(count)s packages") % {"count": format_number(found.flagged)},
            ),
        ],
        empty="" if found.packages else _("No package has been entered."),
    )


def _data(now: Gathered, _before: Briefing | None) -> Part:
    verdicts = now.overview.total.verdicts
    rows = [
        [
            cut(value.indicator.name)[:80],
            value.report.program.agency.short_name,
            value.region.short_name,
            f"{format_number(value.value or 0)} ({period_text(value.report.period)})",
            f"{format_number(value.reference.value)} ({period_text(value.reference.period)})"
            if value.reference
            else "–",
        ]
        for value in deviating_values(now.user, now.filters, VALUES_SHOWN)
    ]
    return _part(
        BriefingPart.DATA,
        now.at,
        figures=[
            _figure(
                _("Values that deviate"),
                format_number(verdicts.deviates),
                _("of %(count)s reported") % {"count": format_number(verdicts.total)},
            )
        ],
        heads=[_("Indicator"), "OPD", _("Region"), _("Reported"), _("Official")] if rows else [],
        rows=rows,
        empty="" if verdicts.total else _("No values have been reported yet."),
    )


def _services(now: Gathered, _before: Briefing | None) -> Part:
    found = now.headline
    return _part(
        BriefingPart.SERVICES,
        date_text(now.today),
        figures=[
            _figure(
                _("Services online from beginning to end"),
                format_number(found.services_full),
                _("of %(count)s services") % {"count": format_number(found.services)},
            )
        ],
        empty="" if found.services else _("No service has been entered."),
    )


PARTS: dict[BriefingPart, Callable[[Gathered, Briefing | None], Part]] = {
    BriefingPart.DIRECTIVES: _directives,
    BriefingPart.CHANGES: _changes,
    BriefingPart.STANDINGS: _standings,
    BriefingPart.SPM: _spm,
    BriefingPart.SPENDING: _spending,
    BriefingPart.WARNINGS: _warnings,
    BriefingPart.PROCUREMENT: _procurement,
    BriefingPart.DATA: _data,
    BriefingPart.SERVICES: _services,
}
