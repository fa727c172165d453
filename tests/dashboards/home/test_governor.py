"""The first page of the governor's office: what needs it first, four figures with what they are held against, every
OPD's light, and the map; each figure by another way."""

import datetime as dt
import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from dashboards.choices import Light
from dashboards.directives import services as directive_services
from dashboards.filters import DashboardFilter
from dashboards.home.governor import MOST_NEEDS, KeyFigure, governors_page, province
from dashboards.home.tasks import render_office_page, render_province
from dashboards.lights import services as light_services
from dashboards.models import AgencyLight, EarlyWarning, LightRule, ProgramStanding
from dashboards.overview import figures
from dashboards.summaries import refresh as summaries
from programs.choices import ProgramState
from tests import factories

ClientOf = Callable[[User], Client]
TODAY = timezone.localdate()
YEAR = TODAY.year
RULE = {"green_above": Decimal(90), "red_up_to": Decimal(65), "ceremony_limit": Decimal(15), "basis": "contoh"}


@pytest.fixture
def office(db: None) -> User:
    LightRule.objects.update_or_create(valid_from=dt.date(2020, 1, 1), defaults=RULE)
    return factories.member(Role.GOVERNORS_OFFICE)


def standing(short_name: str, year: int = YEAR, quarter: int = 4, **values: object) -> ProgramStanding:
    agency = factories.agency(short_name)
    program = factories.ProgramFactory(fiscal_year=year, agency=agency, state=ProgramState.REGISTERED)
    sums = {"budget_rupiah": 1_000, "planned_rupiah": 800, "spent_rupiah": 600, "achievement": 95} | values
    row, _made = ProgramStanding.objects.update_or_create(
        program=program,
        quarter=quarter,
        defaults={"agency": agency, "fiscal_year": year, "state": "on_track", **sums},
    )
    return row


def warning(key: str, **values: object) -> EarlyWarning:
    facts = {"value": 50.0, "now": 30.0, "month": 9}
    return EarlyWarning.objects.create(
        kind="absorption", key=key, fiscal_year=YEAR, subject=f"x {key}", facts=facts, url="/program/", **values
    )


def test_what_needs_the_office_is_short_and_overdue_first(office: User, client_of: ClientOf) -> None:
    for number, short_name in enumerate(["Disdikbud", "Dinkes", "Dinsos", "DLH", "Dishub", "BPBD", "DKP", "Satpol PP"]):
        warning(str(number), agency=factories.agency(short_name), rupiah=Decimal(10 ** (7 + number % 3)))
    given = {"agency": factories.agency(), "text": "Turunkan stunting", "measure": "y"}
    given["given_on"], given["due_on"] = TODAY - dt.timedelta(days=30), TODAY - dt.timedelta(days=12)
    directive_services.give(values=given, by=office)
    page = client_of(office).get("/")
    needs = page.context["needs"]
    assert len(needs) == MOST_NEEDS
    assert page.context["other_needs"] == 9 - MOST_NEEDS
    assert needs[0].is_overdue
    assert "lewat 12 hari" in needs[0].sentence
    shown = html.unescape(page.content.decode())
    for need in needs:
        assert need.sentence in shown
        assert need.owner in shown
        assert client_of(office).get(need.url).status_code == 200
    assert "3 program" not in shown
    for need in needs[1:]:
        form = client_of(office).get(need.act_url).context["form"]
        assert need.sentence in form["text"].value()


def test_four_figures_with_what_they_are_held_against(office: User, client_of: ClientOf) -> None:
    standing("Disdikbud", ceremonial_rupiah=300, direct_rupiah=700)
    standing("Dinkes", budget_rupiah=3_000, planned_rupiah=2_000, spent_rupiah=1_400, achievement=55, direct_rupiah=500)
    quarter = (TODAY.month + 2) // 3
    standing("Disdikbud", year=YEAR - 1, quarter=quarter, budget_rupiah=2_000, spent_rupiah=500, achievement=40)
    by_label = {each.label: each for each in province(office, YEAR, TODAY)["key_figures"]}
    assert list(by_label) == ["Indeks SPM", "Capaian hasil", "Serapan", "Porsi seremonial"]
    reached, absorbed, ceremony = list(by_label.values())[1:]
    assert (reached.value, reached.state) == ("75,0%", "warn")
    assert "40,0%" in reached.compared
    assert (absorbed.value, absorbed.state) == ("50,0%", "warn"), "2.000 of 4.000; 2.000 of 2.800 planned are 71,4 %"
    assert "rencana 70,0%" in absorbed.target
    assert "25,0%" in absorbed.compared
    assert (ceremony.value, ceremony.state) == ("20,0%", "bad")
    assert "batas 15%" in ceremony.target


def test_each_opd_has_its_light_and_what_changed(office: User, client_of: ClientOf) -> None:
    standing("Disdikbud", planned_rupiah=600)
    standing("Dinkes", planned_rupiah=1_000)
    standing("Dinsos", planned_rupiah=800)
    standing("DLH", planned_rupiah=None, spent_rupiah=None, achievement=None)
    last_monday = light_services.monday_of(TODAY) - dt.timedelta(days=7)
    for short_name, light in (("Disdikbud", "yellow"), ("Dinkes", "green")):
        AgencyLight.objects.create(
            agency=factories.agency(short_name), fiscal_year=YEAR, monday=last_monday, light=light
        )
    page = client_of(office).get("/")
    lit = {lamp.agency.short_name: lamp for group in province(office, YEAR, TODAY)["lamps"] for lamp in group.lamps}
    assert {name: (lamp.light, lamp.turn) for name, lamp in lit.items()} == {
        "Disdikbud": (Light.GREEN, "up"),
        "Dinkes": (Light.RED, "down"),
        "Dinsos": (Light.YELLOW, ""),
        "DLH": (Light.NONE, ""),
    }
    assert "lebih buruk daripada minggu lalu" in page.content.decode()
    for lamp in lit.values():
        assert client_of(office).get(lamp.url).status_code == 200


def test_the_rule_is_the_one_of_the_day(office: User) -> None:
    LightRule.objects.create(valid_from=TODAY, **(RULE | {"red_up_to": Decimal(80)}))
    row = standing("Dinsos", planned_rupiah=800)
    filters = DashboardFilter(YEAR)
    found = figures.overview(office, filters).agencies
    assert [lamp.light for lamp in light_services.lamps(office, found, filters, TODAY)] == [Light.RED]
    assert [lamp.light for lamp in light_services.lamps(office, found, filters, TODAY - dt.timedelta(days=1))] == [
        Light.YELLOW
    ]
    assert row.of_plan_percent == 75


def test_a_rule_without_yellow_is_refused(office: User) -> None:
    with pytest.raises(ValidationError, match="merah"):
        LightRule(valid_from=TODAY, **(RULE | {"red_up_to": Decimal(90)})).full_clean()


def test_the_week_is_kept_once_with_its_last_word(office: User) -> None:
    monday = light_services.monday_of(TODAY)
    row = standing("Dinsos", planned_rupiah=800)
    assert light_services.keep(TODAY) == 1
    ProgramStanding.objects.filter(pk=row.pk).update(planned_rupiah=600)
    assert light_services.keep(TODAY) == 1
    assert list(AgencyLight.objects.values_list("monday", "light")) == [(monday, "green")]


def test_nothing_there_is_said_in_words(office: User, client_of: ClientOf) -> None:
    LightRule.objects.all().delete()
    page = client_of(office).get("/").content.decode()
    assert "Saat ini tidak ada yang perlu diputuskan" in page
    assert "belum ada isian" in page


def test_few_queries_however_many_rows(
    office: User, client_of: ClientOf, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """Directives, warnings, and the state of the summaries; the worker has made the rest."""
    for number, short_name in enumerate(["Disdikbud", "Dinkes", "Dinsos", "DLH"]):
        standing(short_name)
        warning(str(number), agency=factories.agency(short_name))
    client_of(office).get("/")
    reader = User.objects.get(pk=office.pk)
    assert reader.has_role(Role.GOVERNORS_OFFICE)
    with django_assert_max_num_queries(3):
        governors_page(reader, YEAR, TODAY)


def test_the_worker_draws_it_after_each_refresh(office: User, client_of: ClientOf) -> None:
    standing("Disdikbud")
    summaries.refresh_everything()
    assert render_office_page()
    assert not render_office_page(), "it is there in this version"
    assert render_province(YEAR - 1, "id")


def test_a_line_of_figures_stays_within_its_picture() -> None:
    line = KeyFigure("x", "1", "", "", "/", course=[Decimal(5), None, Decimal(7), Decimal(6)]).points
    points = [tuple(map(float, each.split(","))) for each in line.split(" ")]
    assert points == [(2.0, 26.0), (pytest.approx(79.3, abs=0.1), 2.0), (118.0, 14.0)]
    assert KeyFigure("x", "1", "", "", "/", course=[None, Decimal(5)]).points == ""
    assert re.fullmatch(r"[\d. ,]+", KeyFigure("x", "1", "", "", "/", course=[Decimal(5)] * 3).points)


def test_others_have_their_own_first_page(client_of: ClientOf, db: None) -> None:
    page = client_of(factories.member(Role.OPERATOR)).get("/")
    assert page.templates[0].name != "dashboards/home/governor.html"
