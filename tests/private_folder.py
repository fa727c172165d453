"""Private files of a test in a folder of its own."""

from pathlib import Path
from typing import Any


def keep_private_files_in(settings: Any, folder: Path) -> None:
    private = settings.STORAGES["private"]
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {**private, "OPTIONS": {**private["OPTIONS"], "location": str(folder)}},
    }
