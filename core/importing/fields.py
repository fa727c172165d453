"""What a list is expected to hold: its fields, the headings they come under, and how a cell becomes a value. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any


class Kind(StrEnum):
    TEXT = "text"
    CODE = "code"  # text whose dots and leading zeros matter
    INTEGER = "integer"
    YEAR = "year"
    NUMBER = "number"
    RUPIAH = "rupiah"
    PERCENT = "percent"
    MONTH = "month"  # 1 to 12, also written by name
    DATE = "date"
    FLAG = "flag"


SQL_TYPES = {
    Kind.TEXT: "text",
    Kind.CODE: "text",
    Kind.INTEGER: "bigint",
    Kind.YEAR: "smallint",
    Kind.NUMBER: "numeric(24,6)",
    Kind.RUPIAH: "numeric(20,2)",
    Kind.PERCENT: "numeric(9,4)",
    Kind.MONTH: "smallint",
    Kind.DATE: "date",
    Kind.FLAG: "boolean",
}
# The word that empties what the portal holds. A blank cell says nothing: it changes nothing.
CLEAR = "KOSONGKAN"
DECIMALS = {Kind.INTEGER: 0, Kind.NUMBER: 6, Kind.RUPIAH: 2, Kind.PERCENT: 4}


@dataclass(frozen=True)
class Field:
    """`headings` are the names that the field has been seen under, the first is what our own workbooks write.

    `max_length` holds for text; `required` means that a row without it is refused.
    """

    name: str
    kind: Kind
    headings: tuple[str, ...]
    required: bool = False
    max_length: int = 500
    may_go: bool = True  # whether a cell may empty what the portal holds
    decimal_sign: str = ""  # how the column that is being read writes decimals, where it says so
    year: int = 0  # that the list is handed in for; 0 where it is of none
    is_again: bool = False  # another column that may say the same of a row
    is_mark: bool = False  # a text that says yes or no, or more than that
    letter_t: bool | None = None  # what `t` means in the column that is being read, where its other cells tell

    def as_json(self) -> dict[str, Any]:
        # Thousands of these go to each reading child; `asdict` would copy every heading of them one by one.
        return vars(self) | {"kind": str(self.kind), "headings": list(self.headings)}

    @classmethod
    def from_json(cls, data: dict[str, Any], year: int = 0) -> "Field":
        """As it is read for a list of that year."""
        return cls(**data | {"kind": Kind(data["kind"]), "headings": tuple(data["headings"]), "year": year})


def _each(name: str, kind: Kind, *headings: str) -> tuple[Field, ...]:
    """A field for every heading: a list may have several columns that name the year, say, and all have to agree."""
    return tuple(
        Field(f"{name}_{at}" if at > 1 else name, kind, (heading,), max_length=300, is_again=at > 1)
        for at, heading in enumerate(headings, start=1)
    )


# What a row says about itself in any kind of list: of which year and OPD it is, and whether it still holds. All
# headings that have been seen for it; a kind of list that has a field of its own under one of them keeps it.
ABOUT_THE_ROW = (
    *_each(
        "row_year",
        Kind.YEAR,
        *("tahun_anggaran", "tahun", "thn_anggaran", "th_anggaran", "thn", "th", "ta", "tahun_pelaksanaan"),
        *("tahun_dana", "tahun_apbd", "tahun_kegiatan", "tahun_realisasi", "tahun_data", "tahun_rka", "tahun_dpa"),
        *(
            "tahun_pengadaan",
            "tahun_rup",
            "tahun_pagu",
            "tahun_laporan",
            "tahun_buku",
            "tahun_fiskal",
            "tahun_berjalan",
        ),
        *("tahun_anggaran_dana", "fiscal_year", "year", "tahun_periode", "periode_tahun", "tahun_rkpd", "tahun_renja"),
    ),
    *_each(
        "row_agency_code",
        Kind.TEXT,
        *("kode_skpd", "kode_opd", "kode_satker", "kd_satker_str", "kd_skpd", "kd_opd", "kode_perangkat_daerah"),
        *("kode_pd", "kode_satuan_kerja", "kode_organisasi", "kode_dinas", "kd_satker"),
    ),
    *_each(
        "row_unit_code",
        Kind.TEXT,
        *("kode_unit", "kd_unit", "kode_sub_skpd", "kode_sub_unit", "kode_unit_skpd", "kode_unit_kerja"),
        *("kode_unit_organisasi", "kodeunit"),
    ),
    *_each(
        "row_agency_name",
        Kind.TEXT,
        *("nama_skpd", "nama_opd", "skpd", "opd", "perangkat_daerah", "nama_perangkat_daerah", "nama_pd", "nama_dinas"),
        *("skpd_pelaksana", "opd_pelaksana", "skpd_pengelola", "opd_pengelola", "opd_pengampu", "skpd_pengampu"),
        *("skpd_penanggung_jawab", "opd_penanggung_jawab", "perangkat_daerah_pelaksana", "perangkat_daerah_pengampu"),
        *("perangkat_daerah_penanggung_jawab", "opd/unit_kerja"),
        *("dinas", "organisasi", "nama_organisasi", "skpd/opd", "opd/skpd", "nama_skpd_opd", "dinas/instansi"),
        *("nama_satker", "satuanKerja", "nama_satuan_kerja", "satker", "dinas/badan"),
    ),
    *_each(
        "row_unit_name",
        Kind.TEXT,
        *("unit_kerja", "nama_unit_kerja", "nama_unit", "nama_sub_skpd", "nama_sub_unit", "sub_unit", "unit_skpd"),
        *("nama_unit_skpd", "nama_unit_organisasi", "unit_organisasi", "namaunit", "sub_skpd", "skpd/unit_kerja"),
    ),
    *_each(
        "row_government",
        Kind.TEXT,
        *("nama_klpd", "kldi", "klpd", "nama_instansi", "instansi", "nama_pemda", "pemda", "pemerintah_daerah"),
        *("nama_pemerintah_daerah", "nama_daerah", "nama_kldi", "K/L/PD/I", "pemerintahan_daerah", "nama_klpdi"),
    ),
    *_each("row_government_code", Kind.TEXT, "kd_klpd", "kode_klpd", "kode_kldi", "kd_kldi", "kode_pemda"),
    *_each(
        "row_span",
        Kind.TEXT,
        *("bulan", "nama_bulan", "bln", "bulan_realisasi", "periode", "periode_bulan", "triwulan", "tw", "semester"),
        *("masa", "bulan_ke", "month", "minggu", "bulan_pelaporan", "bulan_laporan", "periode_laporan", "triwulan_ke"),
        *("periode_pelaporan", "bulan_rfk", "nama_triwulan"),
    ),
    Field("row_is_deleted", Kind.FLAG, ("status_delete_rup", "is_deleted", "is_delete")),
    Field("row_is_active", Kind.FLAG, ("status_aktif_rup", "active", "is_active", "status_aktif")),
    Field("row_version", Kind.CODE, ("versi_baris",), max_length=20),  # of a row that the portal gave out
    Field("row_announced", Kind.TEXT, ("status_umumkan_rup", "status_umumkan")),
    Field("row_tender_state", Kind.TEXT, ("status_tender", "status_nontender", "status_non_tender")),
    Field("row_contract_state", Kind.TEXT, ("status_kontrak",)),
    Field("row_order_state", Kind.TEXT, ("paket_status_str", "status_pkt", "status_konfirmasi_ppmse")),
    Field("row_record_state", Kind.TEXT, ("status_nontender_pct_ket", "status_swakelola_pct_ket")),
    Field("row_state", Kind.TEXT, ("status",)),
)


@cache
def _bare(heading: str) -> str:
    return "".join(letter for letter in heading.lower() if letter.isalnum())


@dataclass(frozen=True)
class Shape:
    """A kind of list by its fields; `recognised_by` are fields that tell it from every other kind, `a|b` either of
    two.

    `either`: of each group one column at least has to be there. `details`: a row that fills none of these and lacks a
    required one is a heading, or the sum of the rows below it.
    """

    name: str
    fields: tuple[Field, ...]
    recognised_by: tuple[str, ...]
    foreign: tuple[str, ...] = ()  # headings that only another kind of list has
    either: tuple[tuple[str, ...], ...] = ()
    details: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Every kind of list may say what is in ABOUT_THE_ROW; its own field under the same heading comes first.

        The portal holds nothing under them that a cell could empty.
        """
        known = {field.name for field in self.fields}
        missing = [field for field in ABOUT_THE_ROW if field.name not in known]
        own = {_bare(heading) for field in self.fields for heading in field.headings} if missing else set()
        more = (
            replace(field, headings=tuple(h for h in field.headings if _bare(h) not in own), may_go=False)
            for field in missing
        )
        object.__setattr__(self, "fields", self.fields + tuple(field for field in more if field.headings))

    @property
    def shown(self) -> tuple[Field, ...]:
        """Without those that are only further columns for the same."""
        return tuple(field for field in self.fields if not field.is_again)

    @property
    def year(self) -> int:
        """That the list is handed in for; 0 where it is of none."""
        return self.fields[0].year

    @property
    def needed(self) -> set[str]:
        """Fields that a list can't do without; of each group of `either` the usual one."""
        return {field.name for field in self.fields if field.required} | {group[0] for group in self.either}

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "fields": [field.as_json() for field in self.fields],
            "recognised_by": list(self.recognised_by),
            "foreign": list(self.foreign),
            "either": list(map(list, self.either)),
            "details": list(self.details),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], year: int = 0) -> "Shape":
        """As it is read for a list of that year."""
        fields = tuple(Field.from_json(field, year) for field in data["fields"])
        return cls(
            data["name"],
            fields,
            recognised_by=tuple(data["recognised_by"]),
            foreign=tuple(data["foreign"]),
            either=tuple(map(tuple, data["either"])),
            details=tuple(data["details"]),
        )
