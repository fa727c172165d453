"""Users, roles and OPD for administrators."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import services, ways_in
from accounts.models import Agency, Membership, User
from accounts.sign_in.services import check_may_invite, invite
from core.forms import NO_DRAFT

# What django-allauth would show here: secrets, and rows that nobody edits by hand.
for shown in (EmailAddress, Authenticator, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(shown)


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


class PersonForm(forms.ModelForm):
    """Without a password: the person chooses it, by a link."""

    class Meta:
        model = User
        fields = ["username", "full_name", "email", "nip", "phone"]
        widgets: ClassVar = {"phone": AdminTextInputWidget(attrs=NO_DRAFT)}

    def clean_nip(self) -> str | None:
        return self.cleaned_data["nip"] or None


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    form = PersonForm
    add_form = PersonForm
    list_display = ["username", "full_name", "email", "nip", "is_active", "last_login"]
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "full_name", "email", "nip"]
    ordering = ["username"]
    inlines = [MembershipInline]
    actions = ["send_invitations"]
    fieldsets = [
        (None, {"fields": ["username"]}),
        (_("Person"), {"fields": ["full_name", "email", "nip", "phone"]}),
        (_("Access"), {"fields": ["is_active"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["username", "full_name", "email", "nip", "phone"]})]
    filter_horizontal = []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Closing one's own account would leave its papers to nobody; another administrator does it."""
        own = ["is_active"] if obj == request.user else []
        return [*super().get_readonly_fields(request, obj), *own]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj != request.user and super().has_delete_permission(request, obj)

    def get_urls(self) -> list[Any]:
        """Without Django's page on which an administrator types somebody's password."""
        return [entry for entry in super().get_urls() if entry.name != "auth_user_password_change"]

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        by: User = request.user  # type: ignore[assignment]  # administrators only
        if change:
            services.account_changed(user=obj, fields=form.changed_data, former=form.initial, by=by)
            if ways_in.to_confirm(obj):
                text = gettext("Address and NIP count when %(person)s has confirmed them on the page of the account.")
                messages.info(request, text % {"person": obj})
        elif obj.email:
            invite(user=obj, by=by)
            messages.success(request, gettext("An invitation is on its way to %(email)s.") % {"email": obj.email})

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.model is Membership and formset.has_changed():
            services.roles_changed(user=form.instance, by=request.user)  # type: ignore[arg-type]  # administrators only

    @admin.action(description=_("Send an invitation"))
    def send_invitations(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        by: User = request.user  # type: ignore[assignment]  # administrators only
        for user in queryset:
            try:
                check_may_invite(user, by)
                invite(user=user, by=by)
            except ValidationError as error:
                messages.error(request, f"{user}: {' '.join(error.messages)}")
            else:
                messages.success(request, gettext("An invitation is on its way to %(email)s.") % {"email": user.email})


@admin.register(Agency)
class AgencyAdmin(admin.ModelAdmin):
    """New OPD, and corrections of what was written wrongly. Renaming, merging and splitting has its own page."""

    list_display = ["name", "short_name", "code", "opened_on", "closed_on"]
    search_fields = ["name", "short_name", "code"]
    readonly_fields = ["opened_on", "closed_on", "continued_by"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Agency], search_term: str) -> Any:
        """Of a field that asks for an OPD, those that exist."""
        rows, distinct = super().get_search_results(request, queryset, search_term)
        return (rows & Agency.objects.living() if "field_name" in request.GET else rows), distinct
