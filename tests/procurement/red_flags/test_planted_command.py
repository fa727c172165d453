"""The command that judges the rules by planted cases: it says how good they are, and keeps nothing."""

import io
import re

import pytest
from django.core.management import call_command

from core.choices import Role
from kaltim_portal.demo_data.planted import plant
from procurement.models import Flag, Package
from procurement.red_flags.rules import RULES
from tests import factories
from tests.procurement.red_flags.cases import package

pytestmark = pytest.mark.django_db


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
