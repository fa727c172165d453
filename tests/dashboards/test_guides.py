"""Help in place: the guides are one source for the pages, the panel “?” and the search."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from core.choices import Role
from dashboards.finding.services import find
from dashboards.finding.words import taken_apart
from dashboards.guides.sections import guides, section_of
from tests import factories
from tests.access.test_every_url import TABLE

ClientOf = Callable[[User], Client]


def test_every_page_that_a_guide_names_is_there() -> None:
    named = {page for guide in guides().values() for section in guide.sections for page in section.pages}
    namespaces = {name.split(":")[0] + ":*" for name in TABLE if ":" in name}
    assert named <= set(TABLE) | namespaces


def test_a_page_of_its_own_goes_before_its_namespace() -> None:
    section = section_of("datasources:schedule")
    assert section is not None
    assert section.title == "Jadwal"
    assert section_of("datasources:series").title == "Wali data"  # type: ignore[union-attr]  # there is one
    assert section_of("api-reference") is None


def test_no_guide_brings_raw_html_or_a_picture_that_is_not_there() -> None:
    for guide in guides().values():
        for section in guide.sections:
            assert "<script" not in section.body
            assert "<img" not in section.body
            assert "<!--" not in section.body
            assert "&lt;!--" not in section.body


@pytest.mark.django_db
def test_the_panel_stands_on_its_page(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    page = client.get("/program/").content.decode()
    assert 'hx-get="/bantuan/halaman/programs:programs/"' in page
    panel = client.get("/bantuan/halaman/programs:programs/").content.decode()
    assert "Cari kode nomenklatur" in panel
    assert client.get("/bantuan/opd/").content.decode().count("<section") == len(guides()["opd"].sections)
    assert client.get("/bantuan/halaman/tidak-ada/").status_code == 404
    assert client.get("/bantuan/tidak-ada/").status_code == 404


@pytest.mark.django_db
def test_help_is_found() -> None:
    hits, _right = find(factories.member(Role.VERIFIER), taken_apart("bantuan faktor kedua"))
    assert hits[0].kind.slug == "bantuan"
    assert hits[0].found[0].url == "/bantuan/account/#faktor-kedua"
