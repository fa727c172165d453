"""Entering in cells, sending, deciding, verifying, locking, revising, reminding: on real PostgreSQL."""

import datetime as dt
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.delegations import delegate
from accounts.models import Membership, User
from core.choices import Role
from core.numbers import format_number
from core.periods import Period, PeriodKind
from dashboards.overview import tasks as overview_tasks
from dashboards.summaries import refresh as summaries
from datasources.models import Observation
from programs.models import (
    BudgetIssue,
    BudgetLine,
    DeadlineException,
    DeadlineRule,
    Evidence,
    Indicator,
    Progress,
    Recipients,
    Report,
    ReportValue,
    SpendingRule,
)
from programs.registration import impact, spending
from programs.registration.needs import snapshot
from programs.registration.spending import reclassify
from programs.reports import attachments, reminders
from programs.reports import services as report_services
from tests import factories
from tests.private_folder import keep_private_files_in

ClientOf = Callable[[User], Client]
YEAR = timezone.localdate().year
JANUARY, FEBRUARY = (Period(YEAR, PeriodKind.MONTH, number) for number in (1, 2))
QUARTER = Period(YEAR, PeriodKind.QUARTER, 1)


@pytest.fixture
def month(operator: User) -> Report:
    program = factories.ProgramFactory()
    factories.sub_activity(program)
    return report_services.open_report(program=program, period=JANUARY, by=operator)


def save(client: Client, *cells: tuple[str, str, str]) -> dict[str, Any]:
    body = {"cells": [{"name": name, "text": text, "base": base} for name, text, base in cells]}
    answer = client.post("/isian/sel/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_a_cell_saves_itself_and_tells_what_is_odd(month: Report, operator: User, client_of: ClientOf) -> None:
    row = month.progress.get()
    client = client_of(operator)
    answer = save(client, (f"p{row.pk}-financial_rupiah", "600.000", ""), (f"p{row.pk}-physical_percent", "0", ""))
    assert [cell["state"] for cell in answer["cells"]] == ["saved", "saved"]
    findings = answer["rows"][f"p{row.pk}"]["findings"]
    assert "60% anggaran" in findings[0]["text"]
    row.refresh_from_db()
    assert (row.financial_rupiah, row.physical_percent, row.changed_by) == (600_000, 0, operator)


def test_a_month_as_the_one_before(month: Report, operator: User, client_of: ClientOf) -> None:
    client = client_of(operator)
    before = month.progress.get()
    typed = [("planned_rupiah", "1.250.000"), ("obstacle", "Hujan\nBanjir"), ("physical_percent", "banyak")]
    save(client, *[(f"p{before.pk}-{name}", text, "") for name, text in typed])
    february = report_services.open_report(program=month.program, period=FEBRUARY, by=operator)
    now = february.progress.get()
    cells = client.get(f"/isian/{FEBRUARY}/sebelumnya/").json()["cells"]
    assert cells == {f"p{now.pk}-{name}": text for name, text in typed}
    assert client.get(f"/isian/{JANUARY}/sebelumnya/").json() == {"cells": {}}


def test_what_cannot_be_read_is_kept_and_blocks_only_sending(
    month: Report, operator: User, client_of: ClientOf
) -> None:
    row = month.progress.get()
    client = client_of(operator)
    name = f"p{row.pk}-financial_rupiah"
    answer = save(client, (name, "enam ratus", ""), (f"p{row.pk}-physical_percent", "120", ""))
    assert [cell["state"] for cell in answer["cells"]] == ["kept", "kept"]
    row.refresh_from_db()
    assert row.typed == {"financial_rupiah": "enam ratus", "physical_percent": "120"}
    assert 'value="enam ratus"' in client.get(f"/isian/{JANUARY}/").content.decode()
    client.post(f"/isian/{JANUARY}/kirim/")
    month.refresh_from_db()
    assert month.state == "draft"
    save(client, (name, "600000", "enam ratus"), (f"p{row.pk}-physical_percent", "55", "120"))
    row.refresh_from_db()
    assert (row.typed, row.financial_rupiah) == ({}, 600_000)
    client.post(f"/isian/{JANUARY}/kirim/")
    month.refresh_from_db()
    assert month.state == "submitted"
    late = save(client, (name, "1", "600.000"))
    assert late["cells"][0]["state"] == "refused"


@pytest.mark.parametrize(("field", "text"), [("obstacle", "kata " * 24_000), ("financial_rupiah", "enam " * 50)])
def test_what_is_too_long_to_be_kept_is_refused_whole(
    month: Report, operator: User, client_of: ClientOf, field: str, text: str
) -> None:
    """Cut without a word, its end would be gone after the next visit."""
    row, client = month.progress.get(), client_of(operator)
    name = f"p{row.pk}-{field}"
    (cell,) = save(client, (name, text, ""))["cells"]
    assert (cell["state"], cell["text"]) == ("refused", text.strip())
    assert format_number(len(text.strip())) in cell["problem"]
    row.refresh_from_db()
    assert row.typed == {}
    month.refresh_from_db()
    page = client.post(f"/isian/{JANUARY}/", {name: text, f"version-{month.pk}": month.version})
    cells = BeautifulSoup(page.content, "html.parser").select(f"[name='{name}']")
    assert [each.get("value") or each.text.strip() for each in cells] == [text.strip()]


def test_what_is_kept_of_a_text_is_all_of_it(month: Report, operator: User, client_of: ClientOf) -> None:
    row, client = month.progress.get(), client_of(operator)
    text = "kata " * 15_000 + "akhir"
    (cell,) = save(client, (f"p{row.pk}-obstacle", text, ""))["cells"]
    assert (cell["state"], cell["text"]) == ("kept", text)
    assert "75.005" in cell["problem"]


def test_the_form_shows_a_text_that_is_too_long_for_its_row(operator: User, client_of: ClientOf) -> None:
    """Shown as empty, it would be taken away by whoever saves the form next."""
    indicator = factories.IndicatorFactory()
    report = report_services.open_report(program=indicator.program, period=QUARTER, by=operator)
    value, client, text = report.values.get(), client_of(operator), "sebab " * 300
    save(client, (f"v{value.pk}-reason", text, ""))
    page = BeautifulSoup(client.get(f"/laporan/{report.pk}/").content, "html.parser")
    assert page.select_one(f"[name=reason-{value.pk}]").text.strip() == text.strip()


def test_two_operators_never_overwrite_one_another(month: Report, operator: User, client_of: ClientOf) -> None:
    other = factories.member(Role.OPERATOR)
    row = month.progress.get()
    name = f"p{row.pk}-financial_rupiah"
    save(client_of(operator), (name, "100", ""))
    answer = save(client_of(other), (name, "200", ""), (f"p{row.pk}-obstacle", "Hujan", ""))
    conflict, other_cell = answer["cells"]
    assert (conflict["state"], conflict["text"], conflict["by"]) == ("conflict", "100", str(operator))
    assert other_cell["state"] == "saved"  # another cell of the same row is no conflict
    row.refresh_from_db()
    assert (row.financial_rupiah, row.obstacle) == (100, "Hujan")
    save(client_of(other), (name, "200", "100"))
    row.refresh_from_db()
    assert row.financial_rupiah == 200


def test_the_form_works_without_script_and_sees_conflicts(month: Report, operator: User, client_of: ClientOf) -> None:
    row = month.progress.get()
    client = client_of(operator)
    name = f"p{row.pk}-financial_rupiah"
    month.refresh_from_db()
    seen = month.version
    assert client.post(f"/isian/{JANUARY}/", {name: "100", f"version-{month.pk}": seen}).status_code == 200
    row.refresh_from_db()
    assert row.financial_rupiah == 100
    late = client.post(f"/isian/{JANUARY}/", {name: "300", f"version-{month.pk}": seen})
    assert late.status_code == 409
    row.refresh_from_db()
    assert row.financial_rupiah == 100


def test_without_script_sending_saves_what_was_typed_first(month: Report, operator: User, client_of: ClientOf) -> None:
    """The button sends the same form: what was typed is saved, or said to be wrong, and sent only then."""
    row, client = month.progress.get(), client_of(operator)
    month.refresh_from_db()
    page = BeautifulSoup(client.get(f"/isian/{JANUARY}/").content, "lxml")
    button = page.select_one("[data-grid-send]")
    assert button is not None
    assert button.get("form") is None
    facts = {f"p{row.pk}-financial_rupiah": "600.000", f"version-{month.pk}": month.version, "act": "send"}
    wrong = client.post(f"/isian/{JANUARY}/", facts | {f"p{row.pk}-physical_percent": "120"})
    assert "120" in wrong.content.decode()
    month.refresh_from_db()
    assert month.state == "draft"
    facts[f"version-{month.pk}"] = month.version
    answer = client.post(f"/isian/{JANUARY}/", facts | {f"p{row.pk}-physical_percent": "55"})
    assert answer.status_code == 302
    month.refresh_from_db()
    row.refresh_from_db()
    assert (month.state, row.financial_rupiah, row.physical_percent) == ("submitted", 600_000, 55)


def test_foreign_and_broken_cells_are_refused(month: Report, client_of: ClientOf) -> None:
    row = month.progress.get()
    stranger = client_of(factories.member(Role.OPERATOR, "Dinkes"))
    answer = save(stranger, (f"p{row.pk}-financial_rupiah", "5", ""))
    assert answer["cells"][0]["state"] == "refused"
    for body in (
        b"x",
        b"[]",
        b'{"cells": [{"name": "q1-x", "text": "", "base": ""}]}',
        b'{"cells": 5}',
        b'{"cells": [1]}',
    ):
        assert stranger.post("/isian/sel/", body, content_type="application/json").status_code == 400
    row.refresh_from_db()
    assert row.financial_rupiah is None


def test_fractions_and_splits_in_a_quarter(operator: User, client_of: ClientOf) -> None:
    indicator = factories.IndicatorFactory(
        numerator_label="terlayani", denominator_label="wajib dilayani", disaggregation="sex", by_region=True
    )
    report = factories.report_of(indicator.program, operator)
    rows = {row.category: row for row in report.values.all()}
    assert set(rows) == {"", "male", "female"}
    whole = rows[""]
    client = client_of(operator)
    answer = save(client, (f"v{whole.pk}-numerator", "11.232", ""), (f"v{whole.pk}-denominator", "12.480", ""))
    assert answer["rows"][f"v{whole.pk}"]["value"] == "90"
    whole.refresh_from_db()
    assert whole.value == 90
    people = report.recipients.get()
    answer = save(
        client, (f"r{people.pk}-people", "90", ""), (f"r{people.pk}-male", "40", ""), (f"r{people.pk}-female", "40", "")
    )
    assert "berjumlah 80" in answer["rows"][f"r{people.pk}"]["findings"][0]["text"]
    page = client.get(f"/isian/{report.period}/").content.decode()
    assert "Pembilang" in page
    assert f'name="v{whole.pk}-value"' not in page


def test_a_period_that_has_not_begun_says_when_it_does(operator: User, client_of: ClientOf) -> None:
    factories.sub_activity(factories.ProgramFactory())
    page = client_of(operator).get(f"/isian/{Period(YEAR + 1, PeriodKind.MONTH, 12)}/").content.decode()
    assert "Periode ini belum dimulai." in page
    assert f"1 Desember {YEAR + 1}" in page
    assert "belum dimulai" not in client_of(operator).get(f"/isian/{JANUARY}/").content.decode()


def test_history_and_regions_are_looked_at(operator: User, client_of: ClientOf) -> None:
    indicator = factories.IndicatorFactory(by_region=True, with_total=True)
    first = factories.report_of(indicator.program, operator, 1)
    ReportValue.objects.filter(report=first).update(value=83)
    second = factories.report_of(indicator.program, operator, 2)
    province, city = (second.values.get(region__kemendagri_code=code) for code in ("64", "64.72"))
    answer = save(client_of(operator), (f"v{city.pk}-value", "8,3", ""), (f"v{province.pk}-value", "83", ""))
    texts = {key: " ".join(item["text"] for item in row["findings"]) for key, row in answer["rows"].items()}
    assert "10 kali" in texts[f"v{city.pk}"]
    assert "antara 8,3 dan 8,3" in texts[f"v{province.pk}"]
    assert "Persis sama" in texts[f"v{province.pk}"]
    with pytest.raises(report_services.NotReady) as caught:
        report_services.send_report(pk=second.pk, by=operator)
    assert {row.pk for row in caught.value.silent} == {city.pk, province.pk}


def approved(month: Report, operator: User, head: User) -> Report:
    Progress.objects.filter(report=month).update(financial_rupiah=100_000, physical_percent=10)
    report_services.send_report(pk=month.pk, by=operator)
    month.refresh_from_db()
    report_services.decide_report(pk=month.pk, by=head, version=month.version, approve=True)
    month.refresh_from_db()
    return month


def test_from_draft_to_locked_and_a_revision(month: Report, operator: User, head: User, client_of: ClientOf) -> None:
    verifier = factories.member(Role.VERIFIER)
    approved(month, operator, head)
    client = client_of(verifier)
    page = client.get(month.get_absolute_url()).content.decode()
    assert "Verifikasi" in page
    client.post(f"/laporan/{month.pk}/verifikasi/", {"act": "approve", "version": month.version, "comment": ""})
    client.post("/laporan/kunci/", {"period": str(JANUARY)})
    month.refresh_from_db()
    assert month.state == "locked"
    typist = client_of(operator)
    typist.post(f"/laporan/{month.pk}/revisi/", {"reason": ""})
    assert Report.objects.count() == 1
    typist.post(f"/laporan/{month.pk}/revisi/", {"reason": "SP2D tercatat ganda"})
    revision = Report.objects.get(revision=1)
    assert (revision.state, revision.is_current, revision.progress.get().financial_rupiah) == ("draft", False, 100_000)
    # Until the revision is verified, the locked figures count.
    assert list(Report.objects.delivered()) == [month]
    revision = approved_again(revision, operator, head)
    report_services.verify_report(pk=revision.pk, by=verifier, version=revision.version, approve=True)
    assert list(Report.objects.delivered()) == [revision]
    assert "SP2D tercatat ganda" in client.get(revision.get_absolute_url()).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(is_current=True)


def approved_again(revision: Report, operator: User, head: User) -> Report:
    Progress.objects.filter(report=revision).update(financial_rupiah=90_000)
    report_services.send_report(pk=revision.pk, by=operator)
    revision.refresh_from_db()
    report_services.decide_report(pk=revision.pk, by=head, version=revision.version, approve=True)
    revision.refresh_from_db()
    return revision


def test_a_return_names_the_rows(operator: User, head: User, client_of: ClientOf) -> None:
    indicator = factories.IndicatorFactory()
    report = factories.report_of(indicator.program, operator)
    value = report.values.get()
    ReportValue.objects.filter(pk=value.pk).update(value=88)
    report_services.send_report(pk=report.pk, by=operator)
    report.refresh_from_db()
    data = {"act": "return", "version": report.version, "comment": "", f"comment-v{value.pk}": "Dari mana angka ini?"}
    stale = client_of(head).post(f"/laporan/{report.pk}/putusan/", data | {"version": report.version - 1})
    assert stale.status_code == 409
    assert 'value="Dari mana angka ini?"' in stale.content.decode()  # what was typed is not lost
    client_of(head).post(f"/laporan/{report.pk}/putusan/", data)
    report.refresh_from_db()
    assert report.state == "returned"
    assert "Dari mana angka ini?" in client_of(operator).get(report.get_absolute_url()).content.decode()


def test_a_returned_month_shows_its_comments_in_the_grid(
    month: Report, operator: User, head: User, client_of: ClientOf
) -> None:
    month.progress.update(financial_rupiah=100_000, physical_percent=10)
    report_services.send_report(pk=month.pk, by=operator)
    month.refresh_from_db()
    row = month.progress.get()
    data = {"act": "return", "version": month.version, "comment": "Periksa lagi", f"comment-p{row.pk}": "SP2D mana?"}
    client_of(head).post(f"/laporan/{month.pk}/putusan/", data)
    page = client_of(operator).get(month.get_absolute_url(), follow=True).content.decode()
    assert "Periksa lagi" in page
    assert "SP2D mana?" in page


def test_legal_bases_stand_at_programme_activity_and_sub_activity(operator: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory()
    sub = factories.sub_activity(program)
    client = client_of(operator)
    owners = {"": "UU 23/2014", f"a{sub.activity_id}": "PP 2/2018", f"s{sub.pk}": "Permendikbudristek 32/2022"}
    for owner, regulation in owners.items():
        client.post(
            f"/program/{program.pk}/dasar-hukum/", {"owner": owner, "regulation": regulation, "article": "Pasal 4"}
        )
    assert (program.legal_bases.count(), sub.activity.legal_bases.count(), sub.legal_bases.count()) == (1, 1, 1)
    page = client.get(program.get_absolute_url()).content.decode()
    assert all(f"{regulation} Pasal 4" in page for regulation in owners.values())
    other = factories.sub_activity(factories.ProgramFactory())
    client.post(f"/program/{program.pk}/dasar-hukum/", {"owner": f"s{other.pk}", "regulation": "UU 1/1945"})
    assert other.legal_bases.count() == 0


def test_many_are_approved_together_the_unusual_named(
    month: Report, operator: User, head: User, client_of: ClientOf
) -> None:
    Progress.objects.filter(report=month).update(financial_rupiah=600_000, physical_percent=0, reason="Uang muka")
    report_services.send_report(pk=month.pk, by=operator)
    month.refresh_from_db()
    client = client_of(head)
    page = client.get("/laporan/putusan/").content.decode()
    assert "1 peringatan dijelaskan" in page
    client.post("/laporan/putusan/", {f"version-{month.pk}": month.version - 1, f"chosen-{month.pk}": "1"})
    month.refresh_from_db()
    assert month.state == "submitted"
    client.post("/laporan/putusan/", {f"version-{month.pk}": month.version, f"chosen-{month.pk}": "1"})
    month.refresh_from_db()
    assert month.state == "approved"


def test_a_delegate_stands_in_for_some_days(month: Report, operator: User, head: User, client_of: ClientOf) -> None:
    deputy = factories.member(Role.OPERATOR)
    today = timezone.localdate()
    with pytest.raises(ValidationError):
        delegate(head=operator, agency=factories.agency(), to=deputy, first_day=today, last_day=today, reason="x")
    data = {
        "agency": factories.agency().pk,
        "to": deputy.pk,
        "first_day": today,
        "last_day": today,
        "reason": "Dinas luar",
    }
    assert client_of(head).post("/akun/pelimpahan/", data).status_code == 302
    Progress.objects.filter(report=month).update(financial_rupiah=1, physical_percent=1)
    report_services.send_report(pk=month.pk, by=operator)
    month.refresh_from_db()
    assert deputy.notices.filter(text__contains="menunggu putusan").exists()
    answer = client_of(deputy).post(
        f"/laporan/{month.pk}/putusan/", {"act": "approve", "version": month.version, "comment": ""}
    )
    assert answer.status_code == 302
    month.refresh_from_db()
    assert month.decided_by == deputy
    Membership.objects.delegations().update(first_day=today - dt.timedelta(9), last_day=today - dt.timedelta(1))
    over = client_of(User.objects.get(pk=deputy.pk)).get("/akun/pelimpahan/").content.decode()
    assert "Anda tidak mewakili siapa pun" in over
    assert "Limpahkan peran saya" not in over, "a role that is lent is not lent on"


def test_reminders_go_out_once_before_and_after_the_day(
    operator: User, head: User, django_capture_on_commit_callbacks: Any
) -> None:
    operator.email = "operator@example.test"
    operator.save()
    program = factories.ProgramFactory()
    factories.sub_activity(program)
    DeadlineRule.objects.filter(kind="month").update(days_after=5, remind_before=3, remind_every=3)
    with django_capture_on_commit_callbacks(execute=True):
        assert reminders.send_reminders(dt.date(YEAR, 2, 2)) == 1  # three days before 5 February
        assert reminders.send_reminders(dt.date(YEAR, 2, 3)) == 0
        assert reminders.send_reminders(dt.date(YEAR, 2, 6)) == 1  # the first day late
        assert reminders.send_reminders(dt.date(YEAR, 2, 7)) == 0
    assert [message.to for message in mail.outbox] == [["operator@example.test"]] * 2
    assert "5 Februari" in mail.outbox[0].subject
    DeadlineException.objects.create(period=JANUARY, day=dt.date(YEAR, 2, 20), reason="Banjir")
    assert reminders.send_reminders(dt.date(YEAR, 2, 9)) == 0


def test_evidence_files_are_what_their_bytes_are(
    month: Report, operator: User, settings: Any, tmp_path: Path, client_of: ClientOf
) -> None:
    keep_private_files_in(settings, tmp_path)
    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    client = client_of(operator)
    client.post(f"/laporan/{month.pk}/bukti/", {"file": SimpleUploadedFile("../..//Berita Acara.exe", pdf)})
    file = Evidence.objects.get()
    assert (file.content_type, file.name) == ("application/pdf", "Berita_Acara.pdf")
    answer = client.get(f"/bukti/{file.pk}/")
    assert b"".join(answer.streaming_content) == pdf  # type: ignore[attr-defined]  # a file's answer streams
    assert answer["Content-Disposition"].startswith("attachment")
    stranger = client_of(factories.member(Role.OPERATOR, "Dinkes"))
    assert stranger.get(f"/bukti/{file.pk}/").status_code == 404
    macros = io.BytesIO()
    with zipfile.ZipFile(macros, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/vbaProject.bin", "x")
    for body in (b"MZ\x90\x00 program", b"<svg onload=alert(1)>", macros.getvalue(), b"GIF89a"):
        with pytest.raises(ValidationError):
            attachments.attach(report=month, value=None, file=SimpleUploadedFile("x.pdf", body), by=operator)
    client.post(f"/bukti/{file.pk}/lepas/")
    assert Evidence.objects.count() == 0


def test_an_administrator_sees_the_largest_accounts_without_a_rule(
    operator: User, client_of: Callable[[User], Client]
) -> None:
    program = factories.ProgramFactory(agency=factories.agency())
    issue = BudgetIssue.objects.create(agency=program.agency, fiscal_year=2026, number=1, taken_by=operator)
    part = factories.sub_activity(program)
    for code, name, amount in (
        ("5.1.02.02.01.0026", "Belanja Jasa Tenaga Administrasi", 700),
        ("5.1.02.01.01.0052", "Belanja Makanan dan Minuman Rapat", 900),
        ("5.1.02.01.01.0024", "Belanja Alat Tulis Kantor", 400),
    ):
        BudgetLine.objects.create(
            sub_activity=part,
            since=issue,
            identity=uuid.uuid4(),
            account_code=code,
            account_name=name,
            amount_rupiah=amount,
        )
    spending.reclassify()
    found = [(row.code, row.total, row.spending_class) for row in spending.without_a_rule()]
    assert found == [("5.1.02.02.01.0026", 700, "supporting"), ("5.1.02.01.01.0024", 400, "supporting")]
    page = client_of(factories.member(Role.ADMINISTRATOR, is_staff=True)).get("/admin/programs/spendingrule/")
    assert "Belanja Jasa Tenaga Administrasi" in page.content.decode()


@pytest.mark.parametrize(
    ("code", "spending_class"),
    [
        ("5.1.02.02.05.0009", "ceremonial"),
        ("5.1.02.02.01.0047", "ceremonial"),
        ("5.1.02.01.01.0035", "ceremonial"),
        ("5.1.02.01.01.0055", "ceremonial"),
        ("5.1.02.99.99.9999", "direct"),
        ("5.1.04.01.01.0001", "direct"),
    ],
)
def test_accounts_are_classed_by_what_they_are(operator: User, code: str, spending_class: str) -> None:
    program = factories.ProgramFactory(agency=factories.agency())
    issue = BudgetIssue.objects.create(agency=program.agency, fiscal_year=2026, number=1, taken_by=operator)
    line = BudgetLine.objects.create(
        sub_activity=factories.sub_activity(program),
        since=issue,
        identity=uuid.uuid4(),
        account_code=code,
        amount_rupiah=1,
    )
    spending.reclassify()
    line.refresh_from_db()
    assert line.spending_class == spending_class


def test_spending_rules_class_the_lines_and_the_more_specific_wins(operator: User) -> None:
    program = factories.ProgramFactory()
    sub = factories.sub_activity(program)
    issue = BudgetIssue.objects.create(agency=program.agency, fiscal_year=YEAR, number=1, taken_by=operator)

    def line(number: int, account: str, component: str, amount: int) -> None:
        BudgetLine.objects.create(
            sub_activity=sub,
            since=issue,
            identity=f"00000000-0000-0000-0000-{number:012d}",
            account_code=account,
            component=component,
            amount_rupiah=amount,
        )

    line(1, "5.1.02.04.01.0001", "Perjalanan dinas", 30)
    line(2, "5.1.02.04.01.0003", "Pendampingan penerima", 10)
    line(3, "5.1.02.05.01.0001", "Bantuan", 50)
    line(4, "5.1.02.01.01.0024", "Cetak SPANDUK pembukaan", 5)
    line(5, "5.1.02.01.01.0024", "Kertas", 5)
    assert reclassify() > 0
    assert reclassify() == 0
    spending = impact.spending_of([program.pk])[program.pk]
    assert (spending.ceremonial, spending.supporting, spending.direct) == (35, 15, 50)
    SpendingRule.objects.create(  # signs that a pattern would read its own way
        account_prefix="5.1.02.05", word="(rapat*", spending_class="ceremonial", reason="uji"
    )
    BudgetLine.objects.filter(component="Bantuan").update(component="Bantuan (Rapat* akhir")
    reclassify()
    assert BudgetLine.objects.get(component__startswith="Bantuan").spending_class == "ceremonial"
    SpendingRule.objects.filter(word="(rapat*").delete()
    SpendingRule.objects.filter(account_prefix="5.1.02.04", word="").update(spending_class="supporting")
    reclassify()
    assert impact.spending_of([program.pk])[program.pk].ceremonial == 5


def test_a_programme_that_spends_on_ceremony_and_moves_nothing_is_on_the_overview(
    operator: User, client_of: ClientOf
) -> None:
    indicator = factories.IndicatorFactory(baseline=Decimal(80))
    program = indicator.program
    sub = factories.sub_activity(program)
    issue = BudgetIssue.objects.create(agency=program.agency, fiscal_year=YEAR, number=1, taken_by=operator)
    BudgetLine.objects.create(
        sub_activity=sub,
        since=issue,
        identity="00000000-0000-0000-0000-000000000001",
        account_code="5.1.02.04.01.0001",
        amount_rupiah=100,
        spending_class="ceremonial",
    )
    quarter = factories.report_of(program, operator)
    ReportValue.objects.filter(report=quarter).update(value=80)
    month = report_services.open_report(program=program, period=JANUARY, by=operator)
    month.progress.update(financial_rupiah=50, physical_percent=5)
    governor = client_of(factories.member(Role.GOVERNORS_OFFICE))
    title = "Belanja seremonial tanpa hasil yang bergerak"
    assert title not in governor.get("/dasbor/").content.decode()
    stamps = {"state": "submitted", "submitted_at": timezone.now(), "submitted_by": operator}
    Report.objects.filter(program=program).update(**stamps)
    summaries.refresh()
    overview_tasks.render_wanted_overviews()  # the worker, after each refresh
    assert title in governor.get("/dasbor/").content.decode()
    ReportValue.objects.filter(report=quarter).update(value=81)
    summaries.refresh()
    overview_tasks.render_wanted_overviews()
    assert title not in governor.get("/dasbor/").content.decode()


def test_need_shown_by_a_series_and_whether_help_reached_the_worst(operator: User, client_of: ClientOf) -> None:
    series = factories.SeriesFactory()
    for code, value in (("64", "6"), ("64.72", "4"), ("64.11", "12"), ("64.01", "9")):
        factories.observe(series, value, year=YEAR - 1, code=code)
    factories.observe(series, "6.5", year=YEAR - 2, code="64")
    program = factories.ProgramFactory(
        evidence_series=series,
        evidence_snapshot=snapshot(series, "high"),
        worst_count=1,
        regions=[factories.region("64.11"), factories.region("64.72")],
    )
    taken = program.evidence_snapshot
    assert (taken["value"], taken["change"]) == ("6.000000", "-0.500000")
    assert [name for _code, name, _value, _rank in taken["regions"]] == ["Mahakam Ulu", "Paser", "Samarinda"]
    Indicator.objects.create(
        program=program, name="x", level="outcome", unit_id=factories.IndicatorFactory().unit_id, baseline=1, target=2
    )
    report = factories.report_of(program, operator)
    Recipients.objects.filter(report=report, region__kemendagri_code="64.11").update(people=30)
    Recipients.objects.filter(report=report, region__kemendagri_code="64.72").update(people=90)
    Report.objects.filter(pk=report.pk).update(state="submitted", submitted_at=timezone.now(), submitted_by=operator)
    found = impact.targeting_of(program)
    assert found is not None
    assert (found.percent, found.worst) == (Decimal(25), ["Mahakam Ulu"])
    page = client_of(operator).get(program.get_absolute_url()).content.decode()
    assert "25%" in page or "25,0%" in page
    bare = factories.ProgramFactory()
    assert "tanpa bukti kebutuhan" in client_of(operator).get(bare.get_absolute_url()).content.decode()
    assert Observation.objects.count() == 5
