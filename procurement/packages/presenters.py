"""What the page of a package shows, and which of its buttons the reader has."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from core.audit import history_of
from core.formats import rupiah
from core.permissions import refusal
from procurement.choices import STEPS_WITH_REASON, PackageState
from procurement.declarations.gate import Gate, OfficerStatus, gate_of
from procurement.leads.permissions import may_look
from procurement.models import Contract, Declaration, Flag, MethodThreshold, Package, PackageQuerySet
from procurement.packages import permissions
from procurement.packages.conditions import lacking, state_before
from procurement.packages.forms import OfficerForm, OverrideForm, ReplaceForm
from procurement.red_flags.rules import RULES, FlagDefinition

LITTLE_RUPIAH = Decimal(1_000_000)  # no rule's limit: below it an amount may have been typed in thousands or millions


def filled_for_list(packages: PackageQuerySet) -> PackageQuerySet:
    """With what a list shows of each package beside its own columns."""
    return packages.select_related("agency").annotate(contract_rupiah=Contract.objects.value_of_package())


def package_page(user: User, package: Package, **more: Any) -> dict[str, Any]:
    """Everything on the page; `more` replaces a part, such as a form that was not accepted."""
    gate = gate_of(package)
    parts = _facts(user, package) | _people(user, package, gate) | _steps(user, package, gate)
    return parts | {"problems": [], "back_reason": None} | more


def _facts(user: User, package: Package) -> dict[str, Any]:
    return {
        "package": package,
        "bought_by": package.bought_by(),
        "history": history_of(package),
        "may_edit": permissions.may_edit(user, package),
        "may_enter": user.operates(package.agency_id),
        "may_see_connections": may_look(user),
        "method_problem": MethodThreshold.objects.problem_of(package),
        "amount_remark": amount_remark(package.ceiling_rupiah),
        "flags": flags_with_rules(user, package),
        "tender_codes": package.tender_codes.all(),
        "offers": package.offers.select_related("supplier"),
        "awards": package.awards.filter(cancelled_at__isnull=True).select_related("supplier"),
        "contracts": package.contracts.current().select_related("supplier").prefetch_related("addenda", "payments"),
    }


def _people(user: User, package: Package, gate: Gate) -> dict[str, Any]:
    may_assign = permissions.may_assign(user, package)
    readable = Declaration.objects.visible_to(user).filter(officer__package=package)
    return {
        "people": [(status, _replace_form(user, package, status)) for status in gate.statuses],
        "readable_declarations": set(readable.values_list("pk", flat=True)),
        "may_assign": may_assign,
        "officer_form": OfficerForm(agency=package.agency) if may_assign else None,
    }


def _replace_form(user: User, package: Package, status: OfficerStatus) -> ReplaceForm | None:
    """Only of somebody who is recused: the gate has told who is, so that nothing is asked for the others."""
    if not status.is_recused:
        return None
    status.officer.package = package
    if not permissions.may_replace(user, status.officer):
        return None
    return ReplaceForm(agency=package.agency, without=status.officer.user)


def _steps(user: User, package: Package, gate: Gate) -> dict[str, Any]:
    may_override = permissions.may_override(user, package, gate.obstacles)
    return {
        "obstacles": gate.obstacles if package.state == PackageState.PLANNED else [],
        "overrides": package.overrides.select_related("by", "acting_for"),
        "override_form": OverrideForm() if may_override else None,
        "why_not": refusal(permissions.check_may_override, user, package, gate.obstacles)
        if user.heads(package.agency_id) and not may_override
        else "",
        "steps": package.steps.select_related("by"),
        "next_states": [state for state in package.next_states if permissions.may_move(user, package, state)],
        "lacking": [(state, found) for state in package.next_states if (found := lacking(package, state))],
        "state_before": state_before(package) if permissions.may_step_back(user, package) else None,
        "states_with_reason": STEPS_WITH_REASON,
    }


def flags_with_rules(user: User, package: Package) -> list[tuple[Flag, FlagDefinition]]:
    """Findings that stand, each with its rule and its other reasons; one whose rule is gone is not shown."""
    raised = Flag.objects.visible_to(user).ours().raised().filter(package=package).findings().with_reasons()
    raised = raised.order_by("code")
    return [(flag, RULES[flag.code]) for flag in raised if flag.code in RULES]


def amount_remark(ceiling: Decimal | None) -> str:
    """Said of a ceiling so little that zeros may be missing; it is taken all the same."""
    if not ceiling or ceiling >= LITTLE_RUPIAH:
        return ""
    return _("%(ceiling)s is very little for a package: is it written in full rupiah?") % {"ceiling": rupiah(ceiling)}


def method_problem(package: Package, typed: dict[str, Any]) -> str:
    """What is wrong with the method for the value, of a package that is still being typed; empty when nothing."""
    for name, value in typed.items():
        setattr(package, name, value)
    return MethodThreshold.objects.problem_of(package)
