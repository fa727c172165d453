from typing import Any

from django.contrib import admin

from accounts.models import Agency
from core import queue
from spm.models import Domain, IndexCategory, IndexMethod, IndexVersion, QualityElement, ServiceKind, StageItem


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

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "agencies":
            kwargs["queryset"] = Agency.objects.living()
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(QualityElement)
class QualityElementAdmin(RecomputingAdmin):
    list_display = ["name", "service", "kind", "unit", "weight", "is_verified", "valid_from", "valid_to"]
    list_filter = ["kind", "is_verified", "service__domain"]
    list_select_related = ["service"]


@admin.register(IndexMethod)
class IndexMethodAdmin(RecomputingAdmin):
    """A service with a method of its own; from the fiscal year after its first day."""

    list_display = ["service", "method", "legal_basis", "is_verified", "valid_from"]
    list_filter = ["method", "is_verified"]
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
