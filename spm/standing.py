"""Where the index of a place stands: the month that speaks for a period, its coverage, its category, and the change
since the same month of the year before. Page, tile, briefing, report and open data ask here."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.models import PROVINCE_KEMENDAGRI_CODE
from core.periods import Period
from spm.choices import GovernmentLevel, IndexLevel
from spm.index import Band, category
from spm.index_explanation import bands_of, version_of
from spm.models import IndexValue
from spm.periods import month_of, year_before


@dataclass(frozen=True)
class IndexStanding:
    """`base` is the month that `change` (points) is counted from; `band` is None while something is not entered."""

    value: IndexValue
    month: Period
    base: Period
    change: Decimal | None
    band: Band | None

    @property
    def index(self) -> Decimal:
        assert self.value.index is not None  # noqa: S101 (rows without one have no standing)
        return self.value.index


def standing(
    period: Period,
    government: str = GovernmentLevel.PROVINCE,
    *,
    domain: int | None = None,
    region: int | None = None,
) -> IndexStanding | None:
    """Of the province or a region, of all domains or one. None where nothing was entered. Four queries."""
    month = month_of(period, government)
    if month is None:
        return None
    base = year_before(month)
    place = {"region": region} if region else {"region__kemendagri_code": PROVINCE_KEMENDAGRI_CODE}
    subject = {"level": IndexLevel.DOMAIN, "domain": domain} if domain else {"level": IndexLevel.REGION}
    rows = IndexValue.objects.filter(government=government, period__in=[month, base], **place, **subject)
    by_month = {row.period: row for row in rows}
    now = by_month.get(month)
    if now is None or now.index is None:
        return None
    bands = bands_of(version_of(month.year))
    return IndexStanding(now, month, base, change(now, by_month.get(base)), band_of(now, bands))


def course(month: Period, months: int) -> list[tuple[Period, Decimal | None]]:
    """The province's index in the `months` up to `month`, the oldest first; None where nothing was entered. One
    query."""
    wanted = [month]
    while len(wanted) < months:
        wanted.insert(0, wanted[0].previous())
    known = dict(
        IndexValue.objects.filter(
            government=GovernmentLevel.PROVINCE,
            level=IndexLevel.REGION,
            region__kemendagri_code=PROVINCE_KEMENDAGRI_CODE,
            period__in=wanted,
        ).values_list("period", "index")
    )
    return [(each, known.get(each)) for each in wanted]


def change(now: IndexValue | None, before: IndexValue | None) -> Decimal | None:
    """In points; None without both."""
    if now is None or before is None or now.index is None or before.index is None:
        return None
    return now.index - before.index


def band_of(value: IndexValue | None, bands: Iterable[Band]) -> Band | None:
    """The category of a value; what is not entered in full has none."""
    return None if value is None or value.is_provisional else category(value.index, list(bands))
