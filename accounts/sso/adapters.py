"""Signing in by OpenID Connect: what django-allauth leaves open is closed here.

The ID token's signature, issuer, audience, time and nonce are always checked. A person is found by the NIP in the
claims; no account, role or OPD ever comes from them, and of the claims nothing but the subject is kept.
"""

from typing import Any

import jwt
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from requests import RequestException

from accounts import ways_in
from accounts.models import User
from accounts.sso import services
from accounts.sso.claims import claim
from accounts.sso.requests_in_time import SessionInTime

PROVIDER = "sso"
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "EdDSA"})
LEEWAY_SECONDS = 30
LONGEST_SUBJECT = 191  # of allauth's column; OpenID Connect allows 255, of ASCII
LONGEST_SHOWN = 40  # of what is called a NIP
CLAIMS, END_SESSION, ID_TOKEN = "_sso_claims", "_sso_end_session", "_sso_id_token"  # on the request


class SsoProtocol(OpenIDConnectOAuth2Adapter):
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, PROVIDER)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        raw = kwargs["response"].get("id_token")
        if not isinstance(raw, str):
            raise OAuth2Error("no ID token")
        told = self._decode_id_token(app, raw)
        more = self._fetch_user_info(token.token) if self.openid_config.get("userinfo_endpoint") else {}
        if not isinstance(more, dict) or (more and more.get("sub") != told["sub"]):
            raise OAuth2Error("userinfo speaks of somebody else than the ID token")
        setattr(request, CLAIMS, more | told)
        setattr(request, END_SESSION, self.openid_config.get("end_session_endpoint", ""))
        setattr(request, ID_TOKEN, raw)
        return self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": told["sub"]}})

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        try:
            algorithm, key = jwtkit.fetch_key(id_token, self.openid_config["jwks_uri"], jwtkit.lookup_kid_jwk)
            if algorithm not in ALGORITHMS:
                raise OAuth2Error(f"algorithm {algorithm}")
            told: dict[str, Any] = jwt.decode(
                id_token,
                key=key,
                algorithms=[algorithm],
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "exp", "iat", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise OAuth2Error(f"ID token: {error}") from error
        if not 0 < len(told["sub"]) <= LONGEST_SUBJECT:
            raise OAuth2Error("a subject of no or of too many characters")
        if told.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the ID token was made for another client")
        return told


class SsoAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        del request, sociallogin
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Whose account it is, or the page that says why it is nobody's."""
        claims: dict[str, Any] = getattr(request, CLAIMS)
        sent = (sociallogin.state.get("data") or {}).get("nonce", "")
        if not sent or not constant_time_compare(str(claims.get("nonce", "")), sent):
            raise ImmediateHttpResponse(refusal(request, "failed"))
        nip = "".join(claim(claims, settings.SSO_NIP_CLAIM).split())  # as it is printed, it is in groups
        user = services.account_of(nip)
        if user is None or (sociallogin.is_existing and sociallogin.user.pk != user.pk):
            services.note_refusal(nip)
            raise ImmediateHttpResponse(refusal(request, "unknown", nip=nip))
        if not sociallogin.is_existing:
            _link(request, sociallogin, user, nip)
        if settings.SSO_UNIT_CLAIM:
            services.compare_unit(user, claim(claims, settings.SSO_UNIT_CLAIM))
        if request.user.is_authenticated:  # allauth would end that session after us, and what is kept below with it
            get_account_adapter().logout(request)
        services.keep_for_sign_out(request.session, getattr(request, END_SESSION), getattr(request, ID_TOKEN))

    def get_requests_session(self) -> SessionInTime:
        return SessionInTime()

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        del args
        exception = kwargs.get("exception")
        services.log_failure(kwargs.get("error"), exception)
        raise ImmediateHttpResponse(refusal(request, "away" if isinstance(exception, RequestException) else "failed"))


def _link(request: HttpRequest, sociallogin: SocialLogin, user: User, nip: str) -> None:
    """For the first time; or the page that says why not."""
    if services.is_linked(user):
        services.note_other_subject(user)
        raise ImmediateHttpResponse(refusal(request, "linked", nip=nip))
    if ways_in.to_confirm(user, "nip"):
        services.note_refusal(nip)
        raise ImmediateHttpResponse(refusal(request, "unconfirmed", nip=nip))
    sociallogin.connect(request, user)
    services.note_link(user)


def refusal(request: HttpRequest, why: str, *, nip: str = "") -> HttpResponse:
    """The page that says what to do: try again, sign in by password, or whom to ask."""
    context = {"why": why, "nip": nip[:LONGEST_SHOWN], "sso_name": settings.SSO_NAME}
    return render(request, "accounts/sso_refused.html", context, status=403)
