"""The header of an SQL file that describes itself: its first comment lines, up to the first blank line, are TOML."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BEGINNING = re.compile(r"-- \w+ = ")
# What people read of a header, wherever it stands in it; `evidence` names each field that the statement returns,
# `messages` says each finding in words.
SHOWN_KEYS = frozenset({"title", "explanation", "label"})
SHOWN_TABLES = frozenset({"evidence", "messages"})


class HeaderError(ValueError):
    """The header of a file cannot be read; the message names the file."""


def split(text: str) -> tuple[str, str]:
    """(header without its comment marks, statement). The header is empty when the file begins with anything else."""
    if not BEGINNING.match(text):
        return "", text
    header, _blank, statement = text.partition("\n\n")
    return "\n".join(line.removeprefix("--").strip() for line in header.splitlines()), statement.strip()


def read(path: Path) -> tuple[dict[str, Any], str]:
    """The header as a mapping, and the statement. Raises HeaderError."""
    header, statement = split(path.read_text(encoding="utf-8"))
    try:
        return tomllib.loads(header), statement
    except tomllib.TOMLDecodeError as error:
        raise HeaderError(f"{path.name}: {error}") from error


def shown_texts(header: dict[str, Any]) -> Iterator[str]:
    """Every text of a header that people read, for the catalogue of translations."""
    for key, value in header.items():
        if key in SHOWN_TABLES:
            yield from value.values()
        elif isinstance(value, dict):
            yield from shown_texts(value)
        elif key in SHOWN_KEYS:
            yield value
