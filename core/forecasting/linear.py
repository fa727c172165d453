"""Least squares for a handful of unknowns, as weights of the figures: worked out once for each set of steps. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from operator import mul

Steps = tuple[int, ...]
Rows = Sequence[Sequence[float]]
SLIGHT = 1e-9  # keeps what cannot be told apart solvable


def dot(weights: Sequence[float], values: Sequence[float]) -> float:
    total: float = sum(map(mul, weights, values))
    return total


def inverse(matrix: Rows) -> list[list[float]]:
    """By Gauss and Jordan, of a symmetric matrix that is not singular."""
    size = len(matrix)
    rows = [[*row, *(float(place == other) for other in range(size))] for place, row in enumerate(matrix)]
    for place in range(size):
        best = max(range(place, size), key=lambda row: abs(rows[row][place]))
        rows[place], rows[best] = rows[best], rows[place]
        pivot = rows[place][place]
        rows[place] = [value / pivot for value in rows[place]]
        for other in range(size):
            if other != place and rows[other][place]:
                factor = rows[other][place]
                rows[other] = [value - factor * mine for value, mine in zip(rows[other], rows[place], strict=True)]
    return [row[size:] for row in rows]


def solver(design: Rows, ridge: float = SLIGHT) -> list[list[float]]:
    """The weights by which the figures give each unknown."""
    turned = list(zip(*design, strict=True))
    normal = [[dot(one, other) for other in turned] for one in turned]
    for place, row in enumerate(normal):
        row[place] += ridge * (1 + row[place])
    return [[dot(row, figures) for figures in design] for row in inverse(normal)]


@lru_cache(maxsize=4096)
def polynomial(steps: Steps, degree: int) -> list[list[float]]:
    """Weights of level, slope and bend at the last step."""
    return solver([[float(step - steps[-1]) ** power for power in range(degree + 1)] for step in steps])


@lru_cache(maxsize=4096)
def geometric(steps: Steps, end: int, ratio: float) -> tuple[list[list[float]], list[float], float]:
    """(weights of start and first rise, how far the rises add up to at each step, and at the end): each rise is
    `ratio` of the one before."""

    def risen(step: int) -> float:
        return (1 - ratio ** (step - steps[0])) / (1 - ratio)

    reach = [risen(step) for step in steps]
    return solver([[1.0, each] for each in reach]), reach, risen(end)
