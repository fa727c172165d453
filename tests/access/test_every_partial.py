"""What htmx puts into a page is what the whole page would have shown there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from datasources.models import Source
from tests.access import test_every_url as every_url

made = every_url.made
world = every_url.world
PAGES = [name for name, (admitted, method) in every_url.TABLE.items() if method == "get" and admitted]
# What differs from one answer to the next, whatever the page; a passkey is asked something new each time, and a
# minute may pass between the two.
PASSING = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|form_key" value="[\w-]+"|nonce="[^"]+"|\d\d\.\d\d WITA'
    r'|<script id="passkey-data".*?</script>'
)


def folded(response: Any) -> str:
    """The text of an answer, white space folded, without what passes."""
    return re.sub(r"\s+", " ", PASSING.sub("", response.content.decode())).strip()


@pytest.fixture
def catalogued(world: dict[str, Any]) -> dict[str, Any]:
    """A source with a catalogue: its page offers the search only then."""
    source = Source.objects.get(pk=world["keys"]["datasources:source"])
    source.catalogue.create(kind="table", code="x", title="Penduduk", seen_at=timezone.now())
    return world


@pytest.mark.parametrize("words", ["", "tidak-ada-yang-begini"])
@pytest.mark.parametrize("name", PAGES)
def test_a_partial_is_a_region_of_its_page(
    name: str, words: str, catalogued: dict[str, Any], client_of: Callable[[User], Client]
) -> None:
    letter, address = every_url.TABLE[name][0][0], every_url.address_of(name, catalogued)
    client, query = client_of(catalogued["people"][letter]), {"q": words} if words else None
    page = client.get(address, query)
    if page.status_code != 200 or page.streaming or "html" not in page.headers["Content-Type"]:
        return
    partial = client.get(address, query, headers={"HX-Request": "true"})
    assert partial.status_code == 200
    assert folded(partial) in folded(page)
