"""The register of regulations for everybody, and for whoever writes down that it was compared with the texts."""

from types import SimpleNamespace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.middleware import SignedInRequest
from accounts.regulations import listing, services
from accounts.regulations.forms import CheckForm, RegulationFilterForm
from accounts.regulations.permissions import check_may_confirm, may_confirm
from accounts.regulations.register import register
from accounts.regulations.tables import RegulationTable
from core.access import Scope, access, signed_in
from core.permissions import insist
from core.tables import list_response

READERS = signed_in(Scope.REFERENCE)


@access(READERS)
def regulation_list(request: SignedInRequest) -> HttpResponseBase:
    form = RegulationFilterForm(request.GET)
    form.is_valid()
    asked = [form.cleaned_data.get(name, "") for name in ("q", "state", "rank")]
    rows = listing.listed(*asked)
    table = RegulationTable(rows, request=request)
    context = {"filter": SimpleNamespace(form=form), "open": sum(1 for row in rows if not row.state)}
    context["subjects"] = listing.by_subject(rows)
    # Whoever has asked for some, or comes from a row, sees them without having to unfold anything.
    came_from = request.GET.get("baris")
    context["unfolded"] = {row.regulation.subject for row in rows if any(asked) or row.regulation.key == came_from}
    return list_response(request, "accounts/regulations/regulations.html", table, context, name="peraturan")


@access(READERS)
def regulation(request: SignedInRequest, key: str) -> HttpResponse:
    """One row with every comparison; the form for who may write one down."""
    row = register().get(key)
    if row is None:
        raise Http404
    form = CheckForm(request.POST or None)
    if request.method == "POST":
        insist(check_may_confirm, request.user)
        if form.is_valid():
            try:
                services.confirm(regulation=row, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The comparison is recorded."))
                return redirect("accounts:regulation", key)
    context = {
        "regulation": row,
        "comparisons": listing.comparisons(row),
        "form": form if may_confirm(request.user) else None,
        "is_compared": row.key in services.compared(),
    }
    return render(request, "accounts/regulations/regulation.html", context, status=422 if form.errors else 200)
