"""The register of regulations: every citation has its row, rules lead to it, and comparing it leaves a trace."""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.template import engines
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.regulations.listing import SUBJECTS
from accounts.regulations.models import RegulationCheck
from accounts.regulations.register import citations, has_its_row, register
from accounts.regulations.services import compared, confirm
from core.choices import Role
from core.models import AuditEvent
from kaltim_portal.embedded import ROOT
from tests import factories
from tests.architecture.sources import APPS

ClientOf = Callable[[User], Client]
# What OPD write of their own programmes and services in the demonstration cites what they like.
NOT_OURS = ("kaltim_portal/demo_data/", "accounts/regulations/register.py", "regulations.csv")
COLUMNS = ["key", "number", "article", "subject", "says", "in_force_from", "seen_in", "checked_by", "checked_on"]


@pytest.fixture
def steward(db: None) -> User:
    return factories.member(Role.DATA_STEWARD)


def own_texts() -> Iterator[Path]:
    for folder in (*APPS, "templates", "docs"):
        for path in (ROOT / folder).rglob("*"):
            place = path.relative_to(ROOT).as_posix()
            is_text = path.suffix in {".py", ".sql", ".csv", ".html", ".md"} and "/migrations/" not in place
            if is_text and not any(part in place for part in NOT_OURS):
                yield path


def test_every_regulation_that_is_cited_has_its_row() -> None:
    found, without = 0, set()
    for path in own_texts():
        text = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
        for citation in citations(text):
            found += 1
            if not has_its_row(citation):
                without.add((path.relative_to(ROOT).as_posix(), citation.number, citation.article))
    assert found > 200
    assert not without


def test_the_register_is_in_order() -> None:
    with (ROOT / "kaltim_portal/reference/regulations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == COLUMNS
    assert len({row["key"] for row in rows}) == len({(row["number"], row["article"]) for row in rows}) == len(rows)
    assert all(row["says"] and row["seen_in"] for row in rows)
    assert {row["subject"] for row in rows} <= set(SUBJECTS)
    assert all(bool(row["checked_by"]) == bool(row["checked_on"]) for row in rows), "by whom and when, or neither"
    for row in rows:
        named = [(each.number, each.article) for each in citations(row["number"])]
        assert named == [(row["number"], "")], "it is cited as the register writes it"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Perpres 16/2018 ps. 38 ayat (3)", [("Perpres 16/2018", "38")]),
        (
            "Perpres 16/2018 jo. 12/2021 jo. 46/2025, ps. 7 ayat (2) huruf a",
            [("Perpres 16/2018", "7"), ("Perpres 12/2021", ""), ("Perpres 46/2025", "")],
        ),
        ("Permendikbudristek 32/2022 pasal 54(4)", [("Permendikbudristek 32/2022", "54")]),
        ("Permen PUPR 29/PRT/M/2018", [("Permen PUPR 29/PRT/M/2018", "")]),
        ("Kepmendagri 900.1.15.5-1317/2023", [("Kepmendagri 900.1.15.5-1317/2023", "")]),
        ("Permendagri Nomor 77 Tahun 2020", [("Permendagri 77/2020", "")]),
        ("Instruksi Gubernur 17 Juni 2025: program berdampak", [("Instruksi Gubernur 17 Juni 2025", "")]),
        ("anggaran 2026, UU lain", []),
    ],
)
def test_citations_as_people_write_them(text: str, named: list[tuple[str, str]]) -> None:
    assert [(each.number, each.article) for each in citations(text)] == named


def shown(text: str) -> str:
    return str(engines["django"].from_string("{{ text|cited }}").render({"text": text}))


def test_a_rule_leads_to_its_row_and_says_what_is_not_compared(steward: User) -> None:
    text = "Perpres 16/2018 ps. 38 ayat (3)"
    assert '<a href="/acuan/peraturan/perpres-16-2018-38/">Perpres 16/2018 ps. 38</a> ayat (3)' in shown(text)
    assert "belum dicocokkan dengan naskah" in shown(text)
    values = {"result": "matches", "checked_by": "Biro Hukum", "checked_on": timezone.localdate(), "note": ""}
    confirm(regulation=register()["perpres-16-2018-38"], by=steward, **values)
    cache.clear()
    assert "belum dicocokkan" not in shown(text)
    assert shown("<b>menurut praktik</b>") == "&lt;b&gt;menurut praktik&lt;/b&gt;"
    assert "<b>" not in shown("<b>UU 25/2009</b>")


def test_the_newest_comparison_counts(steward: User) -> None:
    row = register()["pp-2-2018"]
    values = {"checked_by": "Biro Hukum", "checked_on": timezone.localdate(), "by": steward}
    confirm(regulation=row, result="matches", note="", **values)
    cache.clear()
    assert row.key in compared()
    confirm(regulation=row, result="differs", note="Pasal 4 berbeda", **values)
    cache.clear()
    assert row.key not in compared()
    event = AuditEvent.objects.filter(action="regulation.compared").latest("pk")
    assert (event.actor_id, event.reason) == (steward.pk, "Pasal 4 berbeda")
    with pytest.raises(DatabaseError), transaction.atomic():
        RegulationCheck.objects.update(result="matches")


def test_who_may_compare_and_what_is_asked(steward: User, operator: User) -> None:
    row, today = register()["pp-2-2018"], timezone.localdate()
    values = {"regulation": row, "checked_by": "Biro Hukum", "note": ""}
    with pytest.raises(PermissionDenied):
        confirm(result="matches", checked_on=today, by=operator, **values)
    with pytest.raises(ValidationError):
        confirm(result="differs", checked_on=today, by=steward, **values)
    with pytest.raises(ValidationError):
        confirm(result="matches", checked_on=today + dt.timedelta(days=1), by=steward, **values)
    for too_early in (dt.date(1, 1, 1), dt.date(1990, 1, 1), dt.date(2017, 12, 31)):
        with pytest.raises(ValidationError, match="2018"):
            confirm(result="matches", checked_on=too_early, by=steward, **values)
    assert not RegulationCheck.objects.exists()


def test_the_pages(steward: User, operator: User, client_of: ClientOf) -> None:
    client = client_of(steward)
    said = {"result": "matches", "checked_by": "Siti, Biro Hukum", "checked_on": str(timezone.localdate()), "note": ""}
    assert client.post("/acuan/peraturan/pp-2-2018/", said | {"checked_by": ""}).status_code == 422
    assert client.post("/acuan/peraturan/pp-2-2018/", said).status_code == 302
    assert "Siti, Biro Hukum" in client.get("/acuan/peraturan/pp-2-2018/").content.decode()
    assert "pp-2-2018" in client.get("/acuan/peraturan/?state=matches").content.decode()
    assert "pp-2-2018" not in client.get("/acuan/peraturan/?state=open&q=pelayanan").content.decode()
    taken = client.get("/acuan/peraturan/?unduh=csv")
    assert b"Siti, Biro Hukum" in b"".join(taken.streaming_content)
    reader = client_of(operator)
    assert reader.get("/acuan/peraturan/pp-2-2018/").status_code == 200
    assert reader.post("/acuan/peraturan/pp-2-2018/", said).status_code == 403
    assert reader.get("/acuan/peraturan/tidak-ada/").status_code == 404


def test_the_page_is_folded_by_subject(steward: User, client_of: ClientOf) -> None:
    assert {row.subject for row in register().values()} == set(SUBJECTS)
    client = client_of(steward)

    def folds(query: str) -> list[tuple[str, bool]]:
        page = client.get(f"/acuan/peraturan/{query}").content.decode()
        return [(key, bool(opened)) for key, opened in re.findall(r'<details class="fold" id="(\w+)" (open)?>', page)]

    assert folds("") == [(key, False) for key in SUBJECTS]
    assert folds("?q=swakelola") == [("procurement", True)]
    assert folds("?state=differs") == []
    assert [key for key, is_open in folds("?baris=permenkes-6-2024") if is_open] == ["spm"]
    row = client.get("/acuan/peraturan/permenkes-6-2024/").content.decode()
    assert "/acuan/peraturan/?baris=permenkes-6-2024#permenkes-6-2024" in row
