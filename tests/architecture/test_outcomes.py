"""What an act refuses is told in one place."""

import ast

from tests.architecture.sources import SOURCES


def tells_an_error_itself(module: ast.Module) -> bool:
    """`messages.error(request, " ".join(error.messages))`, or the first of them; more than that is its own sentence."""
    return any(
        isinstance(node, ast.Call)
        and ast.unparse(node.func) == "messages.error"
        and isinstance(node.args[-1], ast.Call | ast.Subscript)
        and "error.messages" in ast.unparse(node.args[-1])
        for node in ast.walk(module)
    )


def test_refusals_are_told_in_one_place() -> None:
    """A view that joins them itself forgets the success, or says it twice."""
    assert {place for place, module in SOURCES.items() if tells_an_error_itself(module)} == {"core/outcomes.py"}


def test_a_second_place_is_found() -> None:
    assert tells_an_error_itself(ast.parse("messages.error(request, ' '.join(error.messages))"))
    assert tells_an_error_itself(ast.parse("messages.error(request, error.messages[0])"))
    assert not tells_an_error_itself(ast.parse("messages.error(request, said)"))
