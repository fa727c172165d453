"""Questions to the SSO's provider end in time and within reason, however slowly or much it answers: a person, and one
of a handful of web threads, waits for them."""

import time
from typing import Any

import requests
from django.conf import settings

LONGEST_SECONDS = 10.0  # of one answer in all
LARGEST_BYTES = 1024 * 1024
CHUNK_BYTES = 16 * 1024


class SessionInTime(requests.Session):
    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", settings.SOCIALACCOUNT_REQUESTS_TIMEOUT)
        return super().request(*args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        deadline = time.monotonic() + LONGEST_SECONDS
        response = super().send(request, **kwargs | {"stream": True})
        with response:
            _read(response, deadline)
        return response


def _read(response: requests.Response, deadline: float) -> None:
    """Piece by piece as it comes: a byte now and then runs into the limit, too."""
    if response._content_consumed:  # type: ignore[attr-defined]  # noqa: SLF001 (a redirect on the way; requests has no public name for it)
        return
    chunks: list[bytes] = []
    try:
        while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
            chunks.append(chunk)
            if sum(map(len, chunks)) > LARGEST_BYTES:
                raise requests.RequestException("the answer is too large")
            if time.monotonic() > deadline:
                raise requests.Timeout("the answer took too long")
    except OSError as error:
        raise requests.ConnectionError(error) from error
    response._content, response._content_consumed = b"".join(chunks), True  # type: ignore[attr-defined]  # noqa: SLF001 (as above)
