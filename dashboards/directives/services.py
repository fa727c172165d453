"""Giving directives, answering them, and closing them: one transaction each."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_living
from accounts.services import notify
from core import audit
from core.choices import Role
from core.locks import wait_for_lock
from dashboards.choices import DIRECTIVE_TRANSITIONS
from dashboards.directives.conditions import lacking
from dashboards.directives.permissions import check_may_give, check_may_move
from dashboards.models import Directive, FollowUp
from programs.reports.attachments import accept

FOLDER = "directives"


@transaction.atomic
def give(*, values: Mapping[str, Any], by: User) -> Directive:
    """Record a directive under the year's next number, and tell the OPD. Raises ValidationError."""
    check_may_give(by)
    require_living(values["agency"])
    directive = Directive(given_by=by, **values)
    directive.year = directive.given_on.year
    wait_for_lock(f"directive-{directive.year}")  # two people at once do not take the same number
    last = Directive.objects.filter(year=directive.year).aggregate(last=Max("number"))["last"]
    directive.number = (last or 0) + 1
    directive.full_clean()
    directive.save()
    audit.record("directive.given", directive, by=by, agency=directive.agency_id, due_on=directive.due_on.isoformat())
    text = _("A directive of the governor, due on %(day)s: %(text)s") % {
        "day": f"{directive.due_on:%d/%m/%Y}",
        "text": directive.text[:120],
    }
    notify(_concerned(directive), text, directive.get_absolute_url())
    return directive


def _concerned(directive: Directive) -> list[User]:
    """The head and the operators of the OPD."""
    people = User.objects.heads_of(directive.agency) | User.objects.operators_of(directive.agency)
    return list(people.distinct())


@transaction.atomic
def follow_up(
    *,
    directive: Directive,
    by: User,
    text: str,
    percent: int | None,
    state: str,
    file: Any = None,
    lacking_reason: str = "",
) -> FollowUp:
    """A word on a directive, which may change its state. Raises ValidationError.

    The OPD reports progress (open) or says that it is carried out (answered); the governor's office closes it (done,
    withdrawn) or sends it back (open): `check_may_move` says who may say which.
    """
    directive = Directive.objects.select_for_update(of=("self",)).select_related("agency").get(pk=directive.pk)
    check_may_move(by, directive, state)
    if not text.strip():
        raise ValidationError({"text": _("Write what was done, or why.")})
    lacking_reason = lacking_reason.strip()
    missing = lacking(directive, state, percent=percent, has_proof=file is not None)
    if missing and not lacking_reason:
        said = _("To call it carried out, say why: %(missing)s.") % {"missing": "; ".join(missing)}
        raise ValidationError({"lacking_reason": said})
    row = FollowUp(directive=directive, text=text.strip(), percent=percent, state=state, by=by)
    row.lacking_reason = lacking_reason if missing else ""
    if file is not None:
        proof = accept(file, FOLDER)
        row.file_name, row.content_type = proof.name, proof.content_type
        row.sha256, row.stored_as = proof.sha256, proof.stored_as
    row.full_clean(exclude=["directive"])
    row.save()
    audit.with_reason(text.strip())
    if state != directive.state:
        directive.state = state
        directive.closed_at = None if DIRECTIVE_TRANSITIONS[state] else timezone.now()
        directive.save_next_version()
    audit.record(
        "directive.followed_up", directive, by=by, reason=text.strip(), state=state, sha256=row.sha256, missing=missing
    )
    is_office = by.has_role(Role.GOVERNORS_OFFICE)
    people = _concerned(directive) if is_office else list(User.objects.with_role(Role.GOVERNORS_OFFICE))
    said = _("%(who)s on directive %(number)s: %(text)s") % {
        "who": by,
        "number": directive.number_text,
        "text": text.strip()[:120],
    }
    notify([person for person in people if person.pk != by.pk], said, directive.get_absolute_url())
    return row


def remind(today: dt.date) -> int:
    """On the day before and on each Monday after the due day: the OPD that still owe something. How many directives."""
    tomorrow = today + dt.timedelta(days=1)
    due = Directive.objects.open().filter(due_on=tomorrow)
    late = Directive.objects.open().filter(due_on__lt=today) if today.weekday() == 0 else Directive.objects.none()
    count = 0
    for row in (due | late).select_related("agency"):
        text = _("Directive %(number)s is due on %(day)s.") % {
            "number": row.number_text,
            "day": f"{row.due_on:%d/%m/%Y}",
        }
        notify(_concerned(row), text, row.get_absolute_url())
        count += 1
    return count
