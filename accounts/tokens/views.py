"""One's own tokens of the API."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from accounts.models import ApiToken
from accounts.reauthentication import by_second_factor, fresh
from accounts.tokens import services
from accounts.tokens.forms import TokenForm
from core.access import access, signed_in
from core.form_keys import shows_secret
from core.request_values import whole_number


@access(signed_in())
@fresh
def tokens(request: SignedInRequest) -> HttpResponse:
    """The list, and a form for another; the text of a new one is shown in this one answer.

    A double click gets that answer again; whoever reloads the page later is told that the form was handled.
    """
    form = TokenForm(request.POST or None)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = services.make_token(
                user=request.user, with_second_factor=by_second_factor(request), **form.values()
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            form = TokenForm()
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "tokens": ApiToken.objects.filter(user=request.user)[:50],
    }
    response = render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)
    return shows_secret(response) if secret else response


@require_POST
@access(signed_in())
def revoke(request: SignedInRequest) -> HttpResponse:
    """Closing a door needs no further question."""
    if services.revoke_token(user=request.user, pk=whole_number(request.POST.get("token"), digits=18) or 0):
        messages.success(request, _("The token is revoked; programs that use it are refused from now on."))
    return redirect("accounts:tokens")
