"""Letters leave through the worker, and no secret in them is seen on the way."""

from typing import Any

import pytest
from celery import current_app
from django.core import mail
from kombu.exceptions import OperationalError

from accounts import letters, tasks

LINK = "https://portal.example/masuk/tautan/2n-abc-rahasia/"


@pytest.fixture(autouse=True)
def through_the_worker(settings: Any) -> None:
    settings.MAIL_THROUGH_WORKER = True


def test_a_letter_waits_encrypted_and_is_sent_by_the_worker(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    sent: list[tuple[str, Any]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_options: sent.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        letters.post(["a@example.test", "b@example.test"], "Judul", LINK)
    [(name, (sealed,))] = sent
    assert name == "accounts.tasks.deliver"
    assert "rahasia" not in sealed
    assert not mail.outbox
    tasks.deliver(sealed)
    assert [letter.to for letter in mail.outbox] == [["a@example.test"], ["b@example.test"]]
    assert LINK in mail.outbox[0].body


def test_with_the_queue_away_it_is_sent_at_once_and_no_log_shows_it(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_args: Any, **_options: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        letters.post(["a@example.test"], "Judul", LINK)
    assert len(mail.outbox) == 1
    assert "rahasia" not in caplog.text


def test_a_mail_server_that_is_away_costs_nothing_else(
    db: None, settings: Any, django_capture_on_commit_callbacks: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAIL_THROUGH_WORKER = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    caplog.set_level("WARNING", logger="accounts.letters")
    with django_capture_on_commit_callbacks(execute=True):
        letters.post(["a@example.test", "b@example.test"], "Judul", LINK)
    assert "mail to example.test not sent, nor to 1 others" in caplog.text
    assert caplog.text.count("not sent") == 1, "each try may take seconds"
    assert LINK not in caplog.text
