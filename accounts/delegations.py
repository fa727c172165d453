"""Standing in: a head lends the role at an OPD for some days. Who stands in never decides on the lender's own matters,
and the lender does not act in the role meanwhile (accounts.separation)."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import MOST_DAYS_AHEAD, MOST_LOAN_DAYS, Agency, Membership, User
from accounts.services import notify
from core import audit
from core.choices import Role
from core.permissions import allowed


def check_may_lend(head: User, agency: Agency) -> None:
    """The head, by an own membership: a role that is lent is not lent on."""
    own = Membership.objects.in_force().filter(user=head, role=Role.AGENCY_HEAD, agency=agency)
    if not head.is_active or not own.filter(delegated_by__isnull=True).exists():
        raise ValidationError(_("Only the head of the OPD can let somebody stand in."))


may_lend = allowed(check_may_lend)


@transaction.atomic
def delegate(*, head: User, agency: Agency, to: User, first_day: dt.date, last_day: dt.date, reason: str) -> Membership:
    """Lend the head's role at an OPD to somebody for some days. Raises ValidationError."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)  # two loans at once would both find the days free
    check_may_lend(head, agency)
    _check_days(first_day, last_day)
    _check_person(head, agency, to)
    _check_free(head, agency, to, first_day, last_day)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why somebody has to stand in.")})
    audit.with_reason(reason)
    row, _made = Membership.objects.update_or_create(
        user=to,
        role=Role.AGENCY_HEAD,
        agency=agency,
        defaults={"delegated_by": head, "first_day": first_day, "last_day": last_day, "reason": reason.strip()[:300]},
    )
    audit.record(
        "delegation.given", row, by=head, reason=reason, first_day=str(first_day), last_day=str(last_day), to=str(to)
    )
    said = _("You stand in for the head of %(agency)s from %(first)s to %(last)s, but not in what concerns the head.")
    days = {"agency": agency, "first": f"{first_day:%d/%m/%Y}", "last": f"{last_day:%d/%m/%Y}"}
    notify([to], said % days, reverse("accounts:delegations"))
    return row


@transaction.atomic
def end_delegation(*, head: User, pk: int) -> bool:
    """Take a delegation back. False when there is none of one's own."""
    row = Membership.objects.delegations().filter(pk=pk, delegated_by=head).select_related("user", "agency").first()
    if row is None:
        return False
    audit.record("delegation.ended", row, by=head, to=str(row.user))
    text = _("You no longer stand in for the head of %(agency)s.") % {"agency": row.agency}
    notify([row.user], text, reverse("accounts:delegations"))
    row.delete()
    return True


def loans_over(user: User) -> "models.QuerySet[Any]":
    """Loans that are over or were taken back, the latest first: one's own on either side, to the auditor all of them.

    They stand in the history, which nobody changes: the row itself goes when a loan is taken back.
    """
    history: Any = Membership.pgh_event_model  # type: ignore[attr-defined]  # django-pghistory adds it
    events: models.QuerySet[Any] = history.objects.filter(delegated_by__isnull=False)
    given = events.exclude(pgh_label="delete")
    if not user.has_role(Role.AUDITOR):
        given = given.filter(Q(delegated_by=user) | Q(user=user))
    later = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__gt=OuterRef("pgh_id"))
    newest = given.filter(~Exists(later.filter(pgh_label="update", last_day=OuterRef("last_day"))))
    ended = later.filter(pgh_label="delete", last_day=OuterRef("last_day")).order_by("pgh_id")
    rows = newest.annotate(taken_back_at=Subquery(ended.values("pgh_created_at")[:1]))
    over = Q(taken_back_at__isnull=False) | Q(last_day__lt=timezone.localdate())
    found: models.QuerySet[Any] = rows.filter(over).select_related("user", "agency", "delegated_by")
    return found.order_by("-pgh_id")


def _check_days(first_day: dt.date, last_day: dt.date) -> None:
    if first_day < timezone.localdate():
        problem = _("The first day is today or later: nobody stood in before they were asked.")
        raise ValidationError({"first_day": problem})
    if (first_day - timezone.localdate()).days > MOST_DAYS_AHEAD:
        problem = _("A loan begins within %(days)s days from today; lend it when the day is nearer.") % {
            "days": MOST_DAYS_AHEAD
        }
        raise ValidationError({"first_day": problem})
    if last_day < first_day:
        raise ValidationError({"last_day": _("The last day cannot be before the first.")})
    if (last_day - first_day).days >= MOST_LOAN_DAYS:
        problem = _("A role is lent for at most %(days)s days; lend it again when needed.") % {"days": MOST_LOAN_DAYS}
        raise ValidationError({"last_day": problem})


def _check_person(head: User, agency: Agency, to: User) -> None:
    if to.pk == head.pk:
        raise ValidationError({"to": _("Choose somebody else than yourself.")})
    if not User.objects.members_of(agency).filter(pk=to.pk).exists():
        raise ValidationError({"to": _("Choose somebody who works at this OPD and whose account is active.")})
    if Membership.objects.filter(user=to, role=Role.AGENCY_HEAD, agency=agency, delegated_by__isnull=True).exists():
        raise ValidationError({"to": _("This person is head of the OPD already.")})


def _check_free(head: User, agency: Agency, to: User, first_day: dt.date, last_day: dt.date) -> None:
    """One person answers for the OPD at a time."""
    there = Membership.objects.delegations().filter(agency=agency).select_related("user")
    overlapping = Q(delegated_by=head, first_day__lte=last_day, last_day__gte=first_day)
    of_this_person = Q(user=to, last_day__gte=timezone.localdate())  # whose days a second loan would overwrite
    other = there.filter(overlapping | of_this_person).first()
    if other is not None and other.first_day and other.last_day:
        raise ValidationError(
            _("%(person)s stands in from %(first)s to %(last)s already: end that first. One person answers at a time.")
            % {"person": other.user, "first": f"{other.first_day:%d/%m/%Y}", "last": f"{other.last_day:%d/%m/%Y}"}
        )
