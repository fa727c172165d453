"""Packages, declarations, the gate before the announcement, and the auditor's files."""

import csv
import hashlib
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from core.choices import Role
from core.exports.columns import ExportColumn, as_cells
from core.exports.csv_files import write_csv
from core.exports.formulas import safe_text
from core.exports.workbooks import ExportSheet, write_workbook
from core.models import AuditEvent
from procurement.models import Declaration, Interest, Officer, Package
from tests import factories
from tests.procurement.red_flags import cases

ClientOf = Callable[[User], Client]
INTEREST = {
    "form-TOTAL_FORMS": "1",
    "form-INITIAL_FORMS": "0",
    "form-0-kind": "family",
    "form-0-nature": "potential",
    "form-0-party_name": "CV Contoh",
    "form-0-party_identity": "6472.0101.0180.0005",
    "form-0-relation": "adik kandung",
}


@pytest.fixture
def ppk(db: None) -> User:
    return factories.member(Role.OPERATOR)


def test_the_whole_way_to_the_announcement(operator: User, head: User, ppk: User, client_of: ClientOf) -> None:
    typist, official, chief = client_of(operator), client_of(ppk), client_of(head)
    data = {
        "rup_code": "61234567",
        "name": "Alat peraga",
        "kind": "goods",
        "method": "tender",
        "ceiling_rupiah": "1.500.000.000",
        "hps_rupiah": "1.450.000.000",
    }
    typist.post("/pengadaan/baru/", data)
    package = Package.objects.get()
    announce = {"state": "announced", "version": package.version}
    blocked = typist.post(f"/pengadaan/{package.pk}/langkah/", announce)
    assert blocked.status_code == 422
    assert "PPK belum ditugaskan" in blocked.content.decode()
    typist.post(f"/pengadaan/{package.pk}/pejabat/", {"user": ppk.pk, "role": "ppk"})
    assert ppk.notices.count() == 1
    officer = Officer.objects.get()
    assert "belum membuat pernyataan" in typist.post(f"/pengadaan/{package.pk}/langkah/", announce).content.decode()
    official.post(
        f"/pernyataan/isi/{officer.pk}/",
        {
            "answer": "none",
            "is_true": "on",
            "signature": factories.PASSWORD,
            "form-TOTAL_FORMS": "0",
            "form-INITIAL_FORMS": "0",
        },
    )
    assert "Atasan belum memutus" in typist.post(f"/pengadaan/{package.pk}/langkah/", announce).content.decode()
    declaration = Declaration.objects.get()
    chief.post(f"/pernyataan/{declaration.pk}/putusan/", {"kind": "no_conflict", "reason": "Tidak ada benturan"})
    assert typist.post(f"/pengadaan/{package.pk}/langkah/", announce).status_code == 302
    package.refresh_from_db()
    assert package.state == "announced"
    frozen = typist.post(f"/pengadaan/{package.pk}/ubah/", data | {"version": package.version}, follow=True)
    assert "tidak dapat diubah lagi" in frozen.content.decode()


def test_a_correction_is_a_new_version_and_opens_the_gate_again(ppk: User, client_of: ClientOf) -> None:
    package = factories.cleared_package(ppk)
    officer = package.officer_rows.get()
    client_of(ppk).post(
        f"/pernyataan/isi/{officer.pk}/",
        INTEREST | {"answer": "some", "is_true": "on", "signature": factories.PASSWORD},
    )
    assert [d.number for d in officer.declarations.order_by("number")] == [1, 2]
    assert officer.declarations.current().get().number == 2
    assert Package.objects.without_declarations().filter(pk=package.pk).exists()


@pytest.mark.parametrize(("nature", "versions"), [("actual", [1, 2]), ("potential", [1, 2]), ("perceived", [1])])
def test_a_nature_that_the_regulation_knows(nature: str, versions: list[int], ppk: User, client_of: ClientOf) -> None:
    officer = factories.cleared_package(ppk).officer_rows.get()
    address = f"/pernyataan/isi/{officer.pk}/"
    assert 'value="perceived"' not in client_of(ppk).get(address).content.decode()
    given = INTEREST | {"answer": "some", "is_true": "on", "signature": factories.PASSWORD, "form-0-nature": nature}
    client_of(ppk).post(address, given)
    assert [d.number for d in officer.declarations.order_by("number")] == versions


def test_postgresql_keeps_the_gate_shut_by_itself(db: None) -> None:
    package = factories.PackageFactory()
    with pytest.raises(IntegrityError, match="lacks decided declarations"), transaction.atomic():
        Package.objects.filter(pk=package.pk).update(state="announced", announced_at=package.updated_at)
    cleared = factories.cleared_package()
    Package.objects.filter(pk=cleared.pk).update(state="announced", announced_at=cleared.updated_at)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.PackageFactory(state="announced", announced_at=package.updated_at)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("rup_code", "abc", "6 sampai 12 angka"),
        ("rup_code", "60000001", "sudah ada"),
        ("hps_rupiah", "2.000.000.000", "paling tinggi sebesar pagu"),
        ("ceiling_rupiah", "0", "lebih dari nol"),
        ("ceiling_rupiah", "seratus", "bukan angka"),
        ("kind", "rahasia", "bukan salah satu"),
    ],
)
def test_bad_packages_are_refused_with_the_remedy(
    field: str, typed: str, message: str, operator: User, client_of: ClientOf
) -> None:
    factories.PackageFactory(rup_code="60000001")
    data = {
        "rup_code": "61234567",
        "name": "Alat",
        "kind": "goods",
        "method": "tender",
        "ceiling_rupiah": "1.500.000.000",
        "hps_rupiah": "1.450.000.000",
    }
    page = client_of(operator).post("/pengadaan/baru/", data | {field: typed})
    assert page.status_code == 200
    assert message in page.content.decode()
    assert Package.objects.count() == 1


def test_cancelling_needs_a_reason(operator: User, client_of: ClientOf) -> None:
    package = factories.PackageFactory()
    address = f"/pengadaan/{package.pk}/langkah/"
    silent = client_of(operator).post(address, {"state": "cancelled", "version": package.version})
    assert silent.status_code == 422
    client_of(operator).post(
        address, {"state": "cancelled", "version": package.version, "comment": "Pergeseran anggaran"}
    )
    package.refresh_from_db()
    assert package.state == "cancelled"


def test_identity_numbers_are_encrypted_masked_and_each_look_is_logged(
    ppk: User, head: User, auditor: User, client_of: ClientOf
) -> None:
    package = factories.PackageFactory()
    officer = Officer.objects.create(package=package, user=ppk, role="ppk")
    client_of(ppk).post(
        f"/pernyataan/isi/{officer.pk}/",
        INTEREST | {"answer": "some", "is_true": "on", "signature": factories.PASSWORD},
    )
    interest = Interest.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT party_identity FROM procurement_interest")
        assert "6472" not in cursor.fetchone()[0]
    address = interest.declaration.get_absolute_url()
    page = client_of(auditor).get(address).content.decode()
    assert "6472010101800005" not in page
    assert "0005" in page
    look = f"/pernyataan/kepentingan/{interest.pk}/buka/"
    assert "6472010101800005" not in client_of(auditor).post(look, {"reason": ""}).content.decode()
    assert "6472010101800005" in client_of(auditor).post(look, {"reason": "Pemeriksaan khusus"}).content.decode()
    event = AuditEvent.objects.get(action="identity.unmasked")
    assert (event.actor_id, event.reason) == (auditor.pk, "Pemeriksaan khusus")


@pytest.fixture
def packages(db: None) -> list[Package]:
    return [
        factories.cleared_package(name="=HYPERLINK(1)", ceiling_rupiah=Decimal("150000000.50")),
        factories.PackageFactory(name="@SUM(A1)", method="tender"),
        factories.PackageFactory(name="Paket Dinkes", agency=factories.agency("Dinkes")),
    ]


def export(client: Client, kind: str, filters: str = "") -> Any:
    return client.post("/audit/pengadaan/unduh/", {"format": kind, "filters": filters})


@pytest.mark.parametrize(
    "filters", ["", "method=tender", "declarations=missing", "ceiling_min=150.000.000,25", "q=dinkes"]
)
def test_files_and_screen_have_the_same_rows_and_sums(
    filters: str, packages: list[Package], auditor: User, client_of: ClientOf
) -> None:
    client = client_of(auditor)
    screen = client.get(f"/audit/pengadaan/?{filters}").context
    totals, shown = screen["totals"], [row.record.rup_code for row in screen["page"]]
    text = b"".join(export(client, "csv", filters).streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Kode RUP"] for row in rows] == shown
    assert sum((Decimal(row["Pagu (Rp)"].replace(",", ".")) for row in rows), Decimal(0)) == totals.ceiling_rupiah
    book = openpyxl.load_workbook(io.BytesIO(b"".join(export(client, "xlsx", filters).streaming_content)))
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("Pagu (Rp)")
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [line[0] for line in lines[:-1]] == shown
    assert Decimal(str(lines[-1][column] or 0)) == totals.ceiling_rupiah
    facts = {row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert facts["Jumlah baris"] == str(totals.packages)


def test_no_cell_becomes_a_formula(packages: list[Package], auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(export(client, "xlsx").streaming_content)))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    text = b"".join(export(client, "csv").streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text
    assert "'@SUM(A1)" in text


@given(st.text(max_size=30))
def test_any_text_is_safe_in_a_spreadsheet(text: str) -> None:
    shown = safe_text(text)
    assert not shown.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert text in shown


def test_an_export_is_written_into_the_trail_with_its_hash(
    packages: list[Package], auditor: User, client_of: ClientOf
) -> None:
    response = export(client_of(auditor), "xlsx", "method=tender")
    body = b"".join(response.streaming_content)
    event = AuditEvent.objects.get(action="procurement_report.exported")
    assert event.details["sha256"] == hashlib.sha256(body).hexdigest() == response.headers["X-File-SHA256"]
    assert event.details["filters"] == {"method": ["tender"]}
    assert (event.details["rows"], event.actor_id) == (1, auditor.pk)


def test_a_format_that_is_not_offered_is_refused(auditor: User, client_of: ClientOf) -> None:
    assert export(client_of(auditor), "exe").status_code == 400


def test_writers_agree_on_every_kind_of_cell() -> None:
    columns = [ExportColumn("T", lambda row: row[0]), ExportColumn("N", lambda row: row[1], kind="number", total=True)]
    cells = list(as_cells(columns, [("a", Decimal("1.5")), (None, None), ("-b", Decimal(-2))]))
    plain, book = io.BytesIO(), io.BytesIO()
    assert write_csv(plain, columns, cells) == write_workbook(book, [ExportSheet("x", columns, cells)], [])["x"] == 3
    assert plain.getvalue().decode("utf-8-sig").splitlines() == ["T;N", "a;1,5", ";", "'-b;-2"]


@pytest.mark.parametrize(
    "query", ["ceiling_min=abc", "agency=99999", "method=x", "halaman=xyz", "halaman=-1", "q=%00", "kind=%F0%9F%98%80"]
)
def test_nonsense_in_the_address_is_no_error(query: str, auditor: User, client_of: ClientOf) -> None:
    client = client_of(auditor)
    for address in (
        "/audit/pengadaan/",
        "/pengadaan/",
        "/program/",
        "/laporan/",
        "/laporan/nilai/",
        "/acuan/",
        "/cari/",
    ):
        assert client.get(f"{address}?{query}").status_code == 200


def test_the_contract_stands_beside_the_ceiling(auditor: User, client_of: ClientOf) -> None:
    """Of all contracts that hold, after their last addenda; a package without one has none, not zero."""
    signed, bare = (factories.cleared_package(ceiling_rupiah=Decimal(900_000_000)) for _n in range(2))
    first = cases.contract(signed, factories.supplier(name="PT Satu"), millions=500)
    cases.addenda(first, "520", "510")
    cases.contract(signed, factories.supplier(name="PT Dua"), millions=100)
    replaced = cases.contract(signed, factories.supplier(name="PT Tiga"), millions=70)
    type(replaced).objects.filter(pk=replaced.pk).update(superseded_at=timezone.now())
    for url in ("/pengadaan/", "/audit/pengadaan/"):
        rows = {row.pk: row for row in client_of(auditor).get(url).context["table"].page.object_list.data}
        assert rows[signed.pk].contract_rupiah == Decimal(610_000_000)
        assert rows[bare.pk].contract_rupiah is None
        assert "610.000.000" in client_of(auditor).get(url).content.decode()
