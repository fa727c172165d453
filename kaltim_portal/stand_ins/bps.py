"""A stand-in for BPS's WebAPI on loopback: real HTTP, the documented protocol, made-up figures, faults on request.

The demo and the tests pull from it; in production only the base address and the key differ. Every label says
"data contoh". Run: python -m kaltim_portal.stand_ins.bps PORT

Faults as in `serving`; besides, POST /kendali knows {"revise": {"904": {"6402/2024": 9.99}}} for figures,
{"unit": {"904": "jiwa"}} for a unit, {"without": ["6402"]} for regions that are left out, {"moved": {"6402": "6499"}}
for row ids that move, {"extra_pages": 3} for a page count that grows while paging.
"""

import html
import random
import sys
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kaltim_portal.stand_ins import serving
from kaltim_portal.stand_ins.serving import as_json

KEY = "kunci-contoh"
PER_PAGE = 10
YEARS = 6
FIRST_DATA_YEAR_OFFSET = 1900

REGIONS = {
    "6401": "Kab. Paser",
    "6402": "Kab. Kutai Barat",
    "6403": "Kab. Kutai Kartanegara",
    "6404": "Kab. Kutai Timur",
    "6405": "Kab. Berau",
    "6409": "Kab. Penajam Paser Utara",
    "6411": "Kab. Mahakam Ulu",
    "6471": "Kota Balikpapan",
    "6472": "Kota Samarinda",
    "6474": "Kota Bontang",
}
# How well a region stands on the made-up scale, 0 to 1: remote regions lower, cities higher.
STANDING = dict(zip(REGIONS, (0.45, 0.35, 0.55, 0.45, 0.5, 0.48, 0.1, 0.95, 0.85, 0.9), strict=True))
POPULATION = dict(zip(REGIONS, (285, 178, 760, 450, 260, 190, 33, 720, 860, 190), strict=True))

# id: (label, subject id, subject, unit, decimals, lowest, highest, change a year, is a count)
VARIABLES: dict[str, tuple[str, str, str, str, int, float, float, float, bool]] = {
    "901": (
        "Angka Partisipasi Sekolah usia 16-18 tahun (data contoh)",
        "28",
        "Pendidikan",
        "Persen",
        2,
        72,
        93,
        0.6,
        False,
    ),
    "902": (
        "Rumah tangga dengan akses air minum layak (data contoh)",
        "29",
        "Perumahan",
        "Persen",
        2,
        58,
        97,
        0.9,
        False,
    ),
    "903": (
        "Rumah tangga dengan akses sanitasi layak (data contoh)",
        "29",
        "Perumahan",
        "Persen",
        2,
        62,
        98,
        0.8,
        False,
    ),
    "904": ("Persentase penduduk miskin (data contoh)", "23", "Kemiskinan", "Persen", 2, 11.5, 2.4, -0.15, False),
    "905": ("Umur harapan hidup saat lahir (data contoh)", "30", "Kesehatan", "Tahun", 2, 70.5, 75.5, 0.12, False),
    "906": ("Jumlah penduduk (data contoh)", "12", "Kependudukan", "Ribu Jiwa", 1, 0, 0, 0.015, True),
    "907": (
        "Rumah tangga menempati rumah layak huni (data contoh)",
        "29",
        "Perumahan",
        "Persen",
        2,
        55,
        88,
        0.7,
        False,
    ),
    "908": ("Prevalensi balita stunting (data contoh)", "30", "Kesehatan", "Persen", 1, 27, 15, -0.9, False),
    "909": ("Harapan lama sekolah (data contoh)", "28", "Pendidikan", "Tahun", 2, 12.1, 14.6, 0.08, False),
    "910": ("Rata-rata lama sekolah (data contoh)", "28", "Pendidikan", "Tahun", 2, 8.1, 11.3, 0.12, False),
    "911": ("Tingkat pengangguran terbuka (data contoh)", "6", "Tenaga Kerja", "Persen", 2, 3.2, 7.9, -0.25, False),
    "912": (
        "Pengeluaran per kapita disesuaikan (data contoh)",
        "23",
        "Kemiskinan",
        "Ribu Rupiah",
        0,
        8200,
        16900,
        240,
        False,
    ),
}
# A variable may be split by a characteristic (turvar) and by parts of the year (turtahun).
CHARACTERISTICS = {"901": [("1", "Laki-laki"), ("2", "Perempuan"), ("3", "Total")]}
PARTS = {"904": [("61", "Semester 1 (Maret)"), ("62", "Semester 2 (September)"), ("0", "Tahun")]}
STATIC_TABLE = "41"


class BpsWorld(serving.StandInWorld):
    """The made-up figures. `year` fixes which years exist: those before it."""

    def __init__(self, year: int | None = None) -> None:
        super().__init__()
        self.year = year or datetime.now(UTC).year
        self.units: dict[str, str] = {}
        self.without: set[str] = set()
        self.moved: dict[str, str] = {}
        self.extra_pages = 0
        self.figures = {variable: self._make(variable) for variable in VARIABLES}

    def years(self) -> range:
        return range(self.year - YEARS, self.year)

    def _make(self, variable: str) -> dict[tuple[str, int], float]:
        _label, _subject, _name, _unit, decimals, low, high, change, is_count = VARIABLES[variable]
        made: dict[tuple[str, int], float] = {}
        for step, year in enumerate(self.years()):
            for region in REGIONS:
                # Seeded by what it is, not by order: the same figure in every run.
                noise = random.Random(f"{variable}/{region}/{year}").uniform(-0.5, 0.5)  # noqa: S311 (made-up figures)
                if is_count:
                    value = POPULATION[region] * (1 + change) ** step + noise
                else:
                    value = low + (high - low) * STANDING[region] + change * step + noise * abs(change)
                made[region, year] = round(min(value, 99.9) if not is_count else value, decimals)
            values = [made[region, year] for region in REGIONS]
            if is_count:
                total = round(sum(values), decimals)
            else:
                weights = list(POPULATION.values())
                total = round(sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights), decimals)
            made["6400", year] = total
        return made

    def data(self, variable: str, years: list[int]) -> dict[str, Any]:
        if variable not in VARIABLES:
            return not_available()
        label, subject, subject_name, unit, decimals, *_rest = VARIABLES[variable]
        kinds = CHARACTERISTICS.get(variable, [("0", "Tidak ada")])
        parts = PARTS.get(variable, [("0", "Tahun")])
        known = [year for year in self.years() if year in years]
        if not known:
            return not_available()
        content: dict[str, Any] = {}
        for (region, year), value in self.figures[variable].items():
            if year not in known or region in self.without:
                continue
            row = self.moved.get(region, region)
            for kind, _name in kinds:
                for part, _label in parts:
                    # The last characteristic and the whole year carry the figure itself; the others stand a little off.
                    shift = (int(kind) - int(kinds[-1][0])) * 0.4 + (0.1 if part != "0" else 0)
                    content[f"{row}{variable}{kind}{year - FIRST_DATA_YEAR_OFFSET}{part}"] = round(
                        value + shift, decimals
                    )
        # Seen in the wild: figures as text with a decimal comma, and marks for "none".
        first = f"{self.moved.get('6401', '6401')}{variable}{kinds[-1][0]}{known[0] - FIRST_DATA_YEAR_OFFSET}0"
        if first in content:
            content[first] = str(content[first]).replace(".", ",")
        content[f"9999{variable}{kinds[-1][0]}{known[0] - FIRST_DATA_YEAR_OFFSET}0"] = "-"
        return {
            "status": "OK",
            "data-availability": "available",
            "last_update": f"{self.year}-01-15 09:00:00",
            "subject": [{"val": int(subject), "label": subject_name}],
            "var": [
                {
                    "val": int(variable),
                    "label": label,
                    "unit": self.units.get(variable, unit),
                    "subj": subject_name,
                    "def": "Angka buatan untuk peragaan portal, bukan angka BPS.",
                    "decimal": str(decimals),
                    "note": "Data contoh",
                }
            ],
            "turvar": [{"val": int(kind), "label": name} for kind, name in kinds],
            "labelvervar": "Kabupaten/Kota",
            "vervar": [
                *(
                    {"val": int(self.moved.get(code, code)), "label": f"<b>{name}</b>"}
                    for code, name in REGIONS.items()
                    if code not in self.without
                ),
                {"val": 6400, "label": "Kalimantan&nbsp;Timur"},
                {"val": 9999, "label": "INDONESIA"},
            ],
            "tahun": [{"val": year - FIRST_DATA_YEAR_OFFSET, "label": str(year)} for year in known],
            "turtahun": [{"val": int(part), "label": name} for part, name in parts],
            "datacontent": content,
        }

    def listing(self, model: str, page: int, per_page: int) -> dict[str, Any]:
        made = getattr(self, f"_rows_of_{model}", None) if model.isalpha() else None
        if made is None:
            return not_available()
        rows: list[dict[str, Any]] = made()
        pages = max(1, -(-len(rows) // per_page))
        if not 1 <= page <= pages + self.extra_pages:
            return not_available()
        if page > 1:
            pages += self.extra_pages  # the list grew while it was being read
        part = rows[(page - 1) * per_page : page * per_page]
        paging = {"page": page, "pages": pages, "per_page": per_page, "count": len(part), "total": len(rows)}
        return {"status": "OK", "data-availability": "available", "data": [paging, part]}

    def _rows_of_subject(self) -> list[dict[str, Any]]:
        subjects = {values[1]: values[2] for values in VARIABLES.values()}
        return [
            {
                "sub_id": int(key),
                "title": name,
                "subcat_id": 1,
                "subcat": "Sosial dan Kependudukan",
                "ntabel": None,
            }
            for key, name in sorted(subjects.items())
        ]

    def _rows_of_var(self) -> list[dict[str, Any]]:
        return [
            {
                "var_id": int(key),
                "title": values[0],
                "sub_id": int(values[1]),
                "sub_name": values[2],
                "def": "Angka buatan",
                "notes": "Data contoh",
                "vertical": 1,
                "unit": values[3],
                "graph_id": 3,
            }
            for key, values in VARIABLES.items()
        ]

    def _rows_of_th(self) -> list[dict[str, Any]]:
        return [{"th_id": year - FIRST_DATA_YEAR_OFFSET, "th": str(year)} for year in self.years()]

    def _rows_of_vervar(self) -> list[dict[str, Any]]:
        return [
            {
                "kode_ver_id": int(code),
                "vervar": name,
                "item_ver_id": int(code),
                "group_ver_id": 1,
                "name_group_ver_id": "Kabupaten/Kota",
            }
            for code, name in REGIONS.items()
        ]

    def _rows_of_turvar(self) -> list[dict[str, Any]]:
        return [
            {
                "turvar_id": int(kind),
                "turvar": name,
                "group_turvar_id": 1,
                "name_group_turvar": "Jenis Kelamin",
            }
            for kind, name in CHARACTERISTICS["901"]
        ]

    def _rows_of_unit(self) -> list[dict[str, Any]]:
        units = sorted({values[3] for values in VARIABLES.values()})
        return [{"unit_id": number, "unit": unit} for number, unit in enumerate(units, start=1)]

    def _rows_of_indicators(self) -> list[dict[str, Any]]:
        return [self._indicator(number, variable) for number, variable in enumerate(VARIABLES, start=1)]

    def _rows_of_statictable(self) -> list[dict[str, Any]]:
        return [
            {
                "table_id": int(STATIC_TABLE),
                "title": "Penduduk Miskin Menurut Kabupaten/Kota (data contoh)",
                "subj_id": 23,
                "subj": "Kemiskinan",
                "updt_date": f"{self.year}-01-15",
                "size": "0.03 MB",
                "excel": "https://example.test/statictable/downloadapi.html",
            }
        ]

    def _rows_of_turth(self) -> list[dict[str, Any]]:
        return [{"turth_id": 0, "turth": "Tahun", "group_turth_id": 0, "name_group_turth": "Tahunan"}]

    def _indicator(self, number: int, variable: str) -> dict[str, Any]:
        label, _subject, _name, unit, *_rest = VARIABLES[variable]
        last = self.year - 1
        return {
            "var": int(variable),
            "indicator_id": number,
            "subject_csa": 563,
            "title": f"{label}, {last}",
            "name": f"{label} Provinsi Kalimantan Timur, {last}",
            "data_source": "Data contoh",
            "value": self.figures[variable]["6400", last],
            "unit": unit,
            "category": 2,
            "hash_id": "MQ==",
            "periode": f"Semester 2 (September) {last}" if variable == "904" else str(last),
        }

    def static_table(self, number: str) -> dict[str, Any]:
        """A table as BPS's office programme exports it: escaped HTML, a title row, headings over two rows."""
        if number != STATIC_TABLE:
            return not_available()
        years = list(self.years())[-3:]
        figures = self.figures["904"]
        cells = "".join(
            f"<tr><td><nobr> {name} </nobr></td>"
            + "".join(f"<td><nobr>{str(figures[code, year]).replace('.', ',')}</nobr></td>" for year in years)
            + "</tr>\r\n"
            for code, name in {**REGIONS, "6400": "Kalimantan Timur"}.items()
        )
        table = (
            '<table class="excel" cellpadding=0><tbody>\r\n'
            f"<tr><td><nobr>Penduduk miskin (data contoh)</nobr></td>{'<td><nobr>&nbsp;</nobr></td>' * len(years)}</tr>"
            f"<tr><td rowspan=2><nobr>Kabupaten/Kota</nobr></td><td colspan={len(years)}><nobr>Persen</nobr></td></tr>"
            f"<tr>{''.join(f'<td><nobr>{year}</nobr></td>' for year in years)}</tr>{cells}</tbody></table>"
        )
        return {
            "status": "OK",
            "data-availability": "available",
            "data": {
                "table_id": int(number),
                "sub_id": 23,
                "title": "Penduduk Miskin Menurut Kabupaten/Kota (data contoh)",
                "table": html.escape(table),
                "updt_date": f"{self.year}-01-15",
            },
        }

    def answer(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        del headers
        return as_json(*answer_for(self, path))

    def error_answer(self) -> tuple[int, bytes, str]:
        return as_json(200, error("Terjadi kesalahan pada server"))

    def obey(self, order: dict[str, Any]) -> None:
        super().obey(order)
        for variable, figures in order.get("revise", {}).items():
            for place, value in figures.items():
                region, year = place.split("/")
                self.figures[variable][region, int(year)] = value
        self.units.update(order.get("unit", {}))
        self.without = set(order.get("without", self.without))
        self.moved = dict(order.get("moved", self.moved))
        self.extra_pages = int(order.get("extra_pages", self.extra_pages))

    def domains(self) -> dict[str, Any]:
        rows = [
            {"domain_id": "6400", "domain_name": "Kalimantan Timur", "domain_url": "https://kaltim.bps.go.id"},
            *(
                {"domain_id": code, "domain_name": name, "domain_url": f"https://{code}.bps.go.id"}
                for code, name in REGIONS.items()
            ),
        ]
        paging = {"page": 1, "pages": 1, "per_page": len(rows), "count": len(rows), "total": len(rows)}
        return {"status": "OK", "data-availability": "available", "data": [paging, rows]}


def not_available() -> dict[str, Any]:
    return {"status": "OK", "data-availability": "list-not-available"}


def error(message: str) -> dict[str, Any]:
    return {"status": "Error", "data-availability": "list-not-available", "message": message}


def read_years(text: str) -> list[int]:
    """`123`, `123;124` or `120:124` (year − 1900). Raises ValueError."""
    if ":" in text:
        first, last = text.split(":")
        numbers = list(range(int(first), int(last) + 1))
    else:
        numbers = [int(part) for part in text.split(";") if part]
    return [number + FIRST_DATA_YEAR_OFFSET for number in numbers]


def parameters_of(path: str) -> tuple[str, dict[str, str]]:
    """Parameters come in the query or as path segments: /list/model/data/lang/ind/…"""
    parts = urlsplit(path)
    action, *rest = parts.path.removeprefix("/v1/api").strip("/").split("/")
    return action, dict(zip(rest[::2], rest[1::2], strict=False)) | dict(parse_qsl(parts.query))


def answer_for(world: BpsWorld, path: str) -> tuple[int, dict[str, Any]]:
    action, parameters = parameters_of(path)
    if parameters.get("key") != KEY:
        return 401, {"error": "UserNotFound"}
    if action == "domain":
        return 200, world.domains()
    if action == "view" and parameters.get("model") == "statictable":
        return 200, world.static_table(parameters.get("id", ""))
    if action != "list":
        return 404, {"error": "NotFound"}
    model = parameters.get("model", "")
    try:
        if model == "data":
            years = read_years(parameters["th"]) if "th" in parameters else list(world.years())
            return 200, world.data(parameters.get("var", ""), years)
        page = int(parameters.get("page", 1))
        # Like the real one: lists of variables and indicators keep to ten a page, whatever is asked for.
        per_page = PER_PAGE if model in {"var", "indicators"} else int(parameters.get("perpage", PER_PAGE))
        if parameters.get("nopage") == "1":
            per_page = 1_000_000
        return 200, world.listing(model, page, per_page)
    except ValueError as problem:
        return 200, error(f"Parameter salah: {problem}")


def serve(port: int = 0, year: int | None = None) -> tuple[ThreadingHTTPServer, BpsWorld]:
    """A server on loopback, ready but not yet running; port 0 takes a free one."""
    world = BpsWorld(year)
    return serving.serve(world, port), world


def serve_in_thread(year: int | None = None) -> tuple[ThreadingHTTPServer, BpsWorld]:
    world = BpsWorld(year)
    return serving.serve_in_thread(world), world


if __name__ == "__main__":
    serve(int(sys.argv[1]))[0].serve_forever()
