"""Thresholds and parameters of red flags: dated data with a legal basis. A change is a new row from a day on."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from procurement import after_changes
from procurement.models import FlagLimit, FlagRule, MethodThreshold


@admin.register(MethodThreshold)
class MethodThresholdAdmin(admin.ModelAdmin):
    """Up to which value a method may be used; a package is held against the threshold of its own day."""

    list_display = ["method", "kind", "max_rupiah", "valid_from", "valid_until", "basis"]
    list_filter = ["method", "kind"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        after_changes.raise_flags_soon()


@admin.register(FlagLimit)
class FlagLimitAdmin(admin.ModelAdmin):
    """Limits by method, as of how long offers can be handed in; a package is held against the limit of its own day."""

    list_display = ["code", "method", "limit", "valid_from", "valid_until", "basis"]
    list_filter = ["code", "method"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        after_changes.raise_flags_soon()


@admin.register(FlagRule)
class FlagRuleAdmin(admin.ModelAdmin):
    """Try a threshold under "Red flags" first: it says how many packages the change would flag."""

    list_display = ["code", "valid_from", "parameters", "is_active", "basis", "note"]
    list_filter = ["code", "is_active"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        after_changes.raise_flags_soon()
