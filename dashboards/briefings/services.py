"""Issuing the weekly briefing, and putting its parts in another order: one transaction each."""

import datetime as dt
import hashlib

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import notify
from core import audit
from core.choices import Role
from core.formats import day as date_text
from core.locks import wait_for_lock
from dashboards.briefings.document import Order, contents, order
from dashboards.briefings.pdf import pdf
from dashboards.briefings.permissions import check_may_issue, check_may_reorder
from dashboards.choices import BriefingPart
from dashboards.models import Briefing, BriefingSection
from dashboards.summaries import refresh as summaries


@transaction.atomic
def issue(*, year: int, today: dt.date, by: User | None) -> Briefing:
    """Bring the summaries up to date, gather, freeze, and tell the office. `by` None is the schedule."""
    if by is not None:
        check_may_issue(by)
    summaries.refresh(today)
    document, figures_now, now = contents(year, today)
    file = pdf(document)
    iso = today.isocalendar()
    week = f"{iso.year}-W{iso.week:02d}"
    number = (Briefing.objects.filter(week=week).aggregate(last=Max("number"))["last"] or 0) + 1
    row = Briefing.objects.create(
        fiscal_year=year,
        week=week,
        number=number,
        issued_by=by,
        as_of=now.as_of,
        content=document,
        numbers=figures_now,
        pdf=file,
        sha256=hashlib.sha256(file).hexdigest(),
    )
    audit.record("briefing.issued", row, by=by, week=week, number=number, sha256=row.sha256)
    people = User.objects.with_role(Role.GOVERNORS_OFFICE)
    if by is None:
        notify(
            people, _("The weekly briefing of %(day)s is ready.") % {"day": date_text(today)}, row.get_absolute_url()
        )
    return row


class OrderChanged(Exception):  # noqa: N818 (as core.versioning.Conflict: a state of affairs, answered with a page)
    """Somebody saved another order first; `order` is what stands now. The order is of many rows, so the edit names what
    its author saw of it, and not the version of one."""

    def __init__(self, order: Order) -> None:
        super().__init__(str(_("Somebody else has saved another order in the meantime.")))
        self.order = order


def as_seen(order: Order) -> str:
    """The order as an edit names it: `spm+,changes-`."""
    return ",".join(f"{part.value}{'+' if is_shown else '-'}" for part, is_shown in order)


@transaction.atomic
def reorder(*, parts: list[BriefingPart], hidden: set[BriefingPart], seen: str, by: User) -> None:
    """`seen` is the order that this one began from (`as_seen`). Raises OrderChanged when it is another by now, and
    ValidationError when a part is missing or named twice, or when nothing would be shown."""
    check_may_reorder(by)
    if sorted(parts) != sorted(BriefingPart):
        raise ValidationError(_("Every part of the briefing has one place."))
    if set(parts) <= hidden:
        raise ValidationError(_("Show at least one part."))
    wait_for_lock("briefing-order")  # until the transaction is over: the first order has no rows to lock
    now = order()
    if seen != as_seen(now):
        raise OrderChanged(now)
    for position, part in enumerate(parts, 1):
        BriefingSection.objects.update_or_create(
            part=part, defaults={"position": position, "is_shown": part not in hidden}
        )
    audit.record("briefing.reordered", None, by=by, parts=[str(part) for part in parts], hidden=sorted(hidden))


def is_due(today: dt.date) -> bool:
    """On the weekday set in BRIEFING_WEEKDAY, unless one was issued on that day already."""
    return (
        today.weekday() == settings.BRIEFING_WEEKDAY
        and not Briefing.objects.filter(issued_at__date=timezone.localdate(), issued_by__isnull=True).exists()
    )
