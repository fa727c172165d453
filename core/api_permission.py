"""DRF's side of the access declarations. A module of its own: DRF imports it while it is being imported itself."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission

from core.access import AccessRule

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView


class AccessRulePermission(BasePermission):
    """Reads the attribute `access_rule` of the view or viewset; without one nobody gets in."""

    def has_permission(self, request: "Request", view: "APIView") -> bool:
        rule: AccessRule | None = getattr(view, "access_rule", None)
        return rule is not None and rule.admits(request.user)
