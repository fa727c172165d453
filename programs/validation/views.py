"""The rules of validation: what is checked, how strictly, on what basis; exceptions for an indicator, a unit, an
OPD.
"""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.middleware import SignedInRequest
from core import audit, queue
from core.access import Scope, access, roles, signed_in
from core.audit import history_of
from core.choices import Role
from core.request_values import plain_text, whole_number
from programs.checks import CHECKS
from programs.models import Indicator, ValidationRule
from programs.validation.forms import RuleForm

READERS = signed_in(Scope.REFERENCE)
STEWARDS = roles(Role.DATA_STEWARD, scope=Scope.REFERENCE)
LEAST_REASON = 5


@access(READERS)
def rules(request: SignedInRequest) -> HttpResponse:
    """Open to everybody: who is judged may know by what."""
    found: dict[str, list[ValidationRule]] = {}
    for rule in ValidationRule.objects.select_related("indicator__program", "unit", "agency"):
        found.setdefault(rule.check_code, []).append(rule)
    levels: dict[int, list[dict[str, Any]]] = {}
    for check in CHECKS.values():
        rows = sorted(found.get(check.code, []), key=lambda rule: not rule.is_general)
        levels.setdefault(check.level, []).append({"check": check, "rules": rows})
    context = {"levels": list(levels.items()), "is_steward": STEWARDS.admits(request.user)}
    return render(request, "programs/validation/rules.html", context)


@access(STEWARDS)
def new_rule(request: SignedInRequest, check: str) -> HttpResponse:
    if check not in CHECKS:
        raise Http404
    number = whole_number(request.GET.get("indikator"), digits=18)
    indicator = Indicator.objects.filter(pk=number).first() if number is not None else None
    return _form(request, ValidationRule(check_code=check, indicator=indicator))


@access(STEWARDS)
def edit_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    return _form(
        request, get_object_or_404(ValidationRule.objects.select_related("indicator", "unit", "agency"), pk=pk)
    )


def _form(request: SignedInRequest, rule: ValidationRule) -> HttpResponse:
    form = RuleForm(request.POST or None, instance=rule)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            audit.with_reason(form.cleaned_data["reason"])
            saved = form.save()
            audit.record("rule.saved", saved, by=request.user, reason=form.cleaned_data["reason"])
        _validate_again()
        messages.success(request, _("The rule is saved. Every reported figure is validated again in the background."))
        return redirect("programs:rules")
    context: dict[str, Any] = {
        "form": form,
        "rule": rule if rule.pk else None,
        "check": CHECKS[rule.check_code],
        "level": rule.level,
        "history": history_of(rule) if rule.pk else [],
    }
    return render(request, "programs/validation/rule_form.html", context)


@require_POST
@access(STEWARDS)
def remove_rule(request: SignedInRequest, pk: int) -> HttpResponse:
    """An exception can be taken away; a rule for everything is switched off instead, so that its basis stays."""
    rule = get_object_or_404(ValidationRule, pk=pk)
    reason = plain_text(request.POST.get("reason"), limit=300)
    problem = ""
    if rule.is_general:
        problem = _("A rule for everything is not removed: switch it off.")
    elif len(reason) < LEAST_REASON:
        problem = _("Say why, in a few words: it stays in the history of the rules.")
    if problem:
        messages.error(request, problem)
        return redirect("programs:edit-rule", rule.pk)
    with transaction.atomic():
        audit.record("rule.removed", rule, by=request.user, reason=reason)
        rule.delete()
    _validate_again()
    messages.success(
        request, _("The exception is removed. Every reported figure is validated again in the background.")
    )
    return redirect("programs:rules")


def _validate_again() -> None:
    queue.send_after_commit("programs.validation.tasks.revalidate_all")  # with the queue away the nightly run does it
