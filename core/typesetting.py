"""PDFs set by Typst from a template and what it reads: data as JSON, pictures as SVG."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from core.exports.columns import in_house_language


@in_house_language
def typeset(template: Path, data: Mapping[str, Any], pictures: Mapping[str, str] | None = None) -> bytes:
    """The PDF of one document; `data` is the template's data.json, `pictures` are SVGs by file name."""
    made: Any = typst.compile(_files(template, data, pictures), ignore_system_fonts=True)  # type: ignore[call-overload]  # its stub knows no mapping
    assert isinstance(made, bytes)  # noqa: S101 (one document, so no list of pages)
    return made


def value_of(label: str, template: Path, data: Mapping[str, Any], pictures: Mapping[str, str] | None = None) -> Any:
    """What the one element of this label holds."""
    files: Any = _files(template, data, pictures)
    found: Any = typst.query(files, label, field="value", one=True, ignore_system_fonts=True)
    return json.loads(found)


def _files(template: Path, data: Mapping[str, Any], pictures: Mapping[str, str] | None) -> dict[str, bytes]:
    drawn = {name: picture.encode() for name, picture in (pictures or {}).items()}
    text = json.dumps(data, ensure_ascii=False, default=str).encode()
    return {"main.typ": template.read_bytes(), "data.json": text, **drawn}
