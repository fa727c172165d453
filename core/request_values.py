"""What comes in a request: of a number an int or nothing, never an error; of words what was typed, whole."""

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from core.numbers import format_number

DIGITS = 9


def whole_number(text: str | None, *, digits: int = DIGITS) -> int | None:
    """`"12"` → 12; None for anything that is not a plain number of at most `digits` digits."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= digits else None


class TextTooLong(Exception):  # noqa: N818 (answered with a page that repeats the text, not a fault)
    """More was typed than is kept. No view catches it: `core.middleware.decided_elsewhere` answers."""

    def __init__(self, length: int, limit: int) -> None:
        said = _("At most %(limit)s characters fit; this text has %(length)s. Nothing was saved.")
        super().__init__(said % {"limit": format_number(limit), "length": format_number(length)})


def typed_text(text: str | None, *, limit: int) -> str:
    """What was typed into a form, without NUL and outer blanks. Raises TextTooLong: cut, it would say another thing."""
    typed = plain_text(text)
    if len(typed) > limit:
        raise TextTooLong(len(typed), limit)
    return typed


def plain_text(text: str | None, *, limit: int | None = None) -> str:
    """What was searched for, without NUL (which PostgreSQL has no place for) and outer blanks, cut at `limit`
    characters."""
    return (text or "").replace("\x00", "").strip()[:limit]


def query_in(text: str | None, *, limit: int = 2000) -> QueryDict:
    """The filters that a form carries along as the query of a list, where a NUL may stand as %00."""
    return QueryDict((text or "")[:limit].replace("%00", "").replace("\x00", ""))


def own_page(request: HttpRequest, target: str | None) -> str:
    """An address that leads to a page of this portal; empty for any other, so that nobody is sent elsewhere."""
    if not target or not target.startswith("/"):  # what is no path, Django's redirect takes for the name of a view
        return ""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else ""
