"""Budget lines (`data_rka`), hundreds of thousands a year: compared and taken over set-wise, kept in versions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _
from psycopg2 import sql

from core import audit
from core.choices import Role
from core.importing.datasets import MAX_PROBLEMS, Counts, Dataset, Difference, Problem, Review, Scope
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.numbers import format_rupiah
from core.sql import execute
from programs.choices import BudgetStage
from programs.models import BudgetIssue
from programs.registration.spending import CLASS_OF_ROW, CLASSES

EXAMPLES = 200
MESSAGES |= {
    "unknown_sbl": _("is not among the sub-activities of %(year)s; upload the list of sub-activities first"),
    "sbl_of_other_agency": _("belongs to another OPD"),
    "account_code": _("is not an account of expenditure; it begins with 5 and has parts such as 5.1.02.04.01.0001"),
    "negative": _("cannot be less than zero"),
    "amount_differs": _("is not volume × unit price (+ tax) = %(expected)s; check the line in SIPD"),
    "over_ceiling": _("the lines of this sub-activity add up to %(sum)s, its ceiling is %(ceiling)s"),
    "twin": _("the same line stands in the list more than once; both are counted"),
}
TEXTS = {
    "account_name": 300,
    "heading": 500,
    "description": 500,
    "component": 500,
    "specification": 1000,
    "coefficient": 300,
    "unit_text": 80,
    "fund_source": 300,
    "coefficient_before": 300,
}
# What makes a line the same line in a re-issued list; the rest is what it says.
IDENTITY = ["account_code", "heading", "description", "component", "specification", "unit_text", "fund_source"]
CONTENT = [
    "account_name", "volume", "coefficient", "price_rupiah", "tax_rupiah", "amount_rupiah", "is_package",
    "volume_before", "coefficient_before", "price_before_rupiah", "tax_before_rupiah", "amount_before_rupiah",
]  # fmt: skip
COLUMNS = [*IDENTITY, *CONTENT]
SAME = ", ".join(f"coalesce(s.{name}, '')" for name in IDENTITY)


def staged(name: str) -> str:
    """A staged column as the table takes it: blank texts and flags are not NULL there."""
    if name in {"account_code", *TEXTS}:
        return f"coalesce(s.{name}, '')"
    return "coalesce(s.is_package, false)" if name == "is_package" else f"s.{name}"


# Whether a staged row says something else than the current line of the same identity.
SAYS_MORE = f"""(({", ".join(f"l.{name}" for name in CONTENT)}) IS DISTINCT FROM ({", ".join(map(staged, CONTENT))}))"""
# The staged rows with what was worked out of them.
READY = "{ready} r JOIN {table} s ON s.sheet_no = r.sheet_no AND s.row_no = r.row_no"


Names = dict[str, sql.Identifier]


def _names(table: str) -> Names:
    return {"table": sql.Identifier(table), "ready": sql.Identifier(f"{table}_ready")}


def _shown(value: Any) -> str:
    return "" if value is None else str(value)[:120]


def _money(value: Any) -> str:
    return "" if value is None else format_rupiah(value)


END = "UPDATE programs_budgetline SET until_id = %s"


def _summed(cursor: Any, statement: str, names: Names, issue: BudgetIssue) -> Decimal:
    """Run a statement that writes lines; the sum of their amounts (Rp)."""
    whole = f"WITH written AS ({statement} RETURNING amount_rupiah) SELECT coalesce(sum(amount_rupiah), 0) FROM written"  # noqa: S608
    execute(cursor, sql.SQL(whole).format(**names), [issue.pk])
    return Decimal(cursor.fetchone()[0])


@dataclass(frozen=True)
class Rule:
    """`condition` is over the staged row `s` and its sub-activity `sub`; true means that the row is at fault."""

    condition: str
    field: str
    code: str
    is_warning: bool = False

    def params(self, scope: Scope, expected: Any) -> dict[str, Any]:
        if self.code == "unknown_sbl":
            return {"year": scope.fiscal_year}
        return {"expected": format_rupiah(expected)} if self.code == "amount_differs" else {}


MULTIPLIED = "s.volume * s.price_rupiah"
RULES = [
    Rule("sub.id IS NULL AND s.sbl_code IS NOT NULL", "sbl_code", "unknown_sbl"),
    Rule("sub.agency_id <> %(agency)s", "sbl_code", "sbl_of_other_agency"),
    Rule("s.account_code !~ '^5(\\.[0-9]{{1,4}}){{1,6}}$'", "account_code", "account_code"),
    Rule("s.amount_rupiah < 0", "amount_rupiah", "negative"),
    Rule("s.price_rupiah < 0", "price_rupiah", "negative"),
    Rule("s.volume < 0", "volume", "negative"),
    Rule(
        f"s.amount_rupiah >= 0 AND abs(s.amount_rupiah - {MULTIPLIED}) > 1 "
        f"AND abs(s.amount_rupiah - {MULTIPLIED} - coalesce(s.tax_rupiah, 0)) > 1 "
        f"AND abs(s.amount_rupiah - {MULTIPLIED} * (1 + coalesce(s.tax_rupiah, 0) / 100)) > 1",
        "amount_rupiah",
        "amount_differs",
        is_warning=True,
    ),
]
REFUSING = sum(1 << bit for bit, rule in enumerate(RULES) if not rule.is_warning)
# Current lines of the file's sub-activities that the file has no more, not even as a refused row.
GONE = """
    SELECT l.* FROM programs_budgetline l
    WHERE l.until_id IS NULL AND l.sub_activity_id IN (SELECT DISTINCT sub_activity_id FROM {ready} WHERE is_own)
      AND NOT EXISTS (SELECT 1 FROM {ready} g WHERE g.identity = l.identity)
"""
OVER_CEILING = """
    SELECT first.sheet_no, first.row_no, sub.sbl_code, sums.total, sub.ceiling_rupiah
    FROM (SELECT sub_activity_id, sum(amount_rupiah) AS total, min(sheet_no * 10000000::bigint + row_no) AS place
          FROM {ready} WHERE NOT bad GROUP BY 1) AS sums
    JOIN programs_subactivity sub ON sub.id = sums.sub_activity_id AND sums.total > sub.ceiling_rupiah
    JOIN {ready} first ON first.sheet_no = sums.place / 10000000 AND first.row_no = mod(sums.place, 10000000)
    ORDER BY 1, 2 LIMIT %s
"""


def text(name: str, *headings: str) -> Field:
    return Field(name, Kind.TEXT, headings, max_length=TEXTS[name])


class BudgetLines(Dataset):
    label = _("Budget lines (SIPD data_rka)")
    hint = _("Every line of the sub-activities named in the file; a re-issued list becomes a new version.")
    roles = frozenset({Role.OPERATOR})
    order = 40
    shape = Shape(
        "budget_lines",
        (
            Field("sbl_code", Kind.CODE, ("kode_sbl", "Kode SBL"), required=True, max_length=60),
            Field("account_code", Kind.CODE, ("kode_akun", "Kode akun", "Kode rekening"), required=True, max_length=30),
            text("account_name", "nama_akun", "Nama akun", "Nama rekening"),
            text("heading", "subs_bl_teks", "Kelompok belanja"),
            text("description", "ket_bl_teks", "Keterangan belanja"),
            text("component", "nama_komponen", "Komponen", "Uraian"),
            text("specification", "spek", "spek_komponen", "Spesifikasi"),
            Field("volume", Kind.NUMBER, ("volume",)),
            text("coefficient", "koefisien"),
            text("unit_text", "satuan"),
            Field("price_rupiah", Kind.RUPIAH, ("harga_satuan", "Harga satuan")),
            Field("tax_rupiah", Kind.RUPIAH, ("pajak", "ppn", "totalpajak")),
            Field("amount_rupiah", Kind.RUPIAH, ("rincian", "Jumlah", "total_harga"), required=True),
            text("fund_source", "nama_dana", "Sumber dana"),
            Field("is_package", Kind.FLAG, ("is_paket",)),
            Field("volume_before", Kind.NUMBER, ("volume_murni",)),
            text("coefficient_before", "koefisien_murni"),
            Field("price_before_rupiah", Kind.RUPIAH, ("harga_satuan_murni",)),
            Field("tax_before_rupiah", Kind.RUPIAH, ("pajak_murni", "totalpajak_murni")),
            Field("amount_before_rupiah", Kind.RUPIAH, ("rincian_murni",)),
        ),
        recognised_by=("sbl_code", "account_code", "amount_rupiah"),
    )

    def review(self, table: str, scope: Scope) -> Review:
        names = self._prepare(table, scope)
        counts = self._counts(names)
        problems, problem_count = self._problems(names, scope)
        return Review(counts, problems, problem_count, self._examples(names))

    def _prepare(self, table: str, scope: Scope) -> Names:
        """One pass over the stage: place each row, hash what makes it the same line, class it, judge it."""
        names = _names(table)
        faults = " + ".join(f"(({rule.condition}) IS TRUE)::int * {1 << bit}" for bit, rule in enumerate(RULES))
        statement = f"""
            CREATE UNLOGGED TABLE {{ready}} AS
            WITH {CLASSES.format(rows=table)},
            placed AS (
                SELECT s.sheet_no, s.row_no, s.amount_rupiah, s.bad AS cell_bad, sub.id AS sub_activity_id, sub.agency_id = %(agency)s AS is_own,
                       {faults} AS faults, md5(concat_ws('|', sub.id, {SAME}))::uuid AS same, {CLASS_OF_ROW} AS spending_class
                FROM {{table}} s
                LEFT JOIN (
                    SELECT sa.id, sa.sbl_code, p.agency_id FROM programs_subactivity sa
                    JOIN programs_activity act ON act.id = sa.activity_id JOIN programs_program p ON p.id = act.program_id
                    WHERE sa.fiscal_year = %(year)s
                ) AS sub ON sub.sbl_code = s.sbl_code
                LEFT JOIN accounts a ON a.account_code = s.account_code
            ),
            numbered AS (
                SELECT *, row_number() OVER (PARTITION BY same ORDER BY sheet_no, row_no) AS occurrence FROM placed
            )
            SELECT sheet_no, row_no, amount_rupiah, sub_activity_id, is_own, spending_class, faults, occurrence > 1 AS is_twin,
                   CASE WHEN occurrence = 1 THEN same ELSE md5(same::text || occurrence)::uuid END AS identity,
                   cell_bad OR is_own IS NOT TRUE OR faults & {REFUSING} > 0 AS bad
            FROM numbered
        """  # noqa: S608 (names of this module's own columns; values are parameters)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '128MB'")
            execute(cursor, sql.SQL("DROP TABLE IF EXISTS {ready}").format(**names))
            # A literal % of the statement's own (none today) would need doubling: parameters are bound by the driver.
            execute(cursor, sql.SQL(statement).format(**names), {"agency": scope.agency.pk, "year": scope.fiscal_year})
            execute(cursor, sql.SQL("ANALYZE {ready} (identity, sub_activity_id)").format(**names))
        return names

    def _counts(self, names: Names) -> Counts:
        first = """
            SELECT count(*) FILTER (WHERE r.bad), count(*) FILTER (WHERE NOT r.bad AND l.id IS NULL),
                   count(*) FILTER (WHERE NOT r.bad AND l.id IS NOT NULL)
            FROM {ready} r LEFT JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
        """
        same = f"""
            SELECT count(*) FILTER (WHERE {SAYS_MORE})
            FROM {READY} JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL WHERE NOT r.bad
        """  # noqa: S608 (this module's own column names)
        with connection.cursor() as cursor:
            execute(cursor, sql.SQL(first).format(**names))
            refused, new, known = cursor.fetchone()
            changed = 0
            if known:
                execute(cursor, sql.SQL(same).format(**names))
                changed = int(cursor.fetchone()[0])
            execute(cursor, sql.SQL(f"SELECT count(*) FROM ({GONE}) AS gone").format(**names))  # noqa: S608
            return Counts(new, changed, known - changed, int(cursor.fetchone()[0]), refused)

    def _problems(self, names: Names, scope: Scope) -> tuple[list[Problem], int]:
        """What the rules found, by row; warnings too. The number counts also what is beyond the first 5,000."""
        found: list[Problem] = []
        shown = ", ".join(f"s.{rule.field}" for rule in RULES)
        statement = f"""
            SELECT r.sheet_no, r.row_no, r.faults, {MULTIPLIED}, {shown}, count(*) OVER ()
            FROM {READY} WHERE r.faults > 0 ORDER BY r.sheet_no, r.row_no LIMIT %s
        """  # noqa: S608
        twins = f"SELECT r.sheet_no, r.row_no, s.component, count(*) OVER () FROM {READY} WHERE r.is_twin AND NOT r.bad LIMIT %s"  # noqa: S608
        with connection.cursor() as cursor:
            execute(cursor, sql.SQL(statement).format(**names), [MAX_PROBLEMS])
            count = 0
            for part, row, faults, expected, *values, total in cursor.fetchall():
                count = total
                for bit, rule in enumerate(RULES):
                    if faults & (1 << bit):
                        params = rule.params(scope, expected)
                        found.append(
                            Problem(part, row, rule.field, _shown(values[bit]), rule.code, params, rule.is_warning)
                        )
            execute(cursor, sql.SQL(twins).format(**names), [MAX_PROBLEMS])
            rows = cursor.fetchall()
            count += rows[0][3] if rows else 0
            found += [Problem(part, row, "component", text, "twin", is_warning=True) for part, row, text, _all in rows]
            execute(cursor, sql.SQL(OVER_CEILING).format(**names), [MAX_PROBLEMS])
            rows = cursor.fetchall()
            count += len(rows)
            for part, row, code, total, ceiling in rows:
                params = {"sum": format_rupiah(total), "ceiling": format_rupiah(ceiling)}
                found.append(Problem(part, row, "sbl_code", code, "over_ceiling", params, is_warning=True))
        return found[:MAX_PROBLEMS], count

    def _examples(self, names: Names) -> list[Difference]:
        changed = f"""
            SELECT 'changed', s.sbl_code || ' · ' || s.account_code || ' ' || coalesce(s.component, s.account_name, ''),
                   l.amount_rupiah, s.amount_rupiah
            FROM {READY} JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
            WHERE NOT r.bad AND {SAYS_MORE} ORDER BY abs(l.amount_rupiah - s.amount_rupiah) DESC LIMIT %s
        """  # noqa: S608
        removed = f"""
            SELECT 'removed', sub.sbl_code || ' · ' || gone.account_code || ' ' || gone.component, gone.amount_rupiah, NULL
            FROM ({GONE}) AS gone JOIN programs_subactivity sub ON sub.id = gone.sub_activity_id
            ORDER BY gone.amount_rupiah DESC LIMIT %s
        """  # noqa: S608
        rows: list[Any] = []
        with connection.cursor() as cursor:
            for statement in (changed, removed):
                execute(cursor, sql.SQL(statement).format(**names), [EXAMPLES])
                rows += cursor.fetchall()
        return [Difference(kind, name, _money(before), _money(after)) for kind, name, before, after in rows]

    def apply(self, table: str, scope: Scope) -> Counts:
        names = _names(table)
        with connection.cursor() as cursor:
            # Two lists of one OPD and year wait for one another; the counts hold under the lock.
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [scope.agency.pk, scope.fiscal_year])
            cursor.execute("SET LOCAL work_mem = '128MB'")
        counts = self._counts(names)
        if not counts.new and not counts.changed and not counts.removed:
            return counts
        issue = self._issue(scope, counts)
        ended = Decimal(0)
        with connection.cursor() as cursor:
            if counts.removed:
                statement = f"{END} WHERE id IN (SELECT id FROM ({GONE}) AS gone)"  # noqa: S608
                ended += _summed(cursor, statement, names, issue)
            if counts.changed:
                statement = f"""
                    {END} WHERE id IN (
                        SELECT l.id FROM {READY} JOIN programs_budgetline l ON l.identity = r.identity AND l.until_id IS NULL
                        WHERE NOT r.bad AND {SAYS_MORE})
                """  # noqa: S608
                ended += _summed(cursor, statement, names, issue)
            statement = f"""
                INSERT INTO programs_budgetline (since_id, sub_activity_id, identity, spending_class, {", ".join(COLUMNS)})
                SELECT %s, r.sub_activity_id, r.identity, r.spending_class, {", ".join(map(staged, COLUMNS))}
                FROM {READY} WHERE NOT r.bad AND NOT EXISTS (
                    SELECT 1 FROM programs_budgetline l WHERE l.identity = r.identity AND l.until_id IS NULL)
            """  # noqa: S608
            issue.total_rupiah += _summed(cursor, statement, names, issue) - ended
        issue.save(update_fields=["total_rupiah"])
        audit.record("budget.version_taken_over", issue, by=scope.user, counts=counts.as_json())
        return counts

    def _issue(self, scope: Scope, counts: Counts) -> BudgetIssue:
        last = (
            BudgetIssue.objects.filter(agency=scope.agency, fiscal_year=scope.fiscal_year).order_by("-number").first()
        )
        stage = scope.options.get("stage") or (BudgetStage.ORIGINAL if last is None else BudgetStage.SHIFT)
        return BudgetIssue.objects.create(
            agency=scope.agency,
            fiscal_year=scope.fiscal_year,
            number=last.number + 1 if last else 1,
            total_rupiah=last.total_rupiah if last else Decimal(0),
            stage=stage,
            upload=scope.upload,
            added=counts.new,
            changed=counts.changed,
            removed=counts.removed,
            taken_by=scope.user,
        )
