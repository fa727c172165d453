"""Rows that say of themselves whether they still hold, in the words and letters of different systems."""

from typing import Any

import pytest

from tests.uploads.handing_in import Preview, preview
from tests.uploads.test_files import made, world

__all__ = ["made", "preview", "world"]


def row(code: int, **values: Any) -> dict[str, Any]:
    plan = {"nama_paket": "Paket", "pagu": 50_000_000, "metode": "Tender", "jenisPengadaan": "Barang"}
    return {"kd_rup": str(code)} | plan | values


def test_only_what_is_announced_counts(preview: Preview) -> None:
    words = ["Terumumkan", "Sudah", "sudah diumumkan", "", "Belum Terumumkan", "Tidak Terumumkan", "Dibatalkan", "Draf"]
    found = preview([row(61000060 + at, status_umumkan_rup=word) for at, word in enumerate(words)])
    assert found.statuses == ["new"] * 4
    assert any("4 baris" in note for note in found.summary["notes"])


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_letters_for_true_and_false_as_postgresql_writes_them(kind: str, preview: Preview) -> None:
    """`t` in a list with `f` is true."""
    flags = [("t", "f"), ("f", "f"), ("t", "t")]
    rows = [
        row(61000070 + at, status_aktif_rup=active, status_delete_rup=deleted)
        for at, (active, deleted) in enumerate(flags)
    ]
    found = preview(rows, kind)
    assert [each["key"] for each in found.rows] == ["61000070"]
    assert found.statuses == ["new"]
    assert any("2 baris" in note for note in found.summary["notes"])


def test_beside_y_the_letter_t_is_tidak(preview: Preview) -> None:
    found = preview([row(61000080, status_delete_rup="t"), row(61000081, status_delete_rup="y")], "csv")
    assert [each["key"] for each in found.rows] == ["61000080"]


def test_alone_the_letter_t_may_be_either(preview: Preview) -> None:
    found = preview([row(61000080, status_delete_rup="t")], "csv")
    assert found.statuses == ["refused"]
    assert "Ya atau Tidak" in found.problems


def test_nothing_that_a_row_says_of_itself_can_be_emptied(preview: Preview) -> None:
    for heading in ("tahun_anggaran", "tahun", "kode_skpd", "nama_satker", "nama_klpd", "status_aktif_rup"):
        found = preview([row(61000080, **{heading: "KOSONGKAN"})], "csv")
        assert "tidak dapat dikosongkan" in found.problems, heading
