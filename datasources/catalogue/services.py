"""What a source offers, read in the background and searched here: a source's own search is slow or not there."""

import datetime as dt
from collections.abc import Iterable
from itertools import islice

import pghistory
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, queue
from datasources.choices import CATALOGUE_TRANSITIONS, CatalogueState
from datasources.connectors.base import Ask, CatalogueOffer, SourceRefused, SourceUnavailable
from datasources.connectors.parsing import UnexpectedAnswer
from datasources.connectors.registry import connector_for
from datasources.models import CatalogueEntry, Source
from datasources.permissions import check_may_steward

MAX_ENTRIES = 200_000
BATCH = 2_000
PROGRESS_STEP = 50


@transaction.atomic
def save_source(*, source: Source, by: User) -> Source:
    """A new source, or a changed one; the caller has validated it."""
    check_may_steward(by)
    source.save()
    audit.record("source.saved", source, by=by)
    return source


def request_refresh(*, source: Source, by: User, domain: str = "") -> None:
    """Read the catalogue anew, after the commit; nothing when that is under way."""
    check_may_steward(by)
    with transaction.atomic():
        row = Source.objects.select_for_update().get(pk=source.pk)
        if CatalogueState.QUEUED not in CATALOGUE_TRANSITIONS[row.catalogue_state]:
            return
        with pghistory.context(task="catalogue"):
            row.catalogue_state, row.catalogue_progress, row.catalogue_problem = CatalogueState.QUEUED, 0, ""
            row.save(update_fields=["catalogue_state", "catalogue_progress", "catalogue_problem"])
        audit.record("catalogue.requested", row, by=by, domain=domain)
    queue.send_after_commit(
        "datasources.catalogue.tasks.refresh_catalogue",
        source.pk,
        domain,
        priority=0,
        if_away=lambda: _set(
            source.pk, CatalogueState.FAILED, _("The worker cannot be reached just now. Try again in a minute.")
        ),
    )


def refresh(source_pk: int, domain: str = "") -> int:
    """Read everything first, then replace what was there of that domain: a source that dies half-way changes
    nothing."""
    source = Source.objects.get(pk=source_pk)
    connector = connector_for(source.kind)
    _set(source_pk, CatalogueState.RUNNING)
    Source.objects.filter(pk=source_pk).update(catalogue_started_at=timezone.now())
    ask = Ask(
        source.base_address,
        {"domain": domain} if domain else {},
        0,
        0,
        key=source.api_key,
        key_header=source.key_header,
    )
    offers: dict[tuple[str, str, str], CatalogueOffer] = {}
    try:
        for offer in islice(connector.catalogue(ask), MAX_ENTRIES):
            offers[offer.kind, offer.domain, offer.code] = offer
            if len(offers) % PROGRESS_STEP == 0:
                Source.objects.filter(pk=source_pk).update(catalogue_progress=len(offers))
    except (SourceUnavailable, SourceRefused, UnexpectedAnswer) as error:
        _set(source_pk, CatalogueState.FAILED, str(error))
        return 0
    _replace(source, offers.values())
    return len(offers)


@transaction.atomic
def _replace(source: Source, offers: Iterable[CatalogueOffer]) -> None:
    now = timezone.now()
    rows = [
        CatalogueEntry(
            source=source,
            kind=offer.kind,
            domain=offer.domain,
            code=offer.code,
            title=offer.title[:300] or offer.code,
            subject=offer.subject[:200],
            unit=offer.unit[:60],
            note=offer.note[:2000],
            query=dict(offer.query),
            seen_at=now,
        )
        for offer in offers
    ]
    CatalogueEntry.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["source", "kind", "domain", "code"],
        update_fields=["title", "subject", "unit", "note", "query", "seen_at"],
    )
    domains = {row.domain for row in rows}
    CatalogueEntry.objects.filter(source=source, domain__in=domains, seen_at__lt=now).delete()
    Source.objects.filter(pk=source.pk).update(
        catalogue_state=CatalogueState.DONE, catalogue_progress=len(rows), catalogued_at=now, catalogue_problem=""
    )


def _set(source_pk: int, state: CatalogueState, problem: str = "") -> None:
    Source.objects.filter(pk=source_pk).update(catalogue_state=state, catalogue_problem=problem)


def end(source_pk: int, why: str) -> None:
    """Its reading died."""
    Source.objects.filter(pk=source_pk, catalogue_state__in=CatalogueState.open_states()).update(
        catalogue_state=CatalogueState.FAILED, catalogue_problem=why
    )


def end_what_died(before: dt.datetime, why: str) -> int:
    dead = Source.objects.filter(catalogue_state=CatalogueState.RUNNING, catalogue_started_at__lt=before)
    return dead.update(catalogue_state=CatalogueState.FAILED, catalogue_problem=why)


def search(source: Source, words: str) -> QuerySet[CatalogueEntry]:
    """Entries that hold every word, in the title, the subject, or as their number."""
    found = source.catalogue.all()
    for word in words.split()[:8]:
        found = found.filter(
            Q(title__icontains=word) | Q(subject__icontains=word) | Q(code=word) | Q(note__icontains=word)
        )
    return found
