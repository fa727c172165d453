"""The facts that the rules read, as temporary tables, and what a rule raises on them.

`facts_own.sql` and `facts_outside.sql` say the same things in the same tables, of the portal's own packages or of a
loaded OCDS data set; `limits.sql` adds the dated limits, `prepared.sql` what several rules share.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import DataError, transaction

from core.sql import statement
from procurement.red_flags.rules import DEFAULT_SETTINGS, RULES, FlagDefinition

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper


@dataclass(frozen=True)
class RaisedFlag:
    """A flag as a rule gives it. `process` is the package's or release's row, None for a party."""

    code: str
    subject: str
    key: str
    process: int | None
    value: float
    evidence: Any


# Tables that rest on bids and awards, and tables of contracts and of who is behind a supplier: no rule reads both.
BID_FACTS = (
    "fact_tenderers",
    "fact_bid",
    "fact_award",
    "fact_item",
    "outcome",
    "money",
    "summary",
    "gap",
    "party_record",
)
PAPER_FACTS = ("fact_contract", "fact_tie", "fact_member")
_READY = {
    "fact_process": "ALTER TABLE fact_process ADD PRIMARY KEY (id); ANALYZE fact_process (id, buyer, method, used, "
    "kind, day, year, ceiling_currency, is_cancelled, came_to_nothing, is_compared, is_framework, name_key, "
    "designed_in, repeats)",
    "fact_joint": "ANALYZE fact_joint",
    "fact_bid": "CREATE INDEX ON fact_bid (process); ANALYZE fact_bid (process, status, party, joint, amount)",
    "fact_award": "ANALYZE fact_award (process, status)",
    "fact_contract": "ANALYZE fact_contract (process, supplier)",
    "fact_tie": "CREATE INDEX ON fact_tie (hash); ANALYZE fact_tie",
    "fact_member": "CREATE INDEX ON fact_member (supplier_id); CREATE INDEX ON fact_member (package_id); "
    "ANALYZE fact_member",
}


class RunHalf(StrEnum):
    """The two halves of a run over the own packages: each needs only its own facts, so two sessions can share it."""

    BIDS = "bids"
    PAPERS = "papers"


def part_of(rule: FlagDefinition) -> RunHalf:
    """A rule that reads the packages alone goes with the bids: the papers take longer."""
    return RunHalf.PAPERS if any(name in rule.sql for name in PAPER_FACTS) else RunHalf.BIDS


def prepare(
    cursor: "CursorWrapper",
    *,
    dataset: int | None = None,
    packages: Iterable[int] | None = None,
    part: RunHalf | None = None,
    settings: Mapping[str, str] = DEFAULT_SETTINGS,
) -> None:
    """Fill the temporary facts, inside the caller's transaction.

    `packages` limits them to some of the own packages, `part` to what that half of the rules reads; `settings` are
    those of all flags.
    """
    where, values = "true", {"dataset": dataset} | _settings_read(settings)
    if packages is not None:
        where, values["packages"] = "p.id = ANY (%(packages)s)", list(packages)
    # Millions of rows are read once and sorted: the server's small default would put all of it on the disk.
    # It can only be set before a session's first temporary table, and a rolled-back one leaves no other trace.
    with contextlib.suppress(DataError), transaction.atomic():
        cursor.execute("SET temp_buffers = '192MB'")
    cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; SET LOCAL default_statistics_target = 10")
    # All is read in whole tables. Where statistics are behind the rows (a list has just been taken over), nested loops
    # would compare each row with each other one for minutes.
    cursor.execute("SET LOCAL enable_nestloop = off")
    left_out = {
        None: set(),
        RunHalf.BIDS: set(PAPER_FACTS),
        RunHalf.PAPERS: set(BID_FACTS),
    }[part]
    text = statement("facts_own.sql" if dataset is None else "facts_outside.sql", beside=__file__).format(
        packages=where, is_not_excluded=_NOT_EXCLUDED, is_compared=_COMPARED
    )
    text = text.replace("<used>", _USED_OWN if dataset is None else _USED_OUTSIDE)
    cursor.execute(statement("limits.sql", beside=__file__))
    # Each table is made ready before the next is worked out from it.
    for part_of_text in text.split("\n\n"):
        table = re.search(r"CREATE TEMP TABLE (\w+)", part_of_text)
        if table is None or table[1] not in left_out:
            cursor.execute(part_of_text, values)
            if table and table[1] in _READY:
                cursor.execute(_READY[table[1]])
    if part is not RunHalf.PAPERS:
        cursor.execute(statement("prepared.sql", beside=__file__), values)


# Cardinal's words for which processes are left out, and of which prices are compared, by the method's details.
_NOT_EXCLUDED = "coalesce(<used>, '') <> ALL (%(excluded)s::text[])"
_COMPARED = (
    "(coalesce(<used>, '') <> ALL (%(not_compared)s::text[])"
    " AND (%(compared)s::text[] = '{}' OR coalesce(<used>, '') = ANY (%(compared)s::text[])))"
)
_USED_OWN = "coalesce(nullif(p.selection_method, ''), p.method)"
_USED_OUTSIDE = "(r.release->'tender'->>'procurementMethodDetails')"


def _settings_read(settings: Mapping[str, str]) -> dict[str, Any]:
    given = dict(DEFAULT_SETTINGS) | dict(settings)

    def names(setting: str) -> list[str]:
        return [name for name in given[setting].split("|") if name]

    return {
        "excluded": names("exclusions.procurement_method_details"),
        "not_compared": names("no_price_comparison_procurement_methods"),
        "compared": names("price_comparison_procurement_methods"),
        "currency": given["currency"],
    }


def drop(cursor: "CursorWrapper") -> None:
    """Forget the facts before the transaction ends, so that another run can follow in it."""
    cursor.execute(
        "DROP TABLE IF EXISTS fact_process, fact_tenderers, fact_joint, fact_bid, fact_award, fact_item, "
        "fact_contract, fact_tie, fact_member, outcome, money, summary, gap, party_record, release, fact_threshold, "
        "fact_limit"
    )


def raised(cursor: "CursorWrapper", code: str, parameters: Mapping[str, Any] | None = None) -> list[RaisedFlag]:
    """The rows that one rule raises on the prepared facts."""
    rule = RULES[code]
    cursor.execute(rule.sql, rule.defaults | dict(parameters or {}))
    return [RaisedFlag(code, *_read(row)) for row in cursor.fetchall()]


def _read(row: tuple[Any, ...]) -> tuple[str, str, int | None, float, Any]:
    subject, key, process, value, evidence = row
    if isinstance(evidence, str):
        evidence = json.loads(evidence)
    return subject, key, process, float(value) if value is not None else 0.0, evidence
