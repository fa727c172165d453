"""Pulls: one with its raw answers, asking for one, handing in a list, and the schedule."""

import gzip

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_celery_beat.models import PeriodicTask

from accounts.middleware import SignedInRequest
from core import schedule
from core.access import access
from core.htmx import render_partial
from core.outcomes import tell_refusal
from core.versioning import joined, seen_of
from datasources.models import Payload, Pull
from datasources.pulls import services as pulls
from datasources.pulls.forms import RhythmForm
from datasources.series.edit_views import _of
from datasources.series.forms import (
    HandInForm,
    YearsForm,
)
from datasources.series.views import READERS, STEWARDS, STOP_POLLING


@require_POST
@access(STEWARDS)
def pull_now(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _of(pk)
    form = YearsForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect("datasources:series", row.pk)
    pull = pulls.request_pull(series=row, by=request.user, years=form.years())
    return redirect("datasources:pull", pull.pk)


@require_POST
@access(STEWARDS)
def hand_in(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _of(pk)
    form = HandInForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect("datasources:series", row.pk)
    file = form.cleaned_data["file"]
    is_trial = form.cleaned_data["is_trial"]
    try:
        pull = pulls.hand_in(series=row, body=file.read(), name=file.name, by=request.user, is_trial=is_trial)
    except ValidationError as error:
        tell_refusal(request, error)
        return redirect("datasources:series", row.pk)
    return redirect("datasources:setup", row.pk) if is_trial else redirect("datasources:pull", pull.pk)


@access(STEWARDS)
def schedule_list(request: SignedInRequest) -> HttpResponse:
    rows = [
        {
            "task": row,
            "name": schedule.name_for_people(row.name),
            "rhythm": schedule.rhythm_of(row),
        }
        for row in PeriodicTask.objects.select_related("interval", "crontab").order_by("name")
    ]
    return render(request, "datasources/pulls/schedule.html", {"rows": rows})


@access(STEWARDS)
def edit_schedule(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = PeriodicTask.objects.select_related("interval", "crontab")
    if request.method == "POST":
        rows = rows.select_for_update(of=("self",))
    row = get_object_or_404(rows, pk=pk)
    known = schedule.scheduled().get(row.name)
    shown = RhythmForm(initial=RhythmForm.initial_of(row))
    sent, conflict = joined(request.POST, (RhythmForm(request.POST or None, initial=shown.initial), shown))
    form = RhythmForm(sent, initial=shown.initial)
    if request.method == "POST" and conflict is None and form.is_valid():
        if known is not None and known.is_vital and not form.cleaned_data["is_enabled"]:
            form.add_error("is_enabled", _("This one cannot be switched off: without it nothing that waits is done."))
        else:
            pulls.change_schedule(
                task=row,
                rhythm=form.rhythm(),
                is_enabled=form.cleaned_data["is_enabled"],
                by=request.user,
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("The schedule is changed. It takes effect within a minute."))
            return redirect("datasources:schedule")
    name = schedule.name_for_people(row.name)
    context = {"form": form, "seen": seen_of(shown), "conflict": conflict, "task": row, "name": name}
    status = 200 if conflict is None else 409
    return render(request, "datasources/pulls/schedule_form.html", context, status=status)


@require_safe
@access(READERS)
def payload(request: SignedInRequest, pk: int) -> HttpResponse:
    """The raw answer as it came, as a file: never shown as a page, whatever it claims to be."""
    del request
    row = get_object_or_404(Payload, pk=pk)
    body = gzip.decompress(row.body)
    response = HttpResponse(body, content_type="application/octet-stream")
    name = f"jawaban-{row.pk}-{row.sha256[:12]}.{ending_of(body)}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def ending_of(body: bytes) -> str:
    """By content: what a source calls its answer is not always what it is."""
    start = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    for mark, ending in ((b"PK", "xlsx"), (b"{", "json"), (b"[", "json"), (b"<", "html"), (b"\xd0\xcf", "xls")):
        if start.startswith(mark):
            return ending
    return "csv"


@require_safe
@access(READERS)
def pull(request: SignedInRequest, pk: int) -> HttpResponse:
    """One pull; while it is open the page asks again every second."""
    row = get_object_or_404(
        Pull.objects.visible_to(request.user).select_related("series__source", "requested_by", "rolled_back_to"), pk=pk
    )
    context = {"pull": row, "payloads": row.payloads.defer("body").order_by("page", "pk")}
    response = render_partial(request, "datasources/pulls/pull.html", "progress", context)
    if not row.is_open and request.headers.get("HX-Request") == "true":
        response.status_code = STOP_POLLING
    return response
