"""`{% signatures_of "briefing" briefing.pk %}`: who signed this paper, and the button to sign it. Nothing at all where
no service to sign by is configured."""

from typing import Any

from django import template
from django.http import Http404

from evidence.choices import PaperKind, SignatureState
from evidence.models import PaperSignature
from evidence.signatures import papers

register = template.Library()


@register.inclusion_tag("evidence/signatures/of_paper.html", takes_context=True)
def signatures_of(context: template.Context, kind: str, key: object) -> dict[str, Any]:
    request = context["request"]
    try:
        paper = papers.paper_of(kind, str(key), request.user)
    except Http404:
        return {}
    rows = list(PaperSignature.objects.of_paper(PaperKind(kind), str(key)).select_related("signer"))
    own = [row for row in rows if row.signer_id == request.user.pk and row.state != SignatureState.REFUSED]
    open_one = next((row for row in own if row.state != SignatureState.SIGNED), None)
    is_done = open_one is not None or (paper.is_fixed and bool(own))
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "signatures": [row for row in rows if row.state == SignatureState.SIGNED],
        "own": open_one,
        "may_sign": papers.is_offered() and paper.may_sign and not is_done,
        "kind": kind,
        "key": key,
        "back": request.get_full_path(),
    }
