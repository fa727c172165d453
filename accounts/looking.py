"""What was sent for a decision can be taken back until somebody who decides has opened it.

Who opens it is noted by the trail, as every read that must leave a trace.
"""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core import audit
from core.formats import moment
from core.models import AuditEvent

LOOKED_AT = "decision.looked_at"


def note_look(request: HttpRequest, target: models.Model, sent_at: dt.datetime | None) -> None:
    """Somebody whose decision it is opens what was sent at that moment; a look before that doesn't count."""
    audit.note_read(request, "decision.looked_at", target, since=sent_at)


def require_unseen(target: models.Model, sent_at: dt.datetime | None) -> None:
    """Raises ValidationError when somebody who decides has opened it since it was sent."""
    looks = AuditEvent.objects.filter(
        action=LOOKED_AT,
        target_type=target._meta.label_lower,  # noqa: SLF001 (Django's public-by-use API)
        target_id=str(target.pk),
    )
    if sent_at is not None:
        looks = looks.filter(at__gte=sent_at)
    if (look := looks.order_by("at").first()) is not None:
        raise ValidationError(
            _("%(who)s opened it on %(moment)s: ask to have it returned.")
            % {"who": look.actor_name, "moment": moment(look.at)}
        )
