"""Warnings of one cause and OPD as one matter: what is lost first, to exactly the rows that it counts, on to a
directive."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.periods import Period, PeriodKind
from core.row_sets import rows_of
from dashboards.choices import WarningKind
from dashboards.early_warnings import services as warning_services
from dashboards.early_warnings.matters import matters
from dashboards.early_warnings.rules import registry
from dashboards.early_warnings.rules.base import RUPIAH_PER_PERSON, FoundWarning
from dashboards.models import EarlyWarning
from dashboards.summaries import refresh as summaries
from procurement.models import Package
from programs.choices import ProgramState, ReportState
from programs.models import Report
from tests import factories

ClientOf = Callable[[User], Client]
YEAR = timezone.localdate().year
LATE_IN_YEAR = dt.date(YEAR, 11, 26)


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


def warning(kind: str, key: str = "1", **values: Any) -> EarlyWarning:
    facts = {
        "value": 50.0,
        "low": 40.0,
        "high": 60.0,
        "year": 2024,
        "method": "tender",
        "now": 30.0,
        "month": 9,
        "quarter": 3,
        "target": 100.0,
        "count": 1,
        "days": 30,
        "before": 6.0,
    }
    facts |= {"until": f"{YEAR}-12-20"} | values.pop("facts", {})
    return EarlyWarning(kind=kind, key=key, fiscal_year=YEAR, subject=f"x {key}", facts=facts, **values)


def test_every_figure_leads_to_exactly_its_rows(office: User, client_of: ClientOf) -> None:
    """Of every rule that counts rows; beside them stand others of the same OPD, method and year."""
    for method in ("tender", "tender", "tender", "e_purchasing"):
        factories.cleared_package(fiscal_year=YEAR, method=method, ceiling_rupiah=1_000, hps_rupiah=1)
    under_contract = factories.cleared_package(fiscal_year=YEAR, method="tender", ceiling_rupiah=1_000, hps_rupiah=1)
    for step in ("announced", "contracted"):
        Package.objects.filter(pk=under_contract.pk).update(state=step, announced_at=timezone.now())
    reported, silent = (factories.ProgramFactory(fiscal_year=YEAR, state=ProgramState.REGISTERED) for _n in range(2))
    sent = timezone.now()
    for quarter in (1, 2, 3):
        Report.objects.create(
            program=reported,
            period=Period(YEAR, PeriodKind.QUARTER, quarter),
            state=ReportState.LOCKED,
            submitted_at=sent,
            decided_at=sent,
            submitted_by=reported.created_by,
            decided_by=factories.UserFactory(),
        )
    summaries.refresh_everything(LATE_IN_YEAR)
    warning_services.raise_warnings(YEAR, LATE_IN_YEAR)
    counting = [row for row in EarlyWarning.objects.all() if "count" in row.facts]
    assert {row.kind for row in counting} == {"stalled", "late"}
    client = client_of(office)
    for row in counting:
        shown = client.get(row.rows_url).context["page"].paginator.count
        assert shown == row.facts["count"] == len(row.facts["rows"]), row.rows_url
    assert silent.pk in next(row for row in counting if row.kind == "late").facts["rows"]
    stalled = [row.facts["count"] for row in counting if row.kind == "stalled"]
    assert sum(stalled) == 4, "the one under contract is not among them"


def test_no_rule_counts_rows_without_naming_them() -> None:
    """Such a count could only lead to some list."""
    found: dict[str, Any] = {
        "agency": None,
        "program": None,
        "subject": "x",
        "url": "/",
        "people": 0,
        "rupiah": Decimal(0),
    }
    FoundWarning(WarningKind.LATE, "1", facts={"count": 1, "rows": [5]}, **found)
    for facts in ({"count": 2, "rows": [5]}, {"count": 1}):
        with pytest.raises(ValueError, match="does not name"):
            FoundWarning(WarningKind.LATE, "1", facts=facts, **found)


def test_a_set_that_is_gone_has_no_rows(office: User, client_of: ClientOf) -> None:
    factories.cleared_package(fiscal_year=YEAR)
    client = client_of(office)
    for value in ("warning-99999999", "warning-0", "nobody-1", "warning", "warning-1; DROP", "peringatan-" + "9" * 30):
        page = client.get("/pengadaan/", {"counted_by": value})
        assert page.status_code == 200
        assert page.context["page"].paginator.count == 0, value
        assert rows_of(value) is None
    assert client.get("/pengadaan/").context["page"].paginator.count == 1


def test_one_cause_of_one_opd_is_one_matter(office: User) -> None:
    one, other = factories.agency(), factories.agency("Dinkes")
    rows = [
        warning("absorption", "1", agency=one, people=100, rupiah=Decimal(10_000_000)),
        warning("absorption", "2", agency=one, people=300, rupiah=Decimal(20_000_000)),
        warning("absorption", "3", agency=other, rupiah=Decimal(1)),
        warning("late", "4", agency=one, people=1_000_000, facts={"days": 90}),
        warning("spm", "5", agency=other, people=900_000),
    ]
    found = matters(rows, LATE_IN_YEAR)
    assert [(each.kind, each.agency, len(each.rows)) for each in found] == [
        (WarningKind.SPM, other, 1),
        (WarningKind.LATE, one, 1),
        (WarningKind.ABSORPTION, one, 2),
        (WarningKind.ABSORPTION, other, 1),
    ]
    two = found[2]
    assert [row.key for row in two.rows] == ["2", "1"], "the weightiest first"
    assert two.sentence == "2 program diperkirakan menyerap kurang dari 85 persen: sekitar Rp30 juta akan tersisa."
    assert f"agency={one.pk}" in two.url
    assert "kind=absorption" in two.url


@pytest.mark.parametrize(
    ("kind", "values", "people"),
    [
        ("stalled", {"rupiah": Decimal(RUPIAH_PER_PERSON * 100), "facts": {"until": f"{YEAR}-12-20"}}, 100),
        ("stalled", {"rupiah": Decimal(RUPIAH_PER_PERSON * 100), "facts": {"until": f"{YEAR + 1}-01-20"}}, 30),
        ("absorption", {"rupiah": Decimal(RUPIAH_PER_PERSON * 7), "people": 1_000_000}, 7),
        ("achievement", {"people": 80, "facts": {"value": 45.0}}, 40),
        ("late", {"people": 1_000, "facts": {"days": 45}}, 5),
        ("spm", {"people": 30_629}, 30_629),
        ("reference", {"people": 100, "facts": {"before": 6.0, "now": 9.0}}, 10),
    ],
)
def test_what_is_lost_is_people_and_money_by_what_can_still_be_done(
    kind: str, values: dict[str, Any], people: float
) -> None:
    row = warning(kind, **values)
    assert registry.rule_for(kind).lost(row, LATE_IN_YEAR) == pytest.approx(people)


@pytest.mark.parametrize("kind", WarningKind.values)
def test_a_step_can_be_taken_on_its_day(kind: str) -> None:
    """In November nothing refers to the changed budget, to a quarter still to come, or to the day that has passed."""
    rule = registry.rule_for(kind)
    step = rule.next_step(warning(kind).facts, LATE_IN_YEAR)
    assert step
    for gone in ("perubahan anggaran", "triwulan berikut", "triwulan mendatang"):
        assert gone not in step.lower()
    assert rule.together([warning(kind)], LATE_IN_YEAR)
    assert rule.measure([warning(kind)])
    assert rule.lost(warning(kind), LATE_IN_YEAR) >= 0


def test_a_step_before_the_changed_budget_still_refers_to_it() -> None:
    rule, facts = registry.rule_for("absorption"), warning("absorption").facts
    assert rule.next_step(facts, dt.date(YEAR, 9, 30)) != rule.next_step(facts, dt.date(YEAR, 10, 1))


def test_a_directive_starts_with_what_the_matter_says(office: User, client_of: ClientOf) -> None:
    agency = factories.agency()
    rows = [warning("absorption", key, agency=agency, people=5, rupiah=Decimal(1_000_000)) for key in ("1", "2")]
    EarlyWarning.objects.bulk_create(rows)
    matter = matters(rows, timezone.localdate())[0]
    form = client_of(office).get(matter.directive_url).context["form"]
    assert form["agency"].value() == agency.pk
    assert matter.sentence in form["text"].value()
    assert form["measure"].value() == "Serapan sekurangnya 85 persen pada 31 Desember"
    assert timezone.localdate() <= form["due_on"].value() <= dt.date(timezone.localdate().year, 12, 31)


def test_nobody_else_starts_one_from_a_warning_they_do_not_see(office: User, client_of: ClientOf) -> None:
    form = client_of(office).get("/arahan/baru/?warning=999999999999").context["form"]
    assert not form["text"].value()


def test_the_page_of_all_groups_sorts_and_keeps_each_within_reach(office: User, client_of: ClientOf) -> None:
    one, other = factories.agency("Disdikbud"), factories.agency("Dinkes")
    EarlyWarning.objects.bulk_create(
        [
            warning("absorption", "1", agency=one, people=7, rupiah=Decimal(10**11)),
            warning("absorption", "2", agency=one, people=8, rupiah=Decimal(10**10)),
            warning("spm", "3", agency=other, people=500),
            warning("late", "4", agency=other, people=900),
        ]
    )
    client = client_of(office)

    def kinds(**query: str) -> list[str]:
        return [matter.kind.value for matter, _cards in client.get("/peringatan/", query).context["matters"]]

    assert kinds() == ["absorption", "spm", "late"]
    assert kinds(sort="people") == ["late", "spm", "absorption"]
    assert kinds(sort="money") == ["absorption", "spm", "late"]
    assert kinds(sort="agency") in (["spm", "late", "absorption"], ["late", "spm", "absorption"])
    assert kinds(sort="x", kind="absorption") == ["absorption"]
    page = client.get("/peringatan/")
    assert page.context["count"] == 4
    for key in "1234":
        assert f">x {key}</a>" in page.content.decode()
    only = matters(EarlyWarning.objects.filter(kind="absorption"), LATE_IN_YEAR)[0]
    assert [matter.kind for matter, _cards in client.get(only.url).context["matters"]] == [WarningKind.ABSORPTION]
