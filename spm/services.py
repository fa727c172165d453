"""Entering a month of a service: the proposed need, one transaction for the table, the index brought up to date."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.formats import period as period_text
from core.models import Region
from core.periods import Period
from datasources.models import Observation
from spm import index_store
from spm.index_explanation import elements_in_force
from spm.models import Achievement, QualityElement, QualityFigure, ServiceKind, StageItem, StageProgress
from spm.permissions import check_may_enter

REACH_YEARS = 2
LEAST_NOTE = 5


@dataclass(frozen=True)
class NeedProposal:
    """A need that the reference data give, with the version it comes from."""

    people: int
    source: Observation


@dataclass(frozen=True)
class Typed:
    """One region's row as it was typed; `version` is the one that its author saw, None for a new row."""

    region: Region
    must_be_served: int
    served: int
    unserved_reason: str = ""
    need_reason: str = ""
    over_reason: str = ""
    version: int | None = None
    quality: Mapping[int, tuple[Decimal, Decimal]] = field(default_factory=dict)  # element pk → (required, fulfilled)


def over_problem(typed: Typed, last: Achievement | None) -> str:
    """What wants a reason: more than is needed, or less than in the month before; "" where nothing does.

    `last` is the newest earlier month of the year: figures count from January on, so they don't fall by themselves.
    """
    if typed.served > typed.must_be_served:
        return _("More were served than had to be: say why, or correct the need.")
    if any(fulfilled > required for required, fulfilled in typed.quality.values()):
        return _("More is fulfilled than required: say why, or correct what is required.")
    if last is None:
        return ""
    before = {figure.element_id: figure.fulfilled for figure in last.quality.all()}
    falls = any(fulfilled < before.get(pk, fulfilled) for pk, (_required, fulfilled) in typed.quality.items())
    if typed.served < last.served or falls:
        return _("Figures count from January on, and this is less than in %(month)s: say why, or correct it.") % {
            "month": period_text(last.period)
        }
    return ""


class Overtaken(Exception):  # noqa: N818 (told to the author with what is there now)
    """Somebody saved one of the rows first; nothing of this table was saved."""

    def __init__(self, rows: list[Achievement]) -> None:
        super().__init__(_("Somebody else has saved this record in the meantime."))
        self.rows = rows


def elements_of(service: ServiceKind, month: Period) -> list[QualityElement]:
    """The quality elements that count in the fiscal year."""
    return elements_in_force(service, month.year)


def proposals(service: ServiceKind, month: Period) -> dict[int, NeedProposal]:
    """The newest figure of the service's need series by region, of this year or the two before. One query."""
    if service.need_series_id is None:
        return {}
    rows = (
        Observation.objects.current()
        .filter(
            series=service.need_series_id,
            period__startswith__gte=dt.date(month.year - REACH_YEARS, 1, 1),
            period__startswith__lte=month.first_day,
        )
        .select_related("series")
        .order_by("period")
    )
    found = {}
    for row in rows:
        people = row.value * 1000 if "ribu" in row.series.unit.lower() else row.value
        found[row.region_id] = NeedProposal(int(people.quantize(Decimal(1), ROUND_HALF_UP)), row)
    return found


@transaction.atomic
def save_month(*, service: ServiceKind, month: Period, rows: Iterable[Typed], by: User) -> list[Achievement]:
    """Write the rows and bring the index up to date. Raises Overtaken, and ValidationError where a reason is lacking;
    IntegrityError only past the form's own checks."""
    check_may_enter(by, service)
    proposed = proposals(service, month)
    there = {
        row.region_id: row
        for row in Achievement.objects.select_for_update(of=("self",)).filter(service=service, period=month)
    }
    rows = list(rows)
    overtaken = [
        there[typed.region.pk]
        for typed in rows
        if typed.region.pk in there and typed.version != there[typed.region.pk].version
    ]
    if overtaken:
        raise Overtaken(overtaken)
    last = last_months(service, month)
    for typed in rows:
        if (problem := over_problem(typed, last.get(typed.region.pk))) and not typed.over_reason.strip():
            raise ValidationError(f"{typed.region}: {problem}")
    saved = []
    for typed in rows:
        row = there.get(typed.region.pk) or Achievement(service=service, region=typed.region, period=month)
        saved.append(_save_row(row, typed, proposed.get(typed.region.pk), by))
    index_store.recompute([row.region_id for row in saved], [month])
    audit.record("spm.entered", service, by=by, month=str(month), regions=len(saved))
    return saved


def _save_row(row: Achievement, typed: Typed, proposal: NeedProposal | None, by: User) -> Achievement:
    row.must_be_served, row.served = typed.must_be_served, typed.served
    row.unserved_reason, row.need_reason = typed.unserved_reason, typed.need_reason
    row.over_reason = typed.over_reason.strip()
    row.proposed_need = proposal.people if proposal else None
    row.need_source = proposal.source if proposal else None
    row.changed_by = by
    if row.pk:
        row.save_next_version()
    else:
        row.save()
    _save_quality(row, typed.quality)
    return row


def _save_quality(row: Achievement, quality: Mapping[int, tuple[Decimal, Decimal]]) -> None:
    there: dict[int, QualityFigure] = {figure.element_id: figure for figure in row.quality.all()}
    for element, (required, fulfilled) in quality.items():
        figure = there.get(element) or QualityFigure(achievement=row, element_id=element)
        if figure.pk is None or (figure.required, figure.fulfilled) != (required, fulfilled):
            figure.required, figure.fulfilled = required, fulfilled
            figure.save()


@transaction.atomic
def mark_stage(*, service: ServiceKind, fiscal_year: int, item: StageItem, note: str, by: User) -> StageProgress:
    """Done today, with what shows it: a document, a number, a link. Raises ValidationError."""
    check_may_enter(by, service)
    if len(note.strip()) < LEAST_NOTE:
        raise ValidationError(_("Say what shows that it is done: a document, a number, a link."))
    row, _made = StageProgress.objects.update_or_create(
        service=service,
        fiscal_year=fiscal_year,
        item=item,
        defaults={"note": note.strip(), "done_on": timezone.localdate(), "done_by": by},
    )
    audit.record("spm.stage_done", service, by=by, item=item.name, year=fiscal_year)
    return row


@transaction.atomic
def take_stage_back(*, service: ServiceKind, fiscal_year: int, item: StageItem, by: User) -> None:
    check_may_enter(by, service)
    StageProgress.objects.filter(service=service, fiscal_year=fiscal_year, item=item).delete()
    audit.record("spm.stage_taken_back", service, by=by, item=item.name, year=fiscal_year)


def last_months(service: ServiceKind, month: Period) -> dict[int, Achievement]:
    """The newest earlier month of the year by region: what a new month starts from. One query."""
    rows = (
        Achievement.objects.filter(
            service=service, period__startswith__lt=month.first_day, period__startswith__gte=dt.date(month.year, 1, 1)
        )
        .order_by("region_id", "-period")
        .distinct("region_id")
        .prefetch_related("quality")
    )
    return {row.region_id: row for row in rows}


def as_typed(values: Mapping[str, Any], region: Region, elements: Iterable[QualityElement]) -> Typed:
    """A row of the form, cleaned."""
    quality = {}
    for element in elements:
        required, fulfilled = values.get(f"required_{element.pk}"), values.get(f"fulfilled_{element.pk}")
        if required is not None and fulfilled is not None:
            quality[element.pk] = (required, fulfilled)
    return Typed(
        region,
        int(values["must_be_served"]),
        int(values["served"]),
        values.get("unserved_reason", ""),
        values.get("need_reason", ""),
        values.get("over_reason", ""),
        values.get("version"),
        quality,
    )
