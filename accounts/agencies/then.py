"""Whose a row was on a day, and by which name: what a list, a file or a page says of something that has a day.

A programme or a package goes on to the successor, a report of spring or a contract of May stays what the former OPD
did. Lists by OPD find it under both: as what it is today it counts in sums, as what it was it is looked for.
"""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.agencies.models import AgencyMove
from accounts.models import Agency


def agency_on(row: Any, day: dt.date) -> Agency:
    """Of one row with `agency`. One query."""
    first = moves_of(type(row)).filter(row=row.pk, change__day__gt=day).select_related("former").first()
    agency: Agency = first.former if first is not None else row.agency
    return agency


def agency_then(moving: type[models.Model], row: str, day: str, field: str = "id") -> Coalesce:
    """A column of a query: the OPD (`field` of it) whose the row at the path `row`, of the table of `moving`, was on
    the day at the path `day`; of a period, its last one."""
    since = {"change__day__gte": OuterRef(f"{day}__endswith")} if day.endswith("period") else {}
    since = since or {"change__day__gt": OuterRef(day)}
    former = moves_of(moving).filter(row=OuterRef(f"{row}__pk"), **since)
    first = Subquery(former.values(f"former__{field}")[:1])
    kind = models.BigIntegerField() if field == "id" else models.CharField()
    return Coalesce(first, F(f"{row}__agency__{field}"), output_field=kind)


def moves_of(moving: type[models.Model]) -> "models.QuerySet[AgencyMove]":
    """In the order of their days: the first after a day says whose the row was on it."""
    table = moving._meta.db_table  # noqa: SLF001 (Django's public-by-use API)
    return AgencyMove.objects.filter(table=table).order_by("change__day", "pk")
