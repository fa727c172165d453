"""The first page of the governor's office: what needs a decision, how the province and each OPD stand, and where."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count, Sum
from django.template.loader import render_to_string
from django.utils import formats
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import User
from core.formats import change as change_text
from core.formats import number as number_text
from core.formats import percent, period_short, rupiah_short
from core.formats import period as period_text
from core.periods import Period, PeriodKind
from core.queue import send
from core.text import shortened
from dashboards.choices import Light
from dashboards.early_warnings.matters import Matter, matters
from dashboards.filters import LAST_QUARTER, DashboardFilter, link
from dashboards.fragment_cache import CachedFragment, cached_fragment, render_again
from dashboards.lights.services import ORDER, Lamp, lamps
from dashboards.models import Directive, EarlyWarning, LightRule, ProgramStanding, SummaryState
from dashboards.overview import figures, tiles
from dashboards.overview.totals import ProgramTotals
from dashboards.readers import office_reader
from dashboards.regions import charts
from dashboards.regions.measures import DEFAULT, measured, places
from spm.standing import IndexStanding, course

RENDER_TASK = "dashboards.home.tasks.render_province"
MOST_NEEDS = 7
MOST_OVERDUE = 3
COURSE_MONTHS = 24
WHOLE = Decimal(100)
MAP_SIZE = (325, 262)
MOST_LAMPS = 24  # with more, those that are green are folded

SPARK_WIDE, SPARK_HIGH = 120, 28


@dataclass(frozen=True)
class Need:
    """One thing that needs the office: a sentence with its figure, whose it is, and the door to it. `act_url` leads to
    a directive with what the sentence says and what can still be done, or to the one that is overdue."""

    sentence: str
    owner: str
    url: str
    act: str
    act_url: str
    is_overdue: bool = False


@dataclass(frozen=True)
class KeyFigure:
    """`state` is good, warn, bad, or empty where nothing says so; `course` runs from the oldest to now."""

    label: str
    value: str
    target: str
    compared: str
    url: str
    state: str = ""
    course: Sequence[Decimal | None] = field(default=())
    course_label: str = ""

    @property
    def points(self) -> str:
        """The course as the points of a line in a field of SPARK_WIDE × SPARK_HIGH; empty below two figures."""
        known = [(at, value) for at, value in enumerate(self.course) if value is not None]
        if len(known) < 2:  # noqa: PLR2004 (a line has two ends)
            return ""
        low, high = min(value for _at, value in known), max(value for _at, value in known)
        reach = high - low or 1
        wide, high_px = SPARK_WIDE - 4, SPARK_HIGH - 4
        last = len(self.course) - 1
        return " ".join(
            f"{2 + wide * at / last:.1f},{2 + high_px * float(1 - (value - low) / reach):.1f}" for at, value in known
        )


@dataclass(frozen=True)
class LampGroup:
    light: Light
    lamps: list[Lamp]


def governors_page(user: User, year: int, today: dt.date) -> dict[str, Any]:
    """What needs a decision as it is now, beside it how the province stands, as the worker drew it last."""
    needs, others = _needs(user, year, today)
    part = standing_fragment(year, today)
    return {
        "day_in_words": formats.date_format(today, "l, j F Y"),
        "year": year,
        "needs": needs,
        "other_needs": others,
        "as_of": part.as_of,
        "part": part,
    }


def standing_fragment(year: int, today: dt.date) -> CachedFragment:
    """For a reader: as it is cached, rendered here only where there is nothing to show."""
    language = get_language() or ""
    ask = partial(send, RENDER_TASK, year, language)
    return cached_fragment(_name(year, today, language), SummaryState.current(), partial(_html, year, today), ask)


def render_standing(year: int, today: dt.date, language: str) -> bool:
    """For the worker. Returns whether there was anything to do."""
    with override(language):
        return render_again(_name(year, today, language), SummaryState.current(), partial(_html, year, today))


def _name(year: int, today: dt.date, language: str) -> str:
    return f"office:{today}:{language}:{year}"


def _html(year: int, today: dt.date) -> str:
    return render_to_string("dashboards/home/province.html", province(office_reader(), year, today))


def province(user: User, year: int, today: dt.date) -> dict[str, Any]:
    """How the province stands: figures, lights, map. A constant number of queries, however many OPD there are."""
    filters = DashboardFilter(year)
    found = figures.overview(user, filters)
    rule = LightRule.objects.in_force(today)
    lit = lamps(user, found.agencies, filters, today)
    index = measured(user, DEFAULT, filters)
    ranked = places(index) if index else []
    return {
        "key_figures": [
            _spm(tiles.spm_now(filters)),
            *_of_programs(user, found.total, filters, rule, today),
        ],
        "lamps": _groups(lit),
        "folds_green": len(lit) > MOST_LAMPS,
        "rule": rule,
        "map": charts.measure_map(index, ranked, lambda each: filters.link("overview", region=each.region.pk), MAP_SIZE)
        if index and index.when
        else None,
        "map_of": index,
        "places": ranked,
    }


def _groups(lit: list[Lamp]) -> list[LampGroup]:
    """By light, the worst first; without figures only where there are such OPD. None at all without an OPD."""
    groups = [LampGroup(light, [lamp for lamp in lit if lamp.light == light]) for light in ORDER]
    return [group for group in groups if group.lamps or (lit and group.light != Light.NONE)]


# -- what needs a decision --------------------------------------------------------------------------------------------
def _needs(user: User, year: int, today: dt.date) -> tuple[list[Need], int]:
    """At most MOST_NEEDS, and how many matters and overdue directives stand behind them. Two queries."""
    overdue = list(Directive.objects.visible_to(user).overdue(today).select_related("agency").order_by("due_on", "pk"))
    rows = EarlyWarning.objects.visible_to(user).filter(fiscal_year=year).active(today).select_related("agency")
    ranked = matters(rows, today)
    first = [_overdue(row, today) for row in overdue[:MOST_OVERDUE]]
    shown = [*first, *(_matter(each) for each in ranked)][:MOST_NEEDS]
    return shown, len(overdue) + len(ranked) - len(shown)


def _overdue(row: Directive, today: dt.date) -> Need:
    days = (today - row.due_on).days
    sentence = _("Directive %(number)s is %(days)s days overdue: %(text)s") % {
        "number": row.number_text,
        "days": number_text(days),
        "text": shortened(row.text, 70),
    }
    return Need(sentence, row.agency.short_name, row.get_absolute_url(), _("Ask"), row.get_absolute_url(), True)


def _matter(each: Matter) -> Need:
    owner = each.agency.short_name if each.agency else ""
    return Need(each.sentence, owner, each.url, _("Give a directive"), each.directive_url)


# -- how the province stands ------------------------------------------------------------------------------------------
def _spm(now: IndexStanding | None) -> KeyFigure:
    label = _("SPM index")
    if now is None:
        return KeyFigure(label, "–", _("nothing entered yet"), "", link("spm"))
    compared = ""
    if now.change is not None:
        compared = _("%(change)s since %(month)s") % {
            "change": change_text(now.change),
            "month": period_text(now.base),
        }
    month = period_text(now.month)
    return KeyFigure(
        label,
        number_text(now.index, 2),
        _("of 100 · %(month)s · %(coverage)s") % {"month": month, "coverage": now.value.coverage}
        if now.value.coverage
        else _("of 100 · %(month)s") % {"month": month},
        compared,
        link("spm", periode=now.month),
        "",
        [value for _month, value in course(now.month, COURSE_MONTHS)],
        _("24 months up to %(month)s") % {"month": month},
    )


def _of_programs(
    user: User, total: ProgramTotals, filters: DashboardFilter, rule: LightRule | None, today: dt.date
) -> list[KeyFigure]:
    by_quarter = _by_quarter(user, filters.year)
    quarter = Period.containing(today, PeriodKind.QUARTER).number if today.year == filters.year else LAST_QUARTER
    wanted = [(filters.year - 1, each) for each in range(1, 5)] + [(filters.year, each) for each in range(1, quarter)]
    parts = [by_quarter.get(each) for each in wanted] + [total]
    before = by_quarter.get((filters.year - 1, quarter))
    until = period_short(Period(filters.year - 1, PeriodKind.QUARTER, quarter))
    course_label = _("by quarter from %(first)s") % {
        "first": period_short(Period(filters.year - 1, PeriodKind.QUARTER, 1))
    }

    def key(label: str, name: str, target: str, url: str, state: str) -> KeyFigure:
        value: Decimal | None = _of(total, name)
        past = _of(before, name) if before else None
        compared = _("%(value)s at the end of %(quarter)s") % {"value": percent(past), "quarter": until} if past else ""
        line = [_of(part, name) if part else None for part in parts]
        return KeyFigure(label, percent(value), target, compared, url, state, line, course_label)

    planned = total.planned_rupiah * WHOLE / total.budget_rupiah if total.budget_rupiah else None
    ceremonial = total.spending.ceremonial_percent
    limit = rule.ceremony_limit if rule else None
    too_much = limit is not None and ceremonial is not None and ceremonial > limit
    return [
        key(
            _("Outcomes reached"),
            "achievement",
            _("target 100%% · mean over %(count)s programmes") % {"count": number_text(total.measured)},
            filters.link("standings", urut="capaian"),
            _state(rule, total.achievement),
        ),
        key(
            _("Absorption"),
            "spent_percent",
            _("planned %(planned)s · %(money)s")
            % {
                "planned": percent(planned) if total.planned_rupiah else "–",
                "money": rupiah_short(total.spent_rupiah),
            },
            filters.link("standings", urut="serapan"),
            _state(rule, total.of_plan_percent),
        ),
        key(
            _("Ceremonial share"),
            "ceremonial",
            _("limit %(limit)s · %(money)s")
            % {
                "limit": percent(limit, 0),
                "money": rupiah_short(total.ceremonial_rupiah),
            },
            filters.link("standings", urut="upacara"),
            "bad" if too_much else "good" if limit is not None and ceremonial is not None else "",
        ),
    ]


def _of(part: ProgramTotals, name: str) -> Decimal | None:
    value: Decimal | None = part.spending.ceremonial_percent if name == "ceremonial" else getattr(part, name)
    return value


def _state(rule: LightRule | None, value: Decimal | None) -> str:
    if rule is None or value is None:
        return ""
    return {Light.RED: "bad", Light.YELLOW: "warn", Light.GREEN: "good"}.get(rule.light(value, None), "")


def _by_quarter(user: User, year: int) -> dict[tuple[int, int], ProgramTotals]:
    """The sums at the end of each quarter of the year and the one before. One query."""
    rows = ProgramStanding.objects.visible_to(user).filter(fiscal_year__in=[year - 1, year]).order_by()
    names = ("budget_rupiah", "spent_rupiah", "ceremonial_rupiah", "supporting_rupiah", "direct_rupiah")
    summed = {f"sum_{name}": Sum(name) for name in names}
    found = {}
    for of, quarter, *money, reached, count in rows.values_list("fiscal_year", "quarter").annotate(
        **summed, sum_achievement=Sum("achievement"), sum_measured=Count("achievement")
    ):
        known: dict[str, Any] = dict(zip(names, (value or Decimal(0) for value in money), strict=True))
        found[of, quarter] = ProgramTotals(**known, achievement_sum=reached or Decimal(0), measured=count)
    return found
