"""What the upper of two rows of headings says of the columns below it: of which year, stage of the budget or stretch of
time they are. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.importing.cells import MONTHS

BEFORE, SHIFT, AFTER = 0, 1, 2  # stages of a budget, in their order
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_DIFFERENCE = re.compile(r"\b(selisih|bertambah|berkurang|kenaikan|penurunan|naik|turun)\b")
_BEFORE = re.compile(r"\b(sebelum|semula|murni|awal|induk|pokok|lama)\b")
_SHIFT = re.compile(r"\b(pergeseran|geser)\b")
_AFTER = re.compile(r"\b(sesudah|setelah|menjadi|perubahan|baru|akhir)\b")
_SO_FAR = re.compile(r"\bs\W{0,3}d\b|\bsampai\b|\bhingga\b|kumulati[fv]|akumulasi|akumulati[fv]")
_LAST = re.compile(r"\b(lalu|sebelumnya|terdahulu)\b")
_ONE_SPAN = re.compile(r"\b(bulan|triwulan|tw|minggu|pekan|hari|periode|masa|semester)\W+(ini|berjalan|ke|\d|[ivx]+\b)")


@dataclass(frozen=True)
class Group:
    """One text of the upper row, as far as it tells columns of one name apart."""

    text: str
    years: frozenset[int] = frozenset()
    stage: int | None = None
    is_difference: bool = False
    is_so_far: bool = False  # from the beginning of the year up to the time that the list is of
    is_of_span: bool = False  # a month or the like by itself, or up to the one before

    @classmethod
    def of(cls, text: str) -> "Group":
        plain = " ".join(str(text).lower().split())
        words = set(re.findall(r"[a-z]+", plain))
        is_last = bool(_LAST.search(plain))
        is_so_far = bool(_SO_FAR.search(plain)) and not is_last
        is_span = not is_so_far and (is_last or bool(_ONE_SPAN.search(plain)) or bool(words & MONTHS.keys()))
        years = frozenset(int(year) for year in _YEAR.findall(plain))
        return cls(text, years, _stage(plain), bool(_DIFFERENCE.search(plain)), is_so_far, is_span)


def _stage(plain: str) -> int | None:
    if _BEFORE.search(plain):
        return BEFORE
    if _SHIFT.search(plain):
        return SHIFT
    return AFTER if _AFTER.search(plain) else None


@dataclass(frozen=True)
class Groups:
    """The upper row over each column of the lower one; empty where the upper row is none of headings."""

    over: Sequence[Group] = ()
    year: int = 0  # that the list is handed in for; 0 where it is of none

    @classmethod
    def of(cls, texts: Sequence[str], year: int) -> "Groups":
        """A single text above is the title of all columns, and no group."""
        distinct = set(filter(None, texts))
        known = {text: Group.of(text) for text in distinct} | {"": Group("")}
        return cls([known[text] for text in texts], year) if len(distinct) > 1 else cls()

    def meant(self, places: Sequence[int]) -> list[int]:
        """Of columns with one name those that the list is about: of its year, after a change, up to now."""
        if not self.over:
            return list(places)
        left = [at for at in places if not self._at(at).is_difference]
        if any(self.year in group.years for group in self.over):
            left = [at for at in left if not self._at(at).years or self.year in self._at(at).years]
        if (stage := self._last_stage()) is not None:
            left = [at for at in left if self._at(at).stage in {None, stage}]
        if any(group.is_so_far for group in self.over):
            left = [at for at in left if not self._at(at).is_of_span]
        return left

    def _last_stage(self) -> int | None:
        """Of several stages of a budget; None where the groups name one at most."""
        stages = {group.stage for group in self.over if group.stage is not None and not group.is_difference}
        return max(stages) if len(stages) > 1 else None

    def is_before_change(self, at: int) -> bool:
        return bool(self.over) and self._at(at).stage == BEFORE

    def is_of_span_only(self, at: int) -> bool:
        """Whether the column holds a month (or the like) by itself, and no other column what has come together."""
        return bool(self.over) and self._at(at).is_of_span

    def text(self, at: int) -> str:
        return self._at(at).text if self.over else ""

    def _at(self, at: int) -> Group:
        return self.over[at] if at < len(self.over) else Group("")
