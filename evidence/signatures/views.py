"""Signing a paper electronically, looking after one whose outcome is unknown, and the public page of a signed one."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.middleware import SignedInRequest
from accounts.models import User
from accounts.reauthentication import ask_first, fresh
from core import private_files
from core.access import Scope, access, public, signed_in
from core.outcomes import refused, told
from core.permissions import insist
from core.request_values import own_page
from evidence.choices import PaperKind, SignatureState
from evidence.models import PaperSignature
from evidence.signatures import papers, services
from evidence.signatures.forms import NotSignedForm, PassphraseForm, SignedFileForm
from evidence.signatures.permissions import check_may_change, may_change, may_withdraw

SIGNERS = signed_in(Scope.OWN)


def _signature(request: SignedInRequest, pk: int) -> PaperSignature:
    rows = PaperSignature.objects.visible_to(request.user).select_related("signer")
    return get_object_or_404(rows, pk=pk)


@require_POST
@access(SIGNERS)
@fresh
def prepare(request: SignedInRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in PaperKind.values:
        raise Http404
    try:
        row = services.prepare(kind=PaperKind(kind), key=request.POST.get("key", "")[:60], by=request.user)
    except ValidationError as error:
        return refused(request, error, own_page(request, request.POST.get("back", "")) or "home")
    return redirect(row)


@sensitive_post_parameters("passphrase")
@access(SIGNERS)
@fresh
def signature(request: SignedInRequest, pk: int) -> HttpResponse:
    """What is signed, by whom, how it stands; the signer's form while it can be sent."""
    row = _signature(request, pk)
    form = PassphraseForm()
    if request.method != "POST" and may_change(request.user, row, SignatureState.SENT):
        question = ask_first(request)  # now: a pass phrase that was typed is not kept over the question
        if question is not None:
            return question
    if request.method == "POST":
        insist(check_may_change, request.user, row, SignatureState.SENT)
        form = PassphraseForm(request.POST)
        if form.is_valid():
            try:
                services.send(pk=row.pk, by=request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect(row)
    return _page(request, row, form)


def _page(
    request: SignedInRequest,
    row: PaperSignature,
    form: PassphraseForm | None = None,
    *,
    file_form: SignedFileForm | None = None,
    not_signed_form: NotSignedForm | None = None,
) -> HttpResponse:
    user = request.user
    instead = _instead_of(row) if row.state == SignatureState.REFUSED and row.signer_id == user.pk else None
    is_to_settle = row.state == SignatureState.UNKNOWN and row.signer_id == user.pk
    forms = [form or PassphraseForm(), file_form or SignedFileForm(), not_signed_form or NotSignedForm()]
    context = {
        "signature": row,
        "form": forms[0] if instead is None and may_change(user, row, SignatureState.SENT) else None,
        "instead": instead,
        "may_withdraw": may_withdraw(user, row),
        "file_form": forms[1] if is_to_settle else None,
        "not_signed_form": forms[2] if is_to_settle else None,
        "paper_address": _address_of(row, user),
    }
    has_errors = any(each.errors for each in forms)
    return render(request, "evidence/signatures/signature.html", context, status=422 if has_errors else 200)


def _instead_of(row: PaperSignature) -> PaperSignature | None:
    try:
        return services.instead_of(row)
    except Http404:
        return None


def _address_of(row: PaperSignature, user: User) -> str:
    """The paper's own page, for whoever may open it still."""
    try:
        return papers.paper_of(row.kind, row.paper_key, user).address
    except Http404:
        return ""


@require_POST
@access(SIGNERS)
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _signature(request, pk)
    with told(request, _("Withdrawn; it is not signed.")):
        services.withdraw(pk=row.pk, by=request.user)
    return redirect(row)


@require_POST
@access(SIGNERS)
@fresh
def settle(request: SignedInRequest, pk: int) -> HttpResponse:
    """What became of an unknown outcome: `file` is the signed PDF; with `not_signed` and a tick it was not signed."""
    row = _signature(request, pk)
    insist(check_may_change, request.user, row, SignatureState.REFUSED)
    signed = None
    if "not_signed" in request.POST:
        not_signed_form = NotSignedForm(request.POST)
        if not not_signed_form.is_valid():
            return _page(request, row, not_signed_form=not_signed_form)
    else:
        file_form = SignedFileForm(request.POST, request.FILES)
        if not file_form.is_valid():
            return _page(request, row, file_form=file_form)
        signed = file_form.cleaned_data["file"].read()
    with told(request):
        services.settle_unknown(pk=row.pk, by=request.user, signed=signed)
    return redirect(row)


@require_safe
@access(SIGNERS)
def file(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """The signed file, or what was prepared; for whoever may see the paper."""
    row = get_object_or_404(PaperSignature, pk=pk)
    if not PaperSignature.objects.visible_to(request.user).filter(pk=pk).exists():
        papers.paper_of(row.kind, row.paper_key, request.user)  # which says 404 to others
    with private_files.open_stored(services.FOLDER, row.stored_as) as stored:
        response = HttpResponse(stored.read(), content_type="application/pdf")
    suffix = "-bertanda-tangan" if row.state == SignatureState.SIGNED else "-belum-ditandatangani"
    name = f"{row.file_name.removesuffix('.pdf')}{suffix}.pdf"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@access(public(Scope.REFERENCE))
def public_page(request: SignedInRequest, code: str) -> HttpResponse:
    """Where the mark on the paper leads: is there such a paper, who signed it, and by which SHA-256 it is known."""
    row = get_object_or_404(PaperSignature.objects.select_related("signer"), code=code)
    return render(request, "evidence/signatures/public.html", {"signature": row})
