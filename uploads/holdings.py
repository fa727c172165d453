"""What the portal has learnt of the columns of an OPD's lists: its successor's lists look the same."""

import datetime as dt
from collections.abc import Collection
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from accounts.agencies.holdings import Holding
from accounts.models import Agency
from uploads.models import LearntHeading, SavedMapping


class LearntHolding(Holding):
    """Where the successor has taught the portal the same, its own word counts."""

    scope: ClassVar[tuple[str, ...]]

    def move(self, keys: Collection[int], former: Agency, successor: Agency, day: dt.date) -> None:
        rows: Any = self.model._default_manager  # noqa: SLF001 (Django's own name)
        own = set(rows.filter(agency=successor).values_list(*self.scope))
        free = [
            row.pk for row in rows.filter(pk__in=keys) if tuple(getattr(row, name) for name in self.scope) not in own
        ]
        super().move(free, former, successor, day)


class MappingHolding(LearntHolding):
    name, label, model = "mapping", _("Saved columns of lists"), SavedMapping
    scope = ("dataset", "name")


class HeadingHolding(LearntHolding):
    name, label, model = "heading", _("Learnt headings of lists"), LearntHeading
    scope = ("dataset", "heading")
