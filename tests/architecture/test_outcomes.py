"""What an act refuses is told in one place."""

import ast

from tests.architecture.sources import SOURCES


def tells_an_error_itself(module: ast.Module) -> bool:
    """`messages.error(request, …error.messages…)`."""
    return any(
        isinstance(node, ast.Call)
        and ast.unparse(node.func) == "messages.error"
        and any(isinstance(part, ast.Attribute) and part.attr == "messages" for part in ast.walk(node.args[-1]))
        for node in ast.walk(module)
    )


def test_refusals_are_told_in_one_place() -> None:
    """A view that joins them itself forgets the success, or says it twice."""
    assert {place for place, module in SOURCES.items() if tells_an_error_itself(module)} == {"core/outcomes.py"}


def test_a_second_place_is_found() -> None:
    assert tells_an_error_itself(ast.parse("messages.error(request, ' '.join(error.messages))"))
    assert not tells_an_error_itself(ast.parse("messages.error(request, said)"))
