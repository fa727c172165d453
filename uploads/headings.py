"""What an OPD's own headings mean: learnt from the columns that people assigned, and guessed where nobody has yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from rapidfuzz import fuzz

from accounts.models import Agency
from core.importing.datasets import Dataset
from core.importing.fields import Field, Shape
from core.importing.headings import normal
from uploads.models import LearntHeading

LIKELY = 70  # of 100: below that a heading is not offered for a field


@transaction.atomic
def learn(agency: Agency | None, plan: Iterable[Mapping[str, Any]], mapping: Mapping[str, Any]) -> None:
    """Remember the headings that a person assigned, once the sheet could be read with them."""
    for sheet in plan:
        chosen = mapping.get(sheet["name"]) or mapping.get("*") or {}
        for field, heading in chosen.get("columns", {}).items() if sheet.get("part") is not None else ():
            LearntHeading.objects.update_or_create(
                agency=agency, dataset=sheet["shape"], heading=normal(heading)[:80], defaults={"field": field}
            )


def known_to(agency: Agency | None, datasets: Iterable[Dataset]) -> list[Shape]:
    """The shapes of the kinds of list, with the headings that this OPD uses for their fields."""
    learnt: dict[str, dict[str, str]] = {}
    for row in LearntHeading.objects.filter(agency=agency):
        learnt.setdefault(row.dataset, {})[row.heading] = row.field
    return [_with_learnt(dataset.shape, learnt.get(dataset.shape.name, {})) for dataset in datasets]


def _with_learnt(shape: Shape, learnt: Mapping[str, str]) -> Shape:
    """`learnt`: heading → field. A heading that was learnt for one field is no longer another's."""
    if not learnt:
        return shape

    def headings_of(field: Field) -> tuple[str, ...]:
        own = tuple(heading for heading, name in learnt.items() if name == field.name)
        return (*(each for each in field.headings if learnt.get(normal(each), field.name) == field.name), *own)

    return replace(shape, fields=tuple(replace(field, headings=headings_of(field)) for field in shape.fields))


@dataclass(frozen=True)
class Guess:
    """A field of a kind of list and the heading that is probably it; `certainty` in percent, 0 where none is."""

    field: Field
    heading: str
    certainty: int
    is_needed: bool = False

    @property
    def is_lacking(self) -> bool:
        return self.is_needed and not self.heading


def guesses(shape: Shape, headings: Sequence[str]) -> list[Guess]:
    """For each field the likeliest heading; a heading serves one field, the one that it is most like."""
    fields = shape.shown
    scored = sorted(
        ((_likeness(field, heading), at, heading) for at, field in enumerate(fields) for heading in headings),
        key=lambda each: (-each[0], each[1]),
    )
    chosen: dict[int, tuple[str, int]] = {}
    taken: set[str] = set()
    for score, at, heading in scored:
        if score >= LIKELY and at not in chosen and heading not in taken:
            chosen[at] = (heading, round(score))
            taken.add(heading)
    found = {fields[at].name for at in chosen}
    needed = {group[0] for group in shape.either if not found & set(group[1:])}
    return [
        Guess(field, *chosen.get(at, ("", 0)), is_needed=field.required or field.name in needed)
        for at, field in enumerate(fields)
    ]


def _likeness(field: Field, heading: str) -> float:
    said = normal(heading)
    return max((fuzz.ratio(said, normal(name)) for name in field.headings), default=0) if said else 0


def likeliest(kinds: Mapping[str, Sequence[Guess]]) -> str:
    """The kind of list of which most of the needed columns are there; "" where hardly any is."""

    def fit(name: str) -> tuple[float, int]:
        needed = [guess for guess in kinds[name] if guess.is_needed] or list(kinds[name])
        return sum(guess.certainty for guess in needed) / len(needed), sum(bool(g.heading) for g in kinds[name])

    best = max(kinds, key=fit, default="")
    return best if best and fit(best)[0] >= LIKELY / 2 else ""
