"""What a planning code of one year is in another: the same, renamed, or gone with a proposal for what follows it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.db.models import Q

from programs.choices import CodeFate, NomenclatureLevel
from programs.models import Nomenclature

ALIKE = 0.6  # share of the name that has to agree before a code is proposed
BENEATH = 0.2  # a code beneath the same parent is likelier
MOST_PROPOSED = 5
SUBFIELD_PARTS = 2
SUB_ACTIVITY_DIGITS = 4


@dataclass(frozen=True)
class Successor:
    """`code` is what the row becomes: of a code that is gone the likeliest proposal, None where none is likely."""

    fate: CodeFate
    code: Nomenclature | None
    proposals: list[Nomenclature] = field(default_factory=list)


def successors(codes: Iterable[Nomenclature], year: int) -> dict[int, Successor]:
    """By the key of each code. Two queries, however many codes."""
    asked = {code.pk: code for code in codes}
    valid = Nomenclature.objects.valid_in(year).order_by("code", "valid_from")
    same = {each.code: each for each in valid.filter(code__in={code.code for code in asked.values()})}
    gone = [code for code in asked.values() if code.code not in same]
    field_of = Q(pk__in=[])
    for code in gone:
        field_of |= Q(level=code.level, code__startswith=_subfield(code.code)) | Q(level=code.level, name=code.name)
    candidates = list(valid.filter(field_of)) if gone else []
    found = {}
    for pk, code in asked.items():
        held = same.get(code.code)
        if held is None:
            proposals = _likeliest(code, candidates)
            found[pk] = Successor(CodeFate.GONE, next(iter(proposals), None), proposals)
        else:
            fate = CodeFate.SAME if held.name.casefold() == code.name.casefold() else CodeFate.RENAMED
            found[pk] = Successor(fate, held)
    return found


def _likeliest(code: Nomenclature, candidates: Iterable[Nomenclature]) -> list[Nomenclature]:
    """The likeliest first: the same code written with more digits, the same name, then names that are much alike."""
    scored = [(_likeness(code, each), each) for each in candidates if each.level == code.level]
    likely = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1].code))
    return [each for _score, each in likely[:MOST_PROPOSED]]


def _likeness(code: Nomenclature, other: Nomenclature) -> float:
    if code.level == NomenclatureLevel.SUB_ACTIVITY and _spelt_out(code.code) == other.code:
        return 2.0
    alike = SequenceMatcher(None, code.name.casefold(), other.name.casefold(), autojunk=False).ratio()
    return alike + (BENEATH if alike >= ALIKE and _parent(code.code) == _parent(other.code) else 0)


def _spelt_out(code: str) -> str:
    """Sub-activities had two digits before 2023 and have four since."""
    head, _dot, last = code.rpartition(".")
    return f"{head}.{last.zfill(SUB_ACTIVITY_DIGITS)}"


def _parent(code: str) -> str:
    return code.rpartition(".")[0]


def _subfield(code: str) -> str:
    return ".".join(code.split(".")[:SUBFIELD_PARTS]) + "."
