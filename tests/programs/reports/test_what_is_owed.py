"""What a programme owes from when on, where the quarter's indicators lead first, and what holds a report up."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.periods import Period, PeriodKind
from programs.models import Progress, Recipients, Report, ReportValue, Unit
from programs.registration import services as registration
from programs.reports import entry_presenters
from programs.reports.periods import owed, programs_to_report
from tests import factories

ClientOf = Callable[[User], Client]
YEAR = timezone.localdate().year


def quarter(number: int) -> Period:
    return Period(YEAR, PeriodKind.QUARTER, number)


def test_one_that_is_registered_late_owes_nothing_from_before(operator: User) -> None:
    program = factories.ProgramFactory(reports_from=dt.date(YEAR, 11, 3))
    factories.IndicatorFactory(program=program)
    factories.sub_activity(program)
    april, november = Period(YEAR, PeriodKind.MONTH, 4), Period(YEAR, PeriodKind.MONTH, 11)
    assert not programs_to_report(program.agency, april).exists()
    assert programs_to_report(program.agency, november).exists()
    found = owed([program.agency], [april, november, quarter(3), quarter(4)])
    assert {item.period for item in found} == {november, quarter(4)}
    assert [program.owes(each) for each in (april, november, quarter(3), quarter(4))] == [False, True, False, True]


def test_registering_says_from_when_on(operator: User) -> None:
    program = factories.ProgramFactory(state="draft", registered_at=None)
    factories.IndicatorFactory(program=program)
    assert registration.register_program(pk=program.pk, by=operator).reports_from == timezone.localdate()
    assert registration.reopen_program(pk=program.pk, by=operator, reason="Keliru").reports_from is None


def test_from_a_month_to_the_quarter_that_is_late(operator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    indicator = factories.IndicatorFactory()
    agency, today = indicator.program.agency, dt.date(YEAR, 10, 20)
    monkeypatch.setattr(entry_presenters.timezone, "localdate", lambda: today)

    def leads_to() -> str:
        october = Period(YEAR, PeriodKind.MONTH, 10)
        return str(entry_presenters.grid_page(agency, october, None, {}, YEAR)["other_kind"])

    assert leads_to() == str(quarter(1))
    sent = {"state": "submitted", "submitted_at": timezone.now(), "submitted_by": operator}
    for number in (1, 2):
        report = factories.report_of(indicator.program, operator, number)
        Report.objects.filter(pk=report.pk).update(**sent)
    assert leads_to() == str(quarter(3))
    report = factories.report_of(indicator.program, operator, 3)
    Report.objects.filter(pk=report.pk).update(**sent)
    assert leads_to() == str(quarter(4))


def _fields(report: Report, value: str, **more: Any) -> dict[str, Any]:
    row = report.values.get()
    return {"version": report.version, f"value-{row.pk}": value, f"reason-{row.pk}": ""} | more


def test_a_round_figure_is_remarked_once_and_holds_nothing_up(operator: User, client_of: ClientOf) -> None:
    people = Unit.objects.get(name="Orang")
    indicator = factories.IndicatorFactory(unit=people, baseline=9000, target=12000)
    report = factories.report_of(indicator.program, operator)
    client = client_of(operator)
    client.post(f"/laporan/{report.pk}/", _fields(report, "11000", act="save"))
    page = client.get(f"/laporan/{report.pk}/").content.decode()
    assert page.count("Angka bulat") == 1
    report.refresh_from_db()
    client.post(f"/laporan/{report.pk}/", _fields(report, "11000", act="submit"))
    report.refresh_from_db()
    assert report.state == "submitted"


def test_the_page_of_a_quarter_asks_for_the_recipients(operator: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory(regions=[factories.region("64.72"), factories.region("64.71")])
    report = factories.report_of(factories.IndicatorFactory(program=program).program, operator)
    first, second = Recipients.objects.filter(report=report).order_by("region__kemendagri_code")
    client = client_of(operator)
    page = client.get(f"/laporan/{report.pk}/").content.decode()
    for name in ("people", "male", "female", "children", "adults", "elderly", "disabled", "reason"):
        assert f'name="r-{name}-{first.pk}"' in page
    people = {f"r-people-{first.pk}": "1.200", f"r-male-{first.pk}": "500", f"r-female-{first.pk}": "600"}
    wrong = client.post(f"/laporan/{report.pk}/", _fields(report, "83,4", act="submit", **people))
    assert wrong.status_code == 200
    assert "1.100" in wrong.content.decode(), "the parts add up to another sum"
    report.refresh_from_db()
    assert report.state == "draft"
    first.refresh_from_db()
    assert first.people == 1200, "nothing typed is lost"
    people |= {f"r-female-{first.pk}": "700", f"r-people-{second.pk}": "abc"}
    client.post(f"/laporan/{report.pk}/", _fields(report, "83,4", act="submit", **people))
    report.refresh_from_db()
    assert report.state == "draft"
    people[f"r-people-{second.pk}"] = "50"
    client.post(f"/laporan/{report.pk}/", _fields(report, "83,4", act="submit", **people))
    report.refresh_from_db()
    assert report.state == "submitted"
    assert list(report.recipients.order_by("region__kemendagri_code").values_list("people", flat=True)) == [1200, 50]


def test_two_authors_of_recipients_see_both(operator: User, client_of: ClientOf) -> None:
    report = factories.report_of(factories.IndicatorFactory().program, operator)
    row = Recipients.objects.get(report=report)
    stale = _fields(report, "83", **{f"r-people-{row.pk}": "70"})
    client = client_of(operator)
    client.post(f"/laporan/{report.pk}/", _fields(report, "83", **{f"r-people-{row.pk}": "60"}))
    answer = client.post(f"/laporan/{report.pk}/", stale)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "60" in shown
    assert "70" in shown
    row.refresh_from_db()
    assert row.people == 60


def test_no_more_cash_is_planned_than_the_ceiling(operator: User) -> None:
    program = factories.ProgramFactory()
    factories.sub_activity(program, ceiling=1_000_000)
    from programs.reports.services import open_report
    from programs.validation.rows import judge, obstacles, rows_of

    report = open_report(program=program, period=Period(YEAR, PeriodKind.MONTH, 1), by=operator)
    Progress.objects.filter(report=report).update(
        planned_rupiah=Decimal(1_000_001), financial_rupiah=Decimal(1), physical_percent=Decimal(1)
    )
    rows = rows_of([report])
    judge(rows, report.period)
    assert [finding["code"] for finding in rows.progress[0].findings] == ["plan_above_ceiling"]
    assert obstacles(rows).wrong == rows.progress
    assert not ReportValue.objects.filter(report=report).exists()
