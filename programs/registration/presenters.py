"""What the pages of programmes show: a programme, the plans that it serves, its form."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from accounts.middleware import workspace_years
from accounts.models import Agency, User
from core.audit import history_of
from core.models import Region
from core.periods import Period
from core.request_values import whole_number
from programs.choices import CodeFate, PlanLevel, ProgramState, TargetChoice
from programs.models import Nomenclature, NomenclatureVersion, PlanDocument, PlanItem, Program, Report
from programs.registration import impact
from programs.registration.forms import SEARCH_RESULTS, LegalBasisForm, NewYearForm, ProgramForm
from programs.registration.new_year import copies, sources
from programs.registration.permissions import may_delete, may_duplicate, may_edit, may_reopen, may_report


def program_page(user: User, row: Program) -> dict[str, Any]:
    """The programme with what it promises, plans and has delivered, and what this person may add."""
    editable = may_edit(user, row)
    picture = impact.picture_of(row)
    return {
        "picture": picture,
        "region_targets": _region_targets(row),
        "activities": row.activities.select_related("nomenclature").prefetch_related(
            "legal_bases", "sub_activities__nomenclature", "sub_activities__legal_bases"
        ),
        "legal_bases": row.legal_bases.all(),
        "legal_form": LegalBasisForm(program=row) if editable else None,
        "program": row,
        "nomenclature_basis": row.nomenclature.cited_in(row.fiscal_year),
        "regions": row.regions.all(),
        "indicators": row.indicators.select_related("unit", "reference_series__source"),
        "reports": Report.objects.visible_to(user).filter(program=row).order_by("period"),
        "quarters": _open_quarters(row) if may_report(user, row) else [],
        "history": history_of(row),
        "may_edit": editable,
        "may_duplicate": may_duplicate(user, row),
        "may_reopen": may_reopen(user, row),
        "may_delete": may_delete(user, row),
    }


def plans_page(user: User, year: int, chosen_pk: int) -> dict[str, Any]:
    """The planning documents of the year, and the targets of one with the programmes that serve them."""
    documents = PlanDocument.objects.covering(year).select_related("agency").order_by("kind", "agency__name")
    chosen = documents.filter(pk=chosen_pk).first() or documents.first()
    targets: list[PlanItem] = []
    if chosen is not None:
        targets = list(
            chosen.items.filter(level=PlanLevel.TARGET)
            .select_related("parent__parent__parent")
            .prefetch_related(
                "indicators",
                Prefetch(
                    "programs",
                    Program.objects.visible_to(user).of_year(year).select_related("agency").order_by("name"),
                    to_attr="serving",
                ),
            )
        )
    return {
        "documents": documents,
        "chosen": chosen,
        "targets": targets,
        "years": chosen.years if chosen else [],
    }


def _region_targets(row: Program) -> list[tuple[Region, int | None]]:
    planned = dict(row.region_targets.values_list("region", "people"))
    return [(region, planned.get(region.pk)) for region in row.regions.all()]


def _open_quarters(row: Program) -> list[Period]:
    """Quarters that have begun and have no report yet."""
    today = timezone.localdate()
    begun = [quarter for quarter in Period(row.fiscal_year).quarters() if quarter.first_day <= today]
    there = set(row.reports.values_list("period", flat=True))
    return [quarter for quarter in begun if quarter not in there]


def new_year_page(
    agency: Agency, year: int, form: NewYearForm, chosen: Mapping[int, int | None] | None
) -> dict[str, Any]:
    """What would be copied into the year, shown with the targets as they would be projected; all of it unless a choice
    came back."""
    rows = copies(sources(agency, year), agency, year, TargetChoice.PROJECTED)
    return {
        "form": form,
        "year": year,
        "last_year": year - 1,
        "years": workspace_years(),
        "agency": agency,
        "nomenclature_version": NomenclatureVersion.objects.in_force(year),
        "rows": [
            (
                row,
                row.may_be_copied
                and (row.source.state == ProgramState.REGISTERED if chosen is None else row.source.pk in chosen),
                (chosen or {}).get(row.source.pk),
            )
            for row in rows
        ],
        "copyable": sum(row.may_be_copied for row in rows),
        "there": sum(row.there is not None for row in rows),
        "changed": sum(row.successor.fate != CodeFate.SAME for row in rows),
    }


def program_form_page(form: ProgramForm, words: str) -> dict[str, object]:
    """The form with the codes to choose from: what the search found, and the code chosen before."""
    year = form.instance.fiscal_year
    chosen = form["nomenclature"].value()
    found = list(Nomenclature.objects.for_programs(year).search(words)[:SEARCH_RESULTS]) if words.strip() else []
    if whole_number(str(chosen)) and not any(str(code.pk) == str(chosen) for code in found):
        found = [*Nomenclature.objects.filter(pk=chosen), *found]
    return {"form": form, "codes": found, "chosen": str(chosen or ""), "words": words, "fiscal_year": year}
