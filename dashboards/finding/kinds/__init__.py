"""Every kind that can be found, a file each."""

import importlib
import pkgutil

from dashboards.finding.base import Findable


def _declared() -> list[Findable]:
    found = []
    for module in pkgutil.iter_modules(__path__):
        members = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        found += [
            member()
            for member in members
            if isinstance(member, type) and issubclass(member, Findable) and member.__module__.startswith(__name__)
        ]
    return sorted(found, key=lambda kind: kind.place)


KINDS = _declared()
