"""Which rule speaks for which kind of warning: every module of this folder that has one."""

import importlib
import inspect
import pkgutil
from functools import cache

from dashboards.choices import WarningKind
from dashboards.early_warnings import rules
from dashboards.early_warnings.rules.base import Forecasting, WarningRule


@cache
def _rules() -> dict[WarningKind, WarningRule]:
    found: dict[WarningKind, WarningRule] = {}
    for module in pkgutil.iter_modules(rules.__path__):
        loaded = importlib.import_module(f"{rules.__name__}.{module.name}")
        for value in vars(loaded).values():
            is_own = isinstance(value, type) and value.__module__ == loaded.__name__
            if is_own and issubclass(value, WarningRule) and not inspect.isabstract(value):
                found[value.kind] = value()
    return {kind: found[kind] for kind in WarningKind if kind in found}


def all_rules() -> list[WarningRule]:
    """In the order of the kinds."""
    return list(_rules().values())


def forecasts() -> list[Forecasting]:
    return [rule for rule in all_rules() if isinstance(rule, Forecasting)]


def rule_for(kind: str) -> WarningRule:
    return _rules()[WarningKind(kind)]
