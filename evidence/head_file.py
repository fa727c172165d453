"""The file of seals: one line a day in a folder that lies elsewhere (CHAIN_HEAD_FOLDER), and the stamps beside it."""

import datetime as dt
import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

NAME = "segel.txt"
LINE = re.compile(r"^(?P<at>\S+) (?P<number>\d{1,9}) (?P<seal>[0-9a-f]{64})$")
TOKEN = re.compile(r"^stempel-(?P<number>\d+)-(?P<seal>[0-9a-f]{64})\.tsr$")


@dataclass(frozen=True)
class HeadLine:
    """`seal` is empty where the line can't be read."""

    place: int
    number: int
    seal: str


def path() -> Path | None:
    return Path(settings.CHAIN_HEAD_FOLDER) / NAME if settings.CHAIN_HEAD_FOLDER else None


def append(number: int, seal: str, at: dt.datetime) -> Path:
    """Add a line and have it written through to the disk. Raises OSError."""
    file = path()
    if file is None:
        raise FileNotFoundError("CHAIN_HEAD_FOLDER")
    file.parent.mkdir(parents=True, exist_ok=True)
    line = f"{timezone.localtime(at).isoformat(timespec='seconds')} {number} {seal}\n"
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return file


def keep_token(number: int, seal: str, token: bytes) -> None:
    """The stamp as a file that openssl reads. Raises OSError."""
    if settings.CHAIN_HEAD_FOLDER:
        folder = Path(settings.CHAIN_HEAD_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"stempel-{number}-{seal}.tsr").write_bytes(token)


def lines() -> list[HeadLine]:
    """Everything in the file. Raises OSError, FileNotFoundError when there is none."""
    file = path()
    if file is None:
        return []
    found = []
    for place, text in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        match = LINE.match(text)
        found.append(HeadLine(place, int(match["number"]), match["seal"]) if match else HeadLine(place, 0, ""))
    return found


def tokens() -> list[tuple[str, str, bytes]]:
    """(file name, seal, token) of the stamps beside it. Raises OSError."""
    if not settings.CHAIN_HEAD_FOLDER or not Path(settings.CHAIN_HEAD_FOLDER).is_dir():
        return []
    files = sorted(Path(settings.CHAIN_HEAD_FOLDER).iterdir())
    return [(file.name, match["seal"], file.read_bytes()) for file in files if (match := TOKEN.match(file.name))]
