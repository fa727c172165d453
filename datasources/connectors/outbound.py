"""The one way out to addresses that a data steward typed: public http(s) only, with limits, without a trace of the key.
A service of the operator's own settings is posted to under the same limits.

The check is made on the connection that is really used (the peer's address), so neither a redirect nor a name that
resolves differently a moment later gets around it.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError
from urllib3.exceptions import TimeoutError as Urllib3TimeoutError

from datasources.connectors.base import Answer, SourceNotReached, SourceRefused, SourceUnavailable, Validators

CONNECT_TIMEOUT_SECONDS = 5.0
MAX_REDIRECTS = 3
MAX_WAIT_SECONDS = 600.0  # below the queue's visibility time-out, else the message comes twice
CHUNK_BYTES = 64 * 1024
SERVER_ERROR, TOO_MANY, REQUEST_TIMEOUT, NOT_MODIFIED = 500, 429, 408, 304
AGENT = "PortalKaltim/1 (+pemantauan program)"


_only: ContextVar[str] = ContextVar("only", default="")


class InternalAddressError(OSError):
    """The address leads inside our own network."""


def check_peer(sock: socket.socket) -> None:
    """Raises InternalAddressError unless the connected peer is public or on the operator's own list.

    While `only` holds an address of the operator's settings, unless it is that one.
    """
    host, port = sock.getpeername()[:2]
    if only := _only.get():
        if f"{host}:{port}" != only:
            sock.close()
            raise InternalAddressError(f"{host} is not the address of the settings")
        return
    if f"{host}:{port}" in settings.OUTBOUND_ALLOWED_INTERNAL:
        return
    address = ipaddress.ip_address(host)
    mapped = getattr(address, "ipv4_mapped", None)
    if not (mapped or address).is_global:
        sock.close()
        raise InternalAddressError(f"{host} is not a public address")


class _CheckedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        check_peer(sock)
        return sock


class _CheckedSecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        check_peer(sock)
        return sock


class _CheckedPool(HTTPConnectionPool):
    ConnectionCls = _CheckedConnection


class _CheckedSecurePool(HTTPSConnectionPool):
    ConnectionCls = _CheckedSecureConnection


class _CheckedAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _CheckedPool, "https": _CheckedSecurePool}


def get(
    address: str,
    parameters: Mapping[str, str],
    *,
    secret: Mapping[str, str] | None = None,
    secret_headers: Mapping[str, str] | None = None,
    known: Mapping[str, Validators] | None = None,
    accept: str = "application/json",
) -> Answer:
    """GET `address`; secrets are sent, to its own host only, but appear in no log, message or stored address.

    With `known` the request is conditional; status 304 says that the kept answer of this address still holds.
    Raises SourceUnavailable (time-out, connection, 5xx, 408, 429) or SourceRefused (inside address, too large).
    """
    shown = requests.Request("GET", address, params=dict(parameters)).prepare().url or address
    deadline = time.monotonic() + settings.OUTBOUND_TIMEOUT_SECONDS
    headers = {"User-Agent": AGENT, "Accept": accept}
    if known and shown in known:
        headers |= _conditions(known[shown])
    with _session() as session:
        return _follow(
            session, address, {**parameters, **(secret or {})}, headers, secret_headers or {}, shown, deadline
        )


def post(
    address: str,
    body: bytes,
    *,
    content_type: str,
    accept: str,
    secret_headers: Mapping[str, str] | None = None,
    timeout_seconds: float | None = None,
    reads_errors: bool = False,
    is_ours: bool = False,
) -> Answer:
    """POST `body`, once and without following a redirect: for services that answer a question about it.

    Raises SourceNotReached (nobody has seen the body), SourceUnavailable (time-out, connection, 5xx, 408, 429) or
    SourceRefused (inside address, too large). With `reads_errors` an answer of any status is one. `is_ours` is for an
    IP address of the operator's settings, inside our network or not.
    """
    limit = timeout_seconds or settings.OUTBOUND_TIMEOUT_SECONDS
    deadline = time.monotonic() + limit
    headers = {"User-Agent": AGENT, "Accept": accept, "Content-Type": content_type, **(secret_headers or {})}
    if urlsplit(address).scheme not in {"http", "https"}:
        raise SourceRefused(_("only http and https addresses are fetched"))
    timeout = (min(CONNECT_TIMEOUT_SECONDS, limit), limit)
    with (
        _only_to(address if is_ours else ""),
        _session() as session,
        session.post(
            address, data=body, stream=True, allow_redirects=False, timeout=timeout, headers=headers
        ) as response,
    ):
        if not reads_errors:
            _check_status(response)
        kind = response.headers.get("Content-Type", "")[:100]
        return Answer(address, response.status_code, kind, _read(response, deadline, limit))


@contextmanager
def _only_to(address: str) -> Iterator[None]:
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    token = _only.set(f"{parts.hostname}:{port}" if address else "")
    try:
        yield
    finally:
        _only.reset(token)


@contextmanager
def _session() -> Iterator[requests.Session]:
    """A session that reaches public addresses only; what goes wrong in it comes out as ours, without the address."""
    with requests.Session() as session:
        session.trust_env = False  # no proxies or .netrc from the environment
        session.mount("http://", _CheckedAdapter())
        session.mount("https://", _CheckedAdapter())
        try:
            yield session
        except requests.RequestException as error:
            if _has_cause(error, InternalAddressError):
                raise SourceRefused(_("the address leads inside our own network")) from None
            if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
                raise SourceRefused(_("the address cannot be read")) from None
            # The exception's own text may hold the whole URL, key included.
            kind = SourceNotReached if _never_connected(error) else SourceUnavailable
            raise kind(_no_answer(error)) from None


def _no_answer(error: BaseException) -> str:
    """In words, by the kind of the error: its own text is a programmer's."""
    if isinstance(error, requests.exceptions.SSLError):
        return _("no answer: its certificate is not accepted")
    if isinstance(error, requests.Timeout | TimeoutError | Urllib3TimeoutError):
        return _("no answer in time")
    if isinstance(error, requests.ConnectionError | OSError | ProtocolError):
        return _("no answer: the connection was not made or broke off")
    return _("no answer")


def _check_status(response: requests.Response) -> None:
    if response.status_code >= SERVER_ERROR or response.status_code in {TOO_MANY, REQUEST_TIMEOUT}:
        raise SourceUnavailable(f"HTTP {response.status_code}", _retry_after(response))


def _conditions(validators: Validators) -> dict[str, str]:
    headers = {}
    if validators.etag:
        headers["If-None-Match"] = validators.etag
    if validators.last_modified:
        headers["If-Modified-Since"] = validators.last_modified
    return headers


def _follow(
    session: requests.Session,
    address: str,
    parameters: Mapping[str, str],
    headers: Mapping[str, str],
    secret_headers: Mapping[str, str],
    shown: str,
    deadline: float,
) -> Answer:
    """Redirects by hand: each is checked like the first, and a secret never goes to another host."""
    home = urlsplit(address).netloc
    target, query = address, dict(parameters)
    for _hop in range(MAX_REDIRECTS + 1):
        parts = urlsplit(target)
        if parts.scheme not in {"http", "https"}:
            raise SourceRefused(_("only http and https addresses are fetched"))
        own = dict(secret_headers) if parts.netloc == home else {}
        with session.get(
            target,
            params=query,
            stream=True,
            allow_redirects=False,
            timeout=(CONNECT_TIMEOUT_SECONDS, settings.OUTBOUND_TIMEOUT_SECONDS),
            headers={**headers, **own},
        ) as response:
            if response.is_redirect:
                target, query = urljoin(target, response.headers["Location"]), {}
                continue
            _check_status(response)
            return Answer(
                shown,
                response.status_code,
                response.headers.get("Content-Type", "")[:100],
                _read(response, deadline, settings.OUTBOUND_TIMEOUT_SECONDS),
                response.headers.get("ETag", "")[:200],
                response.headers.get("Last-Modified", "")[:60],
            )
    raise SourceRefused(_("the address redirects more than %(count)s times") % {"count": MAX_REDIRECTS})


def _retry_after(response: requests.Response) -> float | None:
    """Seconds, when the source says so in seconds and within reason."""
    text = response.headers.get("Retry-After", "")
    return min(float(text), MAX_WAIT_SECONDS) if text.isascii() and text.isdecimal() else None


def _read(response: requests.Response, deadline: float, limit: float) -> bytes:
    """The body, piece by piece as it arrives: a source that sends a byte now and then runs into the limit too."""
    chunks: list[bytes] = []
    size = 0
    while True:
        try:
            chunk = response.raw.read1(CHUNK_BYTES, decode_content=True)
        except (HTTPError, OSError) as error:
            raise SourceUnavailable(_no_answer(error)) from None
        if not chunk:
            return b"".join(chunks)
        size += len(chunk)
        if size > settings.OUTBOUND_MAX_BYTES:
            raise SourceRefused(_("the answer is larger than %(size)s bytes") % {"size": settings.OUTBOUND_MAX_BYTES})
        if time.monotonic() > deadline:
            raise SourceUnavailable(_("the answer took longer than %(seconds)s s") % {"seconds": round(limit)})
        chunks.append(chunk)


def _never_connected(error: requests.RequestException) -> bool:
    """By the exceptions' own types: their texts may hold the server's words."""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def _has_cause(error: BaseException | None, kind: type[BaseException]) -> bool:
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004 (a chain of wrapped errors is short)
        if isinstance(error, kind) or any(isinstance(part, kind) or kind.__name__ in repr(part) for part in error.args):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False
