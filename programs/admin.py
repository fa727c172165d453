"""Reference data of programmes. Programmes and reports themselves change only through the portal's pages."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from kombu.exceptions import OperationalError as BrokerError

from core.admin import ReadOnlyAdmin
from programs.models import (
    BudgetIssue,
    DeadlineException,
    DeadlineRule,
    Nomenclature,
    PlanDocument,
    SpendingRule,
    Unit,
)


@admin.register(Nomenclature)
class NomenclatureAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "regulation", "valid_from", "valid_to"]
    list_filter = ["level", "regulation"]
    search_fields = ["code", "name"]


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ["name", "decimals", "lowest", "highest", "is_rate"]


@admin.register(SpendingRule)
class SpendingRuleAdmin(admin.ModelAdmin):
    """Ceremony or not: every rule with its reason. After a change the worker classes all budget lines anew."""

    list_display = ["account_prefix", "word", "spending_class", "reason", "is_active"]
    list_filter = ["spending_class", "is_active"]
    search_fields = ["account_prefix", "word", "reason"]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(_class_lines_anew)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(_class_lines_anew)


def _class_lines_anew() -> None:
    from programs.registration.tasks import reclassify_spending

    try:
        reclassify_spending.apply_async(retry=False)
    except (BrokerError, OSError):
        reclassify_spending()


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(admin.ModelAdmin):
    list_display = ["kind", "days_after", "remind_before", "remind_every", "decision_days"]


@admin.register(DeadlineException)
class DeadlineExceptionAdmin(admin.ModelAdmin):
    list_display = ["period", "day", "reason"]


@admin.register(PlanDocument)
class PlanDocumentAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "agency", "first_year", "last_year", "regulation"]


@admin.register(BudgetIssue)
class BudgetIssueAdmin(ReadOnlyAdmin):
    list_display = [
        "agency",
        "fiscal_year",
        "number",
        "stage",
        "added",
        "changed",
        "removed",
        "total_rupiah",
        "taken_at",
    ]
    list_filter = ["fiscal_year", "stage"]
    list_select_related = ["agency"]
