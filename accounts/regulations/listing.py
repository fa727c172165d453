"""The register as its pages show it: each row with the newest comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    def subject(self) -> Any:
        return SUBJECTS[self.regulation.subject]

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


# What the rules that cite them are about, in the order of the page.
SUBJECTS = {
    "procurement": gettext_lazy("Procurement"),
    "interests": gettext_lazy("Conflicts of interest and separation of tasks"),
    "spm": gettext_lazy("Minimum service standards (SPM)"),
    "planning": gettext_lazy("Planning, budget and performance"),
    "services": gettext_lazy("Public services"),
    "data": gettext_lazy("Data and their protection"),
}
# In the order of their rank, each by how its number begins.
RANKS = {
    "uu": ("Undang-Undang", ("UU ",)),
    "pp": ("Peraturan Pemerintah", ("PP ",)),
    "perpres": ("Peraturan dan Instruksi Presiden", ("Perpres ", "Inpres ")),
    "menteri": ("Peraturan dan Keputusan Menteri", ("Permen", "Kepmen", "PMK ")),
    "lembaga": ("Peraturan Lembaga", ("Peraturan LKPP ",)),
    "daerah": ("Peraturan Daerah, Peraturan dan Instruksi Gubernur", ("Perda ", "Pergub ", "Instruksi Gubernur ")),
}


def rank_of(regulation: Regulation) -> str:
    """Empty for a kind that has no place in the list yet."""
    found = (rank for rank, (_label, begins) in RANKS.items() if regulation.number.startswith(begins))
    return next(found, "")


@dataclass(frozen=True)
class Subject:
    """The rows of one subject, which the page folds."""

    key: str
    label: Any
    rows: Sequence[ListedRegulation]

    @property
    def open(self) -> int:
        """How many nobody has compared with the text."""
        return sum(1 for row in self.rows if not row.state)


def by_subject(rows: Sequence[ListedRegulation]) -> list[Subject]:
    """Those that have rows, each in the order of the file."""
    found = [
        Subject(key, label, [row for row in rows if row.regulation.subject == key]) for key, label in SUBJECTS.items()
    ]
    return [subject for subject in found if subject.rows]


def listed(words: str, state: str, rank: str = "") -> list[ListedRegulation]:
    """Rows with all the words, in the order of the file."""
    newest = {row.key: row for row in RegulationCheck.objects.newest()}
    rows = [ListedRegulation(row, newest.get(row.key)) for row in register().values()]
    sought = words.casefold().split()
    return [
        row
        for row in rows
        if all(word in f"{row.title} {row.regulation.says}".casefold() for word in sought)
        and (not state or (row.state or "open") == state)
        and (not rank or rank_of(row.regulation) == rank)
    ]


def comparisons(regulation: Regulation) -> QuerySet[RegulationCheck]:
    return RegulationCheck.objects.filter(key=regulation.key).select_related("by")
