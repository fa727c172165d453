"""The trail: who did, decided, read and was refused what, in words; and the trail as a file, which is an act itself."""

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from accounts.trail import services
from accounts.trail.filters import TrailFilter
from accounts.trail.tables import TrailTable
from core.access import Scope, access, roles
from core.choices import Role
from core.models import AuditEvent
from core.request_values import query_in
from core.tables import list_response

READERS = roles(Role.AUDITOR, Role.ADMINISTRATOR, scope=Scope.PROVINCE)


@access(READERS)
def trail(request: SignedInRequest) -> HttpResponseBase:
    found = TrailFilter(request.GET, queryset=AuditEvent.objects.all())
    table = TrailTable(found.qs.order_by("-pk"), request=request)
    context = {"filter": found, "most": services.MOST_TAKEN, "asked": request.GET.urlencode()}
    response = list_response(request, "accounts/trail/trail.html", table, context, name="jejak")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@access(READERS)
def trail_file(request: SignedInRequest) -> HttpResponseBase:
    """What the filters left, as CSV or a workbook. A POST, because it leaves a trace."""
    kind = request.POST.get("format", "")
    if kind not in services.CONTENT_TYPES:
        return HttpResponse(render(request, "400.html").content, status=400)
    asked = query_in(request.POST.get("filters"))
    found = TrailFilter(asked, queryset=AuditEvent.objects.all())
    if not found.is_valid():
        return HttpResponse(render(request, "400.html").content, status=400)
    table = TrailTable(found.qs.order_by("-pk"), request=request)
    file, name = services.make_file(
        table.export_columns(), table.rows, kind=kind, filters=asked.urlencode(), by=request.user
    )
    response = FileResponse(file, as_attachment=True, filename=name, content_type=services.CONTENT_TYPES[kind])
    response["Cache-Control"] = "no-store"
    return response
