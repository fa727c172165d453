"""The administrator's first page: who is missing or has too much, what changes soon, and whether the house runs."""

import datetime as dt
import shutil
from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import role_pairs
from accounts.models import Agency, Membership, User
from accounts.sign_in.codes import FACTORS
from core.choices import SECOND_FACTOR_ROLES
from core.formats import day, number
from core.tasks import FILES_MISSING
from dashboards.home.blocks import BlockLine, HomeBlock, first_rows, some_of
from dashboards.home.chain import evidence_chain
from dashboards.home.unattended import led_agencies, waiting_by_agency
from procurement.models import FlagLimit, FlagRule, MethodThreshold
from programs.models import NomenclatureVersion

FULL = 85  # per cent of the disk: time to act


def blocks(_user: User, year: int, today: dt.date) -> list[HomeBlock]:
    return [
        _without_head(),
        _never_signed_in(),
        _without_second_factor(),
        _two_roles(),
        _starting_soon(today),
        evidence_chain(),
        _house(),
        _reference(year),
    ]


def _without_head() -> HomeBlock:
    """Those in which papers wait first."""
    led = led_agencies()
    rows = list(Agency.objects.living().exclude(pk__in=led))
    waiting = waiting_by_agency(led) if rows else {}
    rows.sort(key=lambda row: (-waiting.get(row.pk, 0), row.name))
    lines, count = some_of(_headless(row, waiting.get(row.pk, 0)) for row in rows)
    return HomeBlock(_("OPD without a head in force"), "building", _("Every OPD has a head in force."), lines, count)


def _headless(agency: Agency, waiting: int) -> BlockLine:
    said = ngettext("%(count)s paper waits", "%(count)s papers wait", waiting) % {"count": waiting} if waiting else ""
    return BlockLine(agency.name, "", agency.get_absolute_url(), said, "bad")


def _person(user: User) -> BlockLine:
    return BlockLine(str(user), user.username, reverse("admin:accounts_user_change", args=[user.pk]))


def _never_signed_in() -> HomeBlock:
    rows = User.objects.filter(is_active=True, last_login__isnull=True).order_by("full_name", "pk")
    lines, count = first_rows(rows, _person)
    return HomeBlock(
        _("People who have never signed in"),
        "user",
        _("Everybody with an account has signed in."),
        lines,
        count,
        f"{reverse('admin:accounts_user_changelist')}?is_active__exact=1&last_login__isnull=True",
    )


def _without_second_factor() -> HomeBlock:
    """Of those whose role asks for one."""
    held = Membership.objects.in_force().filter(user=OuterRef("pk"), role__in=SECOND_FACTOR_ROLES)
    factor = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
    rows = User.objects.filter(Exists(held), ~Exists(factor), is_active=True).order_by("full_name", "pk")
    lines, count = first_rows(rows, _person)
    return HomeBlock(
        _("Without a second factor"),
        "key",
        _("Everybody whose role asks for a second factor has one."),
        lines,
        count,
        note=_("They set it up when they next sign in, before anything opens to them."),
    )


def _two_roles() -> HomeBlock:
    lines, count = some_of(
        BlockLine(
            str(each.user),
            ", ".join(str(membership) for membership in each.held),
            reverse("admin:accounts_user_change", args=[each.user.pk]),
            _("look"),
            "warn",
        )
        for each in role_pairs.found()
    )
    return HomeBlock(
        _("Two roles that check each other"),
        "users",
        _("Nobody holds two roles of which one checks the other."),
        lines,
        count,
        note=_("In one matter nobody decides twice; over all matters one of the roles belongs to somebody else."),
    )


def _starting_soon(today: dt.date) -> HomeBlock:
    to_come = sorted(_rules_to_come(today), key=lambda each: each[0])
    lines, count = some_of(line for _day, line in to_come)
    return HomeBlock(_("Thresholds that begin"), "scale", _("No threshold changes from a later day."), lines, count)


def _rules_to_come(today: dt.date) -> Iterator[tuple[dt.date, BlockLine]]:
    for model in (FlagRule, FlagLimit, MethodThreshold):
        for row in model.objects.filter(valid_from__gt=today).order_by("valid_from", "pk"):
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])  # noqa: SLF001 (Django's public-by-use API)
            detail = f"{model._meta.verbose_name} · {row.basis}"  # noqa: SLF001 (as above)
            yield row.valid_from, BlockLine(str(row), detail, url, day(row.valid_from))


def _house() -> HomeBlock:
    """What only the machine knows; a backup leaves no row here, and the page says so."""
    missing = cache.get(FILES_MISSING) or 0
    disk = shutil.disk_usage(settings.BASE_DIR)
    used = disk.used * 100 // disk.total
    lines = [
        BlockLine(
            _("Disk"),
            _("%(free)s GB free of %(whole)s GB")
            % {"free": number(disk.free // 10**9), "whole": number(disk.total // 10**9)},
            "",
            f"{used} %",
            "bad" if used >= FULL else "good",
        ),
        BlockLine(
            _("Stored files"),
            _("As the nightly look has found them."),
            "",
            ngettext("%(count)s missing", "%(count)s missing", missing) % {"count": missing} if missing else _("sound"),
            "bad" if missing else "good",
        ),
    ]
    return HomeBlock(
        _("The house"),
        "settings",
        "",
        lines,
        len(lines),
        note=_("Backups are watched on the server; the portal does not see them."),
        shows_count=False,
    )


def _reference(year: int) -> HomeBlock:
    row = NomenclatureVersion.objects.in_force(year)
    lines = [_version(row)] if row else []
    return HomeBlock(
        _("Reference data in force"),
        "database",
        _("No nomenclature is in force in this fiscal year."),
        lines,
        len(lines),
        shows_count=False,
    )


def _version(row: NomenclatureVersion) -> BlockLine:
    said, tone = (_("checked"), "good") if row.is_verified else (_("not checked yet"), "warn")
    detail = _("Nomenclature, from fiscal year %(year)s") % {"year": row.valid_from}
    return BlockLine(row.regulation, detail, reverse("accounts:regulations"), said, tone)
