"""The filter that every dashboard shares: year, quarter, OPD, SPM domain, region. All of it stands in the address."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.middleware import workspace_years
from core.periods import Period, PeriodKind
from dashboards.models import OfAgencies, ProgramStandingQuerySet, RegionTally, WarningQuerySet
from dashboards.reference_lists import reference
from procurement.models import PackageQuerySet
from programs.models import Indicator, ReportValueQuerySet
from spm.choices import GovernmentLevel

if TYPE_CHECKING:
    from spm.models import IndexValue

LAST_QUARTER = 4
Rows = TypeVar("Rows", bound=QuerySet[Any])


# An overview has some four hundred links, to a dozen lists.
_address = lru_cache(maxsize=100)(reverse)


def link(name: str, **parameters: object) -> str:
    query = urlencode({key: value for key, value in parameters.items() if value is not None and value != ""})
    return f"{_address(name)}?{query}" if query else _address(name)


@dataclass(frozen=True)
class DashboardFilter:
    """`quarter` None is the whole year up to now; the others are primary keys or None for all."""

    year: int
    quarter: int | None = None
    agency: int | None = None
    domain: int | None = None
    region: int | None = None

    @property
    def period(self) -> Period:
        return Period(self.year, PeriodKind.QUARTER, self.quarter) if self.quarter else Period(self.year)

    @property
    def standing_quarter(self) -> int:
        """Which row of a programme tells how it stands."""
        return self.quarter or LAST_QUARTER

    @property
    def quarters(self) -> list[int]:
        """Whose reports and verdicts are counted."""
        return [self.quarter] if self.quarter else [1, 2, 3, 4]

    def standings(self, rows: ProgramStandingQuerySet) -> ProgramStandingQuerySet:
        """Programmes of the year; with a region, those that reach it at the end of the period."""
        rows = self.summaries(rows)
        if not self.region:
            return rows
        reaching = RegionTally.objects.filter(
            fiscal_year=self.year, region=self.region, quarter=self.standing_quarter, reaches=True
        )
        return rows.filter(program__in=reaching.values("program"))

    def standings_at_end(self, rows: ProgramStandingQuerySet) -> ProgramStandingQuerySet:
        """One row a programme: how it stands at the end of the period."""
        return self.standings(rows).filter(quarter=self.standing_quarter)

    def standings_in_period(self, rows: ProgramStandingQuerySet) -> ProgramStandingQuerySet:
        """The rows that sums are made of: what stands at the end, and what came meanwhile."""
        return self.standings(rows).filter(quarter__in={self.standing_quarter, *self.quarters})

    def region_tallies(self, rows: OfAgencies) -> OfAgencies:
        """Whose reports and verdicts are counted in the period."""
        return self._select(self.summaries(rows).filter(quarter__in=self.quarters), region="region")

    def region_tallies_until_then(self, rows: OfAgencies) -> OfAgencies:
        """Quarter by quarter up to the end of the period, of every region: a map shows all ten."""
        return self.summaries(rows).filter(quarter__lte=self.standing_quarter)

    def summaries(self, rows: Rows) -> Rows:
        """Any summary by OPD, domain and year. Packages have neither quarter nor region of their own."""
        return self._select(rows.filter(fiscal_year=self.year), agency="agency", domain="domain")

    def packages(self, rows: PackageQuerySet) -> PackageQuerySet:
        return self._select(rows.of_year(self.year), agency="agency", domain="program__service__domain")

    def report_values(self, rows: ReportValueQuerySet) -> ReportValueQuerySet:
        """Of quarterly reports within the period."""
        within = rows.filter(report__kind=PeriodKind.QUARTER, report__period__contained_by=self.period)
        return self._select(
            within, agency="report__program__agency", domain="report__program__service__domain", region="region"
        )

    def early_warnings(self, rows: WarningQuerySet) -> WarningQuerySet:
        return self._select(rows.filter(fiscal_year=self.year), agency="agency", domain="program__service__domain")

    def of_agency(self, rows: Rows) -> Rows:
        """Rows that belong to an OPD and to no year or domain: directives, public services."""
        return self._select(rows, agency="agency")

    def indicators(self, rows: "QuerySet[Indicator]") -> "QuerySet[Indicator]":
        return self._select(rows.filter(program__fiscal_year=self.year), agency="program__agency")

    def index_months(self, rows: "QuerySet[IndexValue]") -> "QuerySet[IndexValue]":
        """Of the province's services: the months of the year up to the end of the period."""
        return rows.filter(
            government=GovernmentLevel.PROVINCE,
            period__contained_by=Period(self.year),
            period__endswith__lte=self.period.end,
        )

    def _select(self, rows: Rows, **paths: str) -> Rows:
        """By each of OPD, domain and region that is chosen and that `paths` names a way to."""
        chosen = {path: value for name, path in paths.items() if (value := getattr(self, name))}
        return rows.filter(**chosen) if chosen else rows

    @property
    def is_set(self) -> bool:
        return any((self.quarter, self.agency, self.domain, self.region))

    @property
    def key(self) -> str:
        """For caches."""
        return f"{self.year}-{self.quarter}-{self.agency}-{self.domain}-{self.region}"

    def link(self, name: str, **more: object) -> str:
        """The address of the rows behind a figure: a list of the same selection. `more` adds or, by None, drops."""
        address: dict[str, object] = {
            "tahun": self.year,
            "period": str(self.period) if self.quarter else None,
            "agency": self.agency,
            "domain": self.domain,
            "region": self.region,
        }
        return link(name, **(address | more))

    def link_to_agency(self, agency: int) -> str:
        """The page of an OPD in the year."""
        return f"{reverse('agency-page', args=[agency])}?{urlencode({'tahun': self.year})}"


class DashboardFilterForm(forms.Form):
    """Read from the address; a value that is not in the lists is shown as an error and filters nothing.

    The year stands in it too, so that a link that somebody passes on shows the same.
    """

    lihat = forms.CharField(required=False, widget=forms.HiddenInput)  # which part of a page
    tahun = forms.TypedChoiceField(label=_("Fiscal year"), required=False, coerce=int, empty_value=None)
    period = forms.ChoiceField(label=_("Period"), required=False)
    agency = forms.TypedChoiceField(label=_("OPD"), required=False, coerce=int, empty_value=None)
    domain = forms.TypedChoiceField(label=_("SPM domain"), required=False, coerce=int, empty_value=None)
    region = forms.TypedChoiceField(label=_("Regency or city"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: QueryDict, *, year: int) -> None:
        self.year = year
        super().__init__(_in_year(data, year))
        quarters = [Period(year, PeriodKind.QUARTER, number) for number in range(1, LAST_QUARTER + 1)]
        years = {year, *workspace_years()}
        self._offer("tahun", [(str(each), str(each)) for each in sorted(years, reverse=True)])
        named = [(str(quarter), f"{_('quarter')} {quarter.number}") for quarter in quarters]
        self._offer("period", [("", _("the whole year")), *named])
        lists = reference()
        self._offer("agency", [("", _("All OPD")), *((str(row.pk), row.label) for row in lists.agencies_of(year))])
        self._offer("domain", [("", _("All domains")), *((str(row.pk), row.name) for row in lists.domains)])
        self._offer("region", [("", _("All regions")), *((str(row.pk), row.name) for row in lists.regions)])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def dashboard_filter(self) -> DashboardFilter:
        self.is_valid()
        values = self.cleaned_data
        quarter = Period.parse(values["period"]).number if values.get("period") else None
        return DashboardFilter(self.year, quarter, values.get("agency"), values.get("domain"), values.get("region"))


def _in_year(data: QueryDict, year: int) -> QueryDict:
    """The address with this year, also in the quarter: whoever chooses another year keeps looking at the same
    quarter."""
    changed = data.copy()
    changed["tahun"] = str(year)
    try:
        period = Period.parse(data.get("period", ""))
    except ValueError:
        return changed
    if period.kind == PeriodKind.QUARTER:
        changed["period"] = str(Period(year, PeriodKind.QUARTER, period.number))
    return changed
