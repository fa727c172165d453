"""Papers that can be signed. Each is given by the floor that makes it (`settings.SIGNABLE_PAPERS`: kind → dotted path
of a function), so that this one knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.utils.module_loading import import_string

from accounts.models import User
from evidence.choices import PaperKind


@dataclass(frozen=True)
class Paper:
    """`make_body` gives the PDF; `may_sign` says whether this person signs papers of this kind; `address` is its page.

    `is_fixed`: its bytes never change, so nobody signs it twice.
    """

    title: str
    file_name: str
    address: str
    may_sign: bool
    make_body: Callable[[], bytes]
    is_fixed: bool = True


def is_offered() -> bool:
    """Whether there is a service to sign by; without one nothing is shown of it but what was signed before."""
    return bool(settings.BSRE_URL)


def paper_of(kind: str, key: str, user: User) -> Paper:
    """The paper, if this person may see it. Raises Http404."""
    path = settings.SIGNABLE_PAPERS.get(kind) if kind in PaperKind.values else None
    if path is None:
        raise Http404
    give: Callable[[str, User], Paper | None] = import_string(path)
    paper = give(key, user)
    if paper is None:
        raise Http404
    return paper
