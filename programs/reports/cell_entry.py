"""The one writer of what is reported: the grid, the form and lists all enter cells, each on top of what its author saw.

A cell saves itself, so two operators never overwrite one another; what cannot be read as a figure is kept as it was
typed and blocks sending only. What is longer than can be kept is refused whole: nothing is cut.
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.fields import number_message, read_figure, require_within
from core.numbers import (
    LARGEST_FIGURE,
    Limits,
    NumberFormatError,
    NumberProblem,
    format_for_input,
    format_number,
)
from core.periods import Period
from programs.models import Progress, Recipients, Report, ReportValue
from programs.reports.permissions import check_may_edit
from programs.validation import progress as progress_checks
from programs.validation import rows as validation_rows
from programs.validation.rows import ReportedRows

Row = ReportValue | Progress | Recipients
Entered = str | Decimal | int | None
MAX_CELLS = 2_000
KEY_DIGITS = 18
# What is too long for its column, or no figure, is kept as it was typed until it is mended; up to so many characters.
TYPED_FIGURE = 200
TYPED_TEXT = 100_000
FIELDS: dict[str, tuple[str, ...]] = {
    "v": ("numerator", "denominator", "value", "reason", "helped"),
    "p": ("planned_rupiah", "financial_rupiah", "physical_percent", "obstacle", "reason"),
    "r": ("people", "male", "female", "children", "adults", "elderly", "disabled", "reason"),
}
TEXT_FIELDS = {"reason", "obstacle", "helped"}
MODELS: dict[str, Any] = {"v": ReportValue, "p": Progress, "r": Recipients}
LETTERS = {model: letter for letter, model in MODELS.items()}


@dataclass(frozen=True)
class CellEntry:
    """What somebody entered into a cell: `kind` v, p or r; a text as typed, or a figure that a list gave.

    What its author saw decides whether it may be written: the text that stood in the cell (`base`), or else the version
    of the report. With neither it is written over what stands there, as a list does whose preview was confirmed.
    """

    kind: str
    pk: int
    field: str
    entered: Entered
    base: str | None = None
    version: int | None = None

    @property
    def name(self) -> str:
        return cell_name(self.kind, self.pk, self.field)

    @property
    def text(self) -> str:
        return "" if self.entered is None else str(self.entered).strip()

    def is_overtaken(self, row: Row, current: str) -> bool:
        """Whether somebody else has entered something different since the author looked."""
        if current == self.text:
            return False
        if self.base is not None:
            return current != self.base
        return self.version is not None and self.version != row.report.version


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
    return format_for_input(value, row.limits_of(name).decimals)


def problem_of(row: Row, name: str) -> str:
    """What is wrong with the text that is kept for this cell, or ''."""
    trial = copy.copy(row)
    trial.typed = {}
    return _put(trial, name, row.typed[name])


def with_figure(value: ReportValue, figure: Decimal | None) -> ReportValue:
    """A copy with what is being typed, for a look at what the rules would say; never saved."""
    trial = copy.copy(value)
    trial.value = figure
    return trial


def changed_cells(texts: Mapping[str, str], rows: ReportedRows, versions: Mapping[int, int | None]) -> list[CellEntry]:
    """The cells of a form that differ from what is stored; `versions` are those of the reports that its author saw."""
    cells = []
    for row in rows.everything():
        letter = LETTERS[type(row)]
        for name in FIELDS[letter]:
            text = texts.get(cell_name(letter, row.pk, name))
            if text is not None and _in_one_line(text).strip() != _in_one_line(shown(row, name)):
                version = versions.get(row.report_id)
                cells.append(CellEntry(letter, row.pk, name, text, version=-1 if version is None else version))
    return cells[:MAX_CELLS]


def _in_one_line(text: str) -> str:
    """As a browser sends a text of several lines that a field of one line was served with."""
    return text.replace("\r", "").replace("\n", "")


@transaction.atomic
def save_cells(cells: Sequence[CellEntry], *, by: User) -> Saved:
    """Save what can be saved, one outcome per cell in their order. Rows of others' OPD and of sent reports are
    refused."""
    wanted: dict[str, set[int]] = {kind: {cell.pk for cell in cells if cell.kind == kind} for kind in MODELS}
    report_ids = {
        pk
        for kind, pks in wanted.items()
        if pks
        for pk in MODELS[kind].objects.filter(pk__in=pks).values_list("report_id", flat=True)
    }
    reports = locked_reports(report_ids, by)
    rows = validation_rows.rows_of(reports.values())
    outcomes = save_into(rows, reports, cells, by=by)
    return Saved(outcomes, rows.everything(), list(reports.values()))


def locked_reports(pks: Iterable[int], by: User) -> dict[int, Report]:
    """Those of the reports that this person may fill in, locked until the end of the transaction."""
    found = (
        Report.objects.editable_by(by)
        .filter(pk__in=list(pks))
        .select_related("program")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    return {report.pk: report for report in found}


def save_into(
    rows: ReportedRows, reports: Mapping[int, Report], cells: Sequence[CellEntry], *, by: User
) -> list[Outcome]:
    """Enter the cells into these rows of locked reports; judge, write and version the reports that were touched."""
    outcomes, touched = enter(rows, cells, by=by)
    for pk in sorted(touched):
        check_may_edit(by, reports[pk])
    by_period: dict[Period, ReportedRows] = {}
    for row in rows.everything():
        if row.report_id in touched:
            row.report = reports[row.report_id]
            by_period.setdefault(row.report.period, ReportedRows()).add(row)
    for period, part in by_period.items():
        judge(part, period)
        write(part)
    for pk in sorted(touched):
        reports[pk].save_next_version(update_fields=["version", "updated_at"])
    return outcomes


def enter(rows: ReportedRows, cells: Sequence[CellEntry], *, by: User) -> tuple[list[Outcome], set[int]]:
    """Set the cells in memory: (one outcome per cell, the reports in which something changed). Nothing is written."""
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
        if cell.is_overtaken(row, current):
            outcomes.append(_conflict(cell, row, current))
            continue
        if too_long := _too_long(row, cell):
            outcomes.append(Outcome(cell.name, "refused", cell.text, too_long))
            continue
        problem = _put(row, cell.field, cell.entered)
        if current != shown(row, cell.field):
            row.changed_by, row.changed_at = by, now
            touched.add(row.report_id)
        outcomes.append(Outcome(cell.name, "kept" if problem else "saved", shown(row, cell.field), problem))
    return outcomes, touched


def _conflict(cell: CellEntry, row: Row, current: str) -> Outcome:
    who = str(row.changed_by) if row.changed_by else ""
    at = timezone.localtime(row.changed_at).strftime("%H.%M") if row.changed_at else ""
    return Outcome(cell.name, "conflict", current, by=who, at=at)


def _too_long(row: Row, cell: CellEntry) -> str:
    """Why this text cannot even be kept as it was typed, or ''."""
    limit = TYPED_TEXT if cell.field in TEXT_FIELDS else TYPED_FIGURE
    length = len(cell.text)
    if length <= limit:
        return ""
    if cell.field in TEXT_FIELDS:
        limit = _length_of(row, cell.field)
    said = _("At most %(limit)s characters fit; this text has %(length)s and was not saved. Shorten it.")
    return said % {"limit": format_number(limit), "length": format_number(length)}


def _length_of(row: Row, name: str) -> int:
    limit: int = getattr(type(row), name).field.max_length
    return limit


def _put(row: Row, name: str, entered: Entered) -> str:
    """Set one cell; returns what is wrong with it (then the text is kept in `typed`), or ''."""
    if isinstance(entered, str):
        entered = entered.replace("\x00", "").strip()
    if name in TEXT_FIELDS:
        return _put_text(row, name, "" if entered is None else str(entered))
    if isinstance(row, ReportValue) and name == "value" and row.indicator.is_fraction:
        return ""  # worked out from numerator and denominator
    return _put_figure(row, name, entered)


def _put_text(row: Row, name: str, text: str) -> str:
    limit = _length_of(row, name)
    if len(text) > limit:
        row.typed[name] = text
        said = _("At most %(limit)s characters fit; this text has %(length)s.")
        return said % {"limit": format_number(limit), "length": format_number(len(text))}
    row.typed.pop(name, None)
    setattr(row, name, text)
    return ""


def _put_figure(row: Row, name: str, entered: Entered) -> str:
    limits = row.limits_of(name)
    try:
        setattr(row, name, _figure(entered, limits))
        if isinstance(row, ReportValue) and row.indicator.is_fraction:
            _require_quotient_fits(row)
    except ValidationError as error:
        setattr(row, name, None)
        as_text = entered if isinstance(entered, str) else format_for_input(entered or 0, limits.decimals)
        row.typed[name] = as_text
        return " ".join(error.messages)
    row.typed.pop(name, None)
    return ""


def _figure(entered: Entered, limits: Limits) -> Decimal | None:
    """Within the limits. Raises ValidationError."""
    if entered is None or entered == "":
        return None
    figure = read_figure(entered, limits) if isinstance(entered, str) else Decimal(entered)
    require_within(figure, limits)
    return figure


def _require_quotient_fits(row: ReportValue) -> None:
    """A large figure over a small one would not fit into the column. Raises ValidationError."""
    numerator, denominator = row.numerator, row.denominator
    if numerator and denominator and numerator * row.indicator.factor > LARGEST_FIGURE * denominator:
        raise ValidationError(number_message(NumberFormatError(NumberProblem.TOO_LONG, "")))


def judge(rows: ReportedRows, period: Period) -> None:
    """Divide the fractions and set findings and verdicts, in memory; `write` saves."""
    for value in rows.values:
        if value.indicator.is_fraction and not value.typed.keys() & {"numerator", "denominator"}:
            value.value = progress_checks.quotient(value.numerator, value.denominator, value.indicator.factor)
    validation_rows.judge(rows, period)


def write(rows: ReportedRows) -> None:
    common = ["reason", "typed", "findings", "changed_by", "changed_at"]
    ReportValue.objects.bulk_update(
        rows.values,
        [*common, "numerator", "denominator", "value", "helped", "verdict", "reference", "distance", "checked_at"],
        batch_size=500,
    )
    Progress.objects.bulk_update(rows.progress, [*common, *FIELDS["p"][:4]], batch_size=500)
    Recipients.objects.bulk_update(rows.recipients, [*common, *FIELDS["r"][:7]], batch_size=500)
