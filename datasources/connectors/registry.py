"""Which connector speaks for which kind of source: every module of this folder that has one."""

import importlib
import pkgutil
from functools import cache
from typing import Any

from datasources import connectors
from datasources.connectors.base import Connector


@cache
def _connectors() -> dict[str, Connector]:
    found: dict[str, Connector] = {}
    for module in sorted(pkgutil.iter_modules(connectors.__path__), key=lambda module: module.name):
        loaded = importlib.import_module(f"{connectors.__name__}.{module.name}")
        for value in vars(loaded).values():
            is_own = isinstance(value, type) and value.__module__ == loaded.__name__
            if is_own and issubclass(value, Connector) and value is not Connector:
                found[value.kind] = value()
    return found


def kinds() -> list[tuple[str, Any]]:
    return [(kind, connector.label) for kind, connector in _connectors().items()]


def connector_for(kind: str) -> Connector:
    return _connectors()[kind]


def all_connectors() -> list[Connector]:
    return list(_connectors().values())
