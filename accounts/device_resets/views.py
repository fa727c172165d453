"""Lost devices, for administrators."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.device_resets import services
from accounts.device_resets.choices import DeviceResetState
from accounts.device_resets.forms import ResetForm
from accounts.device_resets.permissions import may_decide
from accounts.middleware import SignedInRequest
from accounts.models import DeviceReset
from accounts.reauthentication import fresh
from core.access import Scope, access, roles
from core.choices import Role
from core.outcomes import told

ADMINISTRATORS = roles(Role.ADMINISTRATOR, scope=Scope.PROVINCE)


@access(ADMINISTRATORS)
@fresh
def device_resets(request: SignedInRequest) -> HttpResponse:
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("A second administrator has been told, and so has the person."))
            return redirect("accounts:device-resets")
    rows = DeviceReset.objects.select_related("user", "asked_by", "decided_by")[:50]
    done, refused = DeviceResetState.DONE, DeviceResetState.REFUSED
    listed = [(row, may_decide(request.user, row, done), may_decide(request.user, row, refused)) for row in rows]
    context = {"form": form, "rows": listed}
    return render(request, "accounts/device_resets.html", context, status=422 if form.errors else 200)


@require_POST
@access(ADMINISTRATORS)
@fresh
def decide_device_reset(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(DeviceReset, pk=pk)
    state = DeviceResetState.DONE if request.POST.get("act") == "confirm" else DeviceResetState.REFUSED
    done = state == DeviceResetState.DONE
    with told(request, _("Done; a link is on its way.") if done else _("The reset is refused.")):
        services.decide(pk=row.pk, state=state, by=request.user)
    return redirect("accounts:device-resets")
