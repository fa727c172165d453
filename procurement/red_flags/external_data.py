"""Compiled releases of other portals: read as they are published, kept as they came.

JSON Lines of releases, records or packages, or one JSON document: a release, an array of them, a release package
(`releases`) or a record package (`records`). Several releases of a process are compiled, and counted. Sparse and
wrongly typed fields are kept; the rules take what has the type OCDS says.
"""

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import ijson
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, private_files
from core.sql import statement
from procurement.choices import ProcessingState
from procurement.models import OutsideDataset
from procurement.red_flags import permissions
from procurement.red_flags import services as flag_services
from procurement.red_flags.compiling import compile_process

FOLDER = "ocds"
BATCH = 5_000
REFUSALS_KEPT = 200
MAX_LINE = 50 * 1024 * 1024
PEEK = 64 * 1024
LINK = {"url", "tag", "date"}  # what a record says of a release elsewhere
COMPILED_AT_ONCE = 1_000


@dataclass
class LoadedReleases:
    """What came of a file: `refused` are (line or number of the release, why)."""

    releases: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    refused_count: int = 0
    joined: int = 0  # releases that went into another one of their process

    def refuse(self, number: int, why: str) -> None:
        self.refused_count += 1
        if len(self.refused) < REFUSALS_KEPT:
            self.refused.append((number, why))


def releases(file: BinaryIO, read: LoadedReleases) -> Iterator[tuple[int, str, str]]:
    """(number, ocid, JSON text) of each compiled release; what cannot be read is noted in `read`."""
    for number, found in _objects(file, read):
        for release in _releases_in(number, found, read):
            if not isinstance(release, dict):
                read.refuse(number, _("is not a release: it is no JSON object"))
            elif not isinstance(release.get("ocid"), str) or not release["ocid"]:
                read.refuse(number, _("has no ocid that is text"))
            elif (text := _storable(release)) is None:
                read.refuse(number, _("holds a figure that is too large, or is nested too deeply"))
            else:
                read.releases += 1
                yield number, release["ocid"], text


def _releases_in(number: int, found: Any, read: LoadedReleases) -> Iterator[Any]:
    """Of a release itself, a package of releases, a package of records, or one record."""
    if not isinstance(found, dict):
        yield found
    elif isinstance(found.get("records"), list):
        for record in found["records"]:
            yield from _releases_in(number, record, read)
    elif isinstance(found.get("compiledRelease"), dict):
        yield _of_process(found, found["compiledRelease"] | {"tag": ["compiled"]})
    elif isinstance(found.get("releases"), list):
        yield from _of_record(number, found, read) if "ocid" in found else found["releases"]
    else:
        yield found


def _of_record(number: int, record: dict[str, Any], read: LoadedReleases) -> Iterator[Any]:
    """A record without a compiled release. Links to releases elsewhere are not followed."""
    links = [each for each in record["releases"] if isinstance(each, dict) and "url" in each and each.keys() <= LINK]
    if links or not record["releases"]:
        read.refuse(number, _("is a record that only links to its releases; publish them with it"))
    for release in record["releases"]:
        if release not in links:
            yield _of_process(record, release)


def _of_process(record: dict[str, Any], release: Any) -> Any:
    """A release that leaves its process to the record is one of it."""
    return {"ocid": record.get("ocid")} | release if isinstance(release, dict) else release


def _objects(file: BinaryIO, read: LoadedReleases) -> Iterator[tuple[int, Any]]:
    shape = _shape(file)
    if shape == "lines":
        yield from _lines(file, read)
        return
    try:
        yield from enumerate(ijson.items(file, shape, use_float=True), start=1)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError, ValueError):
        read.refuse(read.releases + 1, _("the document breaks off here, or is no JSON"))


def _shape(file: BinaryIO) -> str:
    """'lines', or where ijson finds the releases of one document. Looks at the beginning of the file, then rewinds."""
    start = file.read(PEEK)
    file.seek(0)
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"["):
        return "item"
    line, newline, rest = start.partition(b"\n")
    try:
        first = json.loads(line)
    except ValueError:
        pass
    else:
        is_package = isinstance(first, dict) and ("releases" in first or "records" in first)
        if not is_package or rest.lstrip().startswith(b"{"):
            return "lines"
    found = _where_in(file)
    # One document over many lines begins its next line with anything but another document.
    return "lines" if found == "" and newline and rest.lstrip().startswith(b"{") else found


def _where_in(file: BinaryIO) -> str:
    """The document's own key decides; only its first level is looked at."""
    found = ""
    try:
        for prefix, event, value in ijson.parse(file):
            if prefix == "" and event == "map_key" and value in {"releases", "records", "ocid"}:
                found = value
                break
    except (ijson.JSONError, UnicodeDecodeError, RecursionError, ValueError):
        found = ""
    file.seek(0)
    return {"releases": "releases.item", "records": "records.item", "ocid": ""}.get(found, "lines")


def _lines(file: BinaryIO, read: LoadedReleases) -> Iterator[tuple[int, Any]]:
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.strip():
            continue
        if len(line) >= MAX_LINE:
            read.refuse(number, _("is longer than 50 MB"))
            while line and not line.endswith(b"\n"):
                line = file.readline(MAX_LINE)
            continue
        try:
            yield number, json.loads(line, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            read.refuse(number, _("is no JSON from character %(place)s on") % {"place": error.colno})
        except (ValueError, RecursionError):
            read.refuse(number, _("is no JSON"))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _storable(release: dict[str, Any]) -> str | None:
    """As PostgreSQL's jsonb takes it: no NUL characters, no halves of surrogate pairs; None for figures beyond any."""
    try:
        text = json.dumps(release, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        if "\\u0000" in text:  # a NUL, or a text in which these letters stand
            text = json.dumps(_without_nul(release), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return text.encode("utf-8", "replace").decode()


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {_without_nul(name): _without_nul(each) for name, each in value.items()}
    return value


@transaction.atomic
def load(dataset: OutsideDataset, file: BinaryIO) -> LoadedReleases:
    """COPY the file's releases into the data set, then compile those of one process."""
    read = LoadedReleases()
    batch = io.StringIO()
    with connection.cursor() as cursor:
        for count, (number, ocid, text) in enumerate(releases(file, read), start=1):
            batch.write(f"{dataset.pk}\t{number}\t{_escaped(ocid)}\t{_escaped(text)}\n")
            if count % BATCH == 0:
                _copy(cursor, batch)
                batch = io.StringIO()
        _copy(cursor, batch)
    _compile(dataset, read)
    OutsideDataset.objects.filter(pk=dataset.pk).update(
        releases=read.releases,
        refused=[list(item) for item in read.refused],
        state=ProcessingState.READY if read.releases else ProcessingState.FAILED,
    )
    return read


def _compile(dataset: OutsideDataset, read: LoadedReleases) -> None:
    """Put one release in the place of several of a process. Two queries for each thousand of such processes."""
    where: dict[str, Any] = {"dataset": dataset.pk, "limit": COMPILED_AT_ONCE, "after": ""}
    with connection.cursor() as cursor:
        while True:
            cursor.execute(statement("processes_with_several.sql", beside=__file__), where)
            rows = cursor.fetchall()
            if not rows:
                return
            kept = [_compiled_row(row, read) for row in rows]
            cursor.execute(statement("keep_compiled.sql", beside=__file__), where | {"rows": json.dumps(kept)})
            where["after"] = rows[-1][0]


def _compiled_row(row: tuple[str, list[int], list[int], str], read: LoadedReleases) -> list[Any]:
    """[key of the row to keep or None, ocid, release] of one process."""
    ocid, keys, lines, found = row
    process = compile_process(list(zip(lines, json.loads(found), strict=True)))
    for number, why in process.left_out:
        read.refuse(number, f"{ocid}: {why}")
    is_used = process.release is not None
    read.releases -= len(keys) - is_used
    read.joined += len(keys) - len(process.left_out) - is_used
    return [keys[0] if is_used else None, ocid, process.release]


def _escaped(text: str) -> str:
    return (
        text.replace("\x00", "")
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .encode("utf-8", "replace")
        .decode()
    )


def _copy(cursor: Any, batch: io.StringIO) -> None:
    batch.seek(0)
    cursor.copy_expert("COPY procurement_outsiderelease (dataset_id, line, ocid, release) FROM STDIN", batch)


def receive(*, name: str, file: UploadedFile, by: User) -> OutsideDataset:
    """Keep the uploaded file and note it; the worker reads it."""
    permissions.check_may_load_dataset(by)
    stored = private_files.store(FOLDER, file.chunks())
    dataset = OutsideDataset(
        name=name,
        file_name=(file.name or "")[:200],
        loaded_by=by,
        stored_as=stored.name,
        sha256=stored.sha256,
    )
    with transaction.atomic():
        dataset.save()
        audit.record("outside_dataset.received", dataset, by=by, file=dataset.file_name, sha256=dataset.sha256)
    return dataset


def take_over(dataset: OutsideDataset) -> OutsideDataset:
    """What the worker does: read the kept file, raise the flags on it, tell in words what went wrong. Repeatable."""
    OutsideDataset.objects.filter(pk=dataset.pk).update(state=ProcessingState.RUNNING, started_at=timezone.now())
    try:
        with transaction.atomic(), private_files.open_stored(FOLDER, dataset.stored_as) as file:
            dataset.rows.all().delete()
            read = load(dataset, file)
            if read.releases:
                flag_services.run(dataset)
    except private_files.StoredFileMissing:
        gone = _("The file is gone. Load it again.")
        OutsideDataset.objects.filter(pk=dataset.pk).give_up(gone)
    else:
        if not read.releases:
            why = "; ".join(f"{number}: {said}" for number, said in read.refused[:3])
            problem = _("No OCDS release was found in the file.") + (f" {why}" if why else "")
            OutsideDataset.objects.filter(pk=dataset.pk).give_up(problem)
        private_files.delete(FOLDER, dataset.stored_as)
    dataset.refresh_from_db()
    return dataset


def end(pk: int, why: str) -> None:
    """Its reading died."""
    OutsideDataset.objects.filter(pk=pk).under_way().give_up(why)


def end_what_died(before: dt.datetime, why: str) -> int:
    return OutsideDataset.objects.begun_before(before).give_up(why)


@transaction.atomic
def remove(dataset: OutsideDataset, *, by: User) -> None:
    permissions.check_may_load_dataset(by)
    audit.record("outside_dataset.removed", dataset, by=by, sha256=dataset.sha256)
    private_files.delete_after_commit(FOLDER, dataset.stored_as)
    dataset.delete()
