"""What the stand-in provider says of a person; django-allauth's provider asks it."""

import time
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter

WORLD = {"fault": "none", "nip": ""}


def claims_of(user: Any) -> dict[str, Any]:
    return {
        "data": {"identitas": {"nip": WORLD["nip"] or user.first_name}, "organisasi": {"kode_unit": user.last_name}}
    }


def misbehave(id_token: dict[str, Any]) -> None:
    """The fault of the moment."""
    match WORLD["fault"]:
        case "nonce":
            id_token["nonce"] = "nonce-orang-lain"
        case "audience":
            id_token["aud"] = "aplikasi-lain"
        case "issuer":
            id_token["iss"] = "https://penyedia-lain.example"
        case "expired":
            id_token["iat"], id_token["exp"] = int(time.time()) - 7200, int(time.time()) - 3600
        case "subject":
            id_token["sub"] = "999999"


class DemoProviderAdapter(DefaultOIDCAdapter):
    def get_claims(self, purpose: str, user: Any, client: Any, scopes: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_claims(purpose, user, client, scopes, **kwargs)
        return found | claims_of(user)

    def populate_id_token(self, id_token: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        misbehave(id_token)
