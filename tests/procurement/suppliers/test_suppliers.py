"""Suppliers: secrets that stay secret, versions, and making one of two."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from procurement.models import Blacklisting, Contract, Flag, Offer, Supplier, SupplierContact, SupplierPerson
from procurement.red_flags import services as flag_services
from tests import factories

ClientOf = Callable[[User], Client]
EMPTY = {f"{part}-{name}": "0" for part in ("people", "contacts", "bans") for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
FACTS = {"name": "PT Maju", "kind": "pt", "known_since": "2020-01-01", "version": ""}


@pytest.fixture
def steward(db: None) -> User:
    return factories.member(Role.DATA_STEWARD)


def test_a_supplier_with_its_people_is_entered_and_changed(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    people = EMPTY | {
        "people-TOTAL_FORMS": "1",
        "people-0-name": "Siti Aminah",
        "people-0-role": "director",
        "people-0-identity": "6472 0101 0180 0005",
        "people-0-share_percent": "60,5",
        "contacts-TOTAL_FORMS": "1",
        "contacts-0-kind": "account",
        "contacts-0-value": "BPD 123456789",
    }
    client.post("/penyedia/baru/", FACTS | people | {"tax_number": "01.234.567.8-901.000"})
    supplier = Supplier.objects.get()
    person, contact = SupplierPerson.objects.get(), SupplierContact.objects.get()
    assert (supplier.tax_number, person.identity, str(person.share_percent)) == (
        "012345678901000",
        "6472010101800005",
        "60.50",
    )
    page = client.get(f"/penyedia/{supplier.pk}/").content.decode()
    assert "6472010101800005" not in page
    assert "012345678901000" not in page
    assert "123456789" not in page
    assert "0005" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT tax_number FROM procurement_supplier")
        assert "0123" not in cursor.fetchone()[0], "stored encrypted"
    kept = EMPTY | {
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "1",
        "people-0-id": person.pk,
        "people-0-name": "Siti Aminah",
        "people-0-role": "director",
        "people-0-until_day": "2026-01-31",
        "contacts-TOTAL_FORMS": "1",
        "contacts-INITIAL_FORMS": "1",
        "contacts-0-id": contact.pk,
        "contacts-0-kind": "account",
    }
    answer = client.post(
        f"/penyedia/{supplier.pk}/ubah/", FACTS | kept | {"name": "PT Maju Jaya", "version": supplier.version}
    )
    assert answer.status_code == 302, answer.content.decode()
    supplier.refresh_from_db()
    person.refresh_from_db()
    assert (supplier.name, supplier.tax_number, person.identity) == (
        "PT Maju Jaya",
        "012345678901000",
        "6472010101800005",
    ), "empty keeps"
    stale = client.post(f"/penyedia/{supplier.pk}/ubah/", FACTS | EMPTY | {"name": "PT Lain", "version": "1"})
    assert stale.status_code == 409
    assert "PT Maju Jaya" in stale.content.decode(), "both versions are shown"
    double = client.post("/penyedia/baru/", FACTS | EMPTY | {"tax_number": "012345678901000"})
    assert "sudah" in double.content.decode()
    assert Supplier.objects.count() == 1


def test_nonsense_is_told_and_nothing_is_saved(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    bad = EMPTY | {
        "people-TOTAL_FORMS": "1",
        "people-0-name": "X",
        "people-0-role": "director",
        "people-0-identity": "12",
    }
    answer = client.post("/penyedia/baru/", FACTS | bad | {"tax_number": "12", "business_number": "1"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "NPWP terdiri atas 15 atau 16 angka" in text
    assert "NIB terdiri atas 13 angka" in text
    assert "NIK terdiri atas 16 angka" in text
    assert not Supplier.objects.exists()
    broken = client.post("/penyedia/baru/", FACTS | {"people-TOTAL_FORMS": "x"})
    assert broken.status_code == 422


def test_two_that_are_one_become_one(steward: User, operator: User, client_of: ClientOf) -> None:
    stays, double = factories.supplier(name="PT Karya", tax_number=""), factories.supplier(name="PT. Karya (ganda)")
    package = factories.PackageFactory()
    Offer.objects.create(package=package, supplier=double, amount_rupiah=5)
    day = timezone.localdate()
    contract = Contract.objects.create(
        package=package, supplier=double, number="1", signed_on=day, value_rupiah=5, entered_by=operator
    )
    Blacklisting.objects.create(supplier=stays, decision_number="SK 1", from_day=day, until_day=day)
    client = client_of(steward)
    unsaid = client.post(f"/penyedia/{double.pk}/gabung/", {"into": "PT Karya", "reason": ""})
    assert unsaid.status_code == 422
    client.post(f"/penyedia/{double.pk}/gabung/", {"into": "PT Karya", "reason": "Akta yang sama"})
    double.refresh_from_db()
    stays.refresh_from_db()
    contract.refresh_from_db()
    assert (double.merged_into, Offer.objects.get().supplier) == (stays, stays)
    assert stays.tax_number == double.tax_number, "the number goes along"
    assert contract.supplier == double, "a contract is evidence and keeps the name it was signed with"
    flag_services.run()
    assert Flag.objects.filter(code="K13", package=package).exists(), "and yet it counts as the blacklisted one's"
    assert (
        str(package) in client_of(factories.member(Role.AUDITOR)).get(f"/penyedia/{stays.pk}/").content.decode()
        or package.name
    )
    assert client.get(f"/penyedia/{double.pk}/ubah/").status_code == 404


def test_rivals_for_one_package_are_not_one(steward: User, client_of: ClientOf) -> None:
    one, other = factories.supplier(tax_number=""), factories.supplier(tax_number="")
    package = factories.PackageFactory()
    for supplier in (one, other):
        Offer.objects.create(package=package, supplier=supplier, amount_rupiah=5)
    answer = client_of(steward).post(f"/penyedia/{one.pk}/gabung/", {"into": other.name, "reason": "Sama"})
    assert package.rup_code in answer.content.decode()
    one.refresh_from_db()
    assert one.merged_into is None


def test_only_the_auditor_sees_a_number_and_leaves_a_trace(auditor: User, operator: User, client_of: ClientOf) -> None:
    person = SupplierPerson.objects.create(
        supplier=factories.supplier(), name="Budi", role="owner", identity="6472010101800009"
    )
    address = f"/penyedia/orang/{person.pk}/buka/"
    assert client_of(operator).post(address, {"reason": "Ingin tahu"}).status_code == 403
    client = client_of(auditor)
    assert "6472010101800009" not in client.post(address, {"reason": ""}).content.decode()
    assert "6472010101800009" in client.post(address, {"reason": "Pemeriksaan 12"}).content.decode()
    event = AuditEvent.objects.get(action="identity.unmasked")
    assert (event.actor_id, event.reason) == (auditor.pk, "Pemeriksaan 12")
    assert "Pemeriksaan 12" in client.get("/audit/pembukaan/").content.decode()


def test_the_list_takes_few_queries_and_finds(auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    for _number in range(3):
        factories.supplier()
    client.get("/penyedia/")

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/penyedia/")
        return len(seen)

    few = count()
    wanted: Any = factories.supplier(name="PT Sungai Mahakam", tax_number="098765432109876")
    for _number in range(20):
        factories.supplier()
    assert count() == few
    for query in ("mahakam sungai", "09.876.543.2-109.876"):
        found = client.get("/penyedia/", {"q": query}).content.decode()
        assert wanted.name in found
        assert found.count("title-cell") == 1
    assert wanted.name in client.get("/penyedia/saran/", {"supplier": "maha"}).content.decode()


def test_the_day_of_the_nib_is_not_to_come(operator: User, client_of: ClientOf) -> None:
    client, today = client_of(operator), timezone.localdate()
    given = FACTS | EMPTY | {"business_number": "1208220012345"}
    tomorrow = (today + dt.timedelta(days=1)).isoformat()
    refused = client.post("/penyedia/baru/", given | {"business_number_on": tomorrow})
    assert refused.status_code == 422
    assert "Isikan tanggal yang tertera di OSS" in refused.content.decode()
    assert not Supplier.objects.exists()
    client.post("/penyedia/baru/", given | {"business_number_on": today.isoformat()})
    assert Supplier.objects.get().business_number_on == today


@pytest.mark.parametrize(
    "case", ["partners of one offer", "leader and partner", "offers of their own", "partner and offer"]
)
def test_two_that_met_in_a_package_are_not_one_supplier(case: str, steward: User, client_of: ClientOf) -> None:
    double, into, third = (factories.supplier(name=f"PT {name}", tax_number="") for name in ("Ganda", "Asli", "Ketiga"))
    package = factories.cleared_package()
    leads = {"partners of one offer": third, "partner and offer": third}.get(case, into)
    offer = Offer.objects.create(package=package, supplier=leads, amount_rupiah=1_000)
    if case == "offers of their own":
        Offer.objects.create(package=package, supplier=double, amount_rupiah=1_000)
    else:
        offer.partners.add(double)
    if case == "partners of one offer":
        offer.partners.add(into)
    if case == "partner and offer":
        Offer.objects.create(package=package, supplier=into, amount_rupiah=1_000)
    answer = client_of(steward).post(f"/penyedia/{double.pk}/gabung/", {"into": into.name, "reason": "Akta yang sama"})
    assert answer.status_code == 422
    assert package.rup_code in answer.content.decode()
    double.refresh_from_db()
    assert double.merged_into is None
