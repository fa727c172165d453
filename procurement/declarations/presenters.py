"""What the pages of declarations show, and which of their buttons the reader has."""

from typing import Any

from accounts.middleware import Workspace
from accounts.models import Agency, User
from core.choices import AGENCY_ROLES, Role
from core.encryption import masked
from core.permissions import refusal
from procurement.declarations import permissions, register
from procurement.declarations.forms import PARTICULARS, DecisionForm, ReasonForm
from procurement.models import Declaration, DeclarationQuerySet, Officer, OfficialProfile

MISSING_SHOWN = 200
READ_WITH = ("declarer", "officer__user", "officer__package__agency", "agency", "decision")


def overview(user: User, workspace: Workspace) -> dict[str, Any]:
    """What I still have to declare and to decide, and my declaration for the year."""
    agency = workspace.agency
    declares_yearly = user.has_role(*AGENCY_ROLES) and agency is not None
    waiting = Declaration.objects.awaiting_decision_of(user)
    to_declare = Officer.objects.still_to_declare().of_open_packages().filter(user=user)
    return {
        "to_declare": to_declare.select_related("package__agency"),
        "to_decide": waiting.select_related("declarer", "officer__package__agency"),
        "declares_yearly": declares_yearly,
        "yearly": yearly_of(user, agency, workspace.fiscal_year) if agency and declares_yearly else None,
        "may_read_register": permissions.may_export_register(user),
    }


def readable(user: User, fiscal_year: int) -> DeclarationQuerySet:
    """The newest versions of the year that the user may read, newest first."""
    rows = Declaration.objects.visible_to(user).filter(fiscal_year=fiscal_year).current()
    return rows.select_related(*READ_WITH).order_by("-declared_at")


def yearly_of(user: User, agency: Agency, fiscal_year: int) -> Declaration | None:
    """What the user last declared in general for the year, as a member of the OPD."""
    rows = Declaration.objects.yearly().current()
    return rows.filter(declarer=user, agency=agency, fiscal_year=fiscal_year).first()


def declaration_page(user: User, declaration: Declaration, **more: Any) -> dict[str, Any]:
    """Everything on the page; `more` replaces a part, such as a form that was not accepted."""
    return {
        "declaration": declaration,
        "package": declaration.officer.package if declaration.officer else None,
        "interests": declaration.interests.all(),
        "versions": declaration.versions().select_related("decision"),
        "decision_form": DecisionForm() if permissions.may_decide(user, declaration) else None,
        "why_not": refusal(permissions.check_may_decide, user, declaration)
        if user.heads(declaration.agency_id) or user.has_role(Role.GOVERNORS_OFFICE)
        else "",
        "may_unmask": permissions.may_unmask(user, declaration),
        "reason_form": ReasonForm(),
        "unmasked": {},
    } | more


def particulars_held(user: User) -> dict[str, str]:
    """One's own particulars as the form shows them: masked, and only those that there are."""
    profile = OfficialProfile.objects.filter(user=user).first()
    held = {name: getattr(profile, name, "") for name in PARTICULARS}
    return {name: masked(value) for name, value in held.items() if value}


def without_yearly(user: User, fiscal_year: int) -> dict[str, Any]:
    """Who has not declared for the year: the first of them, and how many there are."""
    missing = register.without_yearly(user, fiscal_year)
    return {"missing": missing[:MISSING_SHOWN], "missing_count": missing.count()}
