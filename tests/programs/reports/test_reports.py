"""Programmes and reports through the pages: bad input, reasons, returns, two people at once, the trail."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.audit import history_of
from core.choices import Role
from core.models import AuditEvent, Region
from programs.choices import REPORT_TRANSITIONS, ReportState
from programs.models import Indicator, Nomenclature, Program, Report, ReportStep, ReportValue, Unit
from spm.models import ServiceKind
from tests import factories

ClientOf = Callable[[User], Client]


def program_data(**changes: Any) -> dict[str, Any]:
    return {
        "nomenclature": Nomenclature.objects.get(code="1.01.02").pk,
        "name": "Beasiswa anak pedalaman",
        "service": ServiceKind.objects.get(code="1.01.a").pk,
        "problem_statement": "Anak putus sekolah.",
        "target_group": "Anak 16–18 tahun",
        "target_count": "1.200",
        "regions": [factories.region("64.72").pk, factories.region("64.11").pk],
        "budget_rupiah": "1.250.000.000",
    } | changes


def indicator_data(unit: str = "Persen", **changes: Any) -> dict[str, Any]:
    one = {
        "indicators-TOTAL_FORMS": "1",
        "indicators-INITIAL_FORMS": "0",
        "indicators-MIN_NUM_FORMS": "1",
        "indicators-MAX_NUM_FORMS": "30",
        "indicators-0-name": "Angka partisipasi",
        "indicators-0-level": "outcome",
        "indicators-0-unit": Unit.objects.get(name=unit).pk,
        "indicators-0-direction": "maximise",
        "indicators-0-baseline": "83,1",
        "indicators-0-target": "86,5",
    }
    return one | changes


def test_two_screens_register_a_programme(operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    first = client.post("/program/baru/", program_data())
    program = Program.objects.get()
    assert first.headers["Location"] == f"/program/{program.pk}/indikator/"
    assert (program.budget_rupiah, program.target_count, program.agency) == (1_250_000_000, 1200, factories.agency())
    client.post(f"/program/{program.pk}/indikator/", indicator_data(act="register", version=program.version))
    program.refresh_from_db()
    assert program.state == "registered"
    indicator = program.indicators.get()
    assert (indicator.target, indicator.tolerance, indicator.tolerance_kind) == (Decimal("86.5"), 2, "points")
    assert AuditEvent.objects.filter(
        action="program.registered", target_id=str(program.pk), actor_id=operator.pk
    ).exists()


def test_an_output_alone_is_saved_but_not_registered(operator: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory(state="draft", registered_at=None)
    data = indicator_data(**{"indicators-0-level": "output"}, act="register", version=1)
    page = client_of(operator).post(f"/program/{program.pk}/indikator/", data, follow=True).content.decode()
    assert "sedikitnya satu indikator hasil" in page
    program.refresh_from_db()
    assert (program.state, program.indicators.count()) == ("draft", 1)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("budget_rupiah", "1.250.00", "bukan angka"),
        ("budget_rupiah", "-5", "paling kecil 0"),
        ("budget_rupiah", "9" * 40, "terlalu panjang"),
        ("target_count", "12,5", "bilangan bulat"),
        ("target_count", "0", "paling kecil 1"),
        ("nomenclature", "", "Cari kodenya"),
        ("nomenclature", "abc", "Pilih"),
        ("regions", [], "sedikitnya satu kabupaten/kota"),
        ("problem_statement", "", "harus diisi"),
        ("service", "999999", "Pilih"),
        ("name", "x" * 301, "300"),
        ("name", "nol\x00byte", "null"),
    ],
)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    field: str, typed: Any, message: str, operator: User, client_of: ClientOf
) -> None:
    page = client_of(operator).post("/program/baru/", program_data(**{field: typed}))
    text = page.content.decode()
    assert page.status_code == 200
    assert message.lower() in text.lower()
    assert "Anak putus sekolah." in text or field == "problem_statement"
    assert Program.objects.count() == 0


def test_a_band_needs_its_edges_and_a_rate_its_range(operator: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory()
    client = client_of(operator)
    address = f"/program/{program.pk}/indikator/"
    reason = {"version": program.version, "reason": "Perbaikan target"}
    over = client.post(address, indicator_data(**{"indicators-0-target": "120"}, **reason)).content.decode()
    assert "paling besar 100" in over
    band = client.post(address, indicator_data(**{"indicators-0-direction": "band"}, **reason)).content.decode()
    assert "batas bawah rentang" in band
    assert Indicator.objects.count() == 0


def test_a_registered_programme_changes_only_with_a_reason(operator: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory(name="Nama lama")
    client = client_of(operator)
    data = program_data(version=program.version)
    assert "harus diisi" in client.post(f"/program/{program.pk}/ubah/", data).content.decode()
    client.post(f"/program/{program.pk}/ubah/", data | {"reason": "Perubahan DPA"})
    program.refresh_from_db()
    assert program.name == "Beasiswa anak pedalaman"
    newest = history_of(program)[0]
    assert (newest["who"], newest["reason"], newest["page"]) == (
        operator.username,
        "Perubahan DPA",
        f"/program/{program.pk}/ubah/",
    )
    assert any(before == "Nama lama" for _field, before, _after in newest["changes"])


def test_the_second_author_sees_both_versions_and_loses_nothing(operator: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory(state="draft", registered_at=None)
    first, second = client_of(operator), client_of(operator)
    seen = program.version
    first.post(f"/program/{program.pk}/ubah/", program_data(name="Versi pertama", version=seen))
    late = second.post(f"/program/{program.pk}/ubah/", program_data(name="Versi kedua", version=seen))
    text = late.content.decode()
    assert late.status_code == 409
    assert "Versi pertama" in text
    assert text.count("Versi kedua") >= 2  # in the comparison and in the form
    program.refresh_from_db()
    assert program.name == "Versi pertama"
    second.post(f"/program/{program.pk}/ubah/", program_data(name="Versi kedua", version=program.version))
    program.refresh_from_db()
    assert program.name == "Versi kedua"


@pytest.fixture
def report(operator: User) -> Report:
    indicator = factories.compared_indicator("85")
    made: Report = factories.report_of(indicator.program, operator)
    return made


def fields(report: Report, value: str, reason: str = "", **more: Any) -> dict[str, Any]:
    row = report.values.get()
    report.refresh_from_db()
    return {f"value-{row.pk}": value, f"reason-{row.pk}": reason, "version": report.version} | more


def test_the_verdict_shows_while_typing(report: Report, operator: User, client_of: ClientOf) -> None:
    row = report.values.get()
    address = f"/laporan/{report.pk}/periksa/"
    keys = {"row": row.pk}

    def shown(text: str) -> str:
        return client_of(operator).get(address, keys | {f"value-{row.pk}": text}).content.decode()

    assert "sesuai" in shown("85,5")
    assert "perlu penjelasan" in shown("88")
    deviating = shown("91")
    assert "menyimpang" in deviating
    assert "Angka resmi" in deviating and "WITA" in deviating
    assert "bukan angka" in shown("delapan")
    assert "paling besar 100" in shown("101")
    row.refresh_from_db()
    assert row.value is None


def test_a_deviating_value_needs_a_reason(report: Report, operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    page = client.post(f"/laporan/{report.pk}/", fields(report, "91", act="submit")).content.decode()
    assert "Jelaskan selisih" in page
    row = report.values.get()
    assert (row.value, row.verdict) == (91, "deviates")
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT
    client.post(f"/laporan/{report.pk}/", fields(report, "91", "Pendataan ulang oleh OPD", act="submit"))
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_an_unreadable_figure_does_not_take_the_others_with_it(
    report: Report, operator: User, client_of: ClientOf
) -> None:
    text = (
        client_of(operator)
        .post(f"/laporan/{report.pk}/", fields(report, "1.2.3", "Catatan saya", act="submit"))
        .content.decode()
    )
    assert "bukan angka" in text
    assert 'value="1.2.3"' in text
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT


def test_head_returns_with_a_comment_and_approves(
    report: Report, operator: User, head: User, client_of: ClientOf
) -> None:
    typist, chief = client_of(operator), client_of(head)
    typist.post(f"/laporan/{report.pk}/", fields(report, "85", act="submit"))
    assert head.notices.count() == 1
    report.refresh_from_db()
    address = f"/laporan/{report.pk}/putusan/"
    silent = chief.post(address, {"act": "return", "version": report.version}).content.decode()
    assert "apa yang harus diperbaiki" in silent
    chief.post(address, {"act": "return", "version": report.version, "comment": "Lampirkan dasar hitungan"})
    assert "Lampirkan dasar hitungan" in typist.get(f"/laporan/{report.pk}/").content.decode()
    typist.post(f"/laporan/{report.pk}/", fields(report, "85,5", act="submit"))
    report.refresh_from_db()
    stale = chief.post(address, {"act": "approve", "version": report.version - 1})
    assert stale.status_code == 409
    chief.post(address, {"act": "approve", "version": report.version})
    report.refresh_from_db()
    assert (report.state, report.decided_by) == (ReportState.APPROVED, head)
    late = typist.post(f"/laporan/{report.pk}/", fields(report, "1", act="submit"), follow=True)
    assert "tidak dapat diubah lagi" in late.content.decode()


def test_what_an_english_reader_decides_is_told_in_indonesian(
    report: Report, operator: User, head: User, client_of: ClientOf
) -> None:
    """Their refused form comes back in English; the notice and what the trail keeps are read by others."""
    User.objects.filter(pk=head.pk).update(language="en")
    chief = client_of(head)
    client_of(operator).post(f"/laporan/{report.pk}/", fields(report, "85", act="submit"))
    report.refresh_from_db()
    address = f"/laporan/{report.pk}/putusan/"
    refused = chief.post(address, {"act": "return", "version": report.version}).content.decode()
    assert '<html lang="en"' in refused
    assert "Needed when you return the report" in refused
    chief.post(address, {"act": "return", "version": report.version, "comment": "Lampirkan dasar hitungan"})
    assert "dikembalikan" in operator.notices.latest("pk").text
    assert report.steps.latest("pk").comment == "Lampirkan dasar hitungan"


@pytest.mark.parametrize("now", list(ReportState))
@pytest.mark.parametrize("then", list(ReportState))
def test_every_transition(now: ReportState, then: ReportState, operator: User, db: None) -> None:
    report = Report(state=now)
    if then in REPORT_TRANSITIONS[now]:
        report.step_to(then, by=operator)
        assert report.state == then
    else:
        with pytest.raises(ValidationError):
            report.step_to(then, by=operator)


def test_postgresql_holds_the_rules_by_itself(report: Report, operator: User) -> None:
    def refused(**values: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**values)

    refused(state="approved")
    refused(state="nonsense")
    refused(submitted_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportStep.objects.create(report=report, from_state="submitted", to_state="returned", by=operator, comment="")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportValue.objects.filter(report=report).update(verdict="deviates", reference=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Indicator.objects.update(direction="band", band_low=99)


def test_bulk_changes_leave_a_trail_and_the_trail_cannot_be_changed(db: None) -> None:
    first, second = factories.ProgramFactory(), factories.ProgramFactory()
    Program.objects.filter(pk__in=[first.pk, second.pk]).update(budget_rupiah=5)
    for program in (first, second):
        assert history_of(program)[0]["changes"][0][2] == 5
    event = Program.pgh_event_model  # type: ignore[attr-defined]  # django-pghistory adds it
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        event.objects.update(budget_rupiah=1)
    AuditEvent.objects.create(action="x.done")
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_auditevent")


def test_figures_without_a_reference_say_so(operator: User, client_of: ClientOf) -> None:
    indicator = factories.IndicatorFactory()
    report = factories.report_of(indicator.program, operator)
    client_of(operator).post(f"/laporan/{report.pk}/", fields(report, "88", act="submit"))
    assert report.values.get().verdict == "no_reference"


def test_the_overview_leads_to_its_rows(report: Report, operator: User, client_of: ClientOf) -> None:
    client_of(operator).post(f"/laporan/{report.pk}/", fields(report, "91", "Alasan", act="submit"))
    governor = client_of(factories.member(Role.GOVERNORS_OFFICE))
    page = governor.get("/dasbor/?lihat=data").content.decode()
    assert "verdict=deviates" in page
    rows = governor.get("/laporan/nilai/?verdict=deviates")
    assert [row.record.value for row in rows.context["page"]] == [91]
    part = governor.get("/dasbor/?lihat=regions&peta=programs", headers={"hx-request": "true"}).content.decode()
    assert "<svg" in part
    assert "<html" not in part


def test_the_list_of_values_begins_with_the_farthest(auditor: User, client_of: ClientOf) -> None:
    """As its heading says; a value with nothing official beside it has no distance and comes last."""
    indicator = factories.compared_indicator()
    sender = factories.member(Role.OPERATOR)
    report = factories.report_of(indicator.program, sender)
    sent = {"state": ReportState.SUBMITTED, "submitted_at": timezone.now(), "submitted_by": sender}
    Report.objects.filter(pk=report.pk).update(**sent)
    regions = Region.objects.regencies().order_by("kemendagri_code")
    for place, distance in zip(regions, (Decimal(3), None, Decimal(7)), strict=False):
        ReportValue.objects.update_or_create(
            report=report, indicator=indicator, region=place, defaults={"value": Decimal(5), "distance": distance}
        )
    page = client_of(auditor).get(f"/laporan/nilai/?tahun={report.period.year}").context["table"].page
    distances = [each.record.distance for each in page.object_list]
    assert distances[:2] == [7, 3]
    assert distances[-1] is None


def test_files_of_values_hold_figures_as_people_write_them(auditor: User, client_of: ClientOf) -> None:
    """They are stored with six decimals: 95.110000 is 95,11, and 95 is no "95,"."""
    indicator = factories.compared_indicator()
    sender = factories.member(Role.OPERATOR)
    report = factories.report_of(indicator.program, sender)
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.SUBMITTED, submitted_at=timezone.now(), submitted_by=sender
    )
    places = Region.objects.regencies().order_by("kemendagri_code")
    for place, value in zip(places, (Decimal("95.11"), Decimal(95), Decimal(1200)), strict=False):
        ReportValue.objects.update_or_create(
            report=report, indicator=indicator, region=place, defaults={"value": value, "distance": 1}
        )
    address, client = f"/laporan/nilai/?tahun={report.period.year}&unduh=", client_of(auditor)
    rows = list(csv.reader(io.StringIO(_taken(client, f"{address}csv").decode("utf-8-sig")), delimiter=";"))
    assert {row[rows[0].index("Dilaporkan")] for row in rows[1:]} >= {"95,11", "95", "1200"}
    sheet = openpyxl.load_workbook(io.BytesIO(_taken(client, f"{address}xlsx"))).worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value in {95, 95.11}]
    assert {(cell.value, cell.number_format) for cell in cells} >= {(95, "#,##0"), (95.11, "#,##0.##")}


def _taken(client: Client, address: str) -> bytes:
    return b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]  # Django's own client streams files


def test_the_history_names_rows_and_tells_no_raw_content(db: None) -> None:
    """Numbers of rows and what a program keeps for itself say nothing to a reader."""
    program = factories.ProgramFactory(agency=factories.agency())
    other = Nomenclature.objects.exclude(pk=program.nomenclature_id).filter(level=program.nomenclature.level)[0]
    Program.objects.filter(pk=program.pk).update(
        nomenclature=other, evidence_snapshot={"unit": "Persen", "trend": [["2020", "86.02"]]}
    )
    shown = {str(name): (before, after) for name, before, after in history_of(program)[0]["changes"]}
    assert str(other) in [after for _before, after in shown.values()]
    assert "rincian (2)" in [after for _before, after in shown.values()]
    assert not any(isinstance(value, dict | list) for pair in shown.values() for value in pair)
