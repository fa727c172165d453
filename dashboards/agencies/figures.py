"""One OPD at a glance: its measures beside the median of all OPD, what to do this week, and praise where it is due.

Medians are of every OPD that has the measure; they name nobody, so heads may see them.
"""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.cache import cache
from django.db.models import Avg, Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Agency
from dashboards.choices import Standing
from dashboards.early_warnings import messages as warning_messages
from dashboards.filters import LAST_QUARTER, DashboardFilter
from dashboards.fragment_cache import FRAGMENT_SECONDS
from dashboards.models import Directive, EarlyWarning, PackageTally, ProgramStanding
from dashboards.overview.spread import SpreadPoint, programs_spread
from procurement.models import Declaration
from programs.deadlines import due_quarters
from public_services.choices import DigitalLevel, ProcedureState
from public_services.models import PublicService

HELD, WAITING = "held", "waiting"  # no measures: packages that wait at the gate, declarations that wait for a decision
SOON = dt.timedelta(days=7)
WARNINGS_SHOWN = 5
LOW_IS_GOOD = frozenset({"ceremonial", "flags", "directives", "complexity"})


@dataclass(frozen=True)
class Measure:
    """`unit` is "%" or empty; `value` None where the OPD has nothing to measure. `url` leads to the rows."""

    key: str
    label: str
    value: Decimal | None
    median: Decimal | None
    unit: str
    url: str

    @property
    def standing(self) -> str:
        """'better', 'worse' or 'equal' beside the median; empty when one of the two is missing."""
        if self.value is None or self.median is None:
            return ""
        if self.value == self.median:
            return "equal"
        return "better" if (self.value < self.median) == (self.key in LOW_IS_GOOD) else "worse"


@dataclass(frozen=True)
class ToDo:
    text: str
    detail: str
    url: str
    is_late: bool = False


@dataclass(frozen=True)
class AgencyPage:
    """`states` of the programmes now; `points` of those that have spent and measured; `warnings` the weightiest, with
    their reasons."""

    agency: Agency
    measures: list[Measure]
    to_do: list[ToDo]
    praise: list[str]
    states: list[tuple[Standing, int]]
    points: list[SpreadPoint]
    warnings: list[tuple[EarlyWarning, str]]


Values = dict[int, Decimal]  # by OPD


def measured(year: int, today: dt.date) -> dict[str, Values]:
    """Every measure of every OPD from the summaries and the services: five queries, however many OPD there are."""
    found: dict[str, Values] = {
        key: {} for key, _label, _unit, _url in measure_definitions(DashboardFilter(year, agency=0))
    }
    waiting = Declaration.objects.undecided().order_by().values_list("agency").annotate(Count("pk"))
    found |= {HELD: {}, WAITING: {agency: Decimal(count) for agency, count in waiting}}
    _measure_programs(found, year)
    _measure_packages(found, year)
    found["directives"] = _late_directives(year, today)
    _measure_services(found)
    return found


def _measure_programs(found: dict[str, Values], year: int) -> None:
    now = Q(quarter=LAST_QUARTER)
    stood = (
        ProgramStanding.objects.filter(fiscal_year=year)
        .order_by()
        .values("agency")
        .annotate(
            sum_due=Sum("due"),
            sum_delivered=Sum("delivered"),
            sum_matches=Sum("matches"),
            sum_compared=Sum("matches") + Sum("explain") + Sum("deviates"),
            sum_programs=Count("pk", filter=now),
            sum_evidence=Count("pk", filter=now & Q(has_evidence=True)),
            sum_spent=Sum("spent_rupiah", filter=now),
            sum_budget=Sum("budget_rupiah", filter=now),
            sum_achievement=Avg("achievement", filter=now),
            sum_ceremonial=Sum("ceremonial_rupiah", filter=now),
            sum_lines=Sum(F("ceremonial_rupiah") + F("supporting_rupiah") + F("direct_rupiah"), filter=now),
        )
    )
    for stand in stood:
        _set(found["delivered"], stand["agency"], stand["sum_delivered"], stand["sum_due"])
        _set(found["matching"], stand["agency"], stand["sum_matches"], stand["sum_compared"])
        _set(found["evidence"], stand["agency"], stand["sum_evidence"], stand["sum_programs"])
        _set(found["absorbed"], stand["agency"], stand["sum_spent"], stand["sum_budget"])
        _set(found["ceremonial"], stand["agency"], stand["sum_ceremonial"], stand["sum_lines"])
        if stand["sum_achievement"] is not None:
            found["achievement"][stand["agency"]] = stand["sum_achievement"]


def _measure_packages(found: dict[str, Values], year: int) -> None:
    packages = (
        PackageTally.objects.filter(fiscal_year=year)
        .order_by()
        .values("agency")
        .annotate(sum_whole=Sum("open"), sum_lacking=Sum("missing"), sum_flags=Sum("flags"), sum_held=Sum("held"))
    )
    for tally in packages:
        _set(found["declared"], tally["agency"], tally["sum_whole"] - tally["sum_lacking"], tally["sum_whole"])
        _set(found["flags"], tally["agency"], tally["sum_flags"], tally["sum_whole"])
        found[HELD][tally["agency"]] = Decimal(tally["sum_held"])


def _late_directives(year: int, today: dt.date) -> Values:
    """How many are late, of each OPD that was given any this year or has one overdue."""
    overdue = Q(pk__in=Directive.objects.overdue(today))
    directives = Directive.objects.filter(Q(given_on__year=year) | overdue).order_by().values_list("agency")
    return {agency: Decimal(count) for agency, count in directives.annotate(late=Count("pk", filter=overdue))}


def _measure_services(found: dict[str, Values]) -> None:
    """Replaced and proposed procedures are joined too, hence the distinct."""
    services = (
        PublicService.objects.filter(is_active=True)
        .order_by()
        .values("agency")
        .annotate(
            all=Count("pk", distinct=True),
            online=Count("pk", distinct=True, filter=Q(digital_level__gte=DigitalLevel.APPLICATION)),
            score=Avg("procedures__score", filter=Q(procedures__state=ProcedureState.IN_FORCE)),
        )
    )
    for row in services:
        _set(found["online"], row["agency"], row["online"], row["all"])
        if row["score"] is not None:
            found["complexity"][row["agency"]] = row["score"]


def cached_measures(version: int, year: int, today: dt.date) -> dict[str, Values]:
    """`measured`, worked out once for a version of the summaries; the worker does so after each refresh."""
    key = f"agencies:{version}:{today}:{year}"
    found: dict[str, Values] | None = cache.get(key)
    if found is None:
        found = measured(year, today)
        cache.set(key, found, FRAGMENT_SECONDS)
    return found


def _set(values: Values, agency: int, part: Decimal | int | None, whole: Decimal | int | None) -> None:
    """A share in per cent; nothing where there is nothing to share."""
    if part is not None and whole:
        values[agency] = Decimal(part) * 100 / Decimal(whole)


def measures(agency: Agency, year: int, everything: Mapping[str, Values]) -> list[Measure]:
    """Of one OPD beside the median of all; `everything` is what `measured` found."""
    return [
        Measure(
            key,
            label,
            everything[key].get(agency.pk),
            statistics.median(everything[key].values()) if everything[key] else None,
            unit,
            url,
        )
        for key, label, unit, url in measure_definitions(DashboardFilter(year, agency=agency.pk))
    ]


def page(agency: Agency, year: int, today: dt.date, everything: Mapping[str, Values]) -> AgencyPage:
    """Everything on the page of one OPD. Three queries."""
    own = measures(agency, year, everything)
    rows = list(
        ProgramStanding.objects.filter(agency=agency, fiscal_year=year)
        .select_related("program")
        .order_by("-budget_rupiah", "pk")
    )
    now = [row for row in rows if row.quarter == LAST_QUARTER]
    counts = Counter(row.state for row in now)
    quarters = due_quarters(year, today)
    newest = quarters[-1].number if quarters else None
    late = len([row for row in rows if row.quarter == newest and row.is_late])
    warnings = EarlyWarning.objects.filter(agency=agency, fiscal_year=year).active(today).order_by("-score", "pk")
    return AgencyPage(
        agency,
        own,
        list(_to_do(agency, today, late, *(int(everything[key].get(agency.pk, 0)) for key in (HELD, WAITING)))),
        list(_praise(own)),
        [(state, counts[state.value]) for state in Standing],
        programs_spread(now),
        [(row, warning_messages.reason(row)) for row in warnings[:WARNINGS_SHOWN]],
    )


def owed(year: int, today: dt.date, everything: Mapping[str, Values]) -> dict[int, list[str]]:
    """What each OPD has to do this week, in words, for all of them at once; `everything` is what `measured` found.
    One query."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    quarters = due_quarters(year, today)
    if quarters:
        rows = ProgramStanding.objects.filter(
            fiscal_year=year, quarter=quarters[-1].number, due=1, delivered=0
        ).order_by()
        for agency, count in rows.values_list("agency").annotate(Count("pk")):
            found[agency].append(_("%(count)s quarterly reports are missing") % {"count": count})
    for agency, waiting in everything[WAITING].items():
        found[agency].append(_("%(count)s declarations wait for a decision") % {"count": waiting})
    for agency, held in everything[HELD].items():
        if held:
            found[agency].append(_("%(count)s packages cannot be announced yet") % {"count": held})
    return found


def measure_definitions(filters: DashboardFilter) -> list[tuple[str, str, str, str]]:
    """(key, label, unit, address of the rows)."""

    def rows(name: str, **more: object) -> str:
        return filters.link(name, **more)

    return [
        (
            "delivered",
            _("Quarterly reports delivered"),
            "%",
            rows("programs:reports", kind="quarter", state="delivered"),
        ),
        ("achievement", _("Achievement of outcomes"), "%", rows("standings", urut="capaian")),
        ("absorbed", _("Absorption of the budget"), "%", rows("standings", urut="serapan")),
        ("matching", _("Reported values that match"), "%", rows("programs:report-values")),
        (
            "evidence",
            _("Programmes with evidence of need"),
            "%",
            rows("programs:programs", state="registered", evidence="there"),
        ),
        ("ceremonial", _("Ceremonial share of spending"), "%", rows("standings", urut="upacara")),
        (
            "declared",
            _("Packages with complete declarations"),
            "%",
            rows("procurement:packages", declarations="complete"),
        ),
        ("flags", _("Red flags per 100 packages"), "", rows("procurement:flags", subject="package", aside="no")),
        ("directives", _("Directives overdue"), "", rows("directives", late="yes")),
        ("online", _("Services applied for online"), "%", rows("public_services:services")),
        ("complexity", _("Mean complexity of procedures"), "", rows("public_services:services")),
    ]


def _to_do(agency: Agency, today: dt.date, late: int, held: int, waiting: int) -> Iterator[ToDo]:
    """What is late first, then what is due within a week, then what holds others up. `late`: reports not
    delivered, `held`: packages that wait at the gate, `waiting`: declarations that
    wait for a decision.
    """
    for row in Directive.objects.open().filter(agency=agency, due_on__lte=today + SOON).order_by("due_on", "pk"):
        is_late = row.due_on < today
        said = _("overdue since %(day)s") if is_late else _("due on %(day)s")
        yield ToDo(
            row.text, f"{row.number_text} · {said % {'day': f'{row.due_on:%d/%m/%Y}'}}", row.get_absolute_url(), is_late
        )
    if late:
        yield ToDo(
            _("%(count)s quarterly reports are missing") % {"count": late},
            _("of the newest quarter that is over"),
            f"{reverse('programs:reports')}?agency={agency.pk}",
            is_late=True,
        )
    if waiting:
        yield ToDo(
            _("%(count)s declarations wait for a decision") % {"count": waiting},
            _("no package passes its gate before it"),
            reverse("procurement:declarations"),
        )
    if held:
        yield ToDo(
            _("%(count)s packages cannot be announced yet") % {"count": held},
            _("declarations are missing"),
            f"{reverse('procurement:packages')}?agency={agency.pk}&state=planned&declarations=missing",
        )


def _praise(measures: list[Measure]) -> Iterator[str]:
    """Only what is good by itself, not what is merely better than others."""
    values = {measure.key: measure.value for measure in measures}
    if values["delivered"] == 100:  # noqa: PLR2004 (all of it, in per cent)
        yield _("Every quarterly report that is due was delivered.")
    if values["matching"] == 100:  # noqa: PLR2004
        yield _("Every value that could be compared matches the official figure.")
    if values["declared"] == 100:  # noqa: PLR2004
        yield _("On every package everybody has declared and been decided on.")
    if values["directives"] == 0:
        yield _("No directive of the governor is overdue.")
    if values["online"] == 100:  # noqa: PLR2004
        yield _("Every service can be applied for online.")
