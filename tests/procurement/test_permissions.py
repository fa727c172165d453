"""Who may do what in procurement: a pair per act, and services that trust no caller."""

import ast
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from procurement.choices import PackageState
from procurement.contracts import permissions as contracts
from procurement.contracts import services as contract_services
from procurement.declarations import permissions as declarations
from procurement.models import Award, Contract, Declaration, Flag, Offer, Officer, Package, PrivacyRequest, Supplier
from procurement.packages import permissions as packages
from procurement.packages import services as package_services
from procurement.privacy import permissions as privacy
from procurement.red_flags import permissions as red_flags
from procurement.suppliers import permissions as suppliers
from tests import factories

FOLDER = Path(settings.BASE_DIR) / "procurement"
MODULES = sorted(path.parent.name for path in FOLDER.glob("*/permissions.py"))
# Where rows change: what takes `by` acts for somebody.
ACTING = ("services", "inventory", "register", "files", "external_data")


@pytest.mark.parametrize("subject", MODULES)
def test_every_act_is_a_pair(subject: str) -> None:
    names = set(vars(importlib.import_module(f"procurement.{subject}.permissions")))
    checks = {name.removeprefix("check_") for name in names if name.startswith("check_may_")}
    assert checks == {name for name in names if name.startswith("may_")}
    assert checks


def acts() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for path in sorted(FOLDER.glob("*/*.py")):
        if path.stem in ACTING:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [
                (f"{path.parent.name}.{path.stem}.{node.name}", node)
                for node in tree.body
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
                if "by" in {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
            ]
    return found


@pytest.mark.parametrize(("name", "function"), acts(), ids=[name for name, _node in acts()])
def test_every_service_asks_for_itself(name: str, function: ast.FunctionDef) -> None:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    called = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    assert any(each.startswith("check_may_") for each in called), f"{name} does what its caller says"


@pytest.fixture
def package(operator: User) -> Package:
    return factories.PackageFactory(created_by=operator)


@pytest.fixture(params=["another OPD", "governor's office", "auditor", "head"])
def stranger(request: pytest.FixtureRequest, head: User, auditor: User) -> User:
    """Somebody who enters nothing for this OPD."""
    return {
        "another OPD": lambda: factories.member(Role.OPERATOR, "Dinkes"),
        "governor's office": lambda: factories.member(Role.GOVERNORS_OFFICE),
        "auditor": lambda: auditor,
        "head": lambda: head,
    }[request.param]()


def of_package(state: PackageState) -> dict[str, tuple[Callable[..., None], tuple[Any, ...]]]:
    """Each act of an operator with what it acts on, on a package in the state that it needs."""
    package = Package(pk=1, agency=factories.agency(), state=state)
    officer = Officer(package=package, user=User(pk=1))
    return {
        "edit": (packages.check_may_edit, (package,)),
        "assign": (packages.check_may_assign, (package,)),
        "replace": (packages.check_may_replace, (officer,)),
        "move": (packages.check_may_move, (package, PackageState.CANCELLED)),
        "selection": (contracts.check_may_save_selection, (package,)),
        "offer": (contracts.check_may_save_offer, (package,)),
        "remove offer": (contracts.check_may_remove_offer, (Offer(package=package),)),
        "award": (contracts.check_may_decide_award, (package,)),
        "cancel award": (contracts.check_may_cancel_award, (Award(package=package),)),
        "contract": (contracts.check_may_sign_contract, (package,)),
        "payment": (contracts.check_may_follow_contract, (Contract(package=package),)),
    }


@pytest.mark.parametrize(
    "act",
    [
        "edit",
        "assign",
        "replace",
        "move",
        "selection",
        "offer",
        "remove offer",
        "award",
        "cancel award",
        "contract",
        "payment",
    ],
)
def test_only_an_operator_of_the_opd_enters(act: str, stranger: User) -> None:
    for state in PackageState:
        check, subjects = of_package(state)[act]
        with pytest.raises(PermissionDenied):
            check(stranger, *subjects)


@pytest.mark.parametrize(
    ("act", "states"),
    [
        ("edit", {"planned"}),
        ("assign", {"planned"}),
        ("move", {"planned", "announced", "contracted"}),
        ("selection", set(PackageState.values)),
        ("offer", {"announced", "contracted"}),
        ("award", {"announced", "contracted"}),
        ("cancel award", {"announced", "contracted"}),
        ("contract", {"announced", "contracted", "completed"}),
        ("payment", {"contracted", "completed"}),
    ],
)
def test_each_act_has_its_states(act: str, states: set[str], operator: User) -> None:
    possible = set()
    for state in PackageState:
        check, subjects = of_package(state)[act]
        try:
            check(operator, *subjects)
        except ValidationError as error:
            assert error.messages
        else:
            possible.add(str(state))
    assert possible == states


def test_only_the_head_overrides_and_only_where_something_is_missing(
    package: Package, operator: User, head: User, auditor: User
) -> None:
    assert packages.may_override(head, package, ["missing"])
    assert not packages.may_override(head, package, [])
    assert not packages.may_override(operator, package, ["missing"])
    with pytest.raises(PermissionDenied):
        package_services.override_gate(package=package, by=auditor, reason="Bencana")


def test_one_declares_for_oneself_while_on_the_package(package: Package, operator: User, head: User) -> None:
    officer = Officer.objects.create(package=package, user=operator, role="ppk")
    assert declarations.may_declare(operator, officer)
    assert not declarations.may_declare(head, officer)
    officer.removed_at = timezone.now()
    assert not declarations.may_declare(operator, officer)


def test_the_superior_decides_once_and_nobody_else(package: Package, operator: User, head: User, auditor: User) -> None:
    officer = Officer.objects.create(package=package, user=operator, role="ppk")
    declaration = Declaration.objects.create(officer=officer, number=1, has_interest=False)
    assert declarations.may_decide(head, declaration)
    assert not any(declarations.may_decide(each, declaration) for each in (operator, auditor))
    assert [declarations.may_unmask(each, declaration) for each in (operator, head, auditor)] == [False, True, True]
    declaration.superseded_at = timezone.now()
    with pytest.raises(ValidationError):
        declarations.check_may_decide(head, declaration)


def test_flags_leads_and_requests_are_the_auditors(operator: User, head: User, auditor: User) -> None:
    asked, aside = PrivacyRequest(user=operator), Flag(suppressed_at=timezone.now())
    for may, subjects in (
        (red_flags.may_suppress, (Flag(),)),
        (red_flags.may_restore, (aside,)),
        (red_flags.may_load_dataset, ()),
        (privacy.may_answer, (asked,)),
        (privacy.may_search, ()),
    ):
        assert [may(user, *subjects) for user in (operator, head, auditor)] == [False, False, True]
    assert not red_flags.may_suppress(auditor, aside)
    assert not red_flags.may_restore(auditor, Flag())
    assert privacy.may_ask(operator, asked)
    assert not privacy.may_ask(head, asked)


def test_suppliers_are_merged_by_stewards_and_entered_by_operators(operator: User, head: User) -> None:
    steward, supplier = factories.member(Role.DATA_STEWARD), Supplier.objects.create(name="CV Contoh")
    assert [suppliers.may_edit(user, supplier) for user in (operator, steward, head)] == [True, True, False]
    assert [suppliers.may_merge(user, supplier) for user in (operator, steward, head)] == [False, True, False]
    supplier.merged_into_id = Supplier.objects.create(name="CV Contoh").pk
    assert not suppliers.may_edit(steward, supplier)


def test_a_service_refuses_whoever_comes_by_another_way(package: Package) -> None:
    elsewhere = factories.member(Role.OPERATOR, "Dinkes")
    with pytest.raises(PermissionDenied):
        package_services.assign_officer(package=package, user=elsewhere, role="ppk", by=elsewhere)
    with pytest.raises(PermissionDenied):
        contract_services.decide_award(
            package=package, award=Award(supplier=Supplier.objects.create(name="CV Contoh")), by=elsewhere
        )
