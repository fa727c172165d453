"""One measured figure: a line of output, an entry of results.json."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`ratio` compares `value` with the yardstick measured in the same run."""

    name: str
    value: float
    unit: str
    yardstick: str
    ratio: float
