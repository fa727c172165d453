"""Standing in: what a head has lent, what somebody stands in for, and for the auditor everything that is lent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import delegations as services
from accounts.forms import DelegationForm
from accounts.middleware import SignedInRequest
from accounts.models import Membership
from accounts.reauthentication import fresh
from core.access import access, signed_in
from core.choices import Role
from core.request_values import whole_number

SHOWN_OVER = 100  # the trail has them all


@access(signed_in())
@fresh
def delegations(request: SignedInRequest) -> HttpResponse:
    """The head lets somebody stand in, and takes it back; both sides and the auditor see it."""
    head = request.user
    ended = whole_number(request.POST.get("end"), digits=18)
    if ended:
        if services.end_delegation(head=head, pk=ended):
            messages.success(request, _("The delegation is ended."))
        return redirect("accounts:delegations")
    form = DelegationForm(request.POST or None, head=head) if head.has_role(Role.AGENCY_HEAD) else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            services.delegate(head=head, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The delegation is saved."))
            return redirect("accounts:delegations")
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/delegations.html", _page(request) | {"form": form}, status=status)


def _page(request: SignedInRequest) -> dict[str, Any]:
    rows = (
        Membership.objects.delegations().select_related("user", "agency", "delegated_by").order_by("-first_day", "pk")
    )
    current = rows.filter(last_day__gte=timezone.localdate())
    return {
        "given": current.filter(delegated_by=request.user),
        "received": current.filter(user=request.user),
        "all_current": current if request.user.has_role(Role.AUDITOR) else None,
        "over": services.loans_over(request.user)[:SHOWN_OVER],
    }
