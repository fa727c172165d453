"""Who may change sources, series, their pulls and the schedule, and in which state: `check_may_x` and `may_x`."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import require_role
from core.choices import Role
from core.permissions import allowed
from datasources.choices import PullState
from datasources.connectors.registry import connector_for
from datasources.models import Pull, Series


def check_may_steward(user: User) -> None:
    """Enter sources and series, say which region a row is, switch on and off, change the schedule."""
    require_role(user, Role.DATA_STEWARD)


def check_may_pull(user: User | None) -> None:
    """Ask for a pull. Nobody asking is the schedule, or a change in what the series is worked out from."""
    if user is not None:
        check_may_steward(user)


def check_may_hand_in(user: User, series: Series) -> None:
    """A file for a series that takes files; whether another one is being read is asked when it is stored."""
    check_may_steward(user)
    if not connector_for(series.source.kind).takes_files:
        raise ValidationError(_("This series is fetched from its source; files are not handed in for it."))


def check_may_roll_back(user: User, series: Series, to: Pull) -> None:
    """To the figures of a good pull of the same series."""
    check_may_steward(user)
    if to.series_id != series.pk or to.state != PullState.DONE or to.is_trial or to.finished_at is None:
        raise ValidationError(_("There is no such version of this series."))


def check_may_release(user: User, series: Series) -> None:
    check_may_steward(user)
    if not series.is_held:
        raise ValidationError(_("The series is not held."))


may_steward = allowed(check_may_steward)
may_pull = allowed(check_may_pull)
may_hand_in = allowed(check_may_hand_in)
may_roll_back = allowed(check_may_roll_back)
may_release = allowed(check_may_release)
