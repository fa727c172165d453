"""What is planted is found, and look-alikes are left in peace: every rule, at its edge and on both sides of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.choices import Role
from kaltim_portal.demo_data.planted import Judgement, judge, plant
from kaltim_portal.demo_data.planted.cases import OTHERS
from procurement.leads import matching
from procurement.models import Lead
from procurement.red_flags.rules import RULES
from tests import factories, worlds

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def judgement(django_db_setup: None, django_db_blocker: Any) -> Iterator[Judgement]:
    """The planted world judged once for all tests."""
    with worlds.kept_for_a_module(django_db_blocker):
        yield _judged()


def _judged() -> Judgement:
    others = [
        factories.Agency.objects.create(code=f"9.99.{n}", name=f"O{n}", short_name=f"O{n}") for n in range(OTHERS)
    ]
    head = factories.member(Role.AGENCY_HEAD)
    for each in others:
        head.memberships.create(role=Role.AGENCY_HEAD, agency=each)
    return judge(plant(factories.agency(), 2025, factories.UserFactory(), head, others))


def test_precision_and_recall(judgement: Judgement) -> None:
    assert judgement.missed == [], "\n".join(judgement.lines())
    assert judgement.wrong == [], "\n".join(judgement.lines())
    assert judgement.planted >= 50
    assert judgement.innocent >= 70
    assert judgement.precision == judgement.recall == 1.0
    by_name = Lead.objects.found().filter(score__lte=matching.NAME_ONLY)
    assert by_name.count() >= 6, "who only shares a name is a lead, and no more"


def test_every_rule_has_cases_on_both_sides(judgement: Judgement) -> None:
    scores = {rule.code: rule for rule in judgement.rules}
    assert set(scores) == set(RULES)
    assert [code for code, score in scores.items() if not score.planted or not score.innocent] == []
    assert all(score.precision == score.recall == 1.0 for score in scores.values())
