"""Names that are too long are cut between words."""

from pathlib import Path

import pytest
from django.conf import settings

from core.text import shortened


@pytest.mark.parametrize(
    ("text", "most", "said"),
    [
        ("Penurunan stunting", 40, "Penurunan stunting"),
        ("Penurunan stunting di Mahakam Ulu", 24, "Penurunan stunting di…"),
        ("Penurunan stunting (data contoh)", 22, "Penurunan stunting…"),
        ("Pertanggungjawabankeuangandaerah", 10, "Pertanggu…"),
        ("", 10, ""),
        (None, 10, ""),
    ],
)
def test_cut_between_words(text: str | None, most: int, said: str) -> None:
    assert shortened(text, most) == said
    assert len(said) <= most


def test_no_page_cuts_within_a_word() -> None:
    """Django's `truncatechars` does."""
    cutting = [
        path.name
        for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
        if "truncatechars" in path.read_text()
    ]
    assert not cutting
