"""Filters that the pages' lists and the API share."""

from typing import Any

import django_filters

from core.periods import Period


class PeriodFilter(django_filters.CharFilter):
    """`2026-Q1`; anything that is no period finds nothing rather than everything."""

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        try:
            return qs.filter(**{self.field_name: Period.parse(value)})
        except ValueError:
            return qs.none()


class WithinPeriodFilter(django_filters.CharFilter):
    """Rows of a period inside the one given: `2026` finds the quarters of the year."""

    def filter(self, qs: Any, value: str) -> Any:
        if not value:
            return qs
        try:
            return qs.filter(**{f"{self.field_name}__contained_by": Period.parse(value)})
        except ValueError:
            return qs.none()
