"""Work that dies ends its row with a reason: by itself where the task raises, by the sweep where the worker was
killed."""

import datetime as dt
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app
from django.utils import timezone

from core import long_work
from core.tasks import end_what_died
from datasources.catalogue import services as catalogue
from datasources.catalogue.tasks import refresh_catalogue
from datasources.models import Pull, Series, Source
from datasources.pulls import services as pulls
from procurement.audit import files as audit_files
from procurement.audit.tasks import issue
from procurement.models import AuditExport, OutsideDataset
from procurement.red_flags import external_data
from procurement.red_flags.tasks import take_over_outside
from tests import factories
from uploads import services as uploads
from uploads.models import Upload
from uploads.tasks import apply_upload, read_upload, undo_upload

pytestmark = pytest.mark.django_db
LONG_AGO = dt.timedelta(hours=3)
# Tasks with the key of a row that need no end: nothing says that they are under way, or they tell it themselves.
OTHERWISE = {
    "datasources.pulls.tasks.pull_series": "carry_out tells what went wrong, and a sweep of its own hands over again",
    "datasources.pulls.tasks.after_change": "hands over other tasks",
    "programs.validation.tasks.revalidate_series": "no row waits for it, the nightly run does the same",
}


def _upload(state: str) -> Upload:
    return Upload.objects.create(
        fiscal_year=2026,
        uploaded_by=factories.UserFactory(),
        name="a.csv",
        size=1,
        sha256="0" * 64,
        stored_as=f"x{state}",
        state=state,
        started_at=timezone.now() - LONG_AGO,
        applied_at=timezone.now() if state == "undoing" else None,
        applied_by=factories.UserFactory(),
    )


def _dataset() -> OutsideDataset:
    return OutsideDataset.objects.create(
        name="x", loaded_by=factories.UserFactory(), state="running", started_at=timezone.now() - LONG_AGO
    )


def _export() -> AuditExport:
    return AuditExport.objects.create(
        layout="daftar",
        file_format="csv",
        fiscal_year=2026,
        made_by=factories.UserFactory(),
        state="running",
        started_at=timezone.now() - LONG_AGO,
    )


def _source() -> Source:
    source: Source = factories.SourceFactory()
    Source.objects.filter(pk=source.pk).update(
        catalogue_state="running", catalogue_started_at=timezone.now() - LONG_AGO
    )
    return source


Kind = tuple[Callable[[], Any], Any, tuple[Any, str], str, str]
# how the row comes about, its task, what breaks, what it becomes and where the reason stands
KINDS: dict[str, Kind] = {
    "reading": (lambda: _upload("reading"), read_upload, (uploads, "read"), "refused", "problem"),
    "applying": (lambda: _upload("applying"), apply_upload, (uploads, "apply"), "preview", "problem"),
    "undoing": (lambda: _upload("undoing"), undo_upload, (uploads, "take_back"), "applied", "problem"),
    "outside": (_dataset, take_over_outside, (external_data, "take_over"), "failed", "problem"),
    "audit": (_export, issue, (audit_files, "make_and_keep"), "failed", "problem"),
    "catalogue": (_source, refresh_catalogue, (catalogue, "refresh"), "failed", "catalogue_problem"),
}


def _state(row: Any) -> str:
    row.refresh_from_db()
    return str(row.catalogue_state if isinstance(row, Source) else row.state)


@pytest.mark.parametrize("name", KINDS)
def test_a_task_that_raises_says_so(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make, task, (module, function), after, problem = KINDS[name]
    row = make()

    def breaks(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(module, function, breaks)
    with pytest.raises(RuntimeError):
        task(row.pk)
    assert _state(row) == after
    assert "terputus" in getattr(row, problem)


@pytest.mark.parametrize("name", KINDS)
def test_the_sweep_ends_what_a_killed_worker_left(name: str) -> None:
    make, _task, _breaks, after, problem = KINDS[name]
    row = make()
    assert end_what_died() == 1
    assert _state(row) == after
    assert "terputus" in getattr(row, problem)
    assert end_what_died() == 0


def test_what_has_just_begun_goes_on() -> None:
    row = _upload("applying")
    Upload.objects.filter(pk=row.pk).update(started_at=timezone.now())
    assert end_what_died() == 0


def test_a_pull_that_meets_a_fault_of_ours_fails(bps_source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    series = Series.objects.create(
        source=bps_source, query={"model": "data", "domain": "6400", "variable": "903"}, name="x", unit="Persen"
    )
    pull = Pull.objects.create(series=series)

    def breaks(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(pulls, "_answers", breaks)
    with pytest.raises(RuntimeError):
        pulls.carry_out(pull.pk)
    pull.refresh_from_db()
    assert pull.state == "failed"
    assert "terputus" in pull.problem


def test_every_task_of_a_row_ends_it() -> None:
    """A task that is handed the key of a row either ends it, or is named here with why it needs not."""
    current_app.loader.import_default_modules()
    without = set()
    for name, task in current_app.tasks.items():
        first = next(iter(inspect.signature(task.run).parameters), "")
        if not name.startswith("celery.") and first.endswith("_id") and not hasattr(task.run, "ends_its_row"):
            without.add(name)
    assert without == set(OTHERWISE)
    assert dt.timedelta(minutes=30) < long_work.LONGEST
