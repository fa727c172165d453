"""Functions that a reader takes in at once: ten branches at most, hardly one longer than a screen."""

import ast
from functools import cache

from tests.architecture.sources import SOURCES

MOST_BRANCHES, DENSE_SHARE = 10, 0.01
LONG, LONG_SHARE = 50, 0.01


def branches(function: ast.AST) -> int:
    """Ways through: if, loops, handlers, conditional expressions, `and`/`or`, cases, comprehensions and their ifs."""
    count = 0
    for node in ast.walk(function):
        if isinstance(
            node, ast.If | ast.IfExp | ast.For | ast.AsyncFor | ast.While | ast.ExceptHandler | ast.match_case
        ):
            count += 1
        elif isinstance(node, ast.BoolOp):
            count += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            count += 1 + len(node.ifs)
    return count


@cache
def functions() -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef]:
    return {
        f"{place}:{node.lineno} {node.name}": node
        for place, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_dense_functions_are_rare() -> None:
    dense = {name: count for name, node in functions().items() if (count := branches(node)) > MOST_BRANCHES}
    worst = sorted(dense.items(), key=lambda item: -item[1])[:20]
    assert len(dense) <= DENSE_SHARE * len(functions()), f"{len(dense)} of {len(functions())}: {worst}"


def test_long_functions_are_rare() -> None:
    long = {
        name: (node.end_lineno or 0) - node.lineno + 1
        for name, node in functions().items()
        if (node.end_lineno or 0) - node.lineno + 1 > LONG
    }
    assert len(long) <= LONG_SHARE * len(functions()), long
