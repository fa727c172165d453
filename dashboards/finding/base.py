"""What can be found, and how: a file in `kinds/` says of each kind of thing which of its words count.

Who may see what is not said here a second time: a kind names the rule of its list's page and takes the list's rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db.models import BooleanField, Case, Count, F, Model, Q, QuerySet, Value, When, Window
from django.db.models.constants import LOOKUP_SEP

from accounts.models import User
from core.access import AccessRule
from dashboards.finding.words import Word, Words

MOST = 200  # of what has every word so many are weighed against each other; whoever gets more should say more


@dataclass(frozen=True)
class Found:
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Hits:
    """The best of a kind. `count` is exact up to MOST."""

    kind: "Findable"
    found: Sequence[Found]
    count: int

    @property
    def is_more_than_counted(self) -> bool:
        return self.count >= MOST


class Findable:
    """A kind of thing that can be found.

    `texts` are columns whose words count; those of tables that grow have a `word_index`
    (`tests/dashboards/finding/test_indexes.py`). `codes` are columns that a word with a digit may begin. `agency` and
    `year` say whose it is and when, for words that name an OPD or a year.
    """

    slug: ClassVar[str]
    name: ClassVar[Any]
    icon: ClassVar[str]
    place: ClassVar[int]  # in the page's order of kinds of equal worth
    rule: ClassVar[AccessRule]
    model: ClassVar[type[Model]]
    texts: ClassVar[tuple[str, ...]] = ("name",)
    codes: ClassVar[tuple[str, ...]] = ()
    agency: ClassVar[str] = ""
    year: ClassVar[str] = ""
    related: ClassVar[tuple[str, ...]] = ()

    def rows(self, user: User) -> QuerySet[Any]:
        """Those that this person's list shows."""
        raise NotImplementedError

    def found(self, row: Any) -> Found:
        raise NotImplementedError

    def admits(self, user: User) -> bool:
        return self.rule.admits(user)

    def columns(self) -> set[tuple[str, str]]:
        """Tables and columns of the texts."""
        found = set()
        for text in self.texts:
            model: Any = self.model
            *relations, column = text.split(LOOKUP_SEP)
            for relation in relations:
                model = model._meta.get_field(relation).related_model  # noqa: SLF001 (Django's API)
            found.add((model._meta.db_table, column))  # noqa: SLF001 (Django's API)
        return found

    def is_called(self, word: Word) -> bool:
        """“paket ambulans”: the word names the kind itself, so none of its texts has to hold it."""
        return word.text in {self.slug, *str(self.name).casefold().split()}

    def also(self, word: Word) -> Q | None:
        """What else a word may mean of this kind."""
        del word
        return None

    def search(self, user: User, words: Words, *, shown: int) -> Hits:
        """One query."""
        rows = self.rows(user)
        for word in words.words:
            if not self.is_called(word):
                rows = rows.filter(self._holds(word))
        listed = self.model._default_manager.filter(pk__in=rows.order_by().values("pk")[:MOST])  # noqa: SLF001 (Django's documented way to a model's manager)
        best = listed.annotate(
            named=self._is_named(words.text),
            likeness=TrigramStrictWordSimilarity(words.text, F(self.texts[0])),
            count=Window(Count("pk")),
        ).order_by("-named", "-likeness", *([f"-{self.year}"] if self.year else []), self.texts[0], "pk")
        page = list(best.select_related(*self.related)[:shown])
        return Hits(self, [self.found(row) for row in page], page[0].count if page else 0)

    def _is_named(self, text: str) -> Case:
        """Its code, or the beginning of its name: what somebody has typed who knows which one they want."""
        known = Q(**{f"{self.texts[0]}__istartswith": text})
        for code in self.codes:
            known |= Q(**{f"{code}__istartswith": text})
        return Case(When(known, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())

    def _holds(self, word: Word) -> Q:
        """A row of which the word says something: its text, its code, its year, its OPD."""
        found = self._in_texts(word)
        if any(letter.isdecimal() for letter in word.text):
            found |= self._in_figures(word)
        if self.agency and word.agencies:
            found |= Q(**{f"{self.agency}__in": sorted(word.agencies)})
        other = self.also(word)
        return found if other is None else found | other

    def _in_texts(self, word: Word) -> Q:
        asked = "istartswith" if word.is_short else "icontains"
        found = Q()
        for text in self.texts:
            for written in word.written:
                found |= Q(**{f"{text}__{asked}": written})
        return found

    def _in_figures(self, word: Word) -> Q:
        found = Q()
        for code in self.codes:
            found |= Q(**{f"{code}__startswith": word.text.upper()})
        if self.year and word.text.isdecimal() and len(word.text) == len("2026"):
            found |= Q(**{self.year: int(word.text)})
        return found
