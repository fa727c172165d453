"""Keeps early warnings: raises and closes them, proves forecasts once the year shows it, silences, tells people."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.services import remind
from core import audit
from core.choices import Role
from core.decided import AlreadyDecided
from core.formats import day
from dashboards.choices import WarningKind
from dashboards.early_warnings import messages as warning_messages
from dashboards.early_warnings.permissions import check_may_silence
from dashboards.early_warnings.rules import registry
from dashboards.early_warnings.rules.base import FoundWarning
from dashboards.models import EarlyWarning
from dashboards.models.warnings import WarningQuerySet

ROW_SET = EarlyWarning.ROW_SET
LONGEST_SILENCE = dt.timedelta(days=92)
TOLD = 10  # warnings in one message


@transaction.atomic
def raise_warnings(year: int, today: dt.date) -> tuple[int, int]:
    """Find all of the year anew. Returns (newly raised, closed); what is found again keeps its first day and its
    silence."""
    found = {(each.kind.value, each.key): each for rule in registry.all_rules() for each in rule.find(year, today)}
    now = timezone.now()
    _pass_on(found.values())
    known = {(row.kind, row.key): row for row in EarlyWarning.objects.filter(fiscal_year=year).select_for_update()}
    new, again, closed = [], [], []
    for key, each in found.items():
        row = known.get(key)
        if row is None:
            new.append(_filled(EarlyWarning(kind=each.kind, key=each.key, fiscal_year=year), each, now))
        else:
            row.closed_at = None
            again.append(_filled(row, each, now))
    for key, row in known.items():
        if key not in found and row.closed_at is None:
            row.closed_at = now
            closed.append(row)
    EarlyWarning.objects.bulk_create(new)
    EarlyWarning.objects.bulk_update(
        again,
        ["agency", "facts", "people", "rupiah", "score", "seen_at", "closed_at", "subject", "url"],
        batch_size=500,
    )
    EarlyWarning.objects.bulk_update(closed, ["closed_at"], batch_size=500)
    return len(new), len(closed)


def _pass_on(found: Iterable[FoundWarning]) -> None:
    """What a former OPD has left undone is its successor's to do."""
    heirs = dict(Agency.objects.with_former().filter(continued_by__isnull=False).values_list("pk", "continued_by"))
    for each in found:
        if each.agency is not None:
            each.agency = heirs.get(each.agency) or each.agency


def _filled(row: EarlyWarning, each: FoundWarning, now: dt.datetime) -> EarlyWarning:
    row.agency_id, row.program_id = each.agency, each.program
    row.subject, row.url, row.facts = each.subject[:300], each.url[:300], each.facts
    row.people, row.rupiah, row.score, row.seen_at = each.people, each.rupiah, each.score, now
    return row


def counted_rows(number: int) -> list[int] | None:
    """What a warning has counted, for the list of those rows; None where it counts none."""
    facts = EarlyWarning.objects.filter(pk=number).values_list("facts", flat=True).first()
    return facts.get("rows") if facts else None


@transaction.atomic
def prove(year: int, today: dt.date) -> int:
    """Fill in `came_true` of the year's forecasts whose outcome is known. Returns how many were proved now.

    A year is over for this when January is: the reports of December are due by then.
    """
    if today < dt.date(year + 1, 2, 1):
        return 0
    judges = {rule.kind.value: rule.judge(year) for rule in registry.forecasts()}
    proved = []
    for row in EarlyWarning.objects.filter(fiscal_year=year, kind__in=judges, came_true__isnull=True):
        row.came_true = judges[row.kind](row)
        if row.came_true is not None:
            row.judged_at = timezone.now()
            proved.append(row)
    EarlyWarning.objects.bulk_update(proved, ["came_true", "judged_at"], batch_size=500)
    return len(proved)


@dataclass(frozen=True)
class HitRate:
    """How often warnings of a kind were right; `percent` of those that are proved."""

    kind: WarningKind
    raised: int
    right: int
    wrong: int

    @property
    def proved(self) -> int:
        return self.right + self.wrong

    @property
    def percent(self) -> Decimal | None:
        return Decimal(self.right) * 100 / self.proved if self.proved else None


def hit_rates(rows: WarningQuerySet) -> list[HitRate]:
    """One query."""
    counts = {
        kind: numbers
        for kind, *numbers in rows.order_by()
        .values_list("kind")
        .annotate(
            raised=Count("pk"),
            right=Count("pk", filter=Q(came_true=True)),
            wrong=Count("pk", filter=Q(came_true=False)),
        )
    }
    return [HitRate(kind, *counts.get(kind.value, (0, 0, 0))) for kind in WarningKind]


@transaction.atomic
def silence(*, row: EarlyWarning, until: dt.date, reason: str, by: User, today: dt.date) -> EarlyWarning:
    """Until a day within three months. Raises AlreadyDecided where somebody else has silenced it, ValidationError."""
    check_may_silence(by)
    row = EarlyWarning.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.silenced_until is not None and row.silenced_until >= today:
        raise AlreadyDecided(_("silenced until %(day)s") % {"day": day(row.silenced_until)}, row.silenced_by)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why the warning is silenced.")})
    if not today <= until <= today + LONGEST_SILENCE:
        raise ValidationError(
            {"until": _("Choose a day from today up to %(day)s.") % {"day": f"{today + LONGEST_SILENCE:%d/%m/%Y}"}}
        )
    audit.with_reason(reason.strip())
    row.silenced_until, row.silenced_by, row.silenced_because = until, by, reason.strip()[:500]
    row.save(update_fields=["silenced_until", "silenced_by", "silenced_because"])
    audit.record("warning.silenced", row, by=by, reason=reason.strip(), until=until.isoformat())
    return row


@transaction.atomic
def speak_again(*, row: EarlyWarning, by: User) -> EarlyWarning:
    """Raises ValidationError."""
    check_may_silence(by)
    row.silenced_until, row.silenced_by, row.silenced_because = None, None, ""
    row.save(update_fields=["silenced_until", "silenced_by", "silenced_because"])
    audit.record("warning.unsilenced", row, by=by, reason=_("Speaks again."))
    return row


def digest(today: dt.date) -> int:
    """What was raised since yesterday morning: to the office all of it, to each OPD its own. Returns how many were
    told."""
    since = timezone.now() - dt.timedelta(days=1)
    fresh = list(EarlyWarning.objects.active(today).filter(raised_at__gte=since).select_related("agency"))
    if not fresh:
        return 0
    url = reverse("warnings")
    told = remind(
        User.objects.with_role(Role.GOVERNORS_OFFICE),
        _subject(len(fresh), today),
        url,
        today,
        more=_lines(fresh, today),
    )
    by_agency: dict[Agency, list[EarlyWarning]] = defaultdict(list)
    for row in fresh:
        if row.agency is not None:
            by_agency[row.agency].append(row)
    for agency, rows in by_agency.items():
        subject = f"{agency.short_name}: {_subject(len(rows), today)}"
        told += remind(User.objects.members_of(agency), subject, url, today, more=_lines(rows, today))
    return told


def _subject(count: int, today: dt.date) -> str:
    return _("%(count)s new early warnings, %(day)s") % {"count": count, "day": f"{today:%d/%m/%Y}"}


def _lines(rows: list[EarlyWarning], today: dt.date) -> str:
    shown = sorted(rows, key=lambda row: row.score, reverse=True)[:TOLD]
    lines = [
        f"- {row.subject}\n  {warning_messages.reason(row)}\n  {warning_messages.next_step(row, today)}"
        for row in shown
    ]
    if len(rows) > TOLD:
        lines.append(_("and %(count)s more") % {"count": len(rows) - TOLD})
    return "\n".join(lines)
