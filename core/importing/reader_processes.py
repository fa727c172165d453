"""Processes that read strange files, one for each file: started by a server that has loaded already what they need.

A reader knows no secret and no connection of the portal's: the server starts with an environment of its own, and hands
on nothing but the job, the place for the answer and a line on which the end is heard.
"""

import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from core.importing.reader_server import ENDED_WELL

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60  # the first reader of its kind: the server loads what it needs
_lock = threading.Lock()
os.register_at_fork(after_in_child=lambda: globals().update(_lock=threading.Lock()))


class Groundwork(NamedTuple):
    """What many jobs of a reader have in common: the server learns it once, and each reader begins with it.

    `parts` by name, `told` makes what the reader's `prepare` is given of those that are new. Only what the portal's own
    code says: nothing that a person has typed.
    """

    parts: Mapping[str, object]
    told: Callable[[Mapping[str, object]], bytes]


class Server:
    """The server of this process, and the line to it."""

    def __init__(self) -> None:
        self.of = os.getpid()
        self.knows: dict[tuple[str, str], object] = {}
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "core.importing.reader_server"],
                cwd=ROOT,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},  # no secrets of ours beside a strange file
            )

    def prepare(self, name: str, groundwork: Groundwork) -> None:
        new = {part: what for part, what in groundwork.parts.items() if self.knows.get((name, part)) is not what}
        if not new:
            return
        with in_memory(groundwork.told(new)) as given:
            socket.send_fds(self.control, [name.encode()], [given])
        self.knows |= {(name, part): what for part, what in new.items()}

    def is_usable(self) -> bool:
        """A process that was forked from ours needs one of its own: two would read each other's line."""
        return self.of == os.getpid() and self.process.poll() is None

    def stop(self) -> None:
        self.control.close()
        if self.of == os.getpid():
            self.process.kill()
            self.process.wait()


_servers: list[Server] = []  # none or one


class Reader:
    """A reader that was started."""

    def __init__(self, line: socket.socket, handle: int) -> None:
        self.line = line
        self.handle = handle

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def wait(self, seconds: float | None = None) -> bool:
        """Whether it came to its end by itself. Raises TimeoutError."""
        self.line.settimeout(seconds)
        return _heard(self.line) == ENDED_WELL

    def close(self) -> None:
        self.line.close()
        os.close(self.handle)


def start(name: str, job: int, answer: int, groundwork: Groundwork | None = None) -> Reader:
    """The reader `name` reads its job from one descriptor and writes to the other. Raises OSError."""
    with _lock:
        reader = _started(name, job, answer, groundwork)
        if reader is None:  # the server was gone or could not fork: once more with another
            _forget_server()
            reader = _started(name, job, answer, groundwork)
    if reader is None:
        raise OSError(f"{name} cannot be started")
    return reader


def _started(name: str, job: int, answer: int, groundwork: Groundwork | None) -> Reader | None:
    line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        with theirs:
            if groundwork is not None:
                _server().prepare(name, groundwork)
            socket.send_fds(_server().control, [name.encode()], [job, answer, theirs.fileno()])
        line.settimeout(START_SECONDS)
        said, handles, _flags, _address = socket.recv_fds(line, len(b"started"), 1)
    except OSError:
        said, handles = b"", []
    if said and handles:
        return Reader(line, handles[0])
    line.close()
    return None


def _server() -> Server:
    if _servers and not _servers[0].is_usable():
        _forget_server()
    if not _servers:
        _servers.append(Server())
    return _servers[0]


def _forget_server() -> None:
    while _servers:
        _servers.pop().stop()


atexit.register(_forget_server)


def _heard(line: socket.socket) -> bytes:
    try:
        return line.recv(len(ENDED_WELL))
    except ConnectionError:
        return b""


def run(name: str, job: bytes, seconds: float | None = None) -> tuple[bool, bytes]:
    """Whether the reader came to its end, and what it wrote. Raises TimeoutError after so many seconds."""
    with in_memory(job) as given, in_memory() as answer:
        reader = start(name, given, answer)
        try:
            ended_well = reader.wait(seconds)
        except BaseException:
            reader.kill()
            raise
        finally:
            reader.close()
        os.lseek(answer, 0, os.SEEK_SET)
        with os.fdopen(os.dup(answer), "rb") as written:
            return ended_well, written.read()


@contextlib.contextmanager
def in_memory(content: bytes = b"") -> Iterator[int]:
    """A file without a name: no pipe that somebody has to fill while somebody else reads."""
    with os.fdopen(os.memfd_create("job"), "w+b") as file:
        file.write(content)
        file.flush()
        file.seek(0)
        yield file.fileno()
