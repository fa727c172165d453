"""The checks of a reported value: one file each in `validation/checks`, found by being there.

The header of a file says what the check is (code, level, title, severity, basis, and `order`, in which findings are
told), its parameters as
`name | default | from | to | what it is called`, and the words of its findings as `code | text`. Below stands its SQL,
over what `validation/values.sql` has brought together; `place` says where it goes:

- nothing: elements of an array of findings. Levels 0 and 1 look at every row, the others at rows with a value whose own
  figures are right;
- `first_of_trend`: a WHEN … THEN of which only the first that applies is told;
- `verdict`: what the row's verdict is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.sql import header, statement

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

FOLDER = Path(__file__).parent / "validation" / "checks"
FIRST_OF_TREND, VERDICT = "first_of_trend", "verdict"
LAST_LEVEL_OF_ROWS = 1


@dataclass(frozen=True)
class CheckParameter:
    """A number that a rule gives to its check, within bounds; without a default it may be missing."""

    name: str
    default: float | None
    lowest: float
    highest: float
    title: "StrOrPromise"


@dataclass(frozen=True)
class ValueCheck:
    """One file: what it says of itself, and its SQL."""

    code: str
    level: int
    order: int
    title: "StrOrPromise"
    severity: str
    basis: str
    place: str
    parameters: Mapping[str, CheckParameter]
    messages: Mapping[str, "StrOrPromise"]
    sql: str

    @property
    def looks_at_every_row(self) -> bool:
        return self.level <= LAST_LEVEL_OF_ROWS

    @property
    def defaults(self) -> dict[str, float]:
        return {row.name: row.default for row in self.parameters.values() if row.default is not None}


def _parameter(line: str) -> CheckParameter:
    name, default, lowest, highest, title = (part.strip() for part in line.split("|"))
    return CheckParameter(
        name, json.loads(default) if default else None, json.loads(lowest), json.loads(highest), _(title)
    )


def _message(line: str) -> tuple[str, "StrOrPromise"]:
    code, text = (part.strip() for part in line.split("|"))
    return code, _(text)


def read_check(path: Path) -> ValueCheck:
    """Raises KeyError or ValueError for a file whose header is not complete."""
    said = header(path.name, beside=str(path))
    parameters = [_parameter(line) for line in said.get("parameter", [])]
    return ValueCheck(
        code=said["code"][0],
        level=int(said["level"][0]),
        order=int(said["order"][0]),
        title=_(said["title"][0]),
        severity=said["severity"][0],
        basis=said["basis"][0],
        place=said.get("place", [""])[0],
        parameters={row.name: row for row in parameters},
        messages=dict(_message(line) for line in said["message"]),
        sql=statement(path.name, beside=str(path)),
    )


CHECKS: dict[str, ValueCheck] = {
    check.code: check
    for check in sorted(map(read_check, FOLDER.glob("*.sql")), key=lambda check: (check.level, check.order))
}
