"""A new year's programmes out of last year's: what is shown before, what is made, and what is never doubled."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.models import Agency, User
from core.choices import Role
from core.models import AuditEvent
from core.periods import Period, PeriodKind
from programs.choices import CodeFate, TargetChoice, TargetSource
from programs.models import (
    Activity,
    Indicator,
    IndicatorTarget,
    Nomenclature,
    Program,
    ReportValue,
    SubActivity,
)
from programs.registration import services as registration
from programs.registration.copying import copy_into_year, duplicate_program
from programs.registration.new_year import copies, sources
from tests import factories

ClientOf = Callable[[User], Client]


@pytest.fixture
def year() -> int:
    return timezone.localdate().year


def _deliver(indicator: Indicator, by: User, **by_quarter: str) -> None:
    for quarter, value in by_quarter.items():
        report = factories.report_of(indicator.program, by, int(quarter[1]))
        ReportValue.objects.filter(report=report, indicator=indicator).update(value=Decimal(value))
        type(report).objects.filter(pk=report.pk).update(
            state="submitted", submitted_at=timezone.now(), submitted_by=by
        )


def _last_year(year: int, **values: Any) -> Program:
    program: Program = factories.ProgramFactory(fiscal_year=year - 1, **values)
    return program


def _copied(year: int, by: User, **options: Any) -> list[Program]:
    agency = factories.agency()
    chosen = dict.fromkeys(sources(agency, year).values_list("pk", flat=True))
    return copy_into_year(agency=agency, fiscal_year=year, by=by, chosen=chosen, **options).made


def test_all_comes_along_but_targets_and_money_of_lists(operator: User, year: int) -> None:
    program = _last_year(year, regions=[factories.region("64.72"), factories.region("64.71")])
    indicator = factories.IndicatorFactory(program=program, formula="a/b")
    factories.sub_activity(program)
    _deliver(indicator, operator, q3="83", q4="86.5")
    made = _copied(year, operator)[0]
    assert (made.state, made.fiscal_year, made.created_by) == ("draft", year, operator)
    assert (made.problem_statement, made.target_count) == (program.problem_statement, program.target_count)
    assert set(made.regions.all()) == set(program.regions.all())
    assert [each.nomenclature.code for each in made.activities.all()] == ["1.01.02.1.01"]
    assert not SubActivity.objects.filter(activity__program=made).exists()  # no ceiling of the year was foreseen
    copy = made.indicators.get()
    assert (copy.name, copy.formula, copy.baseline, copy.target) == (indicator.name, "a/b", Decimal("86.5"), None)
    event = AuditEvent.objects.get(action="program.copied")
    assert event.target_id == str(made.pk)
    assert event.details["source_id"] == program.pk


def test_a_draft_without_targets_is_registered_only_with_them(operator: User, year: int) -> None:
    factories.IndicatorFactory(program=_last_year(year))
    made = _copied(year, operator)[0]
    with pytest.raises(ValidationError, match=made.indicators.get().name):
        registration.register_program(pk=made.pk, by=operator)
    made.indicators.update(target=95)
    registration.register_program(pk=made.pk, by=operator)


def test_projected_targets_say_where_they_come_from(operator: User, year: int) -> None:
    program = _last_year(year)
    steps = factories.IndicatorFactory(program=program, name="Langkah")
    planned = factories.IndicatorFactory(program=program, name="Tercatat")
    silent = factories.IndicatorFactory(program=program, name="Diam")
    foreseen = factories.IndicatorFactory(program=program, name="Berjalan")
    IndicatorTarget.objects.create(indicator=planned, period=Period(year), value=Decimal(99))
    _deliver(steps, operator, q4="84")
    for quarter, value in (("q1", "81"), ("q2", "83"), ("q3", "85")):
        _deliver(foreseen, operator, **{quarter: value})
    shown = {
        each.indicator.name: each
        for each in copies(sources(program.agency, year), program.agency, year, TargetChoice.PROJECTED)[0].beginnings
    }
    assert (shown["Langkah"].target, shown["Langkah"].target_source) == (Decimal(94), TargetSource.STEP)
    assert (shown["Tercatat"].target, shown["Tercatat"].target_source) == (Decimal(99), TargetSource.PLANNED)
    assert (shown["Diam"].target, shown["Diam"].target_source) == (silent.target, TargetSource.KEPT)
    assert shown["Diam"].baseline == silent.baseline
    assert shown["Berjalan"].target_source == TargetSource.FORESEEN
    assert shown["Berjalan"].baseline == Decimal(85)
    assert Decimal(95) < (shown["Berjalan"].target or 0) <= 100  # from beyond 85, ten points on, no more than possible
    made = _copied(year, operator, targets=TargetChoice.PROJECTED)[0]
    assert made.indicators.get(name="Langkah").target == Decimal(94)


def test_an_output_begins_where_it_ended(operator: User, year: int) -> None:
    indicator = factories.IndicatorFactory(program=_last_year(year), level="output", over_time="sum")
    _deliver(indicator, operator, q1="10", q2="15", q3="20", q4="25")
    assert _copied(year, operator)[0].indicators.get().baseline == Decimal(70)


def test_twice_is_once_and_what_is_there_by_its_code_stays(operator: User, year: int) -> None:
    program = _last_year(year)
    first = _copied(year, operator)
    assert len(first) == 1
    assert _copied(year, operator) == []
    first[0].delete()
    other = factories.ProgramFactory(fiscal_year=year, nomenclature=program.nomenclature, name="Nama lain")
    shown = copies(sources(program.agency, year), program.agency, year)[0]
    assert shown.there == other
    assert _copied(year, operator) == []


def test_two_programmes_of_one_code_are_told_apart_by_name(operator: User, year: int) -> None:
    _last_year(year, name="Satu")
    _last_year(year, name="Dua")
    factories.ProgramFactory(fiscal_year=year, name="Dua")
    assert [made.name for made in _copied(year, operator)] == ["Satu"]


def _code(code: str, name: str, first: int, last: int | None = None, level: str = "program") -> Nomenclature:
    return Nomenclature.objects.create(
        code=code, name=name, level=level, regulation="Uji", valid_from=first, valid_to=last
    )


def test_codes_that_are_gone_get_a_proposal_and_renamed_ones_their_new_name(operator: User, year: int) -> None:
    gone = _code("1.01.77", "Program Pengelolaan Pendidikan Pesisir", 2020, year - 1)
    follows = _code("1.01.78", "Program Pengelolaan Pendidikan Pesisir dan Pulau", year)
    other = _code("1.01.79", "Program Pengelolaan Pendidikan Perbatasan", year)
    old = _code("1.01.80", "Program Lama", 2020, year - 1)
    new = _code("1.01.80", "Program Baru", year)
    lost = _code("1.01.81", "Xyz", 2020, year - 1)
    for code in (gone, old, lost):
        _last_year(year, nomenclature=code, name=code.name)
    shown = {
        row.source.nomenclature: row for row in copies(sources(factories.agency(), year), factories.agency(), year)
    }
    assert shown[gone].successor.fate == CodeFate.GONE
    assert shown[gone].successor.code == follows
    assert other in shown[gone].successor.proposals
    assert (shown[old].successor.fate, shown[old].successor.code) == (CodeFate.RENAMED, new)
    assert shown[lost].successor.code is None
    keys = {code: shown[code].source.pk for code in shown}
    done = copy_into_year(
        agency=factories.agency(),
        fiscal_year=year,
        by=operator,
        chosen={keys[gone]: other.pk, keys[old]: None, keys[lost]: None},
    )
    assert {(made.nomenclature, made.name) for made in done.made} == {(other, other.name), (new, "Program Baru")}
    assert [row.nomenclature for row in done.without_code] == [lost]
    with pytest.raises(ValidationError):
        copy_into_year(agency=factories.agency(), fiscal_year=year, by=operator, chosen={keys[gone]: lost.pk})


def test_sub_activities_come_where_a_ceiling_was_foreseen(operator: User, year: int) -> None:
    program = _last_year(year)
    sub = factories.sub_activity(program)
    SubActivity.objects.filter(pk=sub.pk).update(ceiling_next_year_rupiah=2_000_000)
    factories.sub_activity(program, number=2)
    made = _copied(year, operator, with_sub_activities=True)[0]
    copy = SubActivity.objects.get(activity__program=made)
    assert (copy.sbl_code, copy.fiscal_year) == (sub.sbl_code, year)
    assert (copy.ceiling_rupiah, copy.ceiling_last_year_rupiah) == (2_000_000, sub.ceiling_rupiah)
    assert made.budget_rupiah == 2_000_000


def test_the_successor_of_an_opd_copies_what_is_over_there(operator: User, year: int) -> None:
    former = Agency.objects.create(
        code="1.99", name="Dinas Lama", short_name="Lama", opened_on=None, closed_on=dt.date(year, 1, 1)
    )
    Agency.objects.filter(pk=former.pk).update(continued_by=factories.agency())
    program = _last_year(year, agency=former)
    assert [row.source for row in copies(sources(factories.agency(), year), factories.agency(), year)] == [program]
    assert _copied(year, operator)[0].agency == factories.agency()
    assert not sources(factories.agency("Dinkes"), year).exists()


def test_a_double_keeps_its_targets_and_leaves_the_money(operator: User) -> None:
    program = factories.ProgramFactory()
    indicator = factories.IndicatorFactory(program=program)
    period = Period(program.fiscal_year, PeriodKind.QUARTER, 1)
    IndicatorTarget.objects.create(indicator=indicator, period=period, value=Decimal(82))
    factories.sub_activity(program)
    made = [duplicate_program(pk=program.pk, by=operator) for _time in range(2)]
    assert [each.name for each in made] == [f"{program.name} (salinan)", f"{program.name} (salinan 2)"]
    assert made[0].state == "draft"
    copy = made[0].indicators.get()
    assert (copy.baseline, copy.target, copy.targets.get().value) == (indicator.baseline, indicator.target, 82)
    assert Activity.objects.filter(program=made[0]).count() == 1
    assert not SubActivity.objects.filter(activity__program=made[0]).exists()


def test_only_an_operator_of_the_opd_may(db: None, year: int) -> None:
    program = _last_year(year)
    stranger = factories.member(Role.OPERATOR, "Dinkes")
    with pytest.raises(ValidationError):
        copy_into_year(agency=program.agency, fiscal_year=year, by=stranger, chosen={program.pk: None})
    with pytest.raises(ValidationError):
        duplicate_program(pk=program.pk, by=stranger)


def test_the_page_shows_first_and_copies_in_one_click(operator: User, year: int, client_of: ClientOf) -> None:
    program = _last_year(year)
    factories.IndicatorFactory(program=program)
    client = client_of(operator)
    page = client.get(f"/program/tahun-baru/?tahun={year}")
    assert f"chosen-{program.pk}" in page.content.decode()
    answer = client.post(
        f"/program/tahun-baru/?tahun={year}", {f"chosen-{program.pk}": "1", "targets": "empty"}, follow=True
    )
    assert Program.objects.get(fiscal_year=year).name == program.name
    assert program.name in answer.content.decode()
    again = client.get(f"/program/tahun-baru/?tahun={year}").content.decode()
    assert f"chosen-{program.pk}" not in again


def test_the_page_asks_for_a_choice_and_keeps_the_year(operator: User, year: int, client_of: ClientOf) -> None:
    _last_year(year)
    client = client_of(operator)
    assert client.post(f"/program/tahun-baru/?tahun={year}", {"targets": "empty"}).status_code == 422
    assert client.get(f"/program/tahun-baru/?tahun={year + 2}").status_code == 302
    list_page = client.get(f"/program/?tahun={year}").content.decode()
    assert f"/program/tahun-baru/?tahun={year}" in list_page


def test_a_program_page_duplicates(operator: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory()
    client = client_of(operator)
    assert "Gandakan" in client.get(f"/program/{program.pk}/").content.decode()
    answer = client.post(f"/program/{program.pk}/gandakan/")
    made = Program.objects.exclude(pk=program.pk).get()
    assert answer.headers["Location"] == f"/program/{made.pk}/ubah/"
