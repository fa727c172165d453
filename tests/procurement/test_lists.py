"""What the lists of procurement give away as files, and what they keep back."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from core.form_keys import new_key
from procurement.models import Flag
from tests import factories

ClientOf = Callable[[User], Client]


@pytest.fixture
def flag(db: None) -> Flag:
    package = factories.PackageFactory(name="Jembatan", rup_code="61234567")
    return Flag.objects.create(
        code="K02",
        subject="package",
        key=str(package.pk),
        package=package,
        agency=package.agency,
        fiscal_year=package.fiscal_year,
    )


@pytest.mark.parametrize("address", ["/audit/pengadaan/", "/pernyataan/register/", "/bendera/", "/penyedia/"])
def test_a_list_about_people_gives_no_untraced_file(
    address: str, flag: Flag, auditor: User, client_of: ClientOf
) -> None:
    """Files about people are hashed and written into the trail; one that the list itself made would not be."""
    factories.cleared_package()
    factories.supplier(name="PT Sungai Mahakam", tax_number="098765432109876")
    answer = client_of(auditor).get(f"{address}?unduh=csv")
    assert answer.context["table"].page.paginator.count
    assert "Content-Disposition" not in answer.headers
    assert "list-files" not in answer.content.decode()


def test_a_flag_can_be_put_aside_from_its_row(flag: Flag, auditor: User, client_of: ClientOf) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(auditor)
    page = client_of(auditor).get("/bendera/")
    assert f"/bendera/{flag.pk}/kesampingkan/" in page.content.decode()
    token = client.get("/bendera/").content.decode().split('name="csrfmiddlewaretoken" value="')[-1].split('"')[0]
    values = {"reason": "Harga katalog", "csrfmiddlewaretoken": token, "form_key": new_key()}
    assert client.post(f"/bendera/{flag.pk}/kesampingkan/", values).status_code == 302
    flag.refresh_from_db()
    assert flag.suppressed_because == "Harga katalog"


def test_only_who_may_put_flags_aside_has_the_form(flag: Flag, head: User, client_of: ClientOf) -> None:
    page = client_of(head).get("/bendera/").content.decode()
    assert "Jembatan" in page
    assert "kesampingkan" not in page
