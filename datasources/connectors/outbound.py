"""The one way out to addresses that a data steward typed: public http(s) only, with limits, without a trace of the key.

The check is made on the connection that is really used (the peer's address), so neither a redirect nor a name that
resolves differently a moment later gets around it.
"""

import ipaddress
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from datasources.connectors.base import Answer, SourceRefused, SourceUnavailable

CONNECT_TIMEOUT_SECONDS = 5.0
MAX_REDIRECTS = 3
CHUNK_BYTES = 64 * 1024
SERVER_ERROR, TOO_MANY, REQUEST_TIMEOUT = 500, 429, 408
AGENT = "PortalKaltim/1 (+pemantauan program)"


class InternalAddressError(OSError):
    """The address leads inside our own network."""


def check_peer(sock: socket.socket) -> None:
    """Raises InternalAddressError unless the connected peer is public or on the operator's own list."""
    host, port = sock.getpeername()[:2]
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


def get(address: str, parameters: dict[str, str], *, secret: dict[str, str]) -> Answer:
    """GET `address`; `secret` parameters are sent but appear in no log, message or stored address.

    Raises SourceUnavailable (time-out, connection, 5xx, 408, 429) or SourceRefused (inside address, 4xx, too large).
    """
    if urlsplit(address).scheme not in {"http", "https"}:
        raise SourceRefused(_("only http and https addresses are fetched"))
    shown = requests.Request("GET", address, params=parameters).prepare().url or address
    deadline = time.monotonic() + settings.OUTBOUND_TIMEOUT_SECONDS
    with requests.Session() as session:
        session.trust_env = False  # no proxies or .netrc from the environment
        session.max_redirects = MAX_REDIRECTS
        session.mount("http://", _CheckedAdapter())
        session.mount("https://", _CheckedAdapter())
        try:
            with session.get(
                address,
                params=parameters | secret,
                stream=True,
                timeout=(CONNECT_TIMEOUT_SECONDS, settings.OUTBOUND_TIMEOUT_SECONDS),
                headers={"User-Agent": AGENT, "Accept": "application/json"},
            ) as response:
                body = _read(response, deadline)
                answer = Answer(shown, response.status_code, response.headers.get("Content-Type", "")[:100], body)
        except requests.RequestException as error:
            if _has_cause(error, InternalAddressError):
                raise SourceRefused(_("the address leads inside our own network")) from None
            # The exception's own text may hold the whole URL, key included: name only its kind.
            raise SourceUnavailable(_("no answer (%(kind)s)") % {"kind": type(error).__name__}) from None
    if answer.status >= SERVER_ERROR or answer.status in {TOO_MANY, REQUEST_TIMEOUT}:
        raise SourceUnavailable(f"HTTP {answer.status}")
    return answer


def _read(response: requests.Response, deadline: float) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_content(CHUNK_BYTES):
        size += len(chunk)
        if size > settings.OUTBOUND_MAX_BYTES:
            raise SourceRefused(_("the answer is larger than %(size)s bytes") % {"size": settings.OUTBOUND_MAX_BYTES})
        if time.monotonic() > deadline:
            raise SourceUnavailable(
                _("the answer took longer than %(seconds)s s") % {"seconds": round(settings.OUTBOUND_TIMEOUT_SECONDS)}
            )
        chunks.append(chunk)
    return b"".join(chunks)


def _has_cause(error: BaseException | None, kind: type[BaseException]) -> bool:
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004 (a chain of wrapped errors is short)
        if isinstance(error, kind) or any(isinstance(part, kind) or kind.__name__ in repr(part) for part in error.args):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False
