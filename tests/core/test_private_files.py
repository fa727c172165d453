"""Private files: kept whole or not at all, in whatever storage the settings name."""

from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage

from core import private_files
from tests.private_folder import keep_private_files_in


def test_what_is_kept_comes_back(settings: Any, tmp_path: Path) -> None:
    keep_private_files_in(settings, tmp_path)
    stored = private_files.store("bukti", [b"satu", b"dua"])
    assert (stored.size, private_files.open_stored("bukti", stored.name).read()) == (7, b"satudua")
    assert oct((tmp_path / "bukti" / stored.name).stat().st_mode)[-3:] == "640"
    with private_files.local_path("bukti", stored.name) as path:
        assert path == tmp_path / "bukti" / stored.name
    private_files.delete("bukti", stored.name)
    private_files.delete("bukti", stored.name)
    assert not private_files.exists("bukti", stored.name)
    assert not private_files.exists("bukti", "")


def test_too_much_leaves_nothing(settings: Any, tmp_path: Path) -> None:
    keep_private_files_in(settings, tmp_path)
    with pytest.raises(private_files.FileTooLarge):
        private_files.store("bukti", [b"x" * 6, b"x" * 5], limit=10)
    assert not list(tmp_path.rglob("*"))


def test_a_full_disk_leaves_nothing(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_private_files_in(settings, tmp_path)
    save = FileSystemStorage._save

    def full(self: FileSystemStorage, name: str, content: Any) -> str:
        save(self, name, content)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(OSError, match="No space left"):
        private_files.store("bukti", [b"x"])
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_storage_without_paths_lends_a_copy(settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "private": {"BACKEND": f"{__name__}.Elsewhere"}}
    stored = private_files.store("bukti", [b"isi"])
    with private_files.local_path("bukti", stored.name) as path:
        assert path.read_bytes() == b"isi"
    assert not path.exists()


class Elsewhere(Storage):
    """As a storage on another machine: there is no path to give."""

    files: ClassVar[dict[str, bytes]] = {}

    def _open(self, name: str, mode: str = "rb") -> File:
        return ContentFile(self.files[name], name)

    def _save(self, name: str, content: Any) -> str:
        self.files[name] = content.read()
        return name

    def exists(self, name: str) -> bool:
        return name in self.files

    def delete(self, name: str) -> None:
        self.files.pop(name, None)
