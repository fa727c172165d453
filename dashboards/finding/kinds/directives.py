import re

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dashboards.directives.views import READERS
from dashboards.finding.base import Findable, Found
from dashboards.finding.words import Word
from dashboards.models import Directive

_NUMBER = re.compile(r"a-(\d{4})-(\d{1,4})")


class FindableDirective(Findable):
    slug, name, icon, place = "arahan", _("Directives"), "send", 90
    rule, model = READERS, Directive
    texts, agency, year = ("text", "measure"), "agency", "year"
    related = ("agency",)

    def rows(self, user: User) -> QuerySet[Directive]:
        return Directive.objects.visible_to(user)

    def also(self, word: Word) -> Q | None:
        named = _NUMBER.fullmatch(word.text)
        return Q(year=int(named[1]), number=int(named[2])) if named else super().also(word)

    def found(self, row: Directive) -> Found:
        return Found(row.text, f"{row.number_text} · {row.agency} · {row.get_state_display()}", row.get_absolute_url())
