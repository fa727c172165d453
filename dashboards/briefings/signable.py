"""The weekly briefing as a paper to sign: the very bytes that were handed out."""

from django.utils.translation import gettext as _

from accounts.models import User
from core.request_values import whole_number
from dashboards.briefings.permissions import may_issue
from dashboards.models import Briefing
from evidence.signatures.papers import Paper


def paper(key: str, user: User) -> Paper | None:
    number = whole_number(key, digits=18)
    if number is None:
        return None
    row = Briefing.objects.visible_to(user).filter(pk=number).defer("content", "numbers", "pdf").first()
    if row is None:
        return None
    return Paper(
        title=_("Weekly briefing %(week)s, issue %(number)s") % {"week": row.week, "number": row.number},
        file_name=row.file_name,
        address=row.get_absolute_url(),
        may_sign=may_issue(user),
        make_body=lambda: bytes(row.pdf),
    )
