"""What holds for any list: its own rows again change nothing, their order doesn't matter, taking back restores all."""

import csv
import io
import random
from decimal import Decimal
from typing import Any

import hypothesis
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import strategies as st

from accounts.models import User
from core.numbers import format_number
from procurement.models import Package
from programs.models import AccountRealisation
from tests.uploads.test_files import _handed_in, made, world
from tests.uploads.test_undo import everything, take_back
from uploads import services as uploads
from uploads.models import Upload

__all__ = ["made", "world"]
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=30)
MONEY = st.decimals(min_value=1, max_value=10**13, places=2)
FEW = hypothesis.settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
PACKAGES = st.lists(
    st.fixed_dictionaries(
        {
            "kd_rup": st.integers(10**7, 10**9).map(str),
            "nama_paket": TEXT,
            "jenis_pengadaan": st.sampled_from(["Barang", "Pekerjaan Konstruksi", "Jasa Lainnya;Barang"]),
            "metode_pengadaan": st.sampled_from(["Tender", "E-Purchasing", "Kontes"]),
            "pagu": MONEY,
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row["kd_rup"],
)
REALISATIONS = st.lists(
    st.fixed_dictionaries(
        {
            "kode_sbl": st.sampled_from(["1.2.1", "1.2.2"]),
            "kode_akun": st.integers(1, 9999).map(lambda number: f"5.1.02.01.01.{number:04d}"),
            "rak": st.one_of(st.none(), MONEY),
            "realisasi": st.one_of(st.none(), MONEY),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: (row["kode_sbl"], row["kode_akun"]),
)


def written(rows: list[dict[str, Any]]) -> bytes:
    """As Excel in Indonesia writes a CSV."""
    file = io.StringIO()
    to = csv.DictWriter(file, list(rows[0]), delimiter=";", lineterminator="\r\n")
    to.writeheader()
    to.writerows(
        {name: format_number(value, 2) if isinstance(value, Decimal) else value for name, value in row.items()}
        for row in rows
    )
    return file.getvalue().encode()


def handed_in(rows: list[dict[str, Any]], by: User) -> Upload:
    return _handed_in(written(rows), "daftar.csv", by)


def take_over(rows: list[dict[str, Any]], by: User) -> Upload:
    upload = handed_in(rows, by)
    uploads.request_apply(pk=upload.pk, by=by, reason="Sudah diperiksa", enqueue=False)
    uploads.apply(upload.pk)
    upload.refresh_from_db()
    assert upload.state == "applied", upload.problem
    return upload


def packages_of_the_portal() -> list[dict[str, Any]]:
    kinds = {"goods": "Barang", "works": "Pekerjaan Konstruksi", "other_services": "Jasa Lainnya"}
    methods = {"tender": "Tender", "e_purchasing": "E-Purchasing", "contest": "Sayembara"}
    return [
        {
            "kd_rup": row.rup_code,
            "nama_paket": row.name,
            "jenis_pengadaan": kinds[row.kind],
            "metode_pengadaan": methods[row.method],
            "pagu": row.ceiling_rupiah,
        }
        for row in Package.objects.order_by("?")
    ]


def realisations_of_the_portal() -> list[dict[str, Any]]:
    rows = AccountRealisation.objects.select_related("sub_activity").order_by("?")
    return [
        {
            "kode_sbl": row.sub_activity.sbl_code,
            "kode_akun": row.account_code,
            "rak": row.planned_rupiah,
            "realisasi": row.realised_rupiah,
        }
        for row in rows
    ]


def outcome(upload: Upload) -> list[tuple[Any, ...]]:
    """What would become of each row, whatever its number."""
    counts = upload.counts["kinds"]
    return sorted((name, *sorted(each.items(), key=str)) for name, each in counts.items() if isinstance(each, dict))


def _same_again(rows: list[dict[str, Any]], by: User) -> None:
    counts = outcome(handed_in(rows, by))
    for _name, *items in counts:
        said = dict(items)
        assert (said["new"], said["changed"], said["refused"], said["emptied"]) == (0, 0, 0, 0), said
        assert said["unchanged"] == len(rows)


@FEW
@hypothesis.given(rows=PACKAGES)
def test_packages(rows: list[dict[str, Any]], world: User) -> None:
    with transaction.atomic():
        before = everything()
        upload = take_over(rows, world)
        _same_again(packages_of_the_portal(), world)
        assert take_back(upload, world), upload.problem
        assert everything() == before
        transaction.set_rollback(True)


@FEW
@hypothesis.given(rows=REALISATIONS)
def test_realisations(rows: list[dict[str, Any]], world: User) -> None:
    with transaction.atomic():
        before = everything()
        upload = take_over(rows, world)
        _same_again(realisations_of_the_portal(), world)
        assert take_back(upload, world), upload.problem
        assert everything() == before
        transaction.set_rollback(True)


@FEW
@hypothesis.given(rows=REALISATIONS, seed=st.integers(0, 99))
def test_the_order_of_rows_and_columns_does_not_matter(rows: list[dict[str, Any]], seed: int, world: User) -> None:
    dice = random.Random(seed)
    names = list(rows[0])
    dice.shuffle(names)
    shuffled = [{name: row[name] for name in names} for row in dice.sample(rows, len(rows))]
    with transaction.atomic():
        assert outcome(handed_in(rows, world)) == outcome(handed_in(shuffled, world))
        take_over(shuffled, world)
        _same_again(realisations_of_the_portal(), world)
        transaction.set_rollback(True)
