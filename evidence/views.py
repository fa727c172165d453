"""How the hash chain is, in words that an auditor can use; a verification on request; the tokens of time stamps."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.choices import Role
from evidence import presenters, services
from evidence.models import HeadDeparture

READERS = roles(Role.AUDITOR, Role.ADMINISTRATOR, scope=Scope.PROVINCE)


@require_safe
@access(READERS)
def health(request: SignedInRequest) -> HttpResponse:
    return render(request, "evidence/health.html", presenters.page())


@require_POST
@access(READERS)
def verify(request: SignedInRequest) -> HttpResponse:
    """The worker does it: hundreds of thousands of rows take longer than a page may."""
    services.ask_for_verification(by=request.user)
    messages.success(request, _("The verification has begun. Open this page again in a few minutes."))
    return redirect("evidence:health")


@require_safe
@access(READERS)
def token(_request: SignedInRequest, pk: int) -> HttpResponse:
    """The authority's own answer, which openssl and others verify without the portal."""
    row = get_object_or_404(HeadDeparture.objects.stamps(), pk=pk)
    response = HttpResponse(bytes(row.token or b""), content_type="application/timestamp-reply")
    response["Content-Disposition"] = f'attachment; filename="stempel-{row.number}-{row.seal}.tsr"'
    response["Cache-Control"] = "no-store"
    return response
