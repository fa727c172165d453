"""Beat's schedule: rows in the database. `ensure` writes what is missing; people change the rest in the browser."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask, PeriodicTasks

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

# Beat adds this one by itself.
OF_CELERY = {"celery.backend_cleanup": _("Clear away the answers of finished tasks")}


@dataclass(frozen=True)
class ScheduledTask:
    """`when` is "m h" in WITA or seconds; a vital task's rhythm may change, but not whether it runs."""

    name: str
    task: str
    when: str | int
    description: "StrOrPromise"
    is_vital: bool = False


def scheduled() -> dict[str, ScheduledTask]:
    """By name; the list itself stands on the top floor, because it names tasks of every floor."""
    found: list[ScheduledTask] = import_string(settings.SCHEDULE)
    return {each.name: each for each in found}


def name_for_people(name: str) -> "StrOrPromise":
    """What a periodic task does; what somebody made in the administration goes by the name given there."""
    known = scheduled().get(name)
    return known.description if known is not None else OF_CELERY.get(name, name)


def ensure() -> None:
    """Create the periodic tasks that are not there yet; of those that are, only the task's name follows the code."""
    wanted = scheduled()
    there = {row.name: row for row in PeriodicTask.objects.filter(name__in=wanted)}
    for name, each in wanted.items():
        if name in there:
            if there[name].task != each.task:
                there[name].task = each.task
                there[name].save(update_fields=["task"])
            continue
        row = PeriodicTask(name=name, task=each.task)
        set_rhythm(row, Rhythm.every(each.when) if isinstance(each.when, int) else Rhythm.daily(each.when))
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
    if row.crontab is not None and row.crontab.minute.isdecimal() and row.crontab.hour.isdecimal():
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
