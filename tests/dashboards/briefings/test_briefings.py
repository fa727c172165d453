"""The weekly briefing: the same figures as the overview, overdue directives first, frozen, two pages, in the office's
order."""

import datetime as dt
import hashlib
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Notice, User
from core.choices import Role
from core.models import AuditEvent
from dashboards.briefings import services
from dashboards.briefings import tasks as briefing_tasks
from dashboards.briefings.document import contents, order
from dashboards.briefings.pdf import pdf
from dashboards.choices import BriefingPart, Standing
from dashboards.directives import services as directive_services
from dashboards.filters import DashboardFilter
from dashboards.models import Briefing, EarlyWarning
from dashboards.overview import figures
from dashboards.summaries import refresh as summaries
from programs.models import Program
from tests import factories, generated_year

ClientOf = Callable[[User], Client]
TODAY = timezone.localdate()
YEAR = TODAY.year - 1


@pytest.fixture
def office(db: None) -> User:
    return factories.member(Role.GOVERNORS_OFFICE)


def direct(office: User, days: int, text: str = "Percepat lelang jalan", **more: Any) -> Any:
    values = {"agency": factories.agency(), "text": text, "measure": "y", "given_on": TODAY - dt.timedelta(days=30)}
    return directive_services.give(values=values | {"due_on": TODAY + dt.timedelta(days=days)} | more, by=office)


def section(row: Briefing, part: BriefingPart) -> dict[str, Any]:
    return next(each for each in row.content["sections"] if each["key"] == part)


def test_it_says_what_the_overview_says(office: User, client_of: ClientOf) -> None:
    generated_year.generate(YEAR)
    direct(office, -4)
    direct(office, 4)
    row = services.issue(year=YEAR, today=TODAY, by=office)
    whole = figures.overview(office, DashboardFilter(YEAR))
    shown = client_of(office).get(f"/dasbor/?tahun={YEAR}").context
    assert row.numbers["programs"] == str(whole.total.programs)
    for state in Standing:
        assert row.numbers[state] == str(whole.total.states[state])
    assert row.numbers["missing"] == str(shown["packages"].missing)
    assert row.numbers["deviates"] == str(whole.total.verdicts.deviates)
    assert row.numbers["directives"] == "1"
    first = row.content["sections"][0]
    assert first["key"] == "directives"
    assert [item["text"] for item in first["items"]] == ["Percepat lelang jalan"]
    assert "terlambat 4 hari" in first["items"][0]["detail"]
    assert all(each["as_of"] for each in row.content["sections"])
    assert [each["agency"] for each in row.content["annex"]] == [each.agency.name for each in whole.agencies]
    assert hashlib.sha256(bytes(row.pdf)).hexdigest() == row.sha256
    assert bytes(row.pdf).startswith(b"%PDF")


def test_what_was_issued_stays(office: User, client_of: ClientOf) -> None:
    program = factories.ProgramFactory()
    row = services.issue(year=TODAY.year, today=TODAY, by=office)
    before = client_of(office).get(f"/rapat/{row.pk}/").content
    Program.objects.filter(pk=program.pk).update(name="Nama lain", budget_rupiah=1)
    second = services.issue(year=TODAY.year, today=TODAY, by=office)
    assert (second.week, second.number) == (row.week, 2)
    again = client_of(office).get(f"/rapat/{row.pk}/").content
    assert before.count(b"Rp1 miliar") == again.count(b"Rp1 miliar")
    assert client_of(office).get(f"/rapat/{row.pk}/pdf/").content == bytes(row.pdf)
    for statement in ("UPDATE dashboards_briefing SET content = '{}'", "DELETE FROM dashboards_briefing"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEvent.objects.filter(action="briefing.issued", target_id=str(row.pk)).exists()


def test_what_changed_since_last_week(office: User) -> None:
    factories.ProgramFactory()
    first = services.issue(year=TODAY.year, today=TODAY, by=office)
    assert section(first, BriefingPart.CHANGES)["rows"] == []
    factories.ProgramFactory()
    factories.PackageFactory()
    later = services.issue(year=TODAY.year, today=TODAY + dt.timedelta(days=7), by=office)
    rows = {line[0]: line[1:] for line in section(later, BriefingPart.CHANGES)["rows"]}
    assert rows["Program terdaftar"] == ["1", "2", "+1"]
    assert rows["Paket tanpa pernyataan lengkap"] == ["0", "1", "+1"]
    assert "Bendera merah" not in rows  # what is as it was is left out


@pytest.mark.parametrize("many", [0, 1, 60])
def test_two_pages_whatever_the_week_brings(office: User, many: int) -> None:
    text = "Selesaikan pembayaran ganti rugi lahan pelabuhan dan jembatan penghubung tiga kecamatan " * 5
    for number in range(many):
        direct(office, -1 - number % 20, text=text[:500])
        EarlyWarning.objects.create(
            kind="late",
            key=f"{number}-1",
            fiscal_year=YEAR,
            agency=factories.agency(),
            url="/",
            subject=text[:300],
            facts={"count": 3, "quarter": 1, "days": 5},
            score=number,
        )
    if many:
        generated_year.generate(YEAR)
    summaries.refresh()
    document, _numbers, _now = contents(YEAR, TODAY)
    texts = [page.extract_text() for page in PdfReader(BytesIO(pdf(document))).pages]
    annex = next(number for number, text in enumerate(texts) if "Lampiran: OPD" in text)
    assert 1 <= annex <= 2
    assert "Layanan publik" in "".join(texts[:annex])  # the last part is there


def test_the_office_puts_the_parts_in_order(office: User, client_of: ClientOf) -> None:
    client = client_of(office)
    parts = [str(part) for part in BriefingPart]
    swapped = [parts[1], parts[0], *parts[2:]]
    answer = client.post("/rapat/susunan/", {"part": swapped, "shown": swapped[:-1], "seen": seen()})
    assert answer.status_code == 302
    assert order()[0] == (BriefingPart.CHANGES, True)
    assert order()[-1] == (BriefingPart.SERVICES, False)
    client.post("/rapat/susunan/", {"part": swapped, "shown": swapped, "move": f"naik:{parts[0]}", "seen": seen()})
    assert [part for part, _shown in order()][:2] == [
        BriefingPart.DIRECTIVES,
        BriefingPart.CHANGES,
    ]
    row = services.issue(year=TODAY.year, today=TODAY, by=office)
    assert [each["key"] for each in row.content["sections"]] == parts
    for wrong in (
        {"part": parts[:3], "shown": parts},
        {"part": [*parts, parts[0]], "shown": parts},
        {"part": parts},
        {},
    ):
        assert client.post("/rapat/susunan/", wrong).status_code == 422
    assert [part for part, _shown in order()] == list(BriefingPart)


def seen() -> str:
    return services.as_seen(order())


def test_an_order_of_yesterday_overwrites_none(office: User, client_of: ClientOf) -> None:
    client, before = client_of(office), seen()
    parts = [str(part) for part in BriefingPart]
    assert f'name="seen" value="{before}"' in client.get("/rapat/susunan/").content.decode()
    first = {"part": parts[::-1], "shown": parts[1:], "seen": before}
    assert client.post("/rapat/susunan/", first).status_code == 302
    second = {"part": [parts[1], parts[0], *parts[2:]], "shown": parts, "seen": before}
    answer = client.post("/rapat/susunan/", second)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "tidak ditampilkan" in page  # theirs
    assert page.index(f'value="{parts[1]}"') < page.index(f'value="{parts[0]}"')  # yours stands in the form
    assert [part for part, _shown in order()] == [BriefingPart(part) for part in parts[::-1]]
    assert client.post("/rapat/susunan/", second | {"seen": seen()}).status_code == 302
    assert order()[0] == (BriefingPart(parts[1]), True)


def test_the_schedule_issues_it_once_on_its_day(office: User, settings: Any) -> None:
    settings.BRIEFING_WEEKDAY = (TODAY.weekday() + 1) % 7
    assert not briefing_tasks.issue_briefing()
    settings.BRIEFING_WEEKDAY = TODAY.weekday()
    assert briefing_tasks.issue_briefing()
    assert not briefing_tasks.issue_briefing()
    row = Briefing.objects.get()
    assert row.issued_by is None
    assert Notice.objects.filter(user=office, url=row.get_absolute_url()).exists()


def test_the_screen_in_the_room(office: User, client_of: ClientOf) -> None:
    row = services.issue(year=TODAY.year, today=TODAY, by=office)
    page = client_of(office).get(f"/rapat/{row.pk}/layar/").content.decode()
    assert page.count('class="slide') >= len(BriefingPart)
    assert client_of(factories.member(Role.OPERATOR)).get(f"/rapat/{row.pk}/layar/").status_code == 403


def test_money_of_one_scale(office: User) -> None:
    """The PDF and the overview round alike."""
    program = factories.ProgramFactory(budget_rupiah=Decimal(2_345_678_901))
    row = services.issue(year=program.fiscal_year, today=TODAY, by=office)
    shown = {each["label"]: each["value"] for each in section(row, BriefingPart.SPENDING)["figures"]}
    assert shown["Anggaran"] == "Rp2,35 miliar"
