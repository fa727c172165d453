"""What stands on a role's first page: of each block a row that shows, one that does not, and sums that equal rows."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from allauth.mfa.models import Authenticator
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, User
from core.choices import Role
from core.periods import Period
from dashboards.models import EarlyWarning
from datasources.models import Pull, Series
from procurement.models import AuditExport, Flag, FlagLimit, Lead
from programs.models import Report
from tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
MOST = 30  # queries, those of the frame and of the tasks among them; they do not grow with rows (tests/queries)


def block(client: Client, name: str) -> Tag:
    page = BeautifulSoup(client.get("/").content, "html.parser")
    found = [each for each in page.select("main section") if each.h2 and name in each.h2.get_text(" ", strip=True)]
    assert len(found) == 1, [each.h2.get_text(" ", strip=True) for each in page.select("main section") if each.h2]
    return found[0]


def titles(found: Tag) -> list[str]:
    return [each.get_text(" ", strip=True) for each in found.select(".tasks .fw-medium")]


def counted(found: Tag) -> int:
    mark = found.select_one("h2 .state")
    assert mark is not None
    return int(mark.get_text(strip=True))


def listed(client: Client, found: Tag) -> int:
    """How many rows the list holds to which the block leads."""
    link = found.select_one(".card-tools")
    assert link is not None
    page = BeautifulSoup(client.get(str(link["href"])).content, "html.parser")
    return len(page.select("main table tbody tr"))


def flag(package: object, *, days_ago: int = 0, code: str = "K02") -> Flag:
    made: Flag = Flag.objects.create(
        code=code,
        subject="package",
        key=f"ocds-{package.pk}",  # type: ignore[attr-defined]  # a package of the factory
        package=package,
        agency=package.agency,  # type: ignore[attr-defined]  # as above
        fiscal_year=package.fiscal_year,  # type: ignore[attr-defined]  # as above
        raised_at=timezone.now() - dt.timedelta(days=days_ago),
    )
    return made


def test_new_flags_are_listed_by_what_is_at_stake(client_of: ClientOf) -> None:
    small = factories.PackageFactory(ceiling_rupiah=Decimal(200_000_000))
    large = factories.PackageFactory(ceiling_rupiah=Decimal(900_000_000))
    flag(small), flag(large), flag(factories.PackageFactory(), days_ago=30)
    Flag.objects.filter(pk=flag(factories.PackageFactory()).pk).update(closed_at=timezone.now())
    client = client_of(factories.member(Role.AUDITOR))
    found = block(client, "Bendera merah baru")
    assert [str(link["href"]) for link in found.select(".tasks a")] == [
        large.get_absolute_url(),
        small.get_absolute_url(),
    ]
    assert counted(found) == listed(client, found) == 2


def test_leads_that_nobody_has_looked_at(client_of: ClientOf) -> None:
    reviewer = factories.member(Role.AUDITOR)
    made = [
        Lead.objects.create(
            fingerprint=str(number), official=factories.member(Role.OPERATOR), supplier=factories.supplier(), score=0.5
        )
        for number in range(2)
    ]
    Lead.objects.filter(pk=made[0].pk).update(state="cleared", note="Bukan orang yang sama", reviewed_by=reviewer)
    client = client_of(reviewer)
    found = block(client, "Petunjuk yang perlu ditelaah")
    assert titles(found) == [str(made[1])]
    assert counted(found) == listed(client, found) == 1


def test_planned_packages_that_lack_declarations(client_of: ClientOf) -> None:
    lacking = factories.PackageFactory()
    factories.cleared_package()
    client = client_of(factories.member(Role.AUDITOR))
    found = block(client, "Pernyataan kurang sebelum pengumuman")
    assert titles(found) == [str(lacking)]
    assert counted(found) == listed(client, found) == 1


def test_who_let_a_package_of_the_own_opd_pass(client_of: ClientOf) -> None:
    by_former = factories.override(factories.PackageFactory())
    own = factories.override(factories.PackageFactory())
    Membership.objects.create(user=own.by, role=Role.AGENCY_HEAD, agency=own.package.agency)
    found = block(client_of(factories.member(Role.AUDITOR)), "Diloloskan tanpa pernyataan lengkap")
    assert titles(found) == [str(own.package), str(by_former.package)]
    assert [mark.get_text(strip=True) for mark in found.select(".tasks .state")] == ["OPD sendiri"]


def test_files_are_ones_own(client_of: ClientOf) -> None:
    auditor, other = factories.member(Role.AUDITOR), factories.member(Role.AUDITOR)
    for person, name in ((auditor, "milik-saya.xlsx"), (other, "milik-lain.xlsx")):
        AuditExport.objects.create(
            layout="list", file_format="xlsx", fiscal_year=2026, file_name=name, sha256="a" * 64, made_by=person
        )
    assert titles(block(client_of(auditor), "Berkas terakhir Anda")) == ["milik-saya.xlsx"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_the_chain_is_said_in_words(role: Role, client_of: ClientOf) -> None:
    found = block(client_of(factories.member(role)), "Rantai bukti")
    assert "belum pernah diperiksa" in found.get_text() or "belum diperiksa" in found.get_text()


def test_opd_without_a_head_in_force(client_of: ClientOf) -> None:
    factories.member(Role.AGENCY_HEAD)
    gone = factories.member(Role.AGENCY_HEAD, "Dinkes")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    report = Report.objects.create(
        program=factories.ProgramFactory(agency=factories.agency("Dinkes")),
        period=Period.parse(f"{timezone.localdate().year}-Q1"),
        state="submitted",
        submitted_at=timezone.now(),
        submitted_by=factories.member(Role.OPERATOR, "Dinkes"),
    )
    found = block(client_of(factories.member(Role.ADMINISTRATOR)), "OPD tanpa kepala yang menjabat")
    assert titles(found)[0] == report.program.agency.name, "where papers wait comes first"
    assert "1 berkas menunggu" in found.get_text()
    assert factories.agency().name not in titles(found)


def test_people_whose_access_needs_a_look(client_of: ClientOf) -> None:
    administrator = factories.member(Role.ADMINISTRATOR, last_login=timezone.now())
    new = factories.member(Role.OPERATOR, full_name="Belum Masuk")
    guarded = factories.member(Role.AUDITOR, full_name="Dengan Kode", last_login=timezone.now())
    Authenticator.objects.create(user=guarded, type=Authenticator.Type.TOTP, data={})
    bare = factories.member(Role.AUDITOR, full_name="Tanpa Kode", last_login=timezone.now())
    both = factories.member(Role.OPERATOR, full_name="Dua Peran", last_login=timezone.now())
    Membership.objects.create(user=both, role=Role.AGENCY_HEAD, agency=factories.agency())
    apart = factories.member(Role.OPERATOR, full_name="Dua OPD", last_login=timezone.now())
    Membership.objects.create(user=apart, role=Role.AGENCY_HEAD, agency=factories.agency("Dinkes"))
    client = client_of(administrator)
    found = block(client, "Orang yang belum pernah masuk")
    assert str(new) in titles(found)
    assert str(bare) not in titles(found)
    address = found.select_one(".card-tools")
    assert address is not None
    rows = BeautifulSoup(client.get(str(address["href"])).content, "html.parser").select("#result_list tbody tr")
    assert counted(found) == len(rows)
    without = titles(block(client, "Tanpa faktor kedua"))
    assert str(bare) in without
    assert str(guarded) not in without
    assert titles(block(client, "Dua peran yang saling memeriksa")) == [str(both)]


def test_thresholds_of_a_later_day(client_of: ClientOf) -> None:
    today = timezone.localdate()
    for days, code in ((-9, "K02"), (9, "K07")):
        FlagLimit.objects.create(
            code=code, method="tender", limit=5, valid_from=today + dt.timedelta(days=days), basis="Perpres"
        )
    found = block(client_of(factories.member(Role.ADMINISTRATOR)), "Ambang yang akan berlaku")
    assert counted(found) == 1
    assert "K07" in found.get_text()


def pulled(series: Series, *, days_ago: int = 1, **values: object) -> Pull:
    at = timezone.now() - dt.timedelta(days=days_ago)
    made: Pull = Pull.objects.create(series=series, state="done", finished_at=at, **values)
    return made


def test_figures_that_changed_and_rows_without_a_place(client_of: ClientOf) -> None:
    compared = factories.compared_indicator().reference_series
    quiet, old, odd = (factories.SeriesFactory(name=name) for name in ("Tetap", "Lama", "Janggal"))
    Pull.objects.all().delete()
    pulled(compared, revised=3)
    pulled(quiet, unchanged=9)
    pulled(old, revised=1, days_ago=60)
    pulled(odd, notes=[{"place": "6499", "reason": "wilayah tidak dikenal"}])
    client = client_of(factories.member(Role.DATA_STEWARD))
    changed = block(client, "Angka yang berubah")
    assert titles(changed) == [compared.name]
    assert re.search(r"1 indikator dibandingkan", changed.get_text())
    assert titles(block(client, "Baris tanpa tempat")) == ["Janggal"]


def test_series_that_are_held_and_of_the_same_name(client_of: ClientOf) -> None:
    factories.SeriesFactory(name="Harapan lama sekolah")
    factories.SeriesFactory(name="harapan lama sekolah")
    factories.SeriesFactory(name="Ditahan", held_since=timezone.now(), hold_reason="Angka ganjil")
    client = client_of(factories.member(Role.DATA_STEWARD))
    assert titles(block(client, "Seri yang ditahan")) == ["Ditahan"]
    assert titles(block(client, "Seri bernama sama")) == ["Harapan lama sekolah", "harapan lama sekolah"]


def test_who_has_not_sent_stands_with_the_verifier(client_of: ClientOf, operator: User) -> None:
    quarters = [
        quarter for quarter in Period(timezone.localdate().year).quarters() if quarter.last_day < timezone.localdate()
    ]
    if not quarters:
        pytest.skip("no quarter of this year is over")
    sent = factories.compared_indicator().program
    there = factories.agency("Dinkes")
    for _number in range(2):
        factories.compared_indicator(program=factories.ProgramFactory(agency=there))
    Report.objects.create(
        program=sent,
        period=quarters[-1],
        state="approved",
        submitted_at=timezone.now(),
        submitted_by=operator,
        decided_at=timezone.now(),
        decided_by=factories.member(Role.AGENCY_HEAD),
    )
    found = block(client_of(factories.member(Role.VERIFIER)), "Belum mengirim: Triwulan")
    assert titles(found) == [there.name]
    assert "2 belum ada" in found.get_text()


def test_an_opd_sees_its_own_warnings_flags_and_dates(client_of: ClientOf) -> None:
    year = timezone.localdate().year
    for short_name in ("Disdikbud", "Dinkes"):
        EarlyWarning.objects.create(
            kind="late",
            key=short_name,
            fiscal_year=year,
            agency=factories.agency(short_name),
            subject=f"Terlambat {short_name}",
            url="/laporan/",
            facts={"count": 1, "rows": [1], "quarter": 3, "days": 9},
        )
    own, other = factories.PackageFactory(), factories.PackageFactory(agency=factories.agency("Dinkes"))
    flag(own), flag(other), flag(factories.PackageFactory(), days_ago=60)
    client = client_of(factories.member(Role.AGENCY_HEAD))
    seen = block(client, "Yang dilihat gubernur tentang kami")
    assert titles(seen) == ["Terlambat Disdikbud"]
    row = EarlyWarning.objects.get(key="Disdikbud")
    assert row.rows_url in [str(link["href"]) for link in seen.select(".tasks a")], "exactly the rows that it counts"
    changed = block(client, "Yang berubah pada angka kami")
    assert [str(link["href"]) for link in changed.select(".tasks a")] == [own.get_absolute_url()]
    assert counted(block(client, "Kalender enam minggu ke depan")) > 0, "a month or a quarter is due in any six weeks"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.GOVERNORS_OFFICE])
def test_an_empty_block_says_so_and_the_page_asks_little(role: Role, client_of: ClientOf) -> None:
    client = client_of(factories.member(role))
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        page = BeautifulSoup(client.get("/").content, "html.parser")
    assert len(queries) <= MOST
    sections = page.select(".home-blocks > section")
    assert sections
    assert all(section.select(".tasks li") or section.select_one("p.card-body") for section in sections)


def test_what_is_late_comes_first_and_a_draft_says_how_long_it_takes(client_of: ClientOf, operator: User) -> None:
    year = timezone.localdate().year
    report = factories.report_of(factories.compared_indicator().program, operator)
    client = client_of(operator)
    page = BeautifulSoup(client.get("/").content, "html.parser")
    groups = page.select(".home-tasks > section.card:has(> ul.tasks)")
    late = [bool(group.select(".state-bad")) for group in groups]
    assert late == sorted(late, reverse=True)
    begun = next(group for group in groups if "Laporan yang sudah dimulai" in group.get_text(" "))
    blank = report.values.filter(value__isnull=True).count()
    assert blank, f"an open report of {year} has cells to fill in"
    assert f"± 1 menit, {blank} sel" in begun.get_text()
    report.values.update(value=1)
    assert "menit" not in BeautifulSoup(client.get("/").content, "html.parser").main.get_text()  # type: ignore[union-attr]  # a page has one
