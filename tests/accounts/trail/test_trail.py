"""The trail in the browser: what administrators change, who was refused, who read what; filters and files."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Notice, User
from core import audit
from core.choices import Role
from core.models import AuditEvent
from procurement.choices import OfficerRole
from procurement.models import Declaration, MethodThreshold, Officer
from tests import factories

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def administrator(db: None) -> User:
    return factories.member(Role.ADMINISTRATOR, full_name="Admin Satu")


def served(client: Client, address: str) -> dict[str, Any]:
    """The form of an administration's page as a browser would send it back."""
    page = BeautifulSoup(client.get(address).content.decode(), "html.parser")
    form = page.select_one("#content-main form")
    assert form is not None
    data: dict[str, Any] = {}
    for each in form.select("input[name], select[name], textarea[name]"):
        if each.get("type") in {"submit", "file"} or (each.get("type") == "checkbox" and not each.has_attr("checked")):
            continue
        if each.name == "select":
            data[str(each["name"])] = [one["value"] for one in each.select("option[selected]")]
        else:
            empty = "on" if each.get("type") == "checkbox" else ""
            data[str(each["name"])] = each.get("value", empty) if each.name == "input" else each.get_text()
    return data


def test_a_role_given_in_the_administration_is_seen_and_told(
    administrator: User, operator: User, client_of: ClientOf
) -> None:
    client = client_of(administrator)
    address = reverse("admin:accounts_user_change", args=[operator.pk])
    sent = served(client, address) | {"full_name": "Nama Baru", "memberships-1-role": Role.AUDITOR}
    assert client.post(address, sent).status_code == 302
    event = AuditEvent.objects.get(action="admin.changed")
    assert (event.actor_id, event.target_id) == (administrator.pk, str(operator.pk))
    changes = {(each["before"], each["after"]) for each in event.details["changes"]}
    assert (operator.full_name, "Nama Baru") in changes
    assert ("", "Auditor (Inspektorat)") in changes
    told = " ".join(Notice.objects.filter(user=operator).values_list("text", flat=True))
    assert "Auditor (Inspektorat)" in told
    assert "nama lengkap" in told
    page = client.get(reverse("accounts:trail")).content.decode()
    assert "Mengubah di administrasi" in page
    assert f"{operator.full_name} → Nama Baru" in page


def test_nothing_changed_is_nothing_told(administrator: User, operator: User, client_of: ClientOf) -> None:
    client = client_of(administrator)
    address = reverse("admin:accounts_user_change", args=[operator.pk])
    assert client.post(address, served(client, address)).status_code == 302
    assert [event.details for event in AuditEvent.objects.filter(action="admin.changed")] == []
    assert not Notice.objects.exists()


def test_a_threshold_changed_is_seen_with_before_and_after(administrator: User, client_of: ClientOf) -> None:
    row = MethodThreshold.objects.order_by("pk").first()
    assert row is not None
    client, address = client_of(administrator), reverse("admin:procurement_methodthreshold_change", args=[row.pk])
    sent = served(client, address)
    name = next(each for each in sent if each.endswith("rupiah") and sent[each])
    was = sent[name]
    response = client.post(address, sent | {name: "123000000"})
    assert response.status_code == 302, response.content.decode()
    (change,) = AuditEvent.objects.get(action="admin.changed").details["changes"]
    assert (change["after"].partition(".")[0], change["before"] != change["after"]) == ("123000000", True), was


def test_what_is_added_and_removed_is_seen(administrator: User, client_of: ClientOf) -> None:
    client = client_of(administrator)
    sent = {"code": "9.99.0.00.0.00.01", "name": "Dinas Baru", "short_name": "Disbaru"}
    assert client.post(reverse("admin:accounts_agency_add"), sent).status_code == 302
    event = AuditEvent.objects.get(action="admin.added")
    assert {change["after"] for change in event.details["changes"]} >= {"Dinas Baru", "Disbaru"}
    client.post(reverse("admin:accounts_agency_delete", args=[event.target_id]), {"post": "yes"})
    assert AuditEvent.objects.get(action="admin.deleted").target_name == "Dinas Baru"


def test_refusals_are_seen_once_and_a_flood_does_not_fill_the_table(
    operator: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(operator)
    for _time in range(3):
        assert client.get(reverse("accounts:trail")).status_code == 403
    event = AuditEvent.objects.get(action="access.refused")
    assert (event.actor_id, event.target_name) == (operator.pk, reverse("accounts:trail"))
    monkeypatch.setattr(audit, "MOST_REFUSALS", 2)
    for address in ("/audit/pengadaan/", "/petunjuk/", "/data-mutu/", "/acuan/jadwal/", "/audit/pembukaan/"):
        client.get(address)
    assert AuditEvent.objects.filter(action="access.refused").count() == 2
    assert client_of(operator).get("/api/v1/packages/").status_code == 200


def test_a_declaration_that_somebody_else_reads_leaves_a_trace(
    auditor: User, operator: User, client_of: ClientOf
) -> None:
    officer = Officer.objects.create(
        package=factories.PackageFactory(), user=operator, role=OfficerRole.COMMITMENT_OFFICER
    )
    row = Declaration.objects.create(officer=officer, number=1, has_interest=False)
    row.refresh_from_db()
    address = reverse("procurement:declaration", args=[row.pk])
    for _time in range(2):
        assert client_of(auditor).get(address).status_code == 200
    event = AuditEvent.objects.get(action="declaration.read")
    assert (event.actor_id, event.target_id) == (auditor.pk, str(row.pk))
    assert client_of(row.declarer).get(address).status_code == 200
    assert AuditEvent.objects.filter(action="declaration.read").count() == 1


def test_it_is_found_by_who_what_when_and_opd(auditor: User, operator: User, client_of: ClientOf) -> None:
    other = factories.member(Role.OPERATOR, "Dinkes")
    audit.record("token.renewed", operator, by=operator)
    audit.record("upload.discarded", other, by=other, reason="Keliru")
    client = client_of(auditor)

    def found(**asked: Any) -> set[str]:
        page = client.get(reverse("accounts:trail"), asked)
        return {row.record.action for row in page.context["table"].page.object_list}

    both = {"token.renewed", "upload.discarded"}
    today = timezone.localdate()
    assert found() == both
    assert found(kind="accounts") == {"token.renewed"}
    assert found(q="keliru") == {"upload.discarded"}
    assert found(q=operator.full_name) == {"token.renewed"}
    assert found(agency=Membership.objects.get(user=other).agency_id) == {"upload.discarded"}
    assert found(since=f"{today:%Y-%m-%d}") == both
    assert found(until=f"{today.replace(year=today.year - 1, day=1):%Y-%m-%d}") == set()


def test_a_filter_that_nobody_understands_is_told_and_finds_nothing(auditor: User, client_of: ClientOf) -> None:
    audit.record("upload.discarded", auditor, by=auditor, reason="Keliru")
    client, address = client_of(auditor), reverse("accounts:trail")
    for asked in ({"since": "kemarin"}, {"kind": "x"}, {"since": "2026-02-02", "until": "2026-02-01"}):
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(address, asked, headers=headers)
            assert len(answer.context["table"].page.object_list) == 0
            assert "alert-warning" in answer.content.decode()
    assert "Batas akhir lebih awal" in answer.content.decode()
    taken = client.post(reverse("accounts:trail-file"), {"format": "csv", "filters": "since=kemarin"})
    assert taken.status_code == 400


def test_it_is_found_by_the_name_of_an_account(auditor: User, operator: User, client_of: ClientOf) -> None:
    audit.record("upload.discarded", None, by=operator)
    audit.record("account.changed", operator, by=auditor)
    audit.record("upload.received", None, by=auditor)
    page = client_of(auditor).get(reverse("accounts:trail"), {"q": operator.username.upper()})
    assert {row.record.action for row in page.context["table"].page.object_list} == {
        "upload.discarded",
        "account.changed",
    }


def test_the_file_says_details_and_reasons_in_words(auditor: User, client_of: ClientOf) -> None:
    audit.record("token.made", auditor, by=auditor, expires_at="2026-12-03T06:30:00+00:00", resources=["a", "b"])
    audit.record("signature.refused", auditor, by=auditor, problem="Kata sandi salah")  # as before
    answer = client_of(auditor).post(reverse("accounts:trail-file"), {"format": "csv", "filters": ""})
    head, *rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert "(WITA)" in head
    made = next(row for row in rows if "token" in row)
    assert "berlaku sampai: 3 Desember 2026 14.30 WITA" in made
    assert "expires_at" not in made
    reason = next(row for row in rows if "Kata sandi salah" in row).split(";")[head.split(";").index("Alasan")]
    assert reason == "Kata sandi salah"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_is_taken_along_and_that_is_seen(kind: str, auditor: User, operator: User, client_of: ClientOf) -> None:
    audit.record("token.renewed", operator, by=operator)
    client = client_of(auditor)
    response = client.post(reverse("accounts:trail-file"), {"format": kind, "filters": "kind=accounts"})
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    if kind == "csv":
        assert "membuat token API baru" in content.decode("utf-8-sig")
    event = AuditEvent.objects.get(action="trail.exported")
    assert (event.actor_id, event.details["rows"], event.details["filters"]) == (auditor.pk, 1, "kind=accounts")
    assert client.post(reverse("accounts:trail-file"), {"format": "exe"}).status_code == 400


def test_what_an_act_is_not_understood_without_stands_on_the_page(
    administrator: User, operator: User, auditor: User, client_of: ClientOf
) -> None:
    audit.record("roles.changed", operator, by=administrator, roles="Auditor (Inspektorat)")
    audit.record("device_reset.done", operator, by=administrator, asker="Admin Dua")
    page = client_of(auditor).get("/jejak/").content.decode()
    assert "Auditor (Inspektorat)" in page
    assert "Admin Dua" in page


def test_a_day_that_was_understood_is_shown_as_browsers_show_it(auditor: User, client_of: ClientOf) -> None:
    """The filter was in force and its field looked empty."""
    page = client_of(auditor).get("/jejak/?since=31/12/2026").content.decode()
    assert 'value="2026-12-31"' in page
    assert 'value="kemarin"' in client_of(auditor).get("/jejak/?since=kemarin").content.decode()
