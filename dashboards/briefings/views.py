"""The weekly briefing: issued by one button, read, printed, shown on the screen in the room, put in another order."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from core.access import Scope, access, roles
from core.outcomes import tell_refusal
from core.tables import list_response
from core.versioning import Difference
from dashboards.briefings import presenters, services
from dashboards.briefings.document import Order, order
from dashboards.briefings.permissions import may_issue
from dashboards.briefings.tables import BriefingTable
from dashboards.choices import BriefingPart
from dashboards.models import DIRECTIVE_READERS, Briefing
from dashboards.readers import OFFICE

READERS = roles(*DIRECTIVE_READERS, scope=Scope.PROVINCE)


@require_safe
@access(READERS)
def briefing_list(request: SignedInRequest) -> HttpResponseBase:
    rows = Briefing.objects.visible_to(request.user).select_related("issued_by").defer("pdf", "content", "numbers")
    context = {"may_issue": may_issue(request.user)}
    table = BriefingTable(rows, request=request)
    return list_response(request, "dashboards/briefings/briefings.html", table, context, name="bahan-rapat")


@require_POST
@access(OFFICE)
def issue(request: SignedInRequest) -> HttpResponse:
    """Make the briefing of this moment; what was issued before stays as it was."""
    today = timezone.localdate()
    row = services.issue(year=request.workspace.fiscal_year, today=today, by=request.user)
    messages.success(request, _("The briefing is issued: read it, print it, or show it on the screen."))
    return redirect(row)


def _briefing(request: SignedInRequest, pk: int) -> Briefing:
    rows = Briefing.objects.visible_to(request.user).select_related("issued_by")
    return get_object_or_404(rows, pk=pk)


@require_safe
@access(READERS)
def briefing(request: SignedInRequest, pk: int) -> HttpResponse:
    """As it was issued, from what was frozen."""
    row = _briefing(request, pk)
    return render(
        request, "dashboards/briefings/briefing.html", {"briefing": row, "may_issue": may_issue(request.user)}
    )


@require_safe
@access(READERS)
def briefing_pdf(request: SignedInRequest, pk: int) -> HttpResponse:
    """The file itself, the very bytes that were handed out."""
    row = _briefing(request, pk)
    response = HttpResponse(bytes(row.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.file_name}"'
    return response


@require_safe
@access(READERS)
def slides(request: SignedInRequest, pk: int) -> HttpResponse:
    """For the screen in the room: one part at a time, moved with the arrow keys."""
    context = {"briefing": _briefing(request, pk), "may_issue": may_issue(request.user)}
    return render(request, "dashboards/briefings/slides.html", context)


@access(OFFICE)
def arrangement(request: SignedInRequest) -> HttpResponse:
    """The order of the parts, and which are shown; from the next briefing on."""
    rows = order()
    if request.method != "POST":
        return _arrangement_page(request, rows, seen=services.as_seen(rows))
    parts = [BriefingPart(part) for part in request.POST.getlist("part") if part in BriefingPart.values]
    shown = set(request.POST.getlist("shown"))
    moved, seen = request.POST.get("move", ""), request.POST.get("seen", "")
    parts = _moved(parts, moved)
    typed = [(part, part.value in shown) for part in parts]
    hidden = {part for part, is_shown in typed if not is_shown}
    try:
        services.reorder(parts=parts, hidden=hidden, seen=seen, by=request.user)
    except services.OrderChanged as error:
        conflict = presenters.differences(error.order, typed)
        now = services.as_seen(error.order)
        return _arrangement_page(request, typed, seen=now, conflict=conflict, status=409)
    except ValidationError as error:
        tell_refusal(request, error)
        return _arrangement_page(request, typed or rows, seen=seen, status=422)
    if not moved:
        messages.success(request, _("Saved; the next briefing follows it."))
    return redirect("briefing-arrangement")


def _arrangement_page(
    request: SignedInRequest,
    rows: Order,
    *,
    seen: str,
    conflict: list[Difference] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"rows": rows, "seen": seen, "is_conflict": conflict is not None, "conflict": conflict}
    return render(request, "dashboards/briefings/arrangement.html", context, status=status)


def _moved(parts: list[BriefingPart], move: str) -> list[BriefingPart]:
    """`naik:spm` puts a part one place up, `turun:spm` one down."""
    way, _colon, name = move.partition(":")
    place = next((number for number, part in enumerate(parts) if part.value == name), None)
    other = None if place is None else place + {"naik": -1, "turun": 1}.get(way, 0)
    if place is not None and other is not None and 0 <= other < len(parts):
        parts[place], parts[other] = parts[other], parts[place]
    return parts
