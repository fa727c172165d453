"""A served form acts once: the same form sent again gets the first one's answer.

Each form is served with a key of its own (`core.templatetags.form_keys`), made when it is served and stored nowhere.
Sent in, the key, the person, the address and everything typed say together which sending this is; something corrected
is another one. `core.middleware.form_once` lets one sending in at a time, and keeps the answer of one that changed
something in the same transaction as the change: never one without the other.

A form that comes without its key (sent by hand, by a program) has its CSRF token for one: the same once more within
seconds is a double click, later it is meant.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.digests import sha256_of
from core.errors import CONFIRM_FIELDS
from core.locks import wait_for_lock
from core.models import FormAnswer

FIELD, TOKEN = "form_key", "csrfmiddlewaretoken"
SHAPE = re.compile(r"[\w-]{22}([\w-]{8})?", re.ASCII)
KEY_LENGTH = 22  # behind it the mark of whom the form was served to
KEPT_FOR = timedelta(days=1)
REPEATED_FOR = timedelta(minutes=2)  # a page is shown again to who sent it twice at once, or over a slow line
DOUBLE_CLICK = timedelta(seconds=10)  # of a page that shows a secret, and of a form without key: that, and no more
LARGEST_KEPT = 8 * 1024 * 1024  # a larger file is made again when it is asked for again
# The token differs between two sendings of one form after a sign-in, the answer to "is it you?" between two tries.
UNREPEATED = {FIELD, TOKEN, *CONFIRM_FIELDS}


class TooLate(Exception):  # noqa: N818 (a state of the sending, told to people)
    """The form was handled a while ago, and its answer is not shown again."""


def new_key(person: Any = None) -> str:
    """128 bits that nobody guesses, and a mark of the person to whom the form is served."""
    key = secrets.token_urlsafe(16)
    return key + _mark(key, person.pk) if person is not None and person.is_authenticated else key


def _mark(key: str, pk: Any) -> str:
    digest = salted_hmac("core.form_keys.person", f"{key} {pk}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:6]).decode()


def is_of_another_person(request: HttpRequest) -> bool:
    """Whether the form was served to somebody else than who sends it: another sign-in in this browser came between."""
    key = request.POST.get(FIELD, "")
    if not SHAPE.fullmatch(key) or len(key) == KEY_LENGTH:
        return False
    return not hmac.compare_digest(key[KEY_LENGTH:], _mark(key[:KEY_LENGTH], request.user.pk))


class Sending(NamedTuple):
    digest: str  # 64 hex digits
    has_key: bool


def sending_of(request: HttpRequest) -> Sending | None:
    """Which sending of which form this is; None for what is no form of a page, or comes from nobody."""
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    key = request.POST.get(FIELD, "")
    has_key = bool(SHAPE.fullmatch(key))
    if not has_key and not _is_checked_form(request):
        return None
    typed = sorted((name, values) for name, values in request.POST.lists() if name not in UNREPEATED)
    files = sorted(
        (name, file.name or "", sha256_of(file)) for name, each in request.FILES.lists() for file in each if file
    )
    whole = [key if has_key else request.POST[TOKEN], request.user.pk, request.get_full_path(), typed, files]
    return Sending(hashlib.sha256(json.dumps(whole).encode()).hexdigest(), has_key)


def _is_checked_form(request: HttpRequest) -> bool:
    """Whether Django asks this form for its CSRF token: scripts send theirs as a header, the API has one of its own."""
    return TOKEN in request.POST and not getattr(request, "_dont_enforce_csrf_checks", False)


def wait_for_turn(sending: Sending) -> None:
    """Until no other sending of the same is under way; as long as a statement may take, then OperationalError."""
    wait_for_lock(sending.digest)


def kept_answer(sending: Sending) -> HttpResponse | None:
    """What the first of them was answered. A page only for some minutes: it may show what its reader may no longer see.
    Later, and for where it led to, who asks is led there and asked for their rights anew. Raises TooLate."""
    row = FormAnswer.objects.filter(sending=sending.digest).first()
    if row is None:
        return None
    if not sending.has_key and row.at < timezone.now() - DOUBLE_CLICK:
        row.delete()
        return None
    answer = _unpacked(row.answer)
    repeated_for = DOUBLE_CLICK if getattr(answer, "shows_secret", False) else REPEATED_FOR
    if row.at < timezone.now() - repeated_for and "Location" not in answer:
        raise TooLate
    return answer


def shows_secret(response: HttpResponse) -> HttpResponse:
    """Mark an answer that shows what is shown once, or only to who may see it at that moment."""
    response.shows_secret = True  # type: ignore[attr-defined]  # ours; kept with the answer
    return response


def keep_answer(sending: Sending, response: HttpResponseBase, *, session: str | None) -> None:
    """In the transaction of what the answer speaks of. `session` is the browser's new one, when it got a new one."""
    packed = _packed(response, session)
    if packed is not None:
        FormAnswer.objects.create(sending=sending.digest, answer=packed)


def forget_answers() -> int:
    """Those that are older than a form is likely to be sent again; how many there were."""
    gone, _kinds = FormAnswer.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    return gone


def _packed(response: HttpResponseBase, session: str | None) -> str | None:
    body = _body(response)
    if body is None:
        return None
    return json.dumps(
        {
            "status": response.status_code,
            "headers": list(response.items()),
            "cookies": [[name, each.value, dict(each)] for name, each in response.cookies.items()],
            "session": session,
            "secret": getattr(response, "shows_secret", False),
            "body": base64.b64encode(zlib.compress(body)).decode(),
        }
    )


def _body(response: HttpResponseBase) -> bytes | None:
    if isinstance(response, HttpResponse):
        return response.content if len(response.content) <= LARGEST_KEPT else None
    file: Any = response.file_to_stream if isinstance(response, FileResponse) else None
    if file is None or not file.seekable():
        return None
    body: bytes = file.read(LARGEST_KEPT + 1)
    file.seek(0)
    return body if len(body) <= LARGEST_KEPT else None


def _unpacked(packed: str) -> HttpResponse:
    said = json.loads(packed)
    response = HttpResponse(zlib.decompress(base64.b64decode(said["body"])), status=said["status"])
    del response["Content-Type"]  # which Django supposes
    for name, value in said["headers"]:
        response[name] = value
    for name, value, attributes in said["cookies"]:
        response.cookies[name] = value
        response.cookies[name].update({key: each for key, each in attributes.items() if each != ""})
    response.shows_secret = said.get("secret", False)  # type: ignore[attr-defined]  # ours, read by kept_answer
    response.new_session = said["session"]  # type: ignore[attr-defined]  # ours; the middleware gives it to the browser
    return response


class WritingWatch:
    """An execute wrapper that knows whether anything written still stands: what a savepoint took back does not."""

    WRITES = re.compile(
        r"\b(INSERT\s+INTO|(?<!FOR )(?<!FOR NO KEY )UPDATE|DELETE\s+FROM|MERGE\s+INTO)\b", re.IGNORECASE
    )
    SAVEPOINT = re.compile(r"\s*(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT)\s+(\S+)\s*$")

    def __init__(self) -> None:
        self.levels: list[tuple[str, bool]] = [("", False)]

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if found := self.SAVEPOINT.match(sql):
            self._move(*found.groups())
        elif self.WRITES.search(sql):
            self.levels[-1] = (self.levels[-1][0], True)
        return result

    def _move(self, act: str, name: str) -> None:
        if act == "SAVEPOINT":
            self.levels.append((name, False))
            return
        while self.levels[-1][0] != name:
            self._close()
        if act == "RELEASE SAVEPOINT":
            self._close()
        else:
            self.levels[-1] = (name, False)

    def _close(self) -> None:
        _name, wrote = self.levels.pop()
        self.levels[-1] = (self.levels[-1][0], self.levels[-1][1] or wrote)

    @property
    def wrote(self) -> bool:
        return any(wrote for _name, wrote in self.levels)
