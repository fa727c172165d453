"""What the dashboards are narrowed to: year, quarter, OPD, SPM domain, region. All of it stands in the address."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from core.looks import BootstrapFormMixin
from core.models import Region
from core.periods import Period, PeriodKind
from spm.models import Domain

LAST_QUARTER = 4


def link(name: str, **filters: object) -> str:
    query = urlencode({key: value for key, value in filters.items() if value not in (None, "")})
    return f"{reverse(name)}?{query}" if query else reverse(name)


@dataclass(frozen=True)
class Narrowing:
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
    def is_narrow(self) -> bool:
        return any((self.quarter, self.agency, self.domain, self.region))

    @property
    def key(self) -> str:
        """For caches."""
        return f"{self.year}-{self.quarter}-{self.agency}-{self.domain}-{self.region}"

    def link(self, name: str, **more: object) -> str:
        """The address of the rows behind a figure: a list with the same narrowing. `more` adds or, by None, drops."""
        filters: dict[str, object] = {
            "tahun": self.year,
            "period": str(self.period) if self.quarter else None,
            "agency": self.agency,
            "domain": self.domain,
            "region": self.region,
        }
        return link(name, **(filters | more))


class NarrowForm(BootstrapFormMixin, forms.Form):
    """Read from the address; a value that is not in the lists is shown as an error and narrows nothing."""

    period = forms.ChoiceField(label=_("Period"), required=False)
    agency = forms.ModelChoiceField(Agency.objects.all(), label=_("OPD"), required=False, empty_label=_("All OPD"))
    domain = forms.ModelChoiceField(
        Domain.objects.all(), label=_("SPM domain"), required=False, empty_label=_("All domains")
    )
    region = forms.ModelChoiceField(
        Region.objects.regencies(), label=_("Regency or city"), required=False, empty_label=_("All regions")
    )

    def __init__(self, data: QueryDict, *, year: int) -> None:
        self.year = year
        super().__init__(data)
        quarters = [Period(year, PeriodKind.QUARTER, number) for number in range(1, LAST_QUARTER + 1)]
        field: Any = self.fields["period"]
        field.choices = [
            ("", _("the whole year")),
            *((str(quarter), f"{_('quarter')} {quarter.number}") for quarter in quarters),
        ]

    def narrowing(self) -> Narrowing:
        self.is_valid()
        values = self.cleaned_data
        quarter = Period.parse(values["period"]).number if values.get("period") else None

        def pk(name: str) -> int | None:
            row = values.get(name)
            return row.pk if row else None

        return Narrowing(self.year, quarter, pk("agency"), pk("domain"), pk("region"))
