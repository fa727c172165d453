"""Pages of the house itself: health, the components for later screens, the API's description."""

from decimal import Decimal

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView

from core.access import Scope, access, public, signed_in
from core.api_defaults import AccessRulePermission
from core.charts import COLOURS, SCALE, render_svg
from core.fields import NumberFormField
from core.tasks import FILES_MISSING
from kaltim_portal.api_reference import endpoints


@require_safe
@access(public())
@transaction.non_atomic_requests
def health(request: HttpRequest) -> HttpResponse:
    """For load balancers and containers: 200 while the database answers. Says nothing about who or what is inside."""
    del request
    state = {"database": "ok", "cache": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        state["database"] = "away"
    cache.set("health", "1", 10)
    if cache.get("health") != "1":
        state["cache"] = "away"  # the portal goes on without it, more slowly
    state["files"] = "missing" if cache.get(FILES_MISSING) else "ok"  # as the nightly look has found them
    return JsonResponse(state, status=200 if state["database"] == "ok" else 503)


@never_cache
@require_safe
@access(public())
def form_token(request: HttpRequest) -> HttpResponse:
    """The token that a form of this browser needs by now, for a page that was served before the sign-in. As any page
    with a form has it: no other origin reads either."""
    return JsonResponse({"token": get_token(request)})


class SampleForm(forms.Form):
    """One field of each kind, one of them with an error, for the page of components."""

    name = forms.CharField(label=_("Programme name"), help_text=_("A hint stands under the field."), initial="…")
    figure = NumberFormField(label=_("A figure"))
    kind = forms.ChoiceField(label=_("Choice"), choices=[("a", "A"), ("b", "B")])
    note = forms.CharField(label=_("Comment"), widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label=_("Confirmation"), required=False)


@require_safe
@access(signed_in(Scope.NOTHING))
def components(request: HttpRequest) -> HttpResponse:
    """Every component on one page, so that later screens reuse them. Only in the demo."""
    if not settings.DEMO_MODE:
        raise Http404
    chart = render_svg(
        {
            "width": 320,
            "height": 140,
            "data": {"values": [{"x": letter, "y": number + 1} for number, letter in enumerate("ABCDE")]},
            "mark": "bar",
            "encoding": {
                "x": {"field": "x", "type": "nominal", "title": None, "axis": {"labelAngle": 0}},
                "y": {"field": "y", "type": "quantitative", "title": None},
                "color": {"value": COLOURS["1"]},
            },
        },
        label="Contoh diagram batang",
    )
    form = SampleForm({"figure": "1.234"})
    context = {"chart": chart, "steps": range(1, len(SCALE) + 1), "figure": Decimal("1234567.89"), "form": form}
    return render(request, "components/gallery.html", context)


class ApiSchemaView(SpectacularAPIView):
    """The OpenAPI description, for programs."""

    access_rule = signed_in(Scope.NOTHING)
    permission_classes = [AccessRulePermission]


@require_safe
@access(signed_in(Scope.NOTHING))
def api_reference(request: HttpRequest) -> HttpResponse:
    """The same description, for people."""
    return render(request, "api_reference.html", {"endpoints": endpoints()})
