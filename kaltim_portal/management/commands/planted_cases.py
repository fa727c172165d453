"""Plant packages of which it is known what is wrong, look for it, print precision and recall by rule. Keeps nothing."""

from typing import Any

import pghistory
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, Membership, User
from core.choices import Role
from kaltim_portal.demo_data.planted import judge, plant
from kaltim_portal.demo_data.planted.cases import OTHERS


class Command(BaseCommand):
    help = (
        "Planted conflicts and flags among innocent look-alikes, each rule at, below and above its edge: how many are"
        " found, how many wrongly, by rule. Keeps nothing, and looks at nothing else that is in the database."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(), pghistory.context(task="planted_cases"):
            agency, *others = (
                Agency.objects.create(
                    code=f"9.99.0.00.0.00.99.{number:04d}", name=f"OPD contoh {number}", short_name=f"Contoh {number}"
                )
                for number in range(OTHERS + 1)
            )
            clerk, head = (User.objects.create(username=f"tanam-{who}", full_name=who) for who in ("petugas", "kepala"))
            for each in (agency, *others):
                Membership.objects.create(user=head, role=Role.AGENCY_HEAD, agency=each)
            judgement = judge(plant(agency, timezone.localdate().year - 1, clerk, head, others))
            transaction.set_rollback(True)
        for line in judgement.lines():
            self.stdout.write(line)
