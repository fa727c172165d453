"""KOSONGKAN in every column of every list of procurement: what the portal holds goes and is counted, or the cell is
refused. Never is it read without a word."""

import datetime as dt
from typing import Any

import pytest

from core.importing.datasets import registry
from core.importing.fields import CLEAR
from procurement.models import Offer, Package, Supplier, TenderCode
from tests.uploads.handing_in import Preview, preview
from tests.uploads.test_files import made, world

__all__ = ["made", "preview", "world"]
KINDS = ("sirup_packages", "tender_codes", "tender_results", "pyproc_tenders")
ROWS: dict[str, dict[str, Any]] = {
    "sirup_packages": {
        "rup_code": "61000001",
        "name": "Paket Satu",
        "kind": "Barang",
        "method": "Tender",
        "ceiling_rupiah": 200_000_000,
    },
    "tender_codes": {"rup_code": "61000002", "tender_code": 7},
    "tender_results": {"rup_code": "61000002", "supplier": "CV Mahakam", "offer_rupiah": 100},
    "pyproc_tenders": {"code": "7", "tender_name": "x", "winners": "null"},
}
EMPTIED = {
    ("sirup_packages", "rup_published_on"),
    ("sirup_packages", "kbki_code"),
    ("sirup_packages", "self_managed_type"),
    ("tender_results", "offer_rupiah"),
}
COLUMNS = [(kind, field.name) for kind in KINDS for field in registry()[kind].shape.shown]


@pytest.fixture
def held(world: Any) -> None:
    """Something stands under everything that can be emptied."""
    package = Package.objects.filter(rup_code="61000001")
    package.update(rup_published_on=dt.date(2026, 1, 5), kbki_code="12345", self_managed_type="I")
    announced = Package.objects.get(rup_code="61000002")
    Offer.objects.create(package=announced, supplier=Supplier.objects.get(), amount_rupiah=100, state="valid")
    TenderCode.objects.create(package=announced, kind="tender", code="7")


@pytest.mark.parametrize(("kind", "column"), COLUMNS)
def test_a_word_that_empties_is_counted_or_refused(kind: str, column: str, held: None, preview: Preview) -> None:
    fields = {field.name: field for field in registry()[kind].shape.fields}
    said = ROWS[kind] | {column: CLEAR}
    found = preview([{fields[name].headings[0]: value for name, value in said.items()}], "csv", kind=kind)
    if (kind, column) in EMPTIED:
        assert [row["emptied"] for row in found.rows] == [[column]], found
        assert found.summary["emptied"] == 1
        assert found.statuses == ["changed"]
    else:
        assert found.statuses == ["refused"]
        assert "tidak dapat dikosongkan" in found.problems, found


def test_every_kind_of_list_of_procurement_is_swept() -> None:
    assert {name for name, each in registry().items() if type(each).__module__.startswith("procurement.")} == set(KINDS)
