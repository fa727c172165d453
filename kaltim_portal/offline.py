"""The portal as an app on a device: what is needed to install it, and what stands in while the line is down."""

import hashlib
import json
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.access import access, public

# The files without which no page works; together they stay below 200 kB as they travel.
SHELL = (
    "vendor/tabler/tabler.min.css",
    "vendor/tabler-icons/sprite.svg",
    "vendor/htmx/htmx.min.js",
    "css/portal.css",
    "portal.svg",
    "js/theme.js",
    "js/portal.js",
    "js/sheet.js",
    "js/grid.js",
    "js/folds.js",
    "js/offline.js",
    "js/drafts.js",
    "js/session.js",
    "js/search.js",
    "js/errors.js",
)
SCRIPT = "js/service-worker.js"


@never_cache
@require_safe
@access(public())
def service_worker(request: HttpRequest) -> HttpResponse:
    """`service-worker.js` with the addresses of this release above it: a browser takes it for new when one differs."""
    del request
    place = finders.find(SCRIPT)
    if place is None:
        raise FileNotFoundError(SCRIPT)
    script = Path(place).read_text(encoding="utf-8")
    addresses = [static(name) for name in SHELL]
    constants = {
        "VERSION": hashlib.sha256("\n".join([script, *addresses]).encode()).hexdigest()[:12],
        "SHELL": addresses,
        "OFFLINE": reverse("offline"),
        "SIGN_OUT": reverse("account_logout"),
    }
    above = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in constants.items())
    return HttpResponse(above + script, content_type="text/javascript; charset=utf-8")


@require_safe
@access(public())
def manifest(request: HttpRequest) -> HttpResponse:
    """https://www.w3.org/TR/appmanifest/"""
    del request
    icon = {"src": static("portal.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    description = {
        "name": _("Programme monitoring of Kalimantan Timur"),
        "short_name": _("Kaltim Portal"),
        "lang": "id",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#063b2d",
        "icons": [icon],
    }
    return JsonResponse(description, content_type="application/manifest+json")


@require_safe
@access(public())
def offline(request: HttpRequest) -> HttpResponse:
    """What a device shows in place of a page that it has not kept. Says nothing about anybody."""
    return render(request, "offline.html")
