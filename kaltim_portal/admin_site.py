"""Django's admin as the administrators' back office, behind the portal's own roles and declarations."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from core.access import Scope, public, roles
from core.choices import Role

ADMIN_RULE = roles(Role.ADMINISTRATOR, scope=Scope.PROVINCE)


class PortalAdminSite(AdminSite):
    site_header = _("Administration")
    site_title = _("Administration")
    index_title = _("Users, OPD and reference data")
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and ADMIN_RULE.admits(request.user)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Every administration of a model, of a library's models too, leaves its changes in the trail."""
        shown = admin_class or ModelAdmin
        from kaltim_portal.admin_trail import TracedAdmin

        traced = type(shown.__name__, (TracedAdmin, shown), {"__module__": shown.__module__})
        super().register(model_or_iterable, traced, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Every admin URL carries the same declaration, which the test of every URL reads."""
        patterns = super().get_urls()
        _declare(patterns)
        return patterns

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Whoever changes accounts, roles or reference data has just said who they are."""
        from accounts.reauthentication import fresh  # it needs models, and this module names the app before them

        return super().admin_view(fresh(view), cacheable)

    def password_change(  # type: ignore[override]  # a redirect, not a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One page for it, where wrong former passwords count."""
        del request, extra_context
        return redirect("accounts:account")

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """One sign-in page, with lock-out and second factor."""
        del extra_context
        return redirect("home" if request.user.is_authenticated else "account_login")

    login.access_rule = public()  # type: ignore[attr-defined]  # opens nothing itself: it leads to the one sign-in


def _declare(patterns: Sequence[URLPattern | URLResolver]) -> None:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            _declare(pattern.url_patterns)
        elif pattern.name != "login":
            pattern.callback.access_rule = ADMIN_RULE  # type: ignore[attr-defined]  # our own mark on a view


class PortalAdminConfig(AdminConfig):
    default_site = "kaltim_portal.admin_site.PortalAdminSite"
