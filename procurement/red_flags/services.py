"""Run the red flags and keep what they raise: new ones appear, those no longer so are closed, reviews stay."""

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.locks import wait_for_lock
from core.sql import statements
from procurement.models import Flag, FlagRule, OutsideDataset
from procurement.models.flags import FlagQuerySet
from procurement.red_flags import facts, permissions
from procurement.red_flags.facts import RaisedFlag, RunHalf, part_of
from procurement.red_flags.rules import ALL_FLAGS, DEFAULT_SETTINGS, RULES

SQL = statements("run.sql", beside=__file__)


@dataclass(frozen=True)
class FlagRun:
    """What a run did: flags raised by code, and seconds."""

    raised: Mapping[str, int]
    seconds: float


def parameters_on(day: dt.date) -> dict[str, dict[str, Any]]:
    """Parameters by code of the rules that are raised on the day; a rule without a row uses its defaults."""
    versions = {rule.code: rule for rule in FlagRule.objects.in_force(day)}
    return {
        code: rule.defaults_here | (versions[code].parameters if code in versions else {})
        for code, rule in RULES.items()
        if code not in versions or versions[code].is_active
    }


def settings_on(day: dt.date) -> dict[str, str]:
    """The settings of all flags on the day."""
    version = FlagRule.objects.in_force(day).filter(code=ALL_FLAGS).first()
    return DEFAULT_SETTINGS | (version.parameters if version and version.is_active else {})


def run(dataset: OutsideDataset | None = None, day: dt.date | None = None) -> FlagRun:
    """All rules in force over the own packages, or over a loaded data set.

    Outside a transaction the own packages are done in two sessions at once, each with half of the rules: twice as
    quick on two cores. Each half is one transaction; nothing of one half depends on the other, but they write in turn.
    """
    began = time.monotonic()
    day = day or timezone.localdate()
    parameters, settings = parameters_on(day), settings_on(day)
    if dataset is not None or connection.in_atomic_block:
        counts = _run(dataset, parameters, None, settings)
    else:
        with ThreadPoolExecutor(max_workers=1) as pool:
            papers = pool.submit(_run_apart, parameters, settings)
            counts = _run(None, parameters, RunHalf.BIDS, settings)
            counts |= papers.result()
    return FlagRun({code: counts[code] for code in RULES if code in counts}, time.monotonic() - began)


def _run_apart(parameters: Mapping[str, Mapping[str, Any]], settings: Mapping[str, str]) -> dict[str, int]:
    """In a thread: Django gives it a connection of its own, which goes with it."""
    try:
        return _run(None, parameters, RunHalf.PAPERS, settings)
    finally:
        connections.close_all()


@transaction.atomic
def _run(
    dataset: OutsideDataset | None,
    parameters: Mapping[str, Mapping[str, Any]],
    part: RunHalf | None,
    settings: Mapping[str, str] = DEFAULT_SETTINGS,
) -> dict[str, int]:
    key = dataset.pk if dataset else None
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        facts.prepare(cursor, dataset=key, part=part, settings=settings)
        cursor.execute(SQL["raised"])
        for code, given in parameters.items():
            rule = RULES[code]
            if (dataset is not None and rule.own_only) or (part is not None and part_of(rule) is not part):
                continue
            cursor.execute(SQL["raise"].replace("{rule}", rule.sql), {"code": code, **given})
            counts[code] = cursor.rowcount
        cursor.execute("ANALYZE raised_flag")
        # Flags of one package are of both halves, and each marks the package: they write one after the other.
        wait_for_lock("red-flags-written")
        cursor.execute(SQL["merge"].replace("{anew}", SQL["anew"]), {"dataset": key})
        bid_codes = [code for code, rule in RULES.items() if part_of(rule) is RunHalf.BIDS]
        half = None if part is None else part is RunHalf.BIDS
        cursor.execute(SQL["close"], {"dataset": key, "bids": half, "bid_codes": bid_codes})
        facts.drop(cursor)
        cursor.execute("DROP TABLE raised_flag")
    return counts


def raised_by(
    codes: list[str],
    *,
    dataset: OutsideDataset | None = None,
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
    settings: Mapping[str, str] = DEFAULT_SETTINGS,
    packages: Iterable[int] | None = None,
) -> list[RaisedFlag]:
    """What the rules raise, without keeping it: for the command and for trying out a threshold.

    Of data of others with Cardinal's defaults, so that both can be compared; of the own packages (or some of them)
    with the portal's.
    """
    given = parameters or {}
    with transaction.atomic(), connection.cursor() as cursor:
        facts.prepare(cursor, dataset=dataset.pk if dataset else None, packages=packages, settings=settings)
        found: list[RaisedFlag] = []
        for code in codes:
            defaults = RULES[code].defaults if dataset else RULES[code].defaults_here
            found += facts.raised(cursor, code, defaults | dict(given.get(code) or {}))
        facts.drop(cursor)
    return found


@transaction.atomic
def suppress(*, flag: Flag, by: User, reason: str) -> Flag:
    """Put a flag aside, with those that say the same. Raises ValidationError without a reason, or when it is put aside
    already."""
    flag = Flag.objects.select_for_update().get(pk=flag.pk)
    permissions.check_may_suppress(by, flag)
    if not reason.strip():
        raise ValidationError(_("Say why the flag is put aside."))
    for row in [flag, *_same_finding(flag).filter(closed_at__isnull=True, suppressed_at__isnull=True)]:
        row.suppressed_at, row.suppressed_by, row.suppressed_because = timezone.now(), by, reason.strip()
        row.save(update_fields=["suppressed_at", "suppressed_by", "suppressed_because"])
        audit.record("flag.suppressed", row, by=by, reason=reason.strip(), code=row.code, subject=row.key)
    return flag


@transaction.atomic
def restore(*, flag: Flag, by: User, reason: str) -> Flag:
    """Raise a flag again that was put aside, with those that say the same."""
    flag = Flag.objects.select_for_update().get(pk=flag.pk)
    permissions.check_may_restore(by, flag)
    if not reason.strip():
        raise ValidationError(_("Say why the flag is raised again."))
    for row in [flag, *_same_finding(flag).filter(suppressed_at__isnull=False)]:
        row.suppressed_at, row.suppressed_by, row.suppressed_because = None, None, ""
        row.save(update_fields=["suppressed_at", "suppressed_by", "suppressed_because"])
        audit.record("flag.restored", row, by=by, reason=reason.strip(), code=row.code, subject=row.key)
    return flag


def _same_finding(flag: Flag) -> FlagQuerySet:
    """The other flags that say the same of the same subject, locked. Whoever raises one again means those too that no
    rule raises at the moment: they may come back."""
    rows = Flag.objects.select_for_update().filter(dataset=flag.dataset_id, finding=flag.finding, key=flag.key)
    return rows.exclude(pk=flag.pk).order_by("pk")


@dataclass(frozen=True)
class BackTest:
    """How many packages a change of parameters would flag: before, after, and which are new or gone."""

    before: int
    after: int
    new: list[str]
    gone: list[str]


def back_test(code: str, parameters: Mapping[str, Any], *, year: int | None = None) -> BackTest:
    """The rule with the parameters in force beside the rule with those proposed, over the own packages (of a year)."""
    today = timezone.localdate()
    in_force = parameters_on(today).get(code, RULES[code].defaults_here)
    with transaction.atomic(), connection.cursor() as cursor:
        packages = None
        if year is not None:
            cursor.execute("SELECT id FROM procurement_package WHERE fiscal_year = %s", [year])
            packages = [row[0] for row in cursor.fetchall()]
        facts.prepare(cursor, packages=packages, settings=settings_on(today))
        now = {(row.subject, row.key) for row in facts.raised(cursor, code, in_force)}
        then = {(row.subject, row.key) for row in facts.raised(cursor, code, in_force | dict(parameters))}
        facts.drop(cursor)
    return BackTest(len(now), len(then), sorted(key for _s, key in then - now), sorted(key for _s, key in now - then))
