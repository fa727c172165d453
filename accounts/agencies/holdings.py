"""What belongs to an OPD and goes to its successor, declared by each app for its own rows (`settings.AGENCY_HOLDINGS`).

What is over stays where it is, under the name of its time: each kind says which of its rows are still open.
"""

import datetime as dt
from abc import ABC
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from accounts.models import Agency

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


class Holding(ABC):
    """A kind of rows. `follows` names another kind and the column by which a row goes where that kind's row goes."""

    name: str
    label: "StrOrPromise"
    model: type[models.Model]
    agency_field = "agency"
    follows: ClassVar[tuple[str, str] | None] = None
    bears_name: ClassVar[bool] = False  # what is over is shown under the OPD's name

    def rows(self, agency: Agency, day: dt.date) -> "models.QuerySet[Any]":
        """Those of the OPD that are open on the day, or begin later."""
        return self.model._default_manager.filter(**{self.agency_field: agency})  # noqa: SLF001 (Django's own name)

    def said(self, row: Any) -> str:
        return str(row)

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        """Hand the rows over; what stands in the way at the successor is told apart first."""
        self.model._default_manager.filter(pk__in=keys).update(**{self.agency_field: successor})  # noqa: SLF001

    @property
    def table(self) -> str:
        return self.model._meta.db_table  # noqa: SLF001 (Django's public-by-use API)


@cache
def holdings() -> list[Holding]:
    """Every kind, those that others follow first."""
    found: list[Holding] = [import_string(path)() for path in settings.AGENCY_HOLDINGS]
    return sorted(found, key=lambda each: each.follows is not None)


def is_known_by_name(agency: Agency) -> bool:
    """Whether anything is shown under the OPD's name, so that another name would rewrite what was."""
    return any(each.rows(agency, dt.date.min).exists() for each in holdings() if each.bears_name)


def told_apart(name: str, former: Agency, limit: int, taken: Collection[str]) -> str:
    """A name that the successor has already, with where it came from; numbered where that is taken as well."""
    numbers = ("", *(f" {number}" for number in range(2, len(taken) + 3)))  # one more than can be taken
    marks = (f" (eks {former.short_name}{number})" for number in numbers)
    return next(found for mark in marks if (found := f"{name[: limit - len(mark)]}{mark}") not in taken)
