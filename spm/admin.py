from django.contrib import admin

from spm.models import Domain, ServiceKind


@admin.register(Domain)
class DomainAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "legal_basis"]


@admin.register(ServiceKind)
class ServiceKindAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "technical_standard", "valid_from", "valid_to"]
    list_filter = ["domain", "level"]
    search_fields = ["code", "name"]
