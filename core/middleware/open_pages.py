"""Pages for everybody are the same for everybody: no cookie is read or set, and any cache on the way may keep them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

KEEP_SECONDS = 300


class OpenPagesMiddleware:
    """Stands before the session: below OPEN_PATHS nobody is signed in, whatever cookie the browser sends."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(settings.OPEN_PATHS):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        response = self.get_response(request)
        varies = [name for name in response.get("Vary", "").split(", ") if name and name != "Cookie"]
        if varies:
            response["Vary"] = ", ".join(varies)
        elif response.has_header("Vary"):
            del response["Vary"]
        if response.status_code in {200, 304} and not response.has_header("Cache-Control"):
            patch_cache_control(response, public=True, max_age=KEEP_SECONDS)
        return response
