"""A view without an access rule opens for nobody, even where every other guard was forgotten."""

from collections.abc import Callable

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from accounts.models import User
from core.access import access, signed_in
from core.choices import Role
from tests import factories


def naked(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


urlpatterns = [
    path("telanjang/", naked),
    path("telanjang/tanpa-masuk/", login_not_required(naked)),
    path("berpakaian/", access(signed_in())(naked)),
    path("", include("kaltim_portal.urls")),
]


@pytest.mark.urls("tests.access.test_naked_views")
@pytest.mark.parametrize("role", Role)
def test_a_naked_view_answers_403_to_everybody(role: Role, client_of: Callable[[User], Client], db: None) -> None:
    client = client_of(factories.member(role))
    assert client.get("/telanjang/").status_code == 403
    assert client.get("/telanjang/tanpa-masuk/").status_code == 403
    assert client.post("/telanjang/").status_code == 403
    assert client.get("/berpakaian/").status_code == 200


@pytest.mark.urls("tests.access.test_naked_views")
def test_nobody_gets_in_either(db: None) -> None:
    assert Client().get("/telanjang/tanpa-masuk/").status_code == 403
    assert Client().get("/telanjang/").status_code == 403
