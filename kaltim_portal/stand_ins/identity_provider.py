"""A real OpenID Connect provider on loopback, for the demo and the tests: django-allauth's own, in its own process.

Run: python -m kaltim_portal.stand_ins.identity_provider PORT PORTAL_ADDRESS

It knows the people of the demo by their NIP, nested in the claims as one province does it. POST /kendali with JSON
{"fault": NAME} makes its ID tokens wrong: none, nonce, audience, issuer, expired, subject; {"nip": …} says
another NIP of everybody.
"""

import sys
import tempfile
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "portal-kaltim", "rahasia-peragaan-sso"
NIP_CLAIM, UNIT_CLAIM = "data.identitas.nip", "data.organisasi.kode_unit"


def configure(folder: Path) -> None:
    """Settings of this process; nothing of the portal's."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="hanya-peragaan",  # noqa: S106 (of the demo's own provider)
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1", "localhost"],
        ROOT_URLCONF="kaltim_portal.stand_ins.identity_provider_urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "penyedia.sqlite3")}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        SESSION_COOKIE_NAME="penyedia_sesi",  # cookies know no ports: the portal's stand beside it
        CSRF_COOKIE_NAME="penyedia_csrf",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(Path(__file__).parent / "identity_provider_templates")],
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGIN_URL="account_login",
        LOGIN_REDIRECT_URL="/sehat",
        LANGUAGE_CODE="id",
        USE_TZ=True,
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        IDP_OIDC_RATE_LIMITS=False,
        IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT=False,
        IDP_OIDC_ADAPTER="kaltim_portal.stand_ins.identity_provider_adapter.DemoProviderAdapter",
        IDP_OIDC_PRIVATE_KEY=_private_key(),
    )
    django.setup()


def _private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form, none = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, none).decode()


def fill(portal: str) -> None:
    """The tables, the portal as a client, and the people of the demo."""
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from kaltim_portal.demo_data.people import DEMO_PASSWORD, PEOPLE

    call_command("migrate", verbosity=0)
    client = Client(id=CLIENT_ID, name="Portal Kaltim", scopes="openid\nprofile", skip_consent=True)
    client.set_secret(CLIENT_SECRET)
    client.set_redirect_uris([f"{portal}/masuk/sso/kembali/"])
    client.set_post_logout_redirect_uris([f"{portal}/masuk/"])
    client.save()
    for person in PEOPLE:
        User.objects.create_user(person.username, password=DEMO_PASSWORD, first_name=person.nip, last_name="1.01.01")


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


def main() -> None:
    port, portal = int(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory() as folder:
        configure(Path(folder))
        fill(portal)
        from django.core.wsgi import get_wsgi_application

        server = make_server("127.0.0.1", port, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
        server.serve_forever()


if __name__ == "__main__":
    main()
