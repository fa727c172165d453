"""Dashboards under readers: gunicorn as `make demo` starts it, 20 people who turn a page every second, at sizes M and
L.

M: five years of 40 OPD, 144,260 packages, more than 600,000 measurements. L: 5.7 million packages more, in the year
looked at. While they read, somebody changes a figure every few seconds and the summaries follow, so that kept pages
grow old.
"""

import contextlib
import http.client
import json
import random
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator

from bench import grid, integrity
from bench.figures import Figure
from bench.worlds import HOME, size_s, without_triggers
from kaltim_portal.embedded import ROOT, Portal

PACKAGES_L = 5_700_000
READERS, WARM_UP, SECONDS = 20, 15, 60
PAUSE = (0.5, 1.5)  # s between a reader's pages; people look longer
CHANGE_EVERY = 30  # s; the worker looks every 60 s
LIMIT_MS, LIMIT_QUERIES, LIMIT_FIRST_KB, LIMIT_LATER_KB = 250, 12, 200, 40
GROUPS = ("overview", "map", "agency", "rows")

_TABLES = [
    "programs_program",
    "programs_program_regions",
    "programs_report",
    "programs_progress",
    "programs_reportvalue",
    "programs_budgetline",
    "programs_budgetissue",
    "procurement_flag",
]
_LIVELY = [  # what grid.fill and integrity.fill made, so that dashboards have something to say of it
    """
    UPDATE programs_report r SET state = 'verified', submitted_at = now(), decided_at = now(),
        submitted_by_id = p.created_by_id,
        decided_by_id = (SELECT min(u.id) FROM accounts_user u WHERE u.id <> p.created_by_id)
    FROM programs_program p
    WHERE p.id = r.program_id AND p.name LIKE 'Ukur %' AND upper(r.period) <= current_date AND hashint8(r.id) % 10 <> 0
    """,
    """
    UPDATE programs_program SET service_id = (SELECT array_agg(id ORDER BY id) FROM spm_servicekind)[1 + id % 12]
    WHERE name LIKE 'Ukur %' AND id % 3 > 0
    """,
    """
    INSERT INTO programs_program_regions (program_id, region_id) SELECT p.id, g.id FROM programs_program p,
        core_region g
    WHERE p.name LIKE 'Ukur %' AND g.level = 'regency' AND (p.id + g.id) % 3 > 0
    """,
    """
    UPDATE programs_reportvalue v
    SET verdict = (ARRAY['deviates','explain','explain','matches','matches','matches','matches','matches','matches',
        'matches'])[1 + abs(hashint8(v.id)) % 10],
        reference_id = (SELECT min(id) FROM datasources_observation), distance = abs(hashint8(v.id + 1)) % 40
    FROM programs_report r JOIN programs_program p ON p.id = r.program_id WHERE r.id = v.report_id
        AND p.name LIKE 'Ukur %'
    """,
    """
    UPDATE programs_progress g SET planned_rupiah = 8e6 * extract(month FROM lower(r.period)),
        financial_rupiah = (3 + abs(hashint8(r.program_id)) % 6) * 1e6 * extract(month FROM lower(r.period))
    FROM programs_report r JOIN programs_program p ON p.id = r.program_id WHERE r.id = g.report_id
        AND p.name LIKE 'Ukur %'
    """,
    """
    INSERT INTO programs_budgetissue (agency_id, fiscal_year, number, stage, note, added, changed, removed,
        total_rupiah, taken_by_id, taken_at)
    SELECT DISTINCT agency_id, fiscal_year, 901, 'original', '', 0, 0, 0, 0, (SELECT min(id) FROM accounts_user), now()
    FROM programs_program WHERE name LIKE 'Ukur %'
    """,
    """
    INSERT INTO programs_budgetline (sub_activity_id, since_id, identity, account_code, account_name, heading,
        description, component, specification,
        coefficient, unit_text, amount_rupiah, fund_source, is_package, coefficient_before, spending_class)
    SELECT s.id, i.id, gen_random_uuid(), '5.1.02', '', '', '', '', '', '', '', 1e7 * (1 + s.id % 5), '', false, '', c
    FROM programs_subactivity s JOIN programs_activity a ON a.id = s.activity_id JOIN programs_program p
        ON p.id = a.program_id
    JOIN programs_budgetissue i ON i.agency_id = p.agency_id AND i.fiscal_year = p.fiscal_year AND i.number = 901,
        unnest(ARRAY['ceremonial','supporting','direct']) c WHERE p.name LIKE 'Ukur %'
    """,
    """
    INSERT INTO procurement_flag (code, subject, key, package_id, agency_id, fiscal_year, evidence, raised_at,
        suppressed_because)
    SELECT (ARRAY['R003','R018','R024','K02'])[1 + id % 4], 'package', 'ukur-' || id, id, agency_id, fiscal_year,
        '{}', now(), ''
    FROM procurement_package WHERE id % 29 = 0
    """,
]
_PACKAGES_L = """
    INSERT INTO procurement_package (version, updated_at, fiscal_year, rup_code, name, kind, method,
        self_managed_type, selection_method, kbki_code,
        ceiling_rupiah, hps_rupiah, state, rup_published_on, announced_at, award_note, is_framework, agency_id,
            created_by_id, is_sample,
        lacks_declarations)
    SELECT 1, now(), extract(year FROM now())::int, (500000000 + n)::text, 'Pengadaan seluruh Indonesia nomor ' || n,
        (ARRAY['goods','works','consulting','other_services'])[1 + n % 4],
            (ARRAY['tender','e_purchasing','direct_procurement'])[1 + n % 3],
        '', '', '', 50000000 + n % 900001 * 1000, 45000000,
            (ARRAY['planned','announced','contracted','contracted','completed'])[1 + n % 5],
        current_date - 90, CASE WHEN n % 5 > 0 THEN now() - interval '80 days' END, '', false,
        (SELECT array_agg(id ORDER BY id) FROM accounts_agency)[1 + n % 40], (SELECT min(id) FROM accounts_user),
            true, n % 25 = 0
    FROM generate_series({first}, {last}) n
"""
_FLAGS_L = """
    INSERT INTO procurement_flag (code, subject, key, package_id, agency_id, fiscal_year, evidence, raised_at,
        suppressed_because)
    SELECT (ARRAY['R003','R018','R024','K02'])[1 + id % 4], 'package', 'negara-' || id, id, agency_id, fiscal_year,
        '{}', now(), ''
    FROM procurement_package WHERE length(rup_code) = 9 AND id % 100 = 0 ON CONFLICT DO NOTHING
"""
_SETTLE_FLAGS = (
    "UPDATE procurement_package SET is_flagged = is_flagged WHERE id IN (SELECT package_id FROM procurement_flag)"
)
PORTION = 300_000


def fill() -> None:
    """Size M, with reports handed in, verdicts, flags; the summaries made from it."""
    from django.db import connection, transaction

    from dashboards.summaries import refresh as summaries
    from procurement.models import Flag

    measurements = grid.fill()
    integrity.fill()
    if not Flag.objects.filter(key__startswith="ukur-").exists():
        with transaction.atomic(), connection.cursor() as cursor:
            with without_triggers(cursor, *_TABLES):
                for statement in _LIVELY:
                    cursor.execute(statement)
            cursor.execute(_SETTLE_FLAGS)
        _tidy()
    summaries.refresh_everything()
    print(f"# {measurements} measurements", file=sys.stderr)


def fill_country() -> None:
    """Size L on top of M: every package of Indonesia's year, over the 40 OPD."""
    from django.db import connection, transaction

    from dashboards.summaries import refresh as summaries
    from procurement.models import Package

    began = time.perf_counter()
    there = Package.objects.filter(rup_code__startswith="5", rup_code__regex=r"^5\d{8}$").count()
    for first in range(there + 1, PACKAGES_L + 1, PORTION):
        with transaction.atomic(), connection.cursor() as cursor, without_triggers(cursor, "procurement_package"):
            cursor.execute(_PACKAGES_L.format(first=first, last=min(first + PORTION - 1, PACKAGES_L)))
    with connection.cursor() as cursor:
        cursor.execute(_FLAGS_L)
        flagged = cursor.rowcount
    if there < PACKAGES_L or flagged:
        _tidy()
    print(f"# {Package.objects.count()} packages after {time.perf_counter() - began:.0f} s", file=sys.stderr)
    began = time.perf_counter()
    summaries.refresh_everything()
    print(f"# all summaries in {time.perf_counter() - began:.0f} s", file=sys.stderr)


def _tidy() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


# -- what people open ----------------------------------------------------------------------------------------------
def addresses() -> dict[str, list[str]]:
    """By group: the page itself, and narrowed in each way; behind its figures the lists of their rows."""
    from accounts.models import Agency
    from core.models import Region
    from programs.models import Program
    from spm.models import Domain

    year = Program.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True)[0]
    agencies = list(Agency.objects.order_by("pk").values_list("pk", flat=True)[:40])
    domains = list(Domain.objects.values_list("pk", flat=True))
    regions = list(Region.objects.regencies().values_list("pk", flat=True))
    narrowed = (
        [f"agency={pk}" for pk in agencies[:10]]
        + [f"domain={pk}" for pk in domains]
        + [f"region={pk}" for pk in regions]
    )
    narrowed += [f"period={year}-Q{quarter}" for quarter in (1, 2, 3)]
    lists = [
        "/dasbor/program/",
        "/dasbor/program/?state=off_track",
        "/pengadaan/?declarations=missing",
        "/pengadaan/?flagged=yes",
        "/laporan/nilai/?verdict=deviates",
        "/laporan/?kind=quarter&state=delivered",
        "/bendera/?subject=package&aside=no",
        "/program/?state=registered",
    ]
    lists += [f"/pengadaan/?declarations=missing&agency={pk}" for pk in agencies[:4]] + [
        f"/dasbor/program/?agency={pk}" for pk in agencies[:4]
    ]
    return {
        # As people do: half of them look at the page as it opens.
        "overview": ["/dasbor/"] * len(narrowed) + [f"/dasbor/?{each}" for each in narrowed],
        "map": [
            f"/dasbor/peta/?ukuran={key}" for key in ("spm", *(f"spm-{pk}" for pk in domains), "menyimpang", "program")
        ],
        "agency": [f"/dasbor/opd/{pk}/" for pk in agencies],
        "rows": lists,
    }


def _cookie() -> str:
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(
        User.objects.get(username="gubernur"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Reader(threading.Thread):
    """Opens a page, looks a second, opens the next, until told to stop; notes (group, path, ms in the server, ms
    until read)."""

    def __init__(
        self, portal: Portal, cookie: str, pages: dict[str, list[str]], seed: int, done: threading.Event
    ) -> None:
        super().__init__(daemon=True)
        self.portal, self.cookie, self.pages, self.done = portal, cookie, pages, done
        self.chance = random.Random(seed)  # noqa: S311 (which page comes next)
        self.times: list[tuple[str, str, float, float]] = []
        self.problems: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.portal.web_port, timeout=60)
        while not self.done.is_set():
            group = self.chance.choice(GROUPS)
            path = self.chance.choice(self.pages[group])
            began = time.perf_counter()
            try:
                answer = fetch(connection, path, self.cookie)
            except (OSError, http.client.HTTPException):  # the server ends idle connections
                connection.close()
                continue
            took = (time.perf_counter() - began) * 1000
            if answer.status != 200:  # noqa: PLR2004
                self.problems.append(f"{path}: {answer.status}")
            self.times.append((group, path, float(answer.timing), took))
            self.done.wait(self.chance.uniform(*PAUSE))


class Fetched:
    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.status, self.packed = answer.status, answer.read()
        self.timing = (answer.headers.get("Server-Timing") or "portal;dur=0").split("dur=")[1]
        self.encoding = answer.headers.get("Content-Encoding", "")


def fetch(connection: http.client.HTTPConnection, path: str, cookie: str) -> Fetched:
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    return Fetched(connection.getresponse())


def _change(number: int) -> None:
    """Somebody corrects a figure, and the summaries follow, as the worker makes them."""
    from dashboards.summaries.tasks import refresh_summaries
    from programs.models import Program

    program = Program.objects.filter(name__startswith="Ukur ").order_by("-fiscal_year", "pk")[number % 50]
    Program.objects.filter(pk=program.pk).update(budget_rupiah=1_000_000_000 + time.monotonic_ns() % 1_000_000)
    refresh_summaries()


def _work(done: threading.Event) -> None:
    from django.db import connections

    number = 0
    while not done.wait(CHANGE_EVERY):
        number += 1
        _change(number)
    connections.close_all()


def under_readers(portal: Portal) -> dict[str, tuple[float, float]]:
    """(95th percentile in the server, until read) in ms by group."""
    pages, cookie, done = addresses(), _cookie(), threading.Event()
    readers = [Reader(portal, cookie, pages, seed, done) for seed in range(READERS)]
    worker = threading.Thread(target=_work, args=[done], daemon=True)
    for thread in (*readers, worker):
        thread.start()
    time.sleep(
        WARM_UP
    )  # the first pages of a server that has just started load its templates and the drawing of charts
    for reader in readers:
        reader.times.clear()
    time.sleep(SECONDS)
    done.set()
    for thread in (*readers, worker):
        thread.join(60)
    problems = {problem for reader in readers for problem in reader.problems}
    if problems:
        raise RuntimeError(f"not every page was answered: {sorted(problems)[:5]}")
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    slowest: dict[str, float] = defaultdict(float)
    for reader in readers:
        for group, path, server, seen in reader.times:
            found[group].append((server, seen))
            slowest[path] = max(slowest[path], server)
    print(f"# {sum(len(times) for times in found.values())} pages read in {SECONDS} s", file=sys.stderr)
    for path in sorted(slowest, key=lambda each: -slowest[each])[:6]:
        print(f"# slowest: {path} {slowest[path]:.0f} ms", file=sys.stderr)
    return {group: (grid.p95([t[0] for t in times]), grid.p95([t[1] for t in times])) for group, times in found.items()}


def queries() -> dict[str, int]:
    """The most queries that any page of a group asks after the summaries changed; without BEGIN, SET and the like."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    client = Client()
    client.force_login(
        User.objects.get(username="gubernur"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    _change(0)
    most: dict[str, int] = {}
    for group, paths in addresses().items():
        for path in dict.fromkeys(paths):
            client.get(path)
            _change(len(most))
            with CaptureQueriesContext(connection) as asked:
                client.get(path)
            selects = [
                each["sql"] for each in asked if not re.match(r"(BEGIN|COMMIT|SET|SAVEPOINT|RELEASE)", each["sql"])
            ]
            most[group] = max(most.get(group, 0), len(selects))
    return most


def weights(portal: Portal) -> tuple[float, float]:
    """kB over the line: the heaviest first visit (the page and every file it loads), the heaviest page alone."""
    cookie, first, later = _cookie(), 0.0, 0.0
    connection = http.client.HTTPConnection("127.0.0.1", portal.web_port, timeout=60)
    for path in [pages[0] for pages in addresses().values()]:
        answer = fetch(connection, path, cookie)
        body = _plain(answer)
        files = {name.split("#")[0] for name in re.findall(r'(?:href|src)="(/static/[^"]+)"', body)}
        loaded = sum(len(fetch(connection, name, cookie).packed) for name in files)
        first, later = max(first, (len(answer.packed) + loaded) / 1000), max(later, len(answer.packed) / 1000)
    connection.close()
    return first, later


def _plain(answer: Fetched) -> str:
    import gzip

    return (gzip.decompress(answer.packed) if answer.encoding == "gzip" else answer.packed).decode()


@contextlib.contextmanager
def opened(name: str) -> Iterator[Portal]:
    with size_s(HOME / name, with_packages=False) as portal:
        fill()
        yield portal


def dashboards_m() -> Iterator[Figure]:
    """Server time under 20 readers, queries, and what goes over the line, each against its limit."""
    with opened("dashboards") as portal:
        for group, count in queries().items():
            yield Figure(
                f"dashboards_m_{group}_queries", count, "queries", f"limit_of_{LIMIT_QUERIES}", count / LIMIT_QUERIES
            )
        portal.start_web()
        first, later = weights(portal)
        yield Figure(
            "dashboards_m_first_visit", first, "kB_compressed", f"limit_of_{LIMIT_FIRST_KB}_kB", first / LIMIT_FIRST_KB
        )
        yield Figure(
            "dashboards_m_later_visit", later, "kB_compressed", f"limit_of_{LIMIT_LATER_KB}_kB", later / LIMIT_LATER_KB
        )
        for group, (server, seen) in under_readers(portal).items():
            yield Figure(f"dashboards_m_{group}_seen_p95", seen, "ms", "server_time_p95", seen / server)
            yield Figure(f"dashboards_m_{group}_p95", server, "ms", f"limit_of_{LIMIT_MS}_ms", server / LIMIT_MS)


def dashboards_l() -> Iterator[Figure]:
    """The same with 5.7 million packages more, against size M in the same run."""
    small, large = _in_a_process_of_its_own("dashboards"), _in_a_process_of_its_own("dashboards-l")
    for group, (server, _seen) in large.items():
        yield Figure(f"dashboards_l_{group}_p95", server, "ms", "size_m_p95", server / small[group][0])


def _in_a_process_of_its_own(name: str) -> dict[str, tuple[float, float]]:
    """Django knows one database a process, and these are two."""
    code = f"from bench import dashboards; dashboards.tell({name!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, tuple[float, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def tell(name: str) -> None:
    """Measure the world `name` and print what `under_readers` found as JSON."""
    with opened(name) as portal:
        if name == "dashboards-l":
            fill_country()
        portal.start_web()
        print(json.dumps(under_readers(portal)))


def briefing() -> Iterator[Figure]:
    """The weekly briefing at size M, from gathering the figures to the finished PDF in the database."""
    with opened("dashboards"):
        from django.utils import timezone

        from accounts.models import User
        from dashboards.briefings import services as weekly

        today, by = timezone.localdate(), User.objects.get(username="gubernur")
        times = []
        for _repeat in range(5):
            began = time.perf_counter()
            weekly.issue(year=today.year, today=today, by=by)
            times.append(time.perf_counter() - began)
        value = max(times)
        yield Figure("briefing", value, "s", "limit_of_5_s", value / 5)
