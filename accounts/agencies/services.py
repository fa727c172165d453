"""Renaming, merging and splitting OPD: one transaction, in which what is open goes over and everything is recorded."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import eq
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.agencies.choices import CODE, AgencyChangeKind
from accounts.agencies.holdings import Holding, holdings
from accounts.agencies.models import AgencyChange, AgencyMove
from accounts.agencies.permissions import check_may_change
from accounts.models import Agency, User
from accounts.proofs import record_roles
from accounts.services import notify
from core import audit
from core.text import plain

STAYS = None  # instead of a successor: the row goes nowhere
NAME_LENGTH = 300


@dataclass(frozen=True)
class Target:
    """Where rows go: an OPD that exists, or one that the change founds (`code`, `name`, `short_name`)."""

    existing: Agency | None = None
    code: str = ""
    name: str = ""
    short_name: str = ""

    @property
    def title(self) -> str:
        return self.existing.name if self.existing else self.name

    @property
    def short_title(self) -> str:
        return self.existing.short_name if self.existing else self.short_name


@dataclass(frozen=True)
class Plan:
    """A change before it is carried out. The first target keeps the papers of what is over; `chosen` says of single
    rows, by kind and key, to which target they go (its place in the list, or STAYS); what it doesn't name follows the
    row it hangs on, or goes to the first."""

    agency: Agency
    kind: str
    day: dt.date
    basis: str
    reason: str
    targets: Sequence[Target]
    chosen: Mapping[tuple[str, int], int | None] = field(default_factory=dict)

    @property
    def goes_on(self) -> bool:
        """Whether the OPD keeps a part for itself."""
        return any(target.existing == self.agency for target in self.targets)


# The OPD of today's kind began with PP 18/2016.
FIRST_DAY = dt.date(2017, 1, 1)


@dataclass(frozen=True)
class Moving:
    """A row that is open on the day, and the place of its target; None where it stays."""

    holding: Holding
    row: Any
    target: int | None
    is_chosen: bool = False  # it doesn't hang on another row, so that a person may say where it goes

    @property
    def said(self) -> str:
        return self.holding.said(self.row)[:NAME_LENGTH]


def what_moves(plan: Plan) -> list[Moving]:
    """Every row that is open on the day, and where it goes. Writes nothing."""
    went: dict[tuple[str, int], int | None] = {}
    found = []
    for holding in holdings():
        for row in holding.rows(plan.agency, plan.day):
            key = (holding.name, row.pk)
            leader = None
            if holding.follows is not None and (led := getattr(row, holding.follows[1])) is not None:
                leader = (holding.follows[0], led)
            target = went.get(leader) if leader in went else plan.chosen.get(key, 0)
            went[key] = target
            found.append(Moving(holding, row, target, leader not in went))
    return found


def check(plan: Plan) -> None:
    """Raises ValidationError, by field, where the change can't be as it is said."""
    problems: dict[str, str] = {}
    agency, today = plan.agency, timezone.localdate()
    if agency.closed_on is not None:
        raise ValidationError(_("%(agency)s no longer exists and cannot change any more.") % {"agency": agency.label})
    if plan.day > today:
        problems["day"] = _("Record the change on the day from which it counts, or later; today is %(day)s.") % {
            "day": f"{today:%d/%m/%Y}"
        }
    elif agency.opened_on is not None and plan.day <= agency.opened_on:
        problems["day"] = _("%(agency)s exists since %(day)s: choose a later day.") % {
            "agency": agency,
            "day": f"{agency.opened_on:%d/%m/%Y}",
        }
    elif problem := _out_of_order(plan):
        problems["day"] = problem
    problems |= _wrong_targets(plan)
    for name in ("reason", "basis"):
        if not getattr(plan, name).strip():
            problems[name] = _("Say why the OPD changes, and by which regulation.")
    if problems:
        raise ValidationError(problems)


def _out_of_order(plan: Plan) -> str:
    """Which OPD was which on a day is read off the changes: they are recorded in the order of their days."""
    if plan.day < FIRST_DAY:
        return _("Choose a day from %(day)s on.") % {"day": f"{FIRST_DAY:%d/%m/%Y}"}
    concerned = [plan.agency.pk, *(target.existing.pk for target in plan.targets if target.existing)]
    changes = AgencyChange.objects.filter(Q(agency__in=concerned) | Q(successor__in=concerned), day__gt=plan.day)
    later = changes.order_by("-day").first()
    if later is None:
        return ""
    return _("A change of %(agency)s counts from %(day)s already: choose that day or a later one.") % {
        "agency": later.agency,
        "day": f"{later.day:%d/%m/%Y}",
    }


def _wrong_targets(plan: Plan) -> dict[str, str]:
    least = 2 if plan.kind == AgencyChangeKind.SPLIT else 1
    if len(plan.targets) < least:
        return {"targets": _("Name at least two OPD that the parts go to.")}
    keys = [target.existing.pk for target in plan.targets if target.existing]
    if len(keys) != len(set(keys)):
        return {"targets": _("The same OPD is named twice.")}
    found = (_wrong_target(plan, target) for target in plan.targets)
    problem = next(filter(None, found), "")
    return {"targets": problem} if problem else {}


def _wrong_target(plan: Plan, target: Target) -> str:
    if target.existing is None:
        return _wrong_founding(plan, target)
    if not Agency.objects.living(plan.day).living().filter(pk=target.existing.pk).exists():
        text = _("%(agency)s did not exist on %(day)s; choose another OPD or a later day.")
        return text % {"agency": target.existing.label, "day": f"{plan.day:%d/%m/%Y}"}
    if target.existing == plan.agency and plan.kind != AgencyChangeKind.SPLIT:
        return _("Choose another OPD than the one that is merged.")
    return ""


def _wrong_founding(plan: Plan, target: Target) -> str:
    """What is in the way of a new OPD. Until it is founded the old one has its code and names, unless it goes on."""
    if not (target.code.strip() and target.name.strip() and target.short_name.strip()):
        return _("A new OPD needs its code, its name and its short name.")
    if not CODE.fullmatch(target.code.strip()):
        return _("%(code)s is not a code of an OPD, such as 1.01.2.22.0.00.01.0000.") % {"code": target.code}
    if plan.kind == AgencyChangeKind.RENAME and (target.name, target.short_name) == (
        plan.agency.name,
        plan.agency.short_name,
    ):
        return _("The new name is the old one.")
    others = Agency.objects.living()
    if not plan.goes_on:
        others = others.exclude(pk=plan.agency.pk)
    said = (target.code.strip(), plain(target.name), plain(target.short_name))
    taken = next(
        (each for each in others if any(map(eq, said, (each.code, plain(each.name), plain(each.short_name))))), None
    )
    if taken is not None:
        return _("%(agency)s (%(code)s, %(short)s) has this code or name already.") % {
            "agency": taken,
            "code": taken.code,
            "short": taken.short_name,
        }
    return ""


@transaction.atomic
def carry_out(plan: Plan, *, by: User) -> AgencyChange:
    """Close the OPD, found its successors, hand over what is open, and tell everybody concerned. Raises
    ValidationError."""
    check_may_change(by)
    agency = _locked(plan)
    plan = Plan(agency, plan.kind, plan.day, plan.basis.strip(), plan.reason.strip(), plan.targets, plan.chosen)
    check(plan)
    audit.with_reason(plan.reason)
    moving = what_moves(plan)
    people = {row.row.user_id for row in moving if row.holding.name == "member"}
    if not plan.goes_on:
        agency.closed_on = plan.day
        agency.save(update_fields=["closed_on"])
    successors = [target.existing or _founded(target, plan.day) for target in plan.targets]
    change = AgencyChange.objects.create(
        agency=agency,
        kind=plan.kind,
        day=plan.day,
        basis=plan.basis,
        reason=plan.reason,
        successor=agency if plan.goes_on else successors[0],
        by=by,
    )
    if not plan.goes_on:
        agency.continued_by = successors[0]
        agency.save(update_fields=["continued_by"])
        Agency.objects.filter(continued_by=agency).update(continued_by=successors[0])
    _hand_over(change, moving, agency, successors)
    _tell(change, moving, successors, people)
    return change


def _tell(change: AgencyChange, moving: list[Moving], successors: list[Agency], people: set[int]) -> None:
    """The trail, and those who work there."""
    agency = change.agency
    counts = {holding.name: sum(1 for row in moving if row.holding is holding) for holding in holdings()}
    audit.record(
        {
            AgencyChangeKind.RENAME: "agency.renamed",
            AgencyChangeKind.MERGE: "agency.merged",
            AgencyChangeKind.SPLIT: "agency.split",
        }[AgencyChangeKind(change.kind)],
        agency,
        by=change.by,
        reason=change.reason,
        day=change.day.isoformat(),
        basis=change.basis,
        successors=", ".join(str(each) for each in successors),
        moved={name: count for name, count in counts.items() if count},
    )
    concerned = User.objects.filter(pk__in=people)
    for user in concerned:
        record_roles(user, actor=change.by, reason=change.reason)
    said = _("%(agency)s: %(what)s, from %(day)s: %(successors)s.") % {
        "agency": agency.short_name,
        "what": AgencyChangeKind(change.kind).label,
        "day": f"{change.day:%d/%m/%Y}",
        "successors": ", ".join(each.short_name for each in successors),
    }
    notify(concerned.filter(is_active=True), said, agency.get_absolute_url())


def _locked(plan: Plan) -> Agency:
    """The OPD as it is now, and nobody closes it or a target meanwhile."""
    keys = {plan.agency.pk, *(target.existing.pk for target in plan.targets if target.existing)}
    rows = {row.pk: row for row in Agency.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    return rows[plan.agency.pk]


def _founded(target: Target, day: dt.date) -> Agency:
    row = Agency(
        code=target.code.strip(), name=target.name.strip(), short_name=target.short_name.strip(), opened_on=day
    )
    row.full_clean()
    row.save()
    return row


def _hand_over(change: AgencyChange, moving: list[Moving], agency: Agency, successors: list[Agency]) -> None:
    """The record first: what keeps its OPD otherwise goes by it alone."""
    going = [each for each in moving if each.target is not None and successors[each.target] != agency]
    AgencyMove.objects.bulk_create(
        [
            AgencyMove(
                change=change,
                holding=each.holding.name,
                table=each.holding.table,
                row=each.row.pk,
                name=each.said,
                former=agency,
                successor=successors[each.target],  # type: ignore[index]  # chosen above
            )
            for each in going
        ],
        batch_size=1_000,
    )
    for holding in holdings():
        for place, successor in enumerate(successors):
            keys = [each.row.pk for each in going if each.holding is holding and each.target == place]
            if keys:
                holding.move(keys, agency, successor, change.day)


def names_before(agency: Agency) -> list[Agency]:
    """The former OPD that this one is by another name: renamed, and renamed again, nothing else."""
    before = RawSQL(
        "SELECT b.agency_id FROM accounts_agencyname n "
        "JOIN accounts_agencyname b ON b.first_id = n.first_id AND b.place < n.place WHERE n.agency_id = %s",
        [agency.pk],
    )
    return list(Agency.objects.with_former().filter(pk__in=before).order_by("-closed_on"))
