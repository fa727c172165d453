"""Beat's schedule: rows in the database. `ensure` writes what is missing; people change the rest in the browser."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask, PeriodicTasks

DESCRIPTIONS = {
    "pull-due-series": _("Pull the series whose time has come"),
    "sweep-queued-pulls": _("Hand over pulls that wait or were lost with a worker"),
    "sweep-uploads": _("Hand over uploaded lists that wait"),
    "tell-stale-series": _("Tell the data stewards about series that have become too old"),
    "tidy-uploads": _("Put aside lists that nobody took over"),
    "send-reminders": _("Remind people of reports that are due"),
    "revalidate-values": _("Validate every reported figure again"),
    "recompute-spm-index": _("Work out the SPM index again"),
    "warn-of-spm-targets": _("Warn of SPM services that will miss their target"),
    "seal-audit-chain": _("Seal declarations, decisions, contracts and the audit trail"),
    "raise-red-flags": _("Run the red flags over all packages"),
    "find-leads": _("Look for connections between officials, declared parties and suppliers"),
    "remind-to-declare": _("Remind people of declarations and decisions that are due"),
    "refresh-summaries": _("Bring the dashboards' summaries up to date"),
    "refresh-all-summaries": _("Work out the dashboards' summaries again"),
    "raise-early-warnings": _("Raise early warnings and send the digest"),
    "issue-weekly-briefing": _("Issue the weekly briefing (on its weekday)"),
    "remind-of-directives": _("Remind OPD of the governor's directives"),
    "forget-personal-data": _("Erase personal data whose time is over"),
}
# Without these nothing that waits is ever done; their rhythm may change, but not whether they run.
ALWAYS_ON = frozenset({"sweep-queued-pulls", "sweep-uploads", "refresh-summaries"})


def ensure() -> None:
    """Create the periodic tasks that are not there yet; leave those that are."""
    there = set(PeriodicTask.objects.filter(name__in=settings.PERIODIC_TASKS).values_list("name", flat=True))
    for name, (task, when) in settings.PERIODIC_TASKS.items():
        if name in there:
            continue
        row = PeriodicTask(name=name, task=task)
        set_rhythm(row, Rhythm.every(when) if isinstance(when, int) else Rhythm.daily(when))
        row.save()


@dataclass(frozen=True)
class Rhythm:
    """Every so many seconds, or once a day at an hour and minute in WITA."""

    seconds: int | None = None
    hour: int = 0
    minute: int = 0

    @classmethod
    def every(cls, seconds: int) -> "Rhythm":
        return cls(seconds)

    @classmethod
    def daily(cls, text: str) -> "Rhythm":
        """'30 6' → half past six."""
        minute, hour = text.split()
        return cls(None, int(hour), int(minute))


def rhythm_of(row: PeriodicTask) -> Rhythm | None:
    """None for a rhythm that this page does not know (a crontab of another kind, set in the administration)."""
    if row.interval is not None:
        unit = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}.get(row.interval.period)
        return Rhythm(row.interval.every * unit) if unit else None
    if row.crontab is not None and row.crontab.minute.isdigit() and row.crontab.hour.isdigit():
        return Rhythm(None, int(row.crontab.hour), int(row.crontab.minute))
    return None


def set_rhythm(row: PeriodicTask, rhythm: Rhythm) -> None:
    """In memory; the caller saves, and beat notices by the table's own mark of change."""
    if rhythm.seconds is not None:
        row.interval, _made = IntervalSchedule.objects.get_or_create(every=rhythm.seconds, period="seconds")
        row.crontab = None
    else:
        row.crontab, _made = CrontabSchedule.objects.get_or_create(
            minute=str(rhythm.minute),
            hour=str(rhythm.hour),
            day_of_week="*",
            day_of_month="*",
            month_of_year="*",
            timezone=settings.TIME_ZONE,
        )
        row.interval = None


def touch() -> None:
    """Beat reads the schedule again within its loop."""
    PeriodicTasks.update_changed()
