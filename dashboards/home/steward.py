"""The data steward's first page: what of the reference data changed, is held, or found no place."""

import datetime as dt
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core.formats import day
from dashboards.home.blocks import BlockLine, HomeBlock, first_rows
from datasources.models import Pull, Series

LATELY = dt.timedelta(days=14)


def blocks(user: User, _year: int, _today: dt.date) -> list[HomeBlock]:
    return [_held(user), _changed(user), _without_place(user), _named_twice(user)]


def _held(user: User) -> HomeBlock:
    rows = Series.objects.visible_to(user).filter(held_since__isnull=False).order_by("held_since", "pk")
    lines, count = first_rows(
        rows, lambda row: BlockLine(row.name, row.hold_reason, row.get_absolute_url(), day(row.held_since), "bad")
    )
    return HomeBlock(
        _("Series that are held"), "lock", _("No series is held: all are pulled when it is time."), lines, count
    )


def _changed(user: User) -> HomeBlock:
    """A pull that revised figures or no longer found some, and how many indicators are compared with the series."""
    rows = (
        Pull.objects.visible_to(user)
        .good()
        .filter(Q(revised__gt=0) | Q(missing__gt=0), finished_at__gte=timezone.now() - LATELY)
        .select_related("series")
        .annotate(compared=Count("series__indicators", distinct=True))
        .order_by("-finished_at", "-pk")
    )
    lines, count = first_rows(rows, _change)
    return HomeBlock(
        _("Figures that changed"),
        "history",
        _("No pull of the last fourteen days has changed a figure that was there."),
        lines,
        count,
        note=_("What a source has revised or taken away in the last fourteen days, and whom it touches."),
    )


def _change(row: Any) -> BlockLine:
    touched = ngettext(
        "%(count)s indicator is compared with it", "%(count)s indicators are compared with it", row.compared
    )
    said = _("%(revised)s revised, %(missing)s gone") % {"revised": row.revised, "missing": row.missing}
    return BlockLine(
        row.series.name,
        f"{day(row.finished_at)} · {touched % {'count': row.compared}}",
        reverse("datasources:pull", args=[row.pk]),
        said,
        "warn" if row.compared else "quiet",
    )


def _without_place(user: User) -> HomeBlock:
    """Of the last good pull of each series: rows that are no region of ours, or were left out for another reason."""
    last = Pull.objects.good().filter(series=OuterRef("pk"), rolled_back_to__isnull=True).order_by("-pk")
    rows = (
        Series.objects.visible_to(user)
        .active()
        .annotate(last_pull=Subquery(last.values("pk")[:1]), last_notes=Subquery(last.values("notes")[:1]))
        .filter(last_notes__isnull=False)
        .exclude(last_notes=[])
        .order_by("name", "pk")
    )
    lines, count = first_rows(rows, _left_out)
    return HomeBlock(
        _("Rows without a place"),
        "map",
        _("At the last pull every row of every series found its place."),
        lines,
        count,
        note=_("Series of whose last pull rows were left out: map their regions, or leave them out on purpose."),
    )


def _left_out(row: Any) -> BlockLine:
    first = row.last_notes[0]
    said = ngettext("%(count)s note", "%(count)s notes", len(row.last_notes)) % {"count": len(row.last_notes)}
    return BlockLine(
        row.name,
        f"{first.get('place', '')}: {first.get('reason', '')}",
        reverse("datasources:pull", args=[row.last_pull]),
        said,
    )


def _named_twice(user: User) -> HomeBlock:
    """Two active series of one name: figures that are compared with the wrong one look right."""
    series = Series.objects.visible_to(user).active().annotate(said=Lower("name"))
    twice = series.order_by().values("said").annotate(times=Count("pk")).filter(times__gt=1).values("said")
    lines, count = first_rows(
        series.filter(said__in=twice).select_related("source").order_by("said", "pk"),
        lambda row: BlockLine(row.name, row.source.name, row.get_absolute_url(), row.unit),
    )
    return HomeBlock(
        _("Series of the same name"), "database", _("No two active series have the same name."), lines, count
    )
