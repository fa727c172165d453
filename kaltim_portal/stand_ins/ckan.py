"""A stand-in for a CKAN portal (Satu Data) on loopback: the Action API over GET and POST, made-up tables.

Run: python -m kaltim_portal.stand_ins.ckan PORT. Faults as in `serving`; besides, POST /kendali knows
{"grow": 5} for a table that gains rows while it is read, {"revise": {"RESOURCE": [[row, column, value]]}}.
"""

import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kaltim_portal.stand_ins import serving
from kaltim_portal.stand_ins.bps import REGIONS
from kaltim_portal.stand_ins.serving import as_json

KEMENDAGRI = {
    "6401": "64.01",
    "6403": "64.02",
    "6405": "64.03",
    "6402": "64.07",
    "6404": "64.08",
    "6409": "64.09",
    "6411": "64.11",
    "6471": "64.71",
    "6472": "64.72",
    "6474": "64.74",
}
TARGETS = "11111111-aaaa-4bbb-8ccc-000000000001"
SCHOOLS = "11111111-aaaa-4bbb-8ccc-000000000002"
MOST_ROWS = 32_000  # CKAN's own limit on one answer


class CkanWorld(serving.StandInWorld):
    """Two data sets: targets of the RPJMD by regency and year, and a long table of schools that needs paging."""

    def __init__(self, year: int | None = None) -> None:
        super().__init__()
        self.year = year or datetime.now(UTC).year
        self.grow = 0
        self.most_rows = MOST_ROWS
        self.tables = {TARGETS: self._targets(), SCHOOLS: self._schools()}

    def _targets(self) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
        fields = [
            {"id": "_id", "type": "int"},
            {"id": "kode_wilayah", "type": "text"},
            {"id": "nama_wilayah", "type": "text"},
            {"id": "tahun", "type": "numeric"},
            {"id": "target", "type": "numeric"},
            {"id": "satuan", "type": "text"},
        ]
        rows: list[dict[str, Any]] = []
        for number, (code, name) in enumerate(REGIONS.items()):
            for step, year in enumerate(range(self.year - 4, self.year)):
                rows.append(
                    {
                        "_id": len(rows) + 1,
                        "kode_wilayah": KEMENDAGRI[code],
                        "nama_wilayah": name.upper(),
                        "tahun": year,
                        "target": round(80 + number * 0.7 + step * 1.1, 2),
                        "satuan": "Persen",
                    }
                )
        return fields, rows

    def _schools(self) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
        names = ["_id", "kode_wilayah", "tahun", "bulan", "jenjang", "jumlah_siswa"]
        rows: list[dict[str, Any]] = []
        for number, code in enumerate(REGIONS):
            for month in range(1, 13):
                for level, base in (("SD", 900), ("SMP", 500), ("SMA", 300)):
                    for year in range(self.year - 4, self.year):
                        rows.append(
                            {
                                "_id": len(rows) + 1,
                                "kode_wilayah": KEMENDAGRI[code],
                                "tahun": str(year),
                                "bulan": month,
                                "jenjang": level,
                                "jumlah_siswa": base + 10 * number + month,
                            }
                        )
        return [{"id": name, "type": "text"} for name in names], rows

    def packages(self) -> list[dict[str, Any]]:
        bappeda = {"name": "bappeda", "title": "Bappeda Kaltim"}
        return [
            {
                "id": "paket-target",
                "name": "target-rpjmd",
                "title": "Target RPJMD (data contoh)",
                "notes": "Target indikator kinerja daerah.",
                "organization": bappeda,
                "resources": [
                    {"id": TARGETS, "name": "Target per kabupaten/kota", "format": "CSV", "datastore_active": True},
                    {"id": "tanpa-tabel", "name": "Dokumen", "format": "PDF", "datastore_active": False},
                ],
            },
            {
                "id": "paket-siswa",
                "name": "jumlah-siswa",
                "title": "Jumlah siswa (data contoh)",
                "notes": "",
                "organization": None,
                "resources": [
                    {"id": SCHOOLS, "name": "Jumlah siswa", "format": "CSV", "datastore_active": True},
                ],
            },
        ]

    def answer(self, path: str, headers: Any) -> tuple[int, bytes, str]:
        del headers
        parts = urlsplit(path)
        action = parts.path.rstrip("/").rsplit("/", 1)[-1]
        known = {
            "package_search": self._package_search,
            "package_show": self._package_show,
            "package_list": lambda _p: [package["name"] for package in self.packages()],
            "resource_show": self._resource_show,
            "datastore_search": self._datastore_search,
        }
        wanted = dict(parse_qsl(parts.query))
        if not parts.path.startswith(("/api/3/action/", "/api/action/")) or action not in known:
            return as_json(400, "Bad request - Action name not known: " + action)
        try:
            result = known[action](wanted)
        except LookupError as missing:
            error = {"__type": "Not Found Error", "message": f"Tidak ditemukan: {missing.args[0]}"}
            return as_json(404, {"help": path, "success": False, "error": error})
        except ValueError as wrong:
            invalid = {"__type": "Validation Error", str(wrong.args[0]): ["Nilai tidak sah"]}
            return as_json(409, {"help": path, "success": False, "error": invalid})
        return as_json(200, {"help": f"{parts.path}?name={action}", "success": True, "result": result})

    def _package_search(self, wanted: dict[str, str]) -> dict[str, Any]:
        words = wanted.get("q", "").lower().strip("*: ")
        found = [package for package in self.packages() if words in package["title"].lower()]
        start, rows = int(wanted.get("start", 0)), int(wanted.get("rows", 10))
        return {"count": len(found), "sort": "score desc", "facets": {}, "results": found[start : start + rows]}

    def _package_show(self, wanted: dict[str, str]) -> dict[str, Any]:
        name = wanted.get("id", "")
        for package in self.packages():
            if name in (package["id"], package["name"]):
                return package
        raise LookupError(name)

    def _resource_show(self, wanted: dict[str, str]) -> dict[str, Any]:
        name = wanted.get("id", "")
        for package in self.packages():
            for resource in package["resources"]:
                if resource["id"] == name:
                    return dict(resource)
        raise LookupError(name)

    def _datastore_search(self, wanted: dict[str, str]) -> dict[str, Any]:
        resource = wanted.get("resource_id", "")
        if resource not in self.tables:
            raise LookupError(resource)
        fields, rows = self.tables[resource]
        limit, offset = int(wanted.get("limit", 100)), int(wanted.get("offset", 0))
        if limit < 0 or offset < 0:
            raise ValueError("limit")
        part = rows[offset : offset + min(limit, self.most_rows)]
        total = len(rows) + (self.grow if offset else 0)
        return {
            "include_total": True,
            "limit": limit,
            "offset": offset,
            "resource_id": resource,
            "fields": fields,
            "records": part,
            "total": total,
            "_links": {"start": f"/api/3/action/datastore_search?resource_id={resource}", "next": ""},
        }

    def error_answer(self) -> tuple[int, bytes, str]:
        error = {"__type": "Search Error", "message": "Terjadi kesalahan"}
        return as_json(409, {"help": "", "success": False, "error": error})

    def obey(self, order: dict[str, Any]) -> None:
        super().obey(order)
        self.grow = int(order.get("grow", self.grow))
        self.most_rows = int(order.get("most_rows", self.most_rows))
        for resource, changes in order.get("revise", {}).items():
            for row, column, value in changes:
                self.tables[resource][1][row][column] = value


if __name__ == "__main__":
    serving.serve(CkanWorld(), int(sys.argv[1])).serve_forever()
