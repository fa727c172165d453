"""Plant sixty packages of which it is known what is wrong, look for it, print precision and recall. Keeps nothing."""

from typing import Any

import pghistory
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, Membership, User
from core.choices import Role
from kaltim_portal.demo_data.planted import judge, plant


class Command(BaseCommand):
    help = (
        "25 planted conflicts and flags among 35 innocent look-alikes: how many are found, how many wrongly."
        " Keeps nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), pghistory.context(task="planted_cases"):
            agency = Agency.objects.create(code="9.99.0.00.0.00.99.0000", name="OPD contoh", short_name="Contoh")
            clerk, head = (User.objects.create(username=f"tanam-{who}", full_name=who) for who in ("petugas", "kepala"))
            Membership.objects.create(user=head, role=Role.AGENCY_HEAD, agency=agency)
            judgement = judge(plant(agency, timezone.localdate().year - 1, clerk, head))
            transaction.set_rollback(True)
        for line in judgement.lines():
            self.stdout.write(line)
