"""The catalogue of documents; services and procedures change through the portal's pages."""

from django.contrib import admin

from public_services.models import DocumentKind


@admin.register(DocumentKind)
class DocumentKindAdmin(admin.ModelAdmin):
    list_display = ["name", "held_by"]
    search_fields = ["name", "held_by"]
