"""The filter that every dashboard shares: year, quarter, OPD, SPM domain, region. All of it stands in the address."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.middleware import workspace_years
from core.forms import BootstrapFormMixin
from core.periods import Period, PeriodKind
from dashboards.reference_lists import reference

LAST_QUARTER = 4


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


class DashboardFilterForm(BootstrapFormMixin, forms.Form):
    """Read from the address; a value that is not in the lists is shown as an error and filters nothing.

    The year stands in it too, so that a link that somebody passes on shows the same.
    """

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
        self._offer("agency", [("", _("All OPD")), *((str(row.pk), row.name) for row in lists.agencies)])
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
    """The address with this year, also in the quarter: whoever chooses another year keeps looking at the same quarter."""
    changed = data.copy()
    changed["tahun"] = str(year)
    try:
        period = Period.parse(data.get("period", ""))
    except ValueError:
        return changed
    if period.kind == PeriodKind.QUARTER:
        changed["period"] = str(Period(year, PeriodKind.QUARTER, period.number))
    return changed
