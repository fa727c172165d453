"""What the pages of programmes show: a programme, the plans that it serves, its form."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import User
from core.audit import history_of
from core.models import Region
from core.periods import Period
from core.request_values import whole_number
from programs.choices import PlanLevel
from programs.models import Nomenclature, PlanDocument, PlanItem, Program, Report
from programs.registration import impact
from programs.registration.forms import SEARCH_RESULTS, LegalBasisForm, ProgramForm
from programs.registration.permissions import may_edit, may_report


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
        "years": range(chosen.first_year, chosen.last_year + 1) if chosen else [],
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


def program_form_page(form: ProgramForm, words: str) -> dict[str, object]:
    """The form with the codes to choose from: what the search found, and the code chosen before."""
    year = form.instance.fiscal_year
    chosen = form["nomenclature"].value()
    found = list(Nomenclature.objects.valid_in(year).search(words)[:SEARCH_RESULTS]) if words.strip() else []
    if whole_number(str(chosen)) and not any(str(code.pk) == str(chosen) for code in found):
        found = [*Nomenclature.objects.filter(pk=chosen), *found]
    return {"form": form, "codes": found, "chosen": str(chosen or ""), "words": words, "fiscal_year": year}
