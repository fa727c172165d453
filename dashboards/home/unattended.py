"""Papers that wait in an OPD without a head who may act: the governor's office and the administrators are told."""

import datetime as dt
from collections import Counter

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from accounts.services import remind
from core.choices import Role
from procurement.models import Declaration
from programs.choices import ReportState
from programs.models import Report
from public_services.models import Procedure


def led_agencies() -> set[int]:
    """The OPD with a head who may act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency_id FROM accounts_holder WHERE role = %s AND NOT rests", [Role.AGENCY_HEAD])
        return {agency for (agency,) in cursor.fetchall()}


def waiting_by_agency(led: set[int] | None = None) -> Counter[int]:
    """How many reports, declarations and proposals wait in each OPD without a head who may act. Three queries, and one
    for those with a head unless they are known."""
    led = led_agencies() if led is None else led
    found: Counter[int] = Counter()
    found.update(Report.objects.filter(state=ReportState.SUBMITTED).values_list("program__agency", flat=True))
    found.update(Declaration.objects.undecided().values_list("agency", flat=True))
    found.update(Procedure.objects.proposed().values_list("service__agency", flat=True))
    return Counter({agency: count for agency, count in found.items() if agency not in led})


def tell(today: dt.date) -> int:
    """Once a day and OPD; returns how many people were told."""
    waiting = waiting_by_agency()
    people = User.objects.with_role(Role.GOVERNORS_OFFICE) | User.objects.with_role(Role.ADMINISTRATOR)
    told = 0
    for agency in Agency.objects.with_former().filter(pk__in=waiting).order_by("pk"):
        text = _("%(agency)s has no active head: %(count)s papers wait there and come to the governor's office.") % {
            "agency": agency,
            "count": waiting[agency.pk],
        }
        told += remind(people.distinct(), text, reverse("home"), today)
    return told
