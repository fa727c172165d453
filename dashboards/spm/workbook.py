"""A fiscal year of SPM as the ministry's e-SPM asks for it: A recipients, B quality, C money, month by month, and the
index."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, BinaryIO

from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.exports.formulas import safe_text
from core.exports.workbooks import NewWorkbook, new_workbook
from core.models import Region
from core.periods import Period, PeriodKind
from programs.models import Program
from programs.validation.rows import spent_of_programs
from spm.choices import GovernmentLevel
from spm.models import Achievement, IndexValue, QualityElement, QualityFigure, ServiceKind

SHOWN = Decimal("0.01")
WIDE, NARROW = 30, 12  # characters
WIDE_COLUMNS = frozenset({1, 3})


def months(year: int) -> list[Period]:
    return [Period(year, PeriodKind.MONTH, number) for number in range(1, 13)]


def write(file: BinaryIO, year: int, government: str = GovernmentLevel.PROVINCE) -> None:
    """Four sheets; figures are numbers, text is never a formula. About ten queries and one per month for the money."""
    with new_workbook(file) as book:
        _recipients(book, year, government)
        _quality(book, year, government)
        _money(book, year, government)
        _index(book, year, government)


def _names(year: int, parts: Sequence[str]) -> list[str]:
    return [f"{date_format(month.first_day, 'M')} {part}".strip() for month in months(year) for part in parts]


def _sheet(book: NewWorkbook, title: str, heads: Iterable[str]) -> Any:
    headings = [(head, WIDE if column in WIDE_COLUMNS else NARROW) for column, head in enumerate(heads)]
    return book.page(title, headings, freeze=(1, 4))


def _write_row(sheet: Any, number: int, texts: Sequence[str], figures: Sequence[Any], style: Any) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(number, column, safe_text(text))
    for column, figure in enumerate(figures, start=len(texts)):
        if figure is not None:
            sheet.write_number(number, column, figure, style)


def _recipients(book: NewWorkbook, year: int, government: str) -> None:
    parts = [_("must be served"), _("served"), _("not yet served")]
    heads = [_("Code"), _("Service"), _("Region code"), _("Region"), *_names(year, parts)]
    sheet = _sheet(book, _("A Recipients"), heads)
    table: dict[tuple[str, str, str, str], dict[int, Achievement]] = {}
    rows = Achievement.objects.filter(period__contained_by=Period(year), service__level=government).select_related(
        "service", "region"
    )
    for row in rows.order_by("service__code", "region__kemendagri_code", "period"):
        key = (row.service.code, row.service.name, row.region.kemendagri_code, row.region.name)
        table.setdefault(key, {})[row.period.number] = row
    for number, (key, by_month) in enumerate(table.items(), start=1):
        figures: list[Any] = []
        for month in range(1, 13):
            found = by_month.get(month)
            figures += [found.must_be_served, found.served, found.not_yet_served] if found else [None, None, None]
        _write_row(sheet, number, key, figures, book.style("number"))


def _quality(book: NewWorkbook, year: int, government: str) -> None:
    heads = [_("Code"), _("Service"), _("Region code"), _("Region"), _("Quality element"), _("Unit")]
    sheet = _sheet(book, _("B Quality"), [*heads, *_names(year, [_("required"), _("fulfilled")])])
    services = {row.pk: row for row in ServiceKind.objects.of_level(government)}
    regions = {row.pk: row for row in Region.objects.province_and_regencies()}
    elements = {row.pk: row for row in QualityElement.objects.filter(service__in=services)}
    table: dict[tuple[str, ...], dict[int, tuple[Decimal, Decimal]]] = {}
    # Not one join of both: while many figures are new, PostgreSQL takes them for few and reads one by one.
    months_of = Achievement.objects.filter(period__contained_by=Period(year), service__in=services)
    about = {pk: rest for pk, *rest in months_of.order_by().values_list("pk", "service", "region", "period")}
    figures = QualityFigure.objects.filter(achievement__in=list(about), element__in=list(elements)).order_by()
    rows = []
    for key, element, *pair in figures.values_list("achievement", "element", "required", "fulfilled"):
        service, region, period = about[key]
        rows.append((services[service], regions[region], elements[element], period.number, pair))
    rows.sort(key=lambda row: (row[0].code, row[1].kemendagri_code, row[2].pk))
    for of, place, what, month, (required, fulfilled) in rows:
        texts = (of.code, of.name, place.kemendagri_code, place.name, what.name, what.unit)
        table.setdefault(texts, {})[month] = (required, fulfilled)
    for number, (names, by_month) in enumerate(table.items(), start=1):
        pairs = [figure for month in range(1, 13) for figure in by_month.get(month, (None, None))]
        _write_row(sheet, number, names, pairs, book.style("number"))


def _money(book: NewWorkbook, year: int, government: str) -> None:
    heads = [_("Code"), _("Service"), _("Domain"), _("Programmes"), _("Budget (Rp)")]
    sheet = _sheet(book, _("C Budget"), [*heads, *_names(year, [_("realised (Rp)")])])
    programs = Program.objects.registered().of_year(year).filter(service__isnull=False)
    owners = dict(programs.values_list("pk", "service"))
    budgets = dict(programs.values_list("service").annotate(budget=Sum("budget_rupiah")))
    spent: list[dict[int, Decimal]] = []
    for month in months(year):
        by_service: dict[int, Decimal] = {}
        for program, (money, _ceiling) in spent_of_programs(owners, month, delivered=True).items():
            service = owners[program] or 0
            by_service[service] = by_service.get(service, Decimal(0)) + money
        spent.append(by_service)
    services = ServiceKind.objects.of_level(government).of_year(year).select_related("domain")
    for number, row in enumerate(services, start=1):
        count = sum(1 for service in owners.values() if service == row.pk)
        texts = [row.code, row.name, row.domain.name, str(count)]
        _write_row(sheet, number, texts, [budgets.get(row.pk), *(by.get(row.pk) for by in spent)], book.style("rupiah"))


def _index(book: NewWorkbook, year: int, government: str) -> None:
    heads = [_("Level"), _("Name"), _("Region code"), _("Region"), *_names(year, ["", _("% entered")])]
    sheet = _sheet(book, _("Index"), heads)
    table: dict[tuple[str, str, str, str], dict[int, tuple[Decimal, Decimal]]] = {}
    rows = IndexValue.objects.filter(period__contained_by=Period(year), government=government).select_related(
        "region", "domain", "service"
    )
    order = ["region__kemendagri_code", "domain__code", "service__code", "period"]
    for row in rows.order_by(*order):
        name = (
            f"{row.service.code} {row.service.name}"
            if row.service
            else row.domain.name
            if row.domain
            else _("All domains")
        )
        key = (str(row.get_level_display()), name, row.region.kemendagri_code, row.region.name)
        if row.index is not None:
            entered = Decimal(100 * row.complete) / row.expected
            table.setdefault(key, {})[row.period.number] = (
                row.index.quantize(SHOWN, ROUND_HALF_UP),
                entered.quantize(SHOWN, ROUND_HALF_UP),
            )
    for number, (key, by_month) in enumerate(table.items(), start=1):
        figures = [figure for month in range(1, 13) for figure in by_month.get(month, (None, None))]
        _write_row(sheet, number, key, figures, book.style("hundredths"))
