"""To the SSO and back, and the table of its units."""

import secrets

from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from accounts.middleware import SignedInRequest
from accounts.models import UnitCode
from accounts.sso import services
from accounts.sso.adapters import SsoProtocol, refusal
from accounts.sso.forms import UnitForm
from core.access import Scope, access, public, roles
from core.choices import Role
from core.request_values import own_page, whole_number

UNUSABLE = (RequestException, KeyError, ValueError)  # of an answer that is no JSON, or lacks what it must have


@require_POST
@access(public())
def sso_sign_in(request: HttpRequest) -> HttpResponseBase:
    """With state, nonce and PKCE. A POST, so that no other page sends a browser through it."""
    if not settings.SSO_DISCOVERY_URL:
        raise Http404
    provider = SsoProtocol(request).get_provider()
    nonce = secrets.token_urlsafe(24)
    try:
        answer: HttpResponseBase = provider.redirect(
            request,
            process=AuthProcess.LOGIN,
            next_url=own_page(request, request.POST.get("next")) or None,
            data={"nonce": nonce},
            auth_params={"nonce": nonce},
        )
    except (*UNUSABLE, AttributeError, TypeError) as error:  # a list where the provider's addresses should be
        services.log_failure("discovery", error)
        return refusal(request, "away")
    return answer


@require_safe
@access(public(), writes_on_get=True)
def sso_return(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The browser comes back with a code, or with a refusal. There is one provider."""
    del provider_id
    if not settings.SSO_DISCOVERY_URL:
        raise Http404
    try:
        answer: HttpResponseBase = OAuth2CallbackView.adapter_view(SsoProtocol(request))(request)
    except UNUSABLE as error:
        services.log_failure("return", error)
        return refusal(request, "away")
    return answer


@access(roles(Role.DATA_STEWARD, scope=Scope.REFERENCE))
def units(request: SignedInRequest) -> HttpResponse:
    """Unit code of the SSO → OPD."""
    removed = whole_number(request.POST.get("remove"), digits=18)
    if removed:
        if services.remove_unit(pk=removed, by=request.user):
            messages.success(request, _("The unit is removed."))
        return redirect("accounts:units")
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.save_unit(by=request.user, **form.cleaned_data)
        messages.success(request, _("The unit is saved."))
        return redirect("accounts:units")
    context = {"form": form, "units": UnitCode.objects.select_related("agency")}
    return render(request, "accounts/units.html", context, status=422 if form.errors else 200)
