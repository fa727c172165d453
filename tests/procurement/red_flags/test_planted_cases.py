"""What is planted is found, and look-alikes are left in peace: every rule, at its edge and on both sides of it."""

import io
import re

import pytest
from django.core.management import call_command

from core.choices import Role
from kaltim_portal.demo_data.planted import Judgement, judge, plant
from kaltim_portal.demo_data.planted.cases import OTHERS
from procurement.leads import matching
from procurement.models import Flag, Lead, Package
from procurement.red_flags.rules import RULES
from tests import factories
from tests.procurement.red_flags.cases import package

pytestmark = pytest.mark.django_db


@pytest.fixture
def judgement() -> Judgement:
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


def test_the_command_says_it_and_keeps_nothing() -> None:
    """Also among packages that are there already: what they raise is not the planted world's."""
    there = package(millions=5_000, method="direct_procurement")
    plant(factories.agency(), 2024, factories.UserFactory(), factories.member(Role.AGENCY_HEAD))
    packages = Package.objects.count()
    out = io.StringIO()
    call_command("planted_cases", stdout=out)
    lines = out.getvalue().splitlines()
    assert re.fullmatch(r"packages \d+ planted \d+ found \d+ false 0", lines[-1]), lines
    by_rule = [line for line in lines if re.match(r"[KR]\d+ planted", line)]
    assert len(by_rule) == len(RULES)
    assert all(line.endswith("precision 1.0 recall 1.0") for line in by_rule)
    assert Package.objects.count() == packages
    assert there in Package.objects.all()
    assert not Flag.objects.exists()
