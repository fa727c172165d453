"""Files that people brought or the portal made, outside the web root: Django's storage “private”, under names of our
own.

By default that is a folder (`PRIVATE_FILES`); another storage is a line of settings.
"""

import hashlib
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import transaction

IN_MEMORY = 1024 * 1024


class FileTooLarge(Exception):  # noqa: N818 (a state of what was brought; the caller has the words for it)
    """More bytes than allowed; nothing is kept."""


class StoredFileMissing(Exception):  # noqa: N818 (a state of the storage; core.errors has the words for it)
    """The row knows the file, and its bytes are not where they should be: `folder` and `name` say where."""

    def __init__(self, folder: str, name: str) -> None:
        super().__init__(f"{folder}/{name}")
        self.folder, self.name = folder, name


@dataclass(frozen=True)
class StoredFile:
    """`name` is where it lies in its folder."""

    name: str
    size: int
    sha256: str


def private_storage() -> Storage:
    return storages["private"]


def _place(folder: str, name: str) -> str:
    return f"{folder}/{name}"


def store(folder: str, chunks: Iterable[bytes], *, limit: int | None = None) -> StoredFile:
    """Keep the bytes. Raises FileTooLarge beyond `limit` bytes; nothing stays then, nor when the disk is full."""
    digest, size = hashlib.sha256(), 0
    with working_file() as brought:
        for chunk in chunks:
            size += len(chunk)
            if limit is not None and size > limit:
                raise FileTooLarge
            digest.update(chunk)
            brought.write(chunk)
        name = store_whole(folder, brought)
    return StoredFile(name, size, digest.hexdigest())


def working_file() -> BinaryIO:
    """A file that is gone when it is closed, on the disk of the private files: a machine's /tmp may be memory."""
    folder = getattr(private_storage(), "location", None)
    if folder is not None:
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o750)
    return tempfile.TemporaryFile(dir=folder)


def store_whole(folder: str, file: Any) -> str:
    """Keep a file that is there already, from its beginning; the name under which it lies."""
    file.seek(0)
    name = secrets.token_hex(16)
    place = _place(folder, name)
    try:
        private_storage().save(place, File(file))
    except OSError:
        private_storage().delete(place)
        raise
    return name


def exists(folder: str, name: str) -> bool:
    return bool(name) and private_storage().exists(_place(folder, name))


def open_stored(folder: str, name: str) -> BinaryIO:
    """For reading. Raises StoredFileMissing."""
    if not exists(folder, name):
        raise StoredFileMissing(folder, name)
    file: BinaryIO = private_storage().open(_place(folder, name), "rb")  # type: ignore[assignment]  # Django's File reads as one
    return file


def missing() -> list[tuple[str, str, int]]:
    """Rows whose bytes are not there, as (model, name of the stored file, key of the row)."""
    found = []
    for label, folder in settings.STORED_FILES.items():
        rows = apps.get_model(label).objects.exclude(stored_as="").order_by("pk").values_list("stored_as", "pk")
        found += [(label, name, pk) for name, pk in rows.iterator() if not exists(folder, name)]
    return found


def delete(folder: str, name: str) -> None:
    """Gone already is gone."""
    if name:
        private_storage().delete(_place(folder, name))


def delete_after_commit(folder: str, name: str) -> None:
    """Once the row that named it is gone for good."""
    transaction.on_commit(lambda: delete(folder, name))


@contextmanager
def local_path(folder: str, name: str) -> Iterator[Path]:
    """The file on this machine's disk, for processes that read by path: the storage's own, or a copy of it
    meanwhile. Raises StoredFileMissing."""
    if not exists(folder, name):
        raise StoredFileMissing(folder, name)
    try:
        path = Path(private_storage().path(_place(folder, name)))
    except NotImplementedError:
        with tempfile.NamedTemporaryFile() as copy, open_stored(folder, name) as file:
            for chunk in iter(lambda: file.read(IN_MEMORY), b""):
                copy.write(chunk)
            copy.flush()
            yield Path(copy.name)
    else:
        yield path
