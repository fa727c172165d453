"""When a programme is on track. The rule is stated here once: the SQL takes its limits from it, the pages its words.

The category edges are those of Permendagri 86/2017 (90 and 65 per cent, lower edge belongs to the band below).
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core.numbers import format_number
from dashboards.choices import Standing

GOOD = Decimal(90)  # per cent of the target, and of the planned cash, above which a programme is on track
POOR = Decimal(65)  # at or below which it is off track
AHEAD = Decimal(25)  # points by which the share of money spent may be ahead of the achievement
LIMITS = {"good": GOOD, "poor": POOR, "ahead": AHEAD}


@dataclass(frozen=True)
class RuleLine:
    state: Standing
    text: str


def rule() -> list[RuleLine]:
    """In the order in which it is applied: the first line that fits decides."""
    good, poor, ahead = (format_number(each) for each in (GOOD, POOR, AHEAD))
    return [
        RuleLine(
            Standing.NO_DATA,
            _("Neither an outcome nor spending has been reported. A missing report is marked beside the state."),
        ),
        RuleLine(
            Standing.OFF_TRACK,
            _("Mean achievement of the outcomes, or spending against planned cash, is %(poor)s per cent or less.")
            % {"poor": poor},
        ),
        RuleLine(
            Standing.AT_RISK,
            _(
                "One of the two is %(good)s per cent or less, a reported value deviates from its official figure, "
                "or the share"
                " of the budget spent is %(ahead)s points or more ahead of the achievement."
            )
            % {"good": good, "ahead": ahead},
        ),
        RuleLine(Standing.ON_TRACK, _("None of these.")),
    ]
