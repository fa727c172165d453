from typing import Any

from django.contrib import admin

from core import queue
from spm.models import Domain, IndexCategory, IndexVersion, QualityElement, ServiceKind, StageItem


class RecomputingAdmin(admin.ModelAdmin):
    """What the index rests on: after a change it is worked out again in the background."""

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        queue.send_after_commit("spm.tasks.recompute_index")  # with the queue away the nightly run does it


@admin.register(Domain)
class DomainAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "legal_basis"]


@admin.register(ServiceKind)
class ServiceKindAdmin(RecomputingAdmin):
    list_display = ["code", "name", "level", "technical_standard", "valid_from", "valid_to"]
    list_filter = ["domain", "level"]
    search_fields = ["code", "name"]


@admin.register(QualityElement)
class QualityElementAdmin(RecomputingAdmin):
    list_display = ["name", "service", "kind", "unit", "valid_from", "valid_to"]
    list_filter = ["kind", "service__domain"]
    list_select_related = ["service"]


class CategoryInline(admin.TabularInline):
    model = IndexCategory
    extra = 0


@admin.register(IndexVersion)
class IndexVersionAdmin(RecomputingAdmin):
    """A new regulation is a new version from its day on; old years keep theirs."""

    list_display = ["legal_basis", "valid_from", "recipients_weight", "quality_weight"]
    inlines = [CategoryInline]


@admin.register(StageItem)
class StageItemAdmin(admin.ModelAdmin):
    list_display = ["name", "stage", "order", "valid_from", "valid_to"]
    list_filter = ["stage"]
