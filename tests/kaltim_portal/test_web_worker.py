"""The web server's worker over real sockets."""

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

IDLE = 12  # connections; a portal has four threads
QUESTION = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
FAREWELL = 1.5  # seconds: gunicorn's own worker gives its whole loop for two to one who does not hang up
LONG = 4  # seconds: gunicorn's own worker keeps a thread for five of them for each such connection


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "answers.py").write_text(
        "def app(environ, start):\n"
        "    start('200 OK', [('Content-Type', 'text/plain'), ('Content-Length', '2')])\n"
        "    return [b'ya']\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as found:
        free = found.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "answers:app", "--bind", f"127.0.0.1:{free}", "--threads", "2"]
    command += ["--worker-class", "kaltim_portal.web_worker.ThreadWorker", "--no-control-socket", "--keep-alive", "15"]
    command += ["--pythonpath", str(Path(__file__).parents[2])]
    process = subprocess.Popen(command, cwd=tmp_path)
    try:
        for _each in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", free)):
                break
            time.sleep(0.05)
        yield free
    finally:
        process.terminate()
        process.wait(10)


def test_connections_that_say_nothing_hold_nobody_up(port: int) -> None:
    idle = [socket.create_connection(("127.0.0.1", port)) for _each in range(IDLE)]
    time.sleep(0.2)  # all of them are taken
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=LONG) as answer:
        assert answer.read() == b"ya"
    assert all(_asked_late(each).endswith(b"\r\n\r\nya") for each in idle), "what was opened in advance is used later"


def test_who_does_not_hang_up_holds_nobody_up(port: int) -> None:
    reads_on = socket.create_connection(("127.0.0.1", port))
    reads_on.sendall(QUESTION)
    time.sleep(0.2)  # answered, and the farewell is waited for
    begun = time.monotonic()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=LONG) as answer:
        assert answer.read() == b"ya"
    assert time.monotonic() - begun < FAREWELL
    reads_on.close()


def _asked_late(connection: socket.socket) -> bytes:
    with connection:
        connection.settimeout(LONG)
        connection.sendall(QUESTION)
        return b"".join(iter(lambda: connection.recv(4096), b""))
