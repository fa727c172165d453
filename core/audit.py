"""The audit trail: what changed (triggers, append-only) and what was decided and why (AuditEvent).

Triggers of django-pghistory write a row for every change of a tracked model, bulk updates included. The context joins
them to the person, the page and the reason; `record` adds the decision itself in the same transaction.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pghistory
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import AuditEvent

ONCE_IN = timedelta(hours=1)  # the same refusal, or the same read, of the same person
MOST_REFUSALS = 200  # of one person within that time: a flood leaves a trace and does not fill the table


class HistoryMiddleware:
    """Every row that a request writes carries who, from which page, and the reason when the form asked for one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        user = request.user
        with pghistory.context(
            user=user.pk if user.is_authenticated else None,
            who=user.get_username() if user.is_authenticated else "",
            page=request.path,
        ):
            return self.get_response(request)


def track(*, exclude: tuple[str, ...] = ()) -> Callable[[type[models.Model]], type[models.Model]]:
    """Class decorator: keep an append-only history of the model. `exclude` names encrypted or derived columns."""
    options: dict[str, Any] = {"append_only": True, "obj_field": pghistory.ObjForeignKey(db_index=True)}
    if exclude:
        options["exclude"] = list(exclude)
    decorated: Callable[[type[models.Model]], type[models.Model]] = pghistory.track(
        pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), **options
    )
    return decorated


def on_behalf_of(user: Any) -> None:
    """In a task, before its writes: their history rows carry whose decision it carries out."""
    pghistory.context(user=user.pk, who=user.get_username())


def with_reason(reason: str) -> None:
    """Say why, before the writes that follow in this request or task: their history rows carry it."""
    if reason:
        pghistory.context(reason=reason)


def record(
    action: str,
    target: models.Model | None,
    *,
    by: models.Model | None,
    reason: str = "",
    acting_for: models.Model | None = None,
    **details: Any,
) -> AuditEvent:
    """Append one decision, named `<noun>.<past participle>`. No foreign keys: the trail outlives what it speaks of.

    `acting_for` is who lent the role in which it was decided.
    """
    with_reason(reason)
    if acting_for is not None:
        details |= {"acting_for": str(acting_for), "acting_for_id": acting_for.pk}
    return AuditEvent.objects.create(
        action=action,
        target_type=target._meta.label_lower if target is not None else "",  # noqa: SLF001 (Django's public-by-use API)
        target_id=str(target.pk) if target is not None else "",
        target_name=str(target)[:300] if target is not None else "",
        actor_id=by.pk if by is not None else None,
        actor_name=str(by) if by is not None else "",
        reason=reason,
        details=details,
    )


def note_refusal(user: models.Model, page: str, why: str) -> None:
    """A page that was refused by its rule: once an hour for a person and page."""
    recent = AuditEvent.objects.filter(action="access.refused", actor_id=user.pk, at__gt=timezone.now() - ONCE_IN)
    kept = page[:60]
    if recent.filter(target_id=kept).exists() or recent.count() >= MOST_REFUSALS:
        return
    AuditEvent.objects.create(
        action="access.refused",
        target_type="page",
        target_id=kept,
        target_name=page[:300],
        actor_id=user.pk,
        actor_name=str(user),
        reason=why[:300],
    )


def note_read(request: HttpRequest, action: str, target: models.Model, since: datetime | None = None) -> None:
    """Remember that this person reads this; `core.middleware.traced_reads` writes it once the answer is there.

    GET cannot write, and its transaction is read-only: the trace is written after it, before anything is sent.
    A read before `since`, when the record became what it is, is another one.
    """
    request.traced_reads = [*getattr(request, "traced_reads", []), (action, target, since)]  # type: ignore[attr-defined]  # ours


def write_reads(request: HttpRequest) -> None:
    """What `note_read` remembered, once an hour for a person and record."""
    for action, target, changed_at in getattr(request, "traced_reads", []):
        label = target._meta.label_lower  # noqa: SLF001 (Django's public-by-use API)
        since = max(filter(None, (timezone.now() - ONCE_IN, changed_at)))
        same = AuditEvent.objects.filter(target_type=label, target_id=str(target.pk), action=action, at__gt=since)
        if not same.filter(actor_id=request.user.pk).exists():
            record(action, target, by=request.user)  # type: ignore[arg-type]  # note_read stands behind a sign-in


def _shown(field: Any, value: Any, names: dict[tuple[type[models.Model], Any], str]) -> Any:
    """What the record said of the field, for a reader: words of a choice, the name of a related row."""
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    if field.is_relation and value is not None:
        return names.get((field.remote_field.model, value), _("a row that is no longer there"))
    if isinstance(value, dict | list):
        return _("details (%(count)s)") % {"count": len(value)} if value else None
    return value


Change = tuple[Any, Any, Any]


def _named(changes: Iterable[Change]) -> dict[tuple[type[models.Model], Any], str]:
    """The related rows that changes speak of, by name; a query for each kind of them."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for field, *values in changes:
        if field.is_relation:
            wanted.setdefault(field.remote_field.model, set()).update(value for value in values if value is not None)
    return {
        (model, pk): str(row)
        for model, pks in wanted.items()
        for pk, row in model._base_manager.in_bulk(pks).items()  # noqa: SLF001 (rows that lists leave out as well)
    }


def history_of(target: models.Model, limit: int = 50) -> list[dict[str, Any]]:
    """The last changes of one record, newest first: {at, who, page, reason, label, changes: [(field, before, after)]}.

    The event rows with their contexts, and a query for each kind of related row that changed.
    """
    event_model = target.pgh_event_model  # type: ignore[attr-defined]  # django-pghistory adds it
    tracked = [
        field
        for field in event_model._meta.concrete_fields  # noqa: SLF001
        if not field.name.startswith("pgh_") and field.name not in {"id", "version", "updated_at"}
    ]
    events = list(
        event_model.objects.filter(pgh_obj_id=target.pk).select_related("pgh_context").order_by("-pgh_id")[: limit + 1]
    )
    rows = []
    for index, event in enumerate(events[:limit]):
        before = events[index + 1] if index + 1 < len(events) else None
        metadata = event.pgh_context.metadata if event.pgh_context else {}
        changes: list[Change] = [
            (field, getattr(before, field.attname), getattr(event, field.attname))
            for field in tracked
            if before is not None and getattr(before, field.attname) != getattr(event, field.attname)
        ]
        rows.append(
            {
                "at": event.pgh_created_at,
                "label": event.pgh_label,
                "who": metadata.get("who", ""),
                "page": metadata.get("page", ""),
                "is_own_work": "task" in metadata,
                "reason": metadata.get("reason", ""),
                "changes": changes,
            }
        )
    names = _named(change for row in rows for change in row["changes"])
    for row in rows:
        row["changes"] = [
            (field.verbose_name, _shown(field, before, names), _shown(field, after, names))
            for field, before, after in row["changes"]
        ]
    return rows
