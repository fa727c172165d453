"""Lists that show exactly the rows that a figure elsewhere has counted.

A list lies on a floor below whoever counts its rows (a warning counts packages), so it can't ask there. Whoever counts
makes its sets known here by a name, and links to the list with `?counted_by=NAME-NUMBER`; the list narrows what its
reader sees anyway to those rows.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import django_filters
from django import forms

Counted = Callable[[int], Sequence[int] | None]
NAMED = re.compile(r"([a-z]+)-([1-9][0-9]{0,17})", re.ASCII)
PARAMETER = "counted_by"

_known: dict[str, Counted] = {}


def register(name: str, counted: Counted) -> None:
    """`counted` gives the primary keys of the rows that the set of a number has; None where there is no such set."""
    _known[name] = counted


def rows_of(value: str) -> Sequence[int] | None:
    named = NAMED.fullmatch(value)
    counted = _known.get(named[1]) if named else None
    return counted(int(named[2])) if named and counted else None


def address(url: str, name: str, number: int) -> str:
    """The list at `url`, narrowed to the set."""
    return f"{url}{'&' if '?' in url else '?'}{PARAMETER}={name}-{number}"


class RowSetFilter(django_filters.CharFilter):
    """To stand in a FilterSet as `counted_by`. A set that is gone has no rows: never all of them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.HiddenInput, **more)

    def filter(self, qs: Any, value: str) -> Any:
        return qs.filter(pk__in=rows_of(value) or ()) if value else qs
