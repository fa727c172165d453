"""The nomenclature's decisions as data: each code says by which it came, and the newest of the year is cited."""

from pathlib import Path
from typing import Any

import pytest

from core.choices import Role
from programs.imports.codes import regulation_of
from programs.models import Nomenclature, NomenclatureVersion
from programs.models.nomenclature import decision_of
from tests import factories
from tests.private_folder import keep_private_files_in
from tests.uploads.test_uploads import hand_in, take_over, workbook

OLD, FIRST = "Kepmendagri 050-5889/2021", "Kepmendagri 900.1.15.5-1317/2023"
SECOND, NEWEST = "Kepmendagri 900.1.15.5-3406/2024", "Kepmendagri 900.1-861/2026"


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Path) -> None:
    keep_private_files_in(settings, tmp_path)


@pytest.mark.parametrize(
    ("year", "cited"), [(2022, OLD), (2023, FIRST), (2025, SECOND), (2026, NEWEST), (2030, NEWEST)]
)
def test_the_newest_of_the_year_is_in_force(db: None, year: int, cited: str) -> None:
    newest = NomenclatureVersion.objects.in_force(year)
    assert newest is not None
    assert newest.regulation == cited


def test_a_code_names_its_own_decision_and_the_newest(db: None) -> None:
    code = Nomenclature.objects.get(code="1.01.02")
    assert code.cited_in(2023) == FIRST
    assert code.cited_in(2026) == f"{FIRST}, terakhir diubah dengan {NEWEST}"
    own = Nomenclature(code="1.01.99", regulation=NEWEST, valid_from=2026)
    assert own.cited_in(2026) == NEWEST


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("1.01.02.1.01.01", None, (OLD, 2021)),
        ("1.01.02.1.01.0001", None, (FIRST, 2023)),
        ("1.01.02.1.01.0001", 2025, (SECOND, 2024)),
        ("1.01.02.1.01.0001", 2026, (NEWEST, 2026)),
        ("1.01.02.1.01.0001", 2020, (FIRST, 2023)),
    ],
)
def test_by_which_decision_a_code_came(db: None, code: str, year: int | None, expected: tuple[str, int]) -> None:
    assert regulation_of(code, NomenclatureVersion.objects.all(), year) == expected


def test_a_portal_without_decisions_still_reads_lists() -> None:
    assert decision_of([], digits=4, year=2026) is None
    assert regulation_of("1.01.02.1.01.0001", [], 2026) == ("Permendagri 90/2019", 2023)


def test_a_list_of_a_year_names_that_years_decision(db: None) -> None:
    steward = factories.member(Role.DATA_STEWARD)
    heads = [
        "kode_urusan",
        "nama_urusan",
        "kode_program",
        "nama_program",
        "kode_sub_giat",
        "nama_sub_giat",
        "mulai_tahun",
    ]
    row = ["1", "X", "1.01.99", "1.01.99 PROGRAM BARU", "1.01.99.1.01.0001", "1.01.99.1.01.0001 Sub baru", 2026]
    take_over(hand_in(workbook({"prog": [heads, row]}), steward), steward)
    assert Nomenclature.objects.get(code="1.01.99.1.01.0001", valid_from=2026).regulation == NEWEST


def test_the_page_of_a_programme_cites_it(db: None) -> None:
    program = factories.ProgramFactory(fiscal_year=2026)
    page = factories.signed_in(factories.member(Role.OPERATOR)).get(f"/program/{program.pk}/").content.decode()
    assert f">{NEWEST}</a>" in page
    assert "belum dicocokkan dengan naskah" in page
