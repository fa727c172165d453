"""The checks of a reported value: one file each in `validation/checks`, found by being there.

The header of a file is TOML: what the check is (code, level, title, severity, basis, and `order`, in which findings are
told), its `parameters` with bounds, and the words of its findings under `messages`. Below stands its SQL, over what
`validation/values.sql` has brought together; `place` says where it goes:

- nothing: elements of an array of findings. Levels 0 and 1 look at every row, the others at rows with a value whose own
  figures are right;
- `first_of_trend`: a WHEN … THEN of which only the first that applies is told;
- `verdict`: what the row's verdict is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core import sql_headers

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

FOLDER = Path(__file__).parent / "validation" / "checks"
FIRST_OF_TREND, VERDICT = "first_of_trend", "verdict"
LAST_LEVEL_OF_ROWS = 1


@dataclass(frozen=True)
class CheckParameter:
    """A number that a rule gives to its check, within bounds; without a default it may be missing."""

    name: str
    title: "StrOrPromise"
    lowest: float
    highest: float
    default: float | None = None


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


def read_check(path: Path) -> ValueCheck:
    """Raises HeaderError for a header that lacks something or has something unknown."""
    header, sql = sql_headers.read(path)
    try:
        parameters = {name: _parameter(name, **given) for name, given in header.pop("parameters", {}).items()}
        messages = {code: _(text) for code, text in header.pop("messages").items()}
        title, place = _(header.pop("title")), header.pop("place", "")
        return ValueCheck(title=title, place=place, parameters=parameters, messages=messages, sql=sql, **header)
    except (KeyError, TypeError) as error:
        raise sql_headers.HeaderError(f"{path.name}: {error}") from error


def _parameter(name: str, *, title: str, **bounds: float) -> CheckParameter:
    return CheckParameter(name, _(title), **bounds)


CHECKS: dict[str, ValueCheck] = {
    check.code: check
    for check in sorted(map(read_check, FOLDER.glob("*.sql")), key=lambda check: (check.level, check.order))
}
