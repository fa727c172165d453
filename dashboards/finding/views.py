from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.middleware import SignedInRequest
from core.access import Scope, access, signed_in
from core.htmx import render_partial
from dashboards.finding.presenters import shown_kinds
from dashboards.finding.services import SHOWN_OF_EACH, SHOWN_OF_ONE, find, kinds_for
from dashboards.finding.words import taken_apart


@require_safe
@access(signed_in(Scope.PROVINCE))
def search(request: SignedInRequest) -> HttpResponse:
    words = taken_apart(request.GET.get("q", ""))
    chosen = next(iter(kinds_for(request.user, slug)), None) if (slug := request.GET.get("jenis", "")) else None
    hits, right = find(
        request.user,
        words,
        slug=chosen.slug if chosen else "",
        shown=SHOWN_OF_ONE if chosen else SHOWN_OF_EACH,
    )
    context = {
        "words": words.text,
        "is_asked": bool(words),
        "chosen": chosen,
        "kinds": shown_kinds(hits, right),
        "similar": right is not words,
        "searched": [kind.name for kind in kinds_for(request.user)],
    }
    return render_partial(request, "dashboards/finding/search.html", "results", context)
