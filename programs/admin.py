"""Reference data of programmes. Programmes and reports themselves change only through the portal's pages."""

from django.contrib import admin

from programs.models import Nomenclature, Unit


@admin.register(Nomenclature)
class NomenclatureAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "regulation", "valid_from", "valid_to"]
    list_filter = ["level", "regulation"]
    search_fields = ["code", "name"]


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ["name", "decimals", "lowest", "highest", "is_rate"]
