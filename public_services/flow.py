"""A procedure as a picture: lanes for who acts, boxes in the order of the steps, lines from one to the next.

The same stands in an ordered list beside it, for people who read or hear rather than look.
"""

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from public_services.choices import Actor
from public_services.models import ProcedureStep

LANE, HEAD, COLUMN, BOX_WIDTH, BOX_HEIGHT = 84, 118, 168, 148, 60
LINE_LENGTH, LINES = 19, 3


@dataclass(frozen=True)
class Lane:
    label: str
    y: int


@dataclass(frozen=True)
class Box:
    step: ProcedureStep
    x: int
    y: int
    lines: list[tuple[int, str]]

    @property
    def days_y(self) -> int:
        return self.y + BOX_HEIGHT + 13


@dataclass(frozen=True)
class Flow:
    """`paths` are SVG paths from box to box."""

    lanes: list[Lane]
    boxes: list[Box]
    paths: list[str]
    width: int
    height: int


def draw(steps: Sequence[ProcedureStep]) -> Flow:
    """Lanes in the order of first appearance; one column a step."""
    order = list(dict.fromkeys(step.actor for step in steps))
    lanes = [Lane(str(Actor(actor).label), LANE * place) for place, actor in enumerate(order)]
    boxes = []
    for place, step in enumerate(steps):
        x, y = HEAD + COLUMN * place, LANE * order.index(step.actor) + 6
        words = textwrap.wrap(f"{step.number}. {step.name}", LINE_LENGTH)[:LINES]
        first = y + (BOX_HEIGHT - 16 * len(words)) // 2 + 12
        boxes.append(Box(step, x, y, [(first + 16 * number, line) for number, line in enumerate(words)]))
    paths = [_path(one, other) for one, other in itertools.pairwise(boxes)]
    return Flow(lanes, boxes, paths, HEAD + COLUMN * len(boxes), LANE * max(len(lanes), 1))


def _path(one: Box, other: Box) -> str:
    """Along the lane, or down and up between the columns."""
    start, end = one.x + BOX_WIDTH, other.x
    here, there = one.y + BOX_HEIGHT // 2, other.y + BOX_HEIGHT // 2
    middle = (start + end) // 2
    return f"M {start} {here} H {middle} V {there} H {end - 2}"
