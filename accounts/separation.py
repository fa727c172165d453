"""Separation of duties: nobody decides on what concerns themselves, in one rule for every act of deciding.

Who typed, sent, declared or is named in a matter does not decide on it, nor does anybody who stands in for such a
person; a head who has lent the role does not act in it meanwhile. Where nobody is left on a rung of the ladder, the
next higher one decides and is told. The rule itself is SQL (`accounts_deciders`, migration 0004), so that services and
triggers ask the same; docs/separation.md is the table of acts and relations. Sources: UU 30/2014 art. 42 to 45,
Permenpan RB 17/2024 (conflict of interest), PP 60/2008 (internal control).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, TextField, Value
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User, held_roles_of
from accounts.services import notify
from core.access import names
from core.choices import AGENCY_ROLES, Role

Rows = TypeVar("Rows", bound="models.QuerySet[Any, Any]")


class Relation(models.TextChoices):
    """What ties a person to a matter, as the reason of a refusal says it."""

    TYPED = "typed", _("you entered figures or papers of it")
    SENT = "sent", _("you sent it")
    DECLARED = "declared", _("it is your own declaration")
    ASKED = "asked", _("it is your own request")
    NAMED = "named", _("you are named in it")
    DECIDED = "decided", _("you decided on it one step earlier")


@dataclass(frozen=True)
class Act:
    """An act of deciding. `concerned` is the SQL function that gives (user_id, relation) of a row's key; `ladder` are
    the roles that decide, the nearest first."""

    concerned: str
    ladder: tuple[Role, ...]

    def people(self, pk: int) -> dict[int, Relation]:
        """Whom the row concerns, each by one relation. One query."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT user_id, min(relation) FROM {self.concerned}(%s) GROUP BY user_id", [pk])  # noqa: S608 (a constant of ours)
            return {user: Relation(relation) for user, relation in cursor.fetchall()}

    def deciders(self, pk: int, agency_id: int | None) -> dict[int, Role]:
        """Who may decide on the row now, by which role: everybody on the nearest rung on which somebody is left."""
        sql = f"SELECT user_id, role FROM accounts_deciders(%s, ARRAY(SELECT user_id FROM {self.concerned}(%s)), %s)"  # noqa: S608 (a constant of ours)
        with connection.cursor() as cursor:
            cursor.execute(sql, [agency_id, pk, list(self.ladder)])
            return {user: Role(role) for user, role in cursor.fetchall()}

    def tell(self, pk: int, agency_id: int | None, text: str, url: str) -> None:
        """A notice to those who decide; a higher rung is told why it comes to them."""
        found = self.deciders(pk, agency_id)
        if found and self.ladder[0] not in found.values():
            why = _now("It comes to you because nobody nearer to it is left who may decide.")
            text = f"{text[: 300 - len(why) - 1]} {why}"
        notify(User.objects.filter(pk__in=found), text, url)

    def waiting_for(self, rows: Rows, user: User, *, agency: str = "agency_id") -> Rows:
        """Those of the rows that this person may decide on; `agency` is the column of the row's OPD, empty for
        matters of no OPD. A list is as of the beginning of the request; `check` asks anew."""
        held = user.held_roles
        concerned = Q(self._concerns([user.pk]))
        for _role, agency_id, lender in held:
            if lender and agency:
                concerned |= Q(**{agency: agency_id}) & Q(self._concerns([lender]))
        mine = Q(pk__in=[])
        for role, agency_id, _lender in held:
            if role == self.ladder[0]:
                mine |= (Q(**{agency: agency_id}) if role in AGENCY_ROLES else Q(pk__isnull=False)) & ~concerned
        if any(role in self.ladder[1:] for role, _agency, _lender in held):
            mine |= self._left_by_the_nearest(agency) & Q(self._decides(user, agency))
        return rows.filter(mine)

    def check(self, user: User, pk: int, agency_id: int | None) -> None:
        """Raises PermissionDenied with the reason, and who decides instead, unless this person may decide on the
        row."""
        deciders = self.deciders(pk, agency_id)
        if user.pk not in deciders:
            raise PermissionDenied(f"{self._why_not(user, pk, agency_id)} {_instead(deciders)}")

    def loan(self, user: User, agency_id: int | None) -> Membership | None:
        """The loan by which this person decides here; None in a role of one's own. Asked anew, as `check` is."""
        return loan_of(user, agency_id, self.ladder)

    def lender(self, user: User, agency_id: int | None) -> User | None:
        """For whom this person decides here: what the decision's row and the trail keep."""
        loan = self.loan(user, agency_id)
        return loan.delegated_by if loan is not None else None

    def _concerns(self, people: Collection[int]) -> Func:
        """Whether the row concerns one of these people."""
        return Func(
            F("pk"),
            Value(list(people), output_field=ArrayField(BigIntegerField())),
            template="EXISTS (SELECT FROM %(function)s(%(expressions)s))",
            function=self.concerned,
            arg_joiner=") c WHERE c.user_id = ANY (",
            output_field=BooleanField(),
        )

    def _decides(self, user: User, agency: str) -> Func:
        people = Func(
            F("pk"),
            template="ARRAY(SELECT c.user_id FROM %(function)s(%(expressions)s) c)",
            function=self.concerned,
            output_field=ArrayField(BigIntegerField()),
        )
        person = Value(user.pk, output_field=BigIntegerField())
        ladder = Value(list(self.ladder), output_field=ArrayField(TextField()))
        where = F(agency) if agency else Value(None, output_field=BigIntegerField())
        return Func(person, where, people, ladder, function="accounts_decides", output_field=BooleanField())

    def _left_by_the_nearest(self, agency: str) -> Q:
        """Rows of OPD in which nobody holds the nearest role, and rows that concern somebody who holds it: without this
        the rule would be asked of every row."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT agency_id, user_id, lender_id FROM accounts_holder WHERE role = %s AND NOT rests",
                [self.ladder[0]],
            )
            found = cursor.fetchall()
        people = {person for _agency, *persons in found for person in persons if person}
        if self.ladder[0] in AGENCY_ROLES:
            return ~Q(**{f"{agency}__in": {agency_id for agency_id, *_persons in found}}) | Q(self._concerns(people))
        return Q(self._concerns(people)) if found else Q(pk__isnull=False)

    def _why_not(self, user: User, pk: int, agency_id: int | None) -> str:
        people = self.people(pk)
        if user.pk in people:
            return _now("You do not decide on this: %(why)s.") % {"why": people[user.pk].label}
        if reason := _loan_in_the_way(user, agency_id, people):
            return reason
        if user.is_active and user.has_role(*self.ladder):
            return _now("Somebody nearer to it decides on this.")
        return _now("Only these roles decide on this: %(roles)s.") % {"roles": names(self.ladder)}


def loan_of(user: User, agency_id: int | None, ladder: Sequence[Role]) -> Membership | None:
    """The loan by which a person acts here: of the roles held, the nearest on the ladder counts."""
    held = [
        (ladder.index(Role(role)), lender)
        for role, where, lender in held_roles_of(user.pk)
        if role in ladder and (where is None or where == agency_id)
    ]
    rung, lender = min(held, default=(0, None), key=lambda each: each[0])
    if lender is None:
        return None
    loans = Membership.objects.delegations().filter(_at(agency_id)).select_related("delegated_by", "agency")
    return loans.filter(user=user, role=ladder[rung], delegated_by=lender).first()


def _at(agency_id: int | None) -> Q:
    """Memberships that count at the OPD: at a former one those of its successor, as `accounts_holder` says it."""
    return Q(agency=agency_id) | Q(agency__continues=agency_id) if agency_id else Q(agency__isnull=True)


def require_unconcerned(user: User, agency_id: int | None, people: Mapping[int, Relation]) -> None:
    """For what several roles may do side by side (looking behind a mask): nobody whom the matter concerns, nobody who
    stands in for such a person, no head who has lent the role. Raises PermissionDenied."""
    if user.pk in people:
        raise PermissionDenied(_now("This is not for you: %(why)s.") % {"why": people[user.pk].label})
    if reason := _loan_in_the_way(user, agency_id, people):
        raise PermissionDenied(reason)


def require_holder(user: User, agency_id: int | None, *roles: Role) -> None:
    """Who holds one of the roles at this moment, at this OPD where it is a role of an OPD. Asked anew: the account may
    have been closed, or the role ended, since the request began. Raises PermissionDenied."""
    for role, where, _lender in held_roles_of(user.pk):
        if role in roles and (where is None or where == agency_id):
            return
    raise PermissionDenied(_now("Only these roles may do that: %(roles)s.") % {"roles": names(roles)})


def _loan_in_the_way(user: User, agency_id: int | None, people: Mapping[int, Relation]) -> str:
    loans = Membership.objects.in_force().filter(_at(agency_id)).select_related("user", "delegated_by")
    lent_by = loans.filter(user=user, delegated_by__in=people).first()
    if lent_by is not None:
        return _now("You stand in for %(lender)s, whom this concerns: a role that is lent does not cover that.") % {
            "lender": lent_by.delegated_by
        }
    lent_to = loans.filter(delegated_by=user, user__is_active=True).first()
    if lent_to is not None:
        return _now("Your role is lent to %(person)s: end that first to act in it yourself.") % {"person": lent_to.user}
    return ""


def _instead(deciders: Mapping[int, Role]) -> str:
    if not deciders:
        return _now("Nobody is left who may: ask an administrator.")
    people = User.objects.filter(pk__in=deciders).order_by("full_name")[:3]
    return _now("It is decided by: %(people)s.") % {"people": ", ".join(str(person) for person in people)}
