"""Sign-in, second factor, the account page, the workspace's switches and the notices."""

import base64
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_otp import login as otp_login
from django_otp import user_has_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services
from accounts.client_address import client_address
from accounts.forms import PortalPasswordForm, SecondFactorForm, SecondFactorSetupForm, SignInForm
from accounts.middleware import AGENCY_KEY, YEAR_KEY, workspace_years
from accounts.models import Notice, Session, User
from accounts.sessions import FACTS_KEY
from core.access import access, public, signed_in
from core.request_values import whole_number


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        user: User = form.get_user()
        login(self.request, user)
        self.request.session[FACTS_KEY] = {
            "address": client_address(self.request),
            "browser": self.request.headers.get("User-Agent", ""),
            "at": timezone.now().isoformat(),
        }
        if user_has_device(user):
            self.request.session["second_factor_expected"] = True
        return redirect(self.get_success_url())


sign_in = access(public(), writes_on_get=True)(SignIn.as_view())
sign_out = access(public(), writes_on_get=True)(LogoutView.as_view())


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Axes calls this in place of the sign-in page."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "accounts/locked_out.html", {"minutes": minutes}, status=429)


@access(signed_in())
def second_factor(request: HttpRequest) -> HttpResponse:
    user = _user(request)
    if not user_has_device(user):
        return redirect("accounts:second-factor-setup")
    form = SecondFactorForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        otp_login(request, form.device)
        request.session.pop("second_factor_expected", None)
        return redirect(_next(request))
    return render(request, "accounts/second_factor.html", {"form": form})


@access(signed_in(), writes_on_get=True)
def second_factor_setup(request: HttpRequest) -> HttpResponse:
    """The first device; somebody who already has one must have shown it before replacing it."""
    user = _user(request)
    if user_has_device(user) and not user.is_verified():  # type: ignore[attr-defined]  # django-otp adds it to the user
        return redirect("accounts:second-factor")
    device = services.unconfirmed_device(user)
    form = SecondFactorSetupForm(request.POST or None, device=device)
    if request.method == "POST" and form.is_valid():
        codes = services.confirm_device(user=user, device=device)
        otp_login(request, device)
        request.session.pop("second_factor_expected", None)
        return render(request, "accounts/recovery_codes.html", {"codes": codes})
    picture = segno.make(device.config_url, error="m").svg_inline(
        scale=5, border=2, omitsize=True, svgclass="qr", lineclass=None
    )
    context = {"form": form, "picture": mark_safe(picture), "secret": _secret(device)}  # noqa: S308 (made by segno)
    return render(request, "accounts/second_factor_setup.html", context)


def _secret(device: TOTPDevice) -> str:
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


@access(signed_in())
def account(request: HttpRequest) -> HttpResponse:
    """Password, second factor, sessions, appearance, API token."""
    user = _user(request)
    form = PortalPasswordForm(user, request.POST if request.POST.get("act") == "password" else None)
    token = None
    if request.method == "POST":
        match request.POST.get("act"):
            case "password" if form.is_valid():
                password = form.cleaned_data["new_password1"]
                services.change_password(user=user, password=password, current=request.session)
                update_session_auth_hash(request, user)
                messages.success(request, _("Your password is changed; every other browser is signed out."))
                return redirect("accounts:account")
            case "appearance":
                services.choose_appearance(user=user, dark_mode=request.POST.get("dark_mode", "auto"))
                return redirect("accounts:account")
            case "end-session":
                services.end_session(user=user, session_key=request.POST.get("session", ""))
                messages.success(request, _("That browser is signed out."))
                return redirect("accounts:account")
            case "end-others":
                services.end_other_sessions(user=user, current=request.session)
                messages.success(request, _("Every other browser is signed out."))
                return redirect("accounts:account")
            case "token":
                token = services.renew_api_token(user=user)
    context = {
        "form": form,
        "token": token,
        "has_device": user_has_device(user),
        "sessions": Session.objects.filter(user_id=user.pk, expire_date__gt=timezone.now()).order_by("-started_at"),
        "current_key": request.session.session_key,
    }
    return render(request, "accounts/account.html", context)


@require_POST
@access(signed_in())
def switch_workspace(request: HttpRequest) -> HttpResponse:
    """Another fiscal year or another of one's own OPD."""
    year = whole_number(request.POST.get("year"), digits=4)
    if year in workspace_years():
        request.session[YEAR_KEY] = year
    agency = whole_number(request.POST.get("agency"))
    if agency in {membership.agency_id for membership in _user(request).all_memberships if membership.agency_id}:
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
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("home")
