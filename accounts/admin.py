"""Users, roles and OPD for administrators."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import services
from accounts.models import Agency, Membership, User


class MembershipInline(admin.TabularInline):
    """Roles of somebody else: nobody gives themselves one, or takes one off to get out of a matter."""

    model = Membership
    fk_name = "user"
    extra = 1
    autocomplete_fields = ["agency"]
    fields = ["role", "agency", "first_day", "last_day"]  # a loan is given by its head (accounts.delegations)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(delegated_by__isnull=True)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj)


class PortalUserCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "full_name", "email"]


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    add_form = PortalUserCreationForm
    list_display = ["username", "full_name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "full_name", "email"]
    ordering = ["username"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["full_name", "email"]}),
        (_("Access"), {"fields": ["is_active"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "full_name", "email", "usable_password", "password1", "password2"],
            },
        )
    ]
    filter_horizontal = []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Closing one's own account would leave its papers to nobody; another administrator does it."""
        own = ["is_active"] if obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *own]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        if message and isinstance(request.user, User):
            services.tell_of_change(user=obj, by=request.user, is_password=_is_password(message))
        return super().log_change(request, obj, message)


def _is_password(message: Any) -> bool:
    """Django's own page for a new password says so, and nothing else."""
    return isinstance(message, list) and any("password" in str(each).lower() for each in message)


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    list_display = ["name", "short_name", "code", "is_active"]
    search_fields = ["name", "short_name", "code"]
    list_filter = ["is_active"]
