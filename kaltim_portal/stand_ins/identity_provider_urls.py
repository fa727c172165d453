"""The addresses of the stand-in provider."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from kaltim_portal.stand_ins.identity_provider_adapter import WORLD


def health(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@csrf_exempt
def control(request: HttpRequest) -> HttpResponse:
    WORLD.update(json.loads(request.body))
    return JsonResponse(WORLD)


urlpatterns = [
    path("sehat", health),
    path("kendali", control),
    path("", include("allauth.account.urls")),
    path("", include("allauth.idp.urls")),
]
