"""Regions and the trail of decisions, to look at; regions come from `load_reference`."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.models import AuditEvent, Region


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    list_display = ["kemendagri_code", "bps_code", "name", "level"]
    list_filter = ["level"]
    search_fields = ["kemendagri_code", "bps_code", "name"]


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "action", "target_name", "actor_name", "reason"]
    search_fields = ["action", "target_name", "actor_name"]
    date_hierarchy = "at"
