"""Lists as files: handing in, watching, the preview, assigning columns, taking over."""

import json
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core import audit
from core.access import Scope, access, roles
from core.choices import Role
from core.htmx import render_partial
from core.importing import reader_processes, staging
from core.importing.fields import Shape
from core.importing.messages import message
from core.outcomes import refused, told
from core.request_values import plain_text, typed_text, whole_number
from core.tables import list_response
from uploads import permissions
from uploads import services as uploads
from uploads.forms import UploadForm
from uploads.models import SavedMapping, Upload
from uploads.presenters import upload_page
from uploads.tables import UploadTable

UPLOADERS = roles(Role.OPERATOR, Role.DATA_STEWARD, scope=Scope.OWN_AGENCY)
MARKED_WHOLE_UP_TO = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access(UPLOADERS)
def upload_list(request: SignedInRequest) -> HttpResponseBase:
    """The form to hand in a list, what can be handed in, and the earlier ones."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        agency = request.workspace.agency
        if agency is not None and not request.user.operates(agency.pk):
            agency = None
        try:
            upload = uploads.receive(
                file=form.cleaned_data["file"],
                agency=agency,
                fiscal_year=request.workspace.fiscal_year,
                by=request.user,
                options={name: chosen for name in ("stage", "delimiter") if (chosen := form.cleaned_data[name])},
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect(upload)
    rows = Upload.objects.visible_to(request.user).select_related("agency", "uploaded_by").order_by("-pk")
    table = UploadTable(rows, request=request)
    context = {"form": form, "datasets": permissions.datasets_for(request.user)}
    status = 422 if form.errors else 200
    return list_response(request, "uploads/uploads.html", table, context, name="unggahan", status=status)


def _upload_of(request: SignedInRequest, pk: int) -> Upload:
    rows = Upload.objects.visible_to(request.user).select_related("agency", "uploaded_by", "applied_by")
    return get_object_or_404(rows, pk=pk)


@access(UPLOADERS)
def upload(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is; then what would change, and what is wrong with it."""
    row = _upload_of(request, pk)
    return render_partial(request, "uploads/upload.html", "progress", upload_page(request.user, row))


@require_POST
@access(UPLOADERS)
def assign_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Which heading feeds which field, for the sheets that were not recognised; can be saved under a name."""
    row = _upload_of(request, pk)
    shapes = {dataset.shape.name: dataset.shape for dataset in permissions.datasets_for(request.user)}
    mapping: dict[str, Any] = dict(row.mapping)
    kept: list[tuple[str, str, dict[str, str]]] = []
    for index, sheet in enumerate(row.sheets):
        shape = request.POST.get(f"shape-{index}", "")
        if shape == "skip":
            mapping[sheet["name"]] = {"skip": True}
        elif shape in shapes:
            columns = _columns(request, row, index, shapes[shape])
            name = typed_text(request.POST.get(f"save-as-{index}"), limit=80)
            mapping[sheet["name"]] = {"shape": shape, "columns": columns}
            kept += [(shape, name, columns)] if name and columns else []
    with told(request):
        for shape, name, columns in kept:
            uploads.keep_mapping(upload=row, dataset=shape, name=name, columns=columns, by=request.user)
        uploads.assign_columns(upload=row, mapping=mapping, by=request.user)
    return redirect(row)


def _columns(request: SignedInRequest, row: Upload, index: int, shape: Shape) -> dict[str, str]:
    """The heading of each field of a sheet: as chosen, else as in the saved assignment that was named."""
    saved_pk = whole_number(request.POST.get(f"saved-{index}"), digits=18)
    saved = SavedMapping.objects.filter(agency=row.agency, dataset=shape.name, pk=saved_pk or 0).first()
    chosen = {
        field.name: plain_text(request.POST.get(f"column-{index}-{shape.name}-{field.name}"), limit=80)
        for field in shape.fields
    }
    return (saved.columns if saved else {}) | {name: heading for name, heading in chosen.items() if heading}


@require_POST
@access(UPLOADERS)
def apply_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _upload_of(request, pk)
    try:
        uploads.request_apply(pk=row.pk, by=request.user, reason=typed_text(request.POST.get("reason"), limit=300))
    except ValidationError as error:
        context = upload_page(request.user, row, " ".join(error.messages)) | {"reason": request.POST.get("reason", "")}
        return render(request, "uploads/upload.html", context, status=422)
    return redirect(row)


@require_POST
@access(UPLOADERS)
def undo_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _upload_of(request, pk)
    reason = typed_text(request.POST.get("undo_reason"), limit=300)
    try:
        uploads.request_undo(pk=row.pk, by=request.user, reason=reason)
    except ValidationError as error:
        context = upload_page(request.user, row, " ".join(error.messages)) | {"undo_reason": reason}
        return render(request, "uploads/upload.html", context, status=422)
    return redirect(row)


@require_POST
@access(UPLOADERS)
def discard_upload(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _upload_of(request, pk)
    try:
        uploads.discard(pk=row.pk, by=request.user)
    except ValidationError as error:
        return refused(request, error, row)
    messages.success(request, _("The list is put aside; nothing of it was taken over."))
    return redirect("uploads:uploads")


@access(UPLOADERS)
def upload_file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The file as it was handed in."""
    row = _upload_of(request, pk)
    audit.note_read(request, "file.fetched", row)
    return FileResponse(
        uploads.open_file(row), as_attachment=True, filename=row.name, content_type="application/octet-stream"
    )


@access(UPLOADERS)
def marked_workbook(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The same workbook with the cells in question coloured and commented."""
    row = _upload_of(request, pk)
    rows = sum(sheet.get("height", 0) for sheet in row.sheets)
    out = tempfile.NamedTemporaryFile(suffix=".xlsx")  # noqa: SIM115 (FileResponse closes it)
    with uploads.local_file(row) as path:
        made = _mark(row, path, out.name, only_marked=rows > MARKED_WHOLE_UP_TO)
    if not made:
        out.close()
        messages.error(request, _("The marked workbook could not be made; the list below names every cell."))
        return redirect(row)
    return FileResponse(
        Path(out.name).open("rb"), as_attachment=True, filename=f"periksa-{Path(row.name).stem}.xlsx", content_type=XLSX
    )


def _mark(row: Upload, path: Path, out: str, *, only_marked: bool) -> bool:
    """In a process of its own; False when it could not be made."""
    job = {
        "path": str(path),
        "name": row.name,
        "out": out,
        "remarks": [
            [item.sheet, item.row, item.column, message(item.code, item.params), item.is_warning]
            for item in row.problems.order_by("pk")
        ],
        "heading_rows": {sheet["name"]: sheet.get("heading_row", 1) for sheet in row.sheets},
        "only_marked": only_marked,
        "memory_bytes": staging.MEMORY_BYTES,
        "cpu_seconds": 60,
    }
    ended_well, _written = reader_processes.run("core.importing.marking", json.dumps(job).encode())
    return ended_well
