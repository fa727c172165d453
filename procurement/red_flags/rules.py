"""Red flags: each a small SQL rule over the same facts, on the portal's own packages or on loaded OCDS.

`facts_own.sql` and `facts_outside.sql` say the same things in the same temporary tables; `prepared.sql` adds what several
rules share; `<code>.sql` is the rule. R-codes are Open Contracting's Cardinal's, with its definitions and exclusions
(version 0.0.8); K-codes are the portal's own. Parameters are data (`FlagRule`), the defaults stand here.
"""

import contextlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import DataError, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.numbers import format_number

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper
    from django.utils.functional import _StrOrPromise as StrOrPromise

HERE = Path(__file__).parent
LKPP = "Perpres 16/2018 jo. 12/2021 jo. 46/2025"
CARDINAL = "Open Contracting Partnership, Cardinal 0.0.8"


@dataclass(frozen=True)
class Parameter:
    """`default` None: computed from the data unless a number is set. `is_text`: names separated by |."""

    label: "StrOrPromise"
    default: Any
    is_text: bool = False
    at_least: float = 0


@dataclass(frozen=True)
class Rule:
    """`explanation` is what a reader is told; `own_only` rules need what only the portal has (people, accounts)."""

    code: str
    title: "StrOrPromise"
    explanation: "StrOrPromise"
    basis: str
    parameters: Mapping[str, Parameter]
    own_only: bool = False

    @property
    def sql(self) -> str:
        return _text(f"{self.code}.sql")

    @property
    def defaults(self) -> dict[str, Any]:
        return {name: parameter.default for name, parameter in self.parameters.items()}


@lru_cache(maxsize=64)
def _text(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")


FENCE = Parameter(_("fixed threshold (empty: computed from the data)"), None)
METHODS = _("OCDS methods (empty: all)")
_RULES = [
    Rule(
        "R003", _("Short time for offers"),
        _("Offers could be handed in for fewer whole days than the threshold."), CARDINAL,
        {"days": Parameter(_("whole days"), 15), "methods": Parameter(METHODS, "", is_text=True)},
    ),
    Rule(
        "R018", _("One tenderer only"),
        _("Only one supplier offered in an open or selective procedure."), CARDINAL,
        {"methods": Parameter(_("OCDS methods"), "open|selective", is_text=True)},
    ),
    Rule(
        "R024", _("Second offer very close to the winner"),
        _("The second-lowest valid offer is unusually little above the winning one: it may only have been there for show."),
        CARDINAL, {"threshold": FENCE},
    ),
    Rule(
        "R025", _("Offers often, hardly ever wins"),
        _("A supplier with many valid offers wins unusually few: it may hand in offers that are meant to lose."),
        CARDINAL, {"percentile": Parameter(_("many offers: percentile"), 75), "threshold": FENCE},
    ),
    Rule(
        "R028", _("Same price from different suppliers"),
        _("Different suppliers offered exactly the same price."), CARDINAL, {},
    ),
    Rule(
        "R030", _("Winning offer came too late"),
        _("The winning offer was handed in after the deadline."), CARDINAL, {},
    ),
    Rule(
        "R035", _("Everybody but the winner disqualified"),
        _("Only the winner's offers were valid; those of the others were disqualified."), CARDINAL,
        {"others": Parameter(_("disqualified others, at least"), 1, at_least=1)},
    ),
    Rule(
        "R036", _("Lowest offer disqualified"),
        _("The lowest offer was disqualified and a dearer one won."), CARDINAL, {},
    ),
    Rule(
        "R038", _("Disqualifies, or is disqualified, unusually often"),
        _("The share of disqualified offers of an OPD or a supplier is unusually high."), CARDINAL,
        {
            "threshold": FENCE,
            "minimum_bids": Parameter(_("offers of the supplier, at least"), 2),
            "minimum_packages": Parameter(_("offers to the OPD, at least"), 2),
        },
    ),
    Rule(
        "R048", _("Supplier of everything"),
        _("A supplier wins packages of unusually many different kinds of goods and services."), CARDINAL,
        {
            "threshold": FENCE,
            "digits": Parameter(_("digits of the classification"), 2, at_least=1),
            "minimum_packages": Parameter(_("packages won, at least"), 20),
        },
    ),
    Rule(
        "R058", _("Winner far below the others"),
        _("The winning offer is unusually far below the second-lowest: the quality may be too low to deliver."),
        CARDINAL, {"threshold": FENCE},
    ),
    Rule(
        "K01", _("Split below the threshold"),
        _("Packages of one OPD, one kind and nearly one name within some days: each may be procured directly, together they may not."),
        f"{LKPP}, ps. 20 ayat (2) huruf d",
        {"days": Parameter(_("within days"), 90), "parts": Parameter(_("parts, at least"), 2, at_least=2)},
    ),
    Rule(
        "K02", _("Contract almost at the HPS"),
        _("The contract is worth more than this share of the owner's estimate: there was hardly any competition on price."),
        f"{LKPP}; praktik audit (?)",
        {
            "share": Parameter(_("share of the HPS"), 0.98),
            "methods": Parameter(_("OCDS methods"), "open|selective|limited", is_text=True),
        },
    ),
    Rule(
        "K04", _("Same winner again and again"),
        _("One supplier holds a large share of what an OPD buys in a year, or the market is highly concentrated (HHI)."),
        "UU 5/1999; HHI 2.500",
        {
            "share": Parameter(_("share of the value"), 0.5),
            "hhi": Parameter(_("HHI"), 5000),
            "contracts": Parameter(_("contracts of the OPD, at least"), 8),
            "won": Parameter(_("contracts of the supplier, at least"), 4),
        },
    ),
    Rule(
        "K05", _("Prices in equal steps"),
        _("The offers lie at equal distances from each other, as if one hand had written them."),
        "UU 5/1999 ps. 22",
        {
            "bids": Parameter(_("offers, at least"), 3, at_least=3),
            "tolerance": Parameter(_("difference between steps, share"), 0.001),
        },
    ),
    Rule(
        "K06", _("Offer window shorter than the norm"),
        _("Offers could be handed in for fewer whole days than the method's norm."), f"{LKPP}; Peraturan LKPP 12/2021 (?)",
        {
            "open_days": Parameter(_("tender: days"), 7),
            "selective_days": Parameter(_("selection, quick tender: days"), 3),
            "limited_days": Parameter(_("direct procurement: days"), 1),
        },
    ),
    Rule(
        "K07", _("Winner not the lowest, without a reason"),
        _("A valid offer was lower than the winning one, and nobody wrote down why it did not win."), LKPP, {},
    ),
    Rule(
        "K08", _("Contract before the plan or the announcement"),
        _("The contract was signed before the package stood in the RUP, or before it was announced."), f"{LKPP}, ps. 22", {},
    ),
    Rule(
        "K09", _("Signed in the last days of the year"),
        _("The contract was signed so late that it can hardly be carried out in its year."), f"{LKPP}; PMK akhir tahun anggaran (?)",
        {"days": Parameter(_("last days of the year"), 10, at_least=1)},
    ),
    Rule(
        "K10", _("Addenda over the limit"),
        _("Addenda raised the contract by more than this share of its first value."), f"{LKPP}, ps. 54",
        {"share": Parameter(_("share of the first value"), 0.1)},
    ),
    Rule(
        "K11", _("New supplier, large first contract"),
        _("A supplier that was known for a short time only got a large contract as its first."), "praktik audit (?)",
        {"days": Parameter(_("known for at most days"), 180), "rupiah": Parameter(_("contract from (Rp)"), 1_000_000_000)},
        own_only=True,
    ),
    Rule(
        "K12", _("Bidders with something in common"),
        _("Bidders of one package share an address, telephone, mailbox, account, director or owner."), f"{LKPP}, ps. 7 ayat (2) huruf a, f",
        {"at_most": Parameter(_("suppliers that share it, at most"), 10, at_least=2)},
        own_only=True,
    ),
    Rule(
        "K13", _("Blacklisted supplier"),
        _("A supplier offered, won or signed while it was blacklisted."), f"{LKPP}, ps. 78; Peraturan LKPP 4/2021", {}, own_only=True,
    ),
    Rule(
        "K14", _("Declaration missing or late"),
        _("The package was announced or contracted while somebody on it had no decided declaration."), "Permenpan RB 17/2024",
        {"days": Parameter(_("days of grace"), 0)},
        own_only=True,
    ),
    Rule(
        "K15", _("Declared party or official is a bidder"),
        _("The NIK or NPWP of an official on the package, or of a party they declared, belongs to a bidder or somebody behind it."),
        f"{LKPP}, ps. 7 ayat (2) huruf d, e", {}, own_only=True,
    ),
    Rule(
        "K16", _("Cancelled and repeated by another method"),
        _("A package was cancelled or failed and came again under its name by another method."), LKPP,
        {"days": Parameter(_("within days"), 365)},
    ),
    Rule(
        "K17", _("Plan and contract differ"),
        _("The method carried out is not the planned one, or the contract differs from the ceiling by more than this share."),
        f"{LKPP}, ps. 22",
        {"share": Parameter(_("difference, share"), 0.3)},
    ),
    Rule(
        "K18", _("Designer or supervisor builds"),
        _("The consultant that designed or supervises the works offers for them."), f"{LKPP}, ps. 7 ayat (2) huruf b, c", {}, own_only=True,
    ),
]  # fmt: skip
RULES: dict[str, Rule] = {rule.code: rule for rule in _RULES}
CARDINAL_CODES = [code for code in RULES if code.startswith("R")]


def check_parameters(code: str, given: Any) -> str:
    """What is wrong with the parameters, in words; empty when nothing."""
    if not isinstance(given, dict):
        return _now("Write parameters as {name: value}.")
    for name, value in given.items():
        parameter = RULES[code].parameters.get(name)
        if parameter is None:
            known = ", ".join(RULES[code].parameters) or "–"
            return _now("There is no parameter “%(name)s”. This flag has: %(known)s.") % {"name": name, "known": known}
        if parameter.is_text:
            if not isinstance(value, str):
                return _now("“%(name)s” is text.") % {"name": name}
        elif value is None and parameter.default is None:
            continue
        elif isinstance(value, bool) or not isinstance(value, int | float) or value < parameter.at_least:
            limits = {"name": name, "limit": parameter.at_least}
            return _now("“%(name)s” is a number from %(limit)s on.") % limits
    return ""


@dataclass(frozen=True)
class Raised:
    """A flag as a rule gives it. `process` is the package's or release's row, None for a party."""

    code: str
    subject: str
    key: str
    process: int | None
    value: float
    evidence: Any


# Tables that rest on bids and awards: the half of the facts that takes longer, and that most K-rules can do without.
BID_FACTS = ("fact_bid", "fact_award", "fact_item", "outcome", "money", "summary", "gap", "party_record")
_READY = {
    "fact_process": "ALTER TABLE fact_process ADD PRIMARY KEY (id); ANALYZE fact_process (id, buyer, method, used)",
    "fact_bid": "CREATE INDEX ON fact_bid (process); ANALYZE fact_bid (process, status, party, amount)",
    "fact_award": "ANALYZE fact_award (process, status)",
    "fact_contract": "ANALYZE fact_contract (process, supplier)",
}


class Part(StrEnum):
    """The two halves of a run over the own packages: each needs only its own facts, so two sessions can share it."""

    BIDS = "bids"
    PAPERS = "papers"


def part_of(rule: Rule) -> Part:
    return Part.BIDS if any(name in rule.sql for name in BID_FACTS) else Part.PAPERS


def prepare(
    cursor: "CursorWrapper",
    *,
    dataset: int | None = None,
    packages: Iterable[int] | None = None,
    part: Part | None = None,
) -> None:
    """Fill the temporary facts, inside the caller's transaction.

    `packages` limits them to some of the own packages, `part` to what that half of the rules reads.
    """
    where, values = "true", {"dataset": dataset}
    if packages is not None:
        where, values["packages"] = "p.id = ANY (%(packages)s)", list(packages)  # type: ignore[assignment]
    # Millions of rows are read once and sorted: the server's small default would put all of it on the disk.
    # It can only be set before a session's first temporary table, and a rolled-back one leaves no other trace.
    with contextlib.suppress(DataError), transaction.atomic():
        cursor.execute("SET temp_buffers = '192MB'")
    cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; SET LOCAL default_statistics_target = 10")
    left_out = {None: set(), Part.BIDS: {"fact_contract"}, Part.PAPERS: set(BID_FACTS)}[part]
    text = _text("facts_own.sql" if dataset is None else "facts_outside.sql").format(packages=where)
    for statement in text.split("\n\n"):
        table = re.search(r"CREATE TEMP TABLE (\w+)", statement)
        if table is None or table[1] not in left_out:
            cursor.execute(statement, values)
    for table_name, statement in _READY.items():
        if table_name not in left_out:
            cursor.execute(statement)
    if part is not Part.PAPERS:
        cursor.execute(_text("prepared.sql"))


def drop(cursor: "CursorWrapper") -> None:
    """Forget the facts before the transaction ends, so that another run can follow in it."""
    cursor.execute(
        "DROP TABLE IF EXISTS fact_process, fact_bid, fact_award, fact_item, fact_contract, outcome, money, summary, gap, party_record, release"
    )


def raised(cursor: "CursorWrapper", code: str, parameters: Mapping[str, Any] | None = None) -> list[Raised]:
    """The rows that one rule raises on the prepared facts."""
    rule = RULES[code]
    cursor.execute(rule.sql, rule.defaults | dict(parameters or {}))
    return [Raised(code, *_read(row)) for row in cursor.fetchall()]


def _read(row: tuple[Any, ...]) -> tuple[str, str, int | None, float, Any]:
    subject, key, process, value, evidence = row
    if isinstance(evidence, str):
        evidence = json.loads(evidence)
    return subject, key, process, float(value) if value is not None else 0.0, evidence


FACT_NAMES = {
    "days": _("days"), "from": _("from"), "until": _("until"), "norm": _("norm (days)"), "tenderers": _("tenderers"),
    "winning": _("winning offer"), "second": _("second-lowest offer"), "fence": _("threshold"), "winner": _("winner"),
    "runner_up": _("second-lowest"), "bids": _("offers"), "wins": _("won"), "many": _("many offers from"), "prices": _("prices"),
    "deadline": _("deadline"), "received": _("received"), "disqualified": _("disqualified"), "lowest": _("lowest offer"),
    "packages": _("packages"), "count": _("number"), "classes": _("classes"), "parts": _("parts"), "sum": _("sum"),
    "threshold": _("threshold"), "contract": _("contract"), "hps": "HPS", "limit": _("limit"), "year": _("year"),
    "supplier": _("supplier"), "share": _("share"), "won": _("contracts won"), "contracts": _("contracts"), "total": _("total"),
    "step": _("step"), "cheapest": _("lowest valid offer of"), "signed": _("signed"), "rup": _("in the RUP since"),
    "announced": _("announced"), "now": _("after addenda"), "number": _("number"), "name": _("name"), "known_since": _("known since"),
    "pairs": _("pairs"), "one": _("one"), "other": _("other"), "shares": _("shares"), "what": _("what"), "day": _("day"),
    "decision": _("decision"), "task": _("task"), "declared": _("declared"), "moved": _("announced or signed"), "side": _("side"),
    "as": _("as"), "before": _("before"), "method_before": _("method before"), "method_now": _("method now"),
    "planned": _("planned method"), "carried_out": _("method carried out"), "ceiling": _("ceiling"), "design": _("package of the design"),
    "design_name": _("design"),
}  # fmt: skip


def facts_of(evidence: Any, depth: int = 0) -> list[tuple[str, str]]:
    """What raised a flag as (name, value) in words; lists of facts are joined."""
    if isinstance(evidence, list):
        return [pair for item in evidence[:10] for pair in facts_of(item, depth)] if depth == 0 else []
    if not isinstance(evidence, dict):
        return []
    return [(str(FACT_NAMES.get(name, name)), _shown(value)) for name, value in evidence.items() if value is not None]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    if isinstance(value, int | float):
        return format_number(round(Decimal(str(value)), 4).normalize() + 0)
    if isinstance(value, list):
        return ", ".join(
            "; ".join(v for _n, v in facts_of(item, 1)) if isinstance(item, dict) else _shown(item)
            for item in value[:20]
        )
    return str(value)
