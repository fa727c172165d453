"""Administrators look; data stewards change sources and series on the portal's own pages."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from datasources.models import Pull


@admin.register(Pull)
class PullAdmin(ReadOnlyAdmin):
    list_display = ["series", "state", "requested_at", "finished_at", "added", "revised", "problem"]
    list_filter = ["state"]
    list_select_related = ["series"]
