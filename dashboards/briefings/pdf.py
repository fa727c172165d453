"""The PDF of a weekly briefing, set by Typst from what was frozen."""

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "dashboards" / "briefings" / "briefing.typ"
SIZES = (10, 9.5, 9, 8.5, 8, 7.5, 7, 6.5)  # of the text in pt; the first that fits
LAST_PAGE = 2


def pdf(document: dict[str, Any]) -> bytes:
    """At most two A4 pages and the annex, in the largest text that fits."""
    files: dict[str, bytes] = {"main.typ": TEMPLATE.read_bytes()}
    parts = []
    for number, part in enumerate(document["sections"]):
        name = f"chart{number}.svg" if part["chart"] else ""
        if name:
            files[name] = part["chart"].encode()
        parts.append(part | {"chart": name})
    for size in SIZES:
        data = document | {"sections": parts, "size": size}
        files["data.json"] = json.dumps(data, ensure_ascii=False).encode()
        if annex_page(files) <= LAST_PAGE + 1:
            break
    made: Any = typst.compile(files, ignore_system_fonts=True)  # type: ignore[call-overload]  # its stub knows no mapping
    assert isinstance(made, bytes)  # noqa: S101 (one document, so no list of pages)
    return made


def annex_page(files: dict[str, bytes]) -> int:
    """On which page the annex begins."""
    found: Any = typst.query(files, "<annex-page>", field="value", one=True, ignore_system_fonts=True)  # type: ignore[type-var]  # as above
    return int(json.loads(found))
