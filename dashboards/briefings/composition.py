"""The weekly briefing: what is in it, frozen as texts, figures and pictures, and the PDF made of them.

`contents` gathers for the whole province; `services` here issue and reorder. Each figure carries the date it is of.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import notify
from core import audit
from core.charts import print_svg
from core.choices import Role
from core.formats import day as date_text
from core.formats import moment as moment_text
from core.formats import number as number_text
from core.formats import percent as percent_text
from core.formats import period as period_text
from core.numbers import format_number, format_rupiah_short
from core.periods import Period
from dashboards import status_rule
from dashboards.agencies import figures as agency_figures
from dashboards.choices import BriefingPart, Standing
from dashboards.early_warnings import messages as warning_messages
from dashboards.filters import LAST_QUARTER, DashboardFilter
from dashboards.models import Briefing, BriefingSection, Directive, EarlyWarning, ProgramStanding, SummaryState
from dashboards.overview import charts, figures, tiles
from dashboards.readers import office_reader
from dashboards.spm import figures as spm_figures
from dashboards.summaries import refresh as summaries

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "dashboards" / "briefings" / "briefing.typ"
DIRECTIVES_SHOWN, WARNINGS_SHOWN, VALUES_SHOWN, WORST_SHOWN = 6, 5, 5, 5
ANNEX_DIRECTIVES, ANNEX_WARNINGS = 4, 3
TEXT_LENGTH = 130  # so that two pages stay two pages
SIZES = (10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5)  # of the text in pt; the first that fits
LAST_PAGE = 2
Part = dict[str, Any]


class Gathered:
    """What the parts are made of; each is asked for once."""

    def __init__(self, year: int, today: dt.date) -> None:
        self.year, self.today, self.user = year, today, office_reader()
        self.filters = DashboardFilter(year)
        self.as_of = SummaryState.current().as_of
        self.whole = figures.overview(self.user, self.filters)
        self.packages = figures.package_figures(self.user, self.filters)
        self.headline = tiles.headline(self.user, self.filters, today)
        self.warnings = list(
            EarlyWarning.objects.filter(fiscal_year=year).active(today).select_related("agency").order_by("-score")
        )
        self.overdue = list(Directive.objects.overdue(today).select_related("agency").order_by("due_on", "pk"))

    @property
    def at(self) -> str:
        return moment_text(self.as_of)


def numbers(now: Gathered) -> dict[str, str]:
    """What next week's briefing is compared with, by the keys of LABELS; figures that are not known are left out."""
    total, spm = now.whole.total, now.headline.spm
    found: dict[str, Decimal | int | None] = {
        "spm": round(spm.index, 2) if spm else None,
        "programs": total.programs,
        **{state.value: total.states[state] for state in Standing},
        "absorbed": _rounded(total.spent_percent),
        "achievement": _rounded(total.achievement),
        "ceremonial": _rounded(total.spending.ceremonial_percent),
        "delivered": _rounded(total.delivered_percent),
        "deviates": total.verdicts.deviates,
        "missing": now.packages.missing,
        "flags": now.packages.flags,
        "directives": len(now.overdue),
        "services": now.headline.services_full,
        "warnings": len(now.warnings),
    }
    return {key: str(value) for key, value in found.items() if value is not None}


def labels() -> dict[str, str]:
    return {
        "spm": _("SPM index of the province"),
        "programs": _("Registered programmes"),
        **{state.value: _("Programmes %(state)s") % {"state": state.label} for state in Standing},
        "absorbed": _("Absorption of the budget (%)"),
        "achievement": _("Achievement of outcomes (%)"),
        "ceremonial": _("Ceremonial share (%)"),
        "delivered": _("Quarterly reports delivered (%)"),
        "deviates": _("Values that deviate"),
        "missing": _("Packages without complete declarations"),
        "flags": _("Red flags raised"),
        "directives": _("Directives overdue"),
        "services": _("Services online from beginning to end"),
        "warnings": _("Early warnings"),
    }


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 1)


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


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH else f"{text[: TEXT_LENGTH - 1]}…"


def _directives(now: Gathered, _before: Briefing | None) -> Part:
    items = [
        {
            "text": _cut(row.text),
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
        BriefingPart.DIRECTIVES, date_text(now.today), items=items, more=_and_more(len(now.overdue), DIRECTIVES_SHOWN),
        empty=_("No directive is overdue."),
    )  # fmt: skip


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
        BriefingPart.CHANGES, now.at, heads=[_("Figure"), date_text(before.as_of), date_text(now.as_of), _("Difference")],
        rows=rows, empty=_("Nothing changed since %(day)s.") % {"day": date_text(before.as_of)},
    )  # fmt: skip


def _standings(now: Gathered, _before: Briefing | None) -> Part:
    total = now.whole.total
    worst = (
        ProgramStanding.objects.filter(fiscal_year=now.year, quarter=LAST_QUARTER, state=Standing.OFF_TRACK)
        .select_related("program", "agency")
        .order_by("-budget_rupiah", "pk")
    )
    rows = [
        [_cut(row.program.name)[:90], row.agency.short_name, percent_text(row.achievement), percent_text(row.of_plan_percent), format_rupiah_short(row.budget_rupiah)]
        for row in worst[:WORST_SHOWN]
    ]  # fmt: skip
    return _part(
        BriefingPart.STANDINGS, now.at,
        figures=[_figure(str(state.label), format_number(total.states[state])) for state in Standing],
        heads=[_("Off track, the largest first"), "OPD", _("Achievement"), _("of the plan"), _("Budget")] if rows else [],
        rows=rows, chart=charts.state_bar(now.whole, now.filters, draw=print_svg) or "",
        note=" ".join(f"{line.state.label}: {line.text}" for line in status_rule.rule()),
        empty="" if total.programs else _("No programme is registered."),
    )  # fmt: skip


def _spm(now: Gathered, _before: Briefing | None) -> Part:
    found = spm_figures.page(Period(now.year))
    if found is None or now.headline.spm is None:
        return _part(BriefingPart.SPM, now.at, empty=_("No SPM figures have been entered in this year."))
    month = period_text(found.month)
    rows = [
        [line.domain.name if line.domain else "", number_text(line.province.index, 2), _points(line.change),
         "–" if line.lacking is None else format_number(line.lacking), format_rupiah_short(line.budget)]
        for line in found.domains
    ]  # fmt: skip
    change = now.headline.spm.change
    return _part(
        BriefingPart.SPM, month,
        figures=[_figure(_("SPM index of the province"), format_number(now.headline.spm.index, 2),
                         "" if change is None else f"{_points(change)} {_('since the quarter before')}")],
        heads=[_("Domain"), _("Index"), _("Change in value"), _("Not served yet"), _("Budget")], rows=rows,
    )  # fmt: skip


def _points(change: Decimal | None) -> str:
    return "–" if change is None else f"{'+' if change >= 0 else ''}{format_number(change, 2)}"


def _spending(now: Gathered, _before: Briefing | None) -> Part:
    total = now.whole.total
    points = figures.scatter(now.whole, now.filters)
    return _part(
        BriefingPart.SPENDING, now.at,
        figures=[
            _figure(_("Budget"), format_rupiah_short(total.budget_rupiah)),
            _figure(_("Spent"), format_rupiah_short(total.spent_rupiah), percent_text(total.spent_percent)),
            _figure(_("of the planned cash"), percent_text(total.of_plan_percent)),
            _figure(_("Achievement of outcomes"), percent_text(total.achievement)),
            _figure(_("Ceremonial share"), percent_text(total.spending.ceremonial_percent), format_rupiah_short(total.ceremonial_rupiah)),
        ],
        chart=charts.scatter(points, draw=print_svg) or "",
        note=_("Each circle is an OPD, as large as its budget. Red and below the dashed line: the money is well ahead of the result.") if points else "",
        empty="" if total.programs else _("No programme is registered."),
    )  # fmt: skip


def _warnings(now: Gathered, _before: Briefing | None) -> Part:
    items = [
        {
            "text": _cut(row.subject),
            "detail": f"{row.get_kind_display()}{f' · {row.agency.short_name}' if row.agency else ''} · {warning_messages.reason(row)}",
        }
        for row in now.warnings[:WARNINGS_SHOWN]
    ]
    return _part(
        BriefingPart.WARNINGS, date_text(now.today), items=items, more=_and_more(len(now.warnings), WARNINGS_SHOWN),
        empty=_("Nothing warns at the moment."),
    )  # fmt: skip


def _procurement(now: Gathered, _before: Briefing | None) -> Part:
    found = now.packages
    return _part(
        BriefingPart.PROCUREMENT, now.at,
        figures=[
            _figure(_("Packages"), format_number(found.packages), format_rupiah_short(found.ceiling_rupiah)),
            _figure(_("under contract"), format_number(found.contracted), format_rupiah_short(found.contracted_rupiah)),
            _figure(_("without complete declarations"), format_number(found.missing), format_rupiah_short(found.missing_rupiah)),
            _figure(_("held at the gate"), format_number(found.held)),
            _figure(_("Red flags raised"), format_number(found.flags), _("on %(count)s packages") % {"count": format_number(found.flagged)}),
        ],
        empty="" if found.packages else _("No package has been entered."),
    )  # fmt: skip


def _data(now: Gathered, _before: Briefing | None) -> Part:
    verdicts = now.whole.total.verdicts
    rows = [
        [_cut(value.indicator.name)[:80], value.report.program.agency.short_name, value.region.short_name,
         f"{format_number(value.value or 0)} ({period_text(value.report.period)})",
         f"{format_number(value.reference.value)} ({period_text(value.reference.period)})" if value.reference else "–"]
        for value in figures.deviating(now.user, now.filters, VALUES_SHOWN)
    ]  # fmt: skip
    return _part(
        BriefingPart.DATA, now.at,
        figures=[_figure(_("Values that deviate"), format_number(verdicts.deviates), _("of %(count)s reported") % {"count": format_number(verdicts.total)})],
        heads=[_("Indicator"), "OPD", _("Region"), _("Reported"), _("Official")] if rows else [], rows=rows,
        empty="" if verdicts.total else _("No values have been reported yet."),
    )  # fmt: skip


def _services(now: Gathered, _before: Briefing | None) -> Part:
    found = now.headline
    return _part(
        BriefingPart.SERVICES, date_text(now.today),
        figures=[_figure(_("Services online from beginning to end"), format_number(found.services_full), _("of %(count)s services") % {"count": format_number(found.services)})],
        empty="" if found.services else _("No service has been entered."),
    )  # fmt: skip


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


def order() -> list[tuple[BriefingPart, bool]]:
    """Every part once, with whether it is shown."""
    rows = list(BriefingSection.objects.all())
    known = [(BriefingPart(row.part), row.is_shown) for row in rows]
    return known + [(part, True) for part in BriefingPart if part not in {each for each, _shown in known}]


def contents(year: int, today: dt.date) -> tuple[dict[str, Any], dict[str, str], Gathered]:
    """(what is frozen, the figures for next week's comparison, what it was gathered from)."""
    now = Gathered(year, today)
    before = Briefing.objects.filter(fiscal_year=year, issued_at__date__lt=today).defer("pdf", "content").first()
    shown = [part for part, is_shown in order() if is_shown]
    document = {
        "title": _("Weekly briefing"),
        "office": _("Provincial Government of Kalimantan Timur"),
        "subtitle": _("Fiscal year %(year)s, %(day)s") % {"year": year, "day": date_text(today)},
        "as_of": _("Figures as of %(moment)s") % {"moment": now.at},
        "sections": [PARTS[part](now, before) for part in shown],
        "annex_title": _("Annex: the OPD one by one"),
        "annex_heads": [_("Measure"), _("Value"), _("Median"), ""],
        "annex": _annex(now),
        "words": {"directives": _("Directives"), "warnings": _("Early warnings"), "to_do": _("To do this week")},
    }
    return document, numbers(now), now


def _annex(now: Gathered) -> list[dict[str, Any]]:
    """One entry per OPD that has programmes or packages this year."""
    everything = agency_figures.measured(now.year, now.today)
    owed = agency_figures.owed(now.year, now.today, everything)
    by_agency: dict[int, list[Directive]] = {}
    for row in Directive.objects.open().select_related("agency").order_by("due_on"):
        by_agency.setdefault(row.agency_id, []).append(row)
    warned: dict[int | None, list[EarlyWarning]] = {}
    for warning in now.warnings:
        warned.setdefault(warning.agency_id, []).append(warning)
    found = []
    for agency_row in now.whole.agencies:
        agency = agency_row.agency
        measures = agency_figures.measures(agency, now.year, everything)
        states = ", ".join(
            f"{agency_row.total.states[state]} {state.label}" for state in Standing if agency_row.total.states[state]
        )
        found.append(
            {
                "agency": agency.name,
                "states": states,
                "rows": [
                    [
                        each.label,
                        "–" if each.value is None else f"{format_number(each.value, 1)}{each.unit}",
                        "–" if each.median is None else f"{format_number(each.median, 1)}{each.unit}",
                        {"better": _("better"), "worse": _("worse")}.get(each.standing, ""),
                    ]
                    for each in measures
                    if each.value is not None
                ],
                "directives": [
                    f"{row.number_text} · {date_text(row.due_on)}: {_cut(row.text)}"
                    for row in by_agency.get(agency.pk, [])[:ANNEX_DIRECTIVES]
                ],
                "warnings": [_cut(f"{row.subject}: {warning_messages.reason(row)}") for row in warned.get(agency.pk, [])[:ANNEX_WARNINGS]],
                "to_do": owed.get(agency.pk, []),
            }
        )  # fmt: skip
    return found


def pdf(document: dict[str, Any]) -> bytes:
    """At most two A4 pages and the annex, in the largest text that fits."""
    files: dict[str, bytes] = {"main.typ": TEMPLATE.read_bytes()}
    parts = []
    for number, part in enumerate(document["sections"]):
        name = f"chart{number}.svg" if part["chart"] else ""
        if name:
            files[name] = part["chart"].encode()
        parts.append(part | {"chart": name})
    for size in SIZES:
        data = document | {"sections": parts, "size": size}
        files["data.json"] = json.dumps(data, ensure_ascii=False).encode()
        if annex_page(files) <= LAST_PAGE + 1:
            break
    made: Any = typst.compile(files, ignore_system_fonts=True)  # type: ignore[call-overload]  # its stub knows no mapping
    assert isinstance(made, bytes)  # noqa: S101 (one document, so no list of pages)
    return made


def annex_page(files: dict[str, bytes]) -> int:
    """On which page the annex begins."""
    found: Any = typst.query(files, "<annex-page>", field="value", one=True, ignore_system_fonts=True)  # type: ignore[type-var]  # as above
    return int(json.loads(found))


@transaction.atomic
def issue(*, year: int, today: dt.date, by: User | None) -> Briefing:
    """Bring the summaries up to date, gather, freeze, and tell the office. `by` None is the schedule."""
    summaries.refresh(today)
    document, figures_now, now = contents(year, today)
    file = pdf(document)
    iso = today.isocalendar()
    week = f"{iso.year}-W{iso.week:02d}"
    number = (Briefing.objects.filter(week=week).aggregate(last=Max("number"))["last"] or 0) + 1
    row = Briefing.objects.create(
        fiscal_year=year, week=week, number=number, issued_by=by, as_of=now.as_of, content=document, numbers=figures_now,
        pdf=file, sha256=hashlib.sha256(file).hexdigest(),
    )  # fmt: skip
    audit.record("briefing.issued", row, by=by, week=week, number=number, sha256=row.sha256)
    people = User.objects.with_role(Role.GOVERNORS_OFFICE)
    if by is None:
        notify(
            people, _("The weekly briefing of %(day)s is ready.") % {"day": date_text(today)}, row.get_absolute_url()
        )
    return row


@transaction.atomic
def reorder(*, parts: list[BriefingPart], hidden: set[BriefingPart], by: User) -> None:
    """Raises ValidationError when a part is missing or named twice, or when nothing would be shown."""
    if sorted(parts) != sorted(BriefingPart):
        raise ValidationError(_("Every part of the briefing has one place."))
    if set(parts) <= hidden:
        raise ValidationError(_("Show at least one part."))
    for position, part in enumerate(parts, 1):
        BriefingSection.objects.update_or_create(
            part=part, defaults={"position": position, "is_shown": part not in hidden}
        )
    audit.record("briefing.reordered", None, by=by, parts=[str(part) for part in parts], hidden=sorted(hidden))


def is_due(today: dt.date) -> bool:
    """On the weekday set in BRIEFING_WEEKDAY, unless one was issued on that day already."""
    return (
        today.weekday() == settings.BRIEFING_WEEKDAY
        and not Briefing.objects.filter(issued_at__date=timezone.localdate(), issued_by__isnull=True).exists()
    )
