"""Lists of SPSE and LKPP on what became of packages: whom they are about, who won, and what they don't say."""

import itertools
import json
from typing import Any

import pytest

from procurement.choices import OfferState
from procurement.contracts.bidders import mark_of
from procurement.contracts.firms import form_of, plain_number
from procurement.models import Award, Contract, Offer, Package, Supplier, TenderCode
from tests import factories
from tests.uploads.handing_in import Preview, PreviewFile, Rows, TakeOver, preview, preview_file, take_over
from tests.uploads.test_files import YEAR, made, world

__all__ = ["made", "preview", "preview_file", "take_over", "world"]
ANNOUNCED = "61000002"
PLANNED = "61000001"
TENDER = 10011868000
Row = dict[str, Any]


def announcement(**values: Any) -> Row:
    """SPSE-TenderPengumuman, the columns that matter."""
    return {"tahun_anggaran": YEAR, "kd_tender": TENDER, "kd_pkt_dce": 1, "kd_rup": ANNOUNCED, "hps": 1.5} | values


def participant(name: str, **values: Any) -> Row:
    """SPSE-PesertaTender: the tender's own code, no RUP code."""
    row = {"kd_tender": TENDER, "kd_peserta": 7, "nama_penyedia": name, "npwp_penyedia": "", "npwp_penyedia_16": ""}
    return row | {"nilai_penawaran": 100, "pemenang": 0, "alasan": ""} | values


def result(name: str, **values: Any) -> Row:
    return {"kd_rup": ANNOUNCED, "nama_penyedia": name, "nilai_penawaran": 100} | values


def contract(name: str, number: str, value: int, **values: Any) -> Row:
    row = {"kd_rup": ANNOUNCED, "nama_penyedia": name, "no_kontrak": number}
    return row | {"tgl_kontrak": "2026-03-01", "nilai_kontrak": value} | values


# -- codes of tenders --------------------------------------------------------------------------------------------------


def test_an_announcement_teaches_the_code_of_the_tender(take_over: TakeOver, preview: Preview) -> None:
    unknown = preview([participant("CV Satu")])
    assert unknown.statuses == ["refused"]
    assert "SPSE-TenderPengumuman" in unknown.problems
    take_over([announcement()])
    assert preview([announcement()]).statuses == ["unchanged"]
    assert preview([participant("CV Satu")]).statuses == ["new"]
    take_over([participant("CV Satu"), participant("CV Dua", pemenang=1, nilai_penawaran=90)])
    assert Award.objects.get().package.rup_code == ANNOUNCED
    assert preview([participant("CV Satu"), participant("CV Dua", pemenang=1, nilai_penawaran=90)]).statuses == [
        "unchanged",
        "unchanged",
    ]


def test_a_list_with_both_codes_teaches_as_well(take_over: TakeOver, preview: Preview) -> None:
    value = {"kd_tender": TENDER, "kd_rup_paket": ANNOUNCED, "nama_penyedia": "CV Dua", "nilai_kontrak": 90}
    take_over([value])
    assert TenderCode.objects.get().code == str(TENDER)
    assert preview([participant("CV Satu")]).statuses == ["new"]


def test_a_tender_of_several_packages_needs_the_rup_code(take_over: TakeOver, preview: Preview) -> None:
    take_over([announcement(kd_rup=f"{PLANNED};{ANNOUNCED}")])
    assert TenderCode.objects.count() == 2
    refused = preview([participant("CV Satu")])
    assert refused.statuses == ["refused"]
    assert f"{PLANNED}, {ANNOUNCED}" in refused.problems
    assert preview([participant("CV Satu", kd_rup=ANNOUNCED)]).statuses == ["new"]


def test_a_package_may_be_tendered_twice(take_over: TakeOver, preview: Preview) -> None:
    take_over([announcement(), announcement(kd_tender=10011868001)])
    for code in (TENDER, 10011868001):
        assert preview([participant("CV Satu", kd_tender=code)]).statuses == ["new"]


def test_equal_codes_of_different_systems_are_not_the_same(take_over: TakeOver, preview: Preview) -> None:
    take_over([announcement()])
    row = participant("CV Satu")
    row["kd_nontender"] = row.pop("kd_tender")
    assert preview([row]).statuses == ["refused"]


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        ([announcement(mtd_pemilihan="Tender", tgl_penetapan_pemenang="2026-03-01", mak="1.2")], ["tender"]),
        ([{"kd_nontender": 5, "kd_rup": ANNOUNCED, "nama_paket": "x", "pagu": 1, "hps": 1}], ["non_tender"]),
        ([{"kd_nontender_pct": 5, "kd_rup": ANNOUNCED, "nama_paket": "x", "total_realisasi": 1}], ["recorded"]),
        (
            [{"kd_swakelola_pct": 5, "kd_rup": PLANNED, "nama_paket": "x", "pagu": 1, "tipe_swakelola": 1}],
            ["self_managed"],
        ),
        ([{"kd_paket": 5, "kd_rup": ANNOUNCED, "kd_produk": at, "total_harga": 10} for at in (1, 2)], ["order"]),
        ([{"kd_paket": "01K32QD12X", "kd_rup": ANNOUNCED, "rup_nama_pkt": "x", "total_harga": 10}], ["order"]),
    ],
)
def test_lists_without_a_firm_say_which_package_a_code_is_of(rows: Rows, kinds: list[str], take_over: TakeOver) -> None:
    before = list(Package.objects.order_by("pk").values())
    take_over(rows)
    assert list(TenderCode.objects.values_list("kind", flat=True)) == kinds
    assert list(Package.objects.order_by("pk").values()) == before


def test_purchases_that_are_only_recorded_are_contracts(take_over: TakeOver) -> None:
    common = {"kd_nontender_pct": 5, "kd_rup_paket": ANNOUNCED, "tgl_realisasi": "2026-03-01", "npwp_penyedia": ""}
    forms = {"Surat Perjanjian": "kontrak", "Kwitansi": "kuitansi", "Bukti Pembelian": "kuitansi", "SPK": "spk"}
    take_over(
        [
            common
            | {"jenis_realisasi": form, "no_realisasi": f"K/{at}", "nilai_realisasi": 10 + at, "nama_penyedia": "A"}
            for at, form in enumerate(forms)
        ]
    )
    assert sorted(Contract.objects.values_list("kind", flat=True)) == sorted(forms.values())
    assert Offer.objects.count() == 1
    assert Award.objects.get().amount_rupiah == 10 + 11 + 12 + 13


def test_a_contract_list_that_knows_only_the_tender(take_over: TakeOver, preview: Preview) -> None:
    take_over([announcement()])
    row = {
        "kd_tender": TENDER,
        "no_kontrak": "027/1",
        "tgl_kontrak": "2025-02-03T00:00:00.000000Z",
        "nilai_kontrak": 90,
    }
    row |= {"nama_penyedia": "CV Dua", "apakah_addendum": "Tidak"}
    assert preview([row]).statuses == ["new"]
    addendum = preview([row | {"apakah_addendum": "Ya"}])
    assert addendum.statuses == ["refused"]
    assert "adendum" in addendum.problems


def test_pyprocs_older_file_is_read(take_over: TakeOver, preview: Preview) -> None:
    take_over([announcement()])
    row = {
        "id_paket": 3,
        "kode_tender": TENDER,
        "nama_tender": "x",
        "npwp": "01.777.777.7-721.000",
        "nama_peserta": "A",
    }
    row |= {"penawaran": 100.0, "penawaran_terkoreksi": -1, "hasil_negosiasi": 95.0, "p": True, "pk": False, "v": False}
    found = preview([row], "csv")
    assert found.statuses == ["new"]
    assert found.rows[0]["after"]["award_rupiah"] == "95.00"
    assert "-1" in found.problems


def test_pyprocs_newer_file_holds_its_firms_in_cells(take_over: TakeOver, preview: Preview) -> None:
    take_over([announcement()])
    firms = [{"nama_peserta": name, "npwp": "", "harga_penawaran": price} for name, price in (("A", 100.0), ("B", -1))]
    won = [{"nama_pemenang": "A", "npwp": "01.777.777.7-721.000", "hasil_negosiasi": 95.5}]
    row = {"url": "x", "id_paket": TENDER, "nama_tender": "x", "k/l/pd": "", "satuan_kerja": "", "peserta_tender": 2}
    row |= {"hasil_evaluasi": "null", "pemenang": json.dumps(won), "pemenang_berkontrak": "null"}
    row |= {"jadwal": json.dumps(firms), "peserta": json.dumps([{"tahap": "Pengumuman", "mulai": "x"}])}
    found = preview([row], "csv")
    assert found.statuses == ["new"]
    assert found.rows[0]["after"]["award_rupiah"] == "95.50"
    take_over([row], "csv")
    assert Award.objects.get().supplier.offers.get().amount_rupiah == 100
    assert preview([row], "csv").statuses == ["unchanged"]
    assert preview([row | {"pemenang": "{oops"}], "csv").statuses == ["refused"]
    assert preview([row | {"id_paket": 5}], "csv").statuses == ["refused"]


@pytest.mark.parametrize(
    ("row", "names"),
    [
        ({"nama_penyedia": "A", "nilai_kontrak": 5, "keterangan": "x"}, ["Hasil tender", "kd_rup / kd_tender"]),
        ({"kd_rup": ANNOUNCED, "nama_paket": "x", "keterangan": "x"}, ["SIRUP", "metode"]),
    ],
)
def test_where_no_kind_fits_the_nearest_is_named(row: Row, names: list[str], preview: Preview) -> None:
    refused = preview([row]).refused
    for name in names:
        assert name in refused


def test_who_only_registered_is_no_tenderer(take_over: TakeOver, preview: Preview) -> None:
    rows = [result("CV Satu"), *(result(f"CV Dua {at}", nilai_penawaran=None) for at in range(3))]
    rows.append(result("CV Tiga", nilai_penawaran=None, alasan="Tidak memenuhi syarat"))
    found = preview(rows)
    assert found.statuses == ["new", "new"]
    assert any("3 baris" in note for note in found.summary["notes"])
    take_over(rows)
    assert Offer.objects.count() == 2


# -- who won -----------------------------------------------------------------------------------------------------------


def test_the_winner_in_the_same_row(take_over: TakeOver, preview: Preview) -> None:
    """NonTenderSelesai: one row per package, with the winner and the value of the contract, without its papers."""
    row = {"kd_nontender": 5, "kd_rup": ANNOUNCED, "nilai_kontrak": 175, "nama_penyedia": "CV Dua"}
    found = preview([row])
    assert found.rows[0]["after"]["award_rupiah"] == "175.00"
    assert "nilai pemenang" in found.problems
    take_over([row])
    assert Award.objects.get().amount_rupiah == 175
    take_over([row | {"nilai_kontrak": 85}])
    assert Award.objects.get().amount_rupiah == 85


def test_a_value_beside_a_firm_that_did_not_win_is_said_not_to_be_kept(preview: Preview) -> None:
    found = preview([result("A", nilai_kontrak=90), result("B", nilai_kontrak=90)])
    assert all("award_rupiah" not in row["after"] for row in found.rows)
    assert found.problems.count("tidak disimpan") == 2


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_order_of_rows_decides_nothing(order: tuple[int, ...], preview: Preview) -> None:
    rows = [result("A", pemenang=1), result("B", pemenang=1), result("C", pemenang=0)]
    found = preview([rows[at] for at in order])
    assert sorted(found.statuses) == ["new", "refused", "refused"]
    assert [row["status"] for row in found.rows if "A, B" in " ".join(row["problems"])] == ["refused"] * 2


def test_a_refused_row_makes_no_other_firm_the_only_one(preview: Preview) -> None:
    day = {"tgl_penetapan_pemenang": "2026-03-04"}
    found = preview([result("A", npwp_penyedia="123", **day), result("B", **day)])
    assert sorted(found.statuses) == ["new", "refused"]
    assert "award_rupiah" not in next(row for row in found.rows if row["status"] == "new")["after"]


def test_a_row_that_cannot_be_read_makes_no_other_firm_the_only_one(take_over: TakeOver) -> None:
    day = {"tgl_penetapan_pemenang": "2026-03-04"}
    take_over([result("A", nilai_penawaran="seratus", **day), result("B", **day)])
    assert not Award.objects.exists()


@pytest.mark.parametrize(
    ("reason", "says"),
    [("Memenuhi syarat", ""), ("Lulus", ""), ("-", ""), ("null", ""), ("Dokumen tidak lengkap", "pemenang")],
)
def test_the_mark_of_the_winner_comes_before_the_reason(reason: str, says: str, preview: Preview) -> None:
    found = preview([result("A", pemenang=1, alasan=reason), result("B", pemenang=0, alasan="Tidak memenuhi syarat")])
    assert [row["after"]["state"] for row in found.rows] == ["valid", "disqualified"]
    assert (bool(says) and says in found.problems) or (not says and not found.problems)


def test_the_day_of_the_award_is_kept(take_over: TakeOver) -> None:
    take_over([result("A", pemenang=1, tgl_penetapan_pemenang="2026-03-04")])
    assert str(Award.objects.get().decided_on) == "2026-03-04"


# -- several contracts -------------------------------------------------------------------------------------------------


def test_a_firm_may_have_several_contracts_in_a_package(take_over: TakeOver, preview: Preview) -> None:
    rows = [contract("A", "027/1", 20), contract("A", "027/2", 10)]
    assert preview(rows).statuses == ["new", "new"]
    take_over(rows)
    assert Contract.objects.count() == 2
    assert Offer.objects.count() == 1
    assert Award.objects.get().amount_rupiah == 30
    for again in (rows, rows[::-1], rows[:1], rows[1:]):
        assert set(preview(again).statuses) == {"unchanged"}
    take_over([contract("A", "027/3", 5)])
    assert Award.objects.get().amount_rupiah == 30, "an award is what was decided"


def test_several_firms_have_contracts_side_by_side(take_over: TakeOver, preview: Preview) -> None:
    rows = [contract("A", "027/1", 20), contract("B", "027/2", 10)]
    found = preview(rows)
    assert found.statuses == ["new", "new"]
    assert found.problems.count("tanpa pemenang tunggal") == 2
    take_over(rows)
    assert Contract.objects.count() == 2
    assert not Award.objects.exists()
    assert preview(rows[::-1]).statuses == ["unchanged", "unchanged"]


def test_beside_a_winner_of_the_portal_another_firms_contract_is_refused(take_over: TakeOver, preview: Preview) -> None:
    take_over([result("A", pemenang=1)])
    found = preview([contract("A", "027/1", 20), contract("B", "027/2", 10)])
    assert sorted(found.statuses) == ["changed", "refused"]
    assert "batalkan" in found.problems


# -- firms -------------------------------------------------------------------------------------------------------------

NPWP = "01.777.777.7-721.000"
NPWP_16 = "0017777777721000"
NITKU = NPWP_16 + "000001"


def test_numbers_as_they_are_written() -> None:
    assert {plain_number(text) for text in (NPWP, NPWP_16, NITKU)} == {"017777777721000"}
    assert [plain_number(text) for text in ("00.000.000.0-000.000", "0" * 22, "*****001", "")] == [""] * 4
    assert [form_of(name) for name in ("PT. Etam", "CV.Etam", "Etam Jaya, CV", "Etam")] == ["pt", "cv", "cv", ""]


@pytest.mark.parametrize(
    ("first", "second", "firms"),
    [
        (("CV. Etam Jaya", ""), ("CV Etam Jaya", ""), 1),
        (("CV Etam Jaya", NPWP), ("CV. ETAM JAYA", ""), 1),
        (("CV Etam Jaya", NPWP), ("Etam Jaya", ""), 1),
        (("CV Etam Jaya", NPWP), ("CV Etam Jaya", NITKU), 1),
        (("CV Etam Jaya", ""), ("PT Etam Jaya", ""), 2),
        (("CV Etam Jaya", NPWP), ("PT Etam Jaya", ""), 2),
        (("CV Etam Jaya", NPWP), ("CV Etam Jaya", "02.999.999.9-721.000"), 2),
        (("Acme", "00.000.000.0-000.000"), ("Globex", "00.000.000.0-000.000"), 2),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_one_firm_in_several_rows(
    first: tuple[str, str], second: tuple[str, str], firms: int, is_turned: bool, take_over: TakeOver
) -> None:
    rows = [
        result(name, npwp_penyedia=number, kd_rup=code)
        for (name, number), code in zip((first, second), (PLANNED, ANNOUNCED), strict=True)
    ]
    known = Supplier.objects.count()
    take_over(rows[::-1] if is_turned else rows)
    assert Supplier.objects.count() - known == firms
    assert Offer.objects.count() == 2


def test_a_name_of_two_firms_needs_the_npwp(preview: Preview) -> None:
    other = factories.PackageFactory(agency=Package.objects.get(rup_code=PLANNED).agency, fiscal_year=YEAR)
    rows = [
        result("CV Etam", npwp_penyedia=NPWP),
        result("CV Etam", npwp_penyedia="02.999.999.9-721.000", kd_rup=PLANNED),
        result("CV Etam", kd_rup=other.rup_code),
    ]
    found = preview(rows)
    assert sorted(found.statuses) == ["new", "new", "refused"]
    assert "NPWP" in found.problems


def test_another_legal_form_is_another_firm(preview: Preview) -> None:
    """The portal has CV Mahakam."""
    found = preview([result("PT Mahakam")])
    assert found.statuses == ["new"]


@pytest.mark.parametrize(
    ("npwp", "npwp_16", "status"),
    [
        (NPWP, NPWP_16, "new"),
        (NPWP, "0029999999721000", "refused"),
        (NPWP, "6472010203040005", "new"),  # a person: the old number, and the NIK
        (NPWP_16, "6472010203040005", "refused"),
        (NPWP, NITKU, "new"),
        ("", NITKU, "new"),
        ("123", "", "refused"),
        ("***************001", "", "new"),
    ],
)
def test_two_numbers_of_one_row(npwp: str, npwp_16: str, status: str, preview: Preview) -> None:
    found = preview([result("CV Etam", npwp_penyedia=npwp, npwp_16_penyedia=npwp_16)])
    assert found.statuses == [status], found.problems


def test_a_masked_name_is_no_firm(preview: Preview) -> None:
    assert preview([result("H**** P******")]).statuses == ["refused"]


@pytest.mark.parametrize("name", ["P* M*", "CV •••", "*", "PT Satu*"])
def test_a_mask_of_any_kind_is_no_firm(name: str, preview: Preview) -> None:
    assert preview([result(name)]).statuses == ["refused"]


@pytest.mark.parametrize("codes", [(ANNOUNCED, PLANNED), (ANNOUNCED, ANNOUNCED)])
def test_words_in_another_order_are_another_firm(codes: tuple[str, str], take_over: TakeOver, preview: Preview) -> None:
    rows = [result("PT Jaya Abadi", kd_rup=codes[0]), result("PT Abadi Jaya", kd_rup=codes[1], nilai_penawaran=91)]
    assert preview(rows).statuses == ["new", "new"]
    take_over(rows)
    assert Offer.objects.values_list("supplier").distinct().count() == 2
    later = preview([result("PT Jaya-Abadi"), result("Abadi PT. Jaya", kd_rup=PLANNED)])
    assert "PT Jaya Abadi" not in later.problems, "a hyphen and the place of the legal form say nothing"


def test_a_new_firm_whose_words_the_portal_has_in_another_order_is_told_of(preview: Preview) -> None:
    Supplier.objects.create(name="PT Etam Jaya")
    assert "PT Etam Jaya" in preview([result("PT Jaya Etam")]).problems


def test_the_npwp_of_a_firm_of_another_name_is_told_of(preview: Preview) -> None:
    """The portal has CV Mahakam under the number."""
    found = preview([result("PT Lain Sekali", npwp_penyedia="01.666.666.6-721.000")])
    assert "CV Mahakam" in found.problems
    assert not preview([result("CV. MAHAKAM", npwp_penyedia="01.666.666.6-721.000")]).problems


def test_an_npwp_that_comes_later_is_kept(take_over: TakeOver, preview: Preview) -> None:
    take_over([result("PT Tanpa Nomor")])
    row = result("PT. TANPA NOMOR", npwp_penyedia=NPWP)
    assert preview([row]).statuses == ["changed"]
    take_over([row])
    assert Supplier.objects.get(name="PT Tanpa Nomor").tax_number == plain_number(NPWP)
    assert preview([row]).statuses == ["unchanged"]
    take_over([result("PT Tanpa Nomor Jaya (d/h PT Tanpa Nomor)", npwp_penyedia=NPWP_16, kd_rup=PLANNED)])
    assert Supplier.objects.filter(name__icontains="nomor").count() == 1


@pytest.mark.parametrize("turn", [1, -1])
def test_a_code_beside_its_rup_code_holds_for_the_whole_list(turn: int, preview: Preview, take_over: TakeOver) -> None:
    rows = [participant("CV Satu"), participant("CV Dua", kd_rup=ANNOUNCED, pemenang=1, nilai_penawaran=90)][::turn]
    assert preview(rows).statuses == ["new", "new"]
    take_over(rows)
    assert set(Offer.objects.values_list("package__rup_code", flat=True)) == {ANNOUNCED}
    assert TenderCode.objects.get().code == str(TENDER)


def test_a_code_beside_two_packages_in_one_list(preview: Preview) -> None:
    rows = [participant("CV Satu"), *(participant("CV Dua", kd_rup=code) for code in (ANNOUNCED, PLANNED))]
    found = preview(rows)
    assert sorted(found.statuses) == ["new", "new", "refused"]
    assert f"{PLANNED}, {ANNOUNCED}" in found.problems


# -- what can't be, and what contradicts itself ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "won"),
    [
        ("1", True),
        ("1.0", True),
        ("1,00", True),
        ("✓", True),
        ("Ya", True),
        ("Pemenang", True),
        ("Pemenang 1", True),
        ("Menang (terverifikasi)", True),
        ("pemenang berkontrak", True),
        ("0", False),
        ("Tidak", False),
        ("f", False),
        ("t", None),
        ("0.0", False),
        ("Bukan pemenang", False),
        ("Pemenang 2", False),
        ("Pemenang cadangan", False),
        ("2", None),
        ("PT Dua", None),
        ("entah", None),
    ],
)
def test_marks_of_winners(text: str, won: bool | None) -> None:
    assert mark_of(text) is won


@pytest.mark.parametrize("kind", ["csv", "json", "xlsx"])
@pytest.mark.parametrize(("yes", "no"), [("t", "f"), ("T", "F"), ("Y", "T"), ("ya", "t"), ("true", "f")])
def test_the_letter_t_means_what_the_other_marks_say(
    yes: str, no: str, kind: str, preview: Preview, preview_file: PreviewFile
) -> None:
    rows = [result("PT Satu", pemenang=no), result("PT Dua", pemenang=yes, nilai_penawaran=90)]
    sheet = [list(rows[0]), *(list(row.values()) for row in rows)]
    found = preview_file({"a": sheet}) if kind == "xlsx" else preview(rows, kind)
    assert found.statuses == ["new", "new"]
    assert [row["after"].get("award_rupiah") for row in found.rows] == [None, "90.00"]


@pytest.mark.parametrize(("yes", "no"), [("t", "f"), ("Y", "T")])
def test_a_winner_without_amounts_by_the_letter_t_is_no_mere_participant(yes: str, no: str, preview: Preview) -> None:
    rows = [result("PT Dua", pemenang=yes, nilai_penawaran=""), result("PT Tiga", pemenang=no, nilai_penawaran="")]
    found = preview([result("PT Satu", pemenang=no), *rows], "csv")
    assert sorted(row["key"] for row in found.rows) == [f"{ANNOUNCED} PT Dua", f"{ANNOUNCED} PT Satu"]
    assert found.statuses == ["new", "new"]


def test_the_letter_t_alone_is_refused(preview: Preview) -> None:
    found = preview([result("PT Satu", pemenang="t"), result("PT Dua", pemenang="")], "csv")
    assert sorted(found.statuses) == ["new", "refused"]
    assert "Ya atau Tidak" in found.problems


@pytest.mark.parametrize("mark", ["2", "entah", "??"])
def test_a_mark_that_says_nothing_is_refused(mark: str, preview: Preview) -> None:
    found = preview([result("A", pemenang=mark), result("B", pemenang=0)])
    assert [row["status"] for row in found.rows if "Ya atau Tidak" in " ".join(row["problems"])] == ["refused"]


@pytest.mark.parametrize("column", ["pemenang", "nama_pemenang"])
@pytest.mark.parametrize("written", ["PT Dua Abadi", "Dua Abadi, PT", "pt. dua abadi"])
def test_the_winner_by_name_in_every_row(column: str, written: str, preview: Preview) -> None:
    found = preview([result("PT Satu", **{column: written}), result("PT Dua Abadi", **{column: written})])
    assert ["award_rupiah" in row["after"] for row in found.rows] == [False, True], found.problems


def test_a_winner_that_the_list_does_not_have_is_refused(preview: Preview) -> None:
    found = preview([result("PT Satu", nama_pemenang="PT Tiga"), result("PT Dua", nama_pemenang="PT Tiga")])
    assert found.statuses == ["refused", "refused"]


FIRST = {"no_kontrak": "K/1", "tgl_kontrak": "2026-03-01", "nilai_kontrak": 5, "nilai_negosiasi": 9, "pemenang": 1}


@pytest.mark.parametrize("is_turned", [False, True])
def test_the_contract_says_what_the_award_is_worth_wherever_it_stands(is_turned: bool, preview: Preview) -> None:
    rows = [result("PT Satu", **FIRST), result("PT Satu", nilai_negosiasi=9, pemenang=1)]
    found = preview(rows[::-1] if is_turned else rows)
    assert {row["after"]["award_rupiah"] for row in found.rows} == {"5.00"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"tgl_penetapan_pemenang": "2026-02-01"}, {"tgl_penetapan_pemenang": "2026-02-09"}),
        ({"nilai_negosiasi": 9}, {"nilai_negosiasi": 8}),
        ({"nilai_penawaran": 10}, {"nilai_penawaran": 11}),
        ({"pemenang": 1}, {"pemenang": 0}),
        ({"alasan_gugur": "Tidak lengkap"}, {"alasan_gugur": "Tidak hadir"}),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_rows_of_a_firm_that_contradict_one_another_are_all_refused(
    one: Row, other: Row, is_turned: bool, preview: Preview
) -> None:
    rows = [contract("PT Satu", "K/1", 5, **one), contract("PT Satu", "K/2", 5, **other)]
    assert preview(rows[::-1] if is_turned else rows).statuses == ["refused", "refused"]


def test_the_verified_winner_counts(preview: Preview) -> None:
    found = preview(
        [
            result("A", pemenang=1, pemenang_terverifikasi=0),
            result("B", pemenang=0, pemenang_terverifikasi=1),
        ]
    )
    assert ["award_rupiah" in row["after"] for row in found.rows] == [False, True]
    assert "terverifikasi" in found.problems


@pytest.mark.parametrize(
    "state",
    [
        {"status_tender": "Gagal/Batal"},
        {"status_kontrak": "Kontrak Dihentikan/Batal"},
        {"status_pkt": "BATAL"},
        {"status": "CANCELLED"},
        {"paket_status_str": "Paket Dibatalkan"},
        {"status_konfirmasi_ppmse": "gagal"},
    ],
)
def test_what_failed_or_was_cancelled_is_left_out_and_counted(state: Row, preview: Preview) -> None:
    rows = [contract("PT Satu", "K/1", 50, pemenang=1, **state), contract("PT Satu", "K/2", 50, pemenang=1)]
    found = preview(rows)
    assert [row["key"] for row in found.rows if row["status"] == "new"] != []
    assert found.statuses == ["new"]
    assert any("batal" in note and "1 baris" in note for note in found.summary["notes"])


@pytest.mark.parametrize("state", ["Kontrak Sedang Berjalan", "Tender Sudah Selesai", "COMPLETED", "Selesai"])
def test_what_goes_on_is_read(state: str, preview: Preview) -> None:
    assert preview([contract("PT Satu", "K/1", 50, status_kontrak=state, status=state)]).statuses == ["new"]


def test_who_has_the_award_is_not_disqualified_by_a_list(take_over: TakeOver, preview: Preview) -> None:
    take_over([result("PT Satu", pemenang=1)])
    found = preview([result("PT Satu", alasan_gugur="Tidak memenuhi syarat")])
    assert found.statuses == ["refused"]
    assert "PT Satu" in found.problems
    told = preview([result("PT Satu", pemenang=0), result("PT Dua", pemenang=0)])
    assert "tetap sampai dibatalkan" in told.problems


@pytest.mark.parametrize("is_turned", [False, True])
def test_one_number_of_two_firms_is_refused_of_contracts_and_kept_of_receipts(
    is_turned: bool, take_over: TakeOver, preview: Preview
) -> None:
    rows = [contract("Toko A", "1", 50), contract("Toko B", "1", 60)]
    rows = rows[::-1] if is_turned else rows
    refused = preview(rows)
    assert refused.statuses == ["refused", "refused"]
    assert "Toko A, Toko B" in refused.problems
    receipts = [row | {"jenis_realisasi": "Kwitansi"} for row in rows]
    take_over(receipts)
    assert Contract.objects.count() == 2
    assert set(preview(receipts).statuses) == {"unchanged"}


def test_blanks_and_case_make_no_other_contract(take_over: TakeOver, preview: Preview) -> None:
    take_over([contract("PT Satu", "027/SPK/III/2026", 5)])
    again = preview([contract("PT Satu", "027 / spk / III / 2026", 5)])
    assert again.statuses == ["unchanged"]
    twice = preview([contract("PT Dua", "9/A", 5, kd_rup=PLANNED), contract("PT Dua", "9 / a", 5, kd_rup=PLANNED)])
    assert sorted(twice.statuses) == ["new", "unchanged"]


@pytest.mark.parametrize(
    "day", [{"tgl_kontrak": "2062-03-01"}, {"tgl_kontrak": "2019-03-01"}, {"tgl_penetapan_pemenang": "2062-01-01"}]
)
def test_days_that_cannot_be_are_refused(day: Row, preview: Preview) -> None:
    found = preview([contract("PT Satu", "K/1", 5) | day])
    assert found.statuses == ["refused"]
    assert "perbaiki" in found.problems


def test_above_the_ceiling_wants_a_reason(take_over: TakeOver, preview: Preview) -> None:
    rows = [contract("PT Satu", "K/1", 950_000_000_000)]
    found = preview(rows)
    assert any("di atas pagu" in alarm for alarm in found.summary["alarms"])
    take_over(rows)
    assert not preview(rows).summary["alarms"], "it was taken over, with a reason"


def test_what_a_merged_firm_still_has_is_its_successors(preview: Preview) -> None:
    """Whatever was written to the merged entry after all counts for the firm, in each of its parts."""
    package = Package.objects.get(rup_code=ANNOUNCED)
    firm = factories.supplier(name="PT Penerus")
    double = factories.supplier(name="PT Terdahulu", merged_into=firm)
    Offer.objects.create(package=package, supplier=double, amount_rupiah=100, state=OfferState.VALID)
    Award.objects.create(package=package, supplier=double, amount_rupiah=95)
    rows = [result(name, nilai_penawaran=100, nilai_negosiasi=95, pemenang=1) for name in (firm.name, double.name)]
    assert preview(rows[:1]).statuses == ["unchanged"]
    assert preview(rows[1:]).statuses == ["unchanged"]
