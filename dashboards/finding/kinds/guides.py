"""Help pages: files, so they are looked through and not asked of a table."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from dashboards.finding.base import Findable, Found, Hits
from dashboards.finding.words import Words
from dashboards.guides.sections import Section, guides
from dashboards.guides.views import READERS


class FindableGuide(Findable):
    slug, name, icon, place = "bantuan", _("Help"), "help-circle", 130
    rule, model = READERS, Agency  # no table of its own
    texts = ()

    def rows(self, user: User) -> QuerySet[Any]:
        return Agency.objects.none()

    def search(self, user: User, words: Words, *, shown: int) -> Hits:
        """The sections that have every word, those with a word in their heading first, the openings of guides last."""
        sections = [each for guide in guides().values() for each in guide.sections if self._has_all(each, words)]
        sections.sort(key=lambda each: (not any(way in each.title.casefold() for way in _ways(words)), not each.pages))
        return Hits(self, [self.found(each) for each in sections[:shown]], len(sections))

    def _has_all(self, section: Section, words: Words) -> bool:
        text = f"{section.title} {section.text}".casefold()
        return all(self.is_called(word) or any(way in text for way in word.written) for word in words.words)

    def found(self, row: Section) -> Found:
        return Found(row.title, guides()[row.guide].title, f"{reverse('guide', args=[row.guide])}#{row.key}")


def _ways(words: Words) -> list[str]:
    return [way for word in words.words for way in word.written]
