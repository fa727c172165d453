"""What a report said when it was decided: its figures as one digest, and that with who decided under the chain's key.

The seal is made at the moment of the decision. So it shows what somebody changes in SQL afterwards, with triggers or
without, even before the chain seals the row; and nobody without the key can make an approved report.
"""

import hmac
from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext as _

from core.chain import ChainFinding, keyed
from core.sql import statements
from programs.choices import ReportState
from programs.models import Report, ReportSeal, ReportStep

STATES = [ReportState.APPROVED, ReportState.VERIFIED, ReportState.LOCKED]
STATEMENTS = statements("seals.sql", beside=__file__)


def seal(steps: Iterable[ReportStep]) -> None:
    """Seal what the reports say now, for those of the steps that decide; the figures are saved before."""
    deciding = [step for step in steps if step.to_state in STATES]
    digests = _contents([step.report_id for step in deciding])
    ReportSeal.objects.bulk_create(
        [
            ReportSeal(
                step=step,
                content=digests[step.report_id],
                seal=_seal(
                    step.report_id,
                    step.pk,
                    step.to_state,
                    _hand(step.by_id, step.acting_for_id),
                    digests[step.report_id],
                ),
            )
            for step in deciding
        ]
    )


def _hand(by: int, acting_for: int | None) -> str:
    """Who decided; a stand-in together with the lender."""
    return f"{by}" if acting_for is None else f"{by} for {acting_for}"


def _seal(report: int, step: int, state: str, by: str, content: str) -> str:
    return keyed(f"report|{report}|{step}|{state}|{by}|{content}")


def _contents(reports: list[int]) -> dict[int, str]:
    if not reports:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS["contents"], {"reports": reports})
        return dict(cursor.fetchall())


def findings() -> list[ChainFinding]:
    """Reports that say something else than when they were decided, or than their steps."""
    table = Report._meta.db_table  # noqa: SLF001 (Django's public-by-use API)
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
        cursor.execute(STATEMENTS["against_steps"])
        for report, other_state, other_decider, other_sender in cursor.fetchall():
            if other_state:
                found.append(ChainFinding(table, report, _("its state does not follow from its steps")))
            if other_decider:
                found.append(ChainFinding(table, report, _("decided by somebody else than its steps say")))
            if other_sender:
                found.append(ChainFinding(table, report, _("sent by somebody else than its steps say")))
        cursor.execute(STATEMENTS["hands_forgotten"])
        found += [
            ChainFinding(table, report, _("it no longer says who typed in it")) for (report,) in cursor.fetchall()
        ]
        cursor.execute(STATEMENTS["sealed_steps"], {"states": [str(state) for state in STATES]})
        rows = cursor.fetchall()
    digests = _contents([row[0] for row in rows])
    for report, step, state, by, acting_for, content, sealed in rows:
        if sealed is None:
            found.append(ChainFinding(table, report, _("is decided, but no seal was made of what it said")))
        elif not hmac.compare_digest(sealed, _seal(report, step, state, _hand(by, acting_for), content)):
            found.append(ChainFinding(table, report, _("the seal of what it said does not fit: it was changed")))
        elif digests[report] != content:
            found.append(ChainFinding(table, report, _("its figures were changed after they were decided")))
    return found
