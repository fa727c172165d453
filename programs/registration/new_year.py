"""A new fiscal year's programmes out of last year's: what would be copied, what is there already, which codes changed.

Read before anything is written, by the page that shows it and again by the service that copies.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounts.agencies.models import AgencyMove
from accounts.models import Agency
from programs.choices import CodeFate, ProgramState, TargetChoice
from programs.models import Activity, Nomenclature, Program, SubActivity
from programs.registration.beginnings import Beginning, beginning, year_results
from programs.registration.successors import Successor, successors


@dataclass(frozen=True)
class SubActivityCopy:
    """A sub-activity whose year to come SIPD's list gave a ceiling; `ceiling` is that."""

    sub_activity: SubActivity
    code: Nomenclature


@dataclass(frozen=True)
class ActivityCopy:
    activity: Activity
    successor: Successor
    sub_activities: list[SubActivityCopy]


@dataclass(frozen=True)
class ProgramCopy:
    """One programme as it would be in the new year. `there` is the one that bears its code in that year already."""

    source: Program
    successor: Successor
    there: Program | None
    beginnings: list[Beginning]
    activities: list[ActivityCopy]
    left_out: list[str]
    loses_plan: bool

    @property
    def may_be_copied(self) -> bool:
        return self.there is None and self.successor.code is not None

    @property
    def is_gone(self) -> bool:
        return self.successor.fate == CodeFate.GONE

    def name_under(self, code: Nomenclature | None) -> str:
        """A programme that is named as its code was takes the code's new name; one with a name of its own keeps it."""
        named_by_code = self.source.name.casefold() == self.source.nomenclature.name.casefold()
        return code.name if code is not None and named_by_code else self.source.name

    @property
    def budget_rupiah(self) -> Decimal:
        """What SIPD's list foresaw for the year, where it did; else last year's, to be changed."""
        foreseen = [
            sub.sub_activity.ceiling_next_year_rupiah or Decimal(0)
            for each in self.activities
            for sub in each.sub_activities
        ]
        return sum(foreseen, Decimal(0)) or self.source.budget_rupiah

    @property
    def sub_activity_count(self) -> int:
        return sum(len(each.sub_activities) for each in self.activities)


def sources(agency: Agency, year: int) -> QuerySet[Program]:
    """The programmes of the year before, those of the OPD that this one continues among them: their year is over, and
    stays under their name."""
    formers = AgencyMove.objects.filter(successor=agency).values("former")
    own = Q(agency=agency) | Q(agency__continued_by=agency)
    taken_over = Q(agency__in=formers, agency__closed_on__isnull=False, state=ProgramState.REGISTERED)
    return Program.objects.of_year(year - 1).filter(own | taken_over)


def copies(
    rows: QuerySet[Program], agency: Agency, year: int, choice: TargetChoice = TargetChoice.EMPTY
) -> list[ProgramCopy]:
    """How each of `rows` would be in the year, at the OPD. A fixed number of queries."""
    programs = list(
        rows.select_related("agency", "nomenclature", "plan_item__document", "evidence_series__source")
        .prefetch_related(
            "indicators__unit",
            "indicators__targets",
            "activities__nomenclature",
            "activities__legal_bases",
            "activities__sub_activities__nomenclature",
            "regions",
            "region_targets",
            "legal_bases",
        )
        .order_by("nomenclature__code", "pk")
    )
    follow = successors(_codes_of(programs), year)
    results = year_results(programs)
    there = list(Program.objects.of_year(year).filter(agency=agency).select_related("nomenclature").order_by("pk"))
    taken = set(SubActivity.objects.of_year(year).values_list("sbl_code", flat=True))
    often = Counter(code and code.code for row in programs for code in [follow[row.nomenclature_id].code])
    found = []
    for row in programs:
        successor = follow[row.nomenclature_id]
        activities, left_out = _activities(row, follow, taken)
        found.append(
            ProgramCopy(
                row,
                successor,
                bearing(there, successor.code, row.name, is_only=often[successor.code and successor.code.code] == 1),
                [beginning(each, results.get(each.pk), year, choice) for each in row.indicators.all()],
                activities,
                left_out,
                row.plan_item is not None and year not in row.plan_item.document.years,
            )
        )
    return found


def bearing(there: Iterable[Program], code: Nomenclature | None, name: str, *, is_only: bool) -> Program | None:
    """The programme that bears the code; where the code stands several times, the one that has the name as well."""
    if code is None:
        return None
    same = [row for row in there if row.nomenclature.code == code.code]
    named = [row for row in same if row.name.casefold() == name.casefold()]
    return next(iter(named or (same if is_only else [])), None)


def _codes_of(programs: Sequence[Program]) -> Iterable[Nomenclature]:
    for program in programs:
        yield program.nomenclature
        for activity in program.activities.all():
            yield activity.nomenclature
            for sub in activity.sub_activities.all():
                yield sub.nomenclature


def _activities(
    program: Program, follow: dict[int, Successor], taken: set[str]
) -> tuple[list[ActivityCopy], list[str]]:
    """The activities with their sub-activities, and what has no code to follow it."""
    found, left_out = [], []
    for activity in program.activities.all():
        successor = follow[activity.nomenclature_id]
        if successor.code is None:
            left_out.append(str(activity))
            continue
        subs = []
        for sub in activity.sub_activities.all():
            code = follow[sub.nomenclature_id].code
            if code is None:
                left_out.append(str(sub.nomenclature))
            elif sub.ceiling_next_year_rupiah and sub.sbl_code not in taken:
                subs.append(SubActivityCopy(sub, code))
        found.append(ActivityCopy(activity, successor, subs))
    return found, left_out
