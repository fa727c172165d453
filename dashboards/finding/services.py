"""One search over everything that a person may see."""

from collections.abc import Iterable, Sequence

from django.db import connection

from accounts.models import User
from dashboards.finding.base import Findable, Hits
from dashboards.finding.kinds import KINDS
from dashboards.finding.words import Words

SHOWN_OF_EACH, SHOWN_OF_ONE = 5, 50
# How much of a mistyped word has to stand in a text, in groups of three letters: “stuntign” has 0.67 of “stunting”,
# “psoyandu” 0.44 of “posyandu”. PostgreSQL's own 0.6 forgives the end of a word only.
LIKENESS = "0.4"


def kinds_for(user: User, slug: str = "") -> list[Findable]:
    return [kind for kind in KINDS if kind.admits(user) and slug in {"", kind.slug}]


def find(user: User, words: Words, *, slug: str = "", shown: int = SHOWN_OF_EACH) -> tuple[list[Hits], bool]:
    """Kinds with a hit, the ones that fit best first, and whether only similar words were found. One query for each
    kind; once more where nothing has all the words as they were typed."""
    if not words:
        return [], False
    kinds = kinds_for(user, slug)
    hits = _of(kinds, user, words, shown, loosely=False)
    if hits:
        return hits, False
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [LIKENESS])
    hits = _of(kinds, user, words, shown, loosely=True)
    return hits, bool(hits)


def _of(kinds: Iterable[Findable], user: User, words: Words, shown: int, *, loosely: bool) -> list[Hits]:
    hits = [kind.search(user, words, shown=shown, loosely=loosely) for kind in kinds]
    return sorted((each for each in hits if each.found), key=lambda each: -_worth(each, words))


def _worth(hits: Hits, words: Words) -> int:
    """A kind that the words name comes first, then one whose best hit begins with them; the rest in their own order."""
    titles = [found.title.casefold() for found in hits.found]
    is_called = any(hits.kind.is_called(word) for word in words.words)
    return 2 * is_called + _begins(titles, words.text.casefold())


def _begins(titles: Sequence[str], text: str) -> bool:
    return any(title.startswith(text) for title in titles)
