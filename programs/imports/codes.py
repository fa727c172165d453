"""Planning codes as SIPD writes them: with spaces, with the code in front of the name."""

import re
from collections.abc import Iterable, Sequence

from programs.choices import NomenclatureLevel
from programs.models import NomenclatureVersion
from programs.models.nomenclature import decision_of

LEVELS = [
    NomenclatureLevel.FIELD,
    NomenclatureLevel.SUBFIELD,
    NomenclatureLevel.PROGRAM,
    NomenclatureLevel.ACTIVITY,
    NomenclatureLevel.SUB_ACTIVITY,
]
_CODE_IN_FRONT = re.compile(r"^\s*[\dX]+(?:\.[\dX]+)*\.?\s+(?=\S)")
BASE, FIRST_YEARS = "Permendagri 90/2019", {2: 2021, 4: 2023}  # where no decision is kept yet
PROGRAM_PARTS, ACTIVITY_PARTS, SUB_ACTIVITY_PARTS = 3, 5, 6


def plain_name(name: str | None) -> str:
    """`1.01.02.1.01.0001 Pembangunan USB` → `Pembangunan USB`."""
    return _CODE_IN_FRONT.sub("", name or "").strip()


def level_of(code: str) -> NomenclatureLevel | None:
    """1 field, 1.01 sub-field, 1.01.02 programme, 1.01.02.1.01 activity, 1.01.02.1.01.0001 sub-activity."""
    depth = {1: 0, 2: 1, PROGRAM_PARTS: 2, ACTIVITY_PARTS: 3, SUB_ACTIVITY_PARTS: 4}.get(code.count(".") + 1)
    return None if depth is None else LEVELS[depth]


def regulation_of(code: str, versions: Iterable[NomenclatureVersion], year: int | None) -> tuple[str, int]:
    """The decision by which a code came, and its first year: by the form of its sub-activities, four digits since 2023
    and two before, and by the year from which the list says that it holds."""
    last = code.rsplit(".", 1)[-1]
    digits = 2 if code.count(".") + 1 == SUB_ACTIVITY_PARTS and len(last) < 4 else 4  # noqa: PLR2004
    found = decision_of(versions, digits=digits, year=year) or decision_of(versions, digits=digits, year=None)
    return found or (BASE, FIRST_YEARS[digits])


def newest_of(versions: Sequence[NomenclatureVersion]) -> str:
    """What a message cites; `versions` are as the model orders them."""
    return versions[0].regulation if versions else BASE
