"""Budget lines (`data_rka`), hundreds of thousands a year: compared and taken over set-wise, kept in versions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from psycopg2 import sql

from core import audit
from core.choices import Role
from core.importing.datasets import (
    LEAP,
    MAX_PROBLEMS,
    Counts,
    Dataset,
    ExampleRow,
    ImportScope,
    ListedRow,
    Problem,
    Review,
)
from core.importing.fields import Field, Kind, Shape
from core.importing.messages import MESSAGES
from core.importing.staging import identifier
from core.numbers import format_number, format_rupiah
from core.sql import execute, statements
from programs.choices import BudgetStage
from programs.imports.placing import EITHER, SUB_ACTIVITY, leave_out_sums, place_by_code, spell_accounts
from programs.models import BudgetIssue
from programs.registration.spending import CLASS_OF_ROW, accounts_of

EXAMPLES = 200
LARGEST_LINE = 10**14  # Rp: many times the budget of the whole province, and few enough digits to be added up
MESSAGES |= {
    "account_code": _("is not an account of expenditure; it begins with 5 and has parts such as 5.1.02.04.01.0001"),
    "negative": _("cannot be less than zero"),
    "amount_differs": _("is not volume × unit price (+ tax) = %(expected)s; check the line in SIPD"),
    "over_ceiling": _("the lines of this sub-activity add up to %(sum)s, its ceiling is %(ceiling)s"),
    "held_back": _(
        "%(count)s lines of the portal are not in the list, and stay because a refused row may mean them; correct the"
        " refused rows"
    ),
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
# Headings of "rincian belanja" and "Rekap 5" for what groups lines.
GROUPS = ("Paket/kelompok belanja", "Paket/kelompok belanja/tagging (#)", "Paket/kelompok")
# What makes a line the same line in a re-issued list; the rest is what it says.
IDENTITY = ["account_code", "heading", "description", "component", "specification", "unit_text", "fund_source"]
CONTENT = [
    "account_name",
    "volume",
    "coefficient",
    "price_rupiah",
    "tax_rupiah",
    "amount_rupiah",
    "is_package",
    "volume_before",
    "coefficient_before",
    "price_before_rupiah",
    "tax_before_rupiah",
    "amount_before_rupiah",
]
COLUMNS = [*IDENTITY, *CONTENT]
# What a row and a line have to agree in, where the row leaves texts of the line blank.
ALIKE = ["volume", "price_rupiah", "amount_rupiah"]
BLANK_OR_SAME = sql.SQL("(loose.{0} IS NULL OR loose.{0} = gone.{0})")
SAME = sql.SQL("coalesce(loose.{0}, '') = gone.{0}")
_SQL = statements("budget_lines.sql", beside=__file__)


def _said(name: str, *, empties: bool) -> sql.Composable:
    """What the list says of a line, and where it says nothing what the current line `l` says."""
    column = sql.Identifier(name)
    last = sql.SQL(", ''" if name in TEXTS else ", false" if name == "is_package" else "")
    said = sql.SQL("coalesce(s.{column}, l.{column}{last})").format(column=column, last=last)
    if not empties:
        return said
    blank = sql.SQL("''" if name in TEXTS else "false" if name == "is_package" else "NULL")
    going = sql.SQL("CASE WHEN {} = ANY (string_to_array(s.emptied, ',')) THEN {} ELSE {} END")
    return going.format(sql.Literal(name), blank, said)


def _listed(parts: Iterable[sql.Composable]) -> sql.Composed:
    return sql.SQL(", ").join(parts)


def _of(alias: str, columns: Iterable[str]) -> sql.Composed:
    """`s` is the staged row, `l` the current line."""
    return _listed(sql.Identifier(alias, name) for name in columns)


@dataclass(frozen=True)
class StagedLines:
    """The staged list and the table of what was worked out of it, with the parts that statements share.

    `empties`: some row empties a value by a word; only then is it asked of each.
    """

    table: str
    empties: bool

    @classmethod
    def of(cls, table: str) -> "StagedLines":
        with connection.cursor() as cursor:
            asked = sql.SQL("SELECT EXISTS (SELECT 1 FROM {} WHERE emptied IS NOT NULL)").format(identifier(table))
            execute(cursor, asked)
            return cls(table, empties=cursor.fetchone()[0])

    def said(self, columns: Iterable[str]) -> sql.Composed:
        return _listed(_said(name, empties=self.empties) for name in columns)

    def statement(self, name: str, **more: sql.Composable) -> sql.Composed:
        names = {"table": identifier(self.table), "ready": identifier(f"{self.table}_ready")}
        parts = {part: sql.SQL(_SQL[part]).format(**names) for part in ("staged", "gone", "missed")}
        says_more = sql.SQL(_SQL["says_more"]).format(
            stored=_of("l", CONTENT),
            staged=self.said(CONTENT),
        )
        return sql.SQL(_SQL[name]).format(**names, **parts, says_more=says_more, **more)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)[:120]


def _money(value: Any) -> str:
    return "" if value is None else format_rupiah(value)


def _as_read(volume: Decimal | None, unit: str | None, price: Decimal | None, amount: Decimal) -> str:
    """A new line: 2 rim × Rp50.000 = Rp100.000."""
    parts = [" ".join(filter(None, [format_number(volume), unit])) if volume is not None else "", _money(price)]
    return " = ".join(filter(None, [" × ".join(filter(None, parts)), _money(amount)]))


def _summed(cursor: Any, written: sql.Composable, issue: BudgetIssue) -> Decimal:
    """Run a statement that writes lines; the sum of their amounts (Rp)."""
    execute(cursor, sql.SQL(_SQL["summed"]).format(written=written), {"issue": issue.pk})
    return Decimal(cursor.fetchone()[0])


@dataclass(frozen=True)
class LineRule:
    """`condition` is over the staged row `s` and its sub-activity `sub`; true means that the row is at fault."""

    condition: str
    field: str
    code: str
    is_warning: bool = False

    @property
    def shown(self) -> sql.Composable:
        """The column that the row is refused or warned of."""
        return sql.SQL("s.{}").format(sql.Identifier(self.field))

    def as_bit(self, bit: int) -> sql.Composable:
        """1 << bit where the row is at fault, else 0."""
        return sql.SQL("(({}) IS TRUE)::int * {}").format(sql.SQL(self.condition), sql.Literal(1 << bit))

    def params(self, scope: ImportScope, expected: Any) -> dict[str, Any]:
        if self.code in {"unknown_sbl", "sub_not_found"}:
            return {"year": scope.fiscal_year}
        return {"expected": format_rupiah(expected)} if self.code == "amount_differs" else {}


RULES = [
    LineRule("sub.id IS NULL AND s.sbl_code IS NOT NULL", "sbl_code", "unknown_sbl"),
    LineRule("s.sbl_code IS NULL AND s.sub_code IS NULL", "sbl_code", "sub_missing"),
    LineRule("s.sbl_code IS NULL AND s.sub_code IS NOT NULL", "sub_code", "sub_not_found"),
    LineRule("sub.agency_id <> %(agency)s", "sbl_code", "sbl_of_other_agency"),
    LineRule("s.account_code !~ '^5(\\.[0-9]{1,4}){5}$'", "account_code", "account_code"),
    LineRule("s.amount_rupiah < 0", "amount_rupiah", "negative"),
    LineRule(f"s.amount_rupiah > {LARGEST_LINE}", "amount_rupiah", "too_large"),
    LineRule("s.price_rupiah < 0", "price_rupiah", "negative"),
    LineRule("s.volume < 0", "volume", "negative"),
    LineRule(
        _SQL["amount_differs"],
        "amount_rupiah",
        "amount_differs",
        is_warning=True,
    ),
]
REFUSING = sum(1 << bit for bit, rule in enumerate(RULES) if not rule.is_warning)


def text(name: str, *headings: str) -> Field:
    return Field(name, Kind.TEXT, headings, max_length=TEXTS[name], may_go=name not in IDENTITY)


def _last_issue(scope: ImportScope) -> BudgetIssue | None:
    return BudgetIssue.objects.filter(agency=scope.agency, fiscal_year=scope.fiscal_year).order_by("-number").first()


class BudgetLines(Dataset):
    label = _("Budget lines (RKA of SIPD)")
    hint = _("Every line of the sub-activities named in the file; a re-issued list becomes a new version.")
    roles = frozenset({Role.OPERATOR})
    order = 40
    builds_on = frozenset({"sub_activities"})
    shape = Shape(
        "budget_lines",
        (
            *SUB_ACTIVITY,
            Field("account_code", Kind.CODE, ("kode_akun", "Kode akun", "Kode rekening"), required=True, max_length=30),
            text("account_name", "nama_akun", "Nama akun", "Nama rekening"),
            text("heading", "subs_bl_teks", "Kelompok belanja", *GROUPS),
            text("description", "ket_bl_teks", "Keterangan belanja", "Keterangan belanja/aktivitas (-)"),
            text("component", "nama_komponen", "Komponen", "Uraian", "Nama standar harga", "Nama paket/kelompok"),
            text("specification", "spek", "spek_komponen", "Spesifikasi"),
            Field("volume", Kind.NUMBER, ("volume",)),
            text("coefficient", "koefisien"),
            text("unit_text", "satuan"),
            Field("price_rupiah", Kind.RUPIAH, ("harga_satuan", "Harga satuan")),
            Field("tax_rupiah", Kind.RUPIAH, ("pajak", "ppn", "totalpajak")),
            Field("amount_rupiah", Kind.RUPIAH, ("rincian", "Jumlah", "total_harga", "Pagu"), required=True),
            text("fund_source", "nama_dana", "Sumber dana", "Nama sumber dana"),
            Field("is_package", Kind.FLAG, ("is_paket",)),
            Field("volume_before", Kind.NUMBER, ("volume_murni",)),
            text("coefficient_before", "koefisien_murni"),
            Field("price_before_rupiah", Kind.RUPIAH, ("harga_satuan_murni",)),
            Field("tax_before_rupiah", Kind.RUPIAH, ("pajak_murni", "totalpajak_murni")),
            Field("amount_before_rupiah", Kind.RUPIAH, ("rincian_murni", "total_harga_murni")),
        ),
        recognised_by=("sbl_code|sub_code", "account_code", "amount_rupiah"),
        either=(EITHER,),
        details=("component", "specification", "volume", "coefficient", "unit_text", "price_rupiah"),
    )

    def complete(self, table: str, scope: ImportScope) -> list[tuple[str, dict[str, Any]]]:
        place_by_code(table, scope)
        spell_accounts(table)
        return leave_out_sums(table, of_lines=True)

    def review(self, table: str, scope: ImportScope) -> Review:
        stage = StagedLines.of(table)
        self._prepare(stage, scope)
        counts = self._counts(stage)
        problems, problem_count = self._problems(stage, scope)
        found = Review(counts, problems, problem_count, self._examples(stage))
        found.sum_before, found.sum_after, found.leaps = self._asked(stage, "sums", leap=sql.Literal(LEAP))[0]
        found.is_older, found.is_budget = self._is_older(scope), True
        if held := self._asked(stage, "count_missed")[0][0] - counts.removed:
            found.more_alarms.append(("held_back", {"count": held}))
        found.rows = partial(self._listed, stage)
        return found

    @staticmethod
    def _is_older(scope: ImportScope) -> bool:
        """Whether the stage that the list is said to be of comes before the one that stands."""
        last = _last_issue(scope)
        stages, said = BudgetStage.values, scope.options.get("stage")
        return last is not None and said in stages and stages.index(said) < stages.index(last.stage)

    @staticmethod
    def _listed(stage: StagedLines) -> Iterator[ListedRow]:
        names = ["account_code", *CONTENT]
        statement = stage.statement(
            "listed",
            stored=_of("l", names),
            said=stage.said(names),
        )
        gone = stage.statement("listed_gone", stored=_listed(map(sql.Identifier, names)))
        with connection.cursor() as cursor:
            execute(cursor, statement)
            while rows := cursor.fetchmany(2_000):
                for status, part, row, key, emptied, *values in rows:
                    before = dict(zip(names, values[: len(names)], strict=True)) if status != "new" else {}
                    after = dict(zip(names, values[len(names) :], strict=True))
                    going = [name for name in (emptied or "").split(",") if before.get(name) not in {None, ""}]
                    yield ListedRow(status, part, row, key, before, after, going)
            execute(cursor, gone)
            for key, *values in cursor.fetchall():
                yield ListedRow("vanished", 0, 0, key, dict(zip(names, values, strict=True)))

    def _prepare(self, stage: StagedLines, scope: ImportScope) -> None:
        """One pass over the stage: place each row, hash what makes it the same line, class it, judge it."""
        statement = stage.statement(
            "prepare",
            accounts=accounts_of(identifier(stage.table)),
            faults=sql.SQL(" + ").join(rule.as_bit(bit) for bit, rule in enumerate(RULES)),
            same=_listed(sql.SQL("coalesce(s.{}, '')").format(sql.Identifier(name)) for name in IDENTITY),
            class_of_row=CLASS_OF_ROW,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '128MB'")
            execute(cursor, stage.statement("forget"))
            # A literal % of the statement's own (none today) would need doubling: parameters are bound by the driver.
            parameters = {"agency": scope.agency.pk, "year": scope.fiscal_year, "refusing": REFUSING}
            execute(cursor, statement, parameters)
            execute(cursor, stage.statement("analyze"))
            self._adopt(stage, cursor)
            execute(cursor, stage.statement("settle"))

    @staticmethod
    def _adopt(stage: StagedLines, cursor: Any) -> None:
        """Rows that leave blank what tells a line from others get the line that they can only mean."""
        texts = IDENTITY[1:]
        execute(cursor, stage.statement("to_adopt"))
        if not cursor.fetchone()[0]:
            return
        equal = [BLANK_OR_SAME.format(sql.Identifier(name)) for name in (*texts, *ALIKE)]
        parts = {"columns": _of("s", [*texts, *CONTENT]), "equal": sql.SQL(" AND ").join(equal)}
        execute(cursor, stage.statement("adopt_equal", **parts))
        counts = _listed(sql.SQL("count({})").format(sql.Identifier(name)) for name in texts)
        execute(cursor, stage.statement("filled", counts=counts))
        filled = [name for name, count in zip(texts, cursor.fetchone(), strict=True) if count]
        execute(cursor, stage.statement("to_adopt"))
        if filled and cursor.fetchone()[0]:
            same = [SAME.format(sql.Identifier(name)) for name in filled]
            alike = {"texts": _of("s", filled), "alike": sql.SQL(" AND ").join(same)}
            execute(cursor, stage.statement("adopt_only", **alike))

    def _counts(self, stage: StagedLines) -> Counts:
        with connection.cursor() as cursor:
            execute(cursor, stage.statement("count"))
            refused, new, known = cursor.fetchone()
            changed = 0
            if known:
                execute(cursor, stage.statement("count_changed"))
                changed = int(cursor.fetchone()[0])
            emptied = 0
            if known and stage.empties:
                execute(cursor, stage.statement("count_emptied"))
                emptied = int(cursor.fetchone()[0])
            execute(cursor, stage.statement("count_gone"))
            gone = int(cursor.fetchone()[0])
            execute(cursor, stage.statement("seen"))
            return Counts(new, changed, known - changed, gone, refused, emptied, seen=cursor.fetchone()[0])

    def _problems(self, stage: StagedLines, scope: ImportScope) -> tuple[list[Problem], int]:
        """What the rules found, by row; warnings too. The number counts also what is beyond the first 5,000."""
        found: list[Problem] = []
        count = 0
        faults = self._asked(stage, "faulty", shown=_listed(rule.shown for rule in RULES))
        for part, row, bits, expected, *values, total in faults:
            count = total
            found += [
                Problem(part, row, rule.field, _shown(value), rule.code, rule.params(scope, expected), rule.is_warning)
                for bit, (rule, value) in enumerate(zip(RULES, values, strict=True))
                if bits & (1 << bit)
            ]
        twins = self._asked(stage, "twins")
        count += twins[0][3] if twins else 0
        found += [Problem(part, row, "component", text, "twin", is_warning=True) for part, row, text, _all in twins]
        over = self._asked(stage, "over_ceiling")
        count += len(over)
        for part, row, code, total, ceiling in over:
            params = {"sum": format_rupiah(total), "ceiling": format_rupiah(ceiling)}
            found.append(Problem(part, row, "sbl_code", code, "over_ceiling", params, is_warning=True))
        return found[:MAX_PROBLEMS], count

    @staticmethod
    def _asked(stage: StagedLines, name: str, **more: sql.Composable) -> list[Any]:
        with connection.cursor() as cursor:
            execute(cursor, stage.statement(name, **more), {"most": MAX_PROBLEMS})
            return list(cursor.fetchall())

    def _examples(self, stage: StagedLines) -> list[ExampleRow]:
        rows: list[Any] = []
        with connection.cursor() as cursor:
            for name in ("changed", "removed"):
                execute(cursor, stage.statement(name), {"most": EXAMPLES})
                rows += cursor.fetchall()
            execute(cursor, stage.statement("new"), {"most": EXAMPLES // 2})
            new = [ExampleRow("new", name, "", _as_read(*said)) for name, *said in cursor.fetchall()]
        return [ExampleRow(kind, name, _money(before), _money(after)) for kind, name, before, after in rows] + new

    def apply(self, table: str, scope: ImportScope) -> Counts:
        """Whoever calls holds the lock of the lists of this OPD and year, so that the counts stay true."""
        stage = StagedLines.of(table)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '128MB'")
            self._adopt(stage, cursor)  # another list may have been taken over since the preview
            execute(cursor, stage.statement("settle"))
        counts = self._counts(stage)
        if not counts.new and not counts.changed and not counts.removed:
            return counts
        issue = self._issue(scope, counts)
        with connection.cursor() as cursor:
            ended = _summed(cursor, stage.statement("end_gone"), issue) if counts.removed else Decimal(0)
            ended += _summed(cursor, stage.statement("end_changed"), issue) if counts.changed else Decimal(0)
            insert = stage.statement(
                "insert",
                columns=_listed(map(sql.Identifier, COLUMNS)),
                values=stage.said(COLUMNS),
            )
            issue.total_rupiah += _summed(cursor, insert, issue) - ended
        issue.save(update_fields=["total_rupiah"])
        audit.record("budget.version_taken_over", issue, by=scope.user, counts=counts.as_json())
        return counts

    def take_back(self, scope: ImportScope) -> None:
        """The version that the list made goes, and the lines that it ended stand again."""
        issue, last = BudgetIssue.objects.filter(upload=scope.upload).first(), _last_issue(scope)
        if issue is None:
            return
        if issue != last:
            raise ValidationError(_now("A later version of the budget stands on this one; take that one back first."))
        with connection.cursor() as cursor:
            cursor.execute(_SQL["take_out"], {"issue": issue.pk})
            cursor.execute(_SQL["stand_again"], {"issue": issue.pk})
        issue.delete()

    def _issue(self, scope: ImportScope, counts: Counts) -> BudgetIssue:
        last = _last_issue(scope)
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
