"""The file of seals: one line a day in a folder that lies elsewhere (CHAIN_HEAD_FOLDER), and the stamps beside it."""

import datetime as dt
import errno
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
    """Add a line and have it written through to the disk. Raises OSError.

    The folder has to be there: it is mounted from elsewhere, and a folder of our own would only look like it.
    """
    file = path()
    if file is None:
        raise FileNotFoundError("CHAIN_HEAD_FOLDER")
    line = f"{timezone.localtime(at).isoformat(timespec='seconds')} {number} {seal}\n".encode()
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        end = os.lseek(descriptor, 0, os.SEEK_END)
        try:
            _write_whole(descriptor, line)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, end)  # half a line would be glued to the next one
            raise
    finally:
        os.close(descriptor)
    return file


def _write_whole(descriptor: int, line: bytes) -> None:
    """A disk that is full takes half a line and says so by the count alone."""
    if os.write(descriptor, line) != len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def keep_token(number: int, seal: str, token: bytes) -> None:
    """The stamp as a file that openssl reads. Raises OSError."""
    if settings.CHAIN_HEAD_FOLDER:
        file = Path(settings.CHAIN_HEAD_FOLDER) / f"stempel-{number}-{seal}.tsr"
        half = file.with_suffix(".part")
        half.write_bytes(token)
        half.replace(file)


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
