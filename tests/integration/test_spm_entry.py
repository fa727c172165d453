"""Entering a month of SPM, the reasons it asks for, two authors, the computation shown, the stages."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from core.models import AuditEvent
from core.numbers import format_number
from core.periods import Period, PeriodKind
from dashboards import spm_report
from kaltim_portal.demo_data import minimum_services
from spm.models import Achievement, GapPlan, IndexValue, ServiceKind, StageItem, StageProgress
from tests import factories

YEAR = timezone.localdate().year
MONTH = f"{YEAR}-01"
pytestmark = pytest.mark.django_db


@pytest.fixture
def service(db: None) -> ServiceKind:
    return ServiceKind.objects.get(code="1.01.a")


@pytest.fixture
def desk(client_of: Callable[[User], Client], operator: User) -> Client:
    return client_of(operator)


def row(region: str, **values: Any) -> dict[str, str]:
    prefix = f"r{factories.region(region).pk}-"
    return {prefix + name: str(value) for name, value in values.items()}


def quality(service: ServiceKind, *figures: tuple[str, str]) -> dict[str, str]:
    found = {}
    for element, (required, fulfilled) in zip(service.elements.order_by("pk"), figures, strict=False):
        found |= {f"required_{element.pk}": required, f"fulfilled_{element.pk}": fulfilled}
    return found


def test_the_worked_example_from_the_form_to_the_page(desk: Client, service: ServiceKind) -> None:
    address = f"/spm/isian/{service.pk}/{MONTH}/"
    assert desk.get(address).status_code == 200
    typed = row(
        "64.72",
        must_be_served="12.480",
        served="11.232",
        unserved_reason="Jarak ke sekolah",
        **quality(service, ("10.000", "9.000"), ("500", "430"), ("2", "2")),
    )
    assert desk.post(address, typed).status_code == 302
    found = IndexValue.objects.get(level="service", region__kemendagri_code="64.72")
    assert (found.index, found.must_be_served, found.served) == (Decimal("90.4"), 12_480, 11_232)
    page = desk.get(f"/spm/?bulan={MONTH}").content.decode()
    assert "90,40" in page
    assert "Tuntas Utama" in page
    shown = desk.get(f"/spm/hitungan/{service.pk}/64.72/{MONTH}/").content.decode()
    for text in ("11.232 ÷ 12.480", "90,40", "Tuntas Utama", "Jarak ke sekolah", "Permendagri 59/2021"):
        assert text in shown


def test_what_is_missing_is_said_and_nothing_is_saved(desk: Client, service: ServiceKind) -> None:
    typed = row("64.72", must_be_served="100", served="50") | row("64.71", must_be_served="10", served="10")
    typed |= row("64.74", must_be_served="abc", served="-3")
    answer = desk.post(f"/spm/isian/{service.pk}/{MONTH}/", typed)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "abc" in text, "what was typed is still there"
    assert text.count("field-errors") >= 3
    assert not Achievement.objects.exists()


def test_another_need_than_the_proposed_one_wants_a_reason(desk: Client, service: ServiceKind) -> None:
    series = factories.SeriesFactory(unit="Ribu Jiwa")
    factories.observe(series, "12.5", year=YEAR - 1, code="64.72")
    service.need_series = series
    service.save()
    address = f"/spm/isian/{service.pk}/{MONTH}/"
    assert 'value="12.500"' in desk.get(address).content.decode()
    refused = desk.post(address, row("64.72", must_be_served="12000", served="12000"))
    assert refused.status_code == 200
    assert not Achievement.objects.exists()
    typed = row("64.72", must_be_served="12000", served="12000", need_reason="500 sudah lulus")
    assert desk.post(address, typed).status_code == 302
    saved = Achievement.objects.get()
    assert (saved.proposed_need, saved.need_reason) == (12_500, "500 sudah lulus")
    assert saved.need_source is not None
    assert saved.need_source.series == series


def test_two_authors_lose_nothing(desk: Client, service: ServiceKind) -> None:
    address = f"/spm/isian/{service.pk}/{MONTH}/"
    desk.post(address, row("64.72", must_be_served="100", served="100"))
    first = Achievement.objects.get()
    faster = row("64.72", version=first.version, must_be_served="110", served="110")
    assert desk.post(address, faster).status_code == 302
    slower = desk.post(address, row("64.72", version=first.version, must_be_served="120", served="120"))
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
def test_a_month_that_does_not_exist(desk: Client, service: ServiceKind, month: str) -> None:
    assert desk.get(f"/spm/isian/{service.pk}/{month}/").status_code == 404
    assert desk.get(f"/spm/hitungan/{service.pk}/64/{month}/").status_code == 404
    assert desk.get(f"/spm/?bulan={month}").status_code == 200


def test_stages_are_marked_with_what_shows_them(desk: Client, service: ServiceKind) -> None:
    item = StageItem.objects.order_by("pk")[0]
    desk.post(f"/spm/tahapan/{service.pk}/{item.pk}/", {"note": ""})
    assert not StageProgress.objects.exists()
    desk.post(f"/spm/tahapan/{service.pk}/{item.pk}/", {"note": "SK 12/2026"})
    assert "SK 12/2026" in desk.get(f"/spm/tahapan/{service.pk}/").content.decode()
    desk.post(f"/spm/tahapan/{service.pk}/{item.pk}/", {"undo": "1"})
    assert not StageProgress.objects.exists()


def test_what_it_would_take_and_the_plan_that_is_kept(desk: Client, service: ServiceKind) -> None:
    desk.post(
        f"/spm/isian/{service.pk}/{MONTH}/",
        row("64.72", must_be_served="100", served="50", unserved_reason="Jarak", **quality(service, ("10", "5"))),
    )
    address = f"/spm/celah/{service.pk}/64.72/{MONTH}/"
    element = service.elements.order_by("pk")[0]
    assert "50,00 → 50,00" in desk.get(address).content.decode()
    # 75 of 100 served and 10 of 10: 0.8 × 75 + 0.2 × 100
    assert "50,00 → 80,00" in desk.get(f"{address}?tambah=25&unsur-{element.pk}=5").content.decode()
    assert "→ 100,00" in desk.get(f"{address}?tambah=99999&unsur-{element.pk}=77").content.decode(), (
        "no more than is missing"
    )
    assert desk.get(f"{address}?tambah=abc&unsur-{element.pk}=-1").status_code == 200
    desk.post(address, {"tambah": "25", "note": ""})
    assert not GapPlan.objects.exists()
    desk.post(address, {"tambah": "25", f"unsur-{element.pk}": "5", "note": "Disdikbud, sampai Juni"})
    plan = GapPlan.objects.get()
    assert (plan.index_before, plan.index_after, plan.added_recipients) == (50, 80, 25)
    assert "Disdikbud, sampai Juni" in desk.get(address).content.decode()
    assert desk.get(f"/spm/celah/{service.pk}/64.01/{MONTH}/").status_code == 200
    assert desk.get(f"/spm/celah/{service.pk}/64.72/2026/").status_code == 404


def test_screen_workbook_and_api_say_the_same(client_of: Callable[[User], Client]) -> None:
    """One made-up year: every index on the page stands in the workbook and in the API, and in the database to 30 decimals."""
    minimum_services.make(dt.date(YEAR, 6, 30))
    auditor = client_of(factories.member(Role.AUDITOR))
    body = auditor.post("/spm/unduh/").content
    book = openpyxl.load_workbook(io.BytesIO(body))
    year = YEAR
    assert [sheet.max_row - 1 for sheet in book.worksheets[:2]] == [140, 420]
    index = {(row[1], row[2]): row[4:16] for row in book.worksheets[3].iter_rows(min_row=2, values_only=True)}
    stored = IndexValue.objects.filter(level="service", period__contained_by=Period(year)).select_related(
        "service", "region"
    )
    assert stored.count() == 14 * 11 * len({value.period for value in stored})
    for value in stored:
        assert value.index is not None
        shown = value.index.quantize(Decimal("0.01"), ROUND_HALF_UP)
        line = index[f"{value.service.code} {value.service.name}", value.region.kemendagri_code]  # type: ignore[union-attr]
        assert Decimal(str(line[value.period.number - 1])).quantize(Decimal("0.01")) == shown
    month = max(value.period for value in stored)
    answer = auditor.get(f"/api/v1/spm-index/?level=region&region=64&period={month}").json()
    whole = IndexValue.objects.get(level="region", region__kemendagri_code="64", period=month)
    assert Decimal(answer["results"][0]["index"]) == whole.index
    said = spm_report.contents(Period(year, PeriodKind.QUARTER, 1))
    march = IndexValue.objects.get(
        level="region", region__kemendagri_code="64", period=Period(year, PeriodKind.MONTH, 3)
    )
    assert march.index is not None
    assert said["total"]["index"] == format_number(march.index, 2)
    assert len(said["services"]) == 20, "six domains and fourteen services"
    assert len(said["regions"]) == 10
    report = auditor.post("/spm/laporan/", {"triwulan": f"{year}-Q1"})
    assert report.content.startswith(b"%PDF")
    assert auditor.post("/spm/laporan/", {"triwulan": "x"}).status_code == 404
    recipients = {(row[0], row[2]): row[4:] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)}
    some = Achievement.objects.filter(period=month).select_related("service", "region").first()
    assert some is not None
    start = (month.number - 1) * 3
    cells = recipients[some.service.code, some.region.kemendagri_code][start : start + 3]
    assert cells == (some.must_be_served, some.served, some.not_yet_served)
    assert AuditEvent.objects.filter(action="spm.exported").count() == 1
