"""What is planted is found, and look-alikes are left in peace."""

import pytest

from core.choices import Role
from kaltim_portal.demo_data.planted import judge, plant
from procurement.leads import matching
from procurement.models import Lead
from tests import factories

pytestmark = pytest.mark.django_db


def test_precision_and_recall() -> None:
    world = plant(factories.agency(), 2025, factories.UserFactory(), factories.member(Role.AGENCY_HEAD))
    judgement = judge(world)
    assert (judgement.planted, judgement.innocent) == (25, 35)
    assert judgement.missed == []
    assert judgement.wrong == []
    assert judgement.precision == judgement.recall == 1.0
    by_name = Lead.objects.found().filter(score__lte=matching.NAME_ONLY)
    assert by_name.count() >= 6, "who only shares a name is a lead, and no more"
