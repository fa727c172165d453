"""The stand-ins are faithful: independent clients that were written for the real services read them."""

import time
import urllib.request
from typing import Any

import ckanapi
import pytest
import requests

from kaltim_portal.stand_ins import bps, ckan, serving

Bps = tuple[str, bps.BpsWorld]


@pytest.fixture
def client(stand_in: Bps, monkeypatch: pytest.MonkeyPatch) -> Any:
    """BPS's own python client, its base address led to the stand-in."""
    import stadata.main  # with pandas, which whoever looks for the tests would load as well

    monkeypatch.setattr(stadata.main, "BASE_URL", stand_in[0].removesuffix("api/"))
    return stadata.main.Client(bps.KEY)


def test_stadata_lists_the_domains(client: Any) -> None:
    domains = client.list_domain()
    assert dict(zip(domains["domain_id"], domains["level"], strict=True))["6400"] == "provinsi"
    assert len(domains) == 11


@pytest.mark.filterwarnings("ignore")
def test_stadata_pages_through_the_variables(client: Any) -> None:
    variables = client.list_dynamictable(domain=["6400"], latest=True)
    assert sorted(variables["var_id"]) == [int(code) for code in sorted(bps.VARIABLES)]
    assert set(variables["domain"]) == {"6400"}


@pytest.mark.filterwarnings("ignore")
def test_stadata_reads_a_dynamic_table(client: Any, stand_in: Bps) -> None:
    last = stand_in[1].year - 1
    table = client.view_dynamictable("6400", "905", th=str(last - 1900))
    row = table[table["id_var"] == 6402].iloc[0]
    assert float(row[str(last)]) == stand_in[1].figures["905"]["6402", last]


@pytest.mark.filterwarnings("ignore")
def test_stadata_reads_static_tables(client: Any, stand_in: Bps) -> None:
    listed = client.list_statictable(domain=["6400"], latest=True)
    assert [int(number) for number in listed["table_id"]] == [int(bps.STATIC_TABLE)]
    table = client.view_statictable("6400", bps.STATIC_TABLE)
    assert len(table) == 3 + 11  # a title, two rows of headings, ten regencies and the province
    last = stand_in[1].figures["904"]["6472", stand_in[1].year - 1]
    # pandas takes the decimal comma for one between thousands: the digits are what can be compared.
    assert str(last).replace(".", "") in table.astype(str).to_string()


def test_stadata_is_told_about_an_error(client: Any, stand_in: Bps) -> None:
    stand_in[1].fault = "error"
    with pytest.raises(Exception, match="kesalahan"):
        client.list_domain()


@pytest.fixture
def remote(satu_data: tuple[str, ckan.CkanWorld]) -> Any:
    with ckanapi.RemoteCKAN(satu_data[0], get_only=True) as portal:
        yield portal


def test_ckanapi_finds_and_reads_a_table(remote: Any, satu_data: tuple[str, ckan.CkanWorld]) -> None:
    found = remote.action.package_search(q="siswa", rows=5)
    assert found["count"] == 1
    resource = found["results"][0]["resources"][0]["id"]
    assert remote.action.resource_show(id=resource)["datastore_active"] is True
    page = remote.action.datastore_search(resource_id=resource, limit=3, offset=2)
    assert page["total"] == len(satu_data[1].tables[resource][1])
    assert [record["_id"] for record in page["records"]] == [3, 4, 5]


def test_ckanapi_understands_the_failures(remote: Any) -> None:
    with pytest.raises(ckanapi.NotFound):
        remote.action.datastore_search(resource_id="tidak-ada")
    with pytest.raises(ckanapi.NotFound):
        remote.action.package_show(id="tidak-ada")
    with pytest.raises(ckanapi.ValidationError):
        remote.action.datastore_search(resource_id=ckan.TARGETS, limit=-1)


def test_an_etag_is_honoured(stand_in: Bps) -> None:
    address = f"{stand_in[0]}domain?type=all&key={bps.KEY}"
    with urllib.request.urlopen(address) as answer:
        tag = answer.headers["ETag"]
    again = urllib.request.Request(address, headers={"If-None-Match": tag})
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(again)
    assert caught.value.code == 304


def test_a_stand_in_is_gone_at_once() -> None:
    """Each test that has one waits for its end; the best of three, as the machine may be busy."""
    waits = []
    for _again in range(3):
        server = serving.serve_in_thread(ckan.CkanWorld())
        requests.get(f"http://127.0.0.1:{server.server_address[1]}/", timeout=5)
        begun = time.monotonic()
        server.shutdown()
        waits.append(time.monotonic() - begun)
        server.server_close()
    assert min(waits) < 0.25, waits
