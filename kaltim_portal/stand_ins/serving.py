"""What the stand-in servers share: real HTTP on loopback, faults on request, ETags, and a count of what was asked.

Faults are set by POST /kendali with JSON {"fault": NAME}: none, html, html403, unavailable, busy (429 with
Retry-After), drop, drop_later (answers once, then drops), truncated, slow, trickle (a byte now and then), error (the
protocol's own).
"""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SLOW_SECONDS = 8.0
FIREWALL = b"<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.</body></html>"
JSON = "application/json"


class StandInWorld:
    """The figures behind a stand-in and the fault of the moment; a subclass answers."""

    def __init__(self) -> None:
        self.fault = "none"
        self.fault_after = 0
        self.requests: list[str] = []
        self.not_modified = 0
        self.redirect = ""

    def answer(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        """(status, body, content type) of a GET without a fault."""
        raise NotImplementedError

    def answer_post(self, path: str, headers: Any, body: bytes) -> tuple[int, bytes, str]:
        """Likewise of a POST; most stand-ins take it for a GET."""
        return self.answer(path, headers)

    def error_answer(self) -> tuple[int, bytes, str]:
        """The protocol's own way to say that something went wrong."""
        raise NotImplementedError

    def obey(self, order: dict[str, Any]) -> None:
        """Change what is served; every stand-in knows `fault` and `fault_after` (so many good answers first)."""
        self.fault = order.get("fault", self.fault)
        self.fault_after = int(order.get("fault_after", 0))


def as_json(status: int, answer: Any) -> tuple[int, bytes, str]:
    return status, json.dumps(answer).encode(), JSON


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: StandInWorld

    def do_GET(self) -> None:
        if self.path == "/sehat":
            self._send(200, b"ok", "text/plain")
            return
        world = self.world
        world.requests.append(self.path)
        fault = world.fault
        if fault != "none" and world.fault_after > 0:
            world.fault_after -= 1
            fault = "none"
        if world.redirect:
            self._send(302, b"", "text/plain", {"Location": world.redirect})
        elif not self._misbehave(fault):
            status, body, content_type = (
                world.error_answer() if fault == "error" else world.answer(self.path, self.headers)
            )
            if fault == "truncated":
                body = body[: len(body) // 2]
            self._send(status, body, content_type, trickle=fault == "trickle")

    def _misbehave(self, fault: str) -> bool:
        """Whether the fault has answered (or not answered) already."""
        match fault:
            case "html":
                self._send(200, FIREWALL, "text/html")
            case "html403":
                self._send(403, FIREWALL, "text/html")
            case "unavailable":
                self._send(503, b"Service Unavailable", "text/plain")
            case "busy":
                self._send(429, b"Too Many Requests", "text/plain", {"Retry-After": "7"})
            case "drop":
                self.close_connection = True
                self.connection.close()
            case "slow":
                time.sleep(SLOW_SECONDS)
                return False
            case _:
                return False
        return True

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if self.path != "/kendali":
            fault = self.world.fault
            if not self._misbehave(fault):
                try:
                    answer = self.world.answer_post(self.path, self.headers, body)
                except ConnectionResetError:  # the world's way to say that the answer is lost
                    self._misbehave("drop")
                else:
                    status, body, content_type = answer
                    if fault == "truncated":
                        body = body[: len(body) // 2]
                    self._send(status, body, content_type, trickle=fault == "trickle")
            return
        self.world.obey(json.loads(body or b"{}"))
        self._send(*as_json(200, {"fault": self.world.fault, "requests": len(self.world.requests)}))

    def _send(
        self, status: int, body: bytes, content_type: str, extra: dict[str, str] | None = None, *, trickle: bool = False
    ) -> None:
        headers = dict(extra or {})
        if status == 200 and content_type == JSON and self.command == "GET":  # noqa: PLR2004
            headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == headers["ETag"]:
                self.world.not_modified += 1
                status, body = 304, b""
        try:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if trickle:
                for byte in body[:100]:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.2)
            else:
                self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client gave up waiting, as it should

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


def serve(world: StandInWorld, port: int = 0) -> ThreadingHTTPServer:
    """A server on loopback, ready but not yet running; port 0 takes a free one."""
    handler = type("WorldHandler", (Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server


def serve_in_thread(world: StandInWorld) -> ThreadingHTTPServer:
    """Whoever stops it waits until it looks up: not half a second, as by default."""
    server = serve(world)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
