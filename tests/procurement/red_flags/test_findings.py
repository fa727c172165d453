"""Flags that say the same of one subject are one finding with several reasons: on pages, in sums, when put aside."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from dashboards.filters import DashboardFilter
from dashboards.overview.packages import contract_figures, package_figures
from dashboards.summaries import refresh
from procurement.models import Addendum, Flag, Package
from procurement.red_flags import services as flag_services
from tests.factories import supplier
from tests.procurement.red_flags.cases import MILLION, contract, moment, package

ClientOf = Callable[[User], Client]
pytestmark = pytest.mark.django_db
YEAR = timezone.localdate().year


@pytest.fixture
def hurried() -> Package:
    """Twelve hours for offers in direct procurement: too short for both rules that look at it."""
    begins = moment(f"{YEAR}-03-02")
    made = package(
        f"{YEAR}-03-02",
        150,
        method="direct_procurement",
        offers_from=begins,
        offers_until=begins + dt.timedelta(hours=12),
    )
    flag_services.run()
    return made


def of(there: Package) -> set[str]:
    return set(Flag.objects.raised().filter(package=there).values_list("code", flat=True)) & {"R003", "K06"}


def test_two_rules_that_say_the_same_are_one_finding(hurried: Package) -> None:
    assert of(hurried) == {"R003", "K06"}
    rows = Flag.objects.ours().raised().filter(package=hurried, finding="K06").findings().with_reasons()
    (finding,) = rows
    assert finding.code == "K06"
    (reason,) = finding.reasons
    assert reason.code == "R003"
    assert dict(reason.facts)


def test_a_rule_that_is_alone_is_its_own_finding(hurried: Package) -> None:
    Flag.objects.filter(package=hurried, code="K06").update(closed_at=timezone.now())
    (finding,) = Flag.objects.ours().raised().filter(package=hurried, finding="K06").findings().with_reasons()
    assert (finding.code, finding.reasons) == ("R003", [])


def test_an_opd_that_buys_and_selects_is_told_once(hurried: Package) -> None:
    for subject in ("buyer", "entity"):
        Flag.objects.create(code="R038", subject=subject, key="ID-KALTIM-OPD-1", agency=hurried.agency)
    (finding,) = Flag.objects.ours().raised().filter(code="R038").findings()
    assert finding.subject == "buyer"


def test_pages_show_it_once_with_both_reasons(hurried: Package, auditor: User, client_of: ClientOf) -> None:
    page = client_of(auditor).get("/bendera/", {"q": hurried.rup_code}).content.decode()
    shown = Flag.objects.ours().raised().filter(package=hurried).findings().count()
    assert page.count(f'href="{hurried.get_absolute_url()}"') == shown
    assert "K06" in page
    assert "R003" in page
    alone = client_of(auditor).get("/bendera/", {"q": hurried.rup_code, "code": "R003"}).content.decode()
    assert alone.count(f'href="{hurried.get_absolute_url()}"') == 1, "who asks for the rule sees it"
    package_page = client_of(auditor).get(hurried.get_absolute_url()).content.decode()
    assert package_page.count("<summary>Mengapa</summary>") == shown


def test_a_finding_is_put_aside_and_raised_again_as_one(hurried: Package, auditor: User) -> None:
    flag = Flag.objects.get(package=hurried, code="K06")
    flag_services.suppress(flag=flag, by=auditor, reason="Keadaan darurat")
    assert of(hurried) == set()
    flag_services.restore(flag=Flag.objects.get(package=hurried, code="R003"), by=auditor, reason="Ternyata bukan")
    assert of(hurried) == {"R003", "K06"}


def test_the_sum_of_the_dashboard_is_the_list(hurried: Package, auditor: User) -> None:
    refresh.refresh_everything()
    listed = Flag.objects.ours().raised().filter(subject="package", fiscal_year=YEAR).findings().count()
    assert package_figures(auditor, DashboardFilter(YEAR)).flags == listed


def test_contracts_are_not_ceilings(auditor: User) -> None:
    with_addendum = package(f"{YEAR}-03-02", 1_000, state="contracted")
    signed = contract(with_addendum, supplier(), f"{YEAR}-04-01", millions=800)
    Addendum.objects.create(
        contract=signed, number=1, signed_on=signed.signed_on, value_rupiah=850 * MILLION, reason="Volume"
    )
    package(f"{YEAR}-03-02", 500, state="completed")
    contract(package(f"{YEAR}-03-02", 300), supplier(), f"{YEAR}-04-01", millions=200)
    contract(package("2020-03-02", 300, state="contracted"), supplier(), "2020-04-01", millions=200)
    found = contract_figures(auditor, DashboardFilter(YEAR))
    assert (found.value_rupiah, found.without) == (850 * MILLION, 1)
