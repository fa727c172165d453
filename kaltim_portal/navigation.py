"""The sidebar: who sees which page. The pages themselves check again."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.agencies.views import READERS as AGENCY_READERS
from accounts.drafts.services import owner_mark
from accounts.middleware import workspace_years
from accounts.models import Notice, User
from accounts.regulations.views import READERS as REGULATION_READERS
from accounts.trail.views import READERS as TRAIL_READERS
from core.access import AccessRule
from dashboards.briefings.views import READERS as BRIEFING_READERS
from dashboards.data_quality.views import READERS as QUALITY_READERS
from dashboards.directives.views import READERS as DIRECTIVE_READERS
from dashboards.guides.sections import Section, section_of
from dashboards.readers import AGENCY_PAGE_READERS, OVERVIEW_READERS
from datasources.series.views import READERS as REFERENCE_READERS
from evidence.views import READERS as SEAL_READERS
from kaltim_portal.admin_site import ADMIN_RULE
from procurement.audit.views import AUDITORS
from procurement.declarations.views import READERS as DECLARATION_READERS
from procurement.leads.views import AUDITORS as LEAD_READERS
from procurement.packages.views import READERS as PACKAGE_READERS
from procurement.red_flags.views import READERS as FLAG_READERS
from procurement.suppliers.views import READERS as SUPPLIER_READERS
from programs.registration.views import READERS as PROGRAM_READERS
from programs.registration.views import WRITERS as ENTRY_WRITERS
from programs.reports.views import DECIDERS as REPORT_DECIDERS
from spm.views import WRITERS as SPM_WRITERS
from uploads.views import UPLOADERS


@dataclass(frozen=True)
class NavigationItem:
    """`prefix` marks the item as the current one for every address below it."""

    name: Any
    url_name: str
    icon: str
    rule: AccessRule | None
    prefix: str


@dataclass(frozen=True)
class NavigationGroup:
    name: Any
    icon: str
    items: tuple[NavigationItem, ...]


@dataclass(frozen=True)
class Door:
    """An item as one person sees it. `waiting` counts what nobody has looked at yet behind it."""

    name: Any
    icon: str
    address: str
    is_current: bool
    waiting: int = 0


@dataclass(frozen=True)
class DoorGroup:
    """The doors of a group that are this person's; one alone needs no group around it."""

    name: Any
    icon: str
    doors: list[Door]

    @property
    def is_here(self) -> bool:
        return any(door.is_current for door in self.doors)

    @property
    def waiting(self) -> int:
        return sum(door.waiting for door in self.doors)


NOTICES = "accounts:notices"
GROUPS = (  # at most seven: what a person takes in at a look
    NavigationGroup(
        _("Today"),
        "home",
        (
            NavigationItem(_("My tasks"), "home", "home", None, ""),
            NavigationItem(_("Overview"), "overview", "dashboard", OVERVIEW_READERS, "/dasbor/"),
            NavigationItem(_("Early warnings"), "warnings", "alert-triangle", AGENCY_PAGE_READERS, "/peringatan/"),
            NavigationItem(_("Directives"), "directives", "send", DIRECTIVE_READERS, "/arahan/"),
            NavigationItem(_("Weekly briefing"), "briefings", "file-text", BRIEFING_READERS, "/rapat/"),
            NavigationItem(_("Notices"), NOTICES, "bell", None, "/akun/pemberitahuan/"),
        ),
    ),
    NavigationGroup(
        _("Programmes"),
        "target-arrow",
        (
            NavigationItem(_("Programmes"), "programs:programs", "target-arrow", PROGRAM_READERS, "/program/"),
            NavigationItem(_("Entry"), "programs:entry-start", "table", ENTRY_WRITERS, "/isian/"),
            NavigationItem(_("Reports"), "programs:reports", "report-analytics", PROGRAM_READERS, "/laporan/"),
            NavigationItem(_("Approvals"), "programs:decisions", "checks", REPORT_DECIDERS, "/laporan/putusan/"),
            NavigationItem(
                _("Reported values"), "programs:report-values", "chart-dots", PROGRAM_READERS, "/laporan/nilai/"
            ),
        ),
    ),
    NavigationGroup(
        _("Basic services (SPM)"),
        "shield-check",
        (
            NavigationItem(_("SPM index"), "spm", "shield-check", None, "/spm/"),
            NavigationItem(_("SPM entry"), "spm:entry-start", "table", SPM_WRITERS, "/spm/isian/"),
        ),
    ),
    NavigationGroup(
        _("Procurement"),
        "package",
        (
            NavigationItem(_("Packages"), "procurement:packages", "package", PACKAGE_READERS, "/pengadaan/"),
            NavigationItem(_("Declarations"), "procurement:declarations", "scale", DECLARATION_READERS, "/pernyataan/"),
            NavigationItem(_("Suppliers"), "procurement:suppliers", "building", SUPPLIER_READERS, "/penyedia/"),
            NavigationItem(_("Red flags"), "procurement:flags", "alert-circle", FLAG_READERS, "/bendera/"),
            NavigationItem(_("Leads"), "procurement:leads", "users", LEAD_READERS, "/petunjuk/"),
            NavigationItem(_("Audit report"), "procurement:audit-report", "file-search", AUDITORS, "/audit/"),
        ),
    ),
    NavigationGroup(
        _("The public"),
        "users",
        (NavigationItem(_("Public services"), "public_services:services", "list-check", None, "/layanan/"),),
    ),
    NavigationGroup(
        _("Data"),
        "database",
        (
            NavigationItem(_("Reference data"), "datasources:series-list", "database", REFERENCE_READERS, "/acuan/"),
            NavigationItem(_("Lists (Excel, SIPD)"), "uploads:uploads", "upload", UPLOADERS, "/unggahan/"),
            NavigationItem(_("Data quality"), "data-quality", "checks", QUALITY_READERS, "/mutu-data/"),
            NavigationItem(_("Verify a file"), "procurement:verify-file", "shield-check", None, "/verifikasi/"),
            NavigationItem(_("Public page"), "public-page", "eye", None, "/publik/"),
        ),
    ),
    NavigationGroup(
        _("Settings"),
        "settings",
        (
            NavigationItem(_("Agencies (OPD)"), "accounts:agencies", "building", AGENCY_READERS, "/acuan/opd/"),
            NavigationItem(
                _("Regulations"), "accounts:regulations", "file-text", REGULATION_READERS, "/acuan/peraturan/"
            ),
            NavigationItem(_("Trail"), "accounts:trail", "history", TRAIL_READERS, "/jejak/"),
            NavigationItem(_("Seals of evidence"), "evidence:health", "lock", SEAL_READERS, "/audit/segel/"),
            NavigationItem(_("Administration"), "admin:index", "settings", ADMIN_RULE, "/admin/"),
        ),
    ),
)


def _doors(user: User, path: str, unread_notices: int) -> list[DoorGroup]:
    """What is open to this person, without the groups in which nothing is."""
    open_items = [
        (group, [item for item in group.items if item.rule is None or item.rule.admits(user)]) for group in GROUPS
    ]
    fitting = (
        item
        for _group, items in open_items
        for item in items
        if (item.prefix and path.startswith(item.prefix)) or (item.url_name == "home" and path == "/")
    )
    here = max(fitting, key=lambda item: len(item.prefix), default=None)
    return [
        DoorGroup(
            group.name,
            group.icon,
            [
                Door(
                    item.name,
                    item.icon,
                    reverse(item.url_name),
                    item is here,
                    unread_notices if item.url_name == NOTICES else 0,
                )
                for item in items
            ],
        )
        for group, items in open_items
        if items
    ]


def _help_section(request: HttpRequest) -> tuple[str, Section] | None:
    """The page's name and the section of the guides that speaks of it."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    section = section_of(name) if name else None
    return (name, section) if section else None


def _place(request: HttpRequest) -> str:
    """The OPD and year that a new row would be of."""
    workspace = getattr(request, "workspace", None)
    if workspace is None:
        return ""
    parts = [workspace.agency.name if workspace.agency else "", _("FY %(year)s") % {"year": workspace.fiscal_year}]
    return ", ".join(part for part in parts if part)[:160]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For the base layout; nothing for people who are not signed in, and no query of its own but the notices' count."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "demo_mode": settings.DEMO_MODE,
        "environment": settings.PORTAL_ENV,
        "body_limit_mb": settings.BODY_LIMIT // 1024**2,
        "help_section": _help_section(request),
    }
    if not isinstance(user, User):
        return context
    unread_notices = Notice.objects.visible_to(user).unread().count()
    return context | {
        "draft_owner": owner_mark(user),
        "draft_place": _place(request),
        "session_ends": getattr(request.session, "ends_at", None),
        "idle_minutes": settings.IDLE_MINUTES,
        "navigation": _doors(user, request.path, unread_notices),
        "unread_notices": unread_notices,
        "workspace_years": workspace_years(),
    }
