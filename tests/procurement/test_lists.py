"""What the lists of procurement give away as files, and what they keep back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from procurement.models import Flag
from tests import factories

ClientOf = Callable[[User], Client]


def lines_of(answer: Any) -> list[str]:
    text: str = b"".join(answer.streaming_content).decode("utf-8-sig")
    return text.splitlines()


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


def test_a_file_of_suppliers_masks_their_numbers(auditor: User, client_of: ClientOf) -> None:
    factories.supplier(name="PT Sungai Mahakam", tax_number="098765432109876")
    [heading, row] = lines_of(client_of(auditor).get("/penyedia/?unduh=csv"))
    assert heading.split(";")[2] == "NPWP"
    assert "9876" in row
    assert "098765432109876" not in row
    assert row.split(";")[3:5] == ["0", "0"], "no offer is nought, not nothing"


@pytest.mark.parametrize("address", ["/audit/pengadaan/", "/pernyataan/register/"])
def test_a_list_whose_files_are_traced_gives_no_other(address: str, auditor: User, client_of: ClientOf) -> None:
    """Their files are hashed and written into the trail; one that the list itself made would not be."""
    factories.cleared_package()
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
    values = {"reason": "Harga katalog", "csrfmiddlewaretoken": token}
    assert client.post(f"/bendera/{flag.pk}/kesampingkan/", values).status_code == 302
    flag.refresh_from_db()
    assert flag.suppressed_because == "Harga katalog"


def test_only_who_may_put_flags_aside_has_the_form(flag: Flag, head: User, client_of: ClientOf) -> None:
    page = client_of(head).get("/bendera/").content.decode()
    assert "Jembatan" in page
    assert "kesampingkan" not in page


def test_a_file_of_flags_has_words_and_no_form(flag: Flag, auditor: User, client_of: ClientOf) -> None:
    Flag.objects.filter(pk=flag.pk).update(
        suppressed_at=timezone.now(), suppressed_because="Harga katalog", suppressed_by=auditor
    )
    [_heading, row] = lines_of(client_of(auditor).get("/bendera/?unduh=csv"))
    name, rup_code, rule, _agency, _raised, state = row.split(";")
    assert (name, rup_code, rule.split()[0]) == ("Jembatan", "61234567", "K02")
    assert state == f"disingkirkan: Harga katalog ({auditor})"
