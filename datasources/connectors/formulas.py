"""Formulas of derived series: arithmetic on figures of other series, exact, by a kept expression library. Pure.

A part is a letter (a, b, …). In a formula `a` is the part's figure of the same region and period, `a_lalu` that of the
year before, and `kabkota_a` all the regencies' figures of the period, for `jumlah(kabkota_a)` and
`rerata(kabkota_a, kabkota_b)`, the mean of a weighted by b. A region and period where something is missing has no
figure.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, DecimalException, localcontext
from typing import Any

from django.utils.translation import gettext as _
from simpleeval import InvalidExpression, SimpleEval, safe_power

MAX_LENGTH = 300
MAX_EXPONENT = 10
PRECISION = 40
PREVIOUS, REGENCIES = "_lalu", "kabkota_"


class FormulaError(Exception):
    """The formula cannot be understood or not be worked out; the text is for people."""


class _Missing(Exception):  # noqa: N818
    """A figure that the formula needs is not there."""


class _Exact(SimpleEval):
    """Numbers in a formula are decimals; text, attributes, comparisons and everything else of Python are not there."""

    def __init__(self, names: Callable[[ast.Name], Any]) -> None:
        super().__init__(
            operators={
                ast.Add: lambda a, b: _number(a) + _number(b),
                ast.Sub: lambda a, b: _number(a) - _number(b),
                ast.Mult: lambda a, b: _number(a) * _number(b),
                ast.Div: lambda a, b: _number(a) / _number(b),
                ast.Pow: _power,
                ast.USub: lambda a: -_number(a),
                ast.UAdd: _number,
            },
            functions={"jumlah": total, "rerata": weighted_mean, "maks": max, "min": min},
            names=names,
        )
        known: dict[type, Callable[[Any], Any]] = self.nodes
        allowed: dict[type, Callable[[Any], Any]] = {
            kind: handler
            for kind, handler in known.items()
            if kind in {ast.Expression, ast.Expr, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name}
        }
        self.nodes: dict[type, Callable[[Any], Any]] = {**allowed, ast.Constant: _constant}


def _constant(node: ast.Constant) -> Decimal:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise FormulaError(_("only numbers stand in a formula, not “%(text)s”") % {"text": str(node.value)[:40]})
    return Decimal(str(node.value))


def _number(value: Any) -> Decimal:
    if not isinstance(value, Decimal):
        raise FormulaError(_("the regencies' figures go through jumlah(…) or rerata(…)"))
    return value


def _power(base: Any, exponent: Any) -> Decimal:
    if abs(_number(exponent)) > MAX_EXPONENT:
        raise FormulaError(_("an exponent is at most %(limit)s") % {"limit": MAX_EXPONENT})
    return Decimal(safe_power(_number(base), exponent))


def total(figures: Sequence[Decimal]) -> Decimal:
    if not isinstance(figures, tuple):
        raise FormulaError(_("jumlah(…) takes the regencies' figures, for example kabkota_a"))
    return sum(figures, Decimal(0))


def weighted_mean(figures: Sequence[Decimal], weights: Sequence[Decimal]) -> Decimal:
    if not isinstance(figures, tuple) or not isinstance(weights, tuple):
        raise FormulaError(_("rerata(…) takes two of the regencies' figures, for example kabkota_a, kabkota_b"))
    weight = sum(weights, Decimal(0))
    if not weight:
        raise _Missing
    return sum((figure * share for figure, share in zip(figures, weights, strict=True)), Decimal(0)) / weight


def names_in(formula: str) -> set[str]:
    """The names of the parts that a formula uses. Raises FormulaError when it is no formula."""
    if len(formula) > MAX_LENGTH:
        raise FormulaError(_("a formula has at most %(limit)s characters") % {"limit": MAX_LENGTH})
    try:
        tree = ast.parse(formula.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(_("not a formula: “%(text)s”") % {"text": formula[:80]}) from error
    functions = {
        node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - functions
    return {name.removesuffix(PREVIOUS).removeprefix(REGENCIES) for name in names}


def check(formula: str, parts: Sequence[str]) -> None:
    """Raises FormulaError unless the formula can be worked out when every part has the figure 1."""
    if unknown := sorted(names_in(formula) - set(parts)):
        raise FormulaError(_("no part is called %(names)s") % {"names": ", ".join(unknown)})
    if not names_in(formula):
        raise FormulaError(_("the formula uses none of the parts"))
    ones = dict.fromkeys(parts, Decimal(1))
    work_out(formula, ones, ones, {name: (Decimal(1), Decimal(2)) for name in parts})


def work_out(
    formula: str,
    now: Mapping[str, Decimal],
    before: Mapping[str, Decimal],
    regencies: Mapping[str, tuple[Decimal, ...]],
) -> Decimal | None:
    """The figure, or None where a part is missing or something is divided by zero. Raises FormulaError."""

    def name_of(node: ast.Name) -> Any:
        name = node.id
        table: Mapping[str, Any]
        if name.startswith(REGENCIES):
            table, key = regencies, name.removeprefix(REGENCIES)
        elif name.endswith(PREVIOUS):
            table, key = before, name.removesuffix(PREVIOUS)
        else:
            table, key = now, name
        if key not in table:
            raise _Missing
        return table[key]

    try:
        with localcontext() as context:
            context.prec = PRECISION
            result = _Exact(name_of).eval(formula.strip())
            return _number(result)
    except (_Missing, ZeroDivisionError):
        return None
    except DecimalException:
        return None
    except FormulaError:
        raise
    except (InvalidExpression, TypeError, ValueError, KeyError, AttributeError, RecursionError, SyntaxError) as error:
        raise FormulaError(_("the formula cannot be worked out: %(why)s") % {"why": str(error)[:120]}) from error
