"""The register as its pages show it: each row with the newest comparison."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.regulations.choices import CheckResult
from accounts.regulations.models import RegulationCheck
from accounts.regulations.register import Regulation, register
from core.formats import day


@dataclass(frozen=True)
class ListedRegulation:
    regulation: Regulation
    check: RegulationCheck | None

    @property
    def title(self) -> str:
        return self.regulation.title

    @property
    def state(self) -> str:
        if self.check is not None:
            return self.check.result
        return CheckResult.MATCHES if self.regulation.checked_by else ""

    @property
    def state_in_words(self) -> str:
        if not self.state:
            return _("not compared with the text yet")
        who, when = self._compared()
        said = _("compared") if self.state == CheckResult.MATCHES else _("differs from the text")
        return f"{said}: {who}, {day(when)}" if when else f"{said}: {who}"

    def _compared(self) -> tuple[str, Any]:
        if self.check is not None:
            return self.check.checked_by, self.check.checked_on
        return self.regulation.checked_by, self.regulation.checked_on

    @property
    def note(self) -> str:
        return self.check.note if self.check else ""

    @property
    def url(self) -> str:
        return reverse("accounts:regulation", args=[self.regulation.key])


def listed(words: str, state: str) -> list[ListedRegulation]:
    """Rows with all the words, in the order of the file."""
    newest = {row.key: row for row in RegulationCheck.objects.newest()}
    rows = [ListedRegulation(row, newest.get(row.key)) for row in register().values()]
    sought = words.casefold().split()
    return [
        row
        for row in rows
        if all(word in f"{row.title} {row.regulation.says}".casefold() for word in sought)
        and (not state or (row.state or "open") == state)
    ]


def comparisons(regulation: Regulation) -> QuerySet[RegulationCheck]:
    return RegulationCheck.objects.filter(key=regulation.key).select_related("by")
