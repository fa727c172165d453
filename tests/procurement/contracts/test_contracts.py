"""From the announcement to the last payment, replacing somebody who is recused, and lists of tender results."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from procurement.choices import DecisionKind, OfficerRole, PackageState
from procurement.declarations import services as declaration_services
from procurement.models import Award, Contract, Decision, Declaration, Flag, Offer, Officer, Package, Supplier
from procurement.packages import services as package_services
from procurement.red_flags import services as flag_services
from tests import factories
from tests.accounts.authenticator import code_of, give_app
from tests.private_folder import keep_private_files_in
from tests.uploads.test_uploads import hand_in, kind, said, take_over

ClientOf = Callable[[User], Client]
TODAY = timezone.localdate()
YEAR = TODAY.year


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Any) -> None:
    keep_private_files_in(settings, tmp_path)


@pytest.fixture
def announced(operator: User) -> Package:
    package = factories.cleared_package()
    return package_services.move_package(
        pk=package.pk, version=package.version, by=operator, state=PackageState.ANNOUNCED
    )


def follow(client: Client, contract: Contract, what: str, prefix: str, **values: Any) -> Any:
    data = {f"{prefix}{contract.pk}-{name}": value for name, value in values.items()}
    return client.post(f"/pengadaan/kontrak/{contract.pk}/{what}/", data)


def test_the_whole_way_from_the_offers_to_the_payments(announced: Package, operator: User, client_of: ClientOf) -> None:
    typist, here = client_of(operator), f"/pengadaan/{announced.pk}"
    low, high = factories.supplier(name="CV Rendah"), factories.supplier(name="PT Tinggi")
    typist.post(f"{here}/penawaran/", {"supplier": "cv rendah", "amount_rupiah": "120.000.000", "state": "valid"})
    typist.post(f"{here}/penawaran/", {"supplier": high.tax_number, "amount_rupiah": "130.000.000", "state": "valid"})
    assert [offer.supplier for offer in announced.offers.all()] == [low, high]
    twice = typist.post(f"{here}/penawaran/", {"supplier": "CV Rendah", "amount_rupiah": "1", "state": "valid"})
    assert twice.status_code == 422
    assert "sudah" in twice.content.decode()
    unknown = typist.post(f"{here}/penawaran/", {"supplier": "CV Entah", "amount_rupiah": "1", "state": "valid"})
    assert "Tidak ada penyedia bernama “CV Entah”" in unknown.content.decode()
    typist.post(f"{here}/pemenang/", {"supplier": "CV Rendah", "decided_on": TODAY.isoformat()})
    assert Award.objects.get().amount_rupiah == Decimal(120_000_000), "the winner's offer"
    facts = {"kind": "kontrak", "number": "027/1", "signed_on": TODAY.isoformat(), "value_rupiah": "120.000.000"}
    wrong = typist.post(f"{here}/kontrak/simpan/", facts | {"supplier": "PT Tinggi"})
    assert "Pemenangnya penyedia lain" in wrong.content.decode()
    typist.post(f"{here}/kontrak/simpan/", facts | {"supplier": "CV Rendah"})
    announced.refresh_from_db()
    assert announced.state == PackageState.CONTRACTED, "the contract is the step"
    contract = Contract.objects.get()
    follow(typist, contract, "adendum", "a", signed_on=TODAY.isoformat(), value_rupiah="125.000.000", reason="Tambahan")
    assert contract.value_now_rupiah == Decimal(125_000_000)
    much = follow(
        typist, contract, "bayar", "p", sp2d_number="S1", paid_on=TODAY.isoformat(), amount_rupiah="126.000.000"
    )
    assert much.status_code == 422
    assert "melebihi nilai kontrak" in much.content.decode()
    follow(typist, contract, "bayar", "p", sp2d_number="S1", paid_on=TODAY.isoformat(), amount_rupiah="125.000.000")
    follow(typist, contract, "bast", "h", kind="fho", number="B1", on_day=TODAY.isoformat(), percent="100")
    assert (contract.payments.count(), contract.handovers.count(), contract.addenda.count()) == (1, 1, 1)
    again = typist.post(
        f"{here}/kontrak/simpan/",
        facts
        | {
            "supplier": "CV Rendah",
            "value_rupiah": "121.000.000",
            "corrects": contract.pk,
            "correction_reason": "Salah ketik",
        },
    )
    assert again.status_code == 302
    newest = Contract.objects.current().get()
    assert (newest.value_rupiah, newest.corrects_id, Contract.objects.count()) == (Decimal(121_000_000), contract.pk, 2)
    assert (newest.payments.count(), newest.addenda.count()) == (1, 1), (
        "what followed stands with the version that counts"
    )
    page = typist.get(f"{here}/kontrak/").content.decode()
    assert "Salah ketik" in page
    assert "Rp125.000.000" in page
    done = set(AuditEvent.objects.filter(target_id=str(announced.pk)).values_list("action", flat=True))
    assert {
        "offer.entered",
        "award.decided",
        "contract.entered",
        "addendum.entered",
        "payment.entered",
        "contract.corrected",
    } <= done


def test_a_contract_does_not_pass_a_closed_gate(announced: Package, operator: User, client_of: ClientOf) -> None:
    Officer.objects.create(package=announced, user=factories.UserFactory(), role=OfficerRole.TECHNICAL_OFFICER)
    facts = {
        "kind": "spk",
        "number": "1",
        "signed_on": TODAY.isoformat(),
        "value_rupiah": "5.000.000",
        "supplier": factories.supplier().name,
    }
    answer = client_of(operator).post(f"/pengadaan/{announced.pk}/kontrak/simpan/", facts)
    assert answer.status_code == 422
    assert "belum membuat pernyataan" in answer.content.decode()
    assert not Contract.objects.exists(), "nothing half-saved"


def test_who_is_recused_is_replaced_and_cannot_come_back(operator: User, client_of: ClientOf) -> None:
    package = factories.PackageFactory()
    recused, successor = factories.member(Role.OPERATOR), factories.member(Role.OPERATOR)
    officer = Officer.objects.create(package=package, user=recused, role=OfficerRole.COMMITMENT_OFFICER)
    declaration = Declaration.objects.create(officer=officer, number=1, has_interest=True)
    typist = client_of(operator)
    assert "Pengganti" not in typist.get(f"/pengadaan/{package.pk}/").content.decode()
    with pytest.raises(ValidationError):
        package_services.replace_officer(officer=officer, user=successor, by=operator)
    factories.decide(declaration, DecisionKind.REPLACE, "Adik direktur")
    assert "Pengganti" in typist.get(f"/pengadaan/{package.pk}/").content.decode()
    typist.post(f"/pengadaan/pejabat/{officer.pk}/ganti/", {"user": successor.pk})
    now = Officer.objects.active().get(package=package)
    assert (now.user, now.role, now.replaces) == (successor, officer.role, officer)
    assert successor.notices.exists()
    back = typist.post(f"/pengadaan/{package.pk}/pejabat/", {"user": recused.pk, "role": "pptk"})
    assert "tidak dapat ditugaskan kembali" in back.content.decode()
    assert Officer.objects.active().filter(package=package).count() == 1


def test_the_declaration_of_a_head_is_decided_by_the_governors_office(head: User, client_of: ClientOf) -> None:
    office, stranger = factories.member(Role.GOVERNORS_OFFICE), factories.member(Role.AGENCY_HEAD, "Dinkes")
    officer = Officer.objects.create(package=factories.PackageFactory(), user=head, role=OfficerRole.BUDGET_USER)
    declaration = declaration_services.declare(officer=officer, by=head, interests=[])
    assert office.notices.exists()
    answer = {"kind": "no_conflict", "reason": "Tidak ada benturan."}
    own = client_of(head).post(f"/pernyataan/{declaration.pk}/putusan/", answer)
    assert own.status_code == 403
    assert "ini pernyataan Anda sendiri" in own.content.decode()
    assert client_of(stranger).post(f"/pernyataan/{declaration.pk}/putusan/", answer).status_code == 404
    assert client_of(office).post(f"/pernyataan/{declaration.pk}/putusan/", answer).status_code == 302
    assert Decision.objects.get().decided_by == office
    other = Officer.objects.create(
        package=officer.package, user=factories.member(Role.OPERATOR), role=OfficerRole.COMMITMENT_OFFICER
    )
    theirs = declaration_services.declare(officer=other, by=other.user, interests=[])
    assert client_of(office).get(f"/pernyataan/{theirs.pk}/").status_code == 404, "only those of heads"


def test_a_declaration_for_the_year_is_signed_and_versioned(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    data = {"answer": "none", "is_true": "on", "form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
    unsigned = client.post("/pernyataan/tahunan/", data)
    assert unsigned.status_code == 422
    wrong = client.post("/pernyataan/tahunan/", data | {"signature": "bukan"})
    assert "Kata sandi salah" in wrong.content.decode()
    assert not Declaration.objects.exists()
    client.post("/pernyataan/tahunan/", data | {"signature": factories.PASSWORD})
    client.post("/pernyataan/tahunan/", data | {"signature": factories.PASSWORD})
    newest = Declaration.objects.current().get()
    assert (newest.number, newest.signed_by, newest.officer, newest.fiscal_year) == (2, "password", None, YEAR)
    auditor = client_of(factories.member(Role.AUDITOR))
    page = auditor.get("/pernyataan/register/").content.decode()
    assert str(operator) in page
    book = auditor.post("/pernyataan/register/unduh/", {"filters": "versions=all"})
    assert b"".join(book.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # a file's answer streams
    told = auditor.post("/verifikasi/", {"digest": book["X-File-SHA256"]}).content.decode()
    assert "register-pernyataan" in told


def test_the_second_factor_signs_where_there_is_one(operator: User, client_of: ClientOf) -> None:
    give_app(operator)
    client = client_of(operator)
    data = {"answer": "none", "is_true": "on", "form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
    assert client.post("/pernyataan/tahunan/", data | {"signature": factories.PASSWORD[:16]}).status_code == 422
    code = code_of()
    # What is wrong beside it is said first: the code is not spent on it.
    assert client.post("/pernyataan/tahunan/", data | {"answer": "some", "signature": code}).status_code == 422
    assert client.post("/pernyataan/tahunan/", data | {"signature": code}).status_code == 302
    assert Declaration.objects.get().signed_by == "totp"


def results(*rows: dict[str, Any]) -> bytes:
    return json.dumps(list(rows)).encode()


def test_tender_results_merge_on_the_rup_code(operator: User) -> None:
    package = factories.PackageFactory(rup_code="61000001")
    known = factories.supplier(name="CV Lama", tax_number="012345678901234")
    first = {
        "kd_rup": "61000001",
        "nama_penyedia": "PT Baru Jaya",
        "npwp_penyedia": "01.999.888.7-777.000",
        "nilai_penawaran": 90_000_000,
        "pemenang": "ya",
        "no_kontrak": "K/1",
        "tgl_kontrak": f"{YEAR}-05-02",
        "nilai_kontrak": 89_000_000,
    }
    second = {
        "kd_rup": "61000001",
        "nama_penyedia": "C.V. LAMA",
        "npwp_penyedia": "012345678901234",
        "nilai_penawaran": "95.000.000",
        "alasan_gugur": "Tidak lengkap",
    }
    stranger = {"kd_rup": "69999999", "nama_penyedia": "PT Lain", "nilai_penawaran": 1}
    upload = hand_in(results(first, second, stranger), operator, name="tender.json")
    assert (3, "rup_code", "package_not_gated") in said(upload), "a warning, no refusal"
    assert (4, "rup_code", "package_unknown") in said(upload)
    take_over(upload, operator, "Paket dinas lain")
    new = Supplier.objects.get(name="PT Baru Jaya")
    assert new.tax_number == "019998887777000"
    assert {offer.supplier: offer.state for offer in Offer.objects.all()} == {new: "valid", known: "disqualified"}
    assert (Award.objects.get().supplier, Contract.objects.get().value_rupiah) == (new, Decimal(89_000_000))
    same = hand_in(results(first, second), operator, name="tender2.json")
    assert kind(same, "tender_results")["unchanged"] == 2, said(same)
    changed = hand_in(results(first | {"nilai_penawaran": 88_000_000}, second), operator, name="tender3.json")
    assert (kind(changed, "tender_results")["changed"], kind(changed, "tender_results")["unchanged"]) == (1, 1)
    take_over(changed, operator)
    assert Offer.objects.get(supplier=new).amount_rupiah == Decimal(88_000_000)
    other = hand_in(results(first | {"nilai_kontrak": 91_000_000}), operator, name="tender4.json")
    assert (2, "number", "contract_differs") in said(other)
    rival = hand_in(
        results(
            first
            | {
                "nama_penyedia": "CV Lama",
                "npwp_penyedia": "",
                "no_kontrak": "",
                "tgl_kontrak": "",
                "nilai_kontrak": "",
            }
        ),
        operator,
        name="t5.json",
    )
    assert (2, "supplier", "other_winner") in said(rival)
    flag_services.run()
    assert Flag.objects.filter(package=package, code="K14").exists(), "no declaration, and yet a contract"


def test_the_method_is_checked_while_typing(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    asked = {"kind": "goods", "method": "direct_procurement", "ceiling_rupiah": "500.000.000"}
    assert "Rp200.000.000" in client.get("/pengadaan/cek-metode/", asked).content.decode()
    assert client.get("/pengadaan/cek-metode/", asked | {"ceiling_rupiah": "5.000.000"}).content.strip() == b""
    assert client.get("/pengadaan/cek-metode/", {"ceiling_rupiah": "entah"}).status_code == 200


def test_the_contracting_page_takes_few_queries(announced: Package, operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/pengadaan/{announced.pk}/kontrak/")
        return len(seen)

    Offer.objects.create(package=announced, supplier=factories.supplier(), amount_rupiah=5)
    client.get(f"/pengadaan/{announced.pk}/kontrak/")
    few = count()
    Offer.objects.bulk_create(
        [Offer(package=announced, supplier=factories.supplier(), amount_rupiah=n) for n in range(6, 26)]
    )
    assert count() == few
    assert few <= 25
