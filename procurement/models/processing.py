"""Rows whose work the worker does: an auditor's file, a data set of others."""

import datetime as dt
from typing import Self, TypeVar

from django.db import models

from procurement.choices import UNDERWAY_STATES, ProcessingState

Row = TypeVar("Row", bound=models.Model)


class ProcessingQuerySet(models.QuerySet[Row]):
    def under_way(self) -> Self:
        return self.filter(state__in=UNDERWAY_STATES)

    def begun_before(self, moment: dt.datetime) -> Self:
        return self.filter(state=ProcessingState.RUNNING, started_at__lt=moment)

    def give_up(self, why: str) -> int:
        """The work came to nothing; why stands on the row's page. How many."""
        return self.update(state=ProcessingState.FAILED, problem=why)
