"""Several OCDS releases of one process to the one that counts, by the standard's rules for merging (ocdsmerge).

Releases are merged in the order of their moments, whatever their order in the file. Of compiled releases, which each
say everything, the newest is the beginning, and what was published later is merged into it. A release without a moment
has no place among others and is left out by name.
"""

import datetime as dt
import json
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import ocdsmerge
from django.utils.translation import gettext as _
from ocdsmerge.exceptions import OCDSMergeError

# Lists of the release schema 1.1 whose elements have no id of their own: the newest list counts as a whole. Source:
# https://standard.open-contracting.org/1.1/en/schema/merging/ (whole list merge).
_OF_ITEMS = [(place, "items", "additionalClassifications") for place in ("tender", "awards", "contracts")]
_OF_AMENDMENTS = [
    (place, name, "changes") for place in ("tender", "awards", "contracts") for name in ("amendment", "amendments")
]
_OF_ORGANISATIONS = [
    (*place, "additionalIdentifiers")
    for place in (
        ("parties",),
        ("buyer",),
        ("tender", "procuringEntity"),
        ("tender", "tenderers"),
        ("awards", "suppliers"),
        ("bids", "details", "tenderers"),
    )
]
MERGE_RULES = dict.fromkeys([("id",), ("date",), ("tag",)], "omitWhenMerged") | dict.fromkeys(
    [*_OF_ITEMS, *_OF_AMENDMENTS, *_OF_ORGANISATIONS], "wholeListMerge"
)
_merger = ocdsmerge.Merger(merge_rules=MERGE_RULES)

Numbered = tuple[int, dict[str, Any]]  # line or number in the file, release


@dataclass
class CompiledProcess:
    """`release` is None where no release of the process can be used; `left_out` are (number, why)."""

    release: dict[str, Any] | None
    left_out: list[tuple[int, str]] = field(default_factory=list)


def compile_process(found: Sequence[Numbered]) -> CompiledProcess:
    """All releases of one process in a file. One alone counts as it is, with or without a moment."""
    distinct = list({json.dumps(release, sort_keys=True): (number, release) for number, release in found}.values())
    if len(distinct) == 1:
        return CompiledProcess(distinct[0][1])
    why = _("has no date that can be read: its place among the releases of its process is not known")
    left_out = [(number, why) for number, release in distinct if moment_of(release) is None]
    releases = _in_order([release for _number, release in distinct])
    newest = max((at for at, release in enumerate(releases) if is_compiled(release)), default=0)
    releases = releases[newest:]
    if len(releases) < 2:  # noqa: PLR2004 (one alone is not merged)
        return CompiledProcess(releases[0] if releases else None, left_out)
    try:
        return CompiledProcess(_merged(releases), left_out)
    except (OCDSMergeError, AttributeError, TypeError, ValueError):
        why = _("contradicts the other releases of its process in the kind of a value; they can't be merged")
        return CompiledProcess(None, [(number, why) for number, _release in distinct])


def _in_order(releases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """By their moments; of one moment by what they are, so that their order in the file says nothing."""
    dated = [(moment, release) for release in releases if (moment := moment_of(release)) is not None]
    dated.sort(key=lambda pair: (pair[0], str(pair[1].get("id")), json.dumps(pair[1], sort_keys=True)))
    return [release for _moment, release in dated]


def moment_of(release: dict[str, Any]) -> dt.datetime | None:
    """When the release was published, of ISO 8601; a day or a time without a zone is taken as UTC."""
    try:
        moment = dt.datetime.fromisoformat(release["date"].strip())
    except (KeyError, AttributeError, ValueError):
        return None
    try:
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except OverflowError:
        return None


def is_compiled(release: dict[str, Any]) -> bool:
    return isinstance(release.get("tag"), list) and "compiled" in release["tag"]


def _merged(releases: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of releases in order. The library compares dates as text: a number of one width stands for each."""
    with warnings.catch_warnings():  # of two objects with one id, of which the later counts
        warnings.simplefilter("ignore")
        merged: dict[str, Any] = _merger.create_compiled_release(
            [release | {"date": f"{at:09}"} for at, release in enumerate(releases)]
        )
    date = releases[-1]["date"]
    return merged | {"id": f"{merged.get('ocid')}-{date}", "date": date}
