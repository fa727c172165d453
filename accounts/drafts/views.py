"""Where a browser keeps what is being typed, and the page of one draft."""

import json
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.drafts import services
from accounts.drafts.models import Draft
from accounts.middleware import SignedInRequest
from core.access import access, signed_in
from core.request_values import own_page, plain_text


@require_http_methods(["GET", "HEAD", "POST"])
@access(signed_in())
def drafts(request: SignedInRequest) -> HttpResponse:
    """For static/js/drafts.js: the drafts of the forms on a page (`?k=…,…`), or one to keep or to throw away."""
    if request.method == "POST":
        return _keep(request)
    keys = request.GET.get("k", "").split(",")[: services.MOST_OF_A_PERSON]
    rows = Draft.objects.visible_to(request.user).filter(key__in=keys)
    return JsonResponse(
        {
            row.key: {"stamp": row.saved_at.isoformat(), "place": row.place, "fields": services.content_of(row)}
            for row in rows
        }
    )


def _keep(request: SignedInRequest) -> HttpResponse:
    try:
        sent = json.loads(request.body)
        typed = typed_in(request, sent)
    except (ValueError, TypeError, KeyError, AttributeError):
        return JsonResponse({}, status=HTTPStatus.BAD_REQUEST)
    if not services.is_of(str(sent.get("owner", "")), request.user):
        return JsonResponse({}, status=HTTPStatus.CONFLICT)
    try:
        draft = services.keep(owner=request.user, typed=typed)
    except ValidationError as error:
        return JsonResponse({"problem": " ".join(error.messages)}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return JsonResponse({"stamp": draft.saved_at.isoformat() if draft else ""})


def typed_in(request: SignedInRequest, sent: dict[str, Any]) -> services.SentDraft:
    """Raises ValueError, or what a wrong shape raises, for what no page of ours sends."""
    key = sent["key"]
    page = own_page(request, plain_text(sent["page"], limit=500))
    if not services.KEY.fullmatch(key) or not page:
        raise ValueError(key)
    fields = {str(name)[:200]: _field(field) for name, field in sent["fields"].items()}
    title = plain_text(sent["title"], limit=200)
    place = plain_text(sent.get("place", ""), limit=160)
    known = services.KnownTexts.said_by(sent.get("known"))
    return services.SentDraft(key, page, title or page, place, fields, known)


def _field(sent: dict[str, Any]) -> dict[str, Any]:
    """As `services.content_of` says; `o` is what another tab or device had."""
    others = [_text(each) for each in sent.get("o", [])]
    return _text(sent) | {
        "b": [str(text) for text in sent["b"]],
        "l": str(sent.get("l", ""))[:200],
        "o": others[-services.MOST_OTHERS :],
    }


def _text(sent: dict[str, Any]) -> dict[str, Any]:
    return {"t": [str(text) for text in sent["t"]], "w": str(sent.get("w", ""))[:40]}


@require_http_methods(["GET", "HEAD", "POST"])
@access(signed_in())
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was typed, also where the form's page no longer opens; a POST throws it away."""
    row = Draft.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        context = {"days": services.KEPT_FOR.days}
        return render(request, "accounts/drafts/gone.html", context, status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        services.discard(owner=request.user, keys=[row.key])
        messages.success(request, _("The draft is discarded."))
        return redirect("home")
    fields = services.content_of(row).items()
    shown = [(field["l"] or name, [field["t"], *(each["t"] for each in field["o"])]) for name, field in fields]
    return render(request, "accounts/drafts/draft.html", {"draft": row, "fields": shown})
