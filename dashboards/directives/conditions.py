"""What has to be there before a directive is called carried out: asked by the form and by the service alike."""

from django.utils.translation import gettext as _

from dashboards.choices import DirectiveState
from dashboards.models import Directive

CARRIED_OUT = frozenset({DirectiveState.ANSWERED, DirectiveState.DONE})
WHOLE = 100


def lacking(directive: Directive, state: str, *, percent: int | None = None, has_proof: bool = False) -> list[str]:
    """What is missing; a reason may stand in its place. `percent` and `has_proof` are of the word that says so."""
    if state not in CARRIED_OUT:
        return []
    reached = directive.newest_percent if percent is None else percent
    found = []
    if reached is None:
        found.append(_("no share carried out is reported"))
    elif reached < WHOLE:
        found.append(_("carried out so far: %(percent)s per cent") % {"percent": reached})
    if not has_proof and not directive.follow_ups.exclude(stored_as="").exists():
        found.append(_("no proof is attached"))
    return found
