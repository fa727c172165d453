"""A contract beside ceiling, HPS and award; days beside the fiscal year; corrections of what follows a contract."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import AuditEvent
from procurement.choices import PackageState
from procurement.contracts import limits
from procurement.models import Addendum, Award, Contract, Handover, Package, Payment
from procurement.packages.services import move_package
from tests import factories

ClientOf = Callable[[User], Client]
TODAY = timezone.localdate()
MILLION = 1_000_000


@pytest.fixture
def package(operator: User) -> Package:
    """Ceiling 150, HPS 140 million."""
    row = factories.cleared_package()
    return move_package(pk=row.pk, version=row.version, by=operator, state=PackageState.ANNOUNCED)


def _sign(client: Client, package: Package, millions: int, **more: Any) -> Any:
    facts = {
        "kind": "kontrak",
        "number": f"027/{millions}",
        "signed_on": TODAY.isoformat(),
        "value_rupiah": str(millions * MILLION),
        "supplier": more.pop("supplier", None) or factories.supplier().name,
    }
    return client.post(f"/pengadaan/{package.pk}/kontrak/simpan/", facts | more)


def test_above_the_ceiling_nothing_is_signed(package: Package, operator: User, client_of: ClientOf) -> None:
    answer = _sign(client_of(operator), package, 151, above_reason="Harga naik")
    assert answer.status_code == 422
    assert "melebihi pagu Rp150.000.000" in answer.content.decode()
    assert not Contract.objects.exists()


def test_above_hps_or_award_only_with_a_reason(package: Package, operator: User, client_of: ClientOf) -> None:
    client, winner = client_of(operator), factories.supplier()
    Award.objects.create(package=package, supplier=winner, amount_rupiah=130 * MILLION)
    refused = _sign(client, package, 135, supplier=winner.name)
    assert refused.status_code == 422
    assert "nilai pemenang Rp130.000.000" in refused.content.decode()
    both = _sign(client, package, 145, supplier=winner.name)
    assert "HPS Rp140.000.000 dan nilai pemenang Rp130.000.000" in both.content.decode()
    assert _sign(client, package, 145, supplier=winner.name, above_reason="Volume tambah").status_code == 302
    assert Contract.objects.get().above_reason == "Volume tambah"
    page = client.get(f"/pengadaan/{package.pk}/kontrak/").content.decode()
    assert "Volume tambah" in page


@pytest.mark.parametrize(("rupiah", "is_remarked"), [(13_999_999, True), (14_000_000, False)])
def test_a_contract_that_lacks_zeros_is_taken_with_a_remark(
    package: Package, operator: User, client_of: ClientOf, rupiah: int, is_remarked: bool
) -> None:
    client = client_of(operator)
    assert _sign(client, package, 1, value_rupiah=str(rupiah)).status_code == 302
    page = client.get(f"/pengadaan/{package.pk}/kontrak/").content.decode()
    assert ("kurang dari sepersepuluh rencana Rp140.000.000" in page) == is_remarked


@pytest.mark.parametrize(("ceiling", "is_remarked"), [("1.000", True), ("999.999", True), ("1.000.000", False)])
def test_a_package_that_lacks_zeros_is_remarked_while_it_is_typed(
    operator: User, client_of: ClientOf, ceiling: str, is_remarked: bool
) -> None:
    typed = {"kind": "goods", "method": "e_purchasing", "ceiling_rupiah": ceiling}
    said = client_of(operator).get("/pengadaan/cek-metode/", typed).content.decode()
    assert ("sangat kecil" in said) == is_remarked


def test_all_contracts_of_a_package_count_together(package: Package, operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    assert _sign(client, package, 100).status_code == 302
    assert _sign(client, package, 51, above_reason="x").status_code == 422
    contract = Contract.objects.get()
    address = f"/pengadaan/kontrak/{contract.pk}/adendum/"
    prefix = f"a{contract.pk}-"
    much = {"signed_on": TODAY.isoformat(), "value_rupiah": "151.000.000", "reason": "Tambah"}
    assert client.post(address, {prefix + name: value for name, value in much.items()}).status_code == 422
    assert (
        client.post(address, {prefix + k: v for k, v in (much | {"value_rupiah": "150.000.000"}).items()}).status_code
        == 302
    )


def test_an_award_is_held_against_ceiling_and_hps(package: Package, operator: User, client_of: ClientOf) -> None:
    client, name = client_of(operator), factories.supplier().name
    address = f"/pengadaan/{package.pk}/pemenang/"
    assert client.post(address, {"supplier": name, "amount_rupiah": "151.000.000"}).status_code == 422
    assert client.post(address, {"supplier": name, "amount_rupiah": "141.000.000"}).status_code == 422
    facts = {"supplier": name, "amount_rupiah": "141.000.000", "above_reason": "Satu penawar"}
    assert client.post(address, facts).status_code == 302
    assert Award.objects.get().above_reason == "Satu penawar"


def test_days_beside_the_fiscal_year(package: Package, operator: User, client_of: ClientOf) -> None:
    client, late = client_of(operator), f"{package.fiscal_year + 1}-01-05"
    assert _sign(client, package, 100, signed_on=late).status_code == 422
    _sign(client, package, 100)
    contract = Contract.objects.get()
    facts = {"sp2d_number": "S1", "paid_on": late, "amount_rupiah": "1.000.000"}
    address, prefix = f"/pengadaan/kontrak/{contract.pk}/bayar/", f"p{contract.pk}-"
    answer = client.post(address, {prefix + name: value for name, value in facts.items()})
    assert answer.status_code == 422
    assert f"tahun anggaran {package.fiscal_year}" in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_payment_is_corrected_or_taken_off_with_a_reason(
    package: Package, operator: User, client_of: ClientOf
) -> None:
    client = client_of(operator)
    _sign(client, package, 100)
    contract = Contract.objects.get()
    payment = Payment.objects.create(contract=contract, sp2d_number="S1", paid_on=TODAY, amount_rupiah=10 * MILLION)
    address, prefix = f"/pengadaan/kontrak/bayar/{payment.pk}/perbaiki/", f"cp{payment.pk}-"
    assert address in client.get(f"/pengadaan/{package.pk}/kontrak/").content.decode()

    def sent(**changes: Any) -> Any:
        facts = {"sp2d_number": "S1", "paid_on": TODAY.isoformat(), "amount_rupiah": "12.000.000"} | changes
        extra = {"act": facts.pop("act")} if "act" in facts else {}
        return client.post(address, {prefix + name: value for name, value in facts.items()} | extra)

    assert sent().status_code == 422
    assert sent(reason="Salah ketik", amount_rupiah="101.000.000").status_code == 422
    payment.refresh_from_db()
    assert payment.amount_rupiah == 10 * MILLION
    assert sent(reason="Salah ketik").status_code == 302
    payment.refresh_from_db()
    assert payment.amount_rupiah == Decimal(12 * MILLION)
    event = AuditEvent.objects.get(action="payment.corrected")
    assert event.reason == "Salah ketik"
    assert "10000000" in event.details["was"]
    assert sent(reason="Dua kali", act="remove").status_code == 302
    assert not Payment.objects.exists()
    assert AuditEvent.objects.filter(action="payment.removed", reason="Dua kali").exists()


def test_what_is_still_to_come_has_not_happened(package: Package, operator: User, client_of: ClientOf) -> None:
    client, tomorrow = client_of(operator), TODAY + dt.timedelta(days=1)
    if tomorrow.year == package.fiscal_year:  # on the last day of the year it is refused for the year
        answer = _sign(client, package, 100, signed_on=tomorrow.isoformat())
        assert answer.status_code == 422
        assert "belum tiba" in answer.content.decode()
    _sign(client, package, 100)
    contract = Contract.objects.get()
    facts = {"number": "B1", "on_day": tomorrow.isoformat(), "percent": "100", "kind": "fho"}
    address, prefix = f"/pengadaan/kontrak/{contract.pk}/bast/", f"h{contract.pk}-"
    answer = client.post(address, {prefix + name: value for name, value in facts.items()})
    assert answer.status_code == 422
    assert "belum tiba" in answer.content.decode()


def _at(day: dt.date, hour: int = 10) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


def test_offer_award_and_contract_follow_one_another(package: Package, operator: User, client_of: ClientOf) -> None:
    client, winner = client_of(operator), factories.supplier()
    day = TODAY - dt.timedelta(days=3)
    offers = f"/pengadaan/{package.pk}/penawaran/"

    def offered(at: dt.datetime, supplier: str = winner.name) -> Any:
        facts = {"supplier": supplier, "amount_rupiah": "100.000.000", "state": "valid"}
        return client.post(offers, facts | {"handed_in_at": timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")})

    late = offered(timezone.now() + dt.timedelta(days=2))
    assert late.status_code == 422
    assert "belum tiba" in late.content.decode()
    assert offered(_at(day)).status_code == 302

    award = f"/pengadaan/{package.pk}/pemenang/"
    facts = {"supplier": winner.name, "amount_rupiah": "100.000.000"}
    early = client.post(award, facts | {"decided_on": (day - dt.timedelta(days=1)).isoformat()})
    assert early.status_code == 422
    assert "Penawaran ini masuk pada" in early.content.decode()
    assert client.post(award, facts | {"decided_on": day.isoformat()}).status_code == 302

    after = offered(_at(day + dt.timedelta(days=1)), factories.supplier().name)
    assert after.status_code == 422
    assert "perbaiki salah satunya" in after.content.decode()

    before = _sign(client, package, 100, supplier=winner.name, signed_on=(day - dt.timedelta(days=1)).isoformat())
    assert before.status_code == 422
    assert "Pemenang ditetapkan pada" in before.content.decode()
    assert _sign(client, package, 100, supplier=winner.name, signed_on=day.isoformat()).status_code == 302


def test_a_contract_ends_after_it_begins(package: Package, operator: User, client_of: ClientOf) -> None:
    """By its own word, without a first day as with one, and by an addendum's."""
    client, yesterday = client_of(operator), (TODAY - dt.timedelta(days=1)).isoformat()
    refused = _sign(client, package, 100, ends_on=yesterday)
    assert refused.status_code == 422
    assert "mendahului mulainya kontrak" in refused.content.decode()
    assert _sign(client, package, 100, ends_on=TODAY.isoformat()).status_code == 302
    contract = Contract.objects.get()
    facts = {"signed_on": TODAY.isoformat(), "value_rupiah": "100.000.000", "reason": "Waktu", "ends_on": yesterday}
    address, prefix = f"/pengadaan/kontrak/{contract.pk}/adendum/", f"a{contract.pk}-"
    answer = client.post(address, {prefix + name: value for name, value in facts.items()})
    assert answer.status_code == 422
    assert "mendahului mulainya kontrak" in answer.content.decode()
    assert not contract.addenda.exists()


def test_what_is_there_already_is_called_so(package: Package, operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    _sign(client, package, 100)
    contract = Contract.objects.get()
    facts = {"sp2d_number": "S1", "paid_on": TODAY.isoformat(), "amount_rupiah": "1.000.000"}
    address, prefix = f"/pengadaan/kontrak/{contract.pk}/bayar/", f"p{contract.pk}-"
    sent = {prefix + name: value for name, value in facts.items()}
    assert client.post(address, sent).status_code == 302
    again = client.post(address, sent)
    assert again.status_code == 422
    assert "ini sudah ada." in again.content.decode()


def test_an_addendum_is_not_below_what_is_paid(package: Package, operator: User) -> None:
    contract = Contract.objects.create(
        package=package,
        supplier=factories.supplier(),
        number="K",
        signed_on=TODAY,
        value_rupiah=100 * MILLION,
        entered_by=operator,
    )
    Payment.objects.create(contract=contract, sp2d_number="S1", paid_on=TODAY, amount_rupiah=10 * MILLION)
    less = Addendum(signed_on=TODAY, value_rupiah=9 * MILLION, reason="Volume berkurang")
    with pytest.raises(ValidationError, match=r"Rp10\.000\.000"):
        limits.check_addendum(package, contract, less)
    less.value_rupiah = 10 * MILLION
    limits.check_addendum(package, contract, less)


def test_a_handover_is_corrected_too(package: Package, operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    _sign(client, package, 100)
    row = Handover.objects.create(contract=Contract.objects.get(), number="B1", on_day=TODAY, percent=50)
    prefix = f"ch{row.pk}-"
    facts = {"kind": "fho", "number": "B1", "on_day": TODAY.isoformat(), "percent": "100", "reason": "Salah ketik"}
    answer = client.post(
        f"/pengadaan/kontrak/bast/{row.pk}/perbaiki/", {prefix + name: value for name, value in facts.items()}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.percent, row.kind) == (100, "fho")
    assert client.post("/pengadaan/kontrak/lain/1/perbaiki/").status_code == 404
