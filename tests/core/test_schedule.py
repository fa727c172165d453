"""What beat runs: written once, the rhythm left to people, the task's name to the code."""

from django_celery_beat.models import PeriodicTask

from core import schedule
from kaltim_portal.celery import app


def test_every_scheduled_task_is_known_to_the_worker() -> None:
    app.loader.import_default_modules()
    assert {each.task for each in schedule.scheduled().values()} <= set(app.tasks)


def test_a_task_that_moved_is_found_again_and_keeps_its_rhythm(db: None) -> None:
    row = PeriodicTask.objects.get(name="send-reminders")
    schedule.set_rhythm(row, schedule.Rhythm.daily("5 9"))
    row.task, row.enabled = "programs.tasks.send_reminders", False
    row.save()
    schedule.ensure()
    row.refresh_from_db()
    assert row.task == "programs.reports.tasks.send_reminders"
    assert (row.crontab.hour, row.crontab.minute, row.enabled) == ("9", "5", False)


def test_every_task_of_the_schedule_has_a_name_for_people() -> None:
    """Beat puts one of its own beside ours."""
    assert schedule.name_for_people("celery.backend_cleanup") == "Membersihkan jawaban tugas yang sudah selesai"
    assert schedule.name_for_people("dibuat-sendiri") == "dibuat-sendiri"
