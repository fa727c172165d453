"""Lists as people have them: each file of `files/` through the command and the browser's way, against `expected.json`.

Of a file it says what becomes of its rows (`rows`: row → status, and what matters of `after`, `emptied`, `problems`),
or why it is refused as a whole; `notes` and `alarms` are parts of what is said of it.
"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from core.choices import Role
from procurement.models import Package, Supplier
from programs.models import AccountRealisation, BudgetLine, Program, Progress, SubActivity
from tests import factories
from tests.private_folder import keep_private_files_in
from tests.uploads.test_uploads import LINES, SUBS, line, sub_row, workbook
from uploads import services as uploads
from uploads.choices import UploadState
from uploads.models import Upload

FOLDER = Path(__file__).parent / "files"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
YEAR = 2026
ACCOUNT = "5.1.02.01.01.0026"


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[tuple[User, Path]]:
    """What the portal holds before a file comes, once for all tests, in a transaction around theirs."""
    folder = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), transaction.atomic(), override_settings():
        keep_private_files_in(settings, folder)
        yield _made(), folder
        transaction.set_rollback(True)


@pytest.fixture
def world(made: tuple[User, Path], db: None, settings: Any) -> User:
    """Who hands the file in."""
    keep_private_files_in(settings, made[1])
    return User.objects.get(pk=made[0].pk)


def _made() -> User:
    operator = factories.member(Role.OPERATOR)
    for sheet in ([SUBS, sub_row(1), sub_row(2, 2_500_000_000)], [LINES, *_lines()]):
        upload = _handed_in(workbook({"a": sheet}), "a.xlsx", operator)
        uploads.request_apply(pk=upload.pk, by=operator, enqueue=False)
        uploads.apply(upload.pk)
    Program.objects.update(
        state="registered", registered_at=timezone.now(), problem_statement="x", target_group="y", target_count=1
    )
    AccountRealisation.objects.create(
        sub_activity=SubActivity.objects.get(sbl_code="1.2.1"),
        account_code=ACCOUNT,
        planned_rupiah=500_000_000,
        realised_rupiah=100_000_000,
    )
    for number, name in enumerate(("Paket Satu", "Paket Dua"), start=61000001):
        package = factories.cleared_package(
            rup_code=str(number), name=name, fiscal_year=YEAR, method="tender", ceiling_rupiah=200_000_000
        )
    Package.objects.filter(pk=package.pk).update(state="announced", announced_at=timezone.now())
    Supplier.objects.create(name="CV Mahakam", tax_number="016666666721000")
    return operator


def _lines() -> list[list[Any]]:
    return [line("1.2.1", "Kertas", 100_000, account=ACCOUNT), line("1.2.1", "Tinta", 50_000, account=ACCOUNT)]


def _handed_in(body: bytes, name: str, by: User) -> Upload:
    upload = uploads.receive(
        file=SimpleUploadedFile(name, body), agency=factories.agency(), fiscal_year=YEAR, by=by, options={}
    )
    uploads.read(upload.pk)
    upload.refresh_from_db()
    return upload


def _lines_of(name: str, by: User) -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("preview_list", FOLDER / name, username=by.username, year=YEAR, json=True, stdout=out)
    return [json.loads(text) for text in out.getvalue().splitlines()]


def test_there_are_sixty_and_each_has_its_expectation() -> None:
    assert {path.name for path in FOLDER.iterdir()} - {"expected.json"} == set(EXPECTED)
    assert len(EXPECTED) >= 60


@pytest.mark.parametrize("name", EXPECTED)
def test_file(name: str, world: User) -> None:
    expected = EXPECTED[name]
    before = _everything()
    if "refused" in expected:
        with pytest.raises(CommandError, match=expected["refused"]) as refused:
            _lines_of(name, world)
        assert refused.value.returncode == 2
    else:
        *rows, last = _lines_of(name, world)
        _compare(expected, rows, last["summary"])
    assert _everything() == before
    _same_in_the_browser(name, world, expected)


def _compare(expected: dict[str, Any], rows: list[dict[str, Any]], summary: dict[str, Any]) -> None:
    by_row = {str(row["row"]): row for row in rows if row["row"]}
    if expected["rows"]:
        assert {number: row["status"] for number, row in by_row.items()} == {
            number: wanted["status"] for number, wanted in expected["rows"].items()
        }, [row["problems"] for row in rows]
    for number, wanted in expected["rows"].items():
        _compare_row(wanted, by_row[number])
    assert summary["emptied"] == expected.get("emptied", 0)
    assert {name: summary[name] for name in expected.get("counts", {})} == expected.get("counts", {})
    if "kind" in expected:
        assert summary["kind"] == expected["kind"]
    for part in expected.get("notes", []):
        assert any(part in text for text in summary["notes"]), (part, summary["notes"])
    assert len(summary["alarms"]) == len(expected.get("alarms", [])), summary["alarms"]
    for part, text in zip(expected.get("alarms", []), summary["alarms"], strict=True):
        assert part in text


def _compare_row(wanted: dict[str, Any], row: dict[str, Any]) -> None:
    for name, value in wanted.get("after", {}).items():
        assert row["after"][name] == value, (name, row)
    assert row["emptied"] == wanted.get("emptied", [])
    assert not set(wanted.get("lacks", [])) & set(row["after"]), row
    assert row["key"] == wanted.get("key", row["key"])
    if "says" in wanted:
        assert any(wanted["says"] in text for text in row["problems"]), row["problems"]
    if row["status"] == "refused":
        assert row["problems"]


def _everything() -> list[Any]:
    models = (Package, Supplier, AccountRealisation, BudgetLine, Progress, SubActivity)
    return [list(model.objects.order_by("pk").values()) for model in models]


def _same_in_the_browser(name: str, world: User, expected: dict[str, Any]) -> None:
    """Handed in, read by the worker's code, and shown: no page breaks, and the same rows are counted."""
    upload = _handed_in((FOLDER / name).read_bytes(), name, world)
    page = factories.signed_in(world).get(upload.get_absolute_url())
    assert page.status_code == 200
    if "refused" in expected:
        assert upload.state in {UploadState.REFUSED, UploadState.MAPPING}
        return
    assert upload.state == UploadState.PREVIEW
    kinds = [each for each in upload.counts["kinds"].values() if isinstance(each, dict)]
    statuses = [wanted["status"] for wanted in expected["rows"].values()]
    for status in ("new", "changed", "unchanged", "refused") if statuses else ():
        assert sum(each[status] for each in kinds) == statuses.count(status), status
    assert sum(each["emptied"] for each in kinds) == expected.get("emptied", 0)


def test_a_firm_is_found_by_either_number(world: User) -> None:
    for name in ("npwp-16.csv", "npwp-15-bertitik.csv"):
        upload = _handed_in((FOLDER / name).read_bytes(), name, world)
        uploads.request_apply(pk=upload.pk, by=world, enqueue=False)
        uploads.apply(upload.pk)
    assert Supplier.objects.get().offers.count() == 1
    assert world.has_role(Role.OPERATOR)


def test_a_merged_firm_stays_merged(world: User) -> None:
    """By its own number or name, in whichever list it comes again."""
    into = Supplier.objects.create(name="PT Mahakam Jaya")
    Supplier.objects.filter(name="CV Mahakam").update(merged_into=into)
    for name in ("npwp-16.csv", "npwp-15-bertitik.csv"):
        upload = _handed_in((FOLDER / name).read_bytes(), name, world)
        uploads.request_apply(pk=upload.pk, by=world, enqueue=False)
        uploads.apply(upload.pk)
    assert into.offers.count() == 1
    assert Supplier.objects.count() == 2
