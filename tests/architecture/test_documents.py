"""Documents name what exists: every path in backticks, every make target, every link between pages."""

import re
from pathlib import Path

import pytest

from kaltim_portal.embedded import ROOT

PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")],
    key=str,
)
TOP = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
CODE = re.compile(r"`([^`\s]+)`")
LINK = re.compile(r"\]\(([^)#]+)\)")
TARGET = re.compile(r"`make ([a-z-]+)")


def is_path(text: str) -> bool:
    return "/" in text and text.split("/", maxsplit=1)[0] in TOP and not set(text) & set("<>{}…*=()")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [named for named in CODE.findall(text) if is_path(named) and not (ROOT / named).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    folder = page.parent
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (folder / link).exists()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(TARGET.findall(page.read_text(encoding="utf-8"))) <= targets


def test_the_glossary_names_what_is_in_the_code() -> None:
    """Each name stands in one of the files beside it, and the words are in order."""
    rows = [line.strip("| \n").split(" | ") for line in (ROOT / "docs/glossary.md").read_text().splitlines()[6:]]
    assert rows
    assert [row[0].lower() for row in rows] == sorted(row[0].lower() for row in rows)
    wrong = [
        (row[0], name)
        for row in rows
        for name in CODE.findall(row[1])
        if not any(name in (ROOT / place).read_text(encoding="utf-8") for place in CODE.findall(row[2]))
    ]
    assert not wrong
