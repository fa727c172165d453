"""Every act that the code writes into the trail has words."""

import ast

from accounts.device_resets.choices import DeviceResetState
from accounts.trail.words import DETAILS, KINDS, WORDS
from evidence.choices import SignatureState
from evidence.signatures import services as signatures
from procurement.choices import PackageState
from programs.choices import ReportState
from tests.architecture.sources import SOURCES

BY_STATE = {
    "package.": PackageState,
    "report.": ReportState,
    "device_reset.": DeviceResetState,
    "signature.": SignatureState,
}

ACT_AT = {"record": 0, "note_read": 1, "_saved": 2}


def acts() -> set[str]:
    """What each `record(…)` and `_saved(…)` is given as its act, each `action="…"` that is handed on to one, and what
    stands for it where a state is put in."""
    found = set()
    for tree in SOURCES.values():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            named = (each.value for each in node.keywords if each.arg == "action")
            found |= {each.value for each in named if isinstance(each, ast.Constant) and "." in str(each.value)}
            if not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in ACT_AT or len(node.args) <= ACT_AT[name]:
                continue
            for given in ast.walk(node.args[ACT_AT[name]]):
                if isinstance(given, ast.Constant) and isinstance(given.value, str) and "." in given.value:
                    states = BY_STATE.get(given.value)
                    found |= {f"{given.value}{state}" for state in states} if states else {given.value}
    return found


def test_every_act_has_words() -> None:
    assert len(acts()) > 70
    assert not acts() - set(WORDS)
    assert not {signatures.REJECTED, signatures.WITHDRAWN, signatures.SAID_UNSIGNED} - set(WORDS)


def details() -> set[str]:
    """The names of what each `audit.record(…)` is given to remember."""
    return {
        given.arg
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record"
        for given in node.keywords
        if given.arg
    } - {"by", "reason", "changes"}


def test_every_detail_has_words() -> None:
    assert len(details()) > 40
    assert not details() - set(DETAILS)


def test_an_act_stands_under_one_kind() -> None:
    assert sum(len(kind.actions) for kind in KINDS.values()) == len(WORDS)
