"""The portal's own modules, read once: what the tests of the house look at."""

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from kaltim_portal.embedded import ROOT

APPS = (
    "core",
    "accounts",
    "uploads",
    "datasources",
    "spm",
    "programs",
    "procurement",
    "public_services",
    "evidence",
    "dashboards",
    "kaltim_portal",
)
PATHS: list[Path] = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
TEXTS: dict[str, str] = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PATHS}


class Sources(Mapping[str, ast.Module]):
    """The modules as trees. Every process of a test run imports this, few look at a tree: parsed at the first look."""

    @cached_property
    def _trees(self) -> dict[str, ast.Module]:
        return {place: ast.parse(text) for place, text in TEXTS.items()}

    def __getitem__(self, place: str) -> ast.Module:
        return self._trees[place]

    def __iter__(self) -> Iterator[str]:
        return iter(TEXTS)

    def __len__(self) -> int:
        return len(TEXTS)


SOURCES = Sources()
