"""Planning codes as SIPD writes them: with spaces, with the code in front of the name."""

import re

from programs.choices import NomenclatureLevel

LEVELS = [
    NomenclatureLevel.FIELD,
    NomenclatureLevel.SUBFIELD,
    NomenclatureLevel.PROGRAM,
    NomenclatureLevel.ACTIVITY,
    NomenclatureLevel.SUB_ACTIVITY,
]
_CODE_IN_FRONT = re.compile(r"^\s*[\dX]+(?:\.[\dX]+)*\.?\s+(?=\S)")
PROGRAM_PARTS, ACTIVITY_PARTS, SUB_ACTIVITY_PARTS = 3, 5, 6


def plain_name(name: str | None) -> str:
    """`1.01.02.1.01.0001 Pembangunan USB` → `Pembangunan USB`."""
    return _CODE_IN_FRONT.sub("", name or "").strip()


def level_of(code: str) -> NomenclatureLevel | None:
    """1 field, 1.01 sub-field, 1.01.02 programme, 1.01.02.1.01 activity, 1.01.02.1.01.0001 sub-activity."""
    depth = {1: 0, 2: 1, PROGRAM_PARTS: 2, ACTIVITY_PARTS: 3, SUB_ACTIVITY_PARTS: 4}.get(code.count(".") + 1)
    return None if depth is None else LEVELS[depth]


def regulation_of(code: str) -> tuple[str, int]:
    """The regulation that a code's form belongs to, and from which year: four digits since 2023, two before."""
    last = code.rsplit(".", 1)[-1]
    if code.count(".") + 1 == SUB_ACTIVITY_PARTS and len(last) < 4:  # noqa: PLR2004
        return "Kepmendagri 050-5889/2021", 2021
    return "Kepmendagri 900.1.15.5-1317/2023", 2023
