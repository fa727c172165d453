"""The API: the same rules and filters as the pages, a description that validates, figures without floats."""

from collections.abc import Callable
from typing import Any

import yaml
from django.test import Client
from openapi_spec_validator import validate

from accounts.models import User
from tests import factories

ClientOf = Callable[[User], Client]


def test_the_description_is_valid_openapi(operator: User, client_of: ClientOf) -> None:
    schema = yaml.safe_load(client_of(operator).get("/api/v1/schema/").content)
    validate(schema)
    assert "/api/v1/packages/" in schema["paths"]
    assert "/api/v1/packages/" in client_of(operator).get("/api/").content.decode()


def test_lists_hold_only_ones_own_opd(operator: User, client_of: ClientOf) -> None:
    mine = factories.ProgramFactory()
    factories.ProgramFactory(agency=factories.agency("Dinkes"))
    answer = client_of(operator).get("/api/v1/programs/").json()
    assert [row["id"] for row in answer["results"]] == [mine.pk]


def test_money_travels_as_text(operator: User, client_of: ClientOf) -> None:
    factories.PackageFactory(ceiling_rupiah="150000000.50")
    assert client_of(operator).get("/api/v1/packages/").json()["results"][0]["ceiling_rupiah"] == "150000000.50"


def test_filters_are_the_pages_filters(operator: User, client_of: ClientOf) -> None:
    found = factories.PackageFactory(method="tender")
    factories.PackageFactory()
    rows = client_of(operator).get("/api/v1/packages/?method=tender&declarations=missing").json()["results"]
    assert [row["rup_code"] for row in rows] == [found.rup_code]


def test_nonsense_gets_400_or_404_never_500(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    for query in ("?method=x", "?agency=abc", "?ceiling_min=abc"):
        assert client.get(f"/api/v1/packages/{query}").status_code == 400
    assert client.get("/api/v1/packages/?page=99").status_code == 404
    assert client.get("/api/v1/packages/999999999999999999999/").status_code == 404


def test_writing_is_not_offered(operator: User, client_of: ClientOf) -> None:
    assert client_of(operator).post("/api/v1/programs/", {}, content_type="application/json").status_code == 405


def test_too_many_questions_are_slowed_down(operator: User, client_of: ClientOf, monkeypatch: Any) -> None:
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "3/min"})
    client = client_of(operator)
    assert [client.get("/api/v1/agencies/").status_code for _ask in range(5)] == [200, 200, 200, 429, 429]


def test_provenance_is_in_the_api(operator: User, client_of: ClientOf) -> None:
    series = factories.SeriesFactory()
    figure = factories.observe(series, "85.25", year=2025)
    row = (
        client_of(operator)
        .get(f"/api/v1/observations/?series={series.pk}&period=2025&region=6472")
        .json()["results"][0]
    )
    assert (row["id"], row["value"], row["region_kemendagri_code"], row["payload"]) == (
        figure.pk,
        "85.250000",
        "64.72",
        figure.payload_id,
    )


def test_json_that_is_nested_too_deeply_is_no_error_of_the_server(client_of: Any, operator: User) -> None:
    body = '{"a":' + "[" * 50_000 + "]" * 50_000 + "}"
    answer = client_of(operator).post("/api/v1/agencies/", body, content_type="application/json")
    assert answer.status_code in {400, 405}
