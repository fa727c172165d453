"""A RUP code has one form wherever it is written, kept and asked for: a number, without zeros in front."""

import importlib
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from procurement.models import Package, TenderCode
from procurement.packages.forms import PackageForm, RupField
from tests import factories
from tests.uploads.handing_in import Preview, TakeOver, preview, take_over
from tests.uploads.test_files import YEAR, made, world

__all__ = ["made", "preview", "take_over", "world"]
HELD = "61000001"
Row = dict[str, Any]


def row(**values: Any) -> Row:
    said = {"kd_rup": f"0{HELD}", "nama_paket": "Paket Satu", "jenisPengadaan": "Barang", "metode": "Tender"}
    return said | {"pagu": 200_000_000} | values


@pytest.mark.parametrize("code", [f"0{HELD}", f"000{HELD}", int(HELD), f"{HELD}.0", f"'0{HELD}", f'="{HELD}"'])
def test_a_plan_of_a_package_that_is_there(code: Any, preview: Preview) -> None:
    assert preview([row(kd_rup=code)]).statuses == ["unchanged"]
    changed = preview([row(kd_rup=code, pagu=210_000_000)])
    assert (changed.statuses, changed.rows[0]["key"]) == (["changed"], HELD)


def test_a_new_plan_is_kept_without_zeros(take_over: TakeOver) -> None:
    take_over([row(kd_rup="0061000077", nama_paket="Baru")])
    assert Package.objects.filter(rup_code="61000077").count() == 1


def test_one_package_in_two_forms_contradicts_itself(preview: Preview) -> None:
    found = preview([row(kd_rup="61000077"), row(kd_rup="061000077", pagu=1_000_000)])
    assert found.statuses == ["refused", "refused"]


def test_zeros_alone_and_too_few_digits_are_no_code(preview: Preview) -> None:
    found = preview([row(kd_rup="000000000"), row(kd_rup="000061000")])
    assert found.statuses == ["refused", "refused"]


def test_several_codes_and_the_code_of_a_tender(take_over: TakeOver, preview: Preview) -> None:
    take_over([row(kd_rup="61000077", nama_paket="Baru")])
    take_over([{"kd_rup": f"0{HELD}; 061000077", "kd_tender": "09876001.0"}])
    assert set(TenderCode.objects.values_list("package__rup_code", "code")) == {
        (HELD, "9876001"),
        ("61000077", "9876001"),
    }
    assert preview([{"kd_rup": HELD, "kd_tender": 9876001}]).statuses == ["unchanged"]


def test_forms_and_searches(world: User) -> None:
    package = Package.objects.get(rup_code=HELD)
    agency, asked = package.agency, f"0{HELD}"
    form = PackageForm({"rup_code": asked}, instance=package, agency=agency, fiscal_year=YEAR)
    form.is_valid()
    assert form.cleaned_data["rup_code"] == HELD
    assert RupField(agency=agency).clean(asked) == package
    twin = PackageForm({"rup_code": asked}, agency=agency, fiscal_year=YEAR)
    assert "rup_code" in twin.errors
    assert list(Package.objects.filter(rup_code__startswith="06100")) == list(
        Package.objects.filter(rup_code__startswith="6100")
    )


def test_whatever_writes_a_package_keeps_one_form(world: User) -> None:
    package = factories.PackageFactory(rup_code="062000001")
    package.refresh_from_db()
    assert package.rup_code == "62000001"


def test_codes_that_were_kept_with_zeros(world: User) -> None:
    """By the migration, announced packages too; two that become one stay as they are."""
    codes = ["62000001", "62000002", "62000003"]
    packages = [factories.cleared_package(rup_code=code) for code in codes]
    TenderCode.objects.create(package=packages[0], kind="tender", code="987")
    with connection.cursor() as cursor:
        announced = Package.objects.get(state="announced")
        old = {packages[0].pk: "062000001", packages[1].pk: "062000003", announced.pk: f"00{announced.rup_code}"}
        for pk, code in old.items():
            cursor.execute("UPDATE procurement_package SET rup_code = %s WHERE id = %s", [code, pk])
        for code in ("0987", "00654", "EP-01"):
            cursor.execute(
                "INSERT INTO procurement_tendercode (package_id, kind, code) VALUES (%s, 'tender', %s)",
                [packages[0].pk, code],
            )
        cursor.execute(importlib.import_module("procurement.migrations.0034_codes_without_zeros").ONE_FORM)
    found = [Package.objects.get(pk=package.pk).rup_code for package in packages]
    assert found == ["62000001", "062000003", "62000003"]
    assert Package.objects.get(state="announced").rup_code == announced.rup_code
    assert set(TenderCode.objects.values_list("code", flat=True)) == {"987", "654", "EP-01"}
