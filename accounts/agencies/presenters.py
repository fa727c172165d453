"""What the pages of OPD show: before a change what would go where, afterwards what went."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.http import QueryDict

from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.holdings import holdings
from accounts.agencies.models import AgencyChange, AgencyMove
from accounts.agencies.services import STAYS, Moving, Plan, what_moves
from accounts.models import Agency, AgencyQuerySet, Membership

CHOSEN_UP_TO = 300  # rows of a kind of which each has its own choice; beyond, they go where the first part goes
NAMED = 8  # rows of a kind that a page names
STAYING = "stay"


@dataclass
class MovingKind:
    """One kind of rows in the preview: how many, where to, and in a split each with its choice."""

    label: str
    count: int
    parts: list[tuple[str, int]] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    choices: list[dict[str, Any]] = field(default_factory=list)

    @property
    def unnamed(self) -> int:
        return self.count - len(self.named)


def field_name(moving: Moving) -> str:
    return f"to-{moving.holding.name}-{moving.row.pk}"


def chosen_in(data: QueryDict, plan: Plan) -> Mapping[tuple[str, int], int | None]:
    """Where single rows go, as the page's lists say; what is no part of the change is not looked at."""
    found: dict[tuple[str, int], int | None] = {}
    for moving in what_moves(plan):
        said = data.get(field_name(moving), "")
        if said == STAYING and moving.holding.model is Membership:
            found[moving.holding.name, moving.row.pk] = STAYS
        elif said.isascii() and said.isdecimal() and int(said) < len(plan.targets):
            found[moving.holding.name, moving.row.pk] = int(said)
    return found


def preview(plan: Plan) -> dict[str, Any]:
    moving = what_moves(plan)
    is_split = plan.kind == AgencyChangeKind.SPLIT
    return {
        "plan": plan,
        "kinds": [_kind(plan, each.label, rows, is_split) for each in holdings() if (rows := _of(moving, each.name))],
        "seen": digest(plan),
        "is_empty": not moving,
    }


def _of(moving: list[Moving], name: str) -> list[Moving]:
    return [each for each in moving if each.holding.name == name]


def _kind(plan: Plan, label: Any, rows: list[Moving], is_split: bool) -> MovingKind:
    counts = Counter(each.target for each in rows)
    shown = MovingKind(str(label), len(rows), named=[each.said for each in rows[:NAMED]])
    if is_split:
        shown.parts = [(target.short_title, counts[place]) for place, target in enumerate(plan.targets)]
    # Who leads and who types is a person's decision in a merger as well: two heads remain, or one.
    if is_split or (plan.kind == AgencyChangeKind.MERGE and rows[0].holding.model is Membership):
        free = [each for each in rows if each.is_chosen]
        if len(free) <= CHOSEN_UP_TO:
            shown.choices = [_choice(plan, each) for each in free]
    return shown


def _choice(plan: Plan, moving: Moving) -> dict[str, Any]:
    options = [(str(place), target.short_title) for place, target in enumerate(plan.targets)]
    return {
        "name": field_name(moving),
        "said": moving.said,
        "options": options,
        "chosen": STAYING if moving.target is None else str(moving.target),
        "may_stay": moving.holding.model is Membership,
    }


def digest(plan: Plan) -> str:
    """What the preview was of: a form that says something else by now is shown again before it is carried out."""
    targets = [
        (target.existing.pk if target.existing else 0, target.code, target.name, target.short_name)
        for target in plan.targets
    ]
    said = (plan.agency.pk, str(plan.kind), plan.day.isoformat(), plan.basis.strip(), plan.reason.strip(), targets)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def columns_without_anything(agencies: AgencyQuerySet) -> list[str]:
    """The columns about changes that are empty for each of them, as they all are until the first OPD changes."""
    names = ("opened_on", "closed_on", "continued_by")
    counts = agencies.order_by().aggregate(**{f"{name}_count": Count(name) for name in names})
    return [name for name in names if not counts[f"{name}_count"]]


def agency_page(agency: Agency) -> dict[str, Any]:
    """Its own changes and those that brought it something, each with what went."""
    changes = list(
        AgencyChange.objects.filter(pk__in=AgencyMove.objects.filter(successor=agency).values("change"))
        | AgencyChange.objects.filter(agency=agency)
        | AgencyChange.objects.filter(successor=agency)
    )
    rows = AgencyChange.objects.filter(pk__in=[each.pk for each in changes]).select_related("agency", "successor", "by")
    counts = AgencyMove.objects.filter(change__in=rows).order_by().values("change", "holding", "successor__short_name")
    labels = {each.name: str(each.label) for each in holdings()}
    went: dict[int, list[tuple[str, str, int]]] = {}
    for found in counts.annotate(count=Count("pk")).order_by("holding", "successor__short_name"):
        entry = (labels.get(found["holding"], found["holding"]), found["successor__short_name"], found["count"])
        went.setdefault(found["change"], []).append(entry)
    return {"agency": agency, "changes": [(change, went.get(change.pk, [])) for change in rows]}
