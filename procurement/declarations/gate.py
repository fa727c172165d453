"""What stands between a package and its announcement (Permenpan RB 17/2024)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from procurement.choices import DecisionKind, OfficerRole
from procurement.models import Declaration, Officer, Package


@dataclass(frozen=True)
class OfficerStatus:
    """`declaration` is the newest version that holds; `obstacle` is empty when this person holds nothing up."""

    officer: Officer
    declaration: Declaration | None
    obstacle: str
    replace_form: Any = None  # where the superior wants somebody else and the reader may choose whom

    @property
    def is_recused(self) -> bool:
        decision = getattr(self.declaration, "decision", None)
        return decision is not None and decision.kind == DecisionKind.REPLACE


def statuses(package: Package) -> list[OfficerStatus]:
    """Everybody on the package with what they still owe; two queries."""
    current = Prefetch(
        "declarations", Declaration.objects.current().select_related("decision__decided_by"), to_attr="current_versions"
    )
    officers = (
        package.officer_rows.active()
        .select_related("user", "replaces__user")
        .prefetch_related(current)
        .order_by("role", "id")
    )
    return [_status(officer) for officer in officers]


def _status(officer: Officer) -> OfficerStatus:
    versions: list[Declaration] = officer.current_versions  # type: ignore[attr-defined]
    declaration = versions[0] if versions else None
    who = {"officer": officer}
    if declaration is None:
        return OfficerStatus(officer, None, _("%(officer)s has not declared yet.") % who)
    decision = getattr(declaration, "decision", None)
    if decision is None:
        return OfficerStatus(
            officer, declaration, _("The superior has not decided on the declaration of %(officer)s.") % who
        )
    if decision.kind == DecisionKind.REPLACE:
        return OfficerStatus(officer, declaration, _("%(officer)s has to be replaced, as the superior decided.") % who)
    return OfficerStatus(officer, declaration, "")


def obstacles(package: Package) -> list[str]:
    """What has to happen before the package can be announced or signed; empty when nothing."""
    found = statuses(package)
    missing = [] if any(s.officer.role == OfficerRole.COMMITMENT_OFFICER for s in found) else [_("No PPK is assigned.")]
    return missing + [status.obstacle for status in found if status.obstacle]
