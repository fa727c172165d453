"""Every list of the portal, found by walking the URL table: its headings sort, and its files hold what the page
says.
"""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django_tables2 import A

from accounts.models import User
from core.choices import Role
from core.tables import PortalTable
from programs.models import BudgetIssue, BudgetLine, SubActivity
from tests import factories, worlds
from tests.access.test_every_url import LETTERS, TABLE
from tests.queries.test_query_counts import add_rows
from uploads.models import Upload

ROWS = 3
# Those that must be found with rows to sort; a new list is found by itself.
KNOWN = {
    "programs:budget",
    "programs:programs",
    "programs:report-values",
    "programs:reports",
    "datasources:series-list",
    "public_services:ranking",
    "public_services:services",
    "uploads:uploads",
}


def make_rows(operator: User) -> dict[str, Any]:
    """Some rows for each list, and what their addresses ask for."""
    add_rows(operator, ROWS)
    year = timezone.localdate().year
    agency = factories.agency()
    for number in range(ROWS):
        service = factories.public_service(name=f"Izin & rekomendasi {number}", digital_level=number)
        service.procedures.create(state="in_force", created_by=operator, score=number * 7, days=number, visits=1)
        Upload.objects.create(
            agency=agency,
            fiscal_year=year,
            uploaded_by=operator,
            name=f"daftar & lampiran {number}.csv",
            size=20,
            sha256=f"{number}" * 64,
            stored_as=f"berkas-{number}",
            state="preview",
        )
    factories.public_service(agency=factories.agency("Dinkes"))
    issue = BudgetIssue.objects.create(agency=agency, fiscal_year=year, number=1, stage="murni", taken_by=operator)
    for number, part in enumerate(SubActivity.objects.order_by("pk")[:ROWS]):
        BudgetLine.objects.create(
            sub_activity=part,
            since=issue,
            identity=uuid.UUID(int=number),
            account_code=f"5.1.0{number}",
            component=f"Meja {number}",
            amount_rupiah=9,
        )
    return {"programs:budget": {"versi": str(issue.pk)}}


def list_of(client: Client, address: str, query: dict[str, str]) -> PortalTable | None:
    response = client.get(address, query)
    if response.status_code != 200 or response.context is None:
        return None
    found = response.context.get("table")
    return found if isinstance(found, PortalTable) else None


Lists = dict[str, tuple[Client, str, dict[str, str]]]


@pytest.fixture(scope="module")
def lists(django_db_setup: None, django_db_blocker: Any) -> Iterator[Lists]:
    """Every list, found once for all tests."""
    with worlds.kept_for_a_module(django_db_blocker):
        yield every_list(factories.member(Role.OPERATOR))


def every_list(operator: User) -> Lists:
    """By its URL's name: somebody who sees the most of its rows, its address and its query."""
    queries = make_rows(operator)
    clients = {
        letter: factories.signed_in(operator if letter == "o" else factories.member(LETTERS[letter]))
        for letter in LETTERS
    }
    found = {}
    for name, (letters, method) in TABLE.items():
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if method != "get" or name.startswith("api"):
            continue
        query = queries.get(name, {})
        seen = {
            letter: len(table.rows)
            for letter in letters
            if letter in clients and (table := list_of(clients[letter], address, query)) is not None
        }
        if seen:
            found[name] = (clients[max(seen, key=seen.__getitem__)], address, query)
    return found


def sorted_by(table: PortalTable, heading: str) -> list[Any]:
    """What the rows of all pages are sorted by, empty cells left out."""
    key = A(table.columns[heading].order_by[0].bare)
    values = [key.resolve(row.record, quiet=True) for row in table.rows]
    return [value for value in values if value is not None]


def check_headings(plain: PortalTable, client: Client, address: str, query: dict[str, str]) -> None:
    whole = {row.record.pk if hasattr(row.record, "pk") else row.record for row in plain.rows}
    for column in plain.columns:
        if not column.orderable:
            continue
        up, down = (list_of(client, address, query | {"urut": way + column.name}) for way in ("", "-"))
        assert up is not None and down is not None, column.name
        assert sorted_by(up, column.name) == sorted_by(down, column.name)[::-1], column.name
        for table in (up, down):
            rows = {row.record.pk if hasattr(row.record, "pk") else row.record for row in table.rows}
            assert rows == whole, column.name


def check_files(plain: PortalTable, client: Client, address: str, query: dict[str, str]) -> None:
    if not plain.can_be_taken:  # empty here, or with files of its own
        return
    content = b"".join(client.get(address, query | {"unduh": "csv"}).streaming_content)
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[0].split(";") == [column.header for column in plain.export_columns()]
    assert len(lines) == 1 + plain.paginator.count
    assert not [line for line in lines if "&amp;" in line or "<" in line], "markup in a file"
    assert client.get(address, query | {"unduh": "xlsx"}).headers["Content-Type"].endswith("sheet")


@pytest.mark.parametrize("check", [check_headings, check_files])
def test_every_list(check: Callable[..., None], lists: Lists, db: None) -> None:
    assert set(lists) >= KNOWN
    for name, (client, address, query) in lists.items():
        table = list_of(client, address, query)
        assert table is not None
        assert name not in KNOWN or len(table.rows) > 1, f"{name} has no rows to sort"
        try:
            check(table, client, address, query)
        except Exception as error:
            raise AssertionError(f"the list {name}: {error}") from error
