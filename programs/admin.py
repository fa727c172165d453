"""Reference data of programmes. Programmes and reports themselves change only through the portal's pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core import queue
from core.admin import ReadOnlyAdmin
from programs.models import (
    BudgetIssue,
    DeadlineException,
    DeadlineRule,
    Nomenclature,
    NomenclatureVersion,
    PlanDocument,
    SpendingRule,
    Unit,
)
from programs.registration import spending


@admin.register(Nomenclature)
class NomenclatureAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "level", "regulation", "valid_from", "valid_to"]
    list_filter = ["level", "regulation"]
    search_fields = ["code", "name"]


@admin.register(NomenclatureVersion)
class NomenclatureVersionAdmin(admin.ModelAdmin):
    """A new decision is a new row from its fiscal year on; the newest is cited from then."""

    list_display = ["regulation", "valid_from", "changes", "is_verified"]


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):
    list_display = ["name", "decimals", "lowest", "highest", "is_rate", "adds_up"]


@admin.register(SpendingRule)
class SpendingRuleAdmin(admin.ModelAdmin):
    """Ceremony or not: every rule with its reason. After a change the worker classes all budget lines anew."""

    list_display = ["account_prefix", "account_name", "word", "spending_class", "reason", "is_active"]
    list_filter = ["spending_class", "is_active"]
    search_fields = ["account_prefix", "account_name", "word", "reason"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        more = {"accounts_without_a_rule": spending.without_a_rule()}
        return super().changelist_view(request, (extra_context or {}) | more)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _class_lines_anew()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        _class_lines_anew()


def _class_lines_anew() -> None:
    queue.send_after_commit("programs.registration.tasks.reclassify_spending", if_away=spending.reclassify)


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
