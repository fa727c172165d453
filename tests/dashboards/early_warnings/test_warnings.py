"""Early warnings: each rule by hand, ranked, kept, silenced with a reason, proved, told."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Notice, User
from core import queue
from core.choices import Role
from core.forecasting import SPM
from core.forecasting.back_tests import generated_back_tests
from core.forecasting.generated import SHAPES
from core.models import AuditEvent
from core.periods import Period, PeriodKind
from dashboards.choices import WarningKind
from dashboards.early_warnings import (
    back_tests,
)
from dashboards.early_warnings import (
    messages as warning_messages,
)
from dashboards.early_warnings import (
    services as warning_services,
)
from dashboards.early_warnings.presenters import tried_series
from dashboards.early_warnings.rules import registry
from dashboards.early_warnings.rules.base import FoundWarning
from dashboards.models import EarlyWarning
from dashboards.summaries import refresh as summaries
from procurement.models import Package
from programs.choices import ReportState
from programs.models import Program, Progress, Report, ReportValue
from spm import index_store
from tests import factories

ClientOf = Callable[[User], Client]
YEAR = 2025
TODAY = dt.date(YEAR, 10, 20)


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE, email="kantor@example.go.id")


def report(program: Program, period: str) -> Report:
    sent = timezone.now()
    return Report.objects.create(
        program=program,
        period=Period.parse(period),
        state=ReportState.LOCKED,
        submitted_at=sent,
        decided_at=sent,
        submitted_by=program.created_by,
        decided_by=factories.UserFactory(),
    )


def spent(program: Program, shares: dict[int, int]) -> None:
    """Monthly reports: month → per cent of the budget."""
    part = program.activities.first()
    sub = part.sub_activities.first() if part else factories.sub_activity(program, 1, int(program.budget_rupiah))
    for month, share in shares.items():
        Progress.objects.create(
            report=report(program, f"{program.fiscal_year}-{month:02d}"),
            sub_activity=sub,
            financial_rupiah=program.budget_rupiah * share / 100,
        )


def only(kind: WarningKind, found: list[FoundWarning]) -> FoundWarning:
    rows = [each for each in found if each.kind == kind]
    assert len(rows) == 1, rows
    return rows[0]


def find(kind: WarningKind, year: int, today: dt.date) -> list[FoundWarning]:
    return registry.rule_for(kind).find(year, today)


def test_every_kind_has_one_rule() -> None:
    assert [rule.kind for rule in registry.all_rules()] == list(WarningKind)
    assert {rule.kind for rule in registry.forecasts()} == {
        WarningKind.ABSORPTION,
        WarningKind.ACHIEVEMENT,
        WarningKind.STALLED,
        WarningKind.SPM,
    }


def test_absorption(db: None) -> None:
    slow = factories.ProgramFactory(fiscal_year=YEAR, problem_people=700, budget_rupiah=Decimal(1_000_000))
    quick = factories.ProgramFactory(fiscal_year=YEAR, budget_rupiah=Decimal(1_000_000))
    spent(slow, {7: 10, 8: 15, 9: 20})
    spent(quick, {7: 60, 8: 70, 9: 80})
    row = only(WarningKind.ABSORPTION, find(WarningKind.ABSORPTION, YEAR, TODAY))
    facts = row.facts
    assert (row.key, row.people) == (str(slow.pk), 700)
    assert (facts["now"], facts["month"], facts["seen"], facts["finished"]) == (20.0, 9, 3, 0)
    assert 20 <= facts["low"] < facts["value"] < facts["high"] < 85
    assert row.rupiah == pytest.approx(Decimal((85 - facts["value"]) * 10_000), abs=100)
    assert row.score == pytest.approx(700 * float(row.rupiah))


def test_absorption_learns_from_finished_years(db: None) -> None:
    for number in range(20):
        done = factories.ProgramFactory(fiscal_year=YEAR - 1, budget_rupiah=Decimal(1000))
        spent(done, {9: 20 + number, 12: 60 + number})
    slow = factories.ProgramFactory(fiscal_year=YEAR, budget_rupiah=Decimal(1000))
    spent(slow, {9: 25})
    row = only(WarningKind.ABSORPTION, find(WarningKind.ABSORPTION, YEAR, TODAY))
    assert row.facts["value"] == pytest.approx(65, abs=0.5)
    assert row.facts["finished"] == 20


def test_no_warning_where_the_target_is_within_reach(db: None) -> None:
    """In a portal's first year each programme that spends as the province does was once told of until September."""
    usual = factories.ProgramFactory(fiscal_year=YEAR, budget_rupiah=Decimal(1_000_000))
    spent(usual, {3: 14, 6: 35})
    assert not find(WarningKind.ABSORPTION, YEAR, TODAY)
    row = warning_messages.how(EarlyWarning(kind="absorption", facts={"way": "alike", "seen": 2, "finished": 0}))
    assert "2 angka" in row


def test_achievement(db: None) -> None:
    poor = factories.IndicatorFactory(program__fiscal_year=YEAR, target=Decimal(100))
    good = factories.IndicatorFactory(program=poor.program, target=Decimal(100))
    for quarter, (one, other) in enumerate(((30, 80), (40, 90), (50, 95)), 1):
        row = report(poor.program, f"{YEAR}-Q{quarter}")
        for indicator, value in ((poor, one), (good, other)):
            ReportValue.objects.create(
                report=row, indicator=indicator, region=factories.region("64"), value=Decimal(value)
            )
    found = only(WarningKind.ACHIEVEMENT, find(WarningKind.ACHIEVEMENT, YEAR, TODAY))
    assert found.key == str(poor.pk)
    assert (found.facts["now"], found.facts["quarter"]) == (50.0, 3)
    assert found.facts["high"] < 90


def test_late_reports(db: None) -> None:
    one, other = (factories.ProgramFactory(fiscal_year=YEAR, problem_people=10) for _n in range(2))
    for quarter in (1, 2):
        report(one, f"{YEAR}-Q{quarter}")
    report(other, f"{YEAR}-Q1")
    summaries.refresh(TODAY)
    rows = find(WarningKind.LATE, YEAR, TODAY)
    # The third quarter's last day is 10 October: ten days ago; nobody has reported. Of the second one is missing.
    assert {(row.facts["quarter"], row.facts["count"], row.facts["days"], row.people) for row in rows} == {
        (2, 1, 102, 10),
        (3, 2, 10, 20),
    }
    assert not find(WarningKind.LATE, YEAR, dt.date(YEAR, 4, 10))


def test_stalled_packages(db: None) -> None:
    for method, ceiling in (("tender", 100), ("tender", 200), ("e_purchasing", 400), ("self_managed", 800)):
        factories.PackageFactory(fiscal_year=YEAR, method=method, ceiling_rupiah=ceiling, hps_rupiah=1)
    # On 1 September a tender (14 + 60 days) would end on 14 November; e-purchasing (14 + 14) on 29 September.
    row = only(WarningKind.STALLED, find(WarningKind.STALLED, YEAR, dt.date(YEAR, 9, 1)))
    assert (row.facts["count"], row.facts["until"], row.rupiah) == (2, f"{YEAR}-11-14", Decimal(300))
    assert not find(WarningKind.STALLED, YEAR, dt.date(YEAR, 6, 30))
    assert len(find(WarningKind.STALLED, YEAR, dt.date(YEAR, 10, 10))) == 2


def test_an_official_figure_that_turns(db: None) -> None:
    series, steady = factories.SeriesFactory(), factories.SeriesFactory()
    for year, value, other in ((YEAR - 3, "7", "7"), (YEAR - 2, "6", "8"), (YEAR - 1, "6.5", "9")):
        factories.observe(series, value, year=year)
        factories.observe(steady, other, year=year)
    program = factories.ProgramFactory(
        fiscal_year=YEAR, evidence_series=series, evidence_worst="high", problem_people=55
    )
    factories.ProgramFactory(
        fiscal_year=YEAR, evidence_series=steady, evidence_worst="high"
    )  # it was getting worse before
    factories.ProgramFactory(fiscal_year=YEAR, evidence_series=steady, evidence_worst="low")
    row = only(WarningKind.REFERENCE, find(WarningKind.REFERENCE, YEAR, TODAY))
    assert (row.program, row.people, row.facts) == (program.pk, 55, {"now": 6.5, "before": 6.0, "year": YEAR - 1})


def test_an_spm_service_behind_its_target(db: None) -> None:
    for month in range(1, 10):
        factories.achieve("1.01.a", "64.72", 100, 50 + month, month=Period(YEAR, PeriodKind.MONTH, month))
    index_store.recompute_all()
    row = only(WarningKind.SPM, find(WarningKind.SPM, YEAR, TODAY))
    assert row.people == 41
    assert row.facts["target"] == 100.0


def test_kept_closed_and_raised_again(db: None, office: User) -> None:
    program = factories.ProgramFactory(fiscal_year=YEAR, budget_rupiah=Decimal(1_000_000))
    spent(program, {7: 10, 8: 15, 9: 20})
    summaries.refresh(dt.date(YEAR, 1, 2))
    day = dt.date(YEAR, 4, 1)
    assert warning_services.raise_warnings(YEAR, day) == (1, 0)
    assert warning_services.raise_warnings(YEAR, day) == (0, 0)
    row = EarlyWarning.objects.get()
    first = row.raised_at
    warning_services.silence(row=row, until=TODAY, reason="Sudah dibahas.", by=office, today=TODAY)
    assert not EarlyWarning.objects.active(TODAY).exists()
    assert EarlyWarning.objects.active(TODAY + dt.timedelta(1)).exists()
    spent(program, {10: 84})
    assert warning_services.raise_warnings(YEAR, day) == (0, 1)
    Progress.objects.filter(report__period=Period.parse(f"{YEAR}-10")).update(financial_rupiah=200_000)
    assert warning_services.raise_warnings(YEAR, day) == (0, 0)
    row.refresh_from_db()
    assert (row.raised_at, row.closed_at, row.silenced_because) == (first, None, "Sudah dibahas.")
    assert AuditEvent.objects.filter(action="warning.silenced", target_id=str(row.pk), reason="Sudah dibahas.").exists()


def test_silence_needs_a_reason_and_an_end(db: None, office: User, client_of: ClientOf) -> None:
    row = EarlyWarning.objects.create(
        kind="late",
        key="1-1",
        fiscal_year=timezone.localdate().year,
        agency=factories.agency(),
        url="/",
        subject="Dinas",
        facts={"count": 1, "quarter": 1, "days": 3},
    )
    today = timezone.localdate()
    with pytest.raises(ValidationError):
        warning_services.silence(row=row, until=today, reason=" ", by=office, today=today)
    client = client_of(office)
    far = (today + dt.timedelta(days=200)).isoformat()
    answer = client.post(f"/peringatan/{row.pk}/senyap/", {"reason": "Alasan panjang", "until": far})
    assert answer.status_code == 422
    assert "Alasan panjang" in answer.content.decode()  # nothing typed is lost
    assert client.post(f"/peringatan/{row.pk}/senyap/", {"reason": "Dibahas", "until": today}).status_code == 302
    assert not list(client.get("/peringatan/").context["page"])
    assert list(client.get("/peringatan/?silent=yes").context["page"])
    client.post(f"/peringatan/{row.pk}/senyap/", {"act": "speak"})
    assert list(client.get("/peringatan/").context["page"])
    head = client_of(factories.member(Role.AGENCY_HEAD, "Dinkes"))
    assert not list(head.get("/peringatan/").context["page"])
    assert list(client_of(factories.member(Role.AGENCY_HEAD)).get("/peringatan/").context["page"])


def test_forecasts_are_proved_by_the_end_of_the_year(db: None, office: User, client_of: ClientOf) -> None:
    low, high = (factories.ProgramFactory(fiscal_year=YEAR, budget_rupiah=Decimal(1000)) for _n in range(2))
    spent(low, {12: 70})
    spent(high, {12: 95})
    packages = [factories.cleared_package(fiscal_year=YEAR) for _n in range(3)]
    for package in packages[:2]:
        for state in ("announced", "contracted"):
            Package.objects.filter(pk=package.pk).update(state=state, announced_at=timezone.now())
    facts: list[tuple[str, str, dict[str, Any]]] = [
        ("absorption", str(low.pk), {}),
        ("absorption", str(high.pk), {}),
        ("absorption", "999999", {}),
        ("stalled", "1-tender", {"packages": [each.pk for each in packages]}),
        ("late", "1-1", {}),
    ]
    for kind, key, more in facts:
        EarlyWarning.objects.create(kind=kind, key=key, fiscal_year=YEAR, url="/", facts=more, closed_at=timezone.now())
    assert warning_services.prove(YEAR, dt.date(YEAR + 1, 1, 31)) == 0
    assert warning_services.prove(YEAR, dt.date(YEAR + 1, 2, 1)) == 3
    proved = dict(EarlyWarning.objects.values_list("key", "came_true"))
    assert proved == {str(low.pk): True, str(high.pk): False, "999999": None, "1-tender": False, "1-1": None}
    rates = {rate.kind: rate for rate in warning_services.hit_rates(EarlyWarning.objects.all())}
    assert (rates[WarningKind.ABSORPTION].raised, rates[WarningKind.ABSORPTION].percent) == (3, Decimal(50))
    page = client_of(office).get(f"/peringatan/ketepatan/?tahun={YEAR}").content.decode()
    assert "50%" in page
    assert "Dari 3 peringatan yang sudah teruji, 1 benar" in page


def test_the_page_shows_the_back_tests_the_worker_kept(
    db: None, office: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    sent: list[str] = []
    monkeypatch.setattr(queue, "send", lambda name, *_arguments: sent.append(name))
    client = client_of(office)
    for _visit in range(2):
        assert "sedang dihitung" in client.get("/peringatan/ketepatan/").content.decode()
    assert sent == ["dashboards.early_warnings.tasks.back_test_forecasts"]
    for year in (YEAR - 2, YEAR - 1):
        program = factories.ProgramFactory(fiscal_year=year, budget_rupiah=Decimal(1000))
        spent(program, {6: 35, 12: 91})
        for month in range(1, 13):
            factories.achieve("1.01.a", "64.72", 100, 50 + month, month=Period(year, PeriodKind.MONTH, month))
    index_store.recompute_all()
    monkeypatch.setattr(
        back_tests, "generated_back_tests", lambda **_much: generated_back_tests(years=2, worlds=1, of=[SPM])
    )
    kept = back_tests.work_out(YEAR)
    found = back_tests.kept_or_asked_for()
    assert found is not None
    assert len(found.tests) == kept
    assert {test.series for test in found.tests if test.shape == "own"} == {"spm", "absorption"}
    page = client.get("/peringatan/ketepatan/").content.decode()
    shown = {series.name: series for series in tried_series(found.tests)}
    assert [(series.is_own, series.years) for series in shown.values()] == [(True, 1), (True, 1)]
    assert [shape.is_own for shape in shown["SPM"].shapes] == [True] + [False] * len(SHAPES)
    assert page.count('<svg class="chart ') == 2
    assert "delapan poin lebih rendah" in page
    assert "tahun selesai di portal" in page
    cache.clear()


def test_the_command_prints_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("backtest_forecasts", "--json", "--seed", "4", "--years", "1")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(rows) == 6 * (9 + 9 + 2)
    assert {
        "series",
        "shape",
        "after",
        "claimed",
        "inside",
        "error",
        "best_simple_error",
        "precision",
        "recall",
    } <= set(rows[0])
    assert {row["after"] for row in rows if row["series"] == "outcome"} == {6, 9}
    call_command("backtest_forecasts", "--years", "1")
    assert len(capsys.readouterr().out.splitlines()) == 1 + len(rows)


def test_the_digest_tells_each_what_concerns_them(
    db: None, office: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    head = factories.member(Role.AGENCY_HEAD, email="kepala@example.go.id")
    other = factories.member(Role.AGENCY_HEAD, "Dinkes", email="lain@example.go.id")
    today = timezone.localdate()
    for number, agency in ((1, factories.agency()), (2, None)):
        EarlyWarning.objects.create(
            kind="late",
            key=f"{number}-1",
            fiscal_year=today.year,
            agency=agency,
            url="/",
            subject=f"Hal {number}",
            facts={"count": 3, "quarter": 1, "days": 5},
            score=number,
        )
    with django_capture_on_commit_callbacks(execute=True):
        assert warning_services.digest(today) == 2
    assert not Notice.objects.filter(user=other).exists()
    mails = {mail.to[0]: mail.body for mail in mailoutbox}
    assert set(mails) == {office.email, head.email}
    assert "Hal 2" in mails[office.email]
    assert "Hal 2" not in mails[head.email]
    assert "5 hari" in mails[head.email]
    with django_capture_on_commit_callbacks(execute=True):
        assert warning_services.digest(today) == 0  # once a day


def test_every_kind_has_its_words(db: None) -> None:
    seen = {"value": 50.0, "low": 40.0, "high": 60.0, "way": "trend", "seen": 3, "now": 30.0}
    facts: dict[WarningKind, dict[str, Any]] = {
        WarningKind.ABSORPTION: seen | {"month": 9},
        WarningKind.ACHIEVEMENT: seen | {"quarter": 3},
        WarningKind.LATE: {"count": 2, "quarter": 3, "days": 4},
        WarningKind.STALLED: {"count": 2, "method": "tender", "days": 60, "until": "2025-12-01"},
        WarningKind.REFERENCE: {"now": 6.5, "before": 6.0, "year": 2024},
        WarningKind.SPM: seen | {"month": 9, "target": 100.0},
    }
    assert set(facts) == set(WarningKind)
    for kind, values in facts.items():
        row = EarlyWarning(kind=kind, key="1", fiscal_year=YEAR, facts=values, subject="x")
        assert len(warning_messages.reason(row)) > 30
        assert warning_messages.next_step(row, TODAY)
