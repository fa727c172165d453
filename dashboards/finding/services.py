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
    """Kinds with a hit, the ones that fit best first, and the words that were found by: those as they were typed, or
    with mistyped ones put right where nothing is written as they are. One query for each kind."""
    if not words:
        return [], words
    right = put_right(words)
    hits = _of(kinds_for(user, slug), user, right, shown)
    return hits, words if right is words or _is_written(words, hits) else right


def _is_written(words: Words, hits: list[Hits]) -> bool:
    titles = [found.title.casefold() for each in hits for found in each.found]
    return any(all(word.text in title for word in words.words) for title in titles)


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
