"""Evidence files of a report: attaching, fetching, taking off."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core import audit, private_files
from core.access import access
from core.form_pages import form_on
from core.outcomes import told
from core.request_values import whole_number
from programs.models import Evidence, Report
from programs.registration.views import READERS, WRITERS
from programs.reports import attachments


@require_POST
@access(WRITERS)
def attach_evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        Report.objects.filter(program__agency_id__in=request.user.operated_agency_ids).select_related("program"), pk=pk
    )
    value = row.values.filter(pk=whole_number(request.POST.get("value"), digits=18) or 0).first()
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("Choose a file."))
        return redirect(row)
    with told(request, _("The file is attached.")):
        attachments.attach(report=row, value=value, file=file, by=request.user)
    return redirect(row)


@access(READERS)
def evidence(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """A file, to those who may read its report; always as a download, never as a page of ours."""
    row = get_object_or_404(Evidence.objects.visible_to(request.user), pk=pk)
    file = private_files.open_stored(attachments.FOLDER, row.stored_as)
    audit.note_read(request, "file.fetched", row)
    response = FileResponse(file, as_attachment=True, filename=row.name, content_type=row.content_type)
    response["Cache-Control"] = "private, no-store"
    return response


def _own_evidence(request: SignedInRequest, pk: int) -> Evidence:
    rows = Evidence.objects.filter(report__program__agency_id__in=request.user.operated_agency_ids)
    return get_object_or_404(rows.select_related("report__program"), pk=pk)


@require_POST
@form_on(lambda request, pk: _own_evidence(request, pk).report)
@access(WRITERS)
def detach_evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _own_evidence(request, pk)
    report = row.report
    with told(request):
        attachments.detach(evidence=row, by=request.user)
    return redirect(report)
