"""Early warnings as matters: those of one cause and one OPD are one matter, ranked by what is lost if nothing is done
this week."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Agency
from dashboards.choices import WarningKind
from dashboards.early_warnings.rules.registry import rule_for
from dashboards.filters import link
from dashboards.models import EarlyWarning


@dataclass(frozen=True)
class Matter:
    """`rows` are the warnings, the weightiest first; `lost` is in people."""

    kind: WarningKind
    agency: Agency | None
    rows: Sequence[EarlyWarning]
    lost: float
    today: dt.date

    @property
    def sentence(self) -> str:
        return rule_for(self.kind).together(self.rows, self.today)

    @property
    def next_step(self) -> str:
        return rule_for(self.kind).next_step(self.rows[0].facts, self.today)

    @property
    def measure(self) -> str:
        return rule_for(self.kind).measure(self.rows)

    @property
    def people(self) -> int:
        return sum(row.people for row in self.rows)

    @property
    def rupiah(self) -> Decimal:
        return sum((row.rupiah for row in self.rows), Decimal(0))

    @property
    def url(self) -> str:
        """To the rows of a single warning, or to the warnings that make up the matter."""
        if len(self.rows) == 1:
            return self.rows[0].rows_url
        return link("warnings", tahun=self.rows[0].fiscal_year, kind=self.kind, agency=self.agency and self.agency.pk)

    @property
    def directive_url(self) -> str:
        """The form for a directive with all that the matter says; empty where no OPD is in charge."""
        return link("new-directive", warning=self.rows[0].pk) if self.agency else ""


def matters(rows: Iterable[EarlyWarning], today: dt.date) -> list[Matter]:
    """What is lost first. `rows` have their OPD at hand; no query."""
    together: dict[tuple[str, int | None], list[tuple[float, EarlyWarning]]] = defaultdict(list)
    for row in rows:
        together[row.kind, row.agency_id].append((rule_for(row.kind).lost(row, today), row))
    found = []
    for (kind, _agency), weighed in together.items():
        weighed.sort(key=lambda each: (-each[0], each[1].pk))
        parts = [row for _weight, row in weighed]
        found.append(Matter(WarningKind(kind), parts[0].agency, parts, sum(weight for weight, _row in weighed), today))
    return sorted(found, key=lambda matter: (-matter.lost, matter.rows[0].pk))


def matter_of(row: EarlyWarning, today: dt.date) -> Matter:
    """The matter that a warning belongs to now."""
    same = EarlyWarning.objects.filter(fiscal_year=row.fiscal_year, kind=row.kind, agency=row.agency)
    return matters({row, *same.active(today).select_related("agency")}, today)[0]
