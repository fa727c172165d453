"""A row more or fewer: what was typed stays, nothing is judged, and saved rows don't go this way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from core.formset_rows import with_rows_changed
from tests import factories

ClientOf = Callable[[User], Client]


def typed(act: str, *names: str, saved: int = 0) -> QueryDict:
    data = QueryDict(mutable=True)
    data["act"] = act
    data["rows-TOTAL_FORMS"], data["rows-INITIAL_FORMS"] = str(len(names)), str(saved)
    for place, name in enumerate(names):
        data[f"rows-{place}-name"] = name
        data[f"rows-{place}-id"] = str(place + 7) if place < saved else ""
    return data


@pytest.mark.parametrize(
    ("act", "names"),
    [
        ("add", ["a", "b", "c", None]),
        ("add-rows", ["a", "b", "c", None]),
        ("remove-rows-1", ["a", "c"]),
        ("remove-rows-2", ["a", "b"]),
        ("remove-rows-0", ["a", "b", "c"]),  # saved
        ("remove-rows-9", ["a", "b", "c"]),
    ],
)
def test_rows_move_up_behind_the_one_that_goes(act: str, names: list[str | None]) -> None:
    rows = with_rows_changed(typed(act, "a", "b", "c", saved=1), "rows")
    assert rows is not None
    count = int(rows["rows-TOTAL_FORMS"])
    assert [rows.get(f"rows-{place}-name") for place in range(count)] == names
    assert rows["rows-INITIAL_FORMS"] == "1"


@pytest.mark.parametrize("act", ["", "save", "add-others", "remove-others-1", "remove-rows-x", "remove-rows-"])
def test_anything_else_is_no_such_act(act: str) -> None:
    assert with_rows_changed(typed(act, "a"), "rows") is None


def fields_of(page: str) -> dict[str, str]:
    from bs4 import BeautifulSoup

    form = next(each for each in BeautifulSoup(page, "html.parser").find_all("form") if each.find("fieldset"))
    data = {}
    for field in form.find_all(["input", "textarea", "select"]):
        if field.name == "select":
            chosen = field.find("option", selected=True)
            data[field["name"]] = chosen["value"] if chosen else ""
        elif field.get("type") != "checkbox" or field.has_attr("checked"):
            data[field["name"]] = field.get("value", "") if field.name == "input" else field.text
    return data


PAGES: list[tuple[str, str, str, Callable[[], Any]]] = [
    ("/program/{pk}/indikator/", "add", "remove-indicators-1", factories.ProgramFactory),
    ("/layanan/{pk}/prosedur/", "add", "remove-form-0", factories.public_service),
    ("/penyedia/baru/", "add-people", "remove-people-0", lambda: None),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "more", "fewer", "make"), PAGES)
def test_a_new_row_is_clean_and_can_go_again(
    address: str, more: str, fewer: str, make: Callable[[], Any], operator: User, client_of: ClientOf
) -> None:
    row, client = make(), client_of(operator)
    address = address.format(pk=getattr(row, "pk", ""))
    page = client.get(address).content.decode()
    before = page.count("formset-row")
    answer = client.post(address, fields_of(page) | {"act": more})
    added = answer.content.decode()
    assert answer.status_code == 200
    assert added.count("formset-row") == before + 1
    assert "field-errors" not in added
    assert "data-error-summary" not in added
    assert f'value="{fewer}"' in added
    removed = client.post(address, fields_of(added) | {"act": fewer}).content.decode()
    assert removed.count("formset-row") == before
    assert "field-errors" not in removed
