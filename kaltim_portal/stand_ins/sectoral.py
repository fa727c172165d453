"""A stand-in for sectoral systems on loopback: a REST service with paging and a key in a header, lists as CSV and XLSX,
an SDMX-JSON service. Made-up figures. Run: python -m kaltim_portal.stand_ins.sectoral PORT. Faults as in `serving`.
"""

import csv
import io
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import xlsxwriter

from kaltim_portal.stand_ins import serving
from kaltim_portal.stand_ins.bps import REGIONS
from kaltim_portal.stand_ins.ckan import KEMENDAGRI
from kaltim_portal.stand_ins.serving import as_json

KEY, KEY_HEADER = "rahasia-sektoral", "X-API-Key"
PAGE = 7
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SDMX = "application/vnd.sdmx.data+json;version=2.0.0"


class SectoralWorld(serving.StandInWorld):
    """`figures`: (BPS code, year) → pupils in a school, as each of the ways gives them."""

    def __init__(self, year: int | None = None) -> None:
        super().__init__()
        self.year = year or datetime.now(UTC).year
        self.years = range(self.year - 3, self.year)
        self.figures = {
            (code, year): 1000 + 37 * number + 11 * (year - self.year)
            for number, code in enumerate(REGIONS)
            for year in self.years
        }
        self.headers: list[dict[str, str]] = []

    def answer(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        self.headers.append(dict(headers.items()))
        parts = urlsplit(path)
        wanted = dict(parse_qsl(parts.query))
        if parts.path == "/api/siswa":
            return self._rest(wanted, headers)
        if parts.path == "/unduh/siswa.csv":
            return 200, self._csv(), "text/csv"
        if parts.path == "/unduh/siswa.xlsx":
            return 200, self._workbook(), XLSX
        if parts.path == "/rest/data/DF_SISWA/A":
            return self._sdmx(wanted)
        return 404, b"tidak ada", "text/plain"

    def _rest(self, wanted: dict[str, str], headers: Any) -> tuple[int, bytes, str]:
        if headers.get(KEY_HEADER) != KEY:
            return as_json(401, {"pesan": "kunci salah"})
        page = int(wanted.get("halaman", 1))
        rows = [
            {"wilayah": {"kode": KEMENDAGRI[code], "nama": REGIONS[code]}, "tahun": year, "nilai": {"siswa": value}}
            for (code, year), value in self.figures.items()
        ]
        part = rows[(page - 1) * PAGE : page * PAGE]
        return as_json(200, {"meta": {"halaman": page}, "data": {"butir": part}})

    def _csv(self) -> bytes:
        """Semicolons, a decimal comma, one column a year: as Excel in Indonesia saves it."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["Kabupaten/Kota", *(f"Tahun {year}" for year in self.years)])
        for code, name in REGIONS.items():
            writer.writerow([name, *(f"{self.figures[code, year]:,}".replace(",", ".") for year in self.years)])
        return out.getvalue().encode()

    def _workbook(self) -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out)
        sheet = book.add_worksheet("Siswa")
        sheet.write(0, 0, "Jumlah siswa (data contoh)")
        for column, name in enumerate(["Kode", "Kabupaten/Kota", "Tahun", "Bulan", "Jumlah"]):
            sheet.write(2, column, name)
        row = 3
        for (code, year), value in self.figures.items():
            for column, cell in enumerate([code, REGIONS[code], year, "Desember", value]):
                sheet.write(row, column, cell)
            row += 1
        book.close()
        return out.getvalue()

    def _sdmx(self, wanted: dict[str, str]) -> tuple[int, bytes, str]:
        first, last = int(wanted.get("startPeriod", 0)), int(wanted.get("endPeriod", 9999))
        years = [year for year in self.years if first <= year <= last]
        if not years:
            return 404, b"no results found", "text/plain"
        codes = list(REGIONS)
        message = {
            "meta": {"schema": "https://json.sdmx.org/2.0.0/sdmx-json-data-schema.json", "id": "contoh"},
            "data": {
                "dataSets": [
                    {
                        "structure": 0,
                        "action": "Information",
                        "series": {
                            f"0:{place}": {
                                "observations": {
                                    str(time): [self.figures[code, year]] for time, year in enumerate(years)
                                }
                            }
                            for place, code in enumerate(codes)
                        },
                    }
                ],
                "structures": [
                    {
                        "dimensions": {
                            "dataSet": [],
                            "series": [
                                {"id": "FREQ", "keyPosition": 0, "values": [{"id": "A", "name": "Tahunan"}]},
                                {
                                    "id": "REF_AREA",
                                    "keyPosition": 1,
                                    "values": [{"id": code, "name": REGIONS[code]} for code in codes],
                                },
                            ],
                            "observation": [
                                {
                                    "id": "TIME_PERIOD",
                                    "values": [{"id": str(year), "name": str(year)} for year in years],
                                }
                            ],
                        }
                    }
                ],
            },
        }
        status, body, _type = as_json(200, message)
        return status, body, SDMX

    def error_answer(self) -> tuple[int, bytes, str]:
        return as_json(200, {"meta": {}, "kesalahan": "Terjadi kesalahan"})


if __name__ == "__main__":
    serving.serve(SectoralWorld(), int(sys.argv[1])).serve_forever()
