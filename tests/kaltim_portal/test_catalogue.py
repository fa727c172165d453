"""The Indonesian catalogue speaks Indonesian: what no test renders is looked through here."""

import re

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command

from kaltim_portal import translations
from kaltim_portal.translations import read_catalogue
from tests.access.shown_words import ENGLISH, WORD

# Written as somebody else's system has them: parameters of addresses, a key of SPSE's lists.
QUOTED = {"page", "open"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]+>|https?:\S+")


def test_no_english_in_the_indonesian() -> None:
    found = []
    for message in read_catalogue():
        for text in [message.string] if isinstance(message.string, str) else message.string:
            words = {word.casefold() for word in WORD.findall(PLACEHOLDER.sub(" ", text))}
            if message.id and words & ENGLISH - QUOTED:
                found.append(text)
    assert not found


@pytest.mark.parametrize(
    ("said", "repeats"),
    [
        ("Tombol / membawa Anda ke sini.", False),
        ("Tombol / membawa Anda ke sini.Tombol / membawa Anda ke sini.", True),
        ("Tombol / membawa Anda ke sini. Salah ketik tetap ditemukan. Tombol / membawa Anda ke sini.", True),
        ("tanpa titik di akhirnya tanpa titik di akhirnya", True),
        ("satu demi satu, hari demi hari", False),
    ],
)
def test_no_translation_says_itself_twice(said: str, repeats: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = Catalog(locale="id")
    catalogue.add("The key / brings you here.", said)
    monkeypatch.setattr(translations, "read_catalogue", lambda: catalogue)
    monkeypatch.setattr(translations, "collect", lambda: catalogue)
    if not repeats:
        call_command("messages", "--check")
        return
    with pytest.raises(CommandError, match="brings you here"):
        call_command("messages", "--check")
