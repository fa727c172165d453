"""A change is made in a service, and the service itself asks whether this person may make it."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture.sources import SOURCES

Place = tuple[str, str]  # (module, function)

ASK_NOBODY = {
    ("dashboards/spm/services.py", "make_plan"): "a what-if is kept by whoever worked it out; it decides nothing",
    ("programs/reports/cell_entry.py", "enter"): "sets cells in memory; who writes them asks",
}
WRITING = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
NOT_ROWS = {"found"}  # dictionaries that a view puts together


def _functions() -> dict[Place, ast.FunctionDef]:
    return {
        (place, node.name): node
        for place, module in SOURCES.items()
        if "demo_data" not in place and "management" not in place
        for node in module.body
        if isinstance(node, ast.FunctionDef)
    }


def _module(name: str) -> str:
    return name.replace(".", "/") + ".py"


@cache
def _imported(place: str) -> dict[str, Place]:
    """What a module calls by a name of its own: (module, function), or (module, "") for a module."""
    found: dict[str, Place] = {}
    for node in ast.walk(SOURCES[place]):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = _module(f"{node.module}.{alias.name}")
                target = (whole, "") if whole in SOURCES else (_module(node.module), alias.name)
                found[alias.asname or alias.name] = target
    return found


def _mentions(place: str, function: ast.FunctionDef) -> Iterator[Place]:
    """Every function that this one names: one may be chosen first and called afterwards."""
    names = _imported(place)
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield names.get(node.id, (place, node.id))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            yield names[node.value.id][0], node.attr


def _asks_itself(function: ast.FunctionDef) -> bool:
    for node in ast.walk(function):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name.startswith("check_may_") or name in {"editable_by", "awaiting_decision_of"}:
            return True
    return False


def _unasking(functions: dict[Place, ast.FunctionDef]) -> set[Place]:
    """Public functions that act for somebody (`by: User`) and reach no check, by themselves or by what they call."""
    asking = {key for key, node in functions.items() if _asks_itself(node)}
    mentioned = {key: set(_mentions(key[0], node)) for key, node in functions.items()}
    while True:
        more = {key for key, named in mentioned.items() if key not in asking and asking & named}
        if not more:
            break
        asking |= more
    acting = {
        key
        for key, node in functions.items()
        if not key[1].startswith("_")
        and any(
            arg.arg == "by" and arg.annotation and ast.unparse(arg.annotation) == "User"
            for arg in [*node.args.args, *node.args.kwonlyargs]
        )
    }
    return acting - asking


def test_every_act_asks_whether_this_person_may() -> None:
    assert _unasking(_functions()) == set(ASK_NOBODY)


def test_the_search_finds_an_act_that_asks_nobody() -> None:
    careless = ast.parse("def pay(*, bill, by: User):\n    bill.paid_by = by\n    bill.save()").body[0]
    assert isinstance(careless, ast.FunctionDef)
    key = ("uploads/services.py", "pay")
    assert key in _unasking(_functions() | {key: careless})


def _writes(module: ast.Module) -> list[int]:
    found = []
    for node in ast.walk(module):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING):
            continue
        unsaved = any(keyword.arg == "commit" for keyword in node.keywords)  # form.save(commit=False)
        if not unsaved and ast.unparse(node.func.value) not in NOT_ROWS and not _is_service(module, node.func.value):
            found.append(node.lineno)
    return found


def _is_service(module: ast.Module, value: ast.expr) -> bool:
    """A module's function that happens to be called save or create."""
    imported = {
        alias.asname or alias.name for node in module.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return isinstance(value, ast.Name) and value.id in imported and value.id.islower()


def test_no_view_writes() -> None:
    """A view that saves by itself saves past the check, the reason and the trail."""
    views = {place: module for place, module in SOURCES.items() if place.endswith(("views.py", "api.py"))}
    assert len(views) > 30
    assert {place: lines for place, module in views.items() if (lines := _writes(module))} == {}


def test_the_search_finds_a_view_that_writes() -> None:
    assert _writes(ast.parse("def pay(request):\n    Bill.objects.filter(pk=1).update(paid=True)")) == [2]
    assert _writes(ast.parse("def pay(request):\n    form.save()")) == [2]
