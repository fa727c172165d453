"""The processes that read strange files: started quickly, and each as alone as before."""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from core.importing import grids, reader_processes
from core.importing.fields import Field, Kind, Shape
from core.importing.reader_processes import Groundwork, Reader
from core.importing.workbooks import FileRefused
from tests.stack import until

LIST = b"a;b\n1;2\n"
READ = [["a", "b"], ["1", "2"]]


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def held_by(pid: int) -> dict[str, str]:
    """The descriptors of a process, and what is behind them."""
    return {each.name: str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}


@contextmanager
def waiting(name: str = "core.importing.grids") -> Iterator[tuple[Reader, int, BinaryIO]]:
    """A reader that has no job yet, its process, and where its job is to be written."""
    given, written = os.pipe()
    with reader_processes.in_memory() as answer, os.fdopen(written, "wb") as job:
        server = reader_processes._server().process.pid
        before = set(children(server))
        reader = reader_processes.start(name, given, answer)
        os.close(given)
        try:
            yield reader, next(iter(set(children(server)) - before)), job
        finally:
            reader.close()


def test_a_file_is_read_and_the_next_one_by_another_process() -> None:
    assert grids.grids_of(LIST)[0].rows == READ
    with waiting() as (_one, first, _job), waiting() as (_other, second, _other_job):
        assert first != second
        assert grids.grids_of(LIST)[0].rows == READ


def test_it_knows_no_secret_and_holds_nothing_but_its_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "rahasia")
    reader_processes._forget_server()
    with waiting() as (_reader, pid, _job):
        known = Path(f"/proc/{pid}/environ").read_bytes().rstrip(b"\0").split(b"\0")
        assert sorted(known) == [b"LANG=C.UTF-8", b"PATH=/usr/bin:/bin"]
        # Its job, its answer, nothing for errors, and the line to who asked.
        until(lambda: len(list(Path(f"/proc/{pid}/fd").iterdir())) == 4, 10)
        held = held_by(pid)
        assert held["2"] == "/dev/null"
        assert sum(each.startswith("socket:") for each in held.values()) == 1


@pytest.mark.parametrize("limit", [{"MEMORY_BYTES": 1_000_000}, {"CPU_SECONDS": 1}], ids=str)
def test_one_that_takes_too_much_ends_and_the_next_file_is_read(
    limit: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as little:
        for name, value in limit.items():
            little.setattr(grids, name, value)
        with pytest.raises(FileRefused) as refused:
            grids.grids_of(b";".join([b"123,5"] * 60) + b"\n" + (b"123,5;" * 59 + b"1\n") * 90_000)
    assert refused.value.code in {"too_heavy", "broken_file"}  # ended by the kernel, or told by Python
    assert grids.grids_of(LIST)[0].rows == READ


def test_one_that_takes_too_long_is_ended() -> None:
    with waiting() as (reader, pid, _job):
        with pytest.raises(TimeoutError):
            reader.wait(0.1)
        reader.kill()
        assert reader.wait(10) is False
        until(lambda: pid not in children(reader_processes._server().process.pid), 10)


def test_a_server_that_was_killed_is_followed_by_another() -> None:
    grids.grids_of(LIST)
    first = reader_processes._server().process
    first.kill()
    assert grids.grids_of(LIST)[0].rows == READ
    assert reader_processes._server().process.pid != first.pid


def test_a_forked_process_has_a_server_of_its_own() -> None:
    grids.grids_of(LIST)
    ours = reader_processes._server().process.pid
    line, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            read = grids.grids_of(LIST)[0].rows == READ
            theirs.send(b"other" if read and reader_processes._server().process.pid != ours else b"same")
        finally:
            os._exit(0)
    theirs.close()
    os.waitpid(pid, 0)
    with line:
        assert line.recv(10) == b"other"
    assert grids.grids_of(LIST)[0].rows == READ
    assert reader_processes._server().process.pid == ours


def test_nothing_but_a_reader_is_started() -> None:
    with reader_processes.in_memory() as job, pytest.raises(OSError, match="cannot be started"):
        reader_processes.start("os", job, job)


KIND = Shape("contoh", (Field("a", Kind.TEXT, ("a",)), Field("b", Kind.INTEGER, ("b",))), recognised_by=("a", "b"))


def plan_of(path: Path, groundwork: Groundwork | None, *shapes: object) -> list[dict[str, Any]]:
    """What a reader says of the sheets, of a job with these shapes."""
    limits = {"memory_bytes": 1 << 30, "cpu_seconds": 20}
    job = {"path": str(path), "name": path.name, "shapes": shapes, "mapping": {}, "year": 2026, **limits}
    with reader_processes.in_memory(json.dumps(job).encode()) as given, reader_processes.in_memory() as answer:
        reader = reader_processes.start("core.importing.reading", given, answer, groundwork)
        ended_well = reader.wait(20)
        reader.close()
        os.lseek(answer, 0, os.SEEK_SET)
        with os.fdopen(os.dup(answer), "rb") as said:
            return list(json.loads(said.readline())["sheets"]) if ended_well else []


def test_a_reader_knows_the_declared_kinds_of_list_before_its_job(tmp_path: Path) -> None:
    """The server is told of each once; a kind with headings that an OPD has taught goes with its job alone."""
    path = tmp_path / "daftar.csv"
    path.write_bytes(LIST)
    told: list[list[str]] = []

    def tell(shapes: Mapping[str, Any]) -> bytes:
        told.append(list(shapes))
        return json.dumps({"year": 2026, "shapes": [shape.as_json() for shape in shapes.values()]}).encode()

    declared = Groundwork({"2026 contoh": KIND}, tell)
    for _time in range(2):
        assert [sheet["shape"] for sheet in plan_of(path, declared, "contoh")] == ["contoh"]
    assert told == [["2026 contoh"]]
    taught = replace(KIND, name="lain", recognised_by=("a",)).as_json()
    assert [sheet["shape"] for sheet in plan_of(path, declared, taught)] == ["lain"]
    assert plan_of(path, declared, "lain") == []  # the next reader knows nothing of it
    reader_processes._forget_server()
    assert [sheet["shape"] for sheet in plan_of(path, declared, "contoh")] == ["contoh"]
    assert told == [["2026 contoh"]] * 2
