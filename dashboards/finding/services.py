"""One search over everything that a person may see."""

from collections.abc import Iterable, Sequence

from accounts.models import User
from dashboards.finding.base import Findable, Hits
from dashboards.finding.kinds import KINDS
from dashboards.finding.vocabulary import put_right
from dashboards.finding.words import Words

SHOWN_OF_EACH, SHOWN_OF_ONE = 5, 50


def kinds_for(user: User, slug: str = "") -> list[Findable]:
    return [kind for kind in KINDS if kind.admits(user) and slug in {"", kind.slug}]


def find(user: User, words: Words, *, slug: str = "", shown: int = SHOWN_OF_EACH) -> tuple[list[Hits], Words]:
    """Kinds with a hit, the ones that fit best first, and the words that were found by. One query for each kind; once
    more with mistyped words put right, where nothing has all of them as they were typed."""
    if not words:
        return [], words
    kinds = kinds_for(user, slug)
    hits = _of(kinds, user, words, shown)
    right = None if hits else put_right(words)
    if right is None:
        return hits, words
    return _of(kinds, user, right, shown), right


def _of(kinds: Iterable[Findable], user: User, words: Words, shown: int) -> list[Hits]:
    hits = [kind.search(user, words, shown=shown) for kind in kinds]
    return sorted((each for each in hits if each.found), key=lambda each: -_worth(each, words))


def _worth(hits: Hits, words: Words) -> int:
    """A kind that the words name comes first, then one whose best hit begins with them; the rest in their own order."""
    titles = [found.title.casefold() for found in hits.found]
    is_called = any(hits.kind.is_called(word) for word in words.words)
    return 2 * is_called + _begins(titles, words.text.casefold())


def _begins(titles: Sequence[str], text: str) -> bool:
    return any(title.startswith(text) for title in titles)
