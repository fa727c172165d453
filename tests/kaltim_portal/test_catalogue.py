"""The Indonesian catalogue speaks Indonesian: what no test renders is looked through here."""

import re

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
