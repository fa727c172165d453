"""Whether a package is declared completely: one view says it, and everything that asks gets its answer."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from procurement.audit import report
from procurement.choices import DecisionKind, MissingClearance, OfficerRole
from procurement.declarations.gate import gate_of
from procurement.models import Clearance, Decision, Declaration, Officer, Package
from procurement.red_flags import services as flag_services
from tests import factories

ROOT = Path(settings.BASE_DIR)
# How the rule would be told a second time: by the decision that removes somebody, or by the PPK who must be there.
SECOND_COPIES = {
    r"<>\s*'replace'|!=\s*'replace'|exclude\([^)]*DecisionKind\.REPLACE|~Q\([^)]*DecisionKind\.REPLACE": set(),
    r"role\s*=\s*'ppk'|role=OfficerRole\.COMMITMENT_OFFICER": {"procurement/models/declarations.py"},  # at most one
    r"lacks_declarations\s*:=|lacks_declarations=(True|False)\)\.?(update|save)": {"procurement/models/packages.py"},
    r"decision__isnull=False": {"procurement/packages/services.py"},  # whether a declaration is evidence already
}


def officer(package: Package, role: OfficerRole = OfficerRole.COMMITMENT_OFFICER) -> Officer:
    return Officer.objects.create(package=package, user=factories.UserFactory(), role=role)


def declare(person: Officer, number: int = 1) -> Declaration:
    person.declarations.current().update(superseded_at=timezone.now())
    return Declaration.objects.create(officer=person, number=number, has_interest=False)


def decide(declaration: Declaration, kind: DecisionKind = DecisionKind.NO_CONFLICT) -> Decision:
    return factories.decide(declaration, kind)


def missing(package: Package) -> list[str]:
    return list(Clearance.objects.filter(package=package).missing().order_by("id").values_list("missing", flat=True))


@pytest.fixture
def package(db: None) -> Package:
    return factories.PackageFactory()


@pytest.mark.parametrize("asked", ["the view", "the column", "the gate", "the queryset"])
def test_each_step_of_the_way_to_a_complete_package(package: Package, asked: str) -> None:
    def is_complete() -> bool:
        answers = {
            "the view": lambda: not missing(package),
            "the column": lambda: not Package.objects.get(pk=package.pk).lacks_declarations,
            "the gate": lambda: not gate_of(package).obstacles,
            "the queryset": lambda: not Package.objects.without_declarations().filter(pk=package.pk).exists(),
        }
        return answers[asked]()

    assert not is_complete()
    ppk = officer(package)
    assert not is_complete()
    first = declare(ppk)
    assert not is_complete()
    decide(first)
    assert is_complete()
    second = declare(ppk, number=2)
    assert not is_complete()
    decide(second, DecisionKind.REPLACE)
    assert not is_complete()
    Officer.objects.filter(pk=ppk.pk).update(removed_at=timezone.now())
    assert not is_complete()
    decide(declare(officer(package)))
    assert is_complete()
    officer(package, OfficerRole.TECHNICAL_OFFICER)
    assert not is_complete()


def test_what_is_missing_is_named_for_each_person(package: Package) -> None:
    technical = officer(package, OfficerRole.TECHNICAL_OFFICER)
    assert sorted(missing(package)) == [MissingClearance.DECLARATION, MissingClearance.OFFICER]
    declare(technical)
    assert sorted(missing(package)) == [MissingClearance.DECISION, MissingClearance.OFFICER]
    gate = gate_of(package)
    assert [status.officer for status in gate.statuses] == [technical]
    assert len(gate.obstacles) == 2
    assert gate.obstacles[0] == "PPK belum ditugaskan."


def test_whoever_was_taken_off_holds_nothing_up_and_stays_recused(package: Package) -> None:
    ppk = officer(package)
    decide(declare(ppk), DecisionKind.REPLACE)
    Officer.objects.filter(pk=ppk.pk).update(removed_at=timezone.now())
    new = Officer.objects.create(package=package, user=factories.UserFactory(), role="ppk", replaces=ppk)
    assert Clearance.objects.get(officer=ppk).missing == MissingClearance.NOTHING
    assert Clearance.objects.get(officer=ppk).replaced_by == new
    assert list(Officer.objects.recused()) == [ppk]
    assert list(Officer.objects.still_to_declare().filter(package=package)) == [new]


def test_an_override_lets_its_own_step_pass_only(package: Package) -> None:
    factories.override(package)
    assert Clearance.objects.get(package=package).overridden_for == ["announced"]
    Package.objects.filter(pk=package.pk).update(state="announced", announced_at=timezone.now())
    with pytest.raises(Exception, match="lacks decided declarations"):
        Package.objects.filter(pk=package.pk).update(state="contracted")


def test_counts_of_a_list_are_the_views(package: Package) -> None:
    decide(declare(officer(package)))
    officer(package, OfficerRole.TECHNICAL_OFFICER)
    gone = officer(package, OfficerRole.PROCUREMENT_OFFICER)
    Officer.objects.filter(pk=gone.pk).update(removed_at=timezone.now())
    row = report.rows(Package.objects.filter(pk=package.pk)).get()
    assert (row.officers, row.cleared) == (2, 1)


def test_a_correction_before_the_decision_raises_no_flag(package: Package) -> None:
    """The superior can decide on the newest version only: the first one stays undecided for ever, and rightly so."""
    ppk = officer(package)
    declare(ppk)
    decide(declare(ppk, number=2))
    Package.objects.filter(pk=package.pk).update(state="announced", announced_at=timezone.now())
    assert [flag.key for flag in flag_services.raised_by(["K14"])] == []


def test_a_correction_decided_after_the_step_heals_nothing(package: Package) -> None:
    """The package moved on an override while nobody had decided: a later version doesn't make that undone."""
    ppk = officer(package)
    declare(ppk)
    factories.override(package)
    Package.objects.filter(pk=package.pk).update(
        state="announced", announced_at=timezone.now() - dt.timedelta(minutes=5)
    )
    assert [flag.process for flag in flag_services.raised_by(["K14"])] == [package.pk]
    decide(declare(ppk, number=2))
    assert [flag.process for flag in flag_services.raised_by(["K14"])] == [package.pk]


def test_a_missing_ppk_beside_other_officers_is_the_gates_matter(package: Package) -> None:
    technical = officer(package, OfficerRole.TECHNICAL_OFFICER)
    decide(declare(technical))
    factories.override(package)
    Package.objects.filter(pk=package.pk).update(state="announced", announced_at=timezone.now())
    assert flag_services.raised_by(["K14"]) == []


def test_the_rule_is_told_in_the_view_and_nowhere_else() -> None:
    copies = [
        (str(path.relative_to(ROOT)), pattern)
        for app in ("procurement", "dashboards", "programs", "kaltim_portal")
        for path in (ROOT / app).rglob("*")
        if path.suffix in {".py", ".sql"} and not {"migrations", "demo_data"} & set(path.parts)
        for pattern, allowed in SECOND_COPIES.items()
        if str(path.relative_to(ROOT)) not in allowed and re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert copies == []
