"""Making the plan of a what-if, in one transaction with its trace."""

from decimal import Decimal

from django.db import transaction

from accounts.models import User
from core import audit
from dashboards.spm.what_if import ServiceGap
from spm.models import GapPlan


@transaction.atomic
def make_plan(gap: ServiceGap, *, before: Decimal, after: Decimal, note: str, by: User) -> GapPlan:
    plan = GapPlan.objects.create(
        service=gap.service,
        region=gap.region,
        period=gap.month,
        added_recipients=gap.result.added,
        added_elements={str(each.step.element.pk): each.added for each in gap.result.elements if each.added},
        index_before=before,
        index_after=after,
        cost_rupiah=gap.result.cost,
        note=note,
        made_by=by,
    )
    audit.record("spm.plan_kept", plan, by=by)
    return plan
