"""Starts the readers of strange files: `python -m core.importing.reader_server`, one per process that hands files
over (`reader_processes`), whose line to it is the standard input.

What a reader needs is loaded once, here; each file gets a process forked from this one, which then holds memory and
time limits of its own and ends with its file. Nothing strange is ever opened here, so one file finds no trace of
another. What many jobs have in common the portal's own code says once, and the readers are born knowing it. Without
Django, the portal's secrets and its connections, like the readers themselves.
"""

import contextlib
import importlib
import os
import signal
import socket
import sys

READERS = frozenset(
    ["core.importing.grids", "core.importing.marking", "core.importing.reading", "evidence.signatures.examining"]
)
LONGEST_NAME = 100
DESCRIPTORS = 3  # where the job is read, where the answer is written, and the line to who asked
GROUNDWORK = 1  # only where that is read which the readers' jobs have in common
ENDED_WELL = b"done"


def serve(control: socket.socket) -> None:
    """Until the process at the other end is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits here: the asking process hears of the end by itself
    while True:
        name, descriptors, _flags, _address = socket.recv_fds(control, LONGEST_NAME, DESCRIPTORS)
        if not name:
            return
        try:
            if len(descriptors) == GROUNDWORK:
                _prepare(name.decode("ascii"), descriptors[0])
            else:
                _start(name.decode("ascii"), descriptors, control)
        except (OSError, ValueError):
            pass  # who asked sees its line end
        finally:
            for each in descriptors:
                os.close(each)


def _prepare(name: str, given: int) -> None:
    if name not in READERS:
        raise ValueError(name)
    with os.fdopen(os.dup(given), "rb") as file:
        importlib.import_module(name).prepare(file)


def _start(name: str, descriptors: list[int], control: socket.socket) -> None:
    if name not in READERS or len(descriptors) != DESCRIPTORS:
        raise ValueError(name)
    reader = importlib.import_module(name)
    if os.fork():
        return
    code = 1
    try:
        control.close()
        line = socket.socket(fileno=os.dup(descriptors[2]))
        os.dup2(descriptors[0], 0)
        os.dup2(descriptors[1], 1)
        for each in descriptors:
            os.close(each)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # A handle of this process and no number: it can't come to mean another one.
        own = os.pidfd_open(os.getpid())
        socket.send_fds(line, [b"started"], [own])
        os.close(own)
        reader.main()
        sys.stdout.flush()
        line.send(ENDED_WELL)
        code = 0
    finally:
        os._exit(code)  # nothing of the server's is to be run or written on the way out


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, ConnectionError):
        serve(socket.socket(fileno=os.dup(0)))
