"""Flags that say the same of one subject are one finding with several reasons: on pages, in sums, when put aside."""

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.agencies.choices import AgencyChangeKind
from accounts.agencies.services import Plan, Target, carry_out
from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from dashboards.filters import DashboardFilter
from dashboards.overview.packages import contract_figures, package_figures
from dashboards.summaries import refresh
from procurement.models import Addendum, Contract, Flag, Package
from procurement.red_flags import services as flag_services
from procurement.red_flags.evidence import in_words
from tests import factories
from tests.factories import supplier
from tests.procurement.red_flags.cases import MILLION, addenda, award, contract, moment, offer, package

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


def test_what_is_put_aside_together_is_one_there_too(hurried: Package, auditor: User) -> None:
    flag = Flag.objects.ours().raised().filter(package=hurried, finding="K06").findings().get()
    flag_services.suppress(flag=flag, by=auditor, reason="Darurat banjir")
    rows = Flag.objects.ours().filter(package=hurried, finding="K06", suppressed_at__isnull=False)
    assert (rows.count(), rows.findings().count()) == (2, 1)


def test_raising_again_takes_the_reasons_that_rest_with_it(hurried: Package, auditor: User) -> None:
    """A rule that does not raise it at the moment may do so again."""
    flag = Flag.objects.ours().raised().filter(package=hurried, finding="K06").findings().get()
    flag_services.suppress(flag=flag, by=auditor, reason="Darurat banjir")
    Flag.objects.filter(package=hurried, code="K06").update(closed_at=timezone.now())
    other = Flag.objects.get(package=hurried, code="R003")
    flag_services.restore(flag=other, by=auditor, reason="Tidak darurat")
    flag_services.run()
    assert of(hurried) == {"R003", "K06"}


def test_only_what_stands_is_put_aside_and_only_what_is_aside_raised_again(hurried: Package, auditor: User) -> None:
    flag = Flag.objects.get(package=hurried, code="K06")
    with pytest.raises(ValidationError):
        flag_services.restore(flag=flag, by=auditor, reason="Salah")
    assert not AuditEvent.objects.filter(action="flag.restored").exists()
    Flag.objects.filter(pk=flag.pk).update(closed_at=timezone.now())
    with pytest.raises(ValidationError):
        flag_services.suppress(flag=flag, by=auditor, reason="Salah")


@pytest.fixture
def grown() -> Flag:
    """A contract that addenda took eleven per cent up, put aside by the auditor."""
    there = package(f"{YEAR}-03-02", 900)
    addenda(contract(there, supplier(), f"{YEAR}-04-01", millions=100), "111")
    flag_services.run()
    return Flag.objects.get(package=there, code="K10")


def test_what_was_put_aside_stays_so_while_it_says_the_same(grown: Flag, auditor: User) -> None:
    flag_services.suppress(flag=grown, by=auditor, reason="Kenaikan harga BBM")
    Addendum.objects.create(
        contract=Contract.objects.get(),
        number=2,
        signed_on=timezone.localdate(),
        value_rupiah=112 * MILLION,
        reason="x",
    )
    flag_services.run()
    grown.refresh_from_db()
    assert grown.suppressed_because == "Kenaikan harga BBM"
    assert grown.value == pytest.approx(0.11), "as the auditor saw it"


def test_what_was_put_aside_and_says_more_is_raised_anew(grown: Flag, auditor: User) -> None:
    flag_services.suppress(flag=grown, by=auditor, reason="Kenaikan harga BBM")
    Addendum.objects.create(
        contract=Contract.objects.get(),
        number=2,
        signed_on=timezone.localdate(),
        value_rupiah=400 * MILLION,
        reason="x",
    )
    flag_services.run()
    grown.refresh_from_db()
    assert (grown.suppressed_at, grown.suppressed_because) == (None, "")
    assert grown.value == pytest.approx(3)


def test_a_market_in_one_hand_is_told_of_each_year(auditor: User) -> None:
    firms = {YEAR - 1: supplier(name="PT Lama"), YEAR: supplier(name="PT Baru")}
    for year, firm in firms.items():
        for _n in range(8):
            contract(package(f"{year}-03-02", 100, fiscal_year=year), firm, f"{year}-04-01", millions=100)
    flag_services.run()
    found = {row.fiscal_year: row for row in Flag.objects.raised().filter(code="K04")}
    assert set(found) == {YEAR - 1, YEAR}
    assert {row.agency for row in found.values()} == {factories.agency()}
    flag_services.suppress(flag=found[YEAR - 1], by=auditor, reason="Hanya satu penyedia obat")
    flag_services.run()
    assert set(Flag.objects.raised().filter(code="K04").values_list("fiscal_year", flat=True)) == {YEAR}


def test_contracts_of_packages_that_came_to_nothing_make_no_market() -> None:
    for _n in range(8):
        there = package(f"{YEAR}-03-02", 100)
        contract(there, supplier(name="PT Satu"), f"{YEAR}-04-01", millions=100)
        Package.objects.filter(pk=there.pk).update(state="cancelled")
    flag_services.run()
    assert not Flag.objects.filter(code="K04").exists()


def test_a_contract_above_the_hps_without_an_award() -> None:
    there = package(f"{YEAR}-03-02", 1_000, hps_rupiah=800 * MILLION)
    contract(there, supplier(), f"{YEAR}-04-01", millions=900)
    flag_services.run()
    flag = Flag.objects.get(package=there, code="K20")
    assert flag.evidence["what"] == ["contract_above_hps"]
    assert "kontrak di atas HPS" in dict(flag.facts).values()


def test_a_flag_of_a_firm_belongs_to_the_newest_year_that_it_names() -> None:
    begins = moment(f"{YEAR - 1}-03-02")
    there = package(
        f"{YEAR - 1}-03-02", fiscal_year=YEAR - 1, offers_from=begins, offers_until=moment(f"{YEAR - 1}-03-20")
    )
    firm = supplier(name="PT Lambat")
    offer(there, firm, on=f"{YEAR - 1}-03-25", millions=80)
    award(there, firm, on=f"{YEAR - 1}-03-28", millions=80)
    flag_services.run()
    row = Flag.objects.raised().get(code="R030", subject="tenderer")
    assert row.fiscal_year == YEAR - 1
    assert any(there.rup_code in said and "ocds" not in said for said in dict(row.facts).values())


def test_a_mere_rename_of_an_opd_takes_no_flag_away() -> None:
    """What is completed stays under the former name, what is open goes over: they are one buyer's."""
    firm = supplier(name="PT Satu")
    for number in range(8):
        there = package(f"{YEAR}-02-02", 100, name=f"Bahan {number}a", kind="works")
        contract(there, firm, f"{YEAR}-03-01", millions=100)
        Package.objects.filter(pk=there.pk).update(state="completed" if number % 2 else "contracted")
    for number, state in ((1, "completed"), (2, "announced")):
        name = f"Sewa kursi tahap {number}"
        there = package(f"{YEAR}-02-02", 150, name=name, method="direct_procurement", kind="goods")
        Package.objects.filter(pk=there.pk).update(state=state)
    flag_services.run()
    before = Counter(Flag.objects.raised().values_list("code", flat=True))
    assert before["K04"] == 1
    assert before["K01"] == 2
    target = Target(code="1.01.0.00.0.00.77.0000", name="Dinas Pendidikan", short_name="Disdik")
    day = dt.date(YEAR, 1, 1)
    plan = Plan(factories.agency(), AgencyChangeKind.RENAME, day, "Perda 4/2025", "Berganti nama", [target])
    carry_out(plan, by=factories.member(Role.DATA_STEWARD))
    flag_services.run()
    assert Counter(Flag.objects.raised().values_list("code", flat=True)) == before


def test_a_joint_winner_that_was_not_the_cheapest() -> None:
    there = package(f"{YEAR}-03-02")
    leader, partner, cheap = (supplier(name=f"PT {name}") for name in ("Pemimpin", "Mitra", "Murah"))
    offer(there, leader, on=f"{YEAR}-03-10", millions=100, partners=[partner])
    offer(there, cheap, on=f"{YEAR}-03-10", millions=90)
    award(there, leader, on=f"{YEAR}-03-20", millions=100)
    flag_services.run()
    flag = Flag.objects.get(package=there, code="K07")
    assert (flag.evidence["winning"], flag.evidence["lowest"]) == (100 * MILLION, 90 * MILLION)


def test_moments_of_the_evidence_are_told_by_the_clock_of_the_province() -> None:
    said = dict(in_words({"at": "2026-03-02T16:30:00+00:00", "on": "2026-03-02", "no": "2026-99-99"}, {}))
    assert "3 Maret 2026" in said["at"] or "03/03/2026" in said["at"] or "3 Mar" in said["at"]
    assert "00.30" in said["at"] or "00:30" in said["at"]
    assert said["no"] == "2026-99-99"
