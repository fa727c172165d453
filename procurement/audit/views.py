"""The auditor's procurement report, its files, and the page that says whether a file is one of them."""

import re
import tempfile

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.client_address import client_address
from accounts.middleware import SignedInRequest
from accounts.sign_in import limits
from core import audit, private_files, queue
from core.access import Scope, access, public, roles
from core.choices import Role
from core.digests import sha256_of
from core.htmx import render_partial
from core.outcomes import told
from core.request_values import typed_text, whole_number
from core.tables import list_response
from evidence.models import PaperSignature
from evidence.signatures import reading
from procurement.audit import files as audit_files
from procurement.audit import report as audit_report
from procurement.audit import saved_filters
from procurement.audit.tables import AuditReportTable
from procurement.choices import ProcessingState
from procurement.models import AuditExport, Package, SavedFilter
from procurement.packages.filters import PackageFilter

AUDITORS = roles(Role.AUDITOR, scope=Scope.PROVINCE)


def _filtered(request: SignedInRequest, data: QueryDict) -> PackageFilter:
    rows = Package.objects.visible_to(request.user).of_year(request.workspace.fiscal_year)
    return PackageFilter(data, queryset=rows)


@access(AUDITORS)
def procurement_report(request: SignedInRequest) -> HttpResponseBase:
    found = _filtered(request, request.GET)
    context = {
        "filter": found,
        "totals": audit_report.totals(found.qs),
        "exports": AuditExport.objects.visible_to(request.user)[:8],
        "saved": SavedFilter.objects.filter(user=request.user),
    }
    table = AuditReportTable(audit_report.rows(found.qs), request=request)
    return list_response(request, "procurement/audit/audit_report.html", table, context, name="laporan-audit")


@require_POST
@access(AUDITORS)
def export(request: SignedInRequest) -> HttpResponseBase:
    """The same rows as a file. A POST, because the export itself is written into the trail, with the file's SHA-256."""
    layout, _dash, kind = request.POST.get("format", "").rpartition("-")
    layout = layout or audit_files.LIST
    if (layout, kind) not in audit_files.OFFERED:
        return _problem(request, _("Choose one of the files offered."), 400)
    row = audit_files.order(
        by=request.user,
        layout=layout,
        file_format=kind,
        fiscal_year=request.workspace.fiscal_year,
        filters=request.POST.get("filters", ""),
    )
    if not audit_files.is_quick(row):
        queue.send_after_commit("procurement.audit.tasks.issue", row.pk)
        return redirect("procurement:audit-file", row.pk)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (FileResponse closes it)
    try:
        audit_files.make(row, file, keep=audit_files.keep if audit_files.is_signable(row) else None)
    except audit_files.CannotIssueError as error:
        file.close()
        audit_files.give_up(row, str(error))
        return _problem(request, str(error), 422)
    file.seek(0)
    return _answer(row, file)


def _answer(row: AuditExport, file: object) -> FileResponse:
    response = FileResponse(
        file, as_attachment=True, filename=row.file_name, content_type=audit_files.TYPES[row.file_format]
    )
    response["X-File-SHA256"] = row.sha256
    response["Cache-Control"] = "no-store"
    return response


def _problem(request: SignedInRequest, problem: str, status: int) -> HttpResponse:
    return render(request, "procurement/audit/export_problem.html", {"problem": problem}, status=status)


@access(AUDITORS)
def file_state(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far a file is that the worker makes; asks again by itself until it is there."""
    row = get_object_or_404(AuditExport.objects.visible_to(request.user), pk=pk)
    context = {"export": row, "share": min(100, row.progress * 100 // row.expected) if row.expected else 0}
    return render_partial(request, "procurement/audit/audit_file.html", "state", context)


@access(AUDITORS)
def fetch(request: SignedInRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(AuditExport.objects.visible_to(request.user), pk=pk)
    if row.state != ProcessingState.READY or not row.stored_as:
        raise Http404
    audit.note_read(request, "file.fetched", row)
    return _answer(row, private_files.open_stored(audit_files.FOLDER, row.stored_as))


@require_POST
@access(AUDITORS)
def save_filters(request: SignedInRequest) -> HttpResponse:
    """Keep the filters under a name, or forget those of a name."""
    name, query = typed_text(request.POST.get("name"), limit=100), request.POST.get("filters", "")[:2000]
    forgotten = whole_number(request.POST.get("forget"), digits=18)
    if forgotten is not None:
        saved_filters.forget(by=request.user, pk=forgotten)
        return redirect("procurement:audit-report")
    with told(request, _("The filters are saved.")):
        saved_filters.save(by=request.user, name=name, query=query)
    return redirect(f"{reverse('procurement:audit-report')}?{query}")


@access(public(Scope.REFERENCE))
def verify_file(request: SignedInRequest) -> HttpResponse:
    """Whether a file, or a SHA-256, is one that the portal issued. The file is hashed and not kept.

    Whoever is not signed in learns that it is one, and what stands on the public page of a signature; not who was
    given the file, and why.
    """
    is_guest = not request.user.is_authenticated
    context: dict[str, object] = {"digest": "", "asked": False, "is_guest": is_guest}
    status = 200
    if request.method == "POST":
        digest, problem = _digest(request)
        status = 422 if problem else 200
        if is_guest and not problem:
            try:
                limits.check_file(client_address(request))
            except limits.TooManyTriesError as error:
                problem, status = error.messages[0], 429
        context |= {"problem": problem, "asked": not problem, "digest": digest}
        if not problem:
            context |= {"export": audit_files.issued(digest), "event": audit_files.issued_before(digest)}
            context |= _signatures(request, digest)
    return render(request, "procurement/audit/verify_file.html", context, status=status)


def _signatures(request: SignedInRequest, digest: str) -> dict[str, object]:
    """Who signed the file, by what it says itself, and whether it is one that was signed here."""
    file = request.FILES.get("file")
    is_pdf = file is not None and reading.is_pdf(file.read(1024))
    found: dict[str, object] = {"is_pdf": is_pdf}
    if not settings.BSRE_ROOTS:
        return found
    found |= {
        "signed_here": PaperSignature.objects.filter(sha256=digest).first(),
        "prepared_here": PaperSignature.objects.filter(prepared_sha256=digest).first(),
    }
    if file is None or not is_pdf:
        return found
    file.seek(0)
    if (file.size or 0) > reading.MAX_BYTES:
        return found | {"unreadable": _("Signatures are read in files of up to 20 MB.")}
    at_once = reading.AT_ONCE if request.user.is_authenticated else reading.AT_ONCE_FOR_GUESTS
    try:
        examined = reading.examined(file.read(), at_once=at_once)
    except reading.Unreadable as error:
        return found | {"unreadable": str(error)}
    shown = len(examined.signatures)
    return found | {
        "is_examined": True,
        "signatures": examined.signatures,
        "shown": shown,
        "count": examined.count if examined.count > shown else 0,
    }


def _digest(request: SignedInRequest) -> tuple[str, str]:
    """(SHA-256, what is wrong in words)."""
    file = request.FILES.get("file")
    if file is None:
        digest = re.sub(r"\s", "", request.POST.get("digest", "")).lower()
        if re.fullmatch(r"[0-9a-f]{64}", digest):
            return digest, ""
        return digest, _("Choose the file, or paste its SHA-256: 64 digits and letters from a to f.")
    if not file.size:
        return "", _("The file is empty: nothing stands in it.")
    return sha256_of(file), ""
