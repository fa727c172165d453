"""Pulls from the stand-in BPS over real HTTP: what comes in, and what a source may do wrong."""

import datetime as dt
import gzip
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.choices import Role
from core.locks import advisory_lock
from core.models import AuditEvent
from datasources.choices import PullState
from datasources.connectors.base import SourceUnavailable
from datasources.models import BREAKER_FAILURES, Observation, Payload, Pull, Series, Source
from datasources.pulls import services as pulls
from kaltim_portal.stand_ins import bps
from programs.choices import ReportState
from programs.reports.cell_entry import CellEntry
from programs.reports.services import save_report
from programs.validation.services import revalidate
from tests import factories

World = tuple[str, bps.BpsWorld]


@pytest.fixture
def series(bps_source: Source) -> Series:
    made: Series = factories.SeriesFactory(source=bps_source, variable="904", unit="Persen", years_back=6)
    return made


def pull(series: Series, *, last_attempt: bool = True) -> Pull:
    row = Pull.objects.create(series=series)
    pulls.carry_out(row.pk, last_attempt=last_attempt)
    row.refresh_from_db()
    return row


def test_figures_come_with_their_provenance(series: Series, stand_in: World) -> None:
    done = pull(series)
    assert (done.state, done.added, done.revised) == (PullState.DONE, 66, 0)
    last_year = timezone.localdate().year - 1
    figure = Observation.objects.current().get(
        series=series, region__bps_code="6402", period__startswith=factories.first_day(last_year)
    )
    assert figure.region.name == "Kabupaten Kutai Barat"
    assert figure.value == Decimal(str(stand_in[1].figures["904"]["6402", last_year]))
    payload = done.payloads.get()
    assert bps.KEY not in payload.address
    assert b'"datacontent"' in gzip.decompress(payload.body)
    assert figure.payload == payload


def test_the_same_answer_again_changes_nothing(series: Series) -> None:
    pull(series)
    again = pull(series)
    assert (again.added, again.revised, again.unchanged) == (0, 0, 66)
    assert Payload.objects.filter(series=series).count() == 1


def test_a_revision_adds_a_version_and_keeps_the_old_one(series: Series, stand_in: World) -> None:
    pull(series)
    year = timezone.localdate().year - 1
    stand_in[1].figures["904"]["6402", year] = 9.99
    assert pull(series).revised == 1
    versions = Observation.objects.filter(
        series=series, region__bps_code="6402", period__startswith=factories.first_day(year)
    )
    assert versions.count() == 2
    assert versions.current().get().value == Decimal("9.99")
    assert AuditEvent.objects.filter(action="figures.revised", target_id=str(series.pk)).exists()


@pytest.mark.parametrize("fault", ["html", "html403", "error", "truncated"])
def test_garbage_changes_nothing_and_says_what_was_found(fault: str, series: Series, stand_in: World) -> None:
    pull(series)
    before = list(Observation.objects.values_list("pk", "value").order_by("pk"))
    stand_in[1].fault = fault
    failed = pull(series)
    assert failed.state == PullState.FAILED
    assert "Diharapkan" in failed.problem
    assert list(Observation.objects.values_list("pk", "value").order_by("pk")) == before


@pytest.mark.parametrize("fault", ["unavailable", "drop", "slow"])
def test_what_may_pass_is_worth_a_retry(fault: str, series: Series, stand_in: World) -> None:
    stand_in[1].fault = fault
    row = Pull.objects.create(series=series)
    with pytest.raises(SourceUnavailable):
        pulls.carry_out(row.pk, last_attempt=False)
    stand_in[1].fault = "none"
    pulls.carry_out(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (PullState.DONE, 2)


def test_a_wrong_key_is_no_reason_to_retry(series: Series) -> None:
    series.source.api_key = "salah"
    series.source.save()
    failed = pull(series, last_attempt=False)
    assert failed.state == PullState.FAILED
    assert "kunci" in failed.problem or "UserNotFound" in failed.problem
    assert "salah" not in failed.problem


def test_a_changed_unit_stops_the_comparison(series: Series, stand_in: World) -> None:
    pull(series)
    stand_in[1].units["904"] = "jiwa"
    failed = pull(series)
    assert failed.state == PullState.FAILED
    assert "jiwa" in failed.problem


def test_the_breaker_opens_and_tells_the_stewards(series: Series, stand_in: World) -> None:
    steward = factories.member(Role.DATA_STEWARD)
    stand_in[1].fault = "unavailable"
    for _attempt in range(BREAKER_FAILURES):
        pull(series)
    assert steward.notices.count() == 1
    assert Series.objects.due().count() == 0
    asked = len(stand_in[1].requests)
    assert "dijeda" in pull(series).problem
    assert len(stand_in[1].requests) == asked
    stand_in[1].fault = "none"
    by_hand = Pull.objects.create(series=series, requested_by=steward)
    pulls.carry_out(by_hand.pk)
    series.source.refresh_from_db()
    assert series.source.consecutive_failures == 0


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://0.0.0.0:1/", "ftp://example.test/"],
)
def test_addresses_inside_are_out_of_reach(address: str, series: Series, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_INTERNAL = []
    Source.objects.filter(pk=series.source_id).update(base_address=address)
    assert pull(series).state == PullState.FAILED
    assert not Payload.objects.filter(series=series).exists()


def test_the_stand_ins_own_address_is_refused_without_permission(series: Series, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_INTERNAL = []
    assert "jaringan sendiri" in pull(series).problem


def test_an_answer_without_end_is_cut_off(series: Series, settings: Any) -> None:
    settings.OUTBOUND_MAX_BYTES = 100
    assert "100 byte" in pull(series).problem


def test_asking_twice_is_one_waiting_pull(series: Series) -> None:
    first = pulls.request_pull(series=series, by=None)
    assert pulls.request_pull(series=series, by=None) == first
    assert Series.objects.due().count() == 0


@pytest.fixture
def committed_series(stand_in: World, settings: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[Series]:
    """A series that other connections see too, taken away again afterwards (flushing would take the reference data
    along)."""
    settings.OUTBOUND_ALLOWED_INTERNAL = [stand_in[0].split("/")[2]]
    with django_db_blocker.unblock():
        source = factories.SourceFactory(base_address=stand_in[0], api_key=bps.KEY)
        series = factories.SeriesFactory(source=source, variable="904")
        yield series
        for rows in (series.observations, series.pulls, series.payloads):
            rows.all().delete()
        series.delete()
        source.delete()
        connection.close()


def test_two_workers_on_one_series_store_once(committed_series: Series, settings: Any) -> None:
    settings.OUTBOUND_TIMEOUT_SECONDS = 30  # a busy machine is not a source that is away
    series = committed_series
    held: list[bool] = []
    told: list[str] = []

    def work() -> None:
        with advisory_lock(f"pull:{series.pk}") as mine:
            held.append(mine)
            for _try in range(3 if mine else 0):  # a machine under load is away for a moment, and a pull is tried again
                pull = Pull.objects.create(series=series, state=PullState.RUNNING)
                pulls.carry_out(pull.pk)
                pull.refresh_from_db()
                told.append(f"{pull.state}: {pull.problem}")
                if series.observations.exists():
                    break
        connection.close()

    threads = [threading.Thread(target=work) for _worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert any(held)
    # 11 regions × the 5 years that the series asks for
    assert Observation.objects.filter(series=series).count() == 55, told
    assert Observation.objects.filter(series=series).current().count() == 55


def test_new_figures_judge_reported_values_again_and_tell_the_owners(operator: Any, head: Any) -> None:
    indicator = factories.compared_indicator("85")
    report = factories.report_of(indicator.program, operator)
    key = report.values.get().pk
    save_report(
        pk=report.pk,
        by=operator,
        version=report.version,
        cells=[CellEntry("v", key, "value", Decimal("85.5"))],
        submit=True,
    )
    value = report.values.get()
    assert value.verdict == "matches"
    series = indicator.reference_series
    series.observations.update(superseded_at=timezone.now())
    revised = factories.observe(series, "95", year=timezone.localdate().year - 1)
    assert revalidate(series=series) == 1
    value.refresh_from_db()
    assert (value.verdict, value.reference_id) == ("deviates", revised.pk)
    assert operator.notices.filter(text__contains=indicator.program.name).count() == 1
    assert revalidate(series=series) == 0
    assert operator.notices.filter(text__contains=indicator.program.name).count() == 1
    report.refresh_from_db()
    assert report.state == ReportState.SUBMITTED


def test_ten_thousand_series_due_at_once_are_queued_once(bps_source: Source, monkeypatch: Any) -> None:
    """Two statements, one message each; the sweeps that come while the queue is worked off add none."""
    Series.objects.bulk_create(
        [Series(source=bps_source, query={"n": number}, name=f"S{number}", unit="Persen") for number in range(10_000)],
        batch_size=2_000,
    )
    messages: list[int] = []
    monkeypatch.setattr(current_app, "send_task", lambda _name, args, **_options: messages.append(args[0]))
    with CaptureQueriesContext(connection) as queries:
        assert pulls.request_due() == 10_000
    assert len(queries) <= 40, "a statement for some hundreds of them, none for each"
    assert len(messages) == len(set(messages)) == 10_000
    assert pulls.request_due() == 0
    assert pulls.hand_over(waited=dt.timedelta(0), stuck=dt.timedelta(minutes=15)) == 0
    assert len(messages) == 10_000
    # A queue that lost its messages: ten minutes later they are sent again.
    Pull.objects.update(handed_at=timezone.now() - dt.timedelta(minutes=11))
    assert pulls.hand_over(waited=dt.timedelta(0)) == 10_000


def test_a_queue_that_is_away_keeps_every_pull(bps_source: Source, monkeypatch: Any) -> None:
    factories.SeriesFactory.create_batch(3, source=bps_source)

    def away(*_args: Any, **_options: Any) -> None:
        raise OSError("connection refused")

    monkeypatch.setattr(current_app, "send_task", away)
    assert pulls.request_due() == 3
    assert Pull.objects.waiting().filter(handed_at__isnull=True).count() == 3


def test_a_stale_series_is_told_once(series: Series) -> None:
    steward = factories.member(Role.DATA_STEWARD)
    pull(series)
    assert pulls.tell_stale() == 0
    Series.objects.filter(pk=series.pk).update(pulled_at=timezone.now() - dt.timedelta(days=8))
    assert pulls.tell_stale() == 1
    assert pulls.tell_stale() == 0
    assert steward.notices.count() == 1
