"""A stand-in for BPS's WebAPI on loopback: real HTTP, the documented protocol, made-up figures, faults on request.

The demo and the tests pull from it; in production only the base address and the key differ. Every label says
"data contoh". Run: python -m kaltim_portal.stand_ins.bps PORT

Faults are set by POST /kendali with JSON {"fault": NAME}: none, html, html403, error, unavailable, truncated, slow,
drop; and {"revise": {"904": {"6402/2024": 9.99}}} changes figures, {"unit": {"904": "jiwa"}} a unit.
"""

import json
import random
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "kunci-contoh"
PER_PAGE = 10
YEARS = 6
SLOW_SECONDS = 8.0
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
}


class World:
    """The made-up figures and the fault of the moment. `today` fixes which years exist."""

    def __init__(self, year: int | None = None) -> None:
        self.year = year or datetime.now(UTC).year
        self.fault = "none"
        self.units: dict[str, str] = {}
        self.requests: list[str] = []
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
        known = [year for year in self.years() if year in years]
        if not known:
            return not_available()
        content: dict[str, Any] = {}
        for (region, year), value in self.figures[variable].items():
            if year in known:
                content[f"{region}{variable}0{year - FIRST_DATA_YEAR_OFFSET}0"] = value
        # Seen in the wild: figures as text with a decimal comma, and marks for "none".
        first = f"6401{variable}0{known[0] - FIRST_DATA_YEAR_OFFSET}0"
        content[first] = str(content[first]).replace(".", ",")
        content[f"9999{variable}0{known[0] - FIRST_DATA_YEAR_OFFSET}0"] = "-"
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
            "turvar": [{"val": 0, "label": "Tidak ada"}],
            "labelvervar": "Kabupaten/Kota",
            "vervar": [
                *({"val": int(code), "label": f"<b>{name}</b>"} for code, name in REGIONS.items()),
                {"val": 6400, "label": "Kalimantan&nbsp;Timur"},
                {"val": 9999, "label": "INDONESIA"},
            ],
            "tahun": [{"val": year - FIRST_DATA_YEAR_OFFSET, "label": str(year)} for year in known],
            "turtahun": [{"val": 0, "label": "Tahun"}],
            "datacontent": content,
        }

    def listing(self, model: str, page: int, per_page: int) -> dict[str, Any]:
        rows: list[dict[str, Any]]
        match model:
            case "subject":
                subjects = {values[1]: values[2] for values in VARIABLES.values()}
                rows = [
                    {
                        "sub_id": int(key),
                        "title": name,
                        "subcat_id": 1,
                        "subcat": "Sosial dan Kependudukan",
                        "ntabel": None,
                    }
                    for key, name in sorted(subjects.items())
                ]
            case "var":
                rows = [
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
            case "th":
                rows = [{"th_id": year - FIRST_DATA_YEAR_OFFSET, "th": str(year)} for year in self.years()]
            case "vervar":
                rows = [
                    {
                        "kode_ver_id": int(code),
                        "vervar": name,
                        "item_ver_id": int(code),
                        "group_ver_id": 1,
                        "name_group_ver_id": "Kabupaten/Kota",
                    }
                    for code, name in REGIONS.items()
                ]
            case "turth":
                rows = [{"turth_id": 0, "turth": "Tahun", "group_turth_id": 0, "name_group_turth": "Tahunan"}]
            case _:
                return not_available()
        pages = max(1, -(-len(rows) // per_page))
        if not 1 <= page <= pages:
            return not_available()
        part = rows[(page - 1) * per_page : page * per_page]
        paging = {"page": page, "pages": pages, "per_page": per_page, "count": len(part), "total": len(rows)}
        return {"status": "OK", "data-availability": "available", "data": [paging, part]}

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
    segments = [segment for segment in parts.path.removeprefix("/v1/api").split("/") if segment]
    action = segments[0] if segments else ""
    rest = segments[1:]
    found = dict(zip(rest[::2], rest[1::2], strict=False))
    return action, found | dict(parse_qsl(parts.query))


def answer_for(world: World, path: str) -> tuple[int, dict[str, Any]]:
    action, parameters = parameters_of(path)
    if parameters.get("key") != KEY:
        return 401, {"error": "UserNotFound"}
    if action == "domain":
        return 200, world.domains()
    if action != "list":
        return 404, {"error": "NotFound"}
    try:
        if parameters.get("model") == "data":
            years = read_years(parameters["th"]) if "th" in parameters else list(world.years())
            return 200, world.data(parameters.get("var", ""), years)
        page = int(parameters.get("page", 1))
        per_page = 1_000_000 if parameters.get("nopage") == "1" else int(parameters.get("perpage", PER_PAGE))
        return 200, world.listing(parameters.get("model", ""), page, per_page)
    except ValueError as problem:
        return 200, error(f"Parameter salah: {problem}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    world: World

    def do_GET(self) -> None:
        if self.path == "/sehat":
            self._send(200, b"ok", "text/plain")
            return
        world = self.world
        world.requests.append(self.path)
        firewall = (
            b"<html><head><title>Request Rejected</title></head><body>The requested URL was rejected.</body></html>"
        )
        match world.fault:
            case "html":
                self._send(200, firewall, "text/html")
                return
            case "html403":
                self._send(403, firewall, "text/html")
                return
            case "unavailable":
                self._send(503, b"Service Unavailable", "text/plain")
                return
            case "drop":
                self.close_connection = True
                self.connection.close()
                return
            case "slow":
                time.sleep(SLOW_SECONDS)
            case "error":
                self._send_json(200, error("Terjadi kesalahan pada server"))
                return
        status, answer = answer_for(world, self.path)
        body = json.dumps(answer).encode()
        if world.fault == "truncated":
            body = body[: len(body) // 2]
        self._send(status, body, "application/json")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        order = json.loads(self.rfile.read(length) or b"{}")
        world = self.world
        world.fault = order.get("fault", world.fault)
        for variable, figures in order.get("revise", {}).items():
            for place, value in figures.items():
                region, year = place.split("/")
                world.figures[variable][region, int(year)] = value
        world.units.update(order.get("unit", {}))
        self._send_json(200, {"fault": world.fault, "requests": len(world.requests)})

    def _send_json(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client gave up waiting, as it should

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


def serve(port: int = 0, year: int | None = None) -> tuple[ThreadingHTTPServer, World]:
    """A server on loopback, ready but not yet running; port 0 takes a free one."""
    world = World(year)
    handler = type("WorldHandler", (Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    return server, world


def serve_in_thread(year: int | None = None) -> tuple[ThreadingHTTPServer, World]:
    server, world = serve(0, year)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, world


if __name__ == "__main__":
    serve(int(sys.argv[1]))[0].serve_forever()
