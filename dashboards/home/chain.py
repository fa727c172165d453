"""The chain of evidence as a block of a first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import moment, number
from dashboards.home.blocks import BlockLine, HomeBlock
from evidence.models import ChainVerification
from evidence.presenters import ChainStanding, standing


def _in_words(found: ChainStanding) -> tuple[str, str]:
    return {
        ChainStanding.GOOD: ("good", _("Nothing was changed past the portal.")),
        ChainStanding.FOUND: ("bad", _("Traces of a change past the portal: repair nothing, look first.")),
        ChainStanding.OLD: ("bad", _("The last verification is too old to rely on.")),
        ChainStanding.NEVER: ("warn", _("The seals have not been verified yet.")),
    }[found]


def evidence_chain() -> HomeBlock:
    last = ChainVerification.objects.defer("findings").first()
    tone, said = _in_words(standing(last))
    seen = (
        _("Verified on %(at)s, %(rows)s rows under seal.")
        % {
            "at": moment(last.finished_at),
            "rows": number(last.sealed),
        }
        if last
        else ""
    )
    line = BlockLine(said, seen, reverse("evidence:health"), _("sound") if tone == "good" else _("look"), tone)
    return HomeBlock(_("Chain of evidence"), "lock", "", [line], 1, shows_count=False)
