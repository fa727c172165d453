"""Lists that name an OPD as it was called before: a mere rename is followed, another OPD's is refused with its heir."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.utils import timezone

from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.services import Plan, Target, carry_out
from accounts.models import Agency, User
from core.choices import Role
from core.importing.datasets import ImportScope
from tests import factories
from tests.private_folder import keep_private_files_in
from tests.uploads.test_uploads import hand_in, said, take_over
from uploads.belonging import Judge
from uploads.command_line import agency_of
from uploads.services import receive

YEAR = timezone.localdate().year
DAY = dt.date(YEAR, 1, 1)


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> None:
    keep_private_files_in(settings, tmp_path)


@pytest.fixture
def steward(db: None) -> User:
    return factories.member(Role.DATA_STEWARD)


def change(kind: str, target: Target, by: User, opd: str = "Disdikbud") -> Agency:
    old = factories.agency(opd)
    carry_out(Plan(old, kind, DAY, "Perda 4/2025", "Perangkat daerah berubah", [target]), by=by)
    old.refresh_from_db()
    return old


def wrong(agency: Agency, **row: Any) -> Any:
    return Judge(ImportScope(agency, YEAR, None)).wrong(row)


def test_a_mere_rename_is_followed(steward: User) -> None:
    target = Target(code="1.01.0.00.0.00.09.0000", name="Dinas Cerdas Kaltim", short_name="Cerdas")
    old = change(AgencyChangeKind.RENAME, target, steward)
    new = factories.agency("Cerdas")
    assert wrong(new, row_agency_code=old.code) is None
    assert wrong(new, row_agency_name=old.name) is None
    assert wrong(new, row_agency_code=new.code, row_agency_name=new.name) is None
    assert wrong(new, row_agency_code=factories.agency("Dinkes").code)[1] == "row_of_other_agency"


def test_the_code_of_a_merged_opd_is_refused_with_the_new_one(steward: User) -> None:
    into = factories.agency("Dinkes")
    old = change(AgencyChangeKind.MERGE, Target(existing=into), steward)
    field, code, params = wrong(into, row_agency_code=old.code)
    assert (field, code) == ("row_agency_code", "row_of_former_agency")
    assert into.code in params["agency"]
    assert f"{DAY:%d/%m/%Y}" in params["day"]


def test_a_list_of_the_year_is_the_successors(steward: User, operator: User) -> None:
    old = change(AgencyChangeKind.MERGE, Target(existing=factories.agency("Dinkes")), steward)
    operator = User.objects.get(pk=operator.pk)
    with pytest.raises(ValidationError, match="Dinas Kesehatan"):
        receive(file=None, agency=old, fiscal_year=YEAR, by=operator, options={})
    assert agency_of(old.code, operator, YEAR - 1) == old, "the year before is its own"
    with pytest.raises(CommandError):
        agency_of("9.99", operator, YEAR)


def test_the_list_of_opd_renames_nobody_by_itself(steward: User) -> None:
    used, unused = factories.agency("Disdikbud"), factories.agency("Dinsos")
    factories.ProgramFactory(fiscal_year=YEAR - 1)
    merged = change(AgencyChangeKind.MERGE, Target(existing=factories.agency("Dinkes")), steward, "DPMPD")
    rows = [
        f"{used.code};Dinas Pendidikan",
        f"{unused.code};Dinas Sosial Provinsi",
        f"{merged.code};{merged.name}",
        f"{factories.agency('Dinkes').code};DINAS KESEHATAN",
    ]
    upload = hand_in(
        "\n".join(["kode_skpd;nama_skpd;isskpd", *(f"{row};1" for row in rows)]).encode(), steward, name="data_unit.csv"
    )
    assert [(row, code) for row, _field, code in said(upload)] == [(2, "agency_renamed"), (4, "agency_is_former")]
    take_over(upload, steward, "Sisanya menyusul")
    unused.refresh_from_db()
    assert unused.name == "Dinas Sosial Provinsi", "nothing is shown under its name yet"
    assert factories.agency("Dinkes").name == "DINAS KESEHATAN", "another way to write it"
    assert factories.agency("Disdikbud").name == used.name
