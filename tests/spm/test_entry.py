"""Entering a month of SPM, the reasons it asks for, two authors, the computation shown, the stages."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.middleware import YEAR_KEY
from accounts.models import Notice, User
from core.choices import Role
from core.models import AuditEvent, Region
from core.numbers import format_number
from core.periods import Period
from dashboards.spm import figures as spm_figures
from dashboards.spm import report as spm_report
from dashboards.spm import signable as spm_signable
from kaltim_portal.demo_data import minimum_services
from spm import index_store, target_forecast
from spm.choices import GovernmentLevel, IndexLevel
from spm.index_explanation import elements_in_force
from spm.models import Achievement, Domain, GapPlan, IndexValue, ServiceKind, StageItem, StageProgress
from spm.periods import month_of
from tests import factories

YEAR = timezone.localdate().year
MONTH = f"{YEAR}-01"
LAST = YEAR - 1  # whole, whatever the day is
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("general_method")]


@pytest.fixture
def service(db: None) -> ServiceKind:
    return ServiceKind.objects.get(code="1.01.a")


@pytest.fixture
def workspace(client_of: Callable[[User], Client], operator: User) -> Client:
    return client_of(operator)


def row(region: str, **values: Any) -> dict[str, str]:
    prefix = f"r{factories.region(region).pk}-"
    return {prefix + name: str(value) for name, value in values.items()}


def quality(service: ServiceKind, *figures: tuple[str, str]) -> dict[str, str]:
    """Of the first elements; of the others nothing is required."""
    found = {}
    elements = elements_in_force(service, YEAR)
    figures = (*figures, *[("0", "0")] * (len(elements) - len(figures)))
    for element, (required, fulfilled) in zip(elements, figures, strict=True):
        found |= {f"required_{element.pk}": required, f"fulfilled_{element.pk}": fulfilled}
    return found


def test_the_worked_example_from_the_form_to_the_page(workspace: Client, service: ServiceKind) -> None:
    address = f"/spm/isian/{service.pk}/{MONTH}/"
    assert workspace.get(address).status_code == 200
    typed = row(
        "64.72",
        must_be_served="12.480",
        served="11.232",
        unserved_reason="Jarak ke sekolah",
        **quality(service, ("10.000", "9.000"), ("500", "430"), ("2", "2")),
    )
    assert workspace.post(address, typed).status_code == 302
    found = IndexValue.objects.get(level="service", region__kemendagri_code="64.72")
    assert (found.index, found.must_be_served, found.served) == (Decimal("90.4"), 12_480, 11_232)
    page = workspace.get(f"/spm/?periode={MONTH}").content.decode()
    assert "90,40" in page
    assert "Tuntas Utama" in page
    shown = " ".join(workspace.get(f"/spm/hitungan/{service.pk}/64.72/{MONTH}/").content.decode().split())
    for text in ("11.232 ÷ 12.480", "90,40", "Tuntas Utama", "Jarak ke sekolah", "Permendagri 59/2021"):
        assert text in shown


def test_what_is_missing_is_said_and_nothing_is_saved(workspace: Client, service: ServiceKind) -> None:
    typed = row("64.72", must_be_served="100", served="50") | row("64.71", must_be_served="10", served="10")
    typed |= row("64.74", must_be_served="abc", served="-3")
    answer = workspace.post(f"/spm/isian/{service.pk}/{MONTH}/", typed)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "abc" in text, "what was typed is still there"
    assert text.count("finding-error") >= 3
    assert not Achievement.objects.exists()


def test_another_need_than_the_proposed_one_wants_a_reason(workspace: Client, service: ServiceKind) -> None:
    series = factories.SeriesFactory(unit="Ribu Jiwa")
    factories.observe(series, "12.5", year=YEAR - 1, code="64.72")
    service.need_series = series
    service.save()
    address = f"/spm/isian/{service.pk}/{MONTH}/"
    assert 'value="12.500"' in workspace.get(address).content.decode()
    refused = workspace.post(address, row("64.72", must_be_served="12000", served="12000"))
    assert refused.status_code == 200
    assert not Achievement.objects.exists()
    typed = row("64.72", must_be_served="12000", served="12000", need_reason="500 sudah lulus")
    assert workspace.post(address, typed).status_code == 302
    saved = Achievement.objects.get()
    assert (saved.proposed_need, saved.need_reason) == (12_500, "500 sudah lulus")
    assert saved.need_source is not None
    assert saved.need_source.series == series


def test_two_authors_lose_nothing(workspace: Client, service: ServiceKind) -> None:
    address = f"/spm/isian/{service.pk}/{MONTH}/"
    workspace.post(address, row("64.72", must_be_served="100", served="100"))
    first = Achievement.objects.get()
    faster = row("64.72", version=first.version, must_be_served="110", served="110")
    assert workspace.post(address, faster).status_code == 302
    slower = workspace.post(address, row("64.72", version=first.version, must_be_served="120", served="120"))
    assert slower.status_code == 409
    assert 'value="120"' in slower.content.decode()
    first.refresh_from_db()
    assert first.served == 110


def test_an_opd_enters_its_own_services_only(client_of: Callable[[User], Client], service: ServiceKind) -> None:
    other = client_of(factories.member(Role.OPERATOR, "Dinkes"))
    assert other.get(f"/spm/isian/{service.pk}/{MONTH}/").status_code == 404
    assert other.get("/spm/isian/").status_code == 200
    item = StageItem.objects.first()
    assert item is not None
    assert other.post(f"/spm/tahapan/{service.pk}/{item.pk}/", {"note": "Dokumen 12"}).status_code == 404


@pytest.mark.parametrize("month", ["2026", "2026-Q1", "2026-13", "x", f"{YEAR + 1}-01"])
def test_a_month_that_does_not_exist(workspace: Client, service: ServiceKind, month: str) -> None:
    assert workspace.get(f"/spm/isian/{service.pk}/{month}/").status_code == 404
    assert workspace.get(f"/spm/hitungan/{service.pk}/64/{month}/").status_code == 404
    assert workspace.get(f"/spm/?periode={month}").status_code == 200


def test_a_month_is_filled_as_the_one_before(workspace: Client, service: ServiceKind) -> None:
    typed = row("64.72", must_be_served="12.480", served="12.480", **quality(service, ("10,5", "5")))
    assert workspace.post(f"/spm/isian/{service.pk}/{MONTH}/", typed).status_code == 302
    element = elements_in_force(service, YEAR)[0]
    cells = workspace.get(f"/spm/isian/{service.pk}/{YEAR}-02/sebelumnya/").json()["cells"]
    prefix = f"r{factories.region('64.72').pk}-"
    assert {name: text for name, text in cells.items() if text != "0"} == {
        f"{prefix}must_be_served": "12.480",
        f"{prefix}served": "12.480",
        f"{prefix}required_{element.pk}": "10,5",
        f"{prefix}fulfilled_{element.pk}": "5",
    }
    assert workspace.get(f"/spm/isian/{service.pk}/{MONTH}/sebelumnya/").json() == {"cells": {}}


def test_a_problem_names_the_element_and_its_side(workspace: Client, service: ServiceKind) -> None:
    element = elements_in_force(service, YEAR)[0]
    typed = row("64.72", must_be_served="5", served="5", **{f"required_{element.pk}": "10"})
    page = BeautifulSoup(workspace.post(f"/spm/isian/{service.pk}/{MONTH}/", typed).content, "lxml")
    prefix = f"r{factories.region('64.72').pk}-fulfilled_{element.pk}"
    said = f"{element.name}, terpenuhi: Isi kedua angka, atau kosongkan keduanya."
    told = page.find(id=f"id_{prefix}_error")
    assert told is not None and said in " ".join(told.text.split())
    field = page.find("input", {"name": prefix})
    assert field is not None and field["aria-invalid"] == "true"


def test_stages_are_marked_with_what_shows_them(workspace: Client, service: ServiceKind) -> None:
    item = StageItem.objects.order_by("pk")[0]
    workspace.post(f"/spm/tahapan/{service.pk}/{item.pk}/", {"note": ""})
    assert not StageProgress.objects.exists()
    workspace.post(f"/spm/tahapan/{service.pk}/{item.pk}/", {"note": "SK 12/2026"})
    assert "SK 12/2026" in workspace.get(f"/spm/tahapan/{service.pk}/").content.decode()
    workspace.post(f"/spm/tahapan/{service.pk}/{item.pk}/", {"undo": "1"})
    assert not StageProgress.objects.exists()


def test_what_it_would_take_and_the_plan_that_is_kept(workspace: Client, service: ServiceKind) -> None:
    workspace.post(
        f"/spm/isian/{service.pk}/{MONTH}/",
        row("64.72", must_be_served="100", served="50", unserved_reason="Jarak", **quality(service, ("10", "5"))),
    )
    address = f"/spm/celah/{service.pk}/64.72/{MONTH}/"
    element = service.elements.order_by("pk")[0]
    assert "50,00 → 50,00" in workspace.get(address).content.decode()
    # 75 of 100 served and 10 of 10: 0.8 × 75 + 0.2 × 100
    assert "50,00 → 80,00" in workspace.get(f"{address}?tambah=25&unsur-{element.pk}=5").content.decode()
    assert "→ 100,00" in workspace.get(f"{address}?tambah=99999&unsur-{element.pk}=77").content.decode(), (
        "no more than is missing"
    )
    assert workspace.get(f"{address}?tambah=abc&unsur-{element.pk}=-1").status_code == 200
    workspace.post(address, {"tambah": "25", "note": ""})
    assert not GapPlan.objects.exists()
    workspace.post(address, {"tambah": "25", f"unsur-{element.pk}": "5", "note": "Disdikbud, sampai Juni"})
    plan = GapPlan.objects.get()
    assert (plan.index_before, plan.index_after, plan.added_recipients) == (50, 80, 25)
    assert "Disdikbud, sampai Juni" in workspace.get(address).content.decode()
    assert workspace.get(f"/spm/celah/{service.pk}/64.01/{MONTH}/").status_code == 200
    assert workspace.get(f"/spm/celah/{service.pk}/64.72/2026/").status_code == 404


def cells_of(page: str) -> dict[str, list[str]]:
    """The heat map as it stands on the screen: row head → the figures of its cells, without the signs behind them."""
    found = {}
    for row in BeautifulSoup(page, "html.parser").select("table.spm-heat tbody tr"):
        head = row.select_one("th")
        assert head is not None
        for sign in row.select("span"):
            sign.decompose()
        found[" ".join(head.get_text().split())] = [cell.get_text(strip=True) for cell in row.select("td")]
    return found


def in_year(client: Client, year: int) -> Client:
    session = client.session
    session[YEAR_KEY] = year
    session.save()
    return client


def test_screen_workbook_report_and_api_say_the_same(client_of: Callable[[User], Client]) -> None:
    """One made-up year: every index of the page, of province, domains, services and regions, in all four places."""
    minimum_services.make(dt.date(LAST, 6, 30))
    auditor = in_year(client_of(factories.member(Role.AUDITOR)), LAST)
    book = openpyxl.load_workbook(io.BytesIO(auditor.post("/spm/unduh/").content))
    elements = sum(len(elements_in_force(each, LAST)) for each in ServiceKind.objects.of_level())
    assert [sheet.max_row - 1 for sheet in book.worksheets[:2]] == [140, 10 * elements]
    sheet = {tuple(row[:3]): row[4:28:2] for row in book.worksheets[3].iter_rows(min_row=2, values_only=True)}
    recipients = {(row[0], row[2]): row[4:] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    periods = [f"{LAST}-05", f"{LAST}-Q1", f"{LAST}-Q2", str(LAST)]
    for period in periods:
        month, report = _same_indexes(auditor, sheet, period)
        for entered in Achievement.objects.filter(period=month).select_related("service", "region"):
            start = (month.number - 1) * 3
            cells = recipients[entered.service.code, entered.region.kemendagri_code][start : start + 3]
            assert cells == (entered.must_be_served, entered.served, entered.not_yet_served)
        pdf = auditor.post("/spm/laporan/", {"periode": period})
        assert pdf.content.startswith(b"%PDF")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.content)).pages)
        for figures in (report["total"]["index"], *(row[5] for row in report["services"])):
            assert figures in text
    told = AuditEvent.objects.filter(action__in=["spm.exported", "spm.reported"]).values_list("action", flat=True)
    assert sorted(told) == ["spm.exported"] + ["spm.reported"] * len(periods)


def _same_indexes(
    auditor: Client, sheet: dict[tuple[Any, ...], tuple[Any, ...]], period: str
) -> tuple[Period, dict[str, Any]]:
    """On the screen, in the workbook, in the interface for programs and in the report; (the month, the report)."""
    api = {}
    address: str | None = f"/api/v1/spm-index/?period={period}&page_size=100"
    while address:
        answer = auditor.get(address).json()
        api |= {
            (row["level"], row["service_code"] or row["domain_code"], row["region_kemendagri_code"]): row
            for row in answer["results"]
        }
        address = answer["next"]
    assert len(api) == 11 * (1 + 6 + 14)
    month = Period.parse(next(iter(api.values()))["period"])
    screen = cells_of(auditor.get(f"/spm/?periode={period}").content.decode())
    found = spm_figures.page(Period.parse(period))
    assert found is not None
    assert found.month == month
    report = spm_report.contents(found)
    in_report = {row[0]: row for row in report["services"]}
    regions = [region.kemendagri_code for region in Region.objects.regencies()]
    names = {None: ("Semua bidang", "Semua bidang")}
    names |= {domain.code: (domain.name, domain.short_name) for domain in Domain.objects.all()}
    names |= {service.code: (str(service), str(service)) for service in ServiceKind.objects.all()}
    for (level, code, region), row in api.items():
        exact = Decimal(row["index"])
        shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        name, head = names[code]
        line = sheet[str(IndexLevel(level).label), name, region]
        assert Decimal(str(line[month.number - 1])).quantize(Decimal("0.01")) == shown
        if region == "64":
            assert screen[head][0] == format_number(exact, 2)
            if code:
                assert in_report[code][5] == format_number(exact, 2)
        else:
            assert screen[head][2 + regions.index(region)] == format_number(exact, 1)
    assert report["total"]["index"] == screen["Semua bidang"][0]
    ranked = [Decimal(row[2].replace(",", ".")) for row in report["regions"]]
    assert ranked == sorted(ranked, reverse=True)
    return month, report


def test_what_is_signed_electronically_has_no_line_to_sign_on() -> None:
    """The sheet of signature takes its place."""
    for region in ("64", "64.71", "64.72"):
        factories.achieve("1.01.a", region, 100, 60, month=Period.parse(f"{LAST}-04"))
    index_store.recompute_all()
    paper = spm_signable.paper(f"{LAST}-04:{GovernmentLevel.PROVINCE}", factories.member(Role.GOVERNORS_OFFICE))
    found = spm_figures.page(Period.parse(f"{LAST}-04"))
    assert paper is not None
    assert found is not None
    by_hand, electronic = (
        "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
        for body in (spm_report.pdf(found), paper.make_body())
    )
    assert "Ketua Tim" in by_hand
    assert "NIP" in by_hand
    assert "Ketua Tim" not in electronic
    assert "NIP" not in electronic


def test_a_month_that_somebody_has_just_begun_does_not_stand_for_the_year() -> None:
    for region in ("64.71", "64.72"):
        factories.achieve("1.01.a", region, 100, 60, month=Period.parse(f"{LAST}-04"))
        factories.achieve("1.01.a", region, 100, 70, month=Period.parse(f"{LAST}-05"))
    factories.achieve("1.01.a", "64.72", 100, 100, month=Period.parse(f"{LAST}-06"))
    index_store.recompute_all()
    assert str(month_of(Period(LAST))) == f"{LAST}-05"
    assert str(month_of(Period.parse(f"{LAST}-Q2"))) == f"{LAST}-05"
    assert str(month_of(Period.parse(f"{LAST}-06"))) == f"{LAST}-06"
    assert month_of(Period.parse(f"{LAST}-Q1")) is None


@pytest.mark.parametrize("period", ["x", "", "2026-Q9", f"{YEAR + 1}", "1999-Q1"])
def test_no_report_of_a_period_without_figures(workspace: Client, period: str) -> None:
    assert workspace.post("/spm/laporan/", {"periode": period}).status_code == 404


def test_early_warnings_are_told_once(client_of: Callable[[User], Client], service: ServiceKind) -> None:
    minimum_services.make(dt.date(LAST, 6, 30))
    office = factories.member(Role.GOVERNORS_OFFICE)
    in_charge = factories.member(Role.OPERATOR, "Disdikbud")
    other = factories.member(Role.OPERATOR, "Dinkes")
    ServiceKind.objects.exclude(pk=service.pk).update(target=0)
    assert target_forecast.warn(LAST) == 1
    assert target_forecast.warn(LAST) == 0
    notice = Notice.objects.get(user=in_charge)
    assert "1.01.a" in notice.text
    assert Notice.objects.filter(user=office).count() == 1
    assert not Notice.objects.filter(user=other).exists()
    reader = in_year(client_of(office), LAST)
    assert reader.get(notice.url).status_code == 200
    page = reader.get(f"/spm/?periode={LAST}-Q2").content.decode()
    assert "akan meleset" in page or "mungkin meleset" in page
    service.target = Decimal(0)
    service.save()
    assert "Tidak ada layanan yang diperkirakan meleset" in reader.get(f"/spm/?periode={LAST}-Q2").content.decode()


def test_the_services_of_the_regencies_are_an_index_of_their_own(
    client_of: Callable[[User], Client], service: ServiceKind
) -> None:
    factories.achieve("1.01.a", "64.72", 100, 50, month=Period.parse(MONTH))
    own = ServiceKind.objects.create(
        domain=service.domain, code="1.01.c", name="Pendidikan dasar", level="regency", valid_from=dt.date(2022, 1, 1)
    )
    factories.achieve("1.01.c", "64.72", 100, 90, month=Period.parse(MONTH))
    index_store.recompute_all()
    reader = client_of(factories.member(Role.AUDITOR))
    of_province = cells_of(reader.get(f"/spm/?periode={MONTH}").content.decode())
    of_regencies = cells_of(reader.get(f"/spm/?periode={MONTH}&kewenangan=regency").content.decode())
    assert of_province["Semua bidang"][0] == "50,00"
    assert of_regencies["Semua bidang"][0] == "90,00"
    assert list(of_regencies) == ["Semua bidang", "Pendidikan", f"1.01.c {own.name}"]
    book = openpyxl.load_workbook(io.BytesIO(reader.post("/spm/unduh/", {"kewenangan": "regency"}).content))
    assert {row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)} == {"1.01.c"}
