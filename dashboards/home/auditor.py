"""The auditor's first page: what was raised lately, what waits to be looked at, and whether the evidence stands."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from core.formats import day, moment, number, rupiah_short
from dashboards.home.blocks import BlockLine, HomeBlock, first_rows, some_of
from dashboards.home.chain import evidence_chain
from procurement.choices import LeadState, PackageState, ProcessingState
from procurement.models import AuditExport, Flag, GateOverride, Lead, Package

LATELY = dt.timedelta(days=7)


def blocks(user: User, year: int, today: dt.date) -> list[HomeBlock]:
    return [
        _new_flags(user, year, today),
        _leads(user),
        _undeclared(user, year),
        _overrides(user, year),
        evidence_chain(),
        _exports(user),
    ]


def _new_flags(user: User, year: int, today: dt.date) -> HomeBlock:
    """By what is at stake: the ceiling of the package."""
    since = today - LATELY
    rows = Flag.objects.listed_for(user, year).findings().raised().filter(raised_at__date__gte=since)
    lines, count = first_rows(
        rows.select_related("package", "supplier", "agency").order_by(
            F("package__ceiling_rupiah").desc(nulls_last=True), "-raised_at", "-pk"
        ),
        _flag,
    )
    return HomeBlock(
        _("New red flags"),
        "alert-circle",
        _("No rule has raised anything in the last seven days."),
        lines,
        count,
        f"{reverse('procurement:flags')}?{urlencode({'aside': 'no', 'since': since.isoformat()})}",
        _("Raised since %(day)s, the largest packages first.") % {"day": day(since)},
    )


def _flag(row: Flag) -> BlockLine:
    about = row.package or row.supplier or row.agency or row.key
    where = f"{reverse('procurement:flags')}?{urlencode({'code': row.code})}"
    url = row.package.get_absolute_url() if row.package else where
    at_stake = rupiah_short(row.package.ceiling_rupiah) if row.package else ""
    return BlockLine(row.title, str(about), url, at_stake)


def _leads(user: User) -> HomeBlock:
    rows = Lead.objects.visible_to(user).found().filter(state=LeadState.OPEN)
    people = ("official", "interest", "supplier", "other_supplier", "package")
    lines, count = first_rows(
        rows.select_related(*people).order_by("-score", "-pk"),
        lambda row: BlockLine(
            str(row),
            str(row.package or ""),
            row.get_absolute_url(),
            _("strength %(score)s") % {"score": number(row.score, 2)},
        ),
    )
    return HomeBlock(
        _("Leads to look at"),
        "users",
        _("Every lead has been looked at."),
        lines,
        count,
        f"{reverse('procurement:leads')}?state={LeadState.OPEN}",
    )


def _undeclared(user: User, year: int) -> HomeBlock:
    rows = Package.objects.visible_to(user).of_year(year).without_declarations().filter(state=PackageState.PLANNED)
    lines, count = first_rows(
        rows.select_related("agency").order_by("-ceiling_rupiah", "rup_code"),
        lambda row: BlockLine(
            str(row), row.agency.short_name, row.get_absolute_url(), rupiah_short(row.ceiling_rupiah)
        ),
    )
    return HomeBlock(
        _("Declarations missing before the announcement"),
        "scale",
        _("Of every planned package all have declared."),
        lines,
        count,
        f"{reverse('procurement:packages')}?state={PackageState.PLANNED}&declarations=missing",
    )


def _overrides(user: User, year: int) -> HomeBlock:
    """Marked where whoever let a package pass belongs to the OPD that buys: allowed, and to be looked at."""
    own = Membership.objects.current().filter(user=OuterRef("by"), agency=OuterRef("package__agency"))
    rows = GateOverride.objects.filter(package__in=Package.objects.visible_to(user).of_year(year))
    lines, count = first_rows(
        rows.annotate(is_own=Exists(own)).select_related("package", "by").order_by("-is_own", "-at", "-pk"), _override
    )
    return HomeBlock(
        _("Let pass without complete declarations"),
        "lock-open",
        _("In this fiscal year no package was let pass without complete declarations."),
        lines,
        count,
    )


def _override(row: Any) -> BlockLine:
    mark, tone = (_("own OPD"), "warn") if row.is_own else ("", "quiet")
    said = f"{day(row.at)} · {row.by}: {row.reason}"
    return BlockLine(str(row.package), said, row.package.get_absolute_url(), mark, tone)


def _exports(user: User) -> HomeBlock:
    rows = AuditExport.objects.visible_to(user)
    lines, _count = some_of(_export(row) for row in rows[:5])
    return HomeBlock(
        _("Your last files"),
        "download",
        _("You have not taken a file away yet."),
        lines,
        len(lines),
        note=_("By its SHA-256 anybody can be told whether a file is the one that was issued."),
        shows_count=False,
    )


def _export(row: AuditExport) -> BlockLine:
    is_failed = row.state == ProcessingState.FAILED
    detail = f"{moment(row.made_at)} · SHA-256 {row.sha256[:16]}…" if row.sha256 else moment(row.made_at)
    return BlockLine(
        str(row),
        detail,
        reverse("procurement:audit-file", args=[row.pk]),
        row.get_state_display(),
        "bad" if is_failed else "quiet",
    )
