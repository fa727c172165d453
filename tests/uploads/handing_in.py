"""Lists that a test writes itself, through the command that looks at a file before it is handed in."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.uploads.test_files import YEAR, _handed_in
from tests.uploads.test_uploads import workbook
from uploads import services as uploads
from uploads.choices import UploadState


@dataclass
class Previewed:
    rows: list[dict[str, Any]]
    summary: dict[str, Any]
    refused: str = ""

    @property
    def statuses(self) -> list[str]:
        return [row["status"] for row in self.rows]

    @property
    def alarms(self) -> str:
        return " | ".join(self.summary["alarms"])

    def after(self, name: str) -> list[Any]:
        """Of each row that is not refused."""
        return [row["after"].get(name) for row in self.rows if row["after"]]

    @property
    def problems(self) -> str:
        return " | ".join(text for row in self.rows for text in row["problems"])


Preview = Callable[..., Previewed]
PreviewFile = Callable[..., Previewed]
Rows = list[dict[str, Any]]
TakeOver = Callable[..., None]


def written(rows: Rows, kind: str) -> bytes:
    if kind == "json":
        return json.dumps(rows).encode()
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.fixture
def preview_file(world: User, tmp_path: Path) -> PreviewFile:
    """What would become of a whole file, a workbook (sheet → rows) or the text of a CSV."""

    def look(content: dict[str, list[list[Any]]] | str | bytes, **options: Any) -> Previewed:
        body = workbook(content) if isinstance(content, dict) else content
        path = tmp_path / ("daftar.xlsx" if isinstance(content, dict) else "daftar.csv")
        path.write_bytes(body.encode() if isinstance(body, str) else body)
        return _previewed(path, world, options)

    return look


@pytest.fixture
def preview(world: User, tmp_path: Path) -> Preview:
    """What would become of rows, each a dictionary by its headings."""

    def look(rows: Rows, suffix: str = "json", **options: Any) -> Previewed:
        path = tmp_path / f"daftar.{suffix}"
        path.write_bytes(written(rows, suffix))
        return _previewed(path, world, options)

    return look


def _previewed(path: Path, by: User, options: dict[str, Any]) -> Previewed:
    out = io.StringIO()
    try:
        call_command("preview_list", path, username=by.username, year=YEAR, json=True, stdout=out, **options)
    except CommandError as error:
        return Previewed([], {}, str(error))
    *found, last = map(json.loads, out.getvalue().splitlines())
    return Previewed(found, last["summary"])


@pytest.fixture
def take_over(world: User) -> TakeOver:
    """Rows handed in and taken over, as in the browser."""

    def hand_in(rows: Rows, kind: str = "json") -> None:
        upload = _handed_in(written(rows, kind), f"daftar.{kind}", world)
        assert upload.state == UploadState.PREVIEW, (upload.state, upload.problem)
        uploads.request_apply(pk=upload.pk, by=world, reason="Sudah diperiksa", enqueue=False)
        uploads.apply(upload.pk)
        upload.refresh_from_db()
        assert upload.state == UploadState.APPLIED, upload.problem

    return hand_in
