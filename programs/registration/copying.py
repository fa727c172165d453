"""Making programmes out of others: a new year's out of last year's, and a double to be changed. Always drafts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.permissions import require_year
from core import audit
from core.locks import wait_for_lock
from programs.choices import ProgramState, TargetChoice
from programs.models import Activity, Indicator, IndicatorTarget, Nomenclature, Program, RegionTarget, SubActivity
from programs.registration.needs import snapshot
from programs.registration.new_year import ProgramCopy, bearing, copies, sources
from programs.registration.permissions import check_may_create, check_may_duplicate

Row = TypeVar("Row", bound=models.Model)
NAME_LENGTH = 300


@dataclass
class Copied:
    """What was made, and what was left alone: there already, or without a code in the new year."""

    made: list[Program] = field(default_factory=list)
    there: list[Program] = field(default_factory=list)
    without_code: list[Program] = field(default_factory=list)


@transaction.atomic
def copy_into_year(
    *,
    agency: Agency,
    fiscal_year: int,
    by: User,
    chosen: Mapping[int, int | None],
    targets: TargetChoice = TargetChoice.EMPTY,
    with_sub_activities: bool = False,
) -> Copied:
    """Last year's programmes `chosen` as drafts of the OPD in `fiscal_year`; twice is once. `chosen` says by programme
    which of the proposed codes it gets where its own is gone; None takes the likeliest."""
    check_may_create(by, agency)
    require_year(agency, fiscal_year)
    wait_for_lock(f"programmes of {agency.pk} in {fiscal_year}")
    result = Copied()
    there = list(Program.objects.of_year(fiscal_year).filter(agency=agency).select_related("nomenclature"))
    for copy in copies(sources(agency, fiscal_year), agency, fiscal_year, targets):
        if copy.source.pk not in chosen:
            continue
        code = _code_of(copy, chosen[copy.source.pk])
        held = copy.there or bearing(there, code, copy.name_under(code), is_only=False)
        if code is None:
            result.without_code.append(copy.source)
        elif held is not None:
            result.there.append(held)
        else:
            made = _copy(copy, agency, fiscal_year, by, code, with_sub_activities=with_sub_activities)
            if targets == TargetChoice.PROJECTED:
                _add_region_targets(made, copy.source)
            there.append(made)
            result.made.append(made)
    return result


def _code_of(copy: ProgramCopy, wanted: int | None) -> Nomenclature | None:
    """One of the proposals, or the likeliest; a code that is in force stays what it is."""
    proposals = {code.pk: code for code in copy.successor.proposals}
    if wanted is not None and proposals and wanted not in proposals:
        raise ValidationError(_("Choose one of the proposed codes for “%(program)s”.") % {"program": copy.source})
    return proposals.get(wanted or 0, copy.successor.code)


def _copy(
    copy: ProgramCopy, agency: Agency, year: int, by: User, code: Nomenclature, *, with_sub_activities: bool
) -> Program:
    source = copy.source
    program = _program_like(source, by, agency=agency, fiscal_year=year, nomenclature=code, name=copy.name_under(code))
    if copy.loses_plan:
        program.plan_item = None
    program.budget_rupiah = copy.budget_rupiah
    _save_with_regions(program, source)
    indicators = [(each.indicator, {"baseline": each.baseline, "target": each.target}) for each in copy.beginnings]
    for made, beginning in zip(_add_indicators(program, indicators), copy.beginnings, strict=True):
        later = [row for row in beginning.indicator.targets.all() if row.period.year > year]
        IndicatorTarget.objects.bulk_create([_like(row, indicator_id=made.pk) for row in later])
    for each in copy.activities:
        activity = _add_activity(program, each.activity, each.successor.code or each.activity.nomenclature)
        subs = each.sub_activities if with_sub_activities else []
        SubActivity.objects.bulk_create(_next_year(part.sub_activity, activity, part.code, year) for part in subs)
    audit.record("program.copied", program, by=by, source=f"{source} ({source.fiscal_year})", source_id=source.pk)
    return program


def _next_year(sub: SubActivity, activity: Activity, code: Nomenclature, year: int) -> SubActivity:
    """As SIPD's list of last year foresaw it: its ceiling of the next year is this year's."""
    return _like(
        sub,
        activity_id=activity.pk,
        fiscal_year=year,
        nomenclature_id=code.pk,
        ceiling_rupiah=sub.ceiling_next_year_rupiah or Decimal(0),
        ceiling_before_rupiah=None,
        ceiling_last_year_rupiah=sub.ceiling_rupiah,
        ceiling_next_year_rupiah=None,
    )


@transaction.atomic
def duplicate_program(*, pk: int, by: User) -> Program:
    """A draft beside the programme, with its indicators, targets, regions and activities. Its sub-activities stay
    where they are: their money is there once."""
    source = Program.objects.select_related("agency", "nomenclature").get(pk=pk)
    check_may_duplicate(by, source)
    wait_for_lock(f"programmes of {source.agency_id} in {source.fiscal_year}")
    program = _program_like(source, by, name=_free_name(source))
    _save_with_regions(program, source)
    _add_region_targets(program, source)
    indicators = list(source.indicators.prefetch_related("targets"))
    for made, indicator in zip(_add_indicators(program, [(row, {}) for row in indicators]), indicators, strict=True):
        IndicatorTarget.objects.bulk_create([_like(row, indicator_id=made.pk) for row in indicator.targets.all()])
    for activity in source.activities.select_related("nomenclature").prefetch_related("legal_bases"):
        _add_activity(program, activity, activity.nomenclature)
    audit.record("program.copied", program, by=by, source=str(source), source_id=source.pk)
    return program


def _free_name(source: Program) -> str:
    taken = set(
        Program.objects.of_year(source.fiscal_year).filter(agency=source.agency_id).values_list("name", flat=True)
    )
    marks = (_(" (copy)"), *(_(" (copy %(number)s)") % {"number": n} for n in range(2, len(taken) + 3)))
    return next(name for mark in marks if (name := f"{source.name[: NAME_LENGTH - len(mark)]}{mark}") not in taken)


def _program_like(source: Program, by: User, **values: Any) -> Program:
    """A draft with the source's need; the evidence as it is today, while its series is still in use."""
    program = _like(
        source, state=ProgramState.DRAFT, registered_at=None, reports_from=None, created_by_id=by.pk, version=1
    )
    for name, value in values.items():
        setattr(program, name, value)
    series = source.evidence_series
    if series is not None and series.is_active:
        program.evidence_snapshot = snapshot(series, program.evidence_worst)
    return program


def _save_with_regions(program: Program, source: Program) -> None:
    program.save()
    program.regions.set(source.regions.all())
    for basis in source.legal_bases.all():
        _like(basis, program_id=program.pk).save()


def _add_indicators(program: Program, rows: Iterable[tuple[Indicator, Mapping[str, Any]]]) -> list[Indicator]:
    return Indicator.objects.bulk_create([_like(row, program_id=program.pk, **values) for row, values in rows])


def _add_region_targets(program: Program, source: Program) -> None:
    RegionTarget.objects.bulk_create([_like(row, program_id=program.pk) for row in source.region_targets.all()])


def _add_activity(program: Program, source: Activity, code: Nomenclature) -> Activity:
    activity, made = Activity.objects.get_or_create(program=program, nomenclature=code)
    if made:
        for basis in source.legal_bases.all():
            _like(basis, activity_id=activity.pk).save()
    return activity


def _like(row: Row, **values: Any) -> Row:
    """An unsaved row with the same columns but those given."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]  # noqa: SLF001 (Django's public-by-use API)
    return type(row)(**{field.attname: getattr(row, field.attname) for field in fields} | values)
