"""The portal's own modules, read once: what the tests of the house look at."""

import ast
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
SOURCES: dict[str, ast.Module] = {place: ast.parse(text) for place, text in TEXTS.items()}
