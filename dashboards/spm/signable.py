"""The report on applying SPM as a paper to sign. Its key is the period and whose services: `2026-Q3:province`. What
is signed are the figures of the moment when it is prepared; they stay in the prepared file."""

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.formats import period as period_text
from core.periods import Period
from core.permissions import allowed
from dashboards.spm.figures import page
from dashboards.spm.report import TITLES, pdf
from evidence.signatures.papers import Paper
from spm.choices import GovernmentLevel
from spm.periods import month_of
from spm.views import READERS


def check_may_sign(user: User) -> None:
    """The head of the SPM team is the Sekretaris Daerah, who works with the governor's office."""
    require_role(user, Role.GOVERNORS_OFFICE)


may_sign = allowed(check_may_sign)


def paper(key: str, user: User) -> Paper | None:
    text, _colon, government = key.partition(":")
    try:
        period = Period.parse(text)
    except ValueError:
        return None
    if government not in GovernmentLevel.values or not READERS.admits(user):
        return None
    if month_of(period, government) is None:
        return None
    query = urlencode({"periode": str(period), "kewenangan": government})
    whose = GovernmentLevel(government).label
    title = f"{TITLES[period.kind]}, {period_text(period)} ({whose})"
    if period.last_day >= timezone.localdate():
        title = _("%(title)s, provisional") % {"title": title}
    return Paper(
        title=title,
        file_name=f"laporan-spm-{period}.pdf",
        address=f"{reverse('spm')}?{query}",
        may_sign=may_sign(user),
        make_body=lambda: _body(period, government),
        is_fixed=False,
    )


def _body(period: Period, government: str) -> bytes:
    found = page(period, government)
    if found is None:
        raise Http404  # emptied since the page was opened
    return pdf(found, is_signed_by_hand=False)
