"""What the page of the briefing's order shows when two people put it in order at once."""

from django.utils.translation import gettext as _

from core.versioning import Difference
from dashboards.briefings.document import Order
from dashboards.choices import BriefingPart


def differences(theirs: Order, yours: Order) -> list[Difference]:
    """The parts that stand elsewhere, or are shown in the one and not in the other."""
    saved, typed = _places(theirs), _places(yours)
    return [
        Difference(str(part.label), saved[part], typed.get(part, ""))
        for part in saved
        if saved[part] != typed.get(part)
    ]


def _places(order: Order) -> dict[BriefingPart, str]:
    return {
        part: str(place) if is_shown else _("%(place)s, not shown") % {"place": place}
        for place, (part, is_shown) in enumerate(order, 1)
    }
