"""Sign-in, the second step, links by mail, and the second factor's own pages; on django-allauth's views."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LoginView, PasswordResetFromKeyView, PasswordResetView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.totp.internal.flows import activate_totp
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from accounts.reauthentication import by_second_factor, fresh, fresh_even_to_read
from accounts.sign_in import codes, services
from accounts.sign_in.forms import NewPasswordForm, SetupForm
from accounts.sso.logout import end_session_address
from core import encryption
from core.access import access, public, signed_in
from core.outcomes import told

SECRET_KEY = "new_totp_secret"  # noqa: S105 (the name under which the session keeps it, encrypted)


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if form.is_closed:
            response.status_code = 429
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "sso_name": settings.SSO_NAME}


class SignOut(LogoutView):
    """Here, and at the SSO that the session came from."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        elsewhere = end_session_address(request)
        response = super().post(request, *args, **kwargs)
        return redirect(elsewhere) if elsewhere else response


class SecondStep(AuthenticateView):
    """A code or a passkey after the password."""

    template_name = "accounts/second_factor.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        keys = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.WEBAUTHN)
        return {**super().get_context_data(**kwargs), "has_key": keys.exists()}


class AskForLink(PasswordResetView):
    template_name = "accounts/forgotten.html"
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: Any) -> HttpResponse:
        text = _("If an account has that address, a link is on its way to it. It opens once, within an hour.")
        messages.success(self.request, text)
        response: HttpResponse = super().form_valid(form)
        return response


class ChoosePassword(PasswordResetFromKeyView):
    template_name = "accounts/choose_password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        services.password_chosen_by_link(self.request, self.reset_user)
        messages.success(self.request, _("Your new password is saved. Sign in with it."))
        return response


def proven(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Whoever must have a second factor sets up the first one only after a link by mail: a password alone may be in
    other hands."""

    @wraps(view)
    def checked(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        has_one = codes.has_second_factor(user)
        if has_one and not by_second_factor(request):
            return redirect("accounts:sign-in-again")
        is_proven = request.session.get(services.PROVEN_KEY) == user.pk
        if services.must_have_second_factor(user) and not has_one and not is_proven:
            return redirect("accounts:enrolment")
        return view(request, *args, **kwargs)

    return checked


@access(signed_in())
def sign_in_again(request: SignedInRequest) -> HttpResponse:
    """For a session that is older than the second factor of its owner."""
    return render(request, "accounts/sign_in_again.html")


@access(signed_in())
def enrolment(request: SignedInRequest) -> HttpResponse:
    """Before the first factor: a link to the person's own mailbox."""
    if request.method == "POST":
        with told(request, _("The link is sent. Open it in this browser within an hour.")):
            services.send_enrolment_link(request.user)
        return redirect("accounts:enrolment")
    return render(request, "accounts/enrolment.html")


@require_safe
@access(signed_in())
def enrol(request: SignedInRequest, key: str) -> HttpResponse:
    """The link from the mail."""
    if not services.enrolment_is_proven(request.user, key):
        messages.error(request, _("This link was used already, is too old, or was sent to somebody else."))
        return redirect("accounts:enrolment")
    request.session[services.PROVEN_KEY] = request.user.pk
    return redirect("mfa_activate_totp")


@access(signed_in())
@fresh_even_to_read
@proven
def second_factor_setup(request: SignedInRequest) -> HttpResponse:
    """An app on a phone: the first one, or another in its place."""
    user = request.user
    kept = request.session.get(SECRET_KEY)
    secret = encryption.decrypt(kept) if kept else generate_totp_secret()
    if not kept:
        request.session[SECRET_KEY] = encryption.encrypt(secret)
    form = SetupForm(request.POST or None, request=request, secret=secret)
    if request.method == "POST" and form.is_valid():
        services.forget_app(user)
        app, _codes = activate_totp(request, form)
        codes.spend(user, form.time_step)
        del request.session[SECRET_KEY]
        record_authentication(request, user, "mfa", id=app.pk, type=app.type)
        services.factors_changed(
            user,
            text=_("The second factor of your account was set up on a phone."),
            action="second_factor.set_up",
            keep=request.session.session_key,
        )
        return redirect("mfa_view_recovery_codes")
    picture = services.picture_of(user, secret)
    shown = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    context = {"form": form, "picture": mark_safe(picture), "secret": shown}  # noqa: S308 (made by segno)
    return render(request, "accounts/second_factor_setup.html", context)


class AddKey(AddWebAuthnView):
    template_name = "accounts/passkey.html"

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        services.factors_changed(
            self.request.user,
            text=_("A passkey was added to your account."),
            action="passkey.added",
            keep=self.request.session.session_key,
        )
        key = Authenticator.objects.filter(user_id=self.request.user.pk).latest("pk")
        record_authentication(self.request, self.request.user, "mfa", id=key.pk, type="webauthn")
        return response


class RemoveKey(RemoveWebAuthnView):
    template_name = "accounts/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not services.may_remove(self.object):
            messages.error(self.request, _("Your role needs a second factor. Set up another one first."))
            return redirect("mfa_index")
        response: HttpResponse = super().form_valid(form)
        services.factors_changed(
            self.request.user,
            text=_("A passkey was removed from your account."),
            action="passkey.removed",
            keep=self.request.session.session_key,
        )
        return response


class RecoveryCodes(ViewRecoveryCodesView):
    template_name = "accounts/recovery_codes.html"


class NewRecoveryCodes(GenerateRecoveryCodesView):
    template_name = "accounts/recovery_codes_new.html"


@access(signed_in())
def second_factors(request: SignedInRequest) -> HttpResponse:
    """What stands between a known password and the account."""
    held = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("created_at"))
    context = {
        "app": next((each for each in held if each.type == Authenticator.Type.TOTP), None),
        "keys": [each for each in held if each.type == Authenticator.Type.WEBAUTHN],
        "codes_left": sum(
            len(each.wrap().get_unused_codes()) for each in held if each.type == Authenticator.Type.RECOVERY_CODES
        ),
        "is_required": services.must_have_second_factor(request.user),
    }
    return render(request, "accounts/second_factors.html", context)


sign_in = access(public(), writes_on_get=True)(SignIn.as_view())
sign_out = access(public(), writes_on_get=True)(SignOut.as_view())
second_step = access(public(), writes_on_get=True)(SecondStep.as_view())
sign_in_by_key = access(public(), writes_on_get=True)(LoginWebAuthnView.as_view())
ask_for_link = access(public())(AskForLink.as_view())
choose_password = access(public(), writes_on_get=True)(ChoosePassword.as_view())
add_key = access(signed_in())(fresh_even_to_read(proven(AddKey.as_view())))
remove_key = access(signed_in())(fresh(RemoveKey.as_view()))
recovery_codes = access(signed_in(), writes_on_get=True)(fresh_even_to_read(RecoveryCodes.as_view()))
new_recovery_codes = access(signed_in())(fresh(NewRecoveryCodes.as_view()))
