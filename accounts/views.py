"""The account page, confirming who one is, the workspace's switches, delegations and the notices."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services, ways_in
from accounts.forms import PortalPasswordForm, PreferencesForm
from accounts.middleware import AGENCY_KEY, YEAR_KEY, SignedInRequest, workspace_years
from accounts.models import Notice, Session, User
from accounts.reauthentication import ask_first, fresh_even_to_read
from accounts.sessions import handle_of
from accounts.sign_in.codes import has_second_factor
from core.access import access, signed_in
from core.request_values import own_page, whole_number


@access(signed_in())
def account(request: HttpRequest) -> HttpResponse:
    """Who one is, how one is reached, password, sessions, appearance, and the ways to the second factor and tokens."""
    user, act = _user(request), request.POST.get("act") if request.method == "POST" else None
    form = PortalPasswordForm(user, request.POST if act == "password" else None, request=request)
    preferences = PreferencesForm(request.POST if act == "preferences" else None, instance=user)
    if act == "confirm-account" and (question := ask_first(request)) is not None:
        return question
    done = _change_account(request, user, act, form, preferences)
    if done is not None:
        if done:
            messages.success(request, done)
        return redirect("accounts:account")
    rows = Session.objects.filter(user_id=user.pk, expire_date__gt=timezone.now()).order_by("-started_at")
    context = {
        "form": form,
        "preferences": preferences,
        "to_confirm": ways_in.to_confirm(user),
        "has_second_factor": has_second_factor(user),
        "sessions": [(row, handle_of(row.session_key)) for row in rows],
        "current_handle": handle_of(request.session.session_key or ""),
    }
    return render(request, "accounts/account.html", context)


def _change_account(
    request: HttpRequest, user: User, act: str | None, form: PortalPasswordForm, preferences: PreferencesForm
) -> str | None:
    """What is said of it, or None when nothing was done."""
    match act:
        case "password" if form.is_valid():
            password = form.cleaned_data["new_password1"]
            services.change_password(user=user, password=password, current=request.session)
            update_session_auth_hash(request, user)
            return _("Your password is changed; every other browser is signed out.")
        case "preferences" if preferences.is_valid():
            services.change_preferences(user=user, **preferences.cleaned_data)
            return _("Your choices are saved.")
        case "appearance":
            services.choose_appearance(user=user, dark_mode=request.POST.get("dark_mode", "auto"))
            return ""
        case "confirm-account":
            ways_in.confirm(user)
            return _("Thank you. The address and the NIP count from now on.")
        case "end-session":
            services.end_session(user=user, handle=request.POST.get("session", ""))
            return _("That browser is signed out.")
        case "end-others":
            services.end_other_sessions(user=user, current=request.session)
            return _("Every other browser is signed out.")
    return None


@access(signed_in())
@fresh_even_to_read
def confirm(request: HttpRequest) -> HttpResponse:
    """Back to the page that asked who is there; whoever gets this far has answered."""
    return redirect(_next(request))


@require_POST
@access(signed_in())
def switch_workspace(request: SignedInRequest) -> HttpResponse:
    """Another fiscal year or another of one's own OPD."""
    year = whole_number(request.POST.get("year"), digits=4)
    if year in workspace_years():
        request.session[YEAR_KEY] = year
    agency = whole_number(request.POST.get("agency"))
    if agency in {row.pk for row in request.workspace.agencies}:
        request.session[AGENCY_KEY] = agency
    return redirect(_without_year(_next(request)))


@access(signed_in())
def notices(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    if request.method == "POST":
        services.read_notices(user)
        return redirect("accounts:notices")
    rows = Notice.objects.visible_to(user)[:100]
    return render(request, "accounts/notices.html", {"notices": rows})


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 (LoginRequiredMiddleware and @access came first)
    return user


def _without_year(address: str) -> str:
    """The year just chosen holds, not the one that the address named."""
    path, _mark, query = address.partition("?")
    kept = QueryDict(query, mutable=True)
    kept.pop("tahun", None)
    kept.pop("period", None)  # a quarter of that year
    return f"{path}?{kept.urlencode()}" if kept else path


def _next(request: HttpRequest) -> str:
    return own_page(request, request.POST.get("next") or request.GET.get("next")) or reverse("home")
