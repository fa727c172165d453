"""Rules of the dashboards as dated data: a change is a new row from a day on."""

from django.contrib import admin

from dashboards.models import LightRule


@admin.register(LightRule)
class LightRuleAdmin(admin.ModelAdmin):
    """When an OPD is red, yellow or green, and how much ceremony is too much."""

    list_display = ["valid_from", "green_above", "red_up_to", "ceremony_limit", "basis"]
