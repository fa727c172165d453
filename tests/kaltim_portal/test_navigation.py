"""The sidebar: few groups, in which each role finds all its doors, and the place where one is."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.urls import reverse

from accounts.models import Notice, User
from core.choices import Role
from kaltim_portal.navigation import GROUPS, NavigationItem
from tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
ITEMS = [item for group in GROUPS for item in group.items]
MOST_GROUPS = 7
FRAMED_OTHERWISE = {"admin:index", "public-page"}  # without the sidebar
# Each page that had an entry of its own before there were groups.
OFFERED = {
    "home",
    "overview",
    "warnings",
    "briefings",
    "directives",
    "spm",
    "programs:programs",
    "programs:entry-start",
    "uploads:uploads",
    "programs:reports",
    "programs:report-values",
    "data-quality",
    "procurement:packages",
    "procurement:suppliers",
    "procurement:declarations",
    "procurement:flags",
    "procurement:leads",
    "procurement:audit-report",
    "evidence:health",
    "procurement:verify-file",
    "public_services:services",
    "public-page",
    "datasources:series-list",
    "accounts:agencies",
    "accounts:regulations",
    "accounts:trail",
    "admin:index",
}


def sidebar(client: Client, path: str = "/") -> Tag:
    page = BeautifulSoup(client.get(path).content, "html.parser")
    found = page.select_one(".shell-side > .shell-nav")
    assert found is not None
    return found


def test_no_door_was_walled_up() -> None:
    names = [item.url_name for item in ITEMS]
    assert set(names) >= OFFERED
    assert len(names) == len(set(names))
    assert len(GROUPS) <= MOST_GROUPS


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_doors_in_at_most_seven_groups(role: Role, client_of: ClientOf) -> None:
    user = factories.member(role)
    shown = sidebar(client_of(user))
    groups = shown.select(":scope > ul > li")
    assert 0 < len(groups) <= MOST_GROUPS
    assert all(group.select("a") for group in groups)
    assert all(len(group.select("a")) > 1 for group in groups if group.details), "one door needs no group around it"
    mine = {reverse(item.url_name) for item in ITEMS if item.rule is None or item.rule.admits(user)}
    assert sorted(str(link["href"]) for link in shown.select("a")) == sorted(mine)


@pytest.mark.parametrize("item", [item for item in ITEMS if item.url_name not in FRAMED_OTHERWISE])
def test_behind_every_door_is_a_page_that_marks_it(item: NavigationItem, client_of: ClientOf) -> None:
    people = (factories.member(role) for role in Role)
    client = client_of(next(user for user in people if item.rule is None or item.rule.admits(user)))
    shown = sidebar(client, client.get(reverse(item.url_name), follow=True).request["PATH_INFO"])
    current = shown.select("[aria-current=page]")
    assert [str(link["href"]) for link in current] == [reverse(item.url_name)]
    around = current[0].find_parent("details")
    assert shown.select("details[open]") == ([around] if around else [])


def test_what_has_no_door_marks_none(client_of: ClientOf) -> None:
    assert not sidebar(client_of(factories.member(Role.OPERATOR)), "/akun/").select("[aria-current], details[open]")


def test_a_closed_group_says_that_something_waits(client_of: ClientOf) -> None:
    user = factories.member(Role.OPERATOR)
    client = client_of(user)
    assert not sidebar(client, "/program/").select(".nav-count")
    Notice.objects.create(user=user, text="Laporan dikembalikan", url="/laporan/")
    counts = sidebar(client, "/program/").select(".nav-count")
    assert [count.get_text(" ", strip=True) for count in counts] == ["1 belum dibaca"] * 2, "at the group and its door"
