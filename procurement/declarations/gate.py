"""What stands between a package and its announcement (Permenpan RB 17/2024), in words: the view of clearance has the
rule."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from procurement.choices import MissingClearance
from procurement.models import Clearance, Decision, Declaration, Officer, Package

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

SENTENCES: "dict[str, StrOrPromise]" = {
    MissingClearance.OFFICER: _("No PPK is assigned."),
    MissingClearance.DECLARATION: _("%(officer)s has not declared yet."),
    MissingClearance.DECISION: _("The superior has not decided on the declaration of %(officer)s."),
    MissingClearance.REPLACEMENT: _("%(officer)s has to be replaced, as the superior decided."),
}


@dataclass(frozen=True)
class OfficerStatus:
    """`declaration` is the newest version that holds; `obstacle` is empty when this person holds nothing up."""

    officer: Officer
    declaration: Declaration | None
    obstacle: str
    is_recused: bool

    @property
    def decision(self) -> Decision | None:
        return self.declaration.decision_or_none if self.declaration else None


@dataclass(frozen=True)
class Gate:
    """Everybody on a package with what they still owe, and what has to happen before its announcement or contract."""

    statuses: list[OfficerStatus]
    obstacles: list[str]


def gate_of(package: Package) -> Gate:
    """One query."""
    rows = Clearance.objects.filter(package=package, removed_at__isnull=True).order_by("role", "id")
    found = list(
        rows.select_related(
            "officer__user",
            "officer__replaces__user",
            "declaration__decision__decided_by",
            "declaration__decision__acting_for",
        )
    )
    statuses = [
        OfficerStatus(row.officer, row.declaration, obstacle_of(row), row.missing == MissingClearance.REPLACEMENT)
        for row in found
        if row.officer is not None
    ]
    unfilled = [obstacle_of(row) for row in found if row.officer is None]
    return Gate(statuses, unfilled + [status.obstacle for status in statuses if status.obstacle])


def obstacles(package: Package) -> list[str]:
    """What has to happen before the package can be announced or signed; empty when nothing."""
    return gate_of(package).obstacles


def obstacle_of(row: Clearance) -> str:
    """What one official still owes, in a sentence; empty when nothing."""
    sentence = SENTENCES.get(row.missing)
    return str(sentence) % {"officer": row.officer} if sentence else ""
