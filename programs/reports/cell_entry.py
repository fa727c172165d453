"""Entering in cells: each saved by itself, on top of what its author saw, so two operators never overwrite one another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from core.fields import NumberFormField
from core.numbers import format_number
from core.periods import Period, PeriodKind
from programs.models import Program, Progress, Recipients, Report, ReportValue
from programs.validation import rows as validation_rows
from programs.validation.rows import Rows

Row = ReportValue | Progress | Recipients
MAX_CELLS = 2_000
KEY_DIGITS = 18
MONEY_LIMIT = Decimal(10) ** 17
TEXT_FIELDS = {"reason": 1000, "obstacle": 1000, "helped": 1000}
FIELDS: dict[str, tuple[str, ...]] = {
    "v": ("numerator", "denominator", "value", "reason", "helped"),
    "p": ("planned_rupiah", "financial_rupiah", "physical_percent", "obstacle", "reason"),
    "r": ("people", "male", "female", "children", "adults", "elderly", "disabled", "reason"),
}
MODELS: dict[str, Any] = {"v": ReportValue, "p": Progress, "r": Recipients}
LETTERS = {model: letter for letter, model in MODELS.items()}


@dataclass(frozen=True)
class Cell:
    """`kind` v, p or r; `base` is the text that the author saw before typing `text`."""

    kind: str
    pk: int
    field: str
    text: str
    base: str

    @property
    def name(self) -> str:
        return cell_name(self.kind, self.pk, self.field)


@dataclass
class Outcome:
    """What became of a cell: saved, kept (as text that is no figure), conflict (with what stands there), refused."""

    name: str
    state: str
    text: str
    problem: str = ""
    by: str = ""
    at: str = ""


@dataclass
class Saved:
    outcomes: list[Outcome]
    rows: list[Row] = field(default_factory=list)  # of the touched reports, judged
    reports: list[Report] = field(default_factory=list)


def cell_name(kind: str, pk: int, name: str) -> str:
    return f"{kind}{pk}-{name}"


def parse_cell_name(text: str) -> tuple[str, int, str]:
    """`p12-financial_rupiah` → ("p", 12, "financial_rupiah"). Raises ValueError."""
    head, _dash, name = text.partition("-")
    kind, number = head[:1], head[1:]
    if (
        kind not in MODELS
        or name not in FIELDS[kind]
        or not (number.isascii() and number.isdecimal())
        or len(number) > KEY_DIGITS
    ):
        raise ValueError(text)
    return kind, int(number), name


def shown(row: Row, name: str) -> str:
    """A cell as the screen writes it: what was typed and cannot be read, or the figure in Indonesian notation."""
    if name in row.typed:
        return str(row.typed[name])
    value = getattr(row, name)
    if value is None or isinstance(value, str):
        return value or ""
    return format_number(value)


def figure_field(row: Row, name: str) -> NumberFormField:
    """What may be typed into this cell."""
    if isinstance(row, Progress):
        if name == "physical_percent":
            return NumberFormField(required=False, decimals=2, min_value=0, max_value=100)
        return NumberFormField(required=False, decimals=2, min_value=0, max_value=MONEY_LIMIT)
    if isinstance(row, Recipients):
        return NumberFormField(required=False, decimals=0, min_value=0, max_value=100_000_000)
    unit = row.indicator.unit
    if name == "value":
        return NumberFormField(required=False, decimals=unit.decimals, min_value=unit.lowest, max_value=unit.highest)
    # Two decimals: 11.232 is eleven thousand two hundred and thirty-two, not a fraction of a person.
    return NumberFormField(required=False, decimals=2, min_value=0, max_value=MONEY_LIMIT)


def put(row: Row, name: str, text: str) -> str:
    """Set one cell from its text; returns what is wrong with it (then the text is kept in `typed`), or ''."""
    text = text.replace("\x00", "").strip()
    if name in TEXT_FIELDS:
        limit = TEXT_FIELDS[name]
        if len(text) > limit:
            row.typed[name] = text[: 4 * limit]
            return _("At most %(limit)s characters fit; this text has %(length)s.") % {
                "limit": limit,
                "length": len(text),
            }
        row.typed.pop(name, None)
        setattr(row, name, text)
        return ""
    if isinstance(row, ReportValue) and name == "value" and row.indicator.is_fraction:
        return ""  # worked out from numerator and denominator
    try:
        figure = figure_field(row, name).clean(text)
    except ValidationError as error:
        setattr(row, name, None)
        row.typed[name] = text[:200]
        return " ".join(error.messages)
    row.typed.pop(name, None)
    setattr(row, name, figure)
    return ""


@transaction.atomic
def save_cells(cells: Sequence[Cell], *, by: User) -> Saved:
    """Save what can be saved, one outcome per cell in their order. Rows of others' OPD and of sent reports are refused."""
    wanted: dict[str, set[int]] = {kind: {cell.pk for cell in cells if cell.kind == kind} for kind in MODELS}
    report_ids = {
        pk
        for kind, pks in wanted.items()
        if pks
        for pk in MODELS[kind].objects.filter(pk__in=pks).values_list("report_id", flat=True)
    }
    reports = {
        report.pk: report
        for report in Report.objects.editable_by(by)
        .filter(pk__in=report_ids)
        .select_related("program")
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    rows = validation_rows.rows_of(reports.values())
    by_key: dict[tuple[str, int], Row] = {(LETTERS[type(row)], row.pk): row for row in rows.everything()}
    outcomes, touched = [], set()
    now = timezone.now()
    for cell in cells:
        row = by_key.get((cell.kind, cell.pk))
        if row is None:
            closed = _("This report has been sent or belongs to another OPD; the cell was not saved.")
            outcomes.append(Outcome(cell.name, "refused", cell.text, closed))
            continue
        current = shown(row, cell.field)
        if current not in {cell.base, cell.text.strip()}:
            who = str(row.changed_by) if row.changed_by else ""
            at = timezone.localtime(row.changed_at).strftime("%H.%M") if row.changed_at else ""
            outcomes.append(Outcome(cell.name, "conflict", current, by=who, at=at))
            continue
        problem = put(row, cell.field, cell.text)
        if current != shown(row, cell.field):
            row.changed_by, row.changed_at = by, now
            touched.add(row.report_id)
        outcomes.append(Outcome(cell.name, "kept" if problem else "saved", shown(row, cell.field), problem))
    _judge_and_save(rows, reports, touched)
    return Saved(outcomes, rows.everything(), list(reports.values()))


def _judge_and_save(rows: Rows, reports: dict[int, Report], touched: set[int]) -> None:
    """Judge the rows of the touched reports and write them; other reports of the batch stay as they are."""
    by_period: dict[Period, Rows] = {}
    for row in rows.everything():
        if row.report_id not in touched:
            continue
        row.report = reports[row.report_id]
        part = by_period.setdefault(row.report.period, Rows())
        {ReportValue: part.values, Progress: part.progress, Recipients: part.recipients}[type(row)].append(row)  # type: ignore[attr-defined]
    for period, part in by_period.items():
        validation_rows.judge(part, period)
        write(part)
    for pk in sorted(touched):
        reports[pk].save_next_version(update_fields=["version", "updated_at"])


def write(rows: Rows) -> None:
    common = ["reason", "typed", "findings", "changed_by", "changed_at"]
    ReportValue.objects.bulk_update(
        rows.values,
        [*common, "numerator", "denominator", "value", "helped", "verdict", "reference", "distance", "checked_at"],
        batch_size=500,
    )
    Progress.objects.bulk_update(rows.progress, [*common, *FIELDS["p"][:4]], batch_size=500)
    Recipients.objects.bulk_update(rows.recipients, [*common, *FIELDS["r"][:7]], batch_size=500)


def programs_to_report(agency: Agency, period: Period) -> Any:
    """Registered programmes of the OPD with something to report in a period of this kind."""
    programs = Program.objects.registered().filter(agency=agency, fiscal_year=period.year)
    if period.kind is PeriodKind.MONTH:
        return programs.filter(activities__sub_activities__fiscal_year=period.year).distinct()
    return programs.filter(indicators__isnull=False).distinct()
